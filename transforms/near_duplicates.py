"""Near-duplicates: which clean texts are so alike that one of them is enough.

Two texts are linked when the Jaccard similarity of their five-word shingles, all words counted, is LEAST_SIMILARITY or
more; it is counted, not estimated. MinHash only says which pairs to count: those that share a band of their signatures.
Both are facts of the two texts alone, so what is linked depends on no order, batch or worker.

Clean texts are compared, so that the furniture of two sites hides no copy and makes none.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator

import numpy as np
import numpy.typing as npt

from transforms.measured_text import cut_text
from transforms.minhash import Shingles, find_shingles, minhash
from transforms.template_bounds import BAND_VALUES, BANDS
from transforms.types import Flag, SignedText
from transforms.words import lower_words, words_of

# Of the shingles of both texts, 0-1. Lee et al. 2022 ("Deduplicating Training Data Makes Language Models Better") link
# from 0.8 on; 0.8 is one word in 43 changed here and there, a tenth rewritten in one piece, or a fifth cut off.
LEAST_SIMILARITY = 0.8
# A pair below this estimate is not counted: four standard errors of 64 values (0.05 each) below the bound, so that one
# pair in 30,000 is missed by it. Sharing no band misses one in 5,000 at 0.8 and fewer above.
LEAST_ESTIMATE = 0.6
# Fewer words are a label, a caption or what is left of a page without an article, and every change is a large one.
LEAST_WORDS = 10
# Of a band that more texts share (pages that a machine fills in), each text is compared with so many of them, those of
# the smallest hash: the work stays linear in the texts.
MOST_COMPARED = 200
# Pages that hold no article are alike without being copies of one.
NO_ARTICLE = frozenset({"not-an-article", "all-removed"})

_MIXING = np.array([0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9], dtype=np.uint64)
Signatures = npt.NDArray[np.uint32]
Places = npt.NDArray[np.intp]


def sign_text(text: str, flags: Collection[Flag] = ()) -> SignedText | None:
    """Sign a clean text; None where it is too short, or its flags say that it is no article.

    Case, punctuation and white space do not matter: texts of the same words have the same hash.
    """
    words = cut_text(text).lower
    if len(words) < LEAST_WORDS or any(flag.code in NO_ARTICLE for flag in flags):
        return None
    digest = hashlib.blake2b(" ".join(words).encode(), digest_size=8).digest()
    return SignedText(int.from_bytes(digest, "big"), minhash(find_shingles(words)))


def shingles_of(text: str) -> Shingles:
    """The five-word shingles of a clean text, as sorted numbers."""
    return find_shingles(lower_words(words_of(text)))


def jaccard(one: Shingles, other: Shingles) -> float:
    """Shingles that both have / shingles that either has, 0-1."""
    common = len(np.intersect1d(one, other, assume_unique=True))
    return common / (len(one) + len(other) - common)


def find_candidates(signatures: Signatures, is_new: npt.NDArray[np.bool_]) -> tuple[Places, Places]:
    """Pairs of rows worth counting, each once: one of them new, a band in common, an estimate of LEAST_ESTIMATE.

    `signatures` has a row a text, ordered by text hash.
    """
    pairs = list(_pairs(signatures, is_new))
    nothing = np.empty(0, dtype=np.intp)
    return (
        np.concatenate([left for left, _ in pairs] or [nothing]),
        np.concatenate([right for _, right in pairs] or [nothing]),
    )


def _pairs(signatures: Signatures, is_new: npt.NDArray[np.bool_]) -> Iterator[tuple[Places, Places]]:
    bands = _bands(signatures)
    for band in range(BANDS):
        order = np.argsort(bands[:, band], kind="stable")
        keys = bands[order, band]
        places = np.arange(len(keys))
        ends = np.searchsorted(keys, keys, side="right")
        within = places - np.searchsorted(keys, keys, side="left")
        firsts = places[within < MOST_COMPARED]
        # Each text with the next one of its band, then with the second next, and so on: whole columns at a time.
        distance = 1
        while len(firsts := firsts[firsts + distance < ends[firsts]]):
            left, right = order[firsts], order[firsts + distance]
            wanted = is_new[left] | is_new[right]
            left, right = left[wanted], right[wanted]
            if band:  # an earlier band has shown the pair
                unseen = ~(bands[left, :band] == bands[right, :band]).any(axis=1)
                left, right = left[unseen], right[unseen]
            alike = (signatures[left] == signatures[right]).mean(axis=1) >= LEAST_ESTIMATE
            if alike.any():
                yield left[alike], right[alike]
            distance += 1


def _bands(signatures: Signatures) -> Shingles:
    """A number for the values of each band, a column a band. Two bands that meet by chance cost one comparison."""
    values = signatures.astype(np.uint64).reshape(-1, BANDS, BAND_VALUES)
    halves = (values[:, :, 0::2] << np.uint64(32)) | values[:, :, 1::2]
    mixed: Shingles = (halves * _MIXING).sum(axis=2, dtype=np.uint64)
    return mixed ^ (mixed >> np.uint64(29))
