"""Tidying: the white space and punctuation that removal, or a link stripped by the scraper, leaves behind.

Every change is an edit like any other (kind "tidy"), so it can be taken back. What was never near an artifact keeps
its white space.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from transforms.page import Page
from transforms.types import Span

# "the law.. Find out more": the insert brought a second full stop. Exactly two, after a word, before a gap.
_DOUBLED_STOP = re.compile(r"(?<=[^\W_])[\"”’)\]]?\.(\.)(?=\s|$)")
# "an escalation .": the words of a link are gone, or stood apart from the stop.
_SPACED_STOP = re.compile(r"(?<=[^\W_])([ \t\u00a0]{1,3})\.(?=\s|$)")
_MARKS = ("..", " .", "\u00a0.")  # what any of both has
_PROSE_WORDS = 8  # in a short line ("git add .") the space means something


def find_tidy(page: Page, removed: tuple[Span, ...]) -> Iterator[Span]:
    """Spans to take out beside `removed` (sorted, not overlapping): gaps around removals, doubled and spaced stops."""
    yield from _gaps(page.text, removed)
    if not any(mark in page.text for mark in _MARKS):
        return
    for line in page.lines:
        if ".." in line.text:
            for match in _DOUBLED_STOP.finditer(line.text):
                yield Span(line.start + match.start(1), line.start + match.end(1), "tidy", "tidy-doubled-stop")
        if " ." in line.text or "\u00a0." in line.text:
            if line.text.count(" ") < _PROSE_WORDS:
                continue
            for match in _SPACED_STOP.finditer(line.text):
                yield Span(line.start + match.start(1), line.start + match.end(1), "tidy", "tidy-spaced-stop")


def _gaps(text: str, removed: tuple[Span, ...]) -> Iterator[Span]:
    at = 0
    while at < len(removed):
        start, end = removed[at].start, removed[at].end
        at += 1
        while at < len(removed) and not text[end : removed[at].start].strip():
            if removed[at].start > end:
                yield _space(end, removed[at].start)
            end = removed[at].end
            at += 1
        yield from _around(text, start, end)


def _around(text: str, start: int, end: int) -> Iterator[Span]:
    """Of the white space on both sides of a removal keep one side: the one that parts paragraphs, else the left."""
    left = start
    while left > 0 and text[left - 1].isspace():
        left -= 1
    right = end
    while right < len(text) and text[right].isspace():
        right += 1
    if left == 0:
        yield from _nonempty((0, start), (end, right))
        return
    if right == len(text):
        yield from _nonempty((left, start))
        return
    breaks_left, breaks_right = text.count("\n", left, start), text.count("\n", end, right)
    if breaks_right > breaks_left:
        yield from _nonempty((left, start))
    elif left < start:
        yield from _nonempty((end, right))


def _nonempty(*ranges: tuple[int, int]) -> Iterator[Span]:
    for start, end in ranges:
        if end > start:
            yield _space(start, end)


def _space(start: int, end: int) -> Span:
    return Span(start, end, "tidy", "tidy-space")
