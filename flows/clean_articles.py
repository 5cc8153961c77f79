"""The main flow: read, extract, find templates, clean, judge, stage, audit, publish, report.

Thin over what does the work: batches go to worker processes, staging and publishing are SQL, checks are suites.
Prefect gives it names, retries, history, artifacts and schedules. With PREFECT_API_URL set it uses that server.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar, cast

from prefect import flow, get_run_logger, runtime
from prefect.futures import PrefectFuture
from prefect.task_runners import TaskRunner, ThreadPoolTaskRunner

from expectations.outcome import critical_failures, waive
from flows.batches import BatchResult, ExtractResult
from flows.interrupted import close_flow_runs
from flows.job import Job, take_job
from flows.job_settings import JobSettings
from flows.loading import find_sources
from flows.outcome import RunOutcome
from flows.prefect_record import name_run, show_run, tag_run
from flows.run_folder import ending_of
from flows.run_tasks import (
    audit_parts,
    check_names,
    clean_one_batch,
    extract_one_batch,
    find_duplicates,
    find_run_templates,
    move_files,
    publish_snapshot,
    publish_staged,
    read_history,
    report_run,
    stage_parts,
)
from transforms.types import WinnowError
from warehouse.lake import shown
from warehouse.records import RunRecord
from warehouse.snapshot import snapshot_of

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
        ending = ending_of(error)
        try:
            if isinstance(error, Exception) and not _tell(job, error) and ending == "done":
                ending = "untold"
        finally:
            job.close(ending)
        raise
    job.close("kept" if outcome.critical else "done")
    if outcome.critical:
        failed = "\n".join(f"{c.check_id}: {c.observed} {c.unexpected_sample}" for c in outcome.critical)
        raise CriticalChecksError(
            f"{len(outcome.critical)} critical check(s) failed; nothing was published, the staged rows are in "
            f"{outcome.staged}\n{failed}"
        )
    return outcome


def _tell(job: Job, error: Exception) -> bool:
    from flows.crash_report import report_crash  # noqa: PLC0415 - loads DuckDB, which other runs leave to the office

    return report_crash(job, str(runtime.flow_run.name or job.run_id), error)


def run_job(job: Job) -> RunOutcome:
    """The steps of a run, as tasks."""
    log = get_run_logger()
    name = str(runtime.flow_run.name or job.run_id)
    interrupted = job.claimed.owner.interrupted
    job.claimed.note_flow_run(str(runtime.flow_run.id), name)
    close_flow_runs(interrupted)
    for killed in interrupted:
        log.warning("run %s of %s was interrupted; it is closed", killed.run_id, killed.started_at)
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
    sources = job.office.do(find_sources, staged)
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
        reread=tuple(sorted(job.reread)),
        interrupted=interrupted,
    )
    if not critical:
        log.info("found %d pairs of near-duplicates", find_duplicates(job, staged))
    counts = publish_staged(job, staged, run, outcomes)
    job.progress.counts = None if critical else counts
    moved = move_files(job, staged) if job.settings.move_to and not critical else ()
    job.progress.enter("reporting")
    subject, delivery = report_run(job)
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
    job.outcome = outcome
    show_run(outcome, subject.removeprefix("Winnow: "))
    return outcome


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
