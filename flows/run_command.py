"""`winnow run`: the flow with a progress bar and a summary; the slow starts side by side.

The Prefect server's process starts first, then the workers and the audit's process; only then is Prefect imported
here. With a server of the user's own (PREFECT_API_URL, or the active profile), that one is used.
"""

from __future__ import annotations

import json
import logging
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from flows import job as jobs
from flows import job_settings
from flows.embedded_server import EmbeddedServer, has_configured_server
from flows.exit_codes import EXIT_CRITICAL, EXIT_OK, EXIT_SOME
from flows.outcome import RunOutcome
from warehouse.lake import shown

_LOG = logging.getLogger("winnow")
_REFRESH_SECONDS = 0.2
_untold: list[str] = []  # runs that were over when Prefect's server was not there any more


def run_and_leave(settings: job_settings.JobSettings, *, verbose: bool) -> NoReturn:
    """`run_and_show`, and the end of this process by its exit code."""
    code = run_and_show(settings, verbose=verbose)
    if _untold:  # at its end Prefect would try for seven seconds, for each event of the run, to reach its server
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    sys.exit(code)


def run_and_show(settings: job_settings.JobSettings, *, verbose: bool) -> int:
    """Run the flow; returns the exit code."""
    os.environ.setdefault("PREFECT_LOGGING_LEVEL", "INFO" if verbose else "CRITICAL")
    console = Console(highlight=False, stderr=True)
    server = None if has_configured_server(os.environ) else EmbeddedServer()
    if server:
        server.start()
    try:
        job = jobs.prepare_job(settings)
        with _progress_bar(console, job.progress):
            outcome = _run_flow(settings, job, server)
    finally:
        jobs.drop_prepared()
        if server:
            server.stop()
    _show(console, outcome, settings)
    if verbose:
        _show_stages(console, outcome)
    if outcome.critical:
        return EXIT_CRITICAL
    warned = any(check.severity == "warning" or check.is_waived for check in outcome.failed_checks)
    return EXIT_SOME if outcome.counts.quarantine_count or warned else EXIT_OK


def _run_flow(settings: job_settings.JobSettings, job: jobs.Job, server: EmbeddedServer | None) -> RunOutcome:
    # Importing Prefect takes two seconds, in which the server and the workers start.
    import httpx  # noqa: PLC0415
    from prefect.exceptions import PrefectException  # noqa: PLC0415
    from prefect.logging.handlers import APILogHandler  # noqa: PLC0415
    from prefect.settings import PREFECT_API_URL, get_current_settings, temporary_settings  # noqa: PLC0415

    from flows.clean_articles import CriticalChecksError, clean_articles  # noqa: PLC0415

    url = get_current_settings().api.url
    if url is None and server is not None:
        url = server.wait()
    elif server is not None:
        server.stop()
    with temporary_settings({PREFECT_API_URL: url}):
        try:
            return clean_articles(
                paths=list(settings.paths),
                warehouse=settings.warehouse,
                report_to=list(settings.report_to),
                report_path=settings.report_path,
                outbox=settings.outbox,
                workers=settings.workers,
                max_bytes=settings.max_bytes,
                max_seconds=settings.max_seconds,
                max_megabytes=settings.max_megabytes,
                langdetect_only=settings.langdetect_only,
                rules=settings.rules,
                include=list(settings.include),
                exclude=list(settings.exclude),
                settle_seconds=settings.settle_seconds,
                columns=list(settings.columns),
                move_to=settings.move_to,
                reclean=settings.reclean,
                keep_raw=settings.keep_raw,
                re_extract=settings.re_extract,
                snapshot=settings.snapshot,
                checks=settings.checks,
                publish_anyway=list(settings.publish_anyway),
                retry=list(settings.retry),
                runner=settings.runner,
                dask_address=settings.dask_address,
            )
        except (CriticalChecksError, httpx.HTTPError, PrefectException) as error:
            if job.outcome is None:
                raise
            if not isinstance(error, CriticalChecksError):
                _untold.append(job.run_id)
                _LOG.warning("the run is over, and Prefect could not be told so: %s", error)
            return job.outcome
        finally:
            APILogHandler().flush()  # or what is left of the log waits a minute for a server that has ended


@contextmanager
def _progress_bar(console: Console, progress: job_settings.Progress) -> Iterator[None]:
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description:10}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console) as bar:
        task = bar.add_task(progress.stage, total=progress.file_count)
        finished = threading.Event()

        def follow() -> None:
            while not finished.wait(_REFRESH_SECONDS):
                refresh()

        def refresh() -> None:
            done = progress.done_count + progress.unchanged_count
            total = max(progress.file_count, progress.read_count + progress.unchanged_count)
            bar.update(task, completed=done, total=total, description=progress.stage)

        follower = threading.Thread(target=follow, daemon=True)
        follower.start()
        try:
            yield
        finally:
            finished.set()
            follower.join()
            refresh()


def _rows(sample: str) -> list[str]:
    """The rows that broke a check, one line each: `article_id 0af3, kind banner`."""
    return [", ".join(f"{key} {value}" for key, value in row.items()) for row in json.loads(sample)]


def _show(console: Console, outcome: RunOutcome, settings: job_settings.JobSettings) -> None:
    counts = outcome.counts
    verdict = "nothing published" if outcome.critical else "published"
    console.print(Text(f"{outcome.run_name}: {verdict} in {outcome.seconds:.1f} s", style="bold"))
    table = Table(box=None, show_header=False)
    table.add_column("what")
    table.add_column("count", justify="right")
    for name, value in (
        ("records found", outcome.input_count),
        ("unchanged", outcome.unchanged_count),
        *((("taken over from interrupted runs", outcome.resumed_count),) if outcome.interrupted else ()),
        ("articles published", counts.article_count),
        ("duplicates", counts.duplicate_count),
        ("quarantined", counts.quarantine_count),
        ("edits", counts.edit_count),
        ("characters removed", counts.removed_chars),
        *((f"left out: {reason}", count) for reason, count in outcome.left_out),
        *((f"files moved: {where}", count) for where, count in outcome.moved),
    ):
        table.add_row(name, f"{value:,}")
    console.print(table)
    for check in outcome.failed_checks:
        colour = {"critical": "bold red", "warning": "yellow"}.get(check.severity, "dim")
        waived = ", published anyway" if check.is_waived else ""
        console.print(
            Text(f"{check.severity}{waived}: {check.check_id}: {check.observed}. {check.notes}", style=colour)
        )
        for row in _rows(check.unexpected_sample):
            console.print(Text(f"  {row}", style=colour))
    for run_id in outcome.interrupted:
        console.print(f"run {run_id} was interrupted; it is closed")
    if outcome.staged:
        console.print(f"staged rows are kept in {outcome.staged}")
        options = " ".join(f"--publish-anyway {check.check_id}" for check in outcome.critical)
        console.print(Text(f"to publish in spite of it: {options}"))
    console.print(
        f"warehouse {shown(Path(settings.warehouse))}, report {outcome.report_path}, "
        f"mail {outcome.report_status}: {outcome.report_detail}"
    )


def _show_stages(console: Console, outcome: RunOutcome) -> None:
    whole = sum(seconds for _, seconds in outcome.stage_seconds)
    for stage, seconds in outcome.stage_seconds:
        console.print(f"{stage:12} {seconds:8.1f} s {seconds / whole:5.0%}")
