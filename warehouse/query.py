"""Ask the warehouse: one read-only query, or the list of what there is to ask for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

import duckdb

from warehouse.allowed import check_names
from warehouse.connect import connect_reader
from warehouse.errors import QueryError, first_line
from warehouse.lake import is_lake

_READING = (duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN)
_RELATIONS = """
with relations as (
  select table_name as name, 'table' as kind, comment from duckdb_tables() where not internal
  union all
  select view_name, 'view', comment from duckdb_views() where not internal
  union all
  select function_name, 'macro', comment from duckdb_functions() where not internal
)
from relations order by kind = 'macro', kind, name
"""
_COLUMNS = """
with columns as (
  select table_name as relation, column_index as place, column_name as name, data_type, coalesce(comment, '') as comment
  from duckdb_columns()
  where not internal
  union all
  select function_name, generate_subscripts(parameters, 1), unnest(parameters), 'parameter', ''
  from duckdb_functions()
  where not internal
)
select relation, name, data_type, comment from columns order by relation, place
"""


@dataclass(frozen=True, slots=True)
class QueryResult:
    """Column names, and rows in the order that the query gave them."""

    columns: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table or view: DuckDB's type name and its comment; or a parameter of a macro, uncommented."""

    name: str
    type: str
    comment: str


@dataclass(frozen=True, slots=True)
class Relation:
    """A table, view or table macro of the warehouse, with its comment; `row_count` is None for a macro."""

    name: str
    kind: Literal["table", "view", "macro"]
    row_count: int | None
    comment: str
    columns: tuple[Column, ...]


def run_query(path: Path, sql: str, *, at: datetime | None = None, wait_seconds: float = 60.0) -> QueryResult:
    """Run one query that only reads, of a lake as it was at `at`. Raises QueryError, or the errors of connect_reader.

    The connection could not write anyway; refusing other statements gives a plainer message, and keeps `call`,
    some of whose functions reach for files.
    """
    with connect_reader(path, wait_seconds, at=at) as connection:
        try:
            statements = connection.extract_statements(sql)
            if len(statements) != 1 or statements[0].type not in _READING:
                given = ", ".join(statement.type.name.lower() for statement in statements) or "nothing"
                raise QueryError(f"give one query that reads, such as `from clean_articles`; this is: {given}")
            if is_lake(path):
                check_names(connection, sql)
            result = connection.execute(statements[0])
            columns = tuple(column[0] for column in result.description or ())
            return QueryResult(columns, tuple(result.fetchall()))
        except duckdb.Error as error:
            raise QueryError(first_line(error)) from error


def list_relations(path: Path, *, wait_seconds: float = 60.0) -> tuple[Relation, ...]:
    """Tables, then views, then macros, by name, each with its number of rows, comment and columns.

    No bound parameters here: the first one of a process makes DuckDB import pandas, which costs up to two seconds.
    """
    with connect_reader(path, wait_seconds) as connection:
        columns = connection.execute(_COLUMNS).fetchall()
        return tuple(
            Relation(
                name,
                kind,
                None if kind == "macro" else _row_count(connection, name),
                comment or "",
                tuple(Column(*column) for relation, *column in columns if relation == name),
            )
            for name, kind, comment in connection.execute(_RELATIONS).fetchall()
        )


def _row_count(connection: duckdb.DuckDBPyConnection, relation: str) -> int:
    row = connection.table(relation).aggregate("count(*)").fetchone()
    assert row is not None
    return int(row[0])
