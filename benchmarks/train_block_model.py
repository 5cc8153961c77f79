"""Train the block model, and say by cross-validation how good it is.

    python benchmarks/train_block_model.py DATA FOLDS

DATA holds wcxb-dev/ and news-benchmark/ (pages and their reference texts). Writes transforms/weights/block_model.npz,
and into the folder FOLDS a model for each of five folds that has seen none of its sites: benchmarks/extraction.py
measures with them. Needs torch, catboost and scikit-learn, which the pipeline itself does not; half an hour on two
cores.

All pages of one site are in the same fold. What the network tells the trees of a page comes from a network that has
not seen its site.
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

import numpy as np
import torch  # type: ignore[import-not-found]
from block_network import fit_network
from block_sheets import BlockSheet, block_sheets, read_pages, weight_of
from catboost import CatBoostClassifier  # type: ignore[import-not-found]
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression  # type: ignore[import-not-found]
from train_line_model import DEPTH, _as_trees

from transforms.block_model import BlockModel, block_odds
from transforms.block_net import BlockNet, read_measured
from transforms.block_trees import block_rows, is_unsure
from transforms.line_features import Floats
from transforms.line_trees import Trees
from transforms.page_traits import page_traits

WEIGHTS = Path(__file__).parents[1] / "transforms" / "weights" / "block_model.npz"
FOLDS, ALL = 5, -1
LISTS, NEITHER = ("listing", "collection"), ("product", "service")
OTHER_SCRIPT_SHARE = 3  # of the pages, one in so many is also learned from in another script
TREES = {"iterations": 300, "depth": DEPTH, "learning_rate": 0.06, "l2_leaf_reg": 6, "border_count": 64}
_SHEETS: list[BlockSheet] = []


def main(data: Path, folds: Path) -> None:
    logging.disable(logging.CRITICAL)
    folds.mkdir(exist_ok=True)
    with ProcessPoolExecutor(2) as pool:
        _SHEETS.extend(s for several in pool.map(block_sheets, read_pages(data), chunksize=16) for s in several)
    print(f"{len(_SHEETS) // 2} pages, {sum(len(s.labels) for s in _SHEETS) // 2} blocks", flush=True)
    with ProcessPoolExecutor(2) as pool:  # workers are forked and find the sheets there, unpickled
        nets = dict(zip((ALL, *range(FOLDS)), pool.map(_net_without, (ALL, *range(FOLDS))), strict=True))
    write_models(_SHEETS, nets, folds)


def write_models(sheets: list[BlockSheet], nets: dict[int, BlockNet], folds: Path) -> None:
    """Fit what stands on the networks, and write a model for each fold and that of the package."""
    odds = [read_measured(nets[fold_of(sheet)], sheet.measured) for sheet in sheets]
    rows = [_asked(sheet, said) for sheet, said in zip(sheets, odds, strict=True)]
    judged: dict[str, NDArray[np.float64]] = {}
    trees = {}
    for fold in (*range(FOLDS), ALL):
        trees[fold] = fit_trees([row for sheet, row in zip(sheets, rows, strict=True) if fold_of(sheet) != fold])
        half = BlockModel(nets[fold], trees[fold], np.zeros(0))
        judged |= {
            sheet.name: 1 / (1 + np.exp(-block_odds(half, sheet.measured)))
            for sheet in sheets
            if fold_of(sheet) == fold and not sheet.script
        }
        print(f"trees of fold {fold}", flush=True)
    pages = [sheet for sheet in sheets if not sheet.script]
    for fold in (*range(FOLDS), ALL):
        weights = fit_lists([sheet for sheet in pages if fold_of(sheet) != fold], judged)
        save(BlockModel(nets[fold], trees[fold], weights), WEIGHTS if fold == ALL else folds / f"{fold}.npz")


def fold_of(sheet: BlockSheet) -> int:
    return zlib.crc32(sheet.site.encode()) % FOLDS


def is_learned_from(sheet: BlockSheet) -> bool:
    return not sheet.script or zlib.crc32(sheet.name.encode()) // 7 % OTHER_SCRIPT_SHARE == 0


def _net_without(fold: int) -> BlockNet:
    torch.set_num_threads(1)
    return fit_network([s for s in _SHEETS if fold_of(s) != fold and is_learned_from(s)], seed=fold + 10)


@dataclass(frozen=True, slots=True)
class _Rows:
    rows: Floats
    labels: NDArray[np.float64]
    weight: NDArray[np.float64]


def _asked(sheet: BlockSheet, odds: Floats) -> _Rows:
    asked = is_unsure(odds) & (sheet.labels >= 0)
    if not is_learned_from(sheet):
        asked[:] = False
    return _Rows(block_rows(sheet.measured, odds)[asked], sheet.labels[asked], weight_of(sheet)[asked])


def fit_trees(parts: list[_Rows]) -> Trees:
    """Trees fitted to the share of each block that the reference has."""
    rows, labels, weight = (np.concatenate([getattr(part, name) for part in parts]) for name in _Rows.__slots__)
    model = CatBoostClassifier(
        **TREES, loss_function="CrossEntropy", subsample=0.7, rsm=0.3, bootstrap_type="Bernoulli",
        boosting_type="Plain", random_seed=1, thread_count=2, verbose=0, allow_writing_files=False,
    )  # fmt: skip
    model.fit(rows, labels, sample_weight=weight)
    with NamedTemporaryFile(suffix=".json") as file:
        model.save_model(file.name, format="json")
        return _as_trees(json.loads(Path(file.name).read_text(encoding="utf-8")))


def fit_lists(sheets: list[BlockSheet], judged: dict[str, NDArray[np.float64]]) -> NDArray[np.float64]:
    """Weights of page_traits that tell lists from articles; shops and services are neither."""
    sheets = [sheet for sheet in sheets if sheet.page_type not in NEITHER]
    traits = np.array([page_traits(sheet.found, sheet.measured, judged[sheet.name]) for sheet in sheets])
    scale = traits.std(axis=0)
    scale[-1] = 1
    is_list = [sheet.page_type in LISTS for sheet in sheets]
    fitted = LogisticRegression(C=1, max_iter=5000, fit_intercept=False).fit(traits / scale, is_list)
    weights: NDArray[np.float64] = fitted.coef_[0] / scale
    return weights


def save(model: BlockModel, path: Path) -> None:
    """Write the weights as plain arrays: see transforms.block_model.block_model_from."""
    net, trees = model.net, model.trees
    arrays: dict[str, NDArray[np.generic]] = {
        "grams": net.grams,
        "gram_vectors": net.gram_vectors.astype(np.float16),
        "names": net.names.astype(np.uint32),
        "name_vectors": net.name_vectors.astype(np.float16),
        **{f"net.{name}": value for name, value in net.layers.items()},
        "trees.columns": trees.columns.astype(np.int16),
        "trees.borders": trees.borders,
        "trees.asked": trees.asked.astype(np.int16),
        "trees.leaves": trees.leaves.astype(np.float32),
        "trees.bias": np.array(trees.bias),
        "list_weights": model.list_weights,
    }
    np.savez_compressed(path, **arrays)  # type: ignore[arg-type]


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
