"""A runner: where batches are done. Its workers may be processes here or on other machines; the results are the same.

`local` are watched processes of this machine (flows/watched_pool.py), `dask` the workers of a Dask cluster
(flows/dask_runner.py), each of which does its batches in a watched process too. So a document that takes too much is
found, given up and named in the same way everywhere.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from typing import Protocol, TypeVar

from flows.watch import Watch
from transforms.types import WinnowError

RUNNERS = ("auto", "local", "dask")
_Result = TypeVar("_Result")
Work = Callable[[Watch], _Result]


class RunnerError(WinnowError):
    """Batches cannot be done where they were to be done."""


class Runner(Protocol):
    """What BatchPool needs of a runner. Thread-safe."""

    @property
    def workers(self) -> int:
        """How many pieces of work are done at a time."""

    @property
    def process_ids(self) -> tuple[int, ...]:
        """The processes of this machine that are at work now."""

    def submit(self, work: Work[_Result]) -> Future[_Result]:
        """Hand `work` to the next free worker; picklable, and it must do the same when it is done again."""

    def close(self) -> None:
        """End what was started, and cancel what was not done."""
