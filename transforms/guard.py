"""The over-removal guard: a document that cleaning would all but empty is kept whole and flagged instead.

Losing article text is worse than leaving an artifact. A removal this large means that rules or model misread the
document, or that it holds no article; either way a person should look.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from transforms.cover import solid_chars, taken_chars
from transforms.page import Page
from transforms.types import Edit, Flag
from transforms.words import ends_sentence, words_of

# Of 162 labelled documents those with an article in them are artifacts to 82 % at most; the two beyond, at 99 and
# 100 %, hold none. Of 250 whole pages as plain text, one in fifty is beyond 85 %: menus, which are no prose, so the
# bound on lines of prose lets their removal through.
LARGEST_SHARE = 0.85
SHORTEST_CHARS = 400  # below, one block of artifacts is easily most of a text
PROSE_WORDS = 12  # a line with as many words and a mark at its end is prose
LEAST_PROSE_SHARE = 0.1  # with less, a page is a list or a menu whose one sentence may be the cookie notice
_BEGINNING_CHARS = 150
_LOST = 0.5  # a line of prose is lost when more of it goes
_RULES_NAMED = 3


def guard_edits(original: str, edits: tuple[Edit, ...]) -> tuple[tuple[Edit, ...], Flag | None]:
    """The edits and no flag; or no edits and the flag `over-removal`, with figures and the rules that took most.

    A document is kept whole when all of its prose would go, if at least LEAST_PROSE_SHARE of it is prose; or, from
    SHORTEST_CHARS on, more than LARGEST_SHARE both of its characters (white space aside) and of its lines of prose.
    Where there was no line of prose to begin with and the text is short, nothing speaks against taking all of it.
    """
    if not edits:
        return edits, None
    chars, removed = solid_chars(original), sum(solid_chars(edit.text) for edit in edits)
    share = removed / max(chars, 1)
    if share <= LEAST_PROSE_SHARE * _LOST:  # too little for either bound: nearly all documents end here
        return edits, None
    prose = tuple(line for line in Page(original).lines if is_prose(line.text))
    lost = sum(taken > _LOST * solid_chars(line.text) for line, taken in taken_chars(prose, edits))
    prose_share = lost / len(prose) if prose else 1.0
    has_prose = bool(prose) and sum(solid_chars(line.text) for line in prose) >= LEAST_PROSE_SHARE * chars
    is_too_much = chars >= SHORTEST_CHARS and min(share, prose_share) > LARGEST_SHARE
    if not is_too_much and not (has_prose and prose_share == 1.0):
        return edits, None
    return (), Flag(
        "over-removal",
        f"kept whole: {removed} of {chars} characters ({share:.0%}) and {lost} of {len(prose)} lines of prose "
        f"would go; most by {_most(edits)}",
    )


def is_prose(text: str) -> bool:
    """Whether a line is prose: it ends a sentence and has PROSE_WORDS words."""
    # The first two are quick, and rule out most lines of menus before their words are counted; a paragraph has enough
    # of them at its beginning.
    if len(text) < PROSE_WORDS or not ends_sentence(text):
        return False
    return len(words_of(text[:_BEGINNING_CHARS])) >= PROSE_WORDS or len(words_of(text)) >= PROSE_WORDS


def _most(edits: Sequence[Edit]) -> str:
    counts: Counter[str] = Counter()
    for edit in edits:
        counts[edit.rule] += solid_chars(edit.text)
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(f"{rule} ({chars})" for rule, chars in ordered[:_RULES_NAMED])
