"""The main flow: read, extract, find templates, clean, judge, stage, audit, publish, report.

Thin over what does the work: batches go to worker processes, staging and publishing are SQL, checks are suites.
Prefect gives it names, retries, history, artifacts and schedules. With PREFECT_API_URL set it uses that server.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar, cast

from prefect import flow, get_run_logger, runtime, task
from prefect.cache_policies import NO_CACHE
from prefect.futures import PrefectFuture
from prefect.task_runners import TaskRunner, ThreadPoolTaskRunner

from expectations.outcome import USER_SUITE, CheckOutcome, critical_failures, waive
from expectations.worker import audit_staged, built_in_checks
from flows.batches import BatchResult, ExtractResult
from flows.interrupted import close_flow_runs
from flows.job import Job, JobSettings, take_job
from flows.loading import (
    find_failed,
    find_links,
    find_sources,
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
from flows.outcome import RunOutcome, require_known
from flows.prefect_record import name_run, show_run, tag_run
from flows.raw_archive import archive_of, move_raw
from flows.run_folder import ending_of
from flows.send_report import files_to_attach, send_report
from flows.settle import move_inputs
from transforms.types import WinnowError
from warehouse.lake import shown
from warehouse.records import PublishCounts, RunRecord
from warehouse.snapshot import snapshot_of
from warehouse.stage import consolidate

_BATCH_THREADS = 8  # they only wait for workers
# Its type parameter is invariant, and the flow decorator asks for the base class.
_RUNNER = cast("TaskRunner[PrefectFuture[Any]]", ThreadPoolTaskRunner(max_workers=_BATCH_THREADS))
_Result = TypeVar("_Result")


class CriticalChecksError(WinnowError):
    """Critical checks failed, so nothing was published; the staged rows are kept."""


def run_name() -> str:
    """`clean-20261122-0931` with the warehouse's name, so that runs of two warehouses are told apart."""
    warehouse = Path(str(runtime.flow_run.parameters.get("warehouse", "winnow.duckdb")))
    return f"clean-{datetime.now(UTC):%Y%m%d-%H%M%S}-{Path(shown(warehouse)).stem}"


@flow(name="clean-articles", flow_run_name=run_name, task_runner=_RUNNER)
def clean_articles(  # noqa: PLR0917 - a flow's parameters are its form in the UI
    paths: list[str],
    warehouse: str = "winnow.duckdb",
    report_to: list[str] | None = None,
    report_path: str = "report.html",
    outbox: str = "outbox",
    workers: int = 0,
    max_bytes: int = 50_000_000,
    max_seconds: float = 20.0,
    max_megabytes: int = 1000,
    langdetect_only: bool = False,
    rules: str = "",
    include: list[str] | None = None,
    exclude: list[str] | None = None,
    settle_seconds: float = 0,
    columns: list[str] | None = None,
    move_to: str = "",
    reclean: bool = False,
    keep_raw: bool = False,
    re_extract: bool = False,
    snapshot: bool = False,
    checks: str = "",
    publish_anyway: list[str] | None = None,
    retry: list[str] | None = None,
    runner: str = "auto",
    dask_address: str = "",
) -> RunOutcome:
    """Clean what is under `paths` into the warehouse, check it, publish it, report it. `rules` names a rule file.

    Without paths: the warehouse's own originals (`reclean`), the archive of raw payloads (`re_extract`), or records of
    the quarantine by their ids (`retry`). `checks` names a file of checks of your own.

    Of folders and globs, files are taken that match a pattern of `include` (else: have a known suffix), match none of
    `exclude`, and have not changed for `settle_seconds`. `columns` such as "text=body,url=link" name the fields of
    records; with `move_to`, files go to done/ or failed/ below it once they are published.

    Batches are done by processes of this machine (`runner` local), or by a Dask cluster (`dask`): that at
    `dask_address`, whose workers share the warehouse's folder, or one of its own.

    Raises CriticalChecksError, with nothing published, when a critical check fails that `publish_anyway` does not name,
    and UnknownCheckError for a name there that no check has. A report that cannot be sent never fails the run.
    """
    settings = JobSettings(
        paths=tuple(paths),
        warehouse=warehouse,
        report_to=tuple(report_to or ()),
        report_path=report_path,
        outbox=outbox,
        workers=workers,
        max_bytes=max_bytes,
        max_seconds=max_seconds,
        max_megabytes=max_megabytes,
        langdetect_only=langdetect_only,
        rules=rules,
        include=tuple(include or ()),
        exclude=tuple(exclude or ()),
        settle_seconds=settle_seconds,
        columns=tuple(columns or ()),
        move_to=move_to,
        reclean=reclean,
        keep_raw=keep_raw,
        re_extract=re_extract,
        snapshot=snapshot,
        checks=checks,
        publish_anyway=tuple(publish_anyway or ()),
        retry=tuple(retry or ()),
        runner=runner,
        dask_address=dask_address,
    )
    job = take_job(settings)
    try:
        outcome = run_job(job)
    except BaseException as error:
        try:
            if isinstance(error, Exception):
                _tell(job, error)
        finally:
            job.close(ending_of(error))
        raise
    job.close("kept" if outcome.critical else "done")
    if outcome.critical:
        failed = "\n".join(f"{c.check_id}: {c.observed} {c.unexpected_sample}" for c in outcome.critical)
        raise CriticalChecksError(
            f"{len(outcome.critical)} critical check(s) failed; nothing was published, the staged rows are in "
            f"{outcome.staged}\n{failed}"
        )
    return outcome


