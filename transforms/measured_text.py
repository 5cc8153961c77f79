"""A text cut once into words, lines and sentences, for every signal to look at."""

from __future__ import annotations

from dataclasses import dataclass

from transforms.words import lines_of, lower_words, sentences_in, words_of


@dataclass(frozen=True, slots=True)
class MeasuredText:
    """`words` as written and `lower` in lower case with straight apostrophes (transforms/words.py says what a word is).

    `lines` are not blank; `line_sentences` counts the sentences of each. `language` is ISO 639-1 or None: what is
    defined for some languages only is measured in these.
    """

    text: str
    language: str | None
    words: list[str]
    lower: list[str]
    lines: list[str]
    line_sentences: list[int]

    @property
    def sentences(self) -> int:
        return sum(self.line_sentences)

    def per_word(self, count: float) -> float:
        return share(count, len(self.words))

    def per_1000_words(self, count: float) -> float:
        return share(1000 * count, len(self.words))

    def per_line(self, count: float) -> float:
        return share(count, len(self.lines))


def cut_text(text: str, language: str | None) -> MeasuredText:
    """Linear in the length of the text."""
    words = words_of(text)
    lines = lines_of(text)
    return MeasuredText(text, language, words, lower_words(words), lines, [sentences_in(line) for line in lines])


def share(part: float, whole: float) -> float:
    """part / whole; 0 where there is nothing to divide by."""
    return part / whole if whole else 0.0
