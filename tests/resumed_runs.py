"""A run without Prefect and checks that kills itself at a given point.

`python -m tests.resumed_runs INBOX WAREHOUSE POINT [TIMES]`; prints how many batches it took over.
"""

import os
import signal
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from flows import batch_cuts
from flows import job as jobs
from flows.job import Job
from flows.job_settings import JobSettings
from flows.loading import find_templates, load_staged
from warehouse.records import RunRecord
from warehouse.stage import consolidate


def steps(job: Job) -> Iterator[str]:
    """The steps of `run_job`; the name of each when it is done, of a batch's each time."""
    warehouse, staged = Path(job.settings.warehouse), job.folder / "staged"
    while (number := job.next_to_extract()) is not None:
        job.progress.resumed_count += job.pool.extracted(number).is_resumed
        yield "extracted"
    job.pool.keep_only_ours()
    find_templates(warehouse, job.folder)
    job.pool.keep_cleaned_alike()
    yield "compared"
    while (number := job.next_to_clean()) is not None:
        job.pool.cleaned(number)
        yield "cleaned"
    consolidate(job.folder / "parts", staged)
    yield "staged"
    run = RunRecord(
        run_id=job.run_id,
        run_name=job.run_id,
        started_at=job.started_at,
        finished_at=datetime.now(UTC),
        ruleset_version=job.ruleset,
        input_count=job.progress.read_count + job.progress.unchanged_count,
        unchanged_count=job.progress.unchanged_count,
        interrupted=job.claimed.owner.interrupted,
    )
    load_staged(warehouse, staged, run, ())
    yield "published"


def main(inbox: str, warehouse: str, point: str, times: str = "1") -> None:
    setattr(jobs, "warm", os.getpid)  # noqa: B010 - the checks, which take seconds to load, are not used
    batch_cuts.TEXTS_TO_A_PAGE = 1  # more batches of few texts
    job = Job.start(JobSettings((inbox,), warehouse, workers=1))
    seen = 0
    for step in steps(job):
        seen += step == point
        if seen == int(times):
            os.kill(os.getpid(), signal.SIGKILL)
    resumed = job.progress.resumed_count
    job.close()
    print(resumed)


if __name__ == "__main__":
    main(*sys.argv[1:])
