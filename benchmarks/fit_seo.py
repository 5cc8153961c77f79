"""Fit the bounds, weights and intercept of the SEO-padding score on labelled documents.

    python benchmarks/fit_seo.py FOLDER

FOLDER holds seo.jsonl and seeds.jsonl: one JSON object a line with `text`, `seo` (0-3; 2 and 3 are padded) and,
if known, `url`. Printed: the table to paste into transforms/seo.py, and how the model does on documents it was not
fitted to (ten folds, all documents of one domain in the same fold). Bounds are the 10 % and 95 % quantiles of each
trace. scipy is needed; it comes with Great Expectations.
"""

from __future__ import annotations

import json
import sys
import zlib
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize  # type: ignore[import-untyped]  # its stubs are not among our dependencies
from scipy.stats import rankdata  # type: ignore[import-untyped]

from transforms.padding import Trace, measure_padding

Floats = NDArray[np.float64]

FOLDS = 10
PENALTY = 0.5  # on squared weights; 0.2 to 2 give the same cross-validated AUC within 0.005
# Set by hand. Documents with several inserts to one target are padded without doubt, but too few are labelled
# (two) for a fit to see it: four such inserts must pass the threshold alone, in a report that is plain otherwise.
BY_HAND = {"same_target_inserts": (1.0, 4.0, 5.5)}


def main(folder: Path) -> None:
    documents = [*_read(folder / "seo.jsonl"), *_read(folder / "seeds.jsonl")]
    padded = np.array([document["seo"] >= 2 for document in documents], dtype=np.float64)
    light = np.array([document["seo"] == 1 for document in documents])
    folds = np.array([zlib.crc32(_domain(document).encode()) % FOLDS for document in documents])
    traces = [measure_padding(document["text"], (), (), None) for document in documents]
    names = [trace.name for trace in traces[0]]

    held_out = np.zeros(len(documents))
    for fold in range(FOLDS):
        train, test = folds != fold, folds == fold
        bounds, typical = ramps(names, [t for t, is_train in zip(traces, train, strict=True) if is_train])
        weights, intercept = fit(names, values(traces, bounds, typical)[train], padded[train])
        held_out[test] = values(traces, bounds, typical)[test] @ weights + intercept
    probability = 1 / (1 + np.exp(-held_out))
    print(f"{len(documents)} documents, {int(padded.sum())} padded; held out, {FOLDS} folds by domain:")
    close = light | (padded > 0)
    print(f"AUC {auc(probability, padded):.3f}, on severity 1 to 3 alone {auc(probability[close], padded[close]):.3f}")
    for threshold in (0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6):
        flagged = probability >= threshold
        hits = float((flagged * padded).sum())
        precision, recall = hits / max(flagged.sum(), 1), hits / padded.sum()
        f1 = 2 * precision * recall / (precision + recall)
        print(f"  flag from {threshold:.2f}: precision {precision:.3f} recall {recall:.3f} F1 {f1:.3f}")

    bounds, typical = ramps(names, traces)
    weights, intercept = fit(names, values(traces, bounds, typical), padded)
    for name, (low, high), mean, weight in zip(names, bounds, typical, weights, strict=True):
        print(f'    Ramp("{name}", {low:.3g}, {high:.3g}, {weight:.2f}, {mean:.2f}),')
    print(f"INTERCEPT = {intercept:.2f}")


def ramps(names: list[str], traces: list[tuple[Trace, ...]]) -> tuple[list[tuple[float, float]], Floats]:
    """Bounds of each trace, and its mean value between them."""
    columns = [[m for m in (row[i].measure for row in traces) if m is not None] for i in range(len(names))]
    bounds = [
        BY_HAND[name][:2] if name in BY_HAND else (float(np.quantile(column, 0.1)), float(np.quantile(column, 0.95)))
        for name, column in zip(names, columns, strict=True)
    ]
    typical = [
        np.clip((np.array(column, dtype=np.float64) - low) / (high - low), 0, 1).mean()
        for column, (low, high) in zip(columns, bounds, strict=True)
    ]
    return bounds, np.array(typical)


def values(traces: list[tuple[Trace, ...]], bounds: list[tuple[float, float]], typical: Floats) -> Floats:
    return np.array(
        [
            [
                mean if trace.measure is None else min(1.0, max(0.0, (trace.measure - low) / (high - low)))
                for trace, (low, high), mean in zip(row, bounds, typical, strict=True)
            ]
            for row in traces
        ]
    )


def fit(names: list[str], x: Floats, y: Floats) -> tuple[Floats, float]:
    """Penalised logistic regression with weights of zero or more."""
    x = np.column_stack([x, np.ones(len(x))])

    def loss(weights: Floats) -> tuple[float, Floats]:
        logit = x @ weights
        slope = np.append(weights[:-1], 0.0)
        value = np.logaddexp(0, logit).sum() - (y * logit).sum() + PENALTY * (slope**2).sum()
        return float(value), x.T @ (1 / (1 + np.exp(-logit)) - y) + 2 * PENALTY * slope

    bounds = [(BY_HAND[name][2],) * 2 if name in BY_HAND else (0, None) for name in names]
    weights = minimize(loss, np.zeros(x.shape[1]), jac=True, bounds=[*bounds, (None, None)], method="L-BFGS-B").x
    return weights[:-1], float(weights[-1])


def auc(score: Floats, truth: Floats) -> float:
    positive = truth.sum()
    ranks = float(rankdata(score)[truth > 0].sum())
    return float((ranks - positive * (positive + 1) / 2) / (positive * (len(truth) - positive)))


def _read(path: Path) -> list[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def _domain(document: dict[str, Any]) -> str:
    """The last two labels of the host; a document without address is its own fold group."""
    host = str(document.get("url") or document["key"]).split("//")[-1].split("/")[0]
    return ".".join(host.split(".")[-2:])


if __name__ == "__main__":
    main(Path(sys.argv[1]))
