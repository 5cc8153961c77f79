"""A pool of worker processes that can be told off: a document that takes too much costs itself, and nothing else.

Each worker has a thread here that hands it batches and looks ten times a second at which document it is at, since when,
and how much memory it has taken. A worker beyond its bounds, or dead, is replaced and its batch done again:

- too long or too much memory: the document is given up at once;
- a worker that died by itself (a crash, the kernel out of memory, somebody's kill): the batch is tried once more, and
  the document given up when a worker dies of it again.

The standard pool knows neither which document killed a worker nor how to end only one.
"""

from __future__ import annotations

import os
import queue
import signal
import threading
import time
import traceback
from concurrent.futures import CancelledError, Future
from ctypes import c_long
from dataclasses import dataclass
from multiprocessing import connection, sharedctypes
from pathlib import Path
from typing import Any, Generic, TypeVar

from flows.runner import RunnerError, Work
from flows.watch import NOWHERE, Bounds, Code, Stopped, Watch
from flows.workers import SPAWN, start_document_worker, tie_to_parent

_LOOK_SECONDS = 0.1
_MOST_IDLE_DEATHS = 2  # of a worker that is at no document: the fault is not in the data
_Result = TypeVar("_Result")


class WorkerError(RunnerError):
    """Workers that do not live long enough to work."""


@dataclass(frozen=True, slots=True)
class _Ended:
    """How a worker ended: the document it was at (or NOWHERE), and why."""

    number: int
    code: Code
    message: str


@dataclass(frozen=True, slots=True)
class _Task(Generic[_Result]):
    work: Work[_Result]
    future: Future[_Result]


class WatchedPool:
    """Up to `count` worker processes, each started when there is work for it, ready for documents where `warm`.

    Thread-safe.
    """

    def __init__(self, count: int, bounds: Bounds, *, warm: bool = True) -> None:
        self._count, self._bounds, self._warm = count, bounds, warm
        self._tasks: queue.SimpleQueue[_Task[Any] | None] = queue.SimpleQueue()
        self._workers: list[_Worker] = []
        self._lock = threading.Lock()

    def submit(self, work: Work[_Result]) -> Future[_Result]:
        """Hand `work` to the next free worker; it must be picklable, and do the same when it is done again.

        The future raises what `work` raised, or WorkerError where workers die without being at a document.
        """
        future: Future[_Result] = Future()
        self._tasks.put(_Task(work, future))
        with self._lock:
            if len(self._workers) < self._count:
                self._workers.append(_Worker(self._tasks, self._bounds, warm=self._warm))
        return future

    @property
    def workers(self) -> int:
        """How many pieces of work are done at a time."""
        return self._count

    @property
    def process_ids(self) -> tuple[int, ...]:
        """The processes that are there now."""
        return tuple(found for worker in self._workers if (found := worker.process_id) is not None)

    def close(self) -> None:
        """End the workers, also those at work; what was not done is cancelled."""
        for worker in self._workers:
            worker.close()
            self._tasks.put(None)
        for worker in self._workers:
            worker.join()


class _Worker:
    """The place of one worker: a thread that takes tasks, and the process that does them, replaced when it ends."""

    def __init__(self, tasks: queue.SimpleQueue[_Task[Any] | None], bounds: Bounds, *, warm: bool) -> None:
        self._tasks, self._bounds, self._warm = tasks, bounds, warm
        self._process: _Process | None = None
        self._lock = threading.Lock()
        self._is_closing = False
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    @property
    def process_id(self) -> int | None:
        with self._lock:
            return self._process.id if self._process and self._process.is_alive else None

    def close(self) -> None:
        """Take no more tasks, and end the process; the thread then goes through the rest, cancelling."""
        with self._lock:
            self._is_closing = True
            if self._process:
                self._process.end()

    def join(self) -> None:
        self._thread.join()

    def _serve(self) -> None:
        while (task := self._tasks.get()) is not None:
            if self._is_closing:
                task.future.cancel()
            elif task.future.set_running_or_notify_cancel():
                try:
                    task.future.set_result(self._do(task.work).result())
                except BaseException as error:  # noqa: BLE001 - it belongs to whoever waits for the future
                    task.future.set_exception(error)

    def _do(self, work: Work[_Result]) -> _Outcome[_Result]:
        stopped: dict[int, Stopped] = {}
        suspects: set[int] = set()
        idle_deaths = 0
        while True:
            process = self._living_process()
            ended = process.do(work, stopped, self._bounds)
            if not isinstance(ended, _Ended):
                return ended
            process.end()
            if ended.number == NOWHERE:
                idle_deaths += 1
                if idle_deaths > _MOST_IDLE_DEATHS:
                    raise WorkerError(
                        f"{idle_deaths} workers in a row ended before they were at a document: {ended.message}; "
                        "is memory short? Try fewer --workers"
                    )
            elif ended.code == "worker-died" and ended.number not in suspects:
                suspects.add(ended.number)
            else:
                twice = " at this document, twice; leave it out, and report it" if ended.number in suspects else ""
                stopped[ended.number] = Stopped(ended.code, ended.message + twice)

    def _living_process(self) -> _Process:
        """The process that is there, or a new one; CancelledError once the pool is being closed."""
        with self._lock:
            if self._is_closing:
                raise CancelledError
            if self._process is None or not self._process.is_alive:
                self._process = _Process(warm=self._warm)
            return self._process


