"""What each threshold of the line model would take and lose: the table that line_curves.py and cleaning.py print."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

THRESHOLDS = (0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95)
HURT_SHARE = 0.02
_LOSSES = (0.001, 0.003, 0.005, 0.01)
_RULES_ALONE = 2.0  # no line is as sure


@dataclass(frozen=True, eq=False)
class Counted:
    """The characters of a document, white space and neutral ones aside, as pairs of artifact and content.

    By line: the model's probability, on the scale of extracted text, and what the rules leave. Of the whole document:
    what the rules took, and all there is.
    """

    probabilities: NDArray[np.float64]
    artifact: NDArray[np.int64]
    content: NDArray[np.int64]
    taken: tuple[int, int]
    total: tuple[int, int]


def print_table(documents: Sequence[Counted], thresholds: Iterable[float] = THRESHOLDS) -> None:
    """Rules and model together from each threshold on, the rules alone, and recall at fixed losses."""
    artifacts, contents = (sum(one.total[i] for one in documents) for i in (0, 1))
    print("  from    precision  recall  content lost  documents losing over 2 %")
    for threshold in (*thresholds, _RULES_ALONE):
        hits = losses = hurt = 0
        for one in documents:
            chosen = one.probabilities >= threshold
            hits += one.taken[0] + int(one.artifact[chosen].sum())
            lost = one.taken[1] + int(one.content[chosen].sum())
            losses, hurt = losses + lost, hurt + (lost > HURT_SHARE * one.total[1])
        name = f"{threshold:.2f}" if threshold < _RULES_ALONE else "rules"
        print(
            f"  {name:6}  {hits / max(hits + losses, 1):.3f}      {hits / max(artifacts, 1):.3f}   "
            f"{losses / max(contents, 1):.4f}        {hurt / len(documents):.3f}"
        )
    _print_recalls(documents, artifacts, contents)


def _print_recalls(documents: Sequence[Counted], artifacts: int, contents: int) -> None:
    """From the surest line down, until so much of the content is lost."""
    order = np.argsort(-np.concatenate([one.probabilities for one in documents]), kind="stable")
    bad = np.cumsum(np.concatenate([one.artifact for one in documents])[order]) + sum(d.taken[0] for d in documents)
    good = np.cumsum(np.concatenate([one.content for one in documents])[order]) + sum(d.taken[1] for d in documents)
    at = [int(np.searchsorted(good, share * contents, side="right")) - 1 for share in _LOSSES]
    print(
        "  recall at",
        ", ".join(
            f"{s:.1%} lost {bad[i] / max(artifacts, 1) if i >= 0 else 0:.3f}" for s, i in zip(_LOSSES, at, strict=True)
        ),
    )
