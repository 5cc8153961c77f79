"""Find edits: what the rules, the line model and the tidying take out of a text.

First the rules: patterns alone, then, on what they leave, patterns and block finders together, until nothing more is
found: a block (related titles, a comment thread) is seen best when the buttons and notices inside it are gone. Within a
round all rules look at the same text and their spans are merged afterwards, so their order cannot change the result;
and since the last round finds nothing, the rules change nothing in a text that they have cleaned.

Then, once, the line model judges each line of the original, knowing what the rules took of it and around it. It goes
by the page as it came, so it is not asked again of what is left: a page without its furniture is another page.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator

from transforms.cover import cover_lines
from transforms.edits import apply_edits, compose_deletions, edits_from_spans, merge_spans
from transforms.line_model import find_model_spans
from transforms.page import Page
from transforms.rule import KnownLines, RuleSet, find_spans
from transforms.rules import COMPILED
from transforms.templates import NO_TEMPLATES, KnownTemplates, Templates, find_template_spans
from transforms.tidy import find_tidy
from transforms.types import Edit, Span

_MOST_ROUNDS = 6


def find_edits(
    text: str,
    rules: RuleSet = COMPILED,
    templates: Templates = NO_TEMPLATES,
    titles: tuple[str, ...] = (),
    *,
    is_chosen: bool = False,
) -> tuple[Edit, ...]:
    """The ledger that cleans `text`: sorted, non-overlapping deletions in code points of `text`.

    `templates` are those of the text's source; they are looked for together with the patterns. `titles` is what the
    document is called, if known (see Page). `is_chosen`: the block model chose the text from a page's tree.
    """
    page = Page(text, titles)
    edits = _find_by_rules(page, rules, templates)
    if not rules.uses_model:
        return edits
    found = find_model_spans(page, cover_lines(page, edits), is_chosen=is_chosen)
    taken = (Span(e.start, e.end, e.kind, e.rule, e.probability) for e in edits)
    spans = merge_spans((*taken, *beside(found, edits)))
    return edits_from_spans(text, (*spans, *find_tidy(page, spans)))


def find_rule_edits(text: str, rules: RuleSet = COMPILED, templates: Templates = NO_TEMPLATES) -> tuple[Edit, ...]:
    """What rules and templates alone take, in the same form."""
    return _find_by_rules(Page(text), rules, templates)


def beside(spans: Iterable[Span], edits: tuple[Edit, ...]) -> Iterator[Span]:
    """The parts of `spans` that the edits leave: what two find belongs to the edit."""
    ends = [edit.end for edit in edits]
    for span in spans:
        start = span.start
        for number in range(bisect_right(ends, span.start), len(edits)):
            edit = edits[number]
            if edit.start >= span.end:
                break
            if edit.start > start:
                yield Span(start, edit.start, span.kind, span.rule, span.probability)
            start = max(start, edit.end)
        if start < span.end:
            yield Span(start, span.end, span.kind, span.rule, span.probability)


def _find_by_rules(page: Page, rules: RuleSet, templates: Templates) -> tuple[Edit, ...]:
    known: tuple[KnownLines, KnownTemplates] = {}, {}
    edits = _find_once(page, rules, templates, known, patterns_only=True)
    left = page
    found = edits
    for _ in range(_MOST_ROUNDS):
        if found:
            left = Page(apply_edits(left.text, found), page.titles)
        found = _find_once(left, rules, templates, known, patterns_only=False)
        if not found:
            break
        edits = compose_deletions(page.text, edits, found)
    return edits


def _find_once(
    page: Page,
    rules: RuleSet,
    templates: Templates,
    known: tuple[KnownLines, KnownTemplates],
    *,
    patterns_only: bool,
) -> tuple[Edit, ...]:
    spans = find_spans(page, rules, patterns_only=patterns_only, known=known[0])
    removed = merge_spans((*spans, *find_template_spans(page, templates, known[1])))
    return edits_from_spans(page.text, (*removed, *find_tidy(page, removed)))
