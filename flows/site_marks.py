"""An article's original as pieces, with what was removed marked: made of its clean text and its ledger."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from flows.printed import visible_lines


@dataclass(frozen=True, slots=True)
class LedgerEdit:
    """A row of `edits`; offsets are code points of the original."""

    edit_number: int
    start_char: int
    end_char: int
    kind: str
    rule_id: str
    removed_text: str
    replacement: str
    probability_ratio: float

    @property
    def says(self) -> str:
        """What the tip says: kind, rule, and the probability where a model decided."""
        sure = f", probability {self.probability_ratio:.2f}" if self.probability_ratio < 1 else ", certain by rule"
        return f"{self.kind.replace('_', ' ')}, {self.rule_id}{sure}"


@dataclass(frozen=True, slots=True)
class Piece:
    """Text of the original: kept where `edit` is None, else taken out by it."""

    text: str
    edit: LedgerEdit | None = None


def cut_pieces(clean: str, edits: Sequence[LedgerEdit]) -> Iterator[Piece]:
    """The pieces in order; their texts together are the original. `edits` are in order and do not overlap."""
    at = at_original = 0
    for edit in edits:
        kept = edit.start_char - at_original
        if kept:
            yield Piece(clean[at : at + kept])
        yield Piece(edit.removed_text, edit)
        at += kept + len(edit.replacement)
        at_original = edit.end_char
    if at < len(clean):
        yield Piece(clean[at:])


def mark_original(clean: str, edits: Sequence[LedgerEdit]) -> Markup:
    """The pieces as HTML. White space that tidying took out is shown as small signs, too plain to be stopped at."""
    return Markup("".join(_mark(piece) for piece in cut_pieces(clean, edits)))  # noqa: S704 - escaped below


def _mark(piece: Piece) -> str:
    """Escaped by hand: Markup's own formatting takes ten times as long, and a site has a hundred thousand pieces."""
    edit = piece.edit
    if edit is None:
        return escape(visible_lines(piece.text))
    instead = f"<ins>{escape(visible_lines(edit.replacement))}</ins>" if edit.replacement else ""
    if not piece.text.strip():
        signs = piece.text.replace("\n", "¶\n").replace(" ", "·")
        return f'<del class="blank" aria-hidden="true">{escape(visible_lines(signs))}</del>{instead}'
    # Named by position, so that the page can be linked to, and said before the text, for who hears it.
    says = escape(edit.says)
    return (
        f'<del class="k-{_css_name(edit.kind)}" id="edit-{int(edit.edit_number)}" tabindex="0" title="{says}">'
        f'<span class="heard">[removed: {says}] </span>{escape(visible_lines(piece.text))}</del>{instead}'
    )


def _css_name(kind: str) -> str:
    return "".join(character for character in kind if character.isalnum() or character == "_")
