"""Fit the SEO-padding score on labelled documents, and say how it does on documents it was not fitted to.

    python benchmarks/fit_seo.py LABELLED [PAGES] [--curve]

LABELLED is a folder with seo.jsonl and seeds.jsonl: one JSON object a line with `text`, `seo` (0-3; 2 and 3 are
padded) and, if known, `url`. PAGES is a folder with truth.jsonl.gz, whose texts benchmarks/padding_labels.jsonl labels
by id; they are fitted to as well and never counted in a figure.

Printed: AUC, precision and recall, calibration, all by repeated ten-fold cross-validation with the documents of one
registered domain in the same fold; the same for monotone trees; and the table to paste into transforms/seo.py.

The fit: each trace is brought to 0-1 between its 10 % and 95 % quantiles, and a logistic regression without negative
weights is fitted to the severity (SEVERITY), not to padded or not: that a document is a farm or has not one mark says
more than which side of the line it is on. The line itself is then drawn by a second regression of one variable, on
held-out scores. scipy and scikit-learn are needed in the environment; `--curve` also needs lightgbm.
"""

from __future__ import annotations

import gzip
import json
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import tldextract
from numpy.typing import NDArray
from scipy.optimize import minimize  # type: ignore[import-untyped]  # its stubs are not among our dependencies
from sklearn.metrics import brier_score_loss, roc_auc_score  # type: ignore[import-untyped]  # as above
from sklearn.model_selection import StratifiedGroupKFold  # type: ignore[import-untyped]  # as above

from transforms.padding import Trace, measure_padding

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

FOLDS, REPEATS = 10, 5
PENALTY = 1.0  # on squared weights; 0.5 to 3 give the same cross-validated AUC within 0.001
SEVERITY = np.array([0, 1 / 3, 2 / 3, 1])  # what the regression aims at for severity 0 to 3
LOW_QUANTILE, HIGH_QUANTILE = 0.1, 0.95
# Set by hand. Documents with several inserts to one target are padded without doubt, but too few are labelled
# (two) for a fit to see it: four such inserts must pass the threshold alone, in a report that is plain otherwise.
BY_HAND = {"same_target_inserts": (1.0, 4.0, 5.5)}
OWN_LABELS = Path(__file__).with_name("padding_labels.jsonl")


@dataclass(frozen=True, slots=True)
class Labelled:
    """`measures` is documents x traces, NaN where a trace is not measured. `is_gold` tells whose label it is."""

    names: list[str]
    measures: Floats
    severity: Ints
    groups: list[str]
    is_gold: NDArray[np.bool_]

    @property
    def padded(self) -> NDArray[np.bool_]:
        return self.severity >= 2


@dataclass(frozen=True, slots=True)
class Fit:
    low: Floats
    high: Floats
    typical: Floats
    weights: Floats
    intercept: float

    def logits(self, measures: Floats) -> Floats:
        values = np.clip((measures - self.low) / (self.high - self.low), 0, 1)
        return np.where(np.isnan(values), self.typical, values) @ self.weights + self.intercept


def main(labelled: Path, pages: Path | None, *, with_curve: bool) -> None:
    data = read_labelled(labelled, pages)
    gold, padded = data.is_gold, data.padded[data.is_gold]
    print(f"{gold.sum()} documents, {padded.sum()} padded; {(~gold).sum()} more are fitted to and not counted")
    runs = [held_out(data, seed) for seed in range(REPEATS)]
    aucs = [roc_auc_score(padded, run) for run in runs]
    print(f"held out, {FOLDS} folds by domain, {REPEATS} times: AUC {np.mean(aucs):.3f}", end="")
    print(f" (each {min(aucs):.3f}-{max(aucs):.3f})")
    close = data.severity[gold] >= 1
    print(f"on severity 1 to 3 alone: AUC {np.mean([roc_auc_score(padded[close], run[close]) for run in runs]):.3f}")
    low, high = _bootstrap(padded, np.mean(runs, axis=0))
    print(f"another draw of the documents would give {low:.3f}-{high:.3f} (95 %, bootstrap)")

    slope, shift = _calibration(np.concatenate(runs), np.tile(padded, REPEATS))
    chances = [_logistic(slope * run + shift) for run in runs]
    print_thresholds(chances, padded)
    print_calibration(np.concatenate(chances), np.tile(padded, REPEATS))
    if with_curve:
        print_comparisons(data)
    fit = _fit(data, np.arange(len(data.severity)), by_hand_over=slope)
    print("\nfor transforms/seo.py:")
    for name, start, end, weight, mean in zip(data.names, fit.low, fit.high, fit.weights, fit.typical, strict=True):
        print(f'    Ramp("{name}", {start:.3g}, {end:.3g}, {weight * slope:.2f}, {mean:.2f}),')
    print(f"INTERCEPT = {fit.intercept * slope + shift:.2f}")


