"""The steps of a run as Prefect tasks: each hands its work to the workers or the office, and waits.

The job is not data: a task must neither hash nor search it for futures. `cache_policy` and plain objects see to it.
"""

from __future__ import annotations

import os
from pathlib import Path

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
from warehouse.records import PublishCounts, RunRecord
from warehouse.stage import consolidate


@task(cache_policy=NO_CACHE, persist_result=False)
def check_names(job: Job) -> None:
    """Whether the checks to be waived exist: told before the documents are cleaned. Raises UnknownCheckError."""
    known = {*job.office.submit(built_in_checks).result(), *(f"{USER_SUITE}.{check.id}" for check in job.user_checks)}
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
    return job.office.submit(find_templates, Path(job.settings.warehouse), job.folder).result()


@task(retries=2, retry_delay_seconds=1, cache_policy=NO_CACHE, persist_result=False)
def clean_one_batch(job: Job, number: int) -> BatchResult:
    """Wait for the workers to clean and stage one batch."""
    result = job.pool.cleaned(number)
    job.progress.done_count += result.record_count
    return result


@task(cache_policy=NO_CACHE, persist_result=False)
def stage_parts(job: Job, staged: Path) -> None:
    """Make one deduplicated file a table of the batches' parts."""
    job.office.submit(consolidate, job.folder / "parts", staged).result()


@task(retries=3, retry_delay_seconds=5, cache_policy=NO_CACHE, persist_result=False)
def read_history(job: Job, staged: Path) -> bool:
    """Read what is usual for the run and its sources, to be compared with; the audit itself opens no warehouse."""
    warehouse = Path(job.settings.warehouse)
    if not job.settings.retry:  # a few records of the quarantine are no run to be compared with the last ones
        job.office.submit(stage_comparison, warehouse, staged, job.started_at).result()
    return job.office.submit(stage_baselines, warehouse, staged).result()


@task(cache_policy=NO_CACHE, persist_result=False)
def audit_parts(job: Job, staged: Path) -> tuple[CheckOutcome, ...]:
    """Check the staged tables, and what the user wants checked beside."""
    outcomes = job.office.submit(audit_staged, staged, job.claimed.owner.judged_at.date()).result()
    if not job.user_checks:
        return outcomes
    return outcomes + job.office.submit(run_user_checks, Path(job.settings.warehouse), staged, job.user_checks).result()


@task(retries=3, retry_delay_seconds=5, cache_policy=NO_CACHE, persist_result=False)
def find_duplicates(job: Job, staged: Path) -> int:
    """Find which clean texts are near-duplicates, before the warehouse is opened to write; returns how many pairs."""
    return job.office.submit(find_links, Path(job.settings.warehouse), staged).result()


@task(retries=3, retry_delay_seconds=5, cache_policy=NO_CACHE, persist_result=False)
def publish_staged(job: Job, staged: Path, run: RunRecord, outcomes: tuple[CheckOutcome, ...]) -> PublishCounts:
    """Load the staged tables in one transaction; or, after a critical failure, record only the run and its checks."""
    if job.settings.keep_raw:
        move_raw(job.folder / "raw", archive_of(job.settings.warehouse) / job.run_id)
    return job.office.submit(load_staged, Path(job.settings.warehouse), staged, run, outcomes).result()


@task(retries=2, retry_delay_seconds=1, cache_policy=NO_CACHE, persist_result=False)
def move_files(job: Job, staged: Path) -> tuple[tuple[str, int], ...]:
    """Move the files that were published out of the inbox; a file that cannot be moved fails nothing."""
    failed = job.office.submit(find_failed, Path(job.settings.warehouse), staged).result()
    counts = move_inputs(job.files, failed, Path(job.settings.move_to))
    get_run_logger().info("moved files: %s", dict(counts))
    return tuple(sorted(counts.items()))


@task(cache_policy=NO_CACHE, persist_result=False)
def report_run(job: Job) -> tuple[str, Delivery]:
    """Render the report, send it (or put it into the outbox), and record how that went, also of earlier runs' mails.

    Returns the subject, which is the verdict, and what became of this run's mail.
    """
    warehouse = Path(job.settings.warehouse)
    report = job.office.submit(render_report, warehouse, job.run_id, files_to_attach(os.environ)).result()
    sending = send_report(report, job.run_id, job.settings)
    job.office.submit(note_delivery, warehouse, job.run_id, sending).result()
    return report.subject, sending.delivery


@task(cache_policy=NO_CACHE, persist_result=False)
def publish_snapshot(job: Job) -> Path:
    """Put a copy for readers beside the warehouse: they never wait for a run, nor a run for them.

    Also where an earlier run left one, which would otherwise grow old unseen.
    """
    return job.office.submit(take_snapshot, Path(job.settings.warehouse)).result()
