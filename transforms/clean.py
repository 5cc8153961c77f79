"""Find edits: what the rules and the tidying take out of a text.

All rules look at the same text and their spans are merged afterwards, so their order cannot change the result. What
is left is looked at again until nothing more is found (a block's heading may come to stand beside its block only
then): so cleaning a clean text changes nothing.
"""

from __future__ import annotations

from transforms.edits import apply_edits, compose_deletions, edits_from_spans, merge_spans
from transforms.page import Page
from transforms.rule import RuleSet, find_spans
from transforms.rules import COMPILED
from transforms.tidy import find_tidy
from transforms.types import Edit

_MOST_ROUNDS = 6


def find_edits(text: str, rules: RuleSet = COMPILED) -> tuple[Edit, ...]:
    """The ledger that cleans `text`: sorted, non-overlapping deletions in code points of `text`."""
    edits = _find_once(text, rules)
    found = edits
    for _ in range(_MOST_ROUNDS):
        if not found:
            break
        found = _find_once(apply_edits(text, edits), rules)
        edits = compose_deletions(text, edits, found)
    return edits


def _find_once(text: str, rules: RuleSet) -> tuple[Edit, ...]:
    page = Page(text)
    removed = merge_spans(find_spans(page, rules))
    return edits_from_spans(text, (*removed, *find_tidy(page, removed)))
