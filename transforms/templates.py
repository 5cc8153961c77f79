"""The templates of one source, and where they stand on a page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from transforms.fingerprints import Unit, find_edge, read_line
from transforms.guard import is_prose
from transforms.outlines import Outlines, may_fit
from transforms.page import Page, find_sentences
from transforms.types import Kind, Span

RULE_PREFIX = "template:"
# What a site repeats is of every kind, and nobody has said which. Where a rule finds the same span, its kind comes
# first in the alphabet or its id does, so the ledger names the rule.
KIND: Kind = "widget"


@dataclass(frozen=True, slots=True)
class Templates:
    """The active templates of a source: fingerprint -> template id (16 hex digits).

    `outlines` are those of their masked texts; without them each sentence is masked and compared.
    """

    texts: Mapping[int, str] = field(default_factory=dict)
    frames: Mapping[int, str] = field(default_factory=dict)
    outlines: Outlines | None = None


TemplatesBySource = Mapping[str, Templates]
NO_TEMPLATES = Templates()
NO_SOURCES: TemplatesBySource = {}


@dataclass(frozen=True, slots=True)
class LineTemplates:
    """The templates in a line, whatever page it stands on: ranges within it, and whether they are its label."""

    ranges: tuple[tuple[int, int, str], ...]
    is_whole: bool
    is_label: bool


_NOTHING = LineTemplates((), is_whole=False, is_label=False)
KnownTemplates = dict[str, LineTemplates]


def find_template_spans(page: Page, templates: Templates, known: KnownTemplates | None = None) -> Iterator[Span]:
    """A span for each line or sentence that is one of `templates`.

    A label ("Share this", but "Ingredients" too) goes only as part of a block of template lines, or as the last line:
    a heading has its own text below it. `known` remembers, from one page to the next of one source, what was found in
    a line.
    """
    if not templates.texts and not templates.frames:
        return
    known = {} if known is None else known
    lines = []
    for line in page.lines:
        found = known.get(line.text)
        if found is None:
            found = known[line.text] = _find_in_line(line.text, templates)
        lines.append(found)
    if all(found is _NOTHING for found in lines):
        return
    has_label = any(found.is_label for found in lines)
    edge = find_edge([is_prose(line.text) for line in page.lines]) if has_label else frozenset()
    is_out = [line.is_whole and (not line.is_label or number in edge) for number, line in enumerate(lines)]
    last = len(lines) - 1
    for line, found in zip(page.lines, lines, strict=True):
        number = line.number
        if found.is_label:
            is_beside = number == last or is_out[number + 1] or (number > 0 and is_out[number - 1])
            if not (is_out[number] and is_beside):
                continue
        for start, end, template_id in found.ranges:
            yield Span(line.start + start, line.start + end, KIND, f"{RULE_PREFIX}{template_id}")


def _find_in_line(text: str, templates: Templates) -> LineTemplates:
    outlines = templates.outlines
    if outlines is not None:
        places = find_sentences(text)
        sentences = [text[start:end] for start, end in places] if len(places) > 1 else [text]
        is_possible = any(may_fit(sentence, outlines) for sentence in sentences)
        if not is_possible and (len(places) == 1 or not may_fit(sentences[0], outlines, text)):
            return _NOTHING
    units = read_line(text).units
    found = [(unit, template_id) for unit in units if (template_id := _template_of(unit, templates))]
    if not found:
        return _NOTHING
    return LineTemplates(
        tuple((unit.start, unit.end, template_id) for unit, template_id in found),
        any(unit.line_text is None for unit, _ in found),
        any(unit.is_label for unit, _ in found),
    )


def _template_of(unit: Unit, templates: Templates) -> str | None:
    template_id = templates.texts.get(unit.text)
    if template_id is None and unit.frame is not None:
        template_id = templates.frames.get(unit.frame)
    return template_id
