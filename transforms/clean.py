"""Find edits: what the rules and the tidying take out of a text.

First the patterns, then, on what they leave, patterns and block finders together, until nothing more is found: a block
(related titles, a comment thread) is seen best when the buttons and notices inside it are gone. Within a round all
rules look at the same text and their spans are merged afterwards, so their order cannot change the result; and since
the last round finds nothing, cleaning a clean text changes nothing.
"""

from __future__ import annotations

from transforms.edits import apply_edits, compose_deletions, edits_from_spans, merge_spans
from transforms.page import Page
from transforms.rule import RuleSet, find_spans
from transforms.rules import COMPILED
from transforms.templates import NO_TEMPLATES, Templates, find_template_spans
from transforms.tidy import find_tidy
from transforms.types import Edit

_MOST_ROUNDS = 6


def find_edits(text: str, rules: RuleSet = COMPILED, templates: Templates = NO_TEMPLATES) -> tuple[Edit, ...]:
    """The ledger that cleans `text`: sorted, non-overlapping deletions in code points of `text`.

    `templates` are those of the text's source; they are looked for together with the patterns.
    """
    edits = _find_once(text, rules, templates, patterns_only=True)
    clean = apply_edits(text, edits)
    for _ in range(_MOST_ROUNDS):
        found = _find_once(clean, rules, templates, patterns_only=False)
        if not found:
            break
        edits = compose_deletions(text, edits, found)
        clean = apply_edits(clean, found)
    return edits


def _find_once(text: str, rules: RuleSet, templates: Templates, *, patterns_only: bool) -> tuple[Edit, ...]:
    page = Page(text)
    spans = find_spans(page, rules, patterns_only=patterns_only)
    removed = merge_spans((*spans, *find_template_spans(page, templates)))
    return edits_from_spans(text, (*removed, *find_tidy(page, removed)))
