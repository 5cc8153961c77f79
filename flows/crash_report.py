"""The report of a run that broke off: no check stopped it, but an error. Its cause is told, and then goes on."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from flows.job import Job
from flows.loading import note_delivery, record_crash, render
from flows.mail import Sending
from flows.run_report import Run, RunReport
from flows.send_report import send_report
from transforms.types import WinnowError
from warehouse.records import PublishCounts, RunRecord

_LOG = logging.getLogger("winnow")


def report_crash(job: Job, run_name: str, error: Exception) -> bool:
    """Record and mail that the run broke off, as far as what broke allows; never raises for it.

    The warehouse may be what broke, so the report is made without it. A run that has been reported is not mailed twice.
    Returns whether the warehouse knows of the run; where it does not, the run's folder tells why, to the next run.
    """
    if job.progress.is_reported:
        return True
    counts = job.progress.counts or PublishCounts(0, 0, 0, 0, 0)
    problem = f"{type(error).__name__}: {error}"
    now = datetime.now(UTC)
    read, unchanged = job.progress.read_count, job.progress.unchanged_count
    record = RunRecord(
        job.run_id,
        run_name,
        job.started_at,
        now,
        job.ruleset,
        read + unchanged,
        unchanged,
        interrupted=job.claimed.owner.interrupted,
    )
    run = Run(
        run_id=job.run_id,
        run_name=run_name,
        status="published" if job.progress.counts else "failed",
        started_at=job.started_at,
        finished_at=now,
        ruleset_version=job.ruleset,
        input_count=read + unchanged,
        unchanged_count=unchanged,
        article_count=counts.article_count,
        duplicate_count=counts.duplicate_count,
        quarantine_count=counts.quarantine_count,
        edit_count=counts.edit_count,
        removed_chars=counts.removed_chars,
        warning_count=0,
        critical_count=0,
    )
    warehouse = Path(job.settings.warehouse)
    is_recorded = _try("recorded", lambda: record_crash(warehouse, record)) is True
    if not is_recorded:
        _try("noted for the next run", lambda: job.claimed.note_problem(problem))
    sending = _try("mailed", lambda: send_report(render(RunReport(run, problem=problem)), job.run_id, job.settings))
    if isinstance(sending, Sending):
        _try("noted as mailed", lambda: note_delivery(warehouse, job.run_id, sending))
    return is_recorded


def _try(what: str, step: Callable[[], object]) -> object:
    try:
        return step()
    except (WinnowError, OSError, duckdb.Error) as error:
        _LOG.warning("the broken run could not be %s: %s", what, error)
        return None
