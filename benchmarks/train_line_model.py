"""Train the line model, and say by cross-validation how good it is.

    python benchmarks/train_line_model.py DATA [GOLD]

DATA holds wcxb-dev/, news-benchmark/ and dates/ (pages and their reference texts), GOLD (without it: gold/dev.jsonl
beside DATA) hand-labelled documents. Writes transforms/weights/line_model.npz and prints the tables of
docs/line_model_card.md. Needs torch, catboost, scikit-learn and resiliparse, which the pipeline itself does not; takes
a quarter of an hour on two cores. All documents of one site are in the same fold, on every level: what is reported of
a document comes from a model that has seen none of its site.
"""

from __future__ import annotations

import json
import logging
import sys
import zlib
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import get_args

import numpy as np
from catboost import CatBoostClassifier  # type: ignore[import-not-found]
from line_curves import Held, print_curves
from line_network import fit_network, read_sheet
from line_sheets import Sheet, edited_sheet, read_edited, read_references, reference_sheets
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression  # type: ignore[import-not-found]

from transforms.line_features import Floats
from transforms.line_model import LineModel, page_traits
from transforms.line_net import Net
from transforms.line_trees import Trees, tree_odds, tree_rows
from transforms.types import Kind

WEIGHTS = Path(__file__).parents[1] / "transforms" / "weights" / "line_model.npz"
KINDS: tuple[Kind, ...] = tuple(kind for kind in get_args(Kind) if kind != "tidy")
FOLDS, INNER_FOLDS = 5, 2
DEPTH = 6
TREES = {"iterations": 300, "depth": DEPTH, "learning_rate": 0.06, "l2_leaf_reg": 6, "border_count": 64}


@dataclass(frozen=True, slots=True)
class Read:
    """What the network says of a sheet: inputs and log-odds of its lines."""

    sheet: Sheet
    inputs: Floats
    odds: Floats

    @property
    def rows(self) -> Floats:
        return tree_rows(self.sheet.lines, self.inputs, self.odds)


def main(data: Path, gold: Path) -> None:
    logging.disable(logging.CRITICAL)
    with ProcessPoolExecutor(2) as pool:
        found = pool.map(reference_sheets, list(read_references(data)), chunksize=8)
        sheets = [sheet for several in found for sheet in several]
        sheets += pool.map(edited_sheet, list(read_edited(data, gold)), chunksize=8)
    print(f"{len(sheets)} sheets, {sum(sheet.by_editor for sheet in sheets)} of them edited")
    global _SHEETS  # noqa: PLW0603 - workers are forked and find the sheets there, unpickled
    _SHEETS = sheets
    with ProcessPoolExecutor(2) as pool:
        final = pool.submit(train_all)
        held = [one for fold in pool.map(judge_fold, range(FOLDS)) for one in fold]
        print_curves(held)
        save(final.result())


_SHEETS: list[Sheet] = []


def _fold(sheet: Sheet, folds: int, salt: str = "") -> int:
    return zlib.crc32((salt + sheet.site).encode()) % folds


def train_all() -> LineModel:
    return train(_SHEETS)


def judge_fold(fold: int) -> list[Held]:
    """The sheets of one fold that are measured, as a model judges them that has seen none of their sites."""
    model = train([sheet for sheet in _SHEETS if _fold(sheet, FOLDS) != fold])
    held = []
    for sheet in _SHEETS:
        if _fold(sheet, FOLDS) == fold and (sheet.by_editor or sheet.reference):
            read = _read(model.net, sheet)
            page = 1 / (1 + np.exp(-page_traits(sheet.lines, read.odds) @ model.page_weights))
            each = [
                np.where(sheet.can_say, 1 / (1 + np.exp(-tree_odds(trees, read.rows))), 0)
                for trees in (model.text_trees, model.page_trees)
            ]
            held.append(Held(sheet, float(page), *each))
    return held


