"""Train the line model, and say by cross-validation how good it is.

    python benchmarks/train_line_model.py DATA [GOLD]

DATA holds wcxb-dev/ and news-benchmark/ (pages `html/ID.html.gz` and their reference texts `truth.jsonl.gz`), GOLD
(without it: gold/dev.jsonl beside DATA) the hand-labelled documents. Writes transforms/weights/ and prints the table of
docs/line_model_card.md. Needs catboost, scikit-learn and resiliparse, which the pipeline itself does not; takes about
ten minutes on two cores. Labels: a line whose three-word runs stand in the reference text is content, one with nearly
none is an artifact, what lies between is left out. All documents of one site are in the same fold, on every level.
"""

from __future__ import annotations

import json
import logging
import sys
import zlib
from collections import defaultdict
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from pathlib import Path
from tempfile import NamedTemporaryFile

import numpy as np
from catboost import CatBoostClassifier  # type: ignore[import-not-found]
from line_sheets import Sheet, hand_sheet, read_pages, render
from numpy.typing import NDArray
from scipy.sparse import csr_matrix  # type: ignore[import-untyped]
from sklearn.linear_model import LogisticRegression  # type: ignore[import-not-found]

from transforms.line_features import Floats, measure_lines, near
from transforms.line_model import Trees, is_code, kind_traits, margins

WEIGHTS = Path(__file__).parents[1] / "transforms" / "weights"
FOLDS, INNER_FOLDS = 5, 3
SITES = 6  # a gram that fewer sites use has no weight: it would be about them
DEPTH = 6
TREES = {"iterations": 160, "depth": DEPTH, "learning_rate": 0.12, "l2_leaf_reg": 6, "border_count": 64}
BY_HAND_SECOND = 3.0  # hand-labelled lines weigh so much more once again in the second trees


