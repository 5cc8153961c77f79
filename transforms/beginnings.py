"""Which sentences need not be masked: none of a source's templates begins as they do.

Masking reads every word of a sentence; most sentences of an article can be told from all templates of its source by
their first two words. The other way round nothing is said: a sentence that may begin like a template is masked and
compared. A first or second word may come out of masking as it is, or as a number or a name, so each is tried.
"""

from __future__ import annotations

from collections.abc import Iterable

from transforms.mask import MARKS, NAME, NUMBER, possible_forms

Beginning = tuple[str, ...]

_MARKS = MARKS + "?\"'“”‘’«»„()[]"  # more than masking cuts off: what a frame is without, its line is compared without
_LONGEST_CHARS = 40  # of a word that is compared
_SHORTEST_MASKED_CHARS = 300  # as much of a masked text is stored
_READ_WORDS = 6


def beginnings_of(masked_texts: Iterable[str]) -> frozenset[Beginning] | None:
    """The first two words of each masked text, or the mask it begins with; None where one has no two words to tell.

    Texts of one word are no reason for that: a sentence of one word is always compared.
    """
    found = set()
    for masked in masked_texts:
        words = [word for part in masked.split() if (word := _bare(part))]
        if len(words) < 2 and len(masked) >= _SHORTEST_MASKED_CHARS:
            return None
        found.add(tuple(words[:1]) if words and words[0] in {NUMBER, NAME} else tuple(words[:2]))
    return frozenset(found)


def may_begin(text: str, beginnings: frozenset[Beginning]) -> bool:
    """Whether the masked form of a sentence may begin like one of these; True where it has no two words."""
    parts = text.replace(NUMBER, " ").strip(MARKS).split(None, _READ_WORDS)[:_READ_WORDS]
    words = [part for part in parts if part.strip(_MARKS)]
    if len(words) < 2:
        return True
    following = parts[1] if words[0] is parts[0] else None
    firsts = [_bare(form) for form in possible_forms(words[0], following)]
    if any((first,) in beginnings for first in firsts):
        return True
    return any((first, _bare(second)) in beginnings for second in possible_forms(words[1]) for first in firsts)


def _bare(word: str) -> str:
    """A word without marks around it; of a masked one, the mask."""
    return word[0] if word[:1] in {NUMBER, NAME} else word.strip(_MARKS)[:_LONGEST_CHARS]