def read_labelled(labelled: Path, pages: Path | None) -> Labelled:
    rows: list[tuple[tuple[Trace, ...], int, str, bool]] = []
    domains = tldextract.TLDExtract(suffix_list_urls=())
    for name in ("seo.jsonl", "seeds.jsonl"):
        for line in (labelled / name).read_text(encoding="utf-8").splitlines():
            document = json.loads(line)
            address = str(document.get("url") or document["key"])
            traces = measure_padding(document["text"], (), (), None)
            rows.append((traces, document["seo"], domains(address).top_domain_under_public_suffix or address, True))
    if pages is not None:
        own = {row["id"]: row["seo"] for row in map(json.loads, OWN_LABELS.read_text(encoding="utf-8").splitlines())}
        with gzip.open(pages / "truth.jsonl.gz", "rt", encoding="utf-8") as lines:
            for page in map(json.loads, lines):
                if page["id"] in own:
                    traces = measure_padding(page["text"], (), (), page["title"])
                    domain = domains(page["url"]).top_domain_under_public_suffix
                    rows.append((traces, own[page["id"]], domain, False))
    return Labelled(
        names=[trace.name for trace in rows[0][0]],
        measures=np.array([[np.nan if t.measure is None else t.measure for t in row[0]] for row in rows]),
        severity=np.array([row[1] for row in rows]),
        groups=[row[2] for row in rows],
        is_gold=np.array([row[3] for row in rows]),
    )


def held_out(data: Labelled, seed: int) -> Floats:
    """Logits of the gold documents, each by a fit that saw no document of its domain."""
    gold = np.flatnonzero(data.is_gold)
    logits = np.zeros(len(gold))
    folds = StratifiedGroupKFold(FOLDS, shuffle=True, random_state=seed)
    groups = [data.groups[i] for i in gold]
    for _, test in folds.split(gold, data.padded[gold], groups):
        unseen = {groups[i] for i in test}
        train = np.array([i for i, group in enumerate(data.groups) if group not in unseen])
        logits[test] = _fit(data, train).logits(data.measures[gold[test]])
    return logits


def _fit(data: Labelled, train: Ints, by_hand_over: float = 1.0) -> Fit:
    """Bounds and weights from the documents `train`; weights of BY_HAND are divided by `by_hand_over` first."""
    measures = data.measures[train]
    low, high = np.nanquantile(measures, (LOW_QUANTILE, HIGH_QUANTILE), axis=0)
    fixed: list[tuple[float | None, float | None]] = [(0.0, None)] * len(data.names)
    for name, (start, end, weight) in BY_HAND.items():
        at = data.names.index(name)
        low[at], high[at] = start, end
        fixed[at] = (weight / by_hand_over, weight / by_hand_over)
    values = np.clip((measures - low) / (high - low), 0, 1)
    typical = np.nanmean(values, axis=0)
    x = np.column_stack([np.where(np.isnan(values), typical, values), np.ones(len(train))])
    aim = SEVERITY[data.severity[train]]

    def loss(weights: Floats) -> tuple[float, Floats]:
        logit, slope = x @ weights, np.append(weights[:-1], 0.0)
        value = np.logaddexp(0, logit).sum() - (aim * logit).sum() + PENALTY * (slope**2).sum()
        return float(value), x.T @ (_logistic(logit) - aim) + 2 * PENALTY * slope

    start = np.array([(bounds[0] or 0.0) for bounds in fixed] + [0.0])
    weights = minimize(loss, start, jac=True, bounds=[*fixed, (None, None)], method="L-BFGS-B").x
    return Fit(low, high, typical, weights[:-1], float(weights[-1]))


def print_thresholds(chances: list[Floats], padded: NDArray[np.bool_]) -> None:
    print("\nflag from   precision  recall  F1     (mean of the repeats)")
    for threshold in np.arange(0.30, 0.66, 0.05):
        table = []
        for chance in chances:
            flagged = chance >= threshold
            hits = float((flagged & padded).sum())
            precision, recall = hits / max(flagged.sum(), 1), hits / padded.sum()
            table.append((precision, recall, 2 * precision * recall / (precision + recall)))
        precision, recall, f1 = np.mean(table, axis=0)
        print(f"  {threshold:.2f}      {precision:.3f}      {recall:.3f}   {f1:.3f}")


