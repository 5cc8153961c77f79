"""The worst misses and losses of cleaning on labelled documents, with why: what to look at next.

Their texts go to the screen and nowhere else: they are other people's.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from labelled import Labelled

from transforms.clean import find_edits, find_rule_edits
from transforms.cover import cover_lines, solid_chars
from transforms.guard import guard_edits
from transforms.line_model import FEWEST_LINES, has_no_say, judge_page, load_model, threshold_of
from transforms.page import Page
from transforms.types import Edit

_SHOWN_CHARS = 100
_WHOLE_LINE = 0.7  # with less of it to be taken, a line is not the model's to judge: it was trained so
Ledgers = Sequence[tuple[Edit, ...]]


@dataclass(frozen=True, slots=True)
class Miss:
    """An artifact of a document, and where those of its characters stand that cleaning left (white space aside)."""

    document: Labelled
    start: int
    end: int
    kind: str
    left: tuple[int, ...]


def print_misses(documents: Sequence[Labelled], ledgers: Ledgers, count: int = 10) -> None:
    """The artifacts of which most is left. `ledgers` are what cleaning did, one a document."""
    misses = [miss for pair in zip(documents, ledgers, strict=True) for miss in _misses(*pair)]
    misses.sort(key=lambda miss: (-len(miss.left), miss.document.key, miss.start))
    print(f"\nthe {count} worst misses: characters left, document, kind, where, why")
    for miss in misses[:count]:
        place = f"{miss.document.key} {miss.kind} [{miss.start}, {miss.end})"
        print(f"  {len(miss.left):6} {place}: {_why_missed(miss)}")
        print(f"         {_shown(miss.document.text[miss.left[0] : miss.left[-1] + 1])}")


def print_losses(documents: Sequence[Labelled], ledgers: Ledgers, count: int = 10) -> None:
    """The edits that took most content."""
    losses = [
        (document.labels[edit.start : edit.end].count(""), document.key, edit)
        for document, edits in zip(documents, ledgers, strict=True)
        for edit in edits
    ]
    losses = sorted((loss for loss in losses if loss[0]), key=lambda loss: (-loss[0], loss[1], loss[2].start))
    print(f"\nthe {count} worst losses: characters of content taken, document, kind, where, by which rule")
    for chars, key, edit in losses[:count]:
        sure = f" ({edit.probability:.2f})" if edit.probability < 1 else ""
        print(f"  {chars:6} {key} {edit.kind} [{edit.start}, {edit.end}): {edit.rule}{sure}")
        print(f"         {_shown(edit.text)}")


def _misses(document: Labelled, edits: tuple[Edit, ...]) -> Iterator[Miss]:
    taken = {at for edit in edits for at in range(edit.start, edit.end)}
    for start, end, kind in document.artifacts:
        left = tuple(at for at in range(start, end) if document.labels[at] and at not in taken)
        if left:
            yield Miss(document, start, end, kind, left)


def _why_missed(miss: Miss) -> str:
    """No rule knew it; and what the line model said of each line that holds some of it."""
    page, left = Page(miss.document.text), set(miss.left)
    if guard_edits(page.text, find_edits(page.text))[1]:
        return "the guard kept the document whole"
    if len(page.lines) < FEWEST_LINES:
        return f"no rule, and no model for a text of fewer than {FEWEST_LINES} lines"
    judged = judge_page(page, cover_lines(page, find_rule_edits(page.text)), load_model())
    parts = silent = 0
    said = []
    for line in page.lines:
        here = sum(at in left for at in range(line.start, line.end))
        if here < _WHOLE_LINE * solid_chars(line.text):
            parts += here > 0
        elif has_no_say(line.text):
            silent += 1
        else:
            said.append(float(judged.probabilities[line.number]))
    asked = f"where {threshold_of(judged):.2f} is asked"
    reasons = (
        f"lines judged {min(said):.2f} to {max(said):.2f} {asked}: {len(said)}" if said else "",
        f"parts of lines, which only rules take: {parts}" if parts else "",
        f"lines like code, tables or numbers: {silent}" if silent else "",
    )
    return "; ".join(("no rule", *filter(None, reasons)))


def _shown(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN_CHARS else f"{line[: _SHOWN_CHARS - 1]}…"
