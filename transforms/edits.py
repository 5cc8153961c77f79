"""The ledger: what was taken out of a text, such that every original can be restored to the character.

    apply_edits(original, edits) == clean      revert_edits(clean, edits) == original

Edits are sorted, do not overlap, and count code points of the original. All functions are linear in the text.
"""

from __future__ import annotations

from collections.abc import Iterable

from transforms.types import Edit, Span, WinnowError


class LedgerError(WinnowError):
    """A ledger that does not fit its text."""


def merge_spans(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Sort spans and cut overlaps, so that no character is taken twice; input order does not matter.

    Where two spans overlap, the one that starts first (the longer, if both start together) keeps all of its range,
    and the later one keeps what lies beyond it under its own rule.
    """
    merged: list[Span] = []
    end = 0
    for span in sorted(spans, key=lambda s: (s.start, -s.end, s.kind, s.rule, s.probability)):
        if span.end <= max(end, span.start):  # taken already, or nothing
            continue
        merged.append(Span(max(span.start, end), span.end, span.kind, span.rule, span.probability))
        end = span.end
    return tuple(merged)


def edits_from_spans(text: str, spans: Iterable[Span]) -> tuple[Edit, ...]:
    """Turn spans over `text` into deletions; overlaps are merged first."""
    return tuple(
        Edit(s.start, s.end, s.kind, s.rule, text[s.start : s.end], probability=s.probability)
        for s in merge_spans(spans)
    )


def apply_edits(original: str, edits: Iterable[Edit]) -> str:
    """The clean text. Raises LedgerError where an edit does not fit the original."""
    pieces: list[str] = []
    at = 0
    for edit in edits:
        if edit.start < at or original[edit.start : edit.end] != edit.text:
            raise LedgerError(
                f"edit [{edit.start}, {edit.end}) of rule {edit.rule} does not fit the text: "
                f"it must begin at {at} or later and hold {edit.text[:40]!r}, "
                f"found {original[edit.start : edit.end][:40]!r}; the ledger belongs to another text"
            )
        pieces += (original[at : edit.start], edit.replacement)
        at = edit.end
    pieces.append(original[at:])
    return "".join(pieces)


def revert_edits(clean: str, edits: Iterable[Edit]) -> str:
    """The original text, restored from the clean text and the ledger."""
    pieces: list[str] = []
    at = at_original = 0
    for edit in edits:
        kept = edit.start - at_original
        pieces += (clean[at : at + kept], edit.text)
        at += kept + len(edit.replacement)
        at_original = edit.end
    pieces.append(clean[at:])
    return "".join(pieces)


def compose_deletions(original: str, first: tuple[Edit, ...], then: Iterable[Edit]) -> tuple[Edit, ...]:
    """One ledger on `original` for deletions `first`, followed by deletions `then` on the text that first leaves.

    A later deletion that reaches across an earlier one becomes the pieces around it.
    """
    kept: list[tuple[int, int]] = []  # (start in clean, start in original) of every run that `first` keeps
    clean_at = original_at = 0
    for edit in first:
        if edit.start > original_at:
            kept.append((clean_at, original_at))
            clean_at += edit.start - original_at
        original_at = edit.end
    kept.append((clean_at, original_at))

    pieces: list[Edit] = list(first)
    run = 0
    for edit in then:
        at = edit.start
        while at < edit.end:
            while run + 1 < len(kept) and kept[run + 1][0] <= at:
                run += 1
            run_end = kept[run + 1][0] if run + 1 < len(kept) else edit.end
            stop = min(edit.end, run_end)
            shift = kept[run][1] - kept[run][0]
            taken = original[at + shift : stop + shift]
            pieces.append(Edit(at + shift, stop + shift, edit.kind, edit.rule, taken, "", edit.probability))
            at = stop
    return tuple(sorted(pieces, key=lambda e: e.start))
