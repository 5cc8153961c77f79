"""`winnow quarantine`: what could not become an article, why, and which of it to try again."""

from __future__ import annotations

import csv
import json
import sys
from collections import Counter
from dataclasses import asdict, fields
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from warehouse.connect import connect_reader
from warehouse.quarantine import QuarantinedInput, Selected, find_quarantined
from warehouse.snapshot import readable

_MOST_SHOWN = 50


def read_quarantine(warehouse: Path, selected: Selected, *, is_writing: bool = False) -> tuple[QuarantinedInput, ...]:
    """The records selected, the latest first; of the snapshot, if there is one, unless a run is to follow.

    Raises WarehouseError for an id that is not there, and what opening the warehouse raises.
    """
    with connect_reader(warehouse if is_writing else readable(warehouse)) as connection:
        return find_quarantined(connection, selected)


def list_quarantine(warehouse: Path, selected: Selected, format: str) -> None:  # noqa: A002
    """Print the records: the first as a table with counts by reason, or all of them as CSV or JSON."""
    records = read_quarantine(warehouse, selected)
    if format == "json":
        print(json.dumps([asdict(record) for record in records], ensure_ascii=False, default=str, indent=1))
        return
    if format == "csv":
        writer = csv.writer(sys.stdout)
        names = [field.name for field in fields(QuarantinedInput)]
        writer.writerow(names)
        writer.writerows([getattr(record, name) for name in names] for record in records)
        return
    console = Console(highlight=False)
    table = Table()
    for heading in ("id", "reason", "source", "document", "since", "message"):
        table.add_column(heading, overflow="fold")
    for record in records[:_MOST_SHOWN]:
        since = f"{record.quarantined_at:%Y-%m-%d}"
        cells = (record.input_id, record.code, record.source, record.document_id, since, record.message[:200])
        table.add_row(*(Text(cell) for cell in cells))
    console.print(table)
    counts = Counter(record.code for record in records)
    console.print(Text(f"{len(records):,} records: " + ", ".join(f"{c} {n:,}" for c, n in counts.most_common())))
    if len(records) > _MOST_SHOWN:
        console.print(f"the first {_MOST_SHOWN} are shown; --format csv or json gives all")


def show_quarantined(warehouse: Path, input_id: str) -> None:
    """Print all that is known of one record."""
    (record,) = read_quarantine(warehouse, Selected(ids=(input_id,)))
    console = Console(highlight=False)
    for field in fields(QuarantinedInput):
        value = getattr(record, field.name)
        console.print(Text(f"{field.name:15} {'' if value is None else value}"))
    console.print(f"try it again: winnow quarantine retry {record.input_id}")
