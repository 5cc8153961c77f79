"""Runs forked from a process that has loaded everything, so that most of a run is work and not its start.

A run then costs three seconds of processor time instead of twelve, and a kill at a random point meets work. The
processes are those of a run as it is started by a user: scheduler, loader and workers, which are noted as they start.
This process itself opens no warehouse and no connection, since it forks.
"""

from __future__ import annotations

import importlib
import os
import pickle
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from multiprocessing import forkserver, process
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any, TypeVar

from benchmarks.fault_runs import FaultError, command
from tests.here import forked_processes, winnow_here

_Result = TypeVar("_Result")


@cache
def load() -> None:
    """Load all that runs need, here and in the process that the others are forked from. PREFECT_API_URL is set."""
    for name in ("flows.run_command", "flows.clean_articles", "tests.warm"):
        importlib.import_module(name)
    with forked_processes():
        pass
    os.environ["PYTHONSAFEPATH"] = "1"


@dataclass(frozen=True)
class ForkedRun:
    """A run under way, in a process group of its own."""

    folder: Path
    pid: int

    def processes(self, role: str) -> list[int]:
        """The loaders or workers that it has started so far, the oldest first."""
        file = self.folder / "processes"
        found = [line.split() for line in file.read_text().splitlines()] if file.exists() else []
        return [int(pid) for name, pid in found if name == role and Path(f"/proc/{pid}").exists()]

    def wait(self, seconds: float) -> int | None:
        """Its exit code, negative for a signal; None where it takes longer."""
        deadline = time.monotonic() + seconds
        while True:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                return os.waitstatus_to_exitcode(status)
            if time.monotonic() >= deadline:
                return None
            time.sleep(0.005)


def start(folder: Path, **environ: str) -> ForkedRun:
    """Start the scripted run; its scheduler sees `environ`."""
    pid = os.fork()
    if pid:
        return ForkedRun(folder, pid)
    try:
        os.setsid()
        _note_processes(folder / "processes")
        done = winnow_here(folder, *command(())[1:], api=os.environ["PREFECT_API_URL"], **environ)
        (folder / "said").write_text(done.stderr)
        os._exit(done.returncode)
    except BaseException:  # noqa: BLE001 - told to the parent
        (folder / "said").write_text(traceback.format_exc())
        os._exit(70)


def run(folder: Path, **environ: str) -> CompletedProcess[str]:
    """The scripted run to its end."""
    (folder / "said").unlink(missing_ok=True)
    code = start(folder, **environ).wait(900)
    said = (folder / "said").read_text() if (folder / "said").exists() else ""
    return CompletedProcess("winnow", 99 if code is None else code, "", said)


def do(work: Callable[[], _Result]) -> _Result:
    """What `work` returns, done in a fork of this process. Raises what it raises."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        outcome: tuple[Any, BaseException | None]
        try:
            outcome = work(), None
        except BaseException as error:  # noqa: BLE001 - raised in the parent
            outcome = None, FaultError(f"{type(error).__name__}: {error}")
        with open(writing, "wb") as pipe:  # noqa: PTH123 - a descriptor
            pickle.dump(outcome, pipe)
        os._exit(0)
    os.close(writing)
    with open(reading, "rb") as pipe:  # noqa: PTH123
        value, error = pickle.load(pipe)
    os.waitpid(pid, 0)
    if error:
        raise error
    return value  # type: ignore[no-any-return]


def _note_processes(file: Path) -> None:
    """In the fork: the process that others are forked from is not ours to start; and note which it forks."""
    server = forkserver._forkserver  # noqa: SLF001 - it has no other name
    server.ensure_running = forkserver.ensure_running = lambda: None  # type: ignore[method-assign]
    vars(sys.modules["__main__"]).pop("__file__", None)  # which each new process would import again
    begin = process.BaseProcess.start

    def start_and_note(self: process.BaseProcess) -> None:
        is_warm = self._args[2]  # type: ignore[attr-defined] # of flows/watched_pool.py: ready for documents
        role = "worker" if is_warm else "loader"
        begin(self)
        with file.open("a") as notes:
            notes.write(f"{role} {self.pid}\n")

    process.BaseProcess.start = start_and_note  # type: ignore[method-assign]
