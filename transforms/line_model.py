"""Find the lines that no pattern catches: captions, teasers, author boxes, adverts, comments.

Two small sets of decision trees, trained on labelled lines (benchmarks/train_line_model.py, docs/line_model_card.md).
The first judges a line by itself, its place and its neighbours; the second judges again, knowing what the first said
of the lines around. A third, linear model names the kind. numpy is all they need, the weights are plain numbers and
words, and the same page always gets the same probabilities. Run it on the text that the pattern rules have left.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from transforms.line_features import Floats, Words, is_known_page, measure_lines, near, words_of_line
from transforms.page import Line, Page
from transforms.types import Kind, Span

RULE = "line-model"
# By cross-validation on labelled documents (the model card has the curve): from THRESHOLD up, rules and model together
# have a precision of 0.95 and lose 0.35 % of the article text. Other languages are judged by shape and place alone,
# which nobody has measured on labelled documents: only what is nearly sure goes.
THRESHOLD = 0.85
UNKNOWN_THRESHOLD = 0.95
FEWEST_LINES = 3  # a line or two have no neighbours to be judged by
_ROWS_AT_ONCE = 256  # bounds memory: a row takes about 3 kB while the trees look at it

# Source code, shell commands and bare numbers are short lines without sentences, as furniture is. Labels for them are
# unsure too (reference texts drop or reflow code), so the model has no say on them.
_CODE = re.compile(r"[{};=]|^[#$] |\(\)|_\w|->|^\W*\d*\W*$|^(?:return|import|from|else|def|git)(?: |$)")
_CODE_CHARS = 100  # longer lines are never taken for code


@dataclass(frozen=True, slots=True)
class Trees:
    """Trees that ask the same question at each level: `features`, `borders` (tree, level), `leaves` (tree, answers)."""

    features: NDArray[np.intp]
    borders: Floats
    leaves: NDArray[np.float64]
    bias: float


@dataclass(frozen=True, slots=True)
class LineModel:
    """The weights: of words, of both sets of trees, and of a line's traits for each kind."""

    words: dict[str, float]
    first: Trees
    second: Trees
    kinds: tuple[Kind, ...]
    kind_weights: dict[str, list[float]]
    kind_bias: list[float]


def find_model_spans(page: Page, threshold: float = THRESHOLD) -> Iterator[Span]:
    """Whole lines that are an artifact with a probability of at least `threshold` (0-1), in the order of the page.

    Pages in a language whose words the model does not know need at least `UNKNOWN_THRESHOLD`.
    """
    if len(page.lines) < FEWEST_LINES:
        return
    model = load_model()
    said = tuple(words_of_line(line.text) for line in page.lines)
    if not is_known_page(said, model.words):
        threshold = max(threshold, UNKNOWN_THRESHOLD)
    probabilities = judge_lines(page, said, model)
    for number in np.flatnonzero(probabilities >= threshold):
        line = page.lines[number]
        if not is_code(line.text):
            kind = judge_kind(line, said[number], len(page.lines), model)
            yield Span(line.start, line.end, kind, RULE, float(probabilities[number]))


def judge_lines(page: Page, said: tuple[Words, ...], model: LineModel) -> NDArray[np.float64]:
    """The probability 0-1 of each line to be an artifact, rounded to four digits."""
    rows = measure_lines(page, said, model.words)
    first = margins(model.first, rows)
    second = margins(model.second, np.column_stack([rows, near(first)]))
    return np.round(1 / (1 + np.exp(-second)), 4)


def margins(trees: Trees, rows: Floats) -> NDArray[np.float64]:
    """The log-odds of each row."""
    leaves, levels = trees.leaves.ravel(), trees.features.shape[1]
    first_leaf = np.arange(0, leaves.size, trees.leaves.shape[1])
    found = [np.zeros(0)]
    for at in range(0, len(rows), _ROWS_AT_ONCE):
        columns = np.ascontiguousarray(rows[at : at + _ROWS_AT_ONCE].T)  # a question is then asked of all rows at once
        leaf = np.zeros((len(first_leaf), columns.shape[1]), dtype=np.intp)
        for level in range(levels):
            answers = columns.take(trees.features[:, level], axis=0) > trees.borders[:, level, None]
            leaf += answers.astype(np.uint8) << level
        leaf += first_leaf[:, None]
        found.append(leaves.take(leaf).sum(axis=0) + trees.bias)
    return np.concatenate(found)


def is_code(text: str) -> bool:
    """Whether a line may be source code, a command or a bare number."""
    return len(text) <= _CODE_CHARS and _CODE.search(text) is not None


def kind_traits(line: Line, said: Words, lines: int) -> list[str]:
    """What the kind is judged by: the grams of a line, its length, its end and its place, as words."""
    place = int(4 * line.number / lines)
    length = min(len(said.plain) // 4, 8)
    return [
        *said.grams,
        f"place:{place}",
        f"length:{length}",
        f"end:{line.text[-1] if line.text[-1] in '.?!:…' else ''}",
    ]


def judge_kind(line: Line, said: Words, lines: int, model: LineModel) -> Kind:
    """The likeliest kind of a line that is an artifact."""
    total = list(model.kind_bias)
    traits = [weights for trait in kind_traits(line, said, lines) if (weights := model.kind_weights.get(trait))]
    scale = max(len(traits), 1) ** -0.5
    for weights in traits:
        for i, weight in enumerate(weights):
            total[i] += weight * scale
    return model.kinds[total.index(max(total))]


@cache
def load_model() -> LineModel:
    """The weights that come with the package, read once."""
    folder = files("transforms") / "weights"
    words = json.loads((folder / "line_words.json").read_text(encoding="utf-8"))
    with (folder / "line_trees.npz").open("rb") as opened, np.load(opened, allow_pickle=False) as arrays:
        first, second = (
            Trees(
                arrays[f"{name}_features"].astype(np.intp),
                arrays[f"{name}_borders"],
                arrays[f"{name}_leaves"].astype(np.float64),
                float(arrays[f"{name}_bias"]),
            )
            for name in ("first", "second")
        )
    return LineModel(words["words"], first, second, tuple(words["kinds"]), words["kind_weights"], words["kind_bias"])
