"""The second half of the line model: decision trees that weigh what the network said of a line and around it.

The trees ask the same question at each level ("oblivious"), so a tree is six comparisons and a table of answers, and
many trees share their questions: each question is asked once of all lines, and the answers are looked up.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from transforms.line_features import OWN, Floats, Lines, moved
from transforms.line_net import EDITOR, REFERENCE
from transforms.model_weights import Arrays

_Numbers = NDArray[np.floating]
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


def trees_from(arrays: Arrays, name: str) -> Trees:
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
    said = np.ascontiguousarray(np.clip(odds, -_MOST_ODDS, _MOST_ODDS).T)
    share = 1 / (1 + np.exp(-said))
    covered = np.cumsum(lines.column("covered") > 0.5)
    beside = lines.own[:, [OWN.index(name) for name in _BESIDE]]
    editor = share[EDITOR]
    sums = editor.cumsum(dtype=np.float64)
    order = np.arange(1, len(editor) + 1)
    around = (_mean_around(share, 3), _mean_around(share, 8), _mean_around(np.maximum(share - 0.5, 0), 5))
    single = (
        *_around_odds(EDITOR, (-4, -3, -2, -1, 1, 2, 3, 4), said, share, around),
        *_around_odds(REFERENCE, (-2, -1, 1, 2), said, share, around),
        (sums - editor) / np.maximum(order - 1, 1),
        (sums[-1] - sums) / np.maximum(len(editor) - order, 1),
        covered,
        covered[-1] - covered,
    )
    rows = (inputs[:, :_PLACE_INPUTS], lines.own, *moved(beside, _REACH, _OUTSIDE), np.array(single, np.float32).T)
    return np.concatenate(rows, axis=1)


def tree_odds(trees: Trees, rows: Floats) -> NDArray[np.float64]:
    """The log-odds of each row."""
    found = [np.zeros(0)]
    first_leaf = np.arange(0, trees.leaves.size, trees.leaves.shape[1])[:, None]
    leaves = trees.leaves.ravel()
    for at in range(0, len(rows), _ROWS_AT_ONCE):
        part = np.ascontiguousarray(rows[at : at + _ROWS_AT_ONCE].T)
        # `take` copies whole rows, several times as fast as an index does.
        answers = (part.take(trees.columns, axis=0) > trees.borders[:, None]).view(np.uint8)
        leaf = np.zeros((len(trees.asked), part.shape[1]), np.uint8)
        for asked in trees.asked.T[::-1]:
            leaf += leaf
            leaf |= answers.take(asked, axis=0)
        found.append(leaves.take(leaf + first_leaf).sum(axis=0) + trees.bias)
    return np.concatenate(found)


def sigmoid(odds: NDArray[np.float64] | float) -> NDArray[np.float64]:
    """The probabilities 0-1 of log-odds."""
    return np.asarray(1 / (1 + np.exp(-np.asarray(odds, np.float64))))


def _around_odds(
    which: int, reach: tuple[int, ...], said: _Numbers, share: _Numbers, around: Iterable[Floats]
) -> tuple[_Numbers, ...]:
    odds = said[which]
    whole = np.full(len(odds), share[which].mean(), np.float32)
    return (odds, *moved(odds, reach, _OUTSIDE), *(means[which] for means in around), whole)


def _mean_around(values: _Numbers, reach: int) -> Floats:
    """For each row the means over a window of `reach` lines to both sides, the line itself left out."""
    count = values.shape[1]
    total = np.zeros((len(values), count + 1))
    values.cumsum(axis=1, dtype=np.float64, out=total[:, 1:])
    number = np.arange(count)
    low, high = np.maximum(number - reach, 0), np.minimum(number + reach + 1, count)
    sums = total.take(high, axis=1) - total.take(low, axis=1) - values
    means: Floats = (sums / np.maximum(high - low - 1, 1)).astype(np.float32)
    return means
