"""The second half of the line model: decision trees that weigh what the network said of a line and around it.

The trees ask the same question at each level ("oblivious"), so a tree is six comparisons and a table of answers, and
many trees share their questions: each question is asked once of all lines, and the answers are looked up.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from transforms.line_features import OWN, Floats, Lines, moved
from transforms.line_net import EDITOR, REFERENCE

_ROWS_AT_ONCE = 512  # bounds memory: a row takes about 3 kB while the trees look at it
_OUTSIDE = -9.0  # stands for lines before the first and after the last
_BESIDE = (
    *("words", "title", "stop_words", "spread_long", "numbers", "repeats", "end", "of_bar", "month", "you", "we"),
    *("tells", "capitals", "chars", "covered"),
)
_REACH = (-2, -1, 1, 2)
_PLACE_INPUTS = 37  # of the network's inputs, those before the shares of characters
_MOST_ODDS = 9.0


@dataclass(frozen=True, slots=True)
class Trees:
    """`columns` and `borders` are the questions; `asked` (tree, level) which of them; `leaves` (tree, answers)."""

    columns: NDArray[np.intp]
    borders: Floats
    asked: NDArray[np.intp]
    leaves: NDArray[np.float64]
    bias: float


def trees_from(arrays: dict[str, NDArray[np.generic]], name: str) -> Trees:
    """Trees from the stored arrays whose names begin with `name` and a dot."""
    return Trees(
        arrays[f"{name}.columns"].astype(np.intp),
        arrays[f"{name}.borders"].astype(np.float32),
        arrays[f"{name}.asked"].astype(np.intp),
        arrays[f"{name}.leaves"].astype(np.float64),
        float(arrays[f"{name}.bias"]),
    )


def tree_rows(lines: Lines, inputs: Floats, odds: Floats) -> Floats:
    """One row a line: its measures and place, its neighbours', and the network's log-odds of the lines around."""
    said = np.clip(odds, -_MOST_ODDS, _MOST_ODDS)
    covered = np.cumsum(lines.column("covered") > 0.5)
    beside = lines.own[:, [OWN.index(name) for name in _BESIDE]]
    editor = 1 / (1 + np.exp(-said[:, EDITOR]))
    sums = np.cumsum(editor, dtype=np.float64)
    order = np.arange(1, len(editor) + 1)
    return np.column_stack(
        [
            inputs[:, :_PLACE_INPUTS],
            lines.own,
            *(moved(beside, by, _OUTSIDE) for by in _REACH),
            *_around_odds(said[:, EDITOR], (-4, -3, -2, -1, 1, 2, 3, 4)),
            *_around_odds(said[:, REFERENCE], (-2, -1, 1, 2)),
            (sums - editor) / np.maximum(order - 1, 1),
            (sums[-1] - sums) / np.maximum(len(editor) - order, 1),
            covered,
            covered[-1] - covered,
        ]
    ).astype(np.float32)


def tree_odds(trees: Trees, rows: Floats) -> NDArray[np.float64]:
    """The log-odds of each row."""
    found = [np.zeros(0)]
    first_leaf = np.arange(0, trees.leaves.size, trees.leaves.shape[1])[:, None]
    leaves = trees.leaves.ravel()
    for at in range(0, len(rows), _ROWS_AT_ONCE):
        part = np.ascontiguousarray(rows[at : at + _ROWS_AT_ONCE].T)
        answers = (part[trees.columns] > trees.borders[:, None]).view(np.uint8)
        leaf = np.zeros((len(trees.asked), part.shape[1]), np.uint8)
        for level in range(trees.asked.shape[1]):
            leaf |= answers[trees.asked[:, level]] << np.uint8(level)
        found.append(leaves[leaf + first_leaf].sum(axis=0) + trees.bias)
    return np.concatenate(found)


def _around_odds(odds: Floats, reach: tuple[int, ...]) -> tuple[Floats, ...]:
    share = 1 / (1 + np.exp(-odds))
    sure = np.maximum(share - 0.5, 0)
    whole = np.full(len(odds), share.mean(), np.float32)
    beside = (moved(odds, by, _OUTSIDE) for by in reach)
    return (odds, *beside, _mean_around(share, 3), _mean_around(share, 8), _mean_around(sure, 5), whole)


def _mean_around(values: NDArray[np.floating], reach: int) -> Floats:
    """Mean over a window of `reach` lines to both sides, the line itself left out."""
    total = np.concatenate(([0.0], np.cumsum(values, dtype=np.float64)))
    number = np.arange(len(values))
    low, high = np.maximum(number - reach, 0), np.minimum(number + reach + 1, len(values))
    means: Floats = ((total[high] - total[low] - values) / np.maximum(high - low - 1, 1)).astype(np.float32)
    return means
