"""How often a record of a file came before, in 8 bytes a record: files of millions of records are read in one pass.

Two records of one file with the same key and content are two records; their number tells them apart (flows/intake.py).
"""

from __future__ import annotations

import hashlib
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

_RECENT = 50_000


class Seen:
    """Counts records by 64 bits of the hash of key and content; few of a file's records come twice."""

    def __init__(self, recent: int = _RECENT) -> None:
        self._most_recent = recent
        self._recent: set[int] = set()
        self._older: npt.NDArray[np.uint64] | None = None
        self._repeated: Counter[int] = Counter()

    def count_before(self, key: str, content_hash: str) -> int:
        """How often this record came before; it has come once more now."""
        number = int.from_bytes(hashlib.sha256(f"{key}\0{content_hash}".encode()).digest()[:8])
        if number in self._recent or self._is_older(number):
            self._repeated[number] += 1
            return self._repeated[number]
        self._recent.add(number)
        if len(self._recent) >= self._most_recent:
            self._settle()
        return 0

    def _is_older(self, number: int) -> bool:
        if self._older is None:
            return False
        at = int(self._older.searchsorted(self._older.dtype.type(number)))
        return at < len(self._older) and int(self._older[at]) == number

    def _settle(self) -> None:
        import numpy as np  # noqa: PLC0415 - for large files only

        recent = np.fromiter(self._recent, dtype=np.uint64, count=len(self._recent))
        self._older = np.sort(recent if self._older is None else np.concatenate((self._older, recent)))
        self._recent.clear()
