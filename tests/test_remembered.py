"""Answers about words are remembered, and memory stays bounded."""

from __future__ import annotations

from transforms import remembered
from transforms.remembered import Remembered


def test_a_word_is_asked_of_once() -> None:
    asked: list[str] = []

    def ask(word: str) -> int:
        asked.append(word)
        return len(word)

    lengths = Remembered(ask)
    long = "x" * 41
    assert [*map(lengths.__getitem__, ["a", "bc", "a", long, long])] == [1, 2, 1, 41, 41]
    assert asked == ["a", "bc", long, long]
    assert long not in lengths


def test_too_many_words_are_forgotten_together() -> None:
    lengths = Remembered(len)
    for number in range(remembered._MOST_WORDS + 5):
        assert lengths[str(number)] == len(str(number))
    assert len(lengths) == 5
