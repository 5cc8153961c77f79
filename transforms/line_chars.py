"""Characters and words of lines as numbers, for the line model: classes of characters, and a hash for each word.

All of it is numpy over the code points of many lines at once, so that a line costs microseconds. A word's hash is a
polynomial over its lower-case code points (digits as 0), taken from running sums: the same word has the same hash
wherever it stands, and no word need be cut out as a string.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

Hashes = NDArray[np.uint64]

# What each class holds beside letters, digits and white space.
_MARKS = {
    "stop": ".。．",
    "comma": ",，、",
    "bang": "!！",
    "question": "?？",
    "colon": ":：",
    "semicolon": ";；",
    "quote": '"“”«»„「」『』',
    "apostrophe": "'’‘",
    "bar": "|•·›●▪►▸",
    "bracket": "()[]{}（）【】",
    "code": "<>=\\_`~^",
    "money": "$€£¥%₹",
    "dash": "-–—―",
    "slash": "/",
    "at": "@",
    "mark": "#&*+→←✓✔★☆",
    "dots": "…",
    "legal": "©®™†‡",
}
CLASSES = ("other", "lower", "upper", "digit", "space", *_MARKS, "wide", "emoji")
CLASS = {name: number for number, name in enumerate(CLASSES)}
_PLANE = 1 << 16  # above it stand emoji and rare ideographs: all taken for emoji
_EMOJI_FROM = 0x2190

_BASE = 0x9E3779B97F4A7C15
_MODULUS = 1 << 64
_MIX = np.uint64(0xBF58476D1CE4E5B9)


@cache
def _tables() -> tuple[NDArray[np.uint8], NDArray[np.uint64], NDArray[np.bool_]]:
    """For each code point of the first plane: its class, its lower case for hashing, whether it is part of a word."""
    classes = np.zeros(_PLANE, np.uint8)
    lower = np.arange(_PLANE, dtype=np.uint64)
    in_word = np.zeros(_PLANE, np.bool_)
    for point, char in enumerate(map(chr, range(_PLANE))):
        category = unicodedata.category(char)
        if char.isspace():
            classes[point] = CLASS["space"]
        elif char.isdigit():
            classes[point], lower[point], in_word[point] = CLASS["digit"], ord("0"), True
        elif char.isalpha():
            classes[point] = CLASS["wide" if _is_wide(point) else "upper" if char.isupper() else "lower"]
            in_word[point] = True
            if len(char.lower()) == 1:
                lower[point] = ord(char.lower())
        elif category in {"Mn", "Mc"}:  # accents and vowel signs stand inside words
            classes[point], in_word[point] = CLASS["lower"], True
        elif category == "So" and point >= _EMOJI_FROM:
            classes[point] = CLASS["emoji"]
    for name, chars in _MARKS.items():
        for char in chars:
            classes[ord(char)] = CLASS[name]
    in_word[ord("_")] = True
    return classes, lower + np.uint64(1), in_word


def _is_wide(point: int) -> bool:
    """Scripts that put no space between words: Thai, Lao, kana, ideographs."""
    return 0x0E00 <= point <= 0x0EFF or 0x3040 <= point <= 0x30FF or 0x3400 <= point <= 0x9FFF or point >= 0xF900


@cache  # sizes are powers of two: all together they take twice what the largest takes
def _powers(count: int) -> tuple[Hashes, Hashes]:
    """The powers of the hash's base, and of its inverse."""
    powers, inverses = np.full(count, _BASE, np.uint64), np.full(count, pow(_BASE, -1, _MODULUS), np.uint64)
    powers[0] = inverses[0] = 1
    return np.cumprod(powers, dtype=np.uint64), np.cumprod(inverses, dtype=np.uint64)


def classes_of(text: str) -> tuple[NDArray[np.uint8], NDArray[np.uint32]]:
    """The class of each character (see CLASSES), and its code point; 0xFFFD stands for those above the first plane."""
    points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    above = points >= _PLANE
    if not above.any():
        return _tables()[0][points], points
    points = np.where(above, np.uint32(0xFFFD), points)
    classes = _tables()[0][points]
    classes[above] = CLASS["emoji"]
    return classes, points


def words_in(points: NDArray[np.uint32]) -> tuple[NDArray[np.intp], NDArray[np.intp], Hashes]:
    """Start, end and hash of each word among code points whose last one is no part of a word."""
    _, lower, in_word = _tables()
    inside = np.zeros(len(points) + 1, np.bool_)
    inside[1:] = in_word[points]
    edges = np.flatnonzero(inside[1:] != inside[:-1])
    starts, ends = edges[::2], edges[1::2]
    powers, inverses = _powers(1 << max(10, (len(points) - 1).bit_length()))
    sums = np.zeros(len(points) + 1, np.uint64)
    np.cumsum(lower[points] * powers[: len(points)], out=sums[1:], dtype=np.uint64)
    return starts, ends, mixed((sums[ends] - sums[starts]) * inverses[starts])


def mixed(hashes: Hashes) -> Hashes:
    """Spread the information of a hash over all its bits."""
    hashes = (hashes ^ (hashes >> np.uint64(29))) * _MIX
    return hashes ^ (hashes >> np.uint64(32))


def hashes_of(words: Iterable[str]) -> Hashes:
    """The sorted hashes of single words, as `words_in` gives them."""
    points = classes_of(" ".join(words) + " ")[1]
    return np.unique(words_in(points)[2])


@dataclass(frozen=True, slots=True)
class HashTable:
    """Known hashes, sorted, and where those with the same first bits begin: a few steps find one of any number.

    `hashes` has one more at its end, so that each place can be looked at; `is_followed` tells of each place whether
    another hash with the same first bits follows.
    """

    hashes: Hashes
    shift: np.uint64
    begins: NDArray[np.int32]
    is_followed: NDArray[np.bool_]

    def find(self, hashes: Hashes) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
        """The place of each of `hashes` among the known, and whether it is known: else its place says nothing."""
        first_bits = (hashes >> self.shift).astype(np.intp)
        at = self.begins.take(first_bits).astype(np.intp)
        found = self.hashes.take(at) == hashes
        rest = np.flatnonzero(self.is_followed.take(at) & ~found)
        while len(rest):
            here = at[rest] + 1
            at[rest] = here
            found[rest] = is_hit = self.hashes.take(here) == hashes[rest]
            rest = rest[self.is_followed.take(here) & ~is_hit]
        return at, found


def table_of(hashes: Hashes) -> HashTable:
    """A table of sorted hashes that are not empty."""
    bits = len(hashes).bit_length() + 1
    shift = np.uint64(64 - bits)
    first_bits = (hashes >> shift).astype(np.intp)
    begins = np.searchsorted(first_bits, np.arange(1 << bits)).astype(np.int32)
    is_followed = np.append(first_bits[1:] == first_bits[:-1], (False, False))
    return HashTable(np.append(hashes, np.uint64(0)), shift, begins, is_followed)
