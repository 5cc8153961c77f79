"""What a run does with DuckDB, as functions for the process that also checks: the one that has pandas loaded.

DuckDB imports pandas with the first bound value and Great Expectations needs it anyway; in the flow's process it would
cost two seconds more. Arguments and results are plain data.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from expectations.outcome import USER_SUITE, CheckOutcome, critical_failures
from warehouse.records import CheckResult, PublishCounts, RunRecord

if TYPE_CHECKING:
    from warehouse.user_checks import UserCheck


@dataclass(frozen=True, slots=True)
class RenderedReport:
    """A run's report, ready to be written and mailed."""

    subject: str
    html: str
    text: str


def find_templates(warehouse: Path, folder: Path) -> int:
    """Decide the templates of a run's sources, in `folder`; returns how many are in use."""
    from warehouse.templates import find_templates  # noqa: PLC0415

    return find_templates(warehouse, folder)


def stage_baselines(warehouse: Path, staged: Path) -> bool:
    """Put what is usual for the run's sources beside its staged tables; False where there is no history."""
    from warehouse.history import stage_baselines  # noqa: PLC0415

    return stage_baselines(warehouse, staged)


def stage_comparison(warehouse: Path, staged: Path, at: datetime) -> bool:
    """Compare the whole run with the last ones; False where that cannot be done."""
    from warehouse.run_history import stage_comparison  # noqa: PLC0415

    return stage_comparison(warehouse, staged, at)


def run_user_checks(warehouse: Path, staged: Path, checks: tuple[UserCheck, ...]) -> tuple[CheckOutcome, ...]:
    """Run the user's own checks over staged and published tables."""
    from warehouse.user_checks import run_user_checks  # noqa: PLC0415

    return tuple(
        CheckOutcome(
            suite=USER_SUITE,
            check_name=result.check_name,
            column_name=result.column_name,
            severity=result.severity,
            is_success=result.is_success,
            unexpected_count=result.unexpected_count,
            observed=result.observed or "",
            unexpected_sample=result.unexpected_sample or "[]",
            notes=result.notes or "",
        )
        for result in run_user_checks(warehouse, staged, checks)
    )


def load_staged(warehouse: Path, staged: Path, run: RunRecord, outcomes: tuple[CheckOutcome, ...]) -> PublishCounts:
    """Publish in one transaction; or, after a critical failure, record only the run and its checks."""
    from warehouse.connect import connect_writer  # noqa: PLC0415 - DuckDB is this process's to load
    from warehouse.load import publish, record_failed_run  # noqa: PLC0415
    from warehouse.migrate import migrate  # noqa: PLC0415

    # The same columns on both sides.
    checks = [CheckResult(**asdict(outcome), check_id=outcome.check_id) for outcome in outcomes]
    with connect_writer(warehouse) as connection:
        migrate(connection)
        if critical_failures(outcomes):
            record_failed_run(connection, run, checks)
            return PublishCounts(0, 0, 0, 0, 0)
        return publish(connection, staged, run, checks)


def find_failed(warehouse: Path, staged: Path) -> frozenset[str]:
    """Locations of files of which nothing became an article or a duplicate."""
    from warehouse.connect import connect_writer  # noqa: PLC0415 - a reader may not open the staged file
    from warehouse.load import failed_locations  # noqa: PLC0415

    with connect_writer(warehouse) as connection:
        return failed_locations(connection, staged)


def render_report(warehouse: Path, run_id: str) -> RenderedReport:
    """Read a run from the warehouse and render its report."""
    from flows.report import render_html, render_text, subject  # noqa: PLC0415
    from flows.run_report import read_run_report  # noqa: PLC0415
    from warehouse.connect import connect_reader  # noqa: PLC0415

    with connect_reader(warehouse) as connection:
        report = read_run_report(connection, run_id)
    return RenderedReport(subject(report), render_html(report), render_text(report))


def note_delivery(warehouse: Path, run_id: str, status: str, detail: str) -> None:
    """Record how the report of a run fared."""
    from warehouse.connect import connect_writer  # noqa: PLC0415
    from warehouse.load import record_report  # noqa: PLC0415

    with connect_writer(warehouse) as connection:
        record_report(connection, run_id, status, detail)


def take_snapshot(warehouse: Path) -> Path:
    """Publish a read-only copy beside the warehouse; returns its path."""
    from warehouse.snapshot import take_snapshot  # noqa: PLC0415

    return take_snapshot(warehouse)