def train(sheets: list[Sheet]) -> LineModel:
    """Network and trees. What the network tells the trees comes from networks that have not seen the site."""
    learned_from = [s for s in sheets if s.by_editor or s.origin in {"whole", "trafilatura"}]
    reads = []
    for inner in range(INNER_FOLDS):
        net = fit_network([s for s in sheets if _fold(s, INNER_FOLDS, "inner") != inner], KINDS, seed=inner)
        reads += [_read(net, s) for s in learned_from if _fold(s, INNER_FOLDS, "inner") == inner]
    text = [read for read in reads if read.sheet.by_editor]
    page = [read for read in reads if read.sheet.origin == "whole"]
    is_page = [read.sheet.origin == "whole" for read in reads]
    traits = np.array([page_traits(read.sheet.lines, read.odds) for read in reads])
    gate = LogisticRegression(C=10, max_iter=2000, fit_intercept=False).fit(traits, is_page)
    net = fit_network(sheets, KINDS, seed=10)
    return LineModel(net, fit_trees(text), fit_trees(page), gate.coef_[0], KINDS)


def _read(net: Net, sheet: Sheet) -> Read:
    return Read(sheet, *read_sheet(net, sheet))


def fit_trees(reads: list[Read]) -> Trees:
    rows = np.concatenate([read.rows for read in reads])
    labels = np.concatenate([read.sheet.labels for read in reads])
    weight = np.concatenate([read.sheet.weight for read in reads])
    # rsm, subsample: trees that see less of the table generalise better over sites
    model = CatBoostClassifier(
        **TREES, subsample=0.7, rsm=0.3, bootstrap_type="Bernoulli", boosting_type="Plain",
        random_seed=1, thread_count=1, verbose=0, allow_writing_files=False,
    )  # fmt: skip
    model.fit(rows[labels >= 0], labels[labels >= 0], sample_weight=weight[labels >= 0])
    with NamedTemporaryFile(suffix=".json") as file:
        model.save_model(file.name, format="json")
        return _as_trees(json.loads(Path(file.name).read_text(encoding="utf-8")))


def _as_trees(fitted: dict[str, object]) -> Trees:
    columns = [feature["flat_feature_index"] for feature in fitted["features_info"]["float_features"]]  # type: ignore[index]
    trees = fitted["oblivious_trees"]
    never = (0, float("inf"))  # a question that a shallow tree does not ask
    levels = [
        [(columns[split["float_feature_index"]], split["border"]) for split in tree["splits"] or ()]
        for tree in trees  # type: ignore[attr-defined]
    ]
    levels = [asked + [never] * (DEPTH - len(asked)) for asked in levels]
    questions = sorted({question for asked in levels for question in asked})
    number = {question: i for i, question in enumerate(questions)}
    leaves = np.zeros((len(levels), 2**DEPTH))
    for i, tree in enumerate(trees):  # type: ignore[arg-type]
        leaves[i, : len(tree["leaf_values"])] = tree["leaf_values"]
    scale, bias = fitted["scale_and_bias"]  # type: ignore[misc]
    return Trees(
        np.array([column for column, _ in questions], np.intp),
        np.array([border for _, border in questions], np.float32),
        np.array([[number[question] for question in asked] for asked in levels], np.intp),
        (leaves * scale).astype(np.float32).astype(np.float64),
        float(bias[0]),
    )


def save(model: LineModel) -> None:
    """Write the weights as plain arrays: see transforms.line_model.model_from."""
    arrays: dict[str, NDArray[np.generic]] = {
        "grams": model.net.grams,
        "vectors": model.net.vectors.astype(np.float16),
        "page_weights": model.page_weights,
        "kinds": np.array(model.kinds),
        **{f"net.{name}": value for name, value in model.net.layers.items()},
    }
    for name, trees in (("text", model.text_trees), ("page", model.page_trees)):
        arrays |= {
            f"{name}.columns": trees.columns.astype(np.int16),
            f"{name}.borders": trees.borders,
            f"{name}.asked": trees.asked.astype(np.int16),
            f"{name}.leaves": trees.leaves.astype(np.float32),
            f"{name}.bias": np.array(trees.bias),
        }
    WEIGHTS.parent.mkdir(exist_ok=True)
    np.savez_compressed(WEIGHTS, **arrays)  # type: ignore[arg-type]


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    main(folder, Path(sys.argv[2]) if len(sys.argv) > 2 else folder.parent / "gold" / "dev.jsonl")
