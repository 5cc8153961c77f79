"""Signals: raw measurements of a cleaned text and of what cleaning took out. No threshold is applied here.

Signals are stored beside the article, so that a threshold can be moved without reading the texts again: the bounds
of the published filters stand in the warehouse (table `thresholds`, view `filter_verdicts`). SIGNALS lists them all,
each with its unit and source; docs/signals.md shows them with their bounds. The modules signals_of_* define them.

Words are counted as transforms/words.py says: in Chinese and Japanese each character is a word, so the means and
rates of those languages compare only with each other. A signal that a language does not have (reading ease,
attributions) is left out for it; it is not 0.
"""

from __future__ import annotations

from transforms import signals_of_detail, signals_of_filters, signals_of_readability, signals_of_repetition
from transforms.measured_text import cut_text, share
from transforms.signals_of_detail import measure_detail
from transforms.signals_of_filters import measure_filter_signals
from transforms.signals_of_readability import measure_readability
from transforms.signals_of_repetition import measure_repetition
from transforms.types import Edit, Signal
from transforms.words import words_of

_CLEANING = (
    ("lines", "lines that are not blank"),
    ("removed_ratio", "share of the original's characters that edits took out, 0-1"),
    ("artifacts_per_1000_words", "edits but those of kind tidy, per 1,000 words of the original"),
    ("inserts_per_1000_words", "edits of kind promo_link, per 1,000 words of the original"),
)
# name, then unit and source
SIGNALS = (
    *signals_of_filters.SIGNALS,
    *signals_of_repetition.SIGNALS,
    *signals_of_readability.SIGNALS,
    *signals_of_detail.SIGNALS,
    *_CLEANING,
)


def measure_signals(
    original: str, text: str, edits: tuple[Edit, ...], language: str | None = None
) -> tuple[Signal, ...]:
    """The signals of one article in the order of SIGNALS: `text` is `original` with `edits` applied.

    `language` is ISO 639-1; without one, what is defined for some languages only is left out. Where there is nothing
    to divide by (no words, no lines), a ratio, mean or rate is 0.
    """
    page = cut_text(text)
    original_words = len(page.words) + sum(len(words_of(edit.text)) for edit in edits)
    removed_chars = sum(edit.end - edit.start - len(edit.replacement) for edit in edits)
    artifacts = sum(edit.kind != "tidy" for edit in edits)
    inserts = sum(edit.kind == "promo_link" for edit in edits)
    signals = (
        *measure_filter_signals(page),
        *measure_repetition(page),
        *measure_readability(page, language),
        *measure_detail(page, language),
        Signal("lines", len(page.lines)),
        Signal("removed_ratio", max(0.0, share(removed_chars, len(original)))),
        Signal("artifacts_per_1000_words", share(1000 * artifacts, original_words)),
        Signal("inserts_per_1000_words", share(1000 * inserts, original_words)),
    )
    return tuple(Signal(signal.name, round(float(signal.value), 6)) for signal in signals)
