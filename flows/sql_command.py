"""`winnow sql`: ad-hoc queries, and the list of what can be queried."""

from __future__ import annotations

import csv
import json
import sys
from datetime import datetime
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from warehouse.lake import shown
from warehouse.query import QueryResult, list_relations, run_query
from warehouse.snapshot import readable


def show_query(warehouse: Path, query: str, format: str, *, at: datetime | None = None) -> None:  # noqa: A002
    """Run one query, of a lake as it was at `at`, and print its rows as a table, CSV or JSON (a list of objects)."""
    result = run_query(readable(warehouse), query, at=at)
    if format == "csv":
        writer = csv.writer(sys.stdout)
        writer.writerow(result.columns)
        writer.writerows(result.rows)
    elif format == "json":
        rows = [dict(zip(result.columns, row, strict=True)) for row in result.rows]
        json.dump(rows, sys.stdout, ensure_ascii=False, default=str, indent=1)
        sys.stdout.write("\n")
    else:
        _print_table(result)


def list_tables(warehouse: Path) -> None:
    """The tables, views and macros with their comments."""
    console = Console(highlight=False)
    table = Table(title=shown(warehouse), title_justify="left")
    for heading in ("name", "kind", "rows", "what"):
        table.add_column(heading, overflow="fold")
    for relation in list_relations(readable(warehouse)):
        rows = "" if relation.row_count is None else f"{relation.row_count:,}"
        table.add_row(Text(relation.name, style="bold"), relation.kind, rows, Text(relation.comment or ""))
    console.print(table)
    console.print("Columns of one: winnow sql \"describe articles\"; their meaning: winnow sql \"select column_name, "
                  "comment from duckdb_columns() where table_name = 'articles'\"")  # fmt: skip


def _print_table(result: QueryResult) -> None:
    console = Console(highlight=False)
    table = Table()
    for column in result.columns:
        table.add_column(Text(column), overflow="fold")
    for row in result.rows:
        table.add_row(*(Text("" if value is None else str(value)) for value in row))
    console.print(table)
    console.print(f"{len(result.rows):,} rows")
