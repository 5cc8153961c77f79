"""The folder of a run: claimed by a lock, and taken over by the next run when its owner was killed.

`WAREHOUSE.staging/<run id>/owner.json` is locked by the run as long as it lives, so that a killed one is told from one
at work by the lock alone, also on another machine that shares the folder: process ids come again, and mean nothing
there. A run takes over the newest folder whose work was the same (ruleset, bounds and what it keeps): batches that are
there are not done again (flows/batches.py). Other leftovers are removed; all are named in the history of runs.
"""

from __future__ import annotations

import errno
import fcntl
import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, Literal

from flows.runner import RunnerError
from warehouse.errors import WarehouseBusyError
from warehouse.records import InterruptedRun

Ending = Literal["done", "kept", "interrupted", "untold"]
_OWNER, _KEPT = "owner.json", "kept"
# Dates of articles are judged against a day, give or take one (transforms/published.py).
_SAME_DAY = timedelta(days=1)
_OF_THE_WHOLE_RUN = ("staged", "originals", "templates.spill", "templates_in_use.parquet")


@dataclass(frozen=True, slots=True)
class Owner:
    """What a run writes of itself into its folder. `work` tells apart what cannot be shared between runs.

    `began_at` is when the first run of this folder began, which is when its articles were seen; `judged_at` is what the
    dates of its articles are judged against: it moves on when a run is taken over a day later or more.
    `interrupted` are the killed runs before this one that no finished run has named, `problem` is why this one broke
    off, where the warehouse could not be told.
    """

    run_id: str
    started_at: datetime
    began_at: datetime
    judged_at: datetime
    ruleset: str
    work: str
    flow_run_id: str | None = None
    run_name: str = ""
    interrupted: tuple[InterruptedRun, ...] = ()
    problem: str = ""


class RunFolder:
    """A claimed folder; whoever holds it is its owner until `end`, or the end of the process."""

    def __init__(self, path: Path, owner: Owner, lock: IO[str], *, is_taken_over: bool) -> None:
        self.path, self.owner, self.is_taken_over = path, owner, is_taken_over
        self.lock = lock

    def note_flow_run(self, flow_run_id: str, run_name: str) -> None:
        """Write down which of Prefect's runs this is, and its name, for who finds the folder after a kill."""
        self.owner = replace(self.owner, flow_run_id=flow_run_id, run_name=run_name)
        _write(self.lock, self.owner)

    def note_problem(self, problem: str) -> None:
        """Write down why the run broke off, for the next one to tell."""
        self.owner = replace(self.owner, problem=problem)
        _write(self.lock, self.owner)

    def end(self, ending: Ending) -> None:
        """Give the folder up: remove it when all is done, else leave it as it is, to be gone on with or kept.

        Of a run that could tell nobody how it ended (untold) only its owner stays, for the next run to name.
        """
        if ending == "done":
            _remove(self.path)
        elif ending == "untold":
            for path in self.path.iterdir():
                if path.name != _OWNER:
                    _remove_any(path)
        elif ending == "kept":
            (self.path / _KEPT).touch()
        self.lock.close()


def ending_of(error: BaseException) -> Ending:
    """What becomes of the staged data of a run that raised `error`.

    An interruption, workers that die of want, or a warehouse that somebody holds are no fault of the data: the next run
    goes on with it. Any other error may lie in it: the next run begins anew.
    """
    is_outside = not isinstance(error, Exception) or isinstance(error, RunnerError | WarehouseBusyError)
    return "interrupted" if is_outside else "done"


def claim_folder(staging: Path, owner: Owner) -> RunFolder:
    """A folder for the run `owner`, below `staging`: that of a killed run with the same work, or a new one."""
    staging.mkdir(parents=True, exist_ok=True)
    abandoned = sorted(_abandoned(staging), key=lambda found: found.owner.started_at)
    taken = next((found for found in reversed(abandoned) if found.owner.work == owner.work), None)
    owner = replace(owner, interrupted=tuple(run for found in abandoned for run in _runs_of(found.owner)))
    for found in abandoned:
        if found is not taken:
            found.end("done")
    staging.mkdir(parents=True, exist_ok=True)  # with the last leftover its folder may have gone
    path = staging / owner.run_id
    if taken is None:
        return _new_folder(path, owner)
    is_late = owner.judged_at - taken.owner.judged_at >= _SAME_DAY
    judged_at = owner.judged_at if is_late else taken.owner.judged_at
    owner = replace(owner, began_at=taken.owner.began_at, judged_at=judged_at)
    for name in _OF_THE_WHOLE_RUN:
        _remove_any(taken.path / name)
    taken.path.rename(path)
    _write(taken.lock, owner)
    return RunFolder(path, owner, taken.lock, is_taken_over=True)


def _runs_of(owner: Owner) -> tuple[InterruptedRun, ...]:
    killed = InterruptedRun(
        owner.run_id, owner.started_at, owner.ruleset, owner.flow_run_id, owner.run_name, owner.problem
    )
    return (*owner.interrupted, killed)


def _new_folder(path: Path, owner: Owner) -> RunFolder:
    unfinished = path.with_name(f".{path.name}")  # nobody may find the folder before its lock is held
    unfinished.mkdir(0o700)  # what others collected is nobody else's to read
    lock = (unfinished / _OWNER).open("w+", encoding="utf-8")
    fcntl.flock(lock, fcntl.LOCK_EX)
    _write(lock, owner)
    unfinished.rename(path)
    return RunFolder(path, owner, lock, is_taken_over=False)


def _abandoned(staging: Path) -> Iterator[RunFolder]:
    """The folders of runs that are gone, each locked by us now."""
    for path in staging.glob(f"*/{_OWNER}"):
        try:
            lock = path.open("r+", encoding="utf-8")
        except FileNotFoundError:  # its owner has just ended
            continue
        if (path.parent / _KEPT).exists() or not _try_lock(lock) or not _is_still(path, lock):
            lock.close()
            continue
        owner = _read(lock)
        if owner is None:  # killed while it was being written: nothing is known of it, and nothing can be used
            _remove(path.parent)
            lock.close()
            continue
        yield RunFolder(path.parent, owner, lock, is_taken_over=False)


def _try_lock(file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in {errno.EWOULDBLOCK, errno.EACCES}:
            return False
        raise
    return True


def _is_still(path: Path, file: IO[str]) -> bool:
    """Whether the locked file is the one at `path`: another run may have taken the folder over in between."""
    try:
        return os.path.samestat(path.stat(), os.fstat(file.fileno()))
    except FileNotFoundError:
        return False


def _write(file: IO[str], owner: Owner) -> None:
    file.seek(0)
    json.dump(asdict(owner), file, default=datetime.isoformat)
    file.truncate()  # afterwards: on a full disk there is room for what is written over, and for nothing else
    file.flush()


def _read(file: IO[str]) -> Owner | None:
    try:
        found = json.load(file)
    except ValueError:
        return None
    for run in (found, *found["interrupted"]):
        run["started_at"] = datetime.fromisoformat(run["started_at"])
    for name in ("began_at", "judged_at"):
        found[name] = datetime.fromisoformat(found[name])
    return Owner(**found | {"interrupted": tuple(InterruptedRun(**run) for run in found["interrupted"])})


def _remove_any(path: Path) -> None:
    shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)


def _remove(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    try:
        folder.parent.rmdir()
    except OSError:  # other runs are in it
        return
