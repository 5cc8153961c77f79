"""Find the lines that no pattern catches: captions, teasers, author boxes, adverts, comments, menus.

A small network reads the page (transforms/line_net.py), then decision trees weigh what it said of each line and around
it (transforms/line_trees.py). Trained on labelled lines by benchmarks/train_line_model.py; docs/line_model_card.md has
data and scores. Text of whole pages (menus, footers and all) is told from extracted text and has trees of its own.
numpy is all it needs, the weights are plain numbers, and the same page always gets the same probabilities.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from transforms.line_features import PROSE_WORDS, Floats, Lines, measure_lines
from transforms.line_net import REFERENCE, Net, line_inputs, read_lines
from transforms.line_trees import Trees, sigmoid, tree_odds, tree_rows, trees_from
from transforms.model_weights import Arrays, net_layers, read_weights
from transforms.page import Page
from transforms.types import Kind, Span

RULE = "line-model"
# By cross-validation on labelled documents; the model card has the curves.
THRESHOLD = 0.92
PAGE_THRESHOLD = 0.6
# Where the model has seen few of a page's words (another language), only what is nearly sure goes. English and German
# pages have 0.45 and more of their words and pairs among the known.
UNKNOWN_THRESHOLD = 0.95
# Where the block model has chosen the text from a page's tree, most furniture is gone, and short lines that are left
# are items of lists: on 838 pages of wcxb-dev and the news benchmark, word F1 of listings falls by 0.027 and of
# collections by 0.054 from 0.92 on, by 0.004 and 0.007 from 0.97 on, that of articles by 0.0008 and 0.0003 (the block
# model had seen these pages, so its text was better than of others).
CHOSEN_THRESHOLD = 0.97
KNOWN_FROM = 0.2
FEWEST_LINES = 3  # a line or two have no neighbours to be judged by
PAGE_FROM = 0.7  # at this probability a text is taken for a whole page: 92 % of them, and 1 % of extracted texts
_EDGE_LINES = 8

# Source code, shell commands, table rows and bare numbers are short lines without sentences, as furniture is. Labels
# for them are unsure too (reference texts drop or reflow them), so the model has no say on them.
_CODE = re.compile(r"[{};=]|^[#$] |\(\)|_\w|->|^\W*\d*\W*$|^(?:return|import|from|else|def|git)(?: |$)")
_CODE_CHARS = 100  # longer lines are never taken for code
_TABLE_ROW = re.compile(r"\|[^|]*\|")


@dataclass(frozen=True, slots=True)
class LineModel:
    """All weights: the network, trees for extracted text and for whole pages, and what tells the two apart."""

    net: Net
    text_trees: Trees
    page_trees: Trees
    page_weights: NDArray[np.float64]
    kinds: tuple[Kind, ...]


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the model says of a page: for each line a probability 0-1 (four digits) and the likeliest kind."""

    probabilities: NDArray[np.float64]
    kinds: NDArray[np.intp]
    known_ratio: float
    is_page: bool


def find_model_spans(page: Page, covered: Sequence[float] | None = None, *, is_chosen: bool = False) -> Iterator[Span]:
    """Whole lines that are an artifact, in the order of the page.

    `covered` is the share 0-1 of each line that the rules take, none by default. A line goes from THRESHOLD on, from
    PAGE_THRESHOLD on where the text is a whole page, from UNKNOWN_THRESHOLD on where the words are unknown, and from
    CHOSEN_THRESHOLD on where the text was chosen from a page's tree (`is_chosen`).
    """
    if len(page.lines) < FEWEST_LINES:
        return
    model = load_model()
    judged = judge_page(page, np.zeros(len(page.lines)) if covered is None else covered, model)
    for number in np.flatnonzero(judged.probabilities >= threshold_of(judged, is_chosen=is_chosen)):
        line = page.lines[number]
        if not has_no_say(line.text):
            kind = model.kinds[judged.kinds[number]]
            yield Span(line.start, line.end, kind, RULE, float(judged.probabilities[number]))


def threshold_of(judged: Judgement, *, is_chosen: bool = False) -> float:
    """The probability from which on a line of this page goes."""
    if is_chosen:
        return CHOSEN_THRESHOLD
    if judged.known_ratio < KNOWN_FROM:
        return UNKNOWN_THRESHOLD
    return PAGE_THRESHOLD if judged.is_page else THRESHOLD


def judge_page(page: Page, covered: Sequence[float] | NDArray[np.float64], model: LineModel) -> Judgement:
    """Judge each line of a page that has any; `covered` as for find_model_spans."""
    lines = measure_lines(page, covered)
    inputs = line_inputs(lines)
    odds, kinds, known_ratio = read_lines(model.net, lines, inputs)
    is_page = sigmoid(page_traits(lines, odds) @ model.page_weights) >= PAGE_FROM
    trees = model.page_trees if is_page else model.text_trees
    probabilities = np.round(sigmoid(tree_odds(trees, tree_rows(lines, inputs, odds))), 4)
    return Judgement(probabilities, kinds.argmax(axis=1), known_ratio, bool(is_page))


def page_traits(lines: Lines, odds: Floats) -> NDArray[np.float64]:
    """What tells a whole page from extracted text: many short lines, furniture at both ends. The last one is 1."""
    words, chars = lines.column("words"), lines.column("chars")
    left_out = sigmoid(odds[:, REFERENCE].astype(np.float64))
    prose_chars = chars[words >= PROSE_WORDS].sum() / max(chars.sum(), 1.0)
    ends = left_out[:_EDGE_LINES].mean(), left_out[-_EDGE_LINES:].mean()
    size = np.log1p(len(words)), np.log1p((left_out > 0.5).sum())
    return np.array([*size, (words <= 4).mean(), prose_chars, left_out.mean(), *ends, 1.0])


def has_no_say(text: str) -> bool:
    """Whether a line may be source code, a command, a row of a table or a bare number."""
    return (len(text) <= _CODE_CHARS and _CODE.search(text) is not None) or _TABLE_ROW.match(text) is not None


@cache
def load_model() -> LineModel:
    """The weights that come with the package, read once."""
    return model_from(read_weights("line_model"))


def model_from(arrays: Arrays) -> LineModel:
    """A model from its stored arrays, as benchmarks/train_line_model.py writes them."""
    return LineModel(
        Net(arrays["grams"].astype(np.uint64), arrays["vectors"].astype(np.float32), net_layers(arrays)),
        trees_from(arrays, "text"),
        trees_from(arrays, "page"),
        arrays["page_weights"].astype(np.float64),
        tuple(str(kind) for kind in arrays["kinds"]),  # type: ignore[misc]
    )
