"""The office: the one process of a run that stages, checks and opens the warehouse; replaced where it dies.

Somebody's kill, or the kernel out of memory, then costs the step that it was at once more, as it does with a worker. A
step that ends the office each time ends the run.

It is a watched pool of one, and not Python's own: there a process that dies while it sends its result, such as a
report, is waited for without an end, since the reader holds the pipe's other end too.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from typing import ParamSpec, TypeVar

from expectations.worker import warm
from flows.runner import RunnerError
from flows.watch import Bounds, Watch
from flows.watched_pool import WatchedPool, WorkerError

_ANY = Bounds(seconds=math.inf, megabytes=1_000_000_000)  # it is at no document
_Arguments = ParamSpec("_Arguments")
_Result = TypeVar("_Result")


class OfficeError(RunnerError):
    """The process that stages, checks and publishes does not live long enough to do a step."""


class Office:
    """Starts its process at once, and warms it up."""

    def __init__(self) -> None:
        self._pool = WatchedPool(1, _ANY, warm=False)
        self._pool.submit(partial(_do, warm, (), {}))

    def do(
        self, step: Callable[_Arguments, _Result], *arguments: _Arguments.args, **named: _Arguments.kwargs
    ) -> _Result:
        """What `step` returns or raises; it must be picklable, and do the same when it is done again.

        Raises OfficeError when its process dies of it, or while waiting for it, again and again.
        """
        try:
            return self._pool.submit(partial(_do, step, arguments, named)).result()
        except WorkerError as error:
            raise OfficeError(
                f"the process that stages, checks and publishes died at {step.__name__}, and those after it too. "
                "Is memory short? Run it again: the next run goes on where this one ended."
            ) from error

    def close(self) -> None:
        """End the process, whatever it is at."""
        self._pool.close()


def _do(
    step: Callable[..., _Result], arguments: tuple[object, ...], named: dict[str, object], _watch: Watch
) -> _Result:
    return step(*arguments, **named)
