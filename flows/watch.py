"""What one document may take, and how a worker tells which document it is at.

A page can hold a parser in C for hours, where neither a signal nor an exception reaches it. So a worker marks the
document under way in memory that it shares with its parent, and the parent ends a worker whose document takes too
much (flows/watched_pool.py). The batch is then done again, and that document has a reason instead of a result.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeVar

NOWHERE = -1  # between documents
TOO_MUCH = ("too-slow", "too-much-memory")
Code = Literal["too-slow", "too-much-memory", "worker-died"]
_Item = TypeVar("_Item")


@dataclass(frozen=True, slots=True)
class Bounds:
    """What one document may take in one step of its way.

    `seconds` by the clock: of 1,497 pages the slowest takes 3 s, so 20 leave room for a busy machine. `megabytes` (of
    1,000,000 bytes) beyond what the worker held before: a worker with everything loaded holds 300 to 500.
    """

    seconds: float = 20.0
    megabytes: int = 1000

    def deciding(self, ruleset: str) -> str:
        """What decided the fate of a document that was too much: with other bounds it is tried again."""
        return f"{ruleset} within {self.seconds:g} s, {self.megabytes} MB"


DEFAULT_BOUNDS = Bounds()


@dataclass(frozen=True, slots=True)
class Stopped:
    """Why a document was given up, as quarantine has it."""

    code: Code
    message: str


def _nobody(number: int) -> None:
    """Where no parent looks."""


@dataclass(frozen=True, slots=True)
class Watch:
    """Between a worker and its parent: `mark` tells the document under way, `stopped` which are not to be tried."""

    mark: Callable[[int], None] = _nobody
    stopped: Mapping[int, Stopped] = field(default_factory=dict)

    def over(self, items: Iterable[_Item]) -> Iterator[tuple[_Item, Stopped | None]]:
        """Each item of a batch, marked by its number while it is under way, and why it is not to be tried, if so."""
        try:
            for number, item in enumerate(items):
                self.mark(number)
                yield item, self.stopped.get(number)
        finally:
            self.mark(NOWHERE)


UNWATCHED = Watch()
