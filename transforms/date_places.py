"""A written date in a text and what stands around it, for `dates_text` to judge."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from transforms.date_names import WrittenDate
from transforms.date_values import EVIDENCE_CHARS
from transforms.types import DateCandidate, DateRole

# Code points on either side of a date that are looked at, and that are kept as its line.
_REACH = 400
SENTENCE_REACH = 160
# A text names coming days (a hearing in three weeks), but one that tells of a day months later was written after it.
UPCOMING_DAYS = 60
_RANGE_BEFORE = re.compile(r"\d\W{0,3}\s?(?:[–—-]|to|bis|until|through|till)\s?$")
_RANGE_AFTER = re.compile(r"\s?(?:[–—-]|to|bis|until|through|till)\s?\w*\.?\s?\d{1,2}\b(?!:)")


@dataclass(frozen=True, slots=True)
class Place:
    """A written date and its surroundings: the line around it, cut where the next date on the line begins."""

    found: WrittenDate
    before: str
    after: str
    line: str
    line_before: str
    start: int
    is_first_line: bool
    is_last: bool
    is_in_range: bool

    def candidate(self, origin: str, role: DateRole = "published", evidence: str | None = None) -> DateCandidate:
        """The candidate that the date makes, with the line, or the evidence given, as its text."""
        text = " ".join((evidence or self.line).split())
        return DateCandidate(self.found.date, self.found.precision, role, origin, text[:EVIDENCE_CHARS])


def find_places(text: str, found: list[WrittenDate]) -> Iterator[Place]:
    """The places of the dates `found` in `text`, which are in order."""
    latest = max((d.date for d in found), default="")
    bounds = [0, *(d.end for d in found)]
    nexts = [*(d.start for d in found[1:]), len(text)]
    for written, low, high in zip(found, bounds, nexts, strict=False):
        # The line is looked at within a bounded reach: a text without line breaks stays linear.
        first, last = max(0, written.start - _REACH), min(len(text), written.end + _REACH)
        line_start = max(text.rfind("\n", first, written.start) + 1, first)
        line_end = text.find("\n", written.end, last)
        line_end = last if line_end < 0 else line_end
        above = text[max(0, line_start - _REACH) : line_start].rstrip().rpartition("\n")[2]
        yield Place(
            found=written,
            before=text[max(line_start, low) : written.start],
            after=text[written.end : max(written.end, min(line_end, high))],
            line=text[max(line_start, written.start - SENTENCE_REACH) : min(line_end, written.end + SENTENCE_REACH)],
            line_before=above,
            start=written.start,
            is_first_line=not text[:line_start].strip() if line_start < 80 else False,
            is_last=latest <= _horizon(written),
            is_in_range=bool(
                _RANGE_BEFORE.search(text[max(line_start, written.start - 20) : written.start])
                or _RANGE_AFTER.match(text[written.end : min(line_end, written.end + 20)])
            ),
        )


def _horizon(written: WrittenDate) -> str:
    """The latest date that a text written on this one would name as coming up."""
    if written.precision != "day":
        return written.date
    return (date.fromisoformat(written.date) + timedelta(days=UPCOMING_DAYS)).isoformat()
