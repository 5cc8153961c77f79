"""The second half of the block model: what its decision trees look at (transforms/line_trees.py asks them)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from transforms.block_features import Measured
from transforms.line_features import Floats, moved

SURE_ODDS = 5.0  # beyond these log-odds the network is right 999 times in 1,000, and the trees are not asked
_OUTSIDE = -9.0  # stands for blocks before the first and after the last
_REACH = (-3, -2, -1, 1, 2, 3)
_BESIDE = ("words", "end", "stop_words", "title")


def block_rows(seen: Measured, odds: Floats) -> Floats:
    """One row a block: its measures, and what the network says of it, of its neighbours and of what is around."""
    said = np.clip(odds, -9, 9)
    share = 1 / (1 + np.exp(-said.astype(np.float64)))
    chars = seen.lines.column("chars").astype(np.float64)
    beside = np.column_stack([seen.lines.column(name) for name in _BESIDE])
    sums, weighted, sizes = _sums(share), _sums(share * chars), _sums(chars)
    count = np.maximum(seen.end - seen.first, 1)
    size = np.maximum(sizes[seen.end] - sizes[seen.first], 1)
    return np.column_stack(
        [
            seen.inputs,
            said,
            *moved(said, _REACH, _OUTSIDE),
            *moved(beside, (-1, 1), _OUTSIDE),
            (sums[seen.end] - sums[seen.first]) / count,
            (weighted[seen.end] - weighted[seen.first]) / size,
            np.full(len(said), weighted[-1] / max(sizes[-1], 1)),
            np.full(len(said), np.log1p(weighted[-1])),
            _before(share, chars),
            _before(share[::-1], chars[::-1])[::-1],
        ]
    ).astype(np.float32)


def is_unsure(odds: Floats) -> NDArray[np.bool_]:
    """Which blocks the trees are asked of."""
    return np.abs(odds) < SURE_ODDS


def _sums(values: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.concatenate(([0.0], np.cumsum(values)))


def _before(share: NDArray[np.float64], chars: NDArray[np.float64]) -> NDArray[np.float64]:
    """Content before each block, as a share of all content of the page."""
    found = np.cumsum(share * chars)
    return (found - share * chars) / max(float(found[-1]), 1.0)
