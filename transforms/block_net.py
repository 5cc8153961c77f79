"""The first half of the block model: a network that reads the blocks of a page in the light of the tree around them.

Each block becomes a vector: its measures, the sum of its words' vectors, and the sums of the vectors of the names
(class, id ...) of itself, of what is near it, of what is far, and of the page. Means over ranges of blocks are added
(the elements around it, what stands before and after, its heading); three convolutions let a block see its neighbours.
Out come the log-odds that a block is part of the main content. Plain numpy: all blocks of a page at once.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from transforms.block_features import Measured
from transforms.line_chars import Hashes
from transforms.line_features import Floats, Numbers, moved

DILATIONS = (1, 2, 4)


@dataclass(frozen=True, slots=True)
class BlockNet:
    """The weights. `grams` and `names` are known hashes, sorted, with a row each in the vectors; `layers` the rest."""

    grams: Hashes
    gram_vectors: Floats
    names: Hashes
    name_vectors: Floats
    layers: dict[str, Floats]


def read_measured(net: BlockNet, seen: Measured) -> Floats:
    """The log-odds of each block that it is content."""
    w = net.layers
    words = _sums_of(net.grams, net.gram_vectors, seen.lines.grams, seen.lines.counts)[0]
    length = np.sqrt((words**2).sum(axis=1, keepdims=True))
    x = np.concatenate([seen.inputs, words, length, *_name_vectors(net, seen)], axis=1)
    h = _relu(x @ w["inp.weight"] + w["inp.bias"])
    h += _relu(_means_around(h, seen) @ w["around.weight"] + h @ w["mid.weight"] + w["mid.bias"])
    for number, reach in enumerate(DILATIONS):
        before, after = moved(h, (-reach, reach), 0)
        beside = np.concatenate([before, h, after], axis=1)
        h += _relu(beside @ w[f"convs.{number}.weight"] + w[f"convs.{number}.bias"])
    h += _relu(_means_around(h, seen) @ w["again.weight"] + h @ w["end.weight"] + w["end.bias"])
    return (h @ w["out.weight"] + w["out.bias"])[:, 0]


def _means_around(h: Floats, seen: Measured) -> Floats:
    """The means of `h` over each of the ranges of a block, side by side."""
    sums = np.concatenate([np.zeros((1, h.shape[1])), np.cumsum(h, axis=0, dtype=np.float64)])
    size = np.maximum(seen.end - seen.first, 1)[:, :, None]
    means: Floats = ((sums[seen.end] - sums[seen.first]) / size).reshape(len(h), -1).astype(np.float32)
    return means


def _name_vectors(net: BlockNet, seen: Measured) -> tuple[Floats, Floats, Floats, Floats]:
    """Of the names of each block and its element, of the two around that, of all further out, and of the page."""
    sums, counts = _sums_of(net.names, net.name_vectors, seen.names, seen.name_counts, by_root=False)
    size = len(seen.parents)
    own, own_counts = sums[size:] + sums[:size][seen.element], counts[size:] + counts[:size][seen.element]
    # A sum over all elements around one: what each adds where it begins and takes back where it ends.
    path, path_counts = _paths(sums[:size], seen.last), _paths(counts[:size], seen.last)
    above = _parent(seen.parents, seen.element)
    further = _parent(seen.parents, _parent(seen.parents, above))
    all_of, all_counts = (_pad(path)[above], _pad(path_counts)[above])
    far, far_counts = (_pad(path)[further], _pad(path_counts)[further])
    return (
        (own / np.sqrt(np.maximum(own_counts, 1))).astype(np.float32),
        ((all_of - far) / np.sqrt(np.maximum(all_counts - far_counts, 1))).astype(np.float32),
        (far / np.sqrt(np.maximum(far_counts, 1))).astype(np.float32),
        np.broadcast_to(sums[0] / np.sqrt(np.maximum(counts[0], 1)), own.shape),
    )


def _parent(parents: Numbers, element: Numbers) -> Numbers:
    """The parents of elements; -1 stands for none and has none."""
    found: Numbers = np.append(parents, -1)[element]
    return found


def _pad(rows: Floats) -> Floats:
    """With a row of zeros at the end, for element -1."""
    return np.concatenate([rows, np.zeros_like(rows[:1])])


def _paths(rows: Floats, last: Numbers) -> Floats:
    steps = np.zeros((len(rows) + 1, rows.shape[1]))
    steps[:-1] = rows
    np.subtract.at(steps, last, rows)
    paths: Floats = np.cumsum(steps[:-1], axis=0)
    return paths


def _sums_of(
    known: Hashes, vectors: Floats, hashes: Hashes, counts: Numbers, *, by_root: bool = True
) -> tuple[Floats, Floats]:
    """For each of several bags of hashes the sum of the vectors of the known ones, and how many they are."""
    row = np.repeat(np.arange(len(counts)), counts)
    sums, found = np.zeros((len(counts), vectors.shape[1]), np.float32), np.zeros((len(counts), 1), np.float32)
    at = np.minimum(np.searchsorted(known, hashes), len(known) - 1)
    is_known = known[at] == hashes
    row, at = row[is_known], at[is_known]
    if len(row):
        begins = np.flatnonzero(np.diff(row, prepend=-1))
        found[row[begins], 0] = np.diff(begins, append=len(row))
        sums[row[begins]] = np.add.reduceat(vectors[at], begins, axis=0)
    if by_root:
        sums /= np.sqrt(np.maximum(found, 1))
    return sums, found


def _relu(values: Floats) -> Floats:
    return np.maximum(values, 0, out=values)
