"""A job: what a run does before and beside Prefect, so that slow starts overlap with the work.

Reading and cleaning need no server, and importing Great Expectations takes seconds. So `Job.start` sets the workers to
the first batches and lets the office (one process for staging, checks and the warehouse) warm up; the flow then takes
the job over (`take_job`). A flow that nobody prepared (a deployment, a notebook) starts its job itself.
"""

from __future__ import annotations

import os
import time
import uuid
from collections import deque
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from flows.batch_cuts import Work, batch_bytes, make_batches
from flows.batches import BatchPool, BatchSettings
from flows.inbox import Found, PathError, Selection, find_files
from flows.intake import InputFile, Record
from flows.job_settings import JobSettings, Progress
from flows.known import Known, note_read, read_known
from flows.office import Office
from flows.raw_archive import archive_of, read_raw
from flows.record_fields import parse_columns
from flows.retry import NO_RETRY, Retry, plan_retry
from flows.ruleset import ruleset_version
from flows.run_folder import Ending, Owner, RunFolder, claim_folder
from flows.runner import Runner
from flows.runners import check_runner, make_runner
from flows.sources import ReadSettings, read_documents
from flows.stored_originals import read_originals
from flows.user_rules import read_rule_file, rules_of
from flows.watch import Bounds
from transforms.types import RawDocument

if TYPE_CHECKING:
    from flows.outcome import RunOutcome
    from warehouse.user_checks import UserCheck

_WAITING_BYTES = 256_000_000  # of batches handed to the workers: however many there are, memory is bounded


class Job:
    """A started run: its workers, its stream of batches, its folders. Close it when done.

    Not a dataclass: Prefect searches those for futures when a task gets one, and a field that another thread changes
    meanwhile makes it a copy, or an error.
    """

    def __init__(
        self,
        *,
        settings: JobSettings,
        owner: Owner,
        claimed: RunFolder,
        pool: BatchPool,
        office: Office,
        progress: Progress,
        known: Known,
        files: tuple[InputFile, ...],
        user_checks: tuple[UserCheck, ...],
        retry: Retry,
        reading: ReadSettings,
    ) -> None:
        self.settings = settings
        self.run_id = owner.run_id
        self.started_at = owner.began_at
        self.ruleset = owner.ruleset
        self.claimed = claimed
        self.pool = pool
        self.office = office
        self.progress = progress
        self.known = known.ids - retry.ids
        self.reread: set[str] = set()
        self.outcome: RunOutcome | None = None  # once the run is reported, whatever may come after that
        self.files = files
        self.user_checks = user_checks
        self.retry = retry
        self._batches = make_batches(self._find_work(reading, known.unread))
        self._extracting: deque[tuple[int, int]] = deque()
        self._to_clean: deque[int] = deque()
        self._cleaning: deque[int] = deque()

    @classmethod
    def start(cls, settings: JobSettings) -> Job:
        """Find the files, start the workers and give them their first batches.

        Raises PathError for a path that leads nowhere, ColumnsError for columns, RuleError for a rule file and
        CheckFileError for a file of checks that cannot be used, RetryError, and what opening the warehouse raises.
        """
        reading = ReadSettings(max_bytes=settings.max_bytes, columns=parse_columns(settings.columns))
        check_runner(settings.runner, settings.dask_address)
        retry = plan_retry(Path(settings.warehouse), settings.retry) if settings.retry else NO_RETRY
        found = _find(replace(settings, paths=retry.paths) if settings.retry else settings)
        user_checks = _load_checks(settings.checks)
        rule_file = read_rule_file(settings.rules) if settings.rules else None
        if rule_file:
            rules_of(rule_file)  # a bad file is told here, not by every worker
        ruleset = ruleset_version(langdetect_only=settings.langdetect_only, rules=rule_file.text if rule_file else "")
        bounds = Bounds(settings.max_seconds, settings.max_megabytes)
        # May raise, so before any process is there.
        known = read_known(Path(settings.warehouse), ruleset, bounds)
        claimed = _claim(settings, ruleset, bounds)
        owner = claimed.owner
        original_count = _stage_originals(settings.warehouse, claimed, ruleset) if settings.reclean else 0
        batch_settings = BatchSettings(
            folder=claimed.path,
            now=owner.began_at,
            judged_at=owner.judged_at,
            ruleset=ruleset,
            langdetect_only=settings.langdetect_only,
            rule_file=rule_file,
            bounds=bounds,
            is_reclean=settings.reclean,
            is_raw_kept=settings.keep_raw,
        )
        runner = _make_runner(settings, bounds, claimed)
        office = Office()
        job = cls(
            settings=settings,
            owner=owner,
            claimed=claimed,
            pool=BatchPool(runner, batch_settings),
            office=office,
            progress=Progress(file_count=len(found.files) or original_count, left_out=found.left_out),
            known=known,
            files=found.files,
            user_checks=user_checks,
            retry=retry,
            reading=reading,
        )
        job.fill()
        return job

    def fill(self) -> None:
        """Keep the workers supplied: a few batches wait in memory, never the whole input."""
        while len(self._extracting) < self._most_waiting and sum(size for _, size in self._extracting) < _WAITING_BYTES:
            batch = next(self._batches, None)
            if batch is None:
                return
            number = self.progress.read_count
            self.progress.read_count += len(batch)
            self.pool.extract(number, batch)
            self._extracting.append((number, batch_bytes(batch)))

    def next_to_extract(self) -> int | None:
        """The number of a batch that the workers are extracting, oldest first; None when there are no more."""
        self.fill()
        if not self._extracting:
            return None
        number, _ = self._extracting.popleft()
        self._to_clean.append(number)
        return number

    def next_to_clean(self) -> int | None:
        """The same for batches that are being cleaned, once all are extracted and the templates are known."""
        while self._to_clean and len(self._cleaning) < self._most_waiting:
            self.pool.clean(self._to_clean[0])
            self._cleaning.append(self._to_clean.popleft())
        return self._cleaning.popleft() if self._cleaning else None

    @property
    def folder(self) -> Path:
        """The run's own folder, for what is staged."""
        return self.claimed.path

    @property
    def _most_waiting(self) -> int:
        return 2 * self.pool.workers + 2

    def close(self, ending: Ending = "done") -> None:
        """End the processes, and remove the staged data or leave it: to be looked into, or to be gone on with."""
        self.pool.close()
        self.office.close()
        self.claimed.end(ending)

    def _find_work(self, reading: ReadSettings, unread: frozenset[str]) -> Iterator[Work]:
        if self.settings.reclean:
            return read_originals(self.folder / "originals")
        if self.settings.re_extract:
            return self._fresh(read_raw(archive_of(self.settings.warehouse)))
        found = note_read(read_documents(self.files, reading, self.progress.left_out), unread, self.reread)
        return self._fresh(chain(found, self.retry.read_archived(self.settings.warehouse)))

    def _fresh(self, records: Iterator[Record] | Iterator[RawDocument]) -> Iterator[Record]:
        for record in records:
            if record.input_id in self.known:
                self.progress.unchanged_count += 1
            else:
                yield record


