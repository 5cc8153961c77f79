"""MinHash: a short signature of a text from which the likeness of two texts is estimated.

The share of equal places in two signatures estimates the Jaccard similarity of their five-word shingles. Shingles are
taken from lines of prose, so that furniture does not make two articles of a site alike; from all lines where there is
no prose. Signatures are the same on every machine.
"""

from __future__ import annotations

import zlib

import numpy as np
import numpy.typing as npt

from transforms.guard import PROSE_WORDS
from transforms.template_bounds import BAND_VALUES, BANDS, SHINGLE_WORDS
from transforms.words import ends_sentence, lower_words, words_of

_Numbers = npt.NDArray[np.uint64]


def _odd_numbers(count: int, seed: int) -> _Numbers:
    """`count` odd 64-bit numbers of a fixed sequence (SplitMix64)."""
    numbers = []
    state = seed
    for _ in range(count):
        state = (state + 0x9E3779B97F4A7C15) & 0xFFFFFFFFFFFFFFFF
        mixed = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9 & 0xFFFFFFFFFFFFFFFF
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB & 0xFFFFFFFFFFFFFFFF
        numbers.append((mixed ^ (mixed >> 31)) | 1)
    return np.array(numbers, dtype=np.uint64)


_PLACES = _odd_numbers(SHINGLE_WORDS, seed=1)
_FACTORS = _odd_numbers(BANDS * BAND_VALUES, seed=2)
_OFFSETS = _odd_numbers(BANDS * BAND_VALUES, seed=3)
_HALF = np.uint64(32)


def signature(text: str) -> tuple[int, ...]:
    """BANDS * BAND_VALUES numbers of 32 bits; the same ones for the same words, whatever their case."""
    shingles = _shingles(lower_words(_prose_words(text)))
    # Multiply-shift hashing, one function a place; 64-bit arithmetic wraps around, as it should.
    hashed = (shingles[:, None] * _FACTORS[None, :] + _OFFSETS[None, :]) >> _HALF
    return tuple(hashed.min(axis=0).tolist())


def similarity(one: tuple[int, ...], other: tuple[int, ...]) -> float:
    """Estimated Jaccard similarity of two texts, 0-1, from their signatures."""
    return sum(a == b for a, b in zip(one, other, strict=True)) / len(one)


def _prose_words(text: str) -> list[str]:
    prose: list[str] = []
    for line in text.split("\n"):
        if ends_sentence(line.rstrip()) and len(words := words_of(line)) >= PROSE_WORDS:
            prose += words
    return prose or words_of(text)


def _shingles(words: list[str]) -> _Numbers:
    """A number for each run of five words; one for all words where there are fewer."""
    hashes = np.array([zlib.crc32(word.encode()) for word in words] or [0], dtype=np.uint64)
    count = max(len(hashes) - SHINGLE_WORDS + 1, 1)
    sums = np.zeros(count, dtype=np.uint64)
    for place in range(min(SHINGLE_WORDS, len(hashes))):
        sums += hashes[place : place + count] * _PLACES[place]
    mixed = sums ^ (sums >> _HALF)
    return np.unique(mixed * _FACTORS[0])
