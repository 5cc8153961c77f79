"""A text cut into its lines and sentences, once, for all rules to look at.

Lines are the unit of scraped text: extractors put one block (paragraph, heading, list item, menu entry) on one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

_MARK = "[.!?…。！？]"
_STOP = re.compile(rf"({_MARK}{_MARK}*[\"”’»)\]」』）]*)\s*")  # a class in front, and no repetition: found much sooner
_NO_WORD = re.compile(r"\W+")
_LONGEST_PLAIN_CHARS = 200  # headlines, labels and captions are shorter
_FIRST_LINES = 5
_REMEMBERED_LINES = 4_096
_LONGEST_KEPT_CHARS = 1_000  # bounds the memory of kept lines to some 4 MB
_LAST_TOKEN = re.compile(r"[^\s\"“‘(\[]*$")
_ABBREVIATIONS = frozenset(
    "mr mrs ms dr prof sr jr st vs no inc ltd co corp gen sen rep gov lt col sgt capt rev hon fig al dept est approx "  # noqa: SIM905
    "jan feb mar apr jun jul aug sep sept oct nov dec e.g i.e a.m p.m bzw ca evtl nr usw sra srta núm".split()
)
_LOOK_BACK_CHARS = 24  # keeps the cut linear on a megabyte without a space
_LONGEST_ABBREVIATION = max(map(len, _ABBREVIATIONS))
# An insert may follow an abbreviation that ended a sentence ("... in the U.S. Find out more about ...").
_OPENERS = frozenset(
    "Find Read Learn Click See Check Subscribe Sign Follow Share Join Watch Discover Explore Visit Download "  # noqa: SIM905
    "Related Also Photo Image Advertisement".split()
)


class Line(NamedTuple):
    """A line without its surrounding white space: [start, end) in the text. `number` counts non-blank lines from 0.

    A tuple, as those are made in a third of a dataclass's time, and a page has hundreds of lines.
    """

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
    def first_words(self) -> tuple[str, ...]:
        """The words of each of the first lines, where headlines stand, as words_of_line has them."""
        return tuple(words_of_line(line.text) for line in self.lines[:_FIRST_LINES])

    @cached_property
    def title_words(self) -> tuple[str, ...]:
        """The words of each of `titles`, as words_of_line has them."""
        return tuple(words_of_line(title) for title in self.titles)

    @cached_property
    def copies(self) -> dict[str, list[int]]:
        """For each of `first_words` and `title_words` the numbers of all lines with the same words."""
        found: dict[str, list[int]] = {words: [] for words in (*self.first_words, *self.title_words)}
        begins = {words[:1] for words in found}
        for line in self.lines:
            first = line.text[0]
            # Most lines begin with another letter, and their words need not be told.
            if first.isalnum() and first.lower()[0] not in begins and len(line.text) <= _LONGEST_PLAIN_CHARS:
                continue
            words = words_of_line(line.text)
            if words in found:
                found[words].append(line.number)
        return found

    @cached_property
    def sentences(self) -> tuple[tuple[Line, ...], ...]:
        """The sentences of each line, in the order of `lines`."""
        return tuple(map(cut_sentences, self.lines))


def words_of_line(text: str) -> str:
    """The words of a short line in lower case, one space between them; nothing for a long one."""
    return _NO_WORD.sub(" ", text.lower()).strip() if len(text) <= _LONGEST_PLAIN_CHARS else ""


def cut_sentences(line: Line) -> tuple[Line, ...]:
    """The sentences of a line, numbered from 0; a line without a sentence end is one sentence."""
    return tuple(
        Line(number, line.start + start, line.start + end, line.text[start:end])
        for number, (start, end) in enumerate(find_sentences(line.text))
    )


def find_sentences(text: str) -> tuple[tuple[int, int], ...]:
    """Start and end of each sentence of a line's text."""
    return _find_kept(text) if len(text) <= _LONGEST_KEPT_CHARS else _find_sentences(text)


@lru_cache(maxsize=_REMEMBERED_LINES)
def _find_kept(text: str) -> tuple[tuple[int, int], ...]:
    """Rules, templates and block finders ask one after the other for the sentences of a line."""
    return _find_sentences(text)


def _find_sentences(text: str) -> tuple[tuple[int, int], ...]:
    cuts: list[tuple[int, int]] = []
    start = 0
    for match in _STOP.finditer(text):
        after = match.end()
        if after == len(text):
            break
        end = match.end(1)
        if _is_boundary(text, match.group(1), match.start(), after, spaced=after > end):
            cuts.append((start, end))
            start = after
    cuts.append((start, len(text)))
    return tuple(cuts)


def _lines(text: str) -> Iterator[Line]:
    number = at = 0
    for raw in text.split("\n"):
        if stripped := raw.strip():
            start = at if len(stripped) == len(raw) else at + len(raw) - len(raw.lstrip())
            yield Line(number, start, start + len(stripped), stripped)
            number += 1
        at += len(raw) + 1


def _is_boundary(text: str, mark: str, at: int, after: int, *, spaced: bool) -> bool:
    """Whether a sentence ends with `mark`, which stands at `at`, and the next one begins at `after`."""
    if mark[0] in "。！？":
        return True
    if not spaced:
        return False
    if text[after].islower():
        return False
    if not mark.startswith(".") or mark.startswith(".."):
        return True
    if len(mark) > 1 or not _is_abbreviation(text[max(0, at - _LOOK_BACK_CHARS) : at]):
        return True
    return _next_word(text, after) in _OPENERS


def _is_abbreviation(before: str) -> bool:
    """Whether the last token of a text that a full stop follows is abbreviated."""
    token = before.rpartition(" ")[2]
    if not token.isalpha():
        match = _LAST_TOKEN.search(before)
        token = match.group() if match else ""
    elif len(token) > _LONGEST_ABBREVIATION:  # most words that end a sentence
        return False
    return (
        token.lower() in _ABBREVIATIONS
        or (len(token) == 1 and token.isupper())
        or (len(token) > 2 and token[-2] == ".")
    )


def _next_word(text: str, at: int) -> str:
    end = at
    while end < len(text) and end - at < 16 and text[end].isalpha():
        end += 1
    return text[at:end]
