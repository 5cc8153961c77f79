"""Signals of repetition: lines, paragraphs and runs of words that stand more than once in a text.

Gopher (Rae et al. 2021, appendix A.1.1, table A1) and FineWeb (Penedo et al. 2024, section 3.6). Of what repeats,
the second and later copies count, as in datatrove; for the most frequent n-gram all of its occurrences do, as in the
paper. Characters are those of the words, lines or paragraphs, without the white space between them; the papers do not
say, datatrove counts it for the most frequent n-gram. Overlapping characters of duplicate n-grams count once.

Linear in the text. An n-gram repeats only where both n-grams in it (one word shorter) do, so the longer ones look at
few places.
"""

from __future__ import annotations

import re
from collections import Counter

from transforms.measured_text import MeasuredText, share
from transforms.types import Signal

SIGNALS = (
    ("duplicate_line_ratio", "share of lines that an earlier line equals, 0-1 (Gopher)"),
    ("duplicate_line_char_ratio", "share of characters in such lines, 0-1 (Gopher, FineWeb)"),
    (
        "duplicate_paragraph_ratio",
        "share of paragraphs (a blank line between) that an earlier one equals, 0-1 (Gopher)",
    ),
    ("duplicate_paragraph_char_ratio", "share of characters in such paragraphs, 0-1 (Gopher)"),
    ("top_2gram_char_ratio", "share of characters in the most frequent 2 words in a row, 0-1 (Gopher)"),
    ("top_3gram_char_ratio", "the same of 3 words"),
    ("top_4gram_char_ratio", "the same of 4 words"),
    ("duplicate_5gram_char_ratio", "share of characters in runs of 5 words that stood before, 0-1 (Gopher)"),
    ("duplicate_6gram_char_ratio", "the same of 6 words"),
    ("duplicate_7gram_char_ratio", "the same of 7 words"),
    ("duplicate_8gram_char_ratio", "the same of 8 words"),
    ("duplicate_9gram_char_ratio", "the same of 9 words"),
    ("duplicate_10gram_char_ratio", "the same of 10 words"),
)
TOP_NGRAMS, DUPLICATE_NGRAMS = (2, 3, 4), (5, 6, 7, 8, 9, 10)
# Gopher keeps no longer text; what stands behind is not looked at, which bounds memory to some 50 MB.
MOST_WORDS = 100_000
_BLANK_LINE = re.compile(r"\n[^\S\n]*\n\s*")


def measure_repetition(page: MeasuredText) -> tuple[Signal, ...]:
    """The signals of SIGNALS, in its order."""
    lower = page.lower if len(page.lower) <= MOST_WORDS else page.lower[:MOST_WORDS]
    chars = sum(map(len, lower))
    top_chars, repeated_chars = _ngram_chars(lower, page.counts, chars)
    line_ratio, line_char_ratio = _duplicates(page.lines)
    paragraph_ratio, paragraph_char_ratio = _duplicates(_BLANK_LINE.split(page.text.strip()))
    return (
        Signal("duplicate_line_ratio", line_ratio),
        Signal("duplicate_line_char_ratio", line_char_ratio),
        Signal("duplicate_paragraph_ratio", paragraph_ratio),
        Signal("duplicate_paragraph_char_ratio", paragraph_char_ratio),
        *(Signal(f"top_{n}gram_char_ratio", share(top_chars[n], chars)) for n in TOP_NGRAMS),
        *(Signal(f"duplicate_{n}gram_char_ratio", share(repeated_chars[n], chars)) for n in DUPLICATE_NGRAMS),
    )


def _duplicates(parts: list[str]) -> tuple[float, float]:
    """The share of parts that an earlier part equals, and the share of their characters."""
    if len(set(parts)) == len(parts):
        return 0.0, 0.0
    copies = [part for part, count in Counter(parts).items() for _ in range(count - 1)]
    return len(copies) / len(parts), share(sum(map(len, copies)), sum(map(len, parts)))


def _ngram_chars(words: list[str], word_counts: Counter[str], chars: int) -> tuple[dict[int, int], dict[int, int]]:
    """By length of the n-gram: characters in the most frequent one, and in runs of words that stood before.

    `word_counts` counts the words, and maybe others behind them; `chars` are those of all words.
    """
    top, repeated = dict.fromkeys(TOP_NGRAMS, 0), dict.fromkeys(DUPLICATE_NGRAMS, 0)
    starts = [start for start, word in enumerate(words) if word_counts[word] > 1]
    for length in range(TOP_NGRAMS[0], DUPLICATE_NGRAMS[-1] + 1):
        repeating = set(starts)
        grams = [(start, tuple(words[start : start + length])) for start in starts if start + 1 in repeating]
        counts = Counter([gram for _, gram in grams])
        starts = [start for start, gram in grams if counts[gram] > 1]
        if not starts:
            break
        if length in top:
            top[length] = _top_chars(counts, chars)
        if length in repeated:
            repeated[length] = _repeated_chars(words, starts, length)
    return top, repeated


def _top_chars(counts: Counter[tuple[str, ...]], chars: int) -> int:
    """Characters in the most frequent n-gram, the longest of several. Its occurrences may overlap: at most all."""
    most = max(counts.values())
    longest = max(sum(map(len, gram)) for gram, count in counts.items() if count == most)
    return min(most * longest, chars)


def _repeated_chars(words: list[str], starts: list[int], length: int) -> int:
    """Characters in runs that stood before, of the runs that occur twice: those that begin at `starts`.

    Counted as datatrove does: from left to right, and a run that stood before is passed over as a whole.
    """
    seen: set[tuple[str, ...]] = set()
    chars, free_from = 0, 0
    for start in starts:
        if start < free_from:
            continue
        gram = tuple(words[start : start + length])
        if gram in seen:
            chars += sum(map(len, gram))
            free_from = start + length
        seen.add(gram)
    return chars
