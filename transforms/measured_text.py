"""A text cut once into words, lines and sentences, for all that measure it to look at."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property, lru_cache

from transforms.words import is_english, lines_of, lower_words, sentences_in, words_of

_LONGEST_KEPT_CHARS = 1_000_000  # bounds the memory of kept texts, whose words take some ten times theirs


@dataclass(frozen=True)
class MeasuredText:
    """What is asked of a text again and again, found when it is first asked; linear in its length.

    transforms/words.py says what words, lines and sentences are.
    """

    text: str

    @cached_property
    def words(self) -> list[str]:
        """The words as written."""
        return words_of(self.text)

    @cached_property
    def lower(self) -> list[str]:
        """The words in lower case with straight apostrophes."""
        return lower_words(self.words)

    @cached_property
    def counts(self) -> Counter[str]:
        """How often each of `lower` stands there."""
        return Counter(self.lower)

    @cached_property
    def in_english(self) -> bool:
        """Whether the words read as English."""
        return is_english(self.counts)

    @cached_property
    def lines(self) -> list[str]:
        """The lines that are not blank, stripped."""
        return lines_of(self.text)

    @cached_property
    def line_sentences(self) -> list[int]:
        """How many sentences each of `lines` has."""
        return [sentences_in(line) for line in self.lines]

    @cached_property
    def sentences(self) -> int:
        """How many sentences there are."""
        return sum(self.line_sentences)

    def per_word(self, count: float) -> float:
        return share(count, len(self.words))

    def per_1000_words(self, count: float) -> float:
        return share(1000 * count, len(self.words))

    def per_line(self, count: float) -> float:
        return share(count, len(self.lines))


def cut_text(text: str) -> MeasuredText:
    """`text`, cut. Signals, padding and signature ask for an original and its clean text, so the last two are kept."""
    return _cut_kept(text) if len(text) <= _LONGEST_KEPT_CHARS else MeasuredText(text)


_cut_kept = lru_cache(maxsize=2)(MeasuredText)


def share(part: float, whole: float) -> float:
    """part / whole; 0 where there is nothing to divide by."""
    return part / whole if whole else 0.0
