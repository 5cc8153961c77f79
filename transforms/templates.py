"""The templates of one source, and where they stand on a page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from transforms.fingerprints import Unit, find_units
from transforms.page import Page
from transforms.types import Kind, Span

RULE_PREFIX = "template:"
# What a site repeats is of every kind, and nobody has said which. Where a rule finds the same span, its kind comes
# first in the alphabet or its id does, so the ledger names the rule.
KIND: Kind = "widget"


@dataclass(frozen=True, slots=True)
class Templates:
    """The active templates of a source: fingerprint -> template id (16 hex digits)."""

    texts: Mapping[int, str] = field(default_factory=dict)
    frames: Mapping[int, str] = field(default_factory=dict)


TemplatesBySource = Mapping[str, Templates]
NO_TEMPLATES = Templates()
NO_SOURCES: TemplatesBySource = {}


def find_template_spans(page: Page, templates: Templates) -> Iterator[Span]:
    """A span for each line or sentence that is one of `templates`.

    A label ("Share this", but "Ingredients" too) goes only as part of a block of template lines, or as the last line:
    a heading has its own text below it.
    """
    if not templates.texts and not templates.frames:
        return
    found = [(unit, template_id) for unit in find_units(page) if (template_id := _template_of(unit, templates))]
    lines = {unit.line for unit, _ in found if unit.line_text is None}
    last = len(page.lines) - 1
    for unit, template_id in found:
        if not unit.is_label or unit.line == last or lines & {unit.line - 1, unit.line + 1}:
            yield Span(unit.start, unit.end, KIND, f"{RULE_PREFIX}{template_id}")


def _template_of(unit: Unit, templates: Templates) -> str | None:
    template_id = templates.texts.get(unit.text)
    if template_id is None and unit.frame is not None:
        template_id = templates.frames.get(unit.frame)
    return template_id
