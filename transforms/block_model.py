"""Judge each block of a page: main content, or furniture (menus, teasers, forms, captions, comments, adverts).

A network reads the blocks in the light of the tree around them; where it is not sure, decision trees weigh what it said
with the measures of the block and its neighbours. docs/block_model_card.md says what it was trained on and how good it
is; the same page always gets the same probabilities.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from transforms.block_features import Measured, measure_blocks
from transforms.block_net import BlockNet, read_measured
from transforms.block_trees import block_rows, is_unsure
from transforms.blocks import Blocks
from transforms.line_trees import Trees, sigmoid, tree_odds, trees_from
from transforms.model_weights import Arrays, net_layers, read_weights
from transforms.page_traits import page_traits

# A few words more or less do not change the F1 of a page, but a label or a link among the prose is seen. So where the
# page is clear, a short block must be likelier. By cross-validation: of the segments that must go 2.3 % stay and not
# 2.9 %, of those that must stay 88.6 % and not 88.8 %.
SHORT_WORDS, SHORT_FROM, CLEAR_F1 = 12, 0.6, 0.85


@dataclass(frozen=True, slots=True)
class BlockModel:
    """All weights: the network, the trees that are asked where it is not sure, what tells a list from an article."""

    net: BlockNet
    trees: Trees
    list_weights: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class PageJudgement:
    """What the model says of a page: for each block the probability 0-1 that it is main content, and whether it is
    taken for it; the word F1 that this choice is expected to have, 0-1; and the probability that the page is a list
    (of links, goods or stories) and no article."""

    probabilities: NDArray[np.float64]
    is_content: NDArray[np.bool_]
    expected_f1: float
    list_probability: float


def judge_blocks(found: Blocks, title: str, model: BlockModel | None = None) -> PageJudgement:
    """Judge the blocks of a page; `title` is what its head says. `model` is that of the package by default."""
    if not found.blocks:
        return PageJudgement(np.zeros(0), np.zeros(0, np.bool_), 0.0, 0.0)
    model = model or load_block_model()
    seen = measure_blocks(found, title)
    probabilities = sigmoid(block_odds(model, seen))
    words = words_of(seen)
    is_content, expected = choose_blocks(probabilities, words)
    if expected >= CLEAR_F1:
        is_content &= (probabilities >= SHORT_FROM) | (words >= SHORT_WORDS)
    is_list = float(sigmoid(page_traits(found, seen, probabilities) @ model.list_weights))
    return PageJudgement(probabilities, is_content, expected, is_list)


def block_odds(model: BlockModel, seen: Measured) -> NDArray[np.float64]:
    """The log-odds of each block that it is main content."""
    said = read_measured(model.net, seen)
    odds = said.astype(np.float64)
    asked = is_unsure(said)
    if asked.any():
        odds[asked] = tree_odds(model.trees, block_rows(seen, said)[asked])
    return odds


def words_of(seen: Measured) -> NDArray[np.float64]:
    """The words of each block, never quite none."""
    return seen.lines.column("words").astype(np.float64) + 0.01


def choose_blocks(probabilities: NDArray[np.float64], words: NDArray[np.float64]) -> tuple[NDArray[np.bool_], float]:
    """The choice of blocks with the best expected word F1, and that F1.

    The best choice takes all blocks from some probability on: half of the F1 that it reaches (Lipton, Elkan and
    Narayanaswamy, 2014). So a page that is easy to judge is cut near 0.5, and of an unclear one more is kept.
    """
    order = np.argsort(-probabilities, kind="stable")
    right = np.cumsum((probabilities * words)[order])
    expected = 2 * right / (np.cumsum(words[order]) + right[-1])
    best = int(expected.argmax())
    chosen = np.zeros(len(words), np.bool_)
    chosen[order[: best + 1]] = True
    return chosen, float(expected[best])


@cache
def load_block_model() -> BlockModel:
    """The weights that come with the package, read once."""
    return block_model_from(read_weights("block_model"))


def block_model_from(arrays: Arrays) -> BlockModel:
    """A model from its stored arrays, as benchmarks/train_block_model.py writes them."""
    net = BlockNet(
        arrays["grams"].astype(np.uint64),
        arrays["gram_vectors"].astype(np.float32),
        arrays["names"].astype(np.uint64),
        arrays["name_vectors"].astype(np.float32),
        net_layers(arrays),
    )
    return BlockModel(net, trees_from(arrays, "trees"), arrays["list_weights"].astype(np.float64))
