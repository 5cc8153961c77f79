"""MinHash: a short signature of a text from which the likeness of two texts is estimated.

The share of equal places in two signatures estimates the Jaccard similarity of their five-word shingles. The minima
come from rensa; they are the same on every machine, in every process and whatever Python's hash seed, as long as its
algorithm keeps its version, which a test holds. Two things are compared so: originals, to count templates (here, by
their lines of prose), and clean texts, to find near-duplicates (`transforms.near_duplicates`, by all words).
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from rensa import RMinHash

from transforms.guard import PROSE_WORDS
from transforms.remembered import Remembered
from transforms.template_bounds import BAND_VALUES, BANDS, SHINGLE_WORDS
from transforms.words import ends_sentence, lower_words, words_of

Shingles = npt.NDArray[np.uint64]
_SEED = 42  # of rensa's permutations; stored signatures depend on it
_HALF = np.uint64(32)


def _odd_numbers(count: int, seed: int) -> Shingles:
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
(_FACTOR,) = _odd_numbers(1, seed=2)
_HASHES = Remembered(lambda word: zlib.crc32(word.encode()))


def signature(text: str) -> tuple[int, ...]:
    """The signature of a text's prose, so that furniture does not make two articles of a site alike.

    Lines of prose count; all lines where there is none. The case of letters does not matter.
    """
    return minhash(find_shingles(lower_words(_prose_words(text))))


def minhash(shingles: Shingles) -> tuple[int, ...]:
    """BANDS * BAND_VALUES numbers of 8 bits; the same for the same set of shingles, which must not be empty.

    Of rensa's 32 bits the last 8 are kept, a quarter of the space: different minima then seem equal in one case of 256,
    which moves an estimate of 0.5 by 0.002 (b-bit minwise hashing, Li and Koenig 2010).
    """
    rows = RMinHash.digest_matrix_from_flat_token_hashes(shingles, [0, len(shingles)], BANDS * BAND_VALUES, _SEED)
    (row,) = rows.to_rows()
    return tuple(value & 0xFF for value in row)


def similarity(one: tuple[int, ...], other: tuple[int, ...]) -> float:
    """Estimated Jaccard similarity of two texts, 0-1, from their signatures."""
    return sum(a == b for a, b in zip(one, other, strict=True)) / len(one)


def find_shingles(words: Sequence[str]) -> Shingles:
    """A number for each different run of five words, sorted; one for all words where there are fewer."""
    hashes = np.array([*map(_HASHES.__getitem__, words)] or [0], dtype=np.uint64)
    count = max(len(hashes) - SHINGLE_WORDS + 1, 1)
    sums = np.zeros(count, dtype=np.uint64)
    for place in range(min(SHINGLE_WORDS, len(hashes))):  # 64-bit arithmetic wraps around, as it should
        sums += hashes[place : place + count] * _PLACES[place]
    mixed = np.sort((sums ^ (sums >> _HALF)) * _FACTOR)
    different: Shingles = mixed[np.append(True, mixed[1:] != mixed[:-1])]  # np.unique takes ten times as long
    return different


def _prose_words(text: str) -> list[str]:
    prose: list[str] = []
    for line in text.split("\n"):
        if ends_sentence(line.rstrip()) and len(words := words_of(line)) >= PROSE_WORDS:
            prose += words
    return prose or words_of(text)
