"""Which sentences need not be masked: they have not the outline of any of a source's templates.

Masking reads every word of a sentence; most sentences of an article can be told from all templates of its source by
their first two words and by the longest word that a template has. The other way round nothing is said: a sentence that
fits an outline is masked and compared. A word may come out of masking as it is, or as a number or a name, so each is
tried.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache

from transforms.mask import MARKS, NAME, NUMBER, is_masked, possible_forms

# First word of a masked text -> second word -> of each such text the longest word that has no mask in it, "" where
# there is none. A text that begins with a mask, or is one word, has any second word: "".
Outlines = Mapping[str, Mapping[str, frozenset[str]]]

_MARKS = MARKS + "?\"'“”‘’«»„()[]"  # more than masking cuts off: what a frame is without, its line is compared without
_LONGEST_CHARS = 40  # of a word that is compared
_SHORTEST_MASKED_CHARS = 300  # as much of a masked text is stored
_READ_WORDS = 6
_REMEMBERED_WORDS = 32_768  # of 40 characters at most: together some 8 MB


def outlines_of(masked_texts: Iterable[str]) -> Outlines | None:
    """The outline of each masked text; None where one is stored in part and is but one word."""
    found: dict[str, dict[str, set[str]]] = {}
    for masked in masked_texts:
        words = [word for part in masked.split() if (word := _bare(part))]
        is_part = len(masked) >= _SHORTEST_MASKED_CHARS
        if not words:
            continue
        if is_part and len(words) < 2:
            return None
        second = "" if _is_mask(words[0]) or len(words) < 2 else words[1]
        whole = words[:-1] if is_part else words
        longest = max((word for word in whole if not is_masked(word)), key=len, default="")
        found.setdefault(words[0], {}).setdefault(second, set()).add(longest)
    return {first: {second: frozenset(words) for second, words in seconds.items()} for first, seconds in found.items()}


def may_fit(text: str, outlines: Outlines, line: str | None = None) -> bool:
    """Whether the masked form of a sentence may have one of these outlines; or that of a line that begins with it."""
    words = text.split(None, 2)[:2]
    following: str | None = words[-1]
    if len(words) < 2 or not (words[0].isalnum() and words[1].isalnum()):  # there are marks that masking cuts off
        parts = text.replace(NUMBER, " ").strip(MARKS).split(None, _READ_WORDS)[:_READ_WORDS]
        words = [part for part in parts if part.strip(_MARKS)]
        following = parts[1] if words[1:] and words[0] is parts[0] else None
    if not words or (len(words) < 2 and not text.isascii()):
        return True  # Chinese and Japanese are masked as sentences and have no spaces to cut at
    forms = _forms(words[0])
    if len(words) < 2:
        return any(form in outlines and (form != NAME or len(forms) == 1) for form in forms)
    for form in forms:
        seconds = outlines.get(form)
        if seconds is None or (form == NAME and following and not _may_be_name(forms, following)):
            continue
        for second in ("", *_forms(words[1])):
            longest = seconds.get(second)
            if longest is not None and _has_one(line or text, longest):
                return True
    return False


def _has_one(text: str, words: frozenset[str]) -> bool:
    lower = text.lower()
    return any(word in lower for word in words)


def _may_be_name(forms: tuple[str, ...], following: str) -> bool:
    """Whether the first word of a text, which may be a name elsewhere, is one before `following`."""
    return len(forms) == 1 or NAME in _forms(following)


def _read_forms(word: str) -> tuple[str, ...]:
    return tuple(map(_bare, possible_forms(word)))


_remembered_forms = lru_cache(maxsize=_REMEMBERED_WORDS)(_read_forms)


def _forms(word: str) -> tuple[str, ...]:
    """What a word may come out of masking as, without marks around it."""
    return _remembered_forms(word) if len(word) <= _LONGEST_CHARS else _read_forms(word)


def _is_mask(word: str) -> bool:
    return word in {NUMBER, NAME}


def _bare(word: str) -> str:
    """A word without marks around it; of a masked one, the mask."""
    return word[0] if word[:1] in {NUMBER, NAME} else word.strip(_MARKS)[:_LONGEST_CHARS]
