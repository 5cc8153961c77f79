"""A job: what a run does before and beside Prefect, so that slow starts overlap with the work.

Reading and cleaning need no server, and importing Great Expectations takes seconds. So `Job.start` sets the workers to
the first batches and lets the office (one process for staging, checks and the warehouse) warm up; the flow then takes
the job over (`take_job`). A flow that nobody prepared (a deployment, a notebook) starts its job itself.
"""

from __future__ import annotations

import os
import shutil
import time
import uuid
from collections import Counter, deque
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from expectations.worker import warm
from flows.batches import BatchPool, BatchSettings, Work, make_batches
from flows.inbox import Found, PathError, Selection, find_files
from flows.intake import InputFile, Record
from flows.raw_archive import archive_of, read_raw
from flows.record_fields import parse_columns
from flows.ruleset import ruleset_version
from flows.sources import ReadSettings, read_documents
from flows.stored_originals import read_originals
from flows.user_rules import read_rule_file, rules_of
from flows.watch import DEFAULT_BOUNDS, Bounds
from flows.workers import default_workers, make_workers
from transforms.types import RawDocument
from warehouse.records import PublishCounts, UnfinishedRun


@dataclass(frozen=True, slots=True)
class JobSettings:
    """The parameters of a run.

    `workers` 0 means one a core; `report_to` empty means no address: the outbox; `rules` is the path of a rule file,
    empty for the built-in rules alone. `max_bytes`, `max_seconds` and `max_megabytes` bound one document: its size
    unpacked, its time in one step, and the memory it may take (flows/watch.py). `include`, `exclude` and
    `settle_seconds` choose files (flows/inbox.py), `columns` are pairs such as text=body, and files are moved below
    `move_to` once they are published, unless it is empty. `keep_raw` archives the payloads, `snapshot` publishes a copy
    for readers afterwards. Documents come from `paths`, or from the archive (`re_extract`), or from the warehouse's
    originals (`reclean`).
    """

    paths: tuple[str, ...]
    warehouse: str = "winnow.duckdb"
    report_to: tuple[str, ...] = ()
    report_path: str = "report.html"
    outbox: str = "outbox"
    workers: int = 0
    max_bytes: int = 50_000_000
    max_seconds: float = DEFAULT_BOUNDS.seconds
    max_megabytes: int = DEFAULT_BOUNDS.megabytes
    langdetect_only: bool = False
    rules: str = ""
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    settle_seconds: float = 0
    columns: tuple[str, ...] = ()
    move_to: str = ""
    reclean: bool = False
    keep_raw: bool = False
    re_extract: bool = False
    snapshot: bool = False


@dataclass
class Progress:
    """How far a run is; written by the flow, read by a progress bar, and by the report of a run that broke off."""

    file_count: int = 0
    read_count: int = 0
    unchanged_count: int = 0
    done_count: int = 0
    stage: str = "reading"
    counts: PublishCounts | None = None  # once it has published
    is_reported: bool = False
    left_out: Counter[str] = field(default_factory=Counter)