def _find(settings: JobSettings) -> Found:
    """The files of a run; `winnow run .` takes in neither its own report nor what it moved away."""
    own = frozenset(os.path.abspath(path) for path in (settings.report_path, settings.move_to) if path)  # noqa: PTH100
    if settings.move_to and any("://" in path and not path.startswith("file:") for path in settings.paths):
        raise PathError(f"files behind URLs cannot be moved to {settings.move_to!r}; leave --move-to out, or copy them")
    selection = Selection(settings.include, settings.exclude, settings.settle_seconds, own)
    return find_files(settings.paths, selection, now=time.time())


def _claim(settings: JobSettings, ruleset: str, bounds: Bounds) -> RunFolder:
    from warehouse.lake import beside  # noqa: PLC0415 - not needed to print --help

    now = datetime.now(UTC)
    work = f"{bounds.deciding(ruleset)}, reclean {settings.reclean}, keep_raw {settings.keep_raw}"
    owner = Owner(uuid.uuid4().hex, now, now, now, ruleset, work)
    return claim_folder(beside(Path(settings.warehouse), ".staging").absolute(), owner)


def _load_checks(path: str) -> tuple[UserCheck, ...]:
    if not path:
        return ()
    from flows.user_checks import load_checks  # noqa: PLC0415 - DuckDB, for those who have checks of their own

    return load_checks(path)


def _make_runner(settings: JobSettings, bounds: Bounds, claimed: RunFolder) -> Runner:
    try:
        return make_runner(settings.runner, settings.dask_address, settings.workers, bounds, claimed.path)
    except BaseException:
        claimed.end("interrupted")
        raise


def _stage_originals(warehouse: str, claimed: RunFolder, ruleset: str) -> int:
    from warehouse.originals import stage_originals  # noqa: PLC0415 - not needed to print --help

    try:
        return stage_originals(Path(warehouse), claimed.path, ruleset)
    except BaseException:
        claimed.end("done")
        raise


_prepared: list[Job] = []


def prepare_job(settings: JobSettings) -> Job:
    """Start a job now, for the flow that this process is about to run with the same settings."""
    job = Job.start(settings)
    _prepared.append(job)
    return job


def drop_prepared() -> None:
    """Close the jobs that no flow took over, because it failed before it began; what they took over stays."""
    while _prepared:
        job = _prepared.pop()
        job.close("interrupted" if job.claimed.is_taken_over else "done")


def take_job(settings: JobSettings) -> Job:
    """The prepared job for these settings, or a new one."""
    for at, job in enumerate(_prepared):
        if job.settings == settings:
            return _prepared.pop(at)
    return Job.start(settings)
