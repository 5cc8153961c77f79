"""Search-engine padding: a score 0-1 that a reader can check, and the flag `seo-padded`.

The traces of transforms/padding.py are each brought to 0-1 by a straight ramp between two bounds and added up in a
logistic regression without a negative weight: more of any trace never lowers the score. The score is the chance that
a careful reader calls the text clearly padded, among texts like the 367 labelled ones (nearly all English, 99 of them
padded); padding is rarer or more frequent elsewhere, so read the score as a rank first. Bounds, weights and intercept
come from benchmarks/fit_seo.py. How well it does, and where it errs, is in docs/seo_model_card.md.

In a component, the value is the ramp's and the weight its share of all weights. Five traces need English words. In
a text in another language they are not measured and stand at their average over the fitted documents, so that the
others (repetition, headings, inserts) decide; Chinese and Japanese show no repetition either.

The original is judged, not the clean text: inserts and stuffed questions are what cleaning takes out.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from transforms.padding import measure_padding
from transforms.types import Component, Edit, Flag, Score


@dataclass(frozen=True, slots=True)
class Ramp:
    """How a trace counts: 0 up to `low`, 1 from `high` on; `weight` in the logit; `typical` is its mean value."""

    name: str
    low: float
    high: float
    weight: float
    typical: float

    def value(self, measure: float | None) -> float:
        """The measure brought to 0-1; the typical value for a trace that could not be measured."""
        return self.typical if measure is None else min(1.0, max(0.0, (measure - self.low) / (self.high - self.low)))


# Printed by benchmarks/fit_seo.py, in the order of measure_padding. The weight of same_target_inserts is set by hand.
RAMPS = (
    Ramp("stock_words", 10.1, 89.4, 2.61, 0.33),
    Ramp("filler_phrases", 0, 12.8, 2.58, 0.34),
    Ramp("key_phrase", 0.0964, 0.899, 1.15, 0.25),
    Ramp("key_headings", 0, 0.824, 1.31, 0.41),
    Ramp("query_headings", 0, 0.584, 1.09, 0.22),
    Ramp("heading_density", 1.33, 17.2, 1.48, 0.39),
    Ramp("keyword_tails", 0, 16.3, 1.42, 0.24),
    Ramp("product_prices", 0, 10.8, 1.38, 0.13),
    Ramp("inserts", 0, 3.23, 0.83, 0.19),
    Ramp("same_target_inserts", 1, 4, 5.50, 0.00),
    Ramp("summary_sections", 0, 1, 0.97, 0.23),
    Ramp("no_voices", 0, 1, 1.58, 0.55),
    Ramp("no_details", 0, 0.649, 1.39, 0.44),
)
INTERCEPT = -7.43
# Held out: AUC 0.937; from 0.5 on precision 0.87, recall 0.74. Two readers agree on 80-85 % of the boundary.
FLAG_FROM = 0.5


def score_seo_padding(
    original: str, edits: tuple[Edit, ...], headings: tuple[str, ...] = (), title: str | None = None
) -> tuple[Score, Flag | None]:
    """Score "seo_padding" with its components; and the flag "seo-padded" where the score is FLAG_FROM or more.

    `edits` are the ledger of `original`: link inserts are counted from it, the plainest are found without it too.
    The flag's evidence is the three components that add most beyond what is typical, in words.
    """
    traces = measure_padding(original, edits, headings, title)
    total = sum(ramp.weight for ramp in RAMPS)
    components = tuple(
        Component(ramp.name, ramp.value(trace.measure), ramp.weight / total, trace.evidence)
        for ramp, trace in zip(RAMPS, traces, strict=True)
    )
    logit = INTERCEPT + total * sum(component.weight * component.value for component in components)
    score = Score("seo_padding", round(1 / (1 + math.exp(-logit)), 4), components)
    return score, Flag("seo-padded", explain_padding(score)) if score.value >= FLAG_FROM else None


def explain_padding(score: Score, most: int = 3) -> str:
    """The components that add most beyond what is typical, in words: why the score is not lower."""
    above = sorted(
        zip(score.components, RAMPS, strict=True), key=lambda pair: (pair[1].typical - pair[0].value) * pair[1].weight
    )
    return "; ".join(component.evidence for component, _ in above[:most])
