"""Signals: raw measurements of a cleaned text and of what cleaning took out. No threshold is applied here.

Signals are stored beside the article, so that a threshold can be moved without reading the texts again. SIGNALS
lists them all, each with its unit and source. Words are counted as transforms/words.py says: in Chinese and Japanese
each character is a word, so the means and rates of those languages compare only with each other.

Sources: Gopher (Rae et al. 2021, table A1), C4 (Raffel et al. 2020, section 2.2), FineWeb (Penedo et al. 2024,
section 3.6); the others are our own.
"""

from __future__ import annotations

import re
from collections import Counter

from transforms.types import Edit, Signal
from transforms.words import count_quotations, ends_sentence, lines_of, lower_words, sentences_of, words_of

# name, then unit and source
SIGNALS = (
    ("words", "words of the clean text (Gopher: 50 to 100,000)"),
    ("mean_word_chars", "characters a word (Gopher: 3 to 10)"),
    ("sentences", "sentences of the clean text (C4: 3 at least)"),
    ("mean_sentence_words", "words a sentence"),
    ("lines", "lines that are not blank"),
    ("punctuated_line_ratio", "share of lines that end in a sentence mark, 0-1 (C4; FineWeb: 0.12 at least)"),
    ("short_line_ratio", "share of lines of 30 characters or fewer, 0-1 (FineWeb: below 0.67)"),
    ("bullet_line_ratio", "share of lines that begin with a bullet, 0-1 (Gopher: below 0.9)"),
    ("ellipsis_line_ratio", "share of lines that end in an ellipsis, 0-1 (Gopher: below 0.3)"),
    ("duplicate_line_ratio", "share of lines that an earlier line equals, 0-1 (Gopher: below 0.3)"),
    ("duplicate_line_char_ratio", "share of characters in such lines, 0-1 (Gopher: below 0.2)"),
    ("symbols_per_word_ratio", "hash marks and ellipses a word (Gopher: below 0.1)"),
    ("alphabetic_word_ratio", "share of words with a letter, 0-1 (Gopher: 0.8 at least)"),
    ("english_stop_words", "how many of the, be, to, of, and, that, have, with occur, 0-8; English only (Gopher: 2)"),
    ("lexical_diversity_ratio", "different words / words, of the first 500 words, 0-1"),
    ("top_2gram_char_ratio", "share of characters in the most frequent 2 words in a row, 0-1 (Gopher: below 0.20)"),
    ("top_3gram_char_ratio", "the same of 3 words (Gopher: below 0.18)"),
    ("top_4gram_char_ratio", "the same of 4 words (Gopher: below 0.16)"),
    ("digit_ratio", "share of characters that are digits, 0-1"),
    ("figures_per_1000_words", "words that begin with a digit, per 1,000 words"),
    ("quotations_per_1000_words", "opened quotations, per 1,000 words"),
    ("removed_ratio", "share of the original's characters that edits took out, 0-1"),
    ("artifacts_per_1000_words", "edits but those of kind tidy, per 1,000 words of the original"),
    ("inserts_per_1000_words", "edits of kind promo_link, per 1,000 words of the original"),
)

SHORT_LINE_CHARS = 30
DIVERSITY_WORDS = 500  # diversity falls with length, so texts are compared on the same length
NGRAM_WORDS = 2000  # the n-gram shares look at so many words at most, to bound time and memory
_DIGIT = re.compile(r"\d")
_BULLETS = tuple("-–—•*·▪●◦‣")
_GOPHER_STOP_WORDS = frozenset(("the", "be", "to", "of", "and", "that", "have", "with"))


def measure_signals(original: str, text: str, edits: tuple[Edit, ...]) -> tuple[Signal, ...]:
    """The signals of one article in the order of SIGNALS: `text` is `original` with `edits` applied.

    Where there is nothing to divide by (no words, no lines), a ratio, mean or rate is 0.
    """
    words, lines = words_of(text), lines_of(text)
    lower = lower_words(words)
    sentences = len(sentences_of(text))
    repeats = [line for line, count in Counter(lines).items() for _ in range(count - 1)]
    original_words = len(words_of(original)) if edits else len(words)
    removed_chars = sum(edit.end - edit.start - len(edit.replacement) for edit in edits)
    values: dict[str, float] = {
        "words": len(words),
        "mean_word_chars": _ratio(sum(map(len, words)), len(words)),
        "sentences": sentences,
        "mean_sentence_words": _ratio(len(words), sentences),
        "lines": len(lines),
        "punctuated_line_ratio": _ratio(sum(map(ends_sentence, lines)), len(lines)),
        "short_line_ratio": _ratio(sum(len(line) <= SHORT_LINE_CHARS for line in lines), len(lines)),
        "bullet_line_ratio": _ratio(sum(line.startswith(_BULLETS) for line in lines), len(lines)),
        "ellipsis_line_ratio": _ratio(sum(line.endswith(("…", "...")) for line in lines), len(lines)),
        "duplicate_line_ratio": _ratio(len(repeats), len(lines)),
        "duplicate_line_char_ratio": _ratio(sum(map(len, repeats)), sum(map(len, lines))),
        "symbols_per_word_ratio": _ratio(text.count("#") + text.count("…") + text.count("..."), len(words)),
        "alphabetic_word_ratio": _ratio(len(words) - sum(map(str.isdigit, words)), len(words)),
        "english_stop_words": len(_GOPHER_STOP_WORDS.intersection(lower)),
        "lexical_diversity_ratio": _ratio(len(set(lower[:DIVERSITY_WORDS])), len(lower[:DIVERSITY_WORDS])),
        "top_2gram_char_ratio": _top_share(lower[:NGRAM_WORDS], 2),
        "top_3gram_char_ratio": _top_share(lower[:NGRAM_WORDS], 3),
        "top_4gram_char_ratio": _top_share(lower[:NGRAM_WORDS], 4),
        "digit_ratio": _ratio(len(_DIGIT.findall(text)), len(text)),
        "figures_per_1000_words": _ratio(1000 * sum(word[0].isdigit() for word in words), len(words)),
        "quotations_per_1000_words": _ratio(1000 * count_quotations(text), len(words)),
        "removed_ratio": max(0.0, _ratio(removed_chars, len(original))),
        "artifacts_per_1000_words": _ratio(1000 * sum(edit.kind != "tidy" for edit in edits), original_words),
        "inserts_per_1000_words": _ratio(1000 * sum(edit.kind == "promo_link" for edit in edits), original_words),
    }
    return tuple(Signal(name, round(float(values[name]), 6)) for name, _ in SIGNALS)


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole else 0.0


def _top_share(words: list[str], length: int) -> float:
    """Characters in the occurrences of the most frequent n-gram / characters of all words; 0 if none repeats."""
    grams = Counter(zip(*(words[start:] for start in range(length)), strict=False))
    chars = max((count * sum(map(len, gram)) for gram, count in grams.items() if count > 1), default=0)
    return min(1.0, _ratio(chars, sum(map(len, words))))  # occurrences may overlap
