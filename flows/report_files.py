"""The attachments of the mail: all flags and all of quarantine as CSV, as far as a mail should carry.

A cell that a spreadsheet would take for a formula gets an apostrophe in front, as OWASP advises.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

import duckdb

from flows import report_queries as queries
from flows.mail import CsvFile

MOST_ROWS = 20_000  # about 6 MB: what most servers still take
_FILES = {"flagged": queries.FLAGGED_ROWS, "quarantine": queries.QUARANTINE_ROWS}
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def read_files(connection: duckdb.DuckDBPyConnection, run_id: str, names: Iterable[str]) -> tuple[CsvFile, ...]:
    """flagged.csv and quarantine.csv of a run, those that have rows."""
    files = []
    for name in names:
        found = connection.execute(_FILES[name], {"run_id": run_id, "most": MOST_ROWS})
        columns = [column[0] for column in found.description or ()]
        rows = found.fetchall()
        if rows:
            files.append(CsvFile(f"{name}.csv", write_csv(columns, rows)))
    return tuple(files)


def write_csv(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table as CSV with a header, every cell neutralised. Lone surrogates become question marks."""
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    writer.writerow(columns)
    writer.writerows([neutralise(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8", "replace").decode("utf-8")


def neutralise(cell: object) -> object:
    """The cell, with an apostrophe before text that begins as a formula; numbers and times stay."""
    if not isinstance(cell, str):
        return cell
    return f"'{cell}" if cell.lstrip(" ").startswith(_FORMULA) else cell
