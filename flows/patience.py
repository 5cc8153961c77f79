"""How long a run waits for a store that gives nothing: each file of one that hangs costs minutes of tries."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field

_FILES = 3  # in a row; one sick file is not a sick store
_SECONDS = 60.0


@dataclass
class Patience:
    """Which stores are asked no more: of which three files in a row could not be read, in a minute or more.

    Only the time until a file's first record counts, not what is done with it.
    """

    clock: Callable[[], float] = time.monotonic
    _waits: dict[Hashable, list[float]] = field(default_factory=dict)  # seconds, of its last files in a row

    def is_at_end(self, store: Hashable) -> bool:
        """Whether the store is not to be asked any more."""
        waits = self._waits.get(store, [])
        return len(waits) >= _FILES and sum(waits) >= _SECONDS

    def note(self, store: Hashable, began: float, *, is_unread: bool) -> None:
        """That a file of the store, asked for at `began`, gave its first record, or could not be read."""
        if is_unread:
            self._waits.setdefault(store, []).append(self.clock() - began)
        else:
            self._waits.pop(store, None)
