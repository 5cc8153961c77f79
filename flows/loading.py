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
from flows.mail import CsvFile, Image, Sending
from warehouse.records import CheckResult, PublishCounts, RunRecord

if TYPE_CHECKING:
    from flows.run_report import RunReport
    from warehouse.user_checks import UserCheck


@dataclass(frozen=True, slots=True)
class RenderedReport:
    """A run's report, ready to be written (`page`) and mailed (`html` with its images, and attachments).

    `is_failed`: nothing was published; `is_change`: it did something, or went otherwise than the run before;
    `severities`: of the checks that failed.
    """

    subject: str
    html: str
    text: str
    page: str
    images: tuple[Image, ...] = ()
    files: tuple[CsvFile, ...] = ()
    is_failed: bool = False
    is_change: bool = True
    severities: frozenset[str] = frozenset()


def find_templates(warehouse: Path, folder: Path) -> int:
    """Decide the templates of a run's sources, in `folder`; returns how many are in use."""
    from warehouse.templates import find_templates  # noqa: PLC0415

    return find_templates(warehouse, folder)


def find_links(warehouse: Path, staged: Path) -> int:
    """Compare the clean texts of a run with each other and the warehouse's; returns how many are near-duplicates."""
    from warehouse.text_links import find_links  # noqa: PLC0415

    return find_links(warehouse, staged)


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
    from warehouse.invariants import note_soundness  # noqa: PLC0415
    from warehouse.load import publish  # noqa: PLC0415
    from warehouse.migrate import migrate  # noqa: PLC0415
    from warehouse.run_records import record_failed_run  # noqa: PLC0415

    # The same columns on both sides.
    checks = [CheckResult(**asdict(outcome), check_id=outcome.check_id) for outcome in outcomes]
    is_failed = bool(critical_failures(outcomes))
    if not is_failed:
        note_soundness(warehouse, staged)  # before the window in which nobody else can read
    with connect_writer(warehouse) as connection:
        migrate(connection)
        if is_failed:
            record_failed_run(connection, run, checks)
            return PublishCounts(0, 0, 0, 0, 0)
        return publish(connection, staged, run, checks)


def find_failed(warehouse: Path, staged: Path) -> frozenset[str]:
    """Locations of files of which nothing became an article or a duplicate."""
    from warehouse.connect import connect_writer  # noqa: PLC0415 - a reader may not open the staged file
    from warehouse.settled import failed_locations  # noqa: PLC0415

    with connect_writer(warehouse) as connection:
        return failed_locations(connection, staged)


def render_report(warehouse: Path, run_id: str, attach: tuple[str, ...] = ()) -> RenderedReport:
    """Read a run from the warehouse and render its report; `attach` names files for the mail."""
    from flows.report_files import read_files  # noqa: PLC0415
    from flows.run_report import read_run_report  # noqa: PLC0415
    from warehouse.connect import connect_reader  # noqa: PLC0415

    with connect_reader(warehouse) as connection:
        report = read_run_report(connection, run_id)
        files = read_files(connection, run_id, attach)
    return render(report, files)


def render(report: RunReport, files: tuple[CsvFile, ...] = ()) -> RenderedReport:
    """The report as page, mail and text."""
    from flows.report import embed_images, render_html, render_text, subject  # noqa: PLC0415
    from flows.report_charts import draw_charts  # noqa: PLC0415
    from flows.report_news import is_change  # noqa: PLC0415

    images = draw_charts(report)
    html = render_html(report, images)
    return RenderedReport(
        subject(report),
        html,
        render_text(report),
        embed_images(html, images),
        images,
        files,
        is_failed=report.run.status == "failed",
        is_change=is_change(report),
        severities=frozenset(check.severity for check in report.failed_checks),
    )


def find_sources(staged: Path) -> tuple[tuple[str, int], ...]:
    """Sources of a run's new records, with how many of each; the largest first."""
    import pyarrow.compute as pc  # noqa: PLC0415
    import pyarrow.parquet as pq  # noqa: PLC0415

    path = staged / "inputs.parquet"
    if not path.is_file():
        return ()
    counts = pc.value_counts(pq.read_table(path, columns=["source"])["source"]).to_pylist()
    return tuple(sorted(((str(c["values"]), int(c["counts"])) for c in counts), key=lambda pair: (-pair[1], pair[0])))


def note_delivery(warehouse: Path, run_id: str, sending: Sending) -> None:
    """Record how the report of a run fared, and those of earlier runs that it sent."""
    from warehouse.connect import connect_writer  # noqa: PLC0415
    from warehouse.run_records import is_recorded, record_report  # noqa: PLC0415

    with connect_writer(warehouse) as connection:
        record_report(connection, run_id, sending.delivery.status, sending.delivery.detail)
        for earlier, delivery in sending.earlier:
            if is_recorded(connection, earlier):  # the outbox may serve another warehouse too
                record_report(connection, earlier, delivery.status, delivery.detail)


def record_crash(warehouse: Path, run: RunRecord) -> bool:
    """Write that a run broke off; one that had published stays published. Returns that the warehouse knows of it."""
    from warehouse.connect import connect_writer  # noqa: PLC0415
    from warehouse.migrate import migrate  # noqa: PLC0415
    from warehouse.run_records import is_recorded, record_failed_run  # noqa: PLC0415

    with connect_writer(warehouse, 10.0) as connection:
        migrate(connection)
        if not is_recorded(connection, run.run_id):
            record_failed_run(connection, run, ())
    return True


def take_snapshot(warehouse: Path) -> Path:
    """Publish a read-only copy beside the warehouse; returns its path."""
    from warehouse.snapshot import take_snapshot  # noqa: PLC0415

    return take_snapshot(warehouse)
