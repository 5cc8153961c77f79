"""What the traces of padding look at: a text cut into words and headings, its topic and its most repeated phrase."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass

from transforms.measured_text import cut_text
from transforms.types import Edit
from transforms.words import ENGLISH_STOP_WORDS, headings_of, lower_words, words_of

MIN_WORDS = 150  # rates of a shorter text are taken as if it had so many: three words in twenty are no rate
MIN_HEADINGS = 4  # a share of fewer headings is taken as if there were so many: one heading is no pattern
PHRASE_TIMES = 3  # a phrase is repeated when it stands so often


@dataclass(frozen=True, slots=True)
class Trace:
    """One measured trace, in the unit that its function states; None where the language hides it."""

    name: str
    measure: float | None
    evidence: str


@dataclass(frozen=True, slots=True)
class PaddingPage:
    """`lower` has straight apostrophes. `counts` counts it. `keys` are the three most frequent topical words.

    `phrase` is the most repeated phrase of two to four words with a topical word, () if none stands three times.
    """

    original: str
    edits: tuple[Edit, ...]
    lines: list[str]
    words: list[str]
    lower: list[str]
    counts: Counter[str]
    in_english: bool
    headings: tuple[str, ...]
    heading_words: tuple[frozenset[str], ...]
    phrase: tuple[str, ...]
    phrase_count: int
    keys: tuple[str, ...]

    def per_1000(self, count: float) -> float:
        return count * 1000 / max(len(self.words), MIN_WORDS)

    def of_headings(self, count: int) -> float:
        return count / max(len(self.headings), MIN_HEADINGS)


def read_page(original: str, edits: tuple[Edit, ...], headings: tuple[str, ...], title: str | None) -> PaddingPage:
    """`headings` are those of the page; without any, short lines before a paragraph are taken.

    `title` counts as one more heading.
    """
    cut = cut_text(original)
    counts = cut.counts
    headings = headings or headings_of(original)
    if title and title not in headings:
        headings = (title, *headings)
    # What can carry a topic; languages without a list have short function words as well.
    topical = {word for word in counts if len(word) > 3} - ENGLISH_STOP_WORDS
    # A word that begins in lower case is no name.
    pairs = zip(cut.words, cut.lower, strict=True)
    topics = Counter([low for word, low in pairs if low in topical and word[0] == low[0]])
    phrase, phrase_count = _most_repeated(cut.lower, {word for word in topical if counts[word] >= PHRASE_TIMES}, topics)
    return PaddingPage(
        original=original,
        edits=edits,
        lines=cut.lines,
        words=cut.words,
        lower=cut.lower,
        counts=counts,
        in_english=cut.in_english,
        headings=headings,
        heading_words=tuple(frozenset(lower_words(words_of(heading))) for heading in headings),
        phrase=phrase,
        phrase_count=phrase_count,
        keys=tuple(word for word, _ in topics.most_common(3)),
    )


def _most_repeated(lower: list[str], frequent: set[str], topics: Counter[str]) -> tuple[tuple[str, ...], int]:
    """The phrase of 2-4 words with the highest weight (padding_repetition.key_phrase), three occurrences at least.

    It begins and ends with a topical word, and those that occur so often are `frequent`. A name is no key phrase: one
    of its words must also occur in lower case.
    """
    places = [place for place, word in enumerate(lower) if word in frequent]
    can_end = set(places)
    phrases: Counter[tuple[str, ...]] = Counter()
    for length in (2, 3, 4):
        phrases.update([tuple(lower[p : p + length]) for p in places if p + length - 1 in can_end])
    found = [(phrase, n) for phrase, n in phrases.items() if n >= PHRASE_TIMES and not topics.keys().isdisjoint(phrase)]
    return max(found, key=lambda item: item[1] * math.sqrt(len(item[0]) - 1), default=((), 0))


def times(count: int, noun: str) -> str:
    return f"{count} {noun}" + ("" if count == 1 else "s")


def most(found: Counter[str]) -> str:
    """The most frequent finds with their counts, or "none"."""
    return ", ".join(f"{what} {count}" for what, count in found.most_common(4)) or "none"