@dataclass
class Job:
    """A started run: its workers, its stream of batches, its folders. Close it when done."""

    settings: JobSettings
    run_id: str
    started_at: datetime
    ruleset: str
    folder: Path
    pool: BatchPool
    office: ProcessPoolExecutor
    progress: Progress
    known: frozenset[str]
    files: tuple[InputFile, ...]
    unfinished: tuple[UnfinishedRun, ...] = ()
    _batches: Iterator[tuple[Work, ...]] = field(init=False)
    _extracting: deque[int] = field(default_factory=deque)
    _to_clean: deque[int] = field(default_factory=deque)
    _cleaning: deque[int] = field(default_factory=deque)

    @classmethod
    def start(cls, settings: JobSettings) -> Job:
        """Find the files, start the workers and give them their first batches.

        Raises PathError for a path that leads nowhere, ColumnsError for columns and RuleError for a rule file that
        cannot be used, and what opening the warehouse raises.
        """
        reading = ReadSettings(max_bytes=settings.max_bytes, columns=parse_columns(settings.columns))
        found = _find(settings)
        rule_file = read_rule_file(settings.rules) if settings.rules else None
        if rule_file:
            rules_of(rule_file)  # a bad file is told here, not by every worker
        ruleset = ruleset_version(langdetect_only=settings.langdetect_only, rules=rule_file.text if rule_file else "")
        run_id, started_at = uuid.uuid4().hex, datetime.now(UTC)
        folder = Path(f"{settings.warehouse}.staging") / run_id
        workers = settings.workers or default_workers()
        bounds = Bounds(settings.max_seconds, settings.max_megabytes)
        known = read_known(Path(settings.warehouse), ruleset, bounds)  # may raise, so before any process is there
        unfinished = _claim(folder, ruleset)
        original_count = _stage_originals(settings.warehouse, folder, ruleset) if settings.reclean else 0
        batch_settings = BatchSettings(folder, started_at, ruleset, settings.langdetect_only, rule_file, bounds)
        batch_settings = replace(batch_settings, is_reclean=settings.reclean, is_raw_kept=settings.keep_raw)
        office = make_workers(1, warm=False)
        office.submit(warm)
        job = cls(
            settings=settings,
            run_id=run_id,
            started_at=started_at,
            ruleset=ruleset,
            folder=folder,
            pool=BatchPool(workers, batch_settings),
            office=office,
            progress=Progress(file_count=len(found.files) or original_count, left_out=found.left_out),
            known=known,
            files=found.files,
            unfinished=unfinished,
        )
        job._batches = make_batches(job._find_work(reading))
        job.fill()
        return job

    def fill(self) -> None:
        """Keep the workers supplied: a few batches wait in memory, never the whole input."""
        while len(self._extracting) < self._most_waiting:
            batch = next(self._batches, None)
            if batch is None:
                return
            number = self.progress.read_count
            self.progress.read_count += len(batch)
            self.pool.extract(number, batch)
            self._extracting.append(number)

    def next_to_extract(self) -> int | None:
        """The number of a batch that the workers are extracting, oldest first; None when there are no more."""
        self.fill()
        if not self._extracting:
            return None
        self._to_clean.append(self._extracting[0])
        return self._extracting.popleft()

    def next_to_clean(self) -> int | None:
        """The same for batches that are being cleaned, once all are extracted and the templates are known."""
        while self._to_clean and len(self._cleaning) < self._most_waiting:
            self.pool.clean(self._to_clean[0])
            self._cleaning.append(self._to_clean.popleft())
        return self._cleaning.popleft() if self._cleaning else None

    @property
    def _most_waiting(self) -> int:
        return 2 * self.pool.workers + 2

    def note_name(self, run_name: str) -> None:
        """Leave the run's name where the next run finds it, should this one be killed."""
        (self.folder / _NAME).write_text(run_name, encoding="utf-8")

    def close(self, *, keep_staged: bool = False) -> None:
        """End the processes and, unless asked to keep it for inspection, remove the staged data."""
        self.pool.close()
        self.office.shutdown(wait=True, cancel_futures=True)
        if keep_staged:
            (self.folder / _KEPT).touch()
        else:
            _remove(self.folder)

    def _find_work(self, reading: ReadSettings) -> Iterator[Work]:
        if self.settings.reclean:
            return read_originals(self.folder / "originals")
        if self.settings.re_extract:
            return self._fresh(read_raw(archive_of(self.settings.warehouse)))
        return self._fresh(read_documents(self.files, reading, self.progress.left_out))

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


_OWNER, _KEPT, _NAME = "owner.pid", "kept", "name"


def _claim(folder: Path, ruleset: str) -> tuple[UnfinishedRun, ...]:
    """Make a run's folder, and remove those of runs that were killed: their owner is gone and nobody kept them.

    Returns the killed runs, to be reported; a run began when its folder was claimed.
    """
    killed = []
    for old in folder.parent.glob(f"*/{_OWNER}"):
        if not (old.parent / _KEPT).exists() and not _is_alive(int(old.read_text())):
            began = datetime.fromtimestamp(old.stat().st_mtime, UTC)
            name = old.with_name(_NAME)
            run_id = old.parent.name
            run_name = name.read_text(encoding="utf-8") if name.exists() else f"run {run_id[:8]}"
            killed.append(UnfinishedRun(run_id, run_name, began, ruleset))
            _remove(old.parent)
    folder.mkdir(0o700, parents=True)  # what others collected is nobody else's to read
    (folder / _OWNER).write_text(str(os.getpid()))
    return tuple(killed)


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # somebody else's, so alive
        return True
    return True


def _remove(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    if folder.parent.is_dir() and not any(folder.parent.iterdir()):
        folder.parent.rmdir()


def _stage_originals(warehouse: str, folder: Path, ruleset: str) -> int:
    from warehouse.originals import stage_originals  # noqa: PLC0415 - not needed to print --help

    try:
        return stage_originals(Path(warehouse), folder, ruleset)
    except BaseException:
        _remove(folder)
        raise


def read_known(warehouse: Path, ruleset: str, bounds: Bounds) -> frozenset[str]:
    """Inputs that the warehouse already has under this ruleset, and those that were too much for these bounds."""
    from warehouse.connect import connect_reader  # noqa: PLC0415 - not needed to print --help
    from warehouse.load import known_inputs  # noqa: PLC0415

    if not warehouse.exists():
        return frozenset()
    with connect_reader(warehouse) as connection:
        return known_inputs(connection, ruleset, bounds.deciding(ruleset))


_prepared: list[Job] = []


def prepare_job(settings: JobSettings) -> Job:
    """Start a job now, for the flow that this process is about to run with the same settings."""
    job = Job.start(settings)
    _prepared.append(job)
    return job


def drop_prepared() -> None:
    """Close the jobs that no flow took over, because it failed before it began."""
    while _prepared:
        _prepared.pop().close()


def take_job(settings: JobSettings) -> Job:
    """The prepared job for these settings, or a new one."""
    for at, job in enumerate(_prepared):
        if job.settings == settings:
            return _prepared.pop(at)
    return Job.start(settings)
