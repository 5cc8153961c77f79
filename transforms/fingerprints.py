"""Fingerprints: what of a page can be a template, as stable 64-bit numbers to count by source.

Each line, and each sentence of a line with several, gives a *text* fingerprint of its masked form; a short sentence
also gives a *frame*: its first four words and its last one, so that "Find out more about harbour permits guide." and
"Find out more about winter tyres guide." are one. Whether a text stood as a line or within one does not change its
fingerprint: the same words are the same furniture. What may count at all is decided here, how often it must is not.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from transforms.mask import NAME, NUMBER, is_masked, mask
from transforms.page import Line, Page
from transforms.template_bounds import FRAME_BEGINS, FRAME_WORDS, LEAST_PLAIN_WORDS, LEAST_WORDS, MOST_HEADING_WORDS
from transforms.words import ends_sentence, words_of

_PROSE_WORDS = 12  # a line with as many words and a mark at its end is prose
_LONGEST_KEPT_CHARS = 1_000  # bounds the memory of kept texts to some 8 MB
_REMEMBERED_TEXTS = 8_192
_FRAME_MARKS = ",;:.!?…\"'“”‘’«»„()[]"


@dataclass(frozen=True, slots=True)
class Unit:
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


@dataclass(frozen=True, slots=True)
class _Masked:
    """A sentence, masked, with how many words it has and how many are left to read."""

    text: str
    word_count: int
    plain_count: int

    @property
    def can_count(self) -> bool:
        """Long enough, and most of it left to read: "Dimensions: 3 x 4 cm" says nothing of its own."""
        masks = self.text.count(NUMBER) + self.text.count(NAME)
        return self.word_count >= LEAST_WORDS and self.plain_count >= max(LEAST_PLAIN_WORDS, 2 * masks)


def find_units(page: Page) -> Iterator[Unit]:
    """The lines and sentences of a page that may be templates, in order, a line before its sentences."""
    is_prose = [_is_prose(line.text) for line in page.lines]
    for block, sentences in zip(page.lines, page.sentences, strict=True):
        parts = [_masked(part.text) for part in sentences]
        if len(parts) == 1:
            if not _is_heading(block.text, parts[0]):
                if parts[0].can_count:
                    yield _unit(block, block, parts[0], _frame(parts[0]))
            elif _may_be_label(parts[0]) and _is_at_edge(block.number, is_prose):
                yield _unit(block, block, parts[0], None, is_label=True)
            continue
        whole = _Masked(
            ". ".join(part.text for part in parts),
            sum(part.word_count for part in parts),
            sum(part.plain_count for part in parts),
        )
        line = _unit(block, block, whole, None)  # it begins like its first sentence and ends like its last: no frame
        if whole.can_count:
            yield line
        for part, masked in zip(sentences, parts, strict=True):
            if masked.can_count:
                yield _unit(block, part, masked, _frame(masked), line_text=line.text)


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
    fixed = (*words[:FRAME_BEGINS], words[-1])
    if any(is_masked(word) for word in fixed):
        return None
    return " ".join((*fixed[:-1], "…", fixed[-1]))


def _unit(
    block: Line, part: Line, masked: _Masked, frame: str | None, *, line_text: int | None = None, is_label: bool = False
) -> Unit:
    return Unit(
        part.start,
        part.end,
        block.number,
        masked.text,
        fingerprint("text", masked.text),
        fingerprint("frame", frame) if frame else None,
        line_text,
        is_label,
    )


def _frame(masked: _Masked) -> str | None:
    return frame_of(masked.text) if FRAME_WORDS[0] <= masked.word_count <= FRAME_WORDS[1] else None


def _is_at_edge(number: int, is_prose: Sequence[bool]) -> bool:
    """Before the first line of prose or after the last, and not the heading of one. Without prose there is no edge."""
    if number + 1 < len(is_prose) and is_prose[number + 1]:
        return False
    return any(is_prose) and not (any(is_prose[:number]) and any(is_prose[number:]))


def _is_prose(text: str) -> bool:
    return len(text) > _PROSE_WORDS and ends_sentence(text) and len(words_of(text)) >= _PROSE_WORDS


def _is_heading(text: str, masked: _Masked) -> bool:
    """Whether a line reads like a heading: a few words, or some more that end in no full stop."""
    if masked.word_count < LEAST_WORDS:
        return True
    return masked.word_count <= MOST_HEADING_WORDS and (text.endswith("?") or not ends_sentence(text))


def _may_be_label(masked: _Masked) -> bool:
    if masked.word_count >= LEAST_WORDS:
        return masked.can_count
    return masked.word_count > 0 and not is_masked(masked.text)


def _masked(text: str) -> _Masked:
    return _mask_kept(text) if len(text) <= _LONGEST_KEPT_CHARS else _mask(text)


def _mask(text: str) -> _Masked:
    masked = mask(text)
    plain = words_of(masked)
    # A single letter is a unit or a list mark ("3 x 4"), where it is no Chinese or Japanese character.
    return _Masked(masked, len(words_of(text)), sum(len(word) > 1 or word > "\u3000" for word in plain))


@lru_cache(maxsize=_REMEMBERED_TEXTS)
def _mask_kept(text: str) -> _Masked:
    """Lines of one site come again, and a page is looked at once a round of cleaning."""
    return _mask(text)