def main(data: Path, gold: Path) -> None:
    logging.disable(logging.CRITICAL)
    with ProcessPoolExecutor(2) as pool:
        sheets = [sheet for found in pool.map(render, list(read_pages(data)), chunksize=8) for sheet in found]
        by_hand = [
            hand_sheet(json.loads(line), rules) for line in gold.open(encoding="utf-8") for rules in (False, True)
        ]
        judged: list[tuple[Sheet, NDArray[np.float64]]] = []
        for found in pool.map(judge_fold, [sheets + by_hand] * FOLDS, range(FOLDS)):
            judged += found
    print_curve(judged)
    words, first, second = train(sheets + by_hand)
    kinds, kind_weights, kind_bias = fit_kinds(by_hand)
    WEIGHTS.mkdir(exist_ok=True)
    table = {"kinds": kinds, "kind_bias": kind_bias, "kind_weights": kind_weights, "words": words}
    text = json.dumps(table, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    (WEIGHTS / "line_words.json").write_text(text.replace('],"', '],\n"') + "\n", encoding="utf-8")
    arrays = {
        f"{name}_{part}": value
        for name, trees in (("first", first), ("second", second))
        for part, value in (
            ("features", trees.features.astype(np.int16)),
            ("borders", trees.borders),
            ("leaves", trees.leaves.astype(np.float32)),
            ("bias", np.array(trees.bias)),
        )
    }
    np.savez_compressed(WEIGHTS / "line_trees.npz", **arrays)  # type: ignore[arg-type]


def _fold(sheet: Sheet, folds: int, salt: str = "") -> int:
    return zlib.crc32((salt + sheet.site).encode()) % folds


def judge_fold(sheets: list[Sheet], fold: int) -> list[tuple[Sheet, NDArray[np.float64]]]:
    """The hand-labelled sheets of one fold, as a model judges them that has seen none of their sites."""
    words, first, second = train([sheet for sheet in sheets if _fold(sheet, FOLDS) != fold])
    held_out = [sheet for sheet in sheets if _fold(sheet, FOLDS) == fold and sheet.artifact is not None]
    judged = []
    for sheet in held_out:
        rows = measure_lines(sheet.page, sheet.said, words)
        odds = margins(second, np.column_stack([rows, near(margins(first, rows))]))
        never = len(sheet.page.lines) < 3 or np.array([is_code(line.text) for line in sheet.page.lines])
        judged.append((sheet, np.where(never, 0.0, 1 / (1 + np.exp(-odds)))))
    return judged


def train(sheets: list[Sheet]) -> tuple[dict[str, float], Trees, Trees]:
    """Word weights and both sets of trees. What one stage tells the next comes from models of other sites."""
    hidden = [
        replace(sheet, is_known=False, weight=sheet.weight / 2)
        for sheet in sheets
        if zlib.crc32(sheet.name.encode()) % 6 == 0
    ]
    shown, sheets = sheets, sheets + hidden
    fold = np.array([_fold(sheet, INNER_FOLDS, "inner") for sheet in sheets])
    rows: list[Floats] = [np.zeros(0, dtype=np.float32)] * len(sheets)
    for inner in range(INNER_FOLDS):
        words = fit_words([s for s in shown if _fold(s, INNER_FOLDS, "inner") != inner])
        for i in np.flatnonzero(fold == inner):
            rows[i] = measure_lines(sheets[i].page, sheets[i].said, words, is_known=sheets[i].is_known)
    sizes = [len(sheet.labels) for sheet in sheets]
    x, y = np.concatenate(rows), np.concatenate([sheet.labels for sheet in sheets])
    weight = np.concatenate([sheet.weight for sheet in sheets])
    by_hand = np.repeat([sheet.artifact is not None for sheet in sheets], sizes)
    line_fold, sure = np.repeat(fold, sizes), y >= 0
    first = fit_trees(x[sure], y[sure], weight[sure])
    odds = np.zeros(len(y))
    for inner in range(INNER_FOLDS):
        others = sure & (line_fold != inner)
        odds[line_fold == inner] = margins(fit_trees(x[others], y[others], weight[others]), x[line_fold == inner])
    around = np.concatenate([near(part) for part in np.split(odds, np.cumsum(sizes)[:-1])])
    both = np.column_stack([x, around])[sure]
    second = fit_trees(both, y[sure], (weight * np.where(by_hand, BY_HAND_SECOND, 1))[sure])
    return fit_words(shown), first, second


def fit_words(sheets: list[Sheet]) -> dict[str, float]:
    """The log-odds that a gram adds, for grams of enough sites."""
    lines = [
        (said, label, weight, sheet.site)
        for sheet in sheets
        for said, label, weight in zip(sheet.said, sheet.labels, sheet.weight, strict=True)
        if label >= 0
    ]
    sites = defaultdict(set)
    for said, _, _, site in lines:
        for gram in said.grams:
            sites[gram].add(site)
    known = sorted(gram for gram, used in sites.items() if len(used) >= SITES)
    x = _table([said.grams for said, *_ in lines], known)
    fitted = LogisticRegression(C=1.0, solver="liblinear", max_iter=50, random_state=0)
    fitted.fit(x, [label for _, label, *_ in lines], sample_weight=[weight for _, _, weight, _ in lines])
    return {gram: round(float(w), 2) for gram, w in zip(known, fitted.coef_[0], strict=True)}


def _table(traits: list[list[str]], known: list[str]) -> csr_matrix:
    number = {trait: i for i, trait in enumerate(known)}
    found = [sorted({number[trait] for trait in line if trait in number}) for line in traits]
    values = [len(line) ** -0.5 for line in found for _ in line]
    ends = np.cumsum([0, *map(len, found)])
    return csr_matrix((values, [i for line in found for i in line], ends), shape=(len(found), len(known)))


def fit_trees(x: Floats, y: NDArray[np.int64], weight: NDArray[np.float64]) -> Trees:
    # rsm, subsample: trees that see less of the table generalise better over sites
    model = CatBoostClassifier(
        **TREES, subsample=0.7, rsm=0.4, bootstrap_type="Bernoulli", boosting_type="Plain",
        random_seed=1, thread_count=1, verbose=0, allow_writing_files=False,
    )  # fmt: skip
    model.fit(x, y, sample_weight=weight)
    with NamedTemporaryFile(suffix=".json") as file:
        model.save_model(file.name, format="json")
        fitted = json.loads(Path(file.name).read_text(encoding="utf-8"))
    columns = [feature["flat_feature_index"] for feature in fitted["features_info"]["float_features"]]
    count = len(fitted["oblivious_trees"])
    features = np.zeros((count, DEPTH), dtype=np.intp)
    borders = np.full((count, DEPTH), np.inf, dtype=np.float32)  # a question that a shallow tree does not ask
    leaves = np.zeros((count, 2**DEPTH))
    for i, tree in enumerate(fitted["oblivious_trees"]):
        for level, split in enumerate(tree["splits"] or ()):
            features[i, level], borders[i, level] = columns[split["float_feature_index"]], split["border"]
        leaves[i, : len(tree["leaf_values"])] = tree["leaf_values"]
    scale, bias = fitted["scale_and_bias"]
    return Trees(features, borders, (leaves * scale).astype(np.float32).astype(np.float64), float(bias[0]))


def fit_kinds(sheets: list[Sheet]) -> tuple[list[str], dict[str, list[float]], list[float]]:
    lines = [
        (kind_traits(line, said, len(sheet.page.lines)), kind, weight, sheet.site)
        for sheet in sheets
        for line, said, kind, label, weight in zip(
            sheet.page.lines, sheet.said, sheet.kinds, sheet.labels, sheet.weight, strict=True
        )
        if label == 1 and kind
    ]
    sites = defaultdict(set)
    for traits, _, _, site in lines:
        for trait in traits:
            sites[trait].add(site)
    known = sorted(trait for trait, used in sites.items() if len(used) >= SITES // 2)
    fitted = LogisticRegression(C=2.0, max_iter=300)
    fitted.fit(_table([traits for traits, *_ in lines], known), [k for _, k, *_ in lines], [w for _, _, w, _ in lines])
    weights = np.round(fitted.coef_.T, 2).tolist()
    return fitted.classes_.tolist(), dict(zip(known, weights, strict=True)), np.round(fitted.intercept_, 2).tolist()


def print_curve(judged: list[tuple[Sheet, NDArray[np.float64]]]) -> None:
    """Rules and model on held-out documents: recall of artifact characters for the article text it costs."""
    for title, rules in (("model alone", "False"), ("rules, then model", "True")):
        chosen = [(sheet, odds) for sheet, odds in judged if sheet.name.endswith(rules)]
        artifacts, contents = (sum(sheet.total[i] for sheet, _ in chosen) for i in (0, 1))
        print(f"{title}: {len(chosen)} documents")
        for threshold in (0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95):
            hits = losses = hurt = 0
            for sheet, odds in chosen:
                assert sheet.artifact is not None
                assert sheet.content is not None
                hits += sheet.taken[0] + int(sheet.artifact[odds >= threshold].sum())
                lost = sheet.taken[1] + int(sheet.content[odds >= threshold].sum())
                losses, hurt = losses + lost, hurt + (lost > 0.02 * sheet.total[1])
            print(
                f"  from {threshold:.2f}: precision {hits / max(hits + losses, 1):.3f} recall {hits / artifacts:.3f} "
                f"lost {losses / contents:.4f} losing over 2 %: {hurt / len(chosen):.3f}"
            )


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    main(folder, Path(sys.argv[2]) if len(sys.argv) > 2 else folder.parent / "gold" / "dev.jsonl")