last_outcomes: dict[str, RunOutcome] = {}
"""Outcomes by run id: the command line shows that of a failed run too, which raised."""


def _tell(job: Job, error: Exception) -> None:
    from flows.crash_report import report_crash  # noqa: PLC0415 - loads DuckDB, which other runs leave to the office

    report_crash(job, str(runtime.flow_run.name or job.run_id), error)


def run_job(job: Job) -> RunOutcome:
    """The steps of a run, as tasks."""
    log = get_run_logger()
    name = str(runtime.flow_run.name or job.run_id)
    interrupted = job.claimed.owner.interrupted
    job.claimed.note_flow_run(str(runtime.flow_run.id), name)
    close_flow_runs(interrupted)
    for killed in interrupted:
        log.warning("run %s of %s was interrupted; what it finished is used", killed.run_id, killed.started_at)
    _extract_all(job)
    job.pool.keep_only_ours()
    if job.settings.publish_anyway:
        check_names(job)
    template_count = find_run_templates(job)
    job.pool.keep_cleaned_alike()
    results = _clean_all(job)
    job.progress.enter("staging")
    log.info(
        "cleaned %d records in %d batches with %d templates",
        sum(r.record_count for r in results),
        len(results),
        template_count,
    )
    staged = job.folder / "staged"
    stage_parts(job, staged)
    sources = job.office.submit(find_sources, staged).result()
    name = name_run(name, sources)
    tag_run(name, sources)
    job.claimed.note_flow_run(str(runtime.flow_run.id), name)
    read_history(job, staged)
    job.progress.enter("checking")
    outcomes = waive(audit_parts(job, staged), job.settings.publish_anyway)
    failed = tuple(outcome for outcome in outcomes if not outcome.is_success)
    critical = critical_failures(outcomes)
    job.progress.enter("publishing")
    run = RunRecord(
        run_id=job.run_id,
        run_name=name,
        started_at=job.started_at,
        finished_at=datetime.now(UTC),
        ruleset_version=job.ruleset,
        input_count=job.progress.read_count + job.progress.unchanged_count,
        unchanged_count=job.progress.unchanged_count,
        left_out=tuple(sorted(job.progress.left_out.items())),
        retried=tuple(sorted(job.retry.ids)),
        interrupted=interrupted,
    )
    if not critical:
        log.info("found %d pairs of near-duplicates", find_duplicates(job, staged))
    counts = publish_staged(job, staged, run, outcomes)
    job.progress.counts = None if critical else counts
    moved = move_files(job, staged) if job.settings.move_to and not critical else ()
    job.progress.enter("reporting")
    subject, delivery = report_run(job)
    job.progress.is_reported = True
    if job.settings.snapshot or snapshot_of(Path(job.settings.warehouse)).is_file():
        publish_snapshot(job)
    job.progress.enter("done")
    outcome = RunOutcome(
        run_id=job.run_id,
        run_name=name,
        status="failed" if critical else "published",
        seconds=(datetime.now(UTC) - job.started_at).total_seconds(),
        input_count=run.input_count,
        unchanged_count=run.unchanged_count,
        resumed_count=job.progress.resumed_count,
        interrupted=tuple(killed.run_id for killed in interrupted),
        left_out=run.left_out,
        moved=moved,
        stage_seconds=job.progress.stage_seconds(),
        counts=counts,
        failed_checks=failed,
        critical=critical,
        report_path=job.settings.report_path,
        report_status=delivery.status,
        report_detail=delivery.detail,
        staged=str(staged) if critical else None,
    )
    show_run(outcome, subject.removeprefix("Winnow: "))
    last_outcomes[job.run_id] = outcome
    return outcome


@task(cache_policy=NO_CACHE, persist_result=False)
def check_names(job: Job) -> None:
    """Whether the checks to be waived exist: told before the documents are cleaned. Raises UnknownCheckError."""
    known = {*job.office.submit(built_in_checks).result(), *(f"{USER_SUITE}.{check.id}" for check in job.user_checks)}
    require_known(job.settings.publish_anyway, known)


def _extract_all(job: Job) -> list[ExtractResult]:
    """Every batch as a task; as many tasks wait as batches are with the workers."""
    job.progress.enter("extracting")
    return _in_tasks(
        job.next_to_extract,
        lambda number: extract_one_batch.with_options(task_run_name=f"extract-{number}").submit(job, number),
    )


def _clean_all(job: Job) -> list[BatchResult]:
    """The same for the second step, which begins when the first has seen every document."""
    job.progress.enter("cleaning")
    job.progress.done_count = 0
    return _in_tasks(
        job.next_to_clean,
        lambda number: clean_one_batch.with_options(task_run_name=f"batch-{number}").submit(job, number),
    )


def _in_tasks(next_batch: Callable[[], int | None], submit: Callable[[int], PrefectFuture[_Result]]) -> list[_Result]:
    results: list[_Result] = []
    waiting: deque[PrefectFuture[_Result]] = deque()
    while (number := next_batch()) is not None:
        waiting.append(submit(number))
        if len(waiting) >= _BATCH_THREADS:
            results.append(waiting.popleft().result())
    return results + [future.result() for future in waiting]


# The job is not data: a task must neither hash nor search it for futures. `cache_policy` and plain objects see to it.
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
