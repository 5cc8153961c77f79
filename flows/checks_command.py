"""`winnow checks`: how the data checks of a run went, and Data Docs of the last runs."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from expectations.outcome import CheckOutcome
from transforms.types import WinnowError
from warehouse.connect import connect_reader
from warehouse.snapshot import readable

_RUNS = """
select run_id, run_name, started_at from runs
where run_id in (select run_id from check_results) and coalesce(starts_with(run_id, $run_id), true)
order by started_at desc
limit $most
"""
_RESULTS = """
select suite, check_name, column_name, severity, is_success, unexpected_count, observed, unexpected_sample, notes,
  coalesce(is_waived, false)
from check_results where run_id = $run_id
order by is_success, list_position(['critical', 'warning', 'info'], severity), suite, check_id
"""
_ALARMS = "select cause, what, opened_at from open_alarms"
_COLOURS = {"critical": "bold red", "warning": "yellow"}


class ChecksError(WinnowError):
    """There are no results of checks to show, or the folder for them is taken."""


def show_checks(warehouse: Path, run_id: str | None, *, failed_only: bool, format: str) -> bool:  # noqa: A002
    """Print the results of a run, the last one without an id; True when all held. Raises ChecksError."""
    (run, name, started_at), *_ = _runs(warehouse, run_id, 1)
    with connect_reader(readable(warehouse)) as connection:
        outcomes = tuple(CheckOutcome(*row) for row in connection.execute(_RESULTS, {"run_id": run}).fetchall())
        alarms = connection.execute(_ALARMS).fetchall()
    shown = tuple(outcome for outcome in outcomes if not (failed_only and outcome.is_success))
    if format == "json":
        print(json.dumps([asdict(o) | {"check_id": o.check_id} for o in shown], ensure_ascii=False, indent=1))
    else:
        _print(shown, f"{name}, {started_at:%Y-%m-%d %H:%M} UTC ({run})", alarms)
    return all(outcome.is_success for outcome in outcomes)


def write_docs(warehouse: Path, folder: Path, *, runs: int) -> Path:
    """Build Great Expectations' Data Docs of the last runs; returns the first page. Raises ChecksError."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())) and not (folder / "index.html").is_file():
        raise ChecksError(f"{folder}: is there already and is no folder of Data Docs; name a new or empty one")
    found = _runs(warehouse, None, runs)
    with connect_reader(readable(warehouse)) as connection:
        results = [
            (name, at, tuple(CheckOutcome(*row) for row in connection.execute(_RESULTS, {"run_id": run}).fetchall()))
            for run, name, at in found
        ]
    from expectations.data_docs import build_docs  # noqa: PLC0415 - Great Expectations takes seconds

    return build_docs(results, folder)


def _runs(warehouse: Path, run_id: str | None, most: int) -> list[tuple[str, str, datetime]]:
    with connect_reader(readable(warehouse)) as connection:
        columns = connection.execute("select column_name from duckdb_columns() where table_name = 'check_results'")
        if ("check_id",) not in columns.fetchall():
            raise ChecksError(
                f"{warehouse}: was last written by an earlier version; the next `winnow run` brings it up"
            )
        found = connection.execute(_RUNS, {"run_id": run_id, "most": most}).fetchall()
    if not found:
        what = f"no run {run_id!r} with checks" if run_id else "no run with checks yet"
        raise ChecksError(f"{warehouse}: {what}; `winnow sql 'from run_history'` lists its runs")
    return found


def _print(outcomes: tuple[CheckOutcome, ...], title: str, alarms: list[tuple[str, str, datetime]]) -> None:
    console = Console(highlight=False)
    table = Table(title=title, title_justify="left")
    for heading in ("check", "severity", "result", "found"):
        table.add_column(heading, overflow="fold")
    for outcome in outcomes:
        result = "held" if outcome.is_success else "failed, published anyway" if outcome.is_waived else "failed"
        style = "" if outcome.is_success else _COLOURS.get(outcome.severity, "")
        table.add_row(Text(outcome.check_id), outcome.severity, Text(result, style=style), Text(outcome.observed))
    console.print(table)
    for outcome in outcomes:
        if not outcome.is_success:
            console.print(Text(f"{outcome.check_id}: {outcome.notes}", style=_COLOURS.get(outcome.severity, "")))
            for row in json.loads(outcome.unexpected_sample):
                console.print(Text("  " + ", ".join(f"{key} {value}" for key, value in row.items())))
    for cause, what, opened_at in alarms:
        console.print(Text(f"open alarm, {cause}, since {opened_at:%Y-%m-%d}: {what}", style="yellow"))
    held = sum(outcome.is_success for outcome in outcomes)
    console.print(f"{held} of {len(outcomes)} checks shown held")
