"""The steps of a run as Prefect tasks: each hands its work to the workers or the office, and waits.

The job is not data: a task must neither hash nor search it for futures. `cache_policy` and plain objects see to it.
"""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import duckdb
from prefect import get_run_logger, task
from prefect.cache_policies import NO_CACHE

from expectations.outcome import USER_SUITE, CheckOutcome
from expectations.worker import audit_staged, built_in_checks
from flows.batches import BatchResult, ExtractResult
from flows.job import Job
from flows.loading import (
    find_failed,
    find_links,
    find_templates,
    load_staged,
    note_delivery,
    render_report,
    run_user_checks,
    stage_baselines,
    stage_comparison,
    take_snapshot,
)
from flows.mail import Delivery
from flows.outcome import require_known
from flows.raw_archive import archive_of, move_raw
from flows.send_report import files_to_attach, send_report
from flows.settle import move_inputs
from transforms.types import WinnowError
from warehouse.errors import first_line
from warehouse.records import PublishCounts, RunRecord
from warehouse.stage import consolidate


@task(cache_policy=NO_CACHE, persist_result=False)
def check_names(job: Job) -> None:
    """Whether the checks to be waived exist: told before the documents are cleaned. Raises UnknownCheckError."""
    known = {*job.office.do(built_in_checks), *(f"{USER_SUITE}.{check.id}" for check in job.user_checks)}
    require_known(job.settings.publish_anyway, known)


@task(retries=2, retry_delay_seconds=1, cache_policy=NO_CACHE, persist_result=False)
def extract_one_batch(job: Job, number: int) -> ExtractResult:
    """Wait for the workers to extract and fingerprint one batch."""
    result = job.pool.extracted(number)
    job.progress.done_count += result.record_count
    if result.is_resumed:
        job.progress.resumed_count += result.record_count
    return result


@task(retries=3, retry_delay_seconds=5, cache_policy=NO_CACHE, persist_result=False)
def find_run_templates(job: Job) -> int:
    """Decide what each source repeats, over the run's articles and the warehouse's; returns how many templates."""
    job.progress.enter("comparing")
    return job.office.do(find_templates, Path(job.settings.warehouse), job.folder)


@task(retries=2, retry_delay_seconds=1, cache_policy=NO_CACHE, persist_result=False)
def clean_one_batch(job: Job, number: int) -> BatchResult:
    """Wait for the workers to clean and stage one batch."""
    result = job.pool.cleaned(number)
    job.progress.done_count += result.record_count
    return result


@task(cache_policy=NO_CACHE, persist_result=False)
def stage_parts(job: Job, staged: Path) -> None:
    """Make one deduplicated file a table of the batches' parts."""
    job.office.do(consolidate, job.folder / "parts", staged)


@task(retries=3, retry_delay_seconds=5, cache_policy=NO_CACHE, persist_result=False)
def read_history(job: Job, staged: Path) -> bool:
    """Read what is usual for the run and its sources, to be compared with; the audit itself opens no warehouse."""
    warehouse = Path(job.settings.warehouse)
    if not job.settings.retry:  # a few records of the quarantine are no run to be compared with the last ones
        job.office.do(stage_comparison, warehouse, staged, job.started_at)
    return job.office.do(stage_baselines, warehouse, staged)


@task(cache_policy=NO_CACHE, persist_result=False)
def audit_parts(job: Job, staged: Path) -> tuple[CheckOutcome, ...]:
    """Check the staged tables, and what the user wants checked beside."""
    outcomes = job.office.do(audit_staged, staged, job.claimed.owner.judged_at.date())
    if not job.user_checks:
        return outcomes
    return outcomes + job.office.do(run_user_checks, Path(job.settings.warehouse), staged, job.user_checks)


@task(retries=3, retry_delay_seconds=5, cache_policy=NO_CACHE, persist_result=False)
def find_duplicates(job: Job, staged: Path) -> int:
    """Find which clean texts are near-duplicates, before the warehouse is opened to write; returns how many pairs."""
    return job.office.do(find_links, Path(job.settings.warehouse), staged)


@task(retries=3, retry_delay_seconds=5, cache_policy=NO_CACHE, persist_result=False)
def publish_staged(job: Job, staged: Path, run: RunRecord, outcomes: tuple[CheckOutcome, ...]) -> PublishCounts:
    """Load the staged tables in one transaction; or, after a critical failure, record only the run and its checks."""
    if job.settings.keep_raw:
        move_raw(job.folder / "raw", archive_of(job.settings.warehouse) / job.run_id)
    return job.office.do(load_staged, Path(job.settings.warehouse), staged, run, outcomes)


@task(retries=2, retry_delay_seconds=1, cache_policy=NO_CACHE, persist_result=False)
def move_files(job: Job, staged: Path) -> tuple[tuple[str, int], ...]:
    """Move the files that were published out of the inbox; a file that cannot be moved fails nothing."""
    failed = job.office.do(find_failed, Path(job.settings.warehouse), staged)
    counts = move_inputs(job.files, failed, Path(job.settings.move_to))
    get_run_logger().info("moved files: %s", dict(counts))
    return tuple(sorted(counts.items()))


@task(cache_policy=NO_CACHE, persist_result=False)
def report_run(job: Job) -> tuple[str, Delivery]:
    """Render the report, send it (or put it into the outbox), and record how that went, also of earlier runs' mails.

    Returns the subject, which is the verdict, and what became of this run's mail. A mail that is sent and cannot be
    noted fails nothing.
    """
    warehouse = Path(job.settings.warehouse)
    report = job.office.do(render_report, warehouse, job.run_id, files_to_attach(os.environ))
    sending = send_report(report, job.run_id, job.settings)
    job.progress.is_reported = True  # whatever comes now, nobody is told twice
    try:
        job.office.do(note_delivery, warehouse, job.run_id, sending)
    except (WinnowError, duckdb.Error) as error:
        get_run_logger().warning("how the report fared could not be noted in the warehouse: %s", error)
        detail = f"{sending.delivery.detail}; not noted in the warehouse: {first_line(error)}"
        return report.subject, replace(sending.delivery, detail=detail)
    return report.subject, sending.delivery


@task(cache_policy=NO_CACHE, persist_result=False)
def publish_snapshot(job: Job) -> Path:
    """Put a copy for readers beside the warehouse: they never wait for a run, nor a run for them.

    Also where an earlier run left one, which would otherwise grow old unseen.
    """
    return job.office.do(take_snapshot, Path(job.settings.warehouse))
