"""Fingerprints: what of a page can be a template, as stable 64-bit numbers to count by source.

Each line, and each sentence of a line with several, gives a *text* fingerprint of its masked form; a short sentence
also gives a *frame*: its first four words and its last one, so that "Find out more about harbour permits guide." and
"Find out more about winter tyres guide." are one. Whether a text stood as a line or within one does not change its
fingerprint: the same words are the same furniture. What may count at all is decided here, how often it must is not.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from transforms.guard import PROSE_WORDS
from transforms.mask import NAME, NUMBER, Masked, is_masked, mask
from transforms.page import Page, find_sentences
from transforms.template_bounds import FRAME_BEGINS, FRAME_WORDS, LEAST_PLAIN_WORDS, LEAST_WORDS, MOST_HEADING_WORDS
from transforms.words import ends_sentence

_LONGEST_KEPT_CHARS = 1_000  # bounds the memory of kept texts to some 8 MB
_REMEMBERED_TEXTS = 8_192
_FRAME_MARKS = ",;:.!?…\"'“”‘’«»„()[]"


class Unit(NamedTuple):
    """A line, or a sentence of one, that may be a template: [start, end) in the text of the page.

    `line` is the number of its line, `line_text` the text fingerprint of that line for a sentence of a longer one,
    else None. A label reads like a heading and stands at the edge of the page.
    """

    start: int
    end: int
    line: int
    masked: str
    text: int
    frame: int | None = None
    line_text: int | None = None
    is_label: bool = False


class LineUnits(NamedTuple):
    """What of a line may be a template, whatever page it stands on; places are within the line, its number is 0."""

    units: tuple[Unit, ...]
    is_prose: bool


def find_units(page: Page) -> Iterator[Unit]:
    """The lines and sentences of a page that may be templates, in order, a line before its sentences."""
    read = [read_line(line.text) for line in page.lines]
    edge = find_edge([line.is_prose for line in read])
    for line, found in zip(page.lines, read, strict=True):
        for unit in found.units:
            if not unit.is_label or line.number in edge:
                start, end = line.start + unit.start, line.start + unit.end
                yield Unit(
                    *(start, end, line.number, unit.masked, unit.text, unit.frame, unit.line_text, unit.is_label)
                )


def read_line(text: str) -> LineUnits:
    """Read the text of one line. Its label, where it is one, counts only at the edge of a page."""
    places = find_sentences(text)
    parts = [_mask(text[start:end]) for start, end in places]
    reads_as_prose = sum([part.word_count for part in parts]) >= PROSE_WORDS and ends_sentence(text)
    end = len(text)
    if len(parts) > 1:
        whole = _join(parts)
        line = _unit(0, end, whole, None)  # it begins like its first sentence and ends like its last: no frame
        sentences = (
            _unit(*place, masked, _frame(masked), line_text=line.text)
            for place, masked in zip(places, parts, strict=True)
            if can_count(masked)
        )
        return LineUnits(((line,) if can_count(whole) else ()) + tuple(sentences), reads_as_prose)
    (masked,) = parts
    if _is_heading(text, masked):
        return LineUnits((_unit(0, end, masked, None, is_label=True),) if _may_be_label(masked) else (), reads_as_prose)
    return LineUnits((_unit(0, end, masked, _frame(masked)),) if can_count(masked) else (), reads_as_prose)


def find_edge(is_prose: Sequence[bool]) -> frozenset[int]:
    """Lines before the first line of prose, but for its heading, and after the last. Without prose there is no edge."""
    prose = [number for number, is_it in enumerate(is_prose) if is_it]
    return frozenset((*range(prose[0] - 1), *range(prose[-1] + 1, len(is_prose)))) if prose else frozenset()


def can_count(masked: Masked) -> bool:
    """Long enough, and most of it left to read: "Dimensions: 3 x 4 cm" says nothing of its own."""
    if masked.word_count < LEAST_WORDS or masked.plain_count < LEAST_PLAIN_WORDS:
        return False
    return masked.plain_count >= 2 * (masked.text.count(NUMBER) + masked.text.count(NAME))


def masked_text(text: str, scope: str) -> str:
    """What of a line, sentence or frame (`scope`) is compared, to show it to people."""
    (line, *_) = Page(text).lines
    if scope == "frame":
        return frame_of(mask(line.text).text) or ""
    return _join([mask(line.text[start:end]) for start, end in find_sentences(line.text)]).text


def fingerprint(scope: str, masked: str) -> int:
    """64 bits of BLAKE2b: the same on every machine and in every version of Python."""
    return int.from_bytes(hashlib.blake2b(f"{scope}\0{masked}".encode(), digest_size=8).digest(), "big")


def frame_of(masked: str) -> str | None:
    """`find out more about … guide` of a masked sentence; None where one of the five words is masked.

    Chinese and Japanese have no spaces to cut at, so no frames.
    """
    words = [stripped for word in masked.split() if (stripped := word.strip(_FRAME_MARKS))]
    if len(words) <= FRAME_BEGINS + 1:
        return None
    frame = " ".join((*words[:FRAME_BEGINS], "…", words[-1]))
    return None if is_masked(frame) else frame


def _unit(
    start: int, end: int, masked: Masked, frame: str | None, *, line_text: int | None = None, is_label: bool = False
) -> Unit:
    return Unit(
        start,
        end,
        0,
        masked.text,
        fingerprint("text", masked.text),
        fingerprint("frame", frame) if frame else None,
        line_text,
        is_label,
    )


def _frame(masked: Masked) -> str | None:
    return frame_of(masked.text) if FRAME_WORDS[0] <= masked.word_count <= FRAME_WORDS[1] else None


def _is_heading(text: str, masked: Masked) -> bool:
    """Whether a line reads like a heading: a few words, or some more that end in no full stop."""
    if masked.word_count < LEAST_WORDS:
        return True
    return masked.word_count <= MOST_HEADING_WORDS and (text.endswith("?") or not ends_sentence(text))


def _may_be_label(masked: Masked) -> bool:
    if masked.word_count >= LEAST_WORDS:
        return can_count(masked)
    return masked.word_count > 0 and not masked.is_masked


def _join(parts: Sequence[Masked]) -> Masked:
    return Masked(
        ". ".join(part.text for part in parts),
        sum(part.word_count for part in parts),
        sum(part.plain_count for part in parts),
    )


def _mask(text: str) -> Masked:
    return _mask_kept(text) if len(text) <= _LONGEST_KEPT_CHARS else mask(text)


@lru_cache(maxsize=_REMEMBERED_TEXTS)
def _mask_kept(text: str) -> Masked:
    """Lines of one site come again, and a page is looked at once a round of cleaning."""
    return mask(text)
