"""A text cut into its lines and sentences, once, for all rules to look at.

Lines are the unit of scraped text: extractors put one block (paragraph, heading, list item, menu entry) on one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

_LINE = re.compile(r"[^\n]+")
_STOP = re.compile(r"[.!?…。！？]+[\"”’»)\]」』）]*")  # noqa: RUF100
_WORD = re.compile(r"\w+")
_LONGEST_PLAIN_CHARS = 200  # headlines, labels and captions are shorter
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

_LONGEST_KEPT_CHARS = 2_000  # bounds the memory of kept cuts to some 8 MB


@dataclass(frozen=True, slots=True)
class Line:
    """A line without its surrounding white space: [start, end) in the text. `number` counts non-blank lines from 0."""

    number: int
    start: int
    end: int
    text: str


@dataclass(frozen=True)
class Page:
    """A text with its non-blank lines and their sentences.

    `titles` is what the document is called, where that is known: the title, then the title with the site's name.
    """

    text: str
    titles: tuple[str, ...] = ()

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        return tuple(_lines(self.text))

    @cached_property
    def plain(self) -> tuple[str, ...]:
        """The lower-case words of each short line, in the order of `lines`; nothing for a long one."""
        return tuple(
            " ".join(_WORD.findall(line.text.lower())) if len(line.text) <= _LONGEST_PLAIN_CHARS else ""
            for line in self.lines
        )

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
    cuts = _cuts(line.text) if len(line.text) <= _LONGEST_KEPT_CHARS else _find_cuts(line.text)
    for number, (start, end) in enumerate(cuts):
        yield Line(number, line.start + start, line.start + end, line.text[start:end])


@lru_cache(maxsize=4096)
def _cuts(text: str) -> tuple[tuple[int, int], ...]:
    """A text is cut once a round of cleaning, and most of its lines do not change between rounds."""
    return _find_cuts(text)


def _find_cuts(text: str) -> tuple[tuple[int, int], ...]:
    cuts: list[tuple[int, int]] = []
    start = 0
    for match in _STOP.finditer(text):
        space = _SPACE.match(text, match.end())
        after = space.end() if space else match.end()
        if after < len(text) and not _is_boundary(text, match, after, spaced=space is not None):
            continue
        cuts.append((start, match.end()))
        start = after
    if start < len(text):
        cuts.append((start, len(text)))
    return tuple(cuts)


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
