"""A text cut into its lines and sentences, once, for all rules to look at.

Lines are the unit of scraped text: extractors put one block (paragraph, heading, list item, menu entry) on one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

_LINE = re.compile(r"[^\n]+")
_STOP = re.compile(r"[.!?…。！？]+[\"”’»)\]」』）]*")  # noqa: RUF100
_SPACE = re.compile(r"\s+")
_LAST_TOKEN = re.compile(r"[^\s\"“‘(\[]*$")
_ABBREVIATIONS = frozenset(
    "mr mrs ms dr prof sr jr st vs no inc ltd co corp gen sen rep gov lt col sgt capt rev hon fig al dept est approx "  # noqa: SIM905
    "jan feb mar apr jun jul aug sep sept oct nov dec e.g i.e a.m p.m bzw ca evtl nr usw sra srta núm".split()
)
# An insert may follow an abbreviation that ended a sentence ("... in the U.S. Find out more about ...").
_OPENERS = frozenset(
    "Find Read Learn Click See Check Subscribe Sign Follow Share Join Watch Discover Explore Visit Download "  # noqa: SIM905
    "Related Also Photo Image Advertisement".split()
)


@dataclass(frozen=True, slots=True)
class Line:
    """A line without its surrounding white space: [start, end) in the text. `number` counts non-blank lines from 0."""

    number: int
    start: int
    end: int
    text: str


@dataclass(frozen=True)
class Page:
    """A text with its non-blank lines and their sentences."""

    text: str

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        return tuple(_lines(self.text))

    @cached_property
    def sentences(self) -> tuple[tuple[Line, ...], ...]:
        """The sentences of each line, in the order of `lines`; a line without a sentence end is one sentence."""
        return tuple(tuple(_sentences(line)) for line in self.lines)


def _lines(text: str) -> Iterator[Line]:
    number = 0
    for match in _LINE.finditer(text):
        raw = match.group()
        stripped = raw.strip()
        if stripped:
            start = match.start() + len(raw) - len(raw.lstrip())
            yield Line(number, start, start + len(stripped), stripped)
            number += 1


def _sentences(line: Line) -> Iterator[Line]:
    text, start, number = line.text, 0, 0
    for match in _STOP.finditer(text):
        space = _SPACE.match(text, match.end())
        after = space.end() if space else match.end()
        if after < len(text) and not _is_boundary(text, match, after, spaced=space is not None):
            continue
        yield Line(number, line.start + start, line.start + match.end(), text[start : match.end()])
        start, number = after, number + 1
    if start < len(text):
        yield Line(number, line.start + start, line.end, text[start:])


def _is_boundary(text: str, stop: re.Match[str], after: int, *, spaced: bool) -> bool:
    mark = stop.group()
    if mark[0] in "。！？":
        return True
    if not spaced:
        return False
    if text[after].islower():
        return False
    if not mark.startswith(".") or mark.startswith(".."):
        return True
    # A bounded look back keeps the cut linear on a megabyte without a space.
    token_match = _LAST_TOKEN.search(text[max(0, stop.start() - 24) : stop.start()])
    token = token_match.group() if token_match else ""
    is_abbreviation = (
        token.lower() in _ABBREVIATIONS
        or (len(token) == 1 and token.isupper())
        or (len(token) > 2 and token[-2] == ".")
    )
    if not is_abbreviation or len(mark) > 1:
        return True
    return _next_word(text, after) in _OPENERS


def _next_word(text: str, at: int) -> str:
    end = at
    while end < len(text) and end - at < 16 and text[end].isalpha():
        end += 1
    return text[at:end]
