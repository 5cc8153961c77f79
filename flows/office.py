"""The office: the one process of a run that stages, checks and opens the warehouse; replaced where it dies.

Somebody's kill, or the kernel out of memory, then costs the step that it was at once more, as it does with a worker. A
step that ends the office each time ends the run.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import ParamSpec, TypeVar

from expectations.worker import warm
from flows.runner import RunnerError
from flows.workers import make_workers

_TRIES = 2  # of a step
_Arguments = ParamSpec("_Arguments")
_Result = TypeVar("_Result")


class OfficeError(RunnerError):
    """The process that stages, checks and publishes does not live long enough to do a step."""


class Office:
    """Starts its process at once, and warms it up. For one thread."""

    def __init__(self) -> None:
        self._pool = _start()

    def do(
        self, step: Callable[_Arguments, _Result], *arguments: _Arguments.args, **named: _Arguments.kwargs
    ) -> _Result:
        """What `step` returns or raises; it must be picklable, and do the same when it is done again.

        Raises OfficeError when its process has died of it, or while waiting for it, twice.
        """
        for _ in range(_TRIES):
            try:
                return self._pool.submit(step, *arguments, **named).result()
            except BrokenProcessPool as error:
                died = error
                self.close()
                self._pool = _start()
        raise OfficeError(
            f"the process that stages, checks and publishes ended {_TRIES} times at {step.__name__}: {died} "
            "Is memory short? Run it again: the next run goes on where this one ended."
        ) from died

    def close(self) -> None:
        """End the process, when it is done with what it is at."""
        self._pool.shutdown(wait=True, cancel_futures=True)


def _start() -> ProcessPoolExecutor:
    pool = make_workers(1, warm=False)
    pool.submit(warm)
    return pool