class _Process:
    """One process and the ways to it: a pipe for work, and a number in shared memory for the document it is at."""

    def __init__(self, *, warm: bool) -> None:
        self._at = sharedctypes.RawValue(c_long, NOWHERE)
        self._pipe, theirs = SPAWN.Pipe()
        self._process = SPAWN.Process(target=_work, args=(theirs, self._at, warm), daemon=True)
        self._process.start()
        theirs.close()

    @property
    def id(self) -> int:
        assert self._process.pid is not None
        return self._process.pid

    @property
    def is_alive(self) -> bool:
        return self._process.is_alive()

    def end(self) -> None:
        self._process.kill()
        self._process.join()

    def do(self, work: Work[_Result], stopped: dict[int, Stopped], bounds: Bounds) -> _Outcome[_Result] | _Ended:
        """The outcome of `work`, or how the process ended, or has to end, instead."""
        try:
            self._pipe.send((work, stopped))
        except OSError:  # it has died meanwhile; below says how
            self._process.join()
        at, since = NOWHERE, time.monotonic()
        before = held = _resident_bytes(self.id)
        while not connection.wait((self._pipe, self._process.sentinel), timeout=_LOOK_SECONDS):
            now, number = time.monotonic(), self._at.value
            if number != at:
                at, since, before = number, now, held
            held = _resident_bytes(self.id)
            if at == NOWHERE:
                continue
            if held - before > bounds.megabytes * 1_000_000:
                return _Ended(at, "too-much-memory", _too_much(held - before, bounds))
            if now - since > bounds.seconds:
                return _Ended(at, "too-slow", _too_slow(bounds))
        try:
            outcome: _Outcome[_Result] = self._pipe.recv()
        except (EOFError, OSError):
            self._process.join()
            return _Ended(self._at.value, "worker-died", _died(self._process.exitcode))
        return outcome


@dataclass(frozen=True, slots=True)
class _Outcome(Generic[_Result]):
    """What came of a piece of work, fit for a pipe."""

    value: _Result | None
    error: Exception | None = None

    def result(self) -> _Result:
        if self.error:
            raise self.error
        return self.value  # type: ignore[return-value]


def _work(pipe: connection.Connection, at: c_long, warm: bool) -> None:
    """The life of a worker."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent ends its workers itself
    start_document_worker() if warm else tie_to_parent()

    def mark(number: int) -> None:
        at.value = number

    while True:
        try:
            work, stopped = pipe.recv()
        except EOFError:
            return
        try:
            outcome = _Outcome(work(Watch(mark, stopped)))
        except Exception as error:  # noqa: BLE001 - raised again where it is waited for
            error.add_note(traceback.format_exc())
            outcome = _Outcome(None, error)
        pipe.send(outcome)


def _resident_bytes(process_id: int) -> int:
    """Memory that a process holds; 0 where the system does not tell it in /proc, so that there memory is unbounded."""
    try:
        return int(Path(f"/proc/{process_id}/statm").read_bytes().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, IndexError, ValueError):
        return 0


def _too_slow(bounds: Bounds) -> str:
    return (
        f"stopped after {bounds.seconds:g} s, the most that one document may take; "
        "leave it out, or raise --max-seconds to let it have more"
    )


def _too_much(taken: int, bounds: Bounds) -> str:
    return (
        f"stopped at {taken / 1e6:,.0f} MB of memory, of {bounds.megabytes:,} MB that one document may take; "
        "leave it out, or raise --max-megabytes to let it have more"
    )


def _died(exit_code: int | None) -> str:
    how = f"by signal {-exit_code}" if exit_code is not None and exit_code < 0 else f"with exit code {exit_code}"
    return f"a worker process ended {how}"
