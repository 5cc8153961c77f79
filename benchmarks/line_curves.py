"""What the line model does on documents that it has not seen: curves for benchmarks/train_line_model.py.

On hand-labelled documents: characters, white space and neutral ones aside, rules and model together. On pages with a
reference text: mean word F1 of what is left.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from line_sheets import Sheet
from line_table import THRESHOLDS, Counted, print_table
from numpy.typing import NDArray

from transforms.line_model import PAGE_FROM, PAGE_THRESHOLD, THRESHOLD

_WORD = re.compile(r"\w+")


@dataclass(frozen=True, eq=False)
class Held:
    """A held-out sheet: the probability that it is a whole page, and those of its lines by both sets of trees."""

    sheet: Sheet
    page: float
    as_text: NDArray[np.float64]
    as_page: NDArray[np.float64]

    @property
    def probabilities(self) -> NDArray[np.float64]:
        """On the scale of extracted text: where the text is taken for a page, its threshold is moved there."""
        if self.page < PAGE_FROM:
            return self.as_text
        return np.where(self.as_page >= PAGE_THRESHOLD, np.maximum(self.as_page, THRESHOLD), self.as_page / 2)


def print_curves(held: Sequence[Held]) -> None:
    """All tables."""
    edited = [one for one in held if one.sheet.by_editor]
    for title, chosen in (
        ("gold/dev.jsonl (the rules' author has seen it)", [h for h in edited if h.sheet.origin == "gold"]),
        ("wcxb-dev and news-benchmark", [h for h in edited if h.sheet.origin in {"wcxb-dev", "news-benchmark"}]),
        ("dates", [h for h in edited if h.sheet.origin == "dates"]),
        ("all", edited),
    ):
        if chosen:
            _print_edited(title, chosen)
    for title, origin in (("whole pages", "whole"), ("trafilatura's output", "trafilatura")):
        _print_f1(title, [h for h in held if h.sheet.reference and h.sheet.origin == origin])


def _print_edited(title: str, held: Sequence[Held]) -> None:
    print(f"\n{title}: {len(held)} documents, {sum(h.page >= PAGE_FROM for h in held)} taken for whole pages")
    print_table([_counted(one) for one in held])


def _counted(one: Held) -> Counted:
    sheet = one.sheet
    assert sheet.artifact is not None
    assert sheet.content is not None
    return Counted(one.probabilities, sheet.artifact, sheet.content, sheet.taken, sheet.total)


def _print_f1(title: str, held: Sequence[Held]) -> None:
    print(f"\n{title}: {len(held)} documents, {sum(h.page >= PAGE_FROM for h in held)} taken for whole pages; word F1")
    nothing = {h.sheet.name: np.zeros(len(h.as_text), np.bool_) for h in held}
    print(f"  as is {_mean_f1(held, nothing, rules=False):.4f}, rules {_mean_f1(held, nothing):.4f}")
    for threshold in THRESHOLDS:
        one_way = {h.sheet.name: (h.as_page if h.page >= PAGE_FROM else h.as_text) >= threshold for h in held}
        print(f"  both sets of trees from {threshold:.2f}: {_mean_f1(held, one_way):.4f}")
    as_set = {h.sheet.name: h.probabilities >= THRESHOLD for h in held}
    print(f"  as set (text from {THRESHOLD}, pages from {PAGE_THRESHOLD}): {_mean_f1(held, as_set):.4f}")
    known = {h.sheet.name: h.as_page >= PAGE_THRESHOLD for h in held}
    print(f"  told that it is a whole page: {_mean_f1(held, known):.4f}")


def _mean_f1(held: Sequence[Held], removed: dict[str, NDArray[np.bool_]], *, rules: bool = True) -> float:
    return float(np.mean([_f1(_left(h.sheet, removed[h.sheet.name], rules), h.sheet.reference) for h in held]))


def _left(sheet: Sheet, removed: NDArray[np.bool_], rules: bool) -> str:
    kept = []
    for (start, end), gone in zip(sheet.spans, removed, strict=True):
        if not gone:
            line, taken = sheet.text[start:end], sheet.removed[start:end]
            if rules and taken.any():
                line = "".join(char for char, is_taken in zip(line, taken, strict=True) if not is_taken)
            kept.append(line)
    return "\n".join(kept)


def _f1(got: str, true: str) -> float:
    got_words, true_words = (Counter(_WORD.findall(text.lower())) for text in (got, true))
    if not got_words or not true_words:
        return float(not got_words and not true_words)
    return 2 * sum((got_words & true_words).values()) / (got_words.total() + true_words.total())
