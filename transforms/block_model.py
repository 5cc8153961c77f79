"""Judge each block of a page: main content, or furniture (menus, teasers, forms, captions, comments, adverts).

A network reads the blocks in the light of the tree around them, then decision trees weigh what it said with the
measures of the block and its neighbours. docs/block_model_card.md says what it was trained on and how good it is; the
same page always gets the same probabilities.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from transforms.block_features import measure_blocks
from transforms.block_net import BlockNet, read_measured
from transforms.block_trees import block_rows, is_unsure
from transforms.blocks import Blocks
from transforms.line_trees import Trees, tree_odds, trees_from


@dataclass(frozen=True, slots=True)
class BlockModel:
    """All weights: the network, and the trees that are asked where it is not sure."""

    net: BlockNet
    trees: Trees


def judge_blocks(found: Blocks, title: str, model: BlockModel | None = None) -> NDArray[np.float64]:
    """The probability 0-1 of each block that it is main content; `title` is what the page's head says.

    `model` is that of the package by default.
    """
    if not found.blocks:
        return np.zeros(0)
    model = model or load_block_model()
    seen = measure_blocks(found, title)
    odds = read_measured(model.net, seen).astype(np.float64)
    asked = is_unsure(odds)
    if asked.any():
        odds[asked] = tree_odds(model.trees, block_rows(seen, odds)[asked])
    return 1 / (1 + np.exp(-odds))


@cache
def load_block_model() -> BlockModel:
    """The weights that come with the package, read once."""
    weights = files("transforms") / "weights" / "block_model.npz"
    with weights.open("rb") as opened, np.load(opened, allow_pickle=False) as stored:
        return block_model_from({name: stored[name] for name in stored.files})


def block_model_from(arrays: dict[str, NDArray[np.generic]]) -> BlockModel:
    """A model from its stored arrays, as benchmarks/train_block_model.py writes them."""
    layers = {
        name.removeprefix("net."): value.astype(np.float32) for name, value in arrays.items() if name.startswith("net.")
    }
    return BlockModel(
        BlockNet(
            arrays["grams"].astype(np.uint64),
            arrays["gram_vectors"].astype(np.float32),
            arrays["names"].astype(np.uint64),
            arrays["name_vectors"].astype(np.float32),
            layers,
        ),
        trees_from(arrays, "trees"),
    )