def print_calibration(chance: Floats, padded: NDArray[np.bool_]) -> None:
    of_base_rate = brier_score_loss(padded, np.full(len(padded), padded.mean()))
    print(f"\nBrier score {brier_score_loss(padded, chance):.3f}, {of_base_rate:.3f} for the base rate alone")
    print("score       documents  mean score  padded")
    for start, end in ((0, 0.05), (0.05, 0.15), (0.15, 0.3), (0.3, 0.5), (0.5, 0.7), (0.7, 0.85), (0.85, 1.01)):
        inside = (chance >= start) & (chance < end)
        if inside.any():
            documents, mean, right = inside.sum() / REPEATS, chance[inside].mean(), padded[inside].mean()
            print(f"  {start:.2f}-{min(end, 1):.2f}   {documents:7.0f}      {mean:.2f}       {right:.2f}")


def print_comparisons(data: Labelled) -> None:
    """What the choices are worth: without each trace or the own labels, and monotone trees in place of the sum."""
    gold, padded = data.is_gold, data.padded[data.is_gold]

    def auc(changed: Labelled) -> float:
        return float(np.mean([roc_auc_score(padded, held_out(changed, seed)) for seed in range(REPEATS)]))

    every = auc(data)
    groups = [group for group, is_in in zip(data.groups, gold, strict=True) if is_in]
    only_gold = Labelled(data.names, data.measures[gold], data.severity[gold], groups, gold[gold])
    print(f"\nwithout the own labels: AUC {auc(only_gold):.3f}")
    own = _fit(only_gold, np.arange(len(groups))).logits(data.measures[~gold])
    print(f"fitted without the own labels, measured on them: AUC {roc_auc_score(data.padded[~gold], own):.3f}")
    print(f"monotone trees (LightGBM): AUC {_trees(data):.3f}")
    for at, name in enumerate(data.names):
        if name in BY_HAND:
            continue
        measures = data.measures.copy()
        measures[:, at] = np.arange(len(measures)) % 2  # says nothing
        print(f"  without {name}: {auc(Labelled(data.names, measures, data.severity, data.groups, gold)) - every:+.4f}")


def _trees(data: Labelled) -> float:
    import lightgbm  # noqa: PLC0415 - for the comparison alone

    settings = {
        "objective": "cross_entropy", "num_leaves": 3, "learning_rate": 0.06, "feature_fraction": 0.5,
        "bagging_fraction": 0.8, "bagging_freq": 1, "min_data_in_leaf": 12, "lambda_l2": 5,
        "monotone_constraints": [1] * len(data.names), "verbose": -1, "num_threads": 1, "seed": 1,
    }  # fmt: skip
    gold = np.flatnonzero(data.is_gold)
    groups = [data.groups[i] for i in gold]
    aucs = []
    for seed in range(REPEATS):
        score = np.zeros(len(gold))
        folds = StratifiedGroupKFold(FOLDS, shuffle=True, random_state=seed)
        for _, test in folds.split(gold, data.padded[gold], groups):
            unseen = {groups[i] for i in test}
            train = [i for i, group in enumerate(data.groups) if group not in unseen]
            aims = lightgbm.Dataset(data.measures[train], SEVERITY[data.severity[train]])
            score[test] = lightgbm.train(settings, aims, 120).predict(data.measures[gold[test]])
        aucs.append(roc_auc_score(data.padded[gold], score))
    return float(np.mean(aucs))


def _calibration(logits: Floats, padded: NDArray[np.bool_]) -> tuple[float, float]:
    """Slope and shift that make held-out logits chances of being padded (Platt 1999)."""

    def loss(line: Floats) -> float:
        logit = line[0] * logits + line[1]
        return float(np.logaddexp(0, logit).sum() - logit[padded].sum())

    slope, shift = minimize(loss, np.array([1.0, 0.0]), method="Nelder-Mead").x
    return float(slope), float(shift)


def _bootstrap(padded: NDArray[np.bool_], logits: Floats) -> tuple[float, float]:
    draw = np.random.default_rng(0)
    picks = [draw.integers(0, len(padded), len(padded)) for _ in range(2000)]
    low, high = np.quantile([roc_auc_score(padded[pick], logits[pick]) for pick in picks], (0.025, 0.975))
    return float(low), float(high)


def _logistic(logit: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-logit)), dtype=np.float64)


if __name__ == "__main__":
    folders = [Path(word) for word in sys.argv[1:] if not word.startswith("--")]
    main(folders[0], folders[1] if len(folders) > 1 else None, with_curve="--curve" in sys.argv)
