"""How much of each line the edits take; white space never counts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from transforms.page import Line, Page
from transforms.types import Edit


def solid_chars(text: str) -> int:
    """Characters that are no white space."""
    return sum(map(len, text.split()))


def taken_chars(lines: Sequence[Line], edits: Sequence[Edit]) -> Iterator[tuple[Line, int]]:
    """Each line with how many of its characters the edits take; both in order, one pass."""
    at = 0
    for line in lines:
        while at < len(edits) and edits[at].end <= line.start:
            at += 1
        taken, here = 0, at
        while here < len(edits) and edits[here].start < line.end:
            start, end = max(edits[here].start, line.start), min(edits[here].end, line.end)
            taken += solid_chars(line.text[start - line.start : end - line.start])
            here += 1
        yield line, taken


def cover_lines(page: Page, edits: Sequence[Edit]) -> list[float]:
    """The share 0-1 of each line that the edits take."""
    return [taken and taken / solid_chars(line.text) for line, taken in taken_chars(page.lines, edits)]
