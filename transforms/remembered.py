"""What was said of a word, remembered: texts share most words, and a look-up is cheaper than most answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

_MOST_WORDS = 32_768
_LONGEST_CHARS = 40  # a word; together at most some 8 MB
_Answer = TypeVar("_Answer")


class Remembered(dict[str, _Answer]):
    """`remembered[word]` is what the pure function `ask` says of the word, whether it was asked before or not.

    For many words at once, `map(remembered.__getitem__, words)`. Long words are asked of each time, and where there
    are too many, all are forgotten: memory is bounded whatever the words.
    """

    def __init__(self, ask: Callable[[str], _Answer]) -> None:
        super().__init__()
        self._ask = ask

    def __missing__(self, word: str) -> _Answer:
        answer = self._ask(word)
        if len(word) <= _LONGEST_CHARS:
            if len(self) >= _MOST_WORDS:
                self.clear()
            self[word] = answer
        return answer
