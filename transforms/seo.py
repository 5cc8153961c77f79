"""Search-engine padding: a score 0-1 that a reader can check, and the flag `seo-padded`.

Twelve traces of padding are measured, each brought to 0-1 by a straight ramp between two bounds, and added up in a
logistic regression with no negative weight: more of any trace never lowers the score. The score is the model's
probability that a careful reader calls the text clearly padded. Bounds, weights and intercept were fitted by
benchmarks/fit_seo.py on 367 labelled documents, of which 99 padded; the share among other documents will differ.

A component's weight is its share of all weights; its value is the ramp's. Five traces need English words. In a text
that is not English they are not measured and stand at their average over the fitted documents, so that the
other seven decide. Chinese and Japanese have no spaces, so no key phrase is found in them either.

The traces are looked for in the original: link inserts and stuffed questions are what cleaning takes out.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from transforms.padding_words import FILLER_PHRASES, MODIFIERS, STOCK_WORDS
from transforms.types import Component, Edit, Flag, Score
from transforms.words import ENGLISH_STOP_WORDS, headings_of, lines_of, words_of


@dataclass(frozen=True, slots=True)
class Ramp:
    """How a trace counts: 0 up to `low`, 1 from `high` on; `weight` in the logit; `typical` is its mean value."""

    name: str
    low: float
    high: float
    weight: float
    typical: float


@dataclass(frozen=True, slots=True)
class Trace:
    """One measured trace of padding, in the unit that its function states; None where it cannot be measured."""

    name: str
    measure: float | None
    evidence: str


RAMPS = (
    Ramp("stock_words", 0, 1, 1, 0),
    Ramp("filler_phrases", 0, 1, 1, 0),
    Ramp("key_phrase", 0, 1, 1, 0),
    Ramp("key_word", 0, 1, 1, 0),
    Ramp("key_headings", 0, 1, 1, 0),
    Ramp("query_headings", 0, 1, 1, 0),
    Ramp("heading_density", 0, 1, 1, 0),
    Ramp("keyword_tails", 0, 1, 1, 0),
    Ramp("inserts", 0, 1, 1, 0),
    Ramp("same_target_inserts", 0, 1, 1, 0),
    Ramp("summary_sections", 0, 1, 1, 0),
    Ramp("no_voices", 0, 1, 1, 0),
    Ramp("no_details", 0, 1, 1, 0),
)
INTERCEPT = -5.0
FLAG_FROM = 0.45

MIN_WORDS = 150  # rates of a shorter text are taken as if it had so many: three words in twenty are no rate
ENGLISH_FROM = 0.2  # share of stop words; English prose has 0.35-0.5, other languages with a Latin script below 0.1

_QUERY = re.compile(r"[\W\d]*(?:what|how|why|when|where|which|who|is|are|can|do|does|should|will)\b", re.IGNORECASE)
_SUMMARY = re.compile(
    r"(?:in )?(?:conclusion|final thoughts|wrapping|faqs?\b|frequently|key takeaways?|the bottom line|summary|takeaway)",
    re.IGNORECASE,
)
# "Find out more about X": what follows the lead-in is the target. At most 150 characters, to the end of the sentence.
_POINTER = re.compile(r"\b(?:find out|learn|read|discover|see) more (?:about|on) ([^.!?\n]{5,150})", re.IGNORECASE)
_CALL = re.compile(
    r"\b(?:click here|contact us|get in touch|sign up (?:for|today|now)|get started (?:today|now|with)"
    r"|(?:book|schedule|request) (?:a|an|your) |get (?:a|your) (?:free|custom) |free trial|shop (?:now|our|all)"
    r"|buy now|order now|call us|reach out to (?:us|our)|check out (?:our|the|this)|explore our|browse our|visit our"
    r"|keep an eye on|for further reading|read (?:also|next|our)|related:)",
    re.IGNORECASE,
)
_SAID = frozenset("said says told according wrote argued announced reported".split())
_FIRST = frozenset("i i'm i've i'd my me".split())
_THIRD = frozenset("he she his her him was were".split())
_YEAR_OR_DIGIT = re.compile(r"(?:19|20)\d\d|\d")


def score_seo_padding(
    original: str, text: str, edits: tuple[Edit, ...], headings: tuple[str, ...] = (), title: str | None = None
) -> tuple[Score, Flag | None]:
    """Score "seo_padding" with its components, and the flag "seo-padded" from probability FLAG_FROM on.

    The flag's evidence is the three components that add most, in words.
    """
    traces = measure_padding(original, text, edits, headings, title)
    total = sum(ramp.weight for ramp in RAMPS)
    components = tuple(
        Component(ramp.name, round(_value(ramp, trace.measure), 4), round(ramp.weight / total, 6), trace.evidence)
        for ramp, trace in zip(RAMPS, traces, strict=True)
    )
    logit = INTERCEPT + total * sum(component.weight * component.value for component in components)
    score = Score("seo_padding", round(1 / (1 + math.exp(-logit)), 4), components)
    if score.value < FLAG_FROM:
        return score, None
    by_share = sorted(components, key=lambda component: -component.weight * component.value)
    return score, Flag("seo-padded", "; ".join(component.evidence for component in by_share[:3]))


def _value(ramp: Ramp, measure: float | None) -> float:
    if measure is None:
        return ramp.typical
    return min(1.0, max(0.0, (measure - ramp.low) / (ramp.high - ramp.low)))


@dataclass(frozen=True, slots=True)
class _Page:
    """What every trace looks at: words as written and in lower case, their number, and the headings."""

    words: list[str]
    lower: list[str]
    per_1000: float
    is_english: bool
    headings: list[frozenset[str]]
    heading_lines: tuple[str, ...]

    def rate(self, count: float) -> float:
        return count * self.per_1000


def measure_padding(
    original: str, text: str, edits: tuple[Edit, ...], headings: tuple[str, ...] = (), title: str | None = None
) -> tuple[Trace, ...]:
    """The traces in the order of RAMPS, not yet brought to 0-1."""
