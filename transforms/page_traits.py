"""What tells a list of links or goods from an article: how its content is cut and linked, what it says it is."""

from __future__ import annotations

import zlib

import numpy as np
from numpy.typing import NDArray

from transforms.block_features import PROSE_WORDS, Measured
from transforms.blocks import Blocks

# What a page may say of itself, as transforms/blocks.py hashes it.
_SAYS_ARTICLE = (
    *("og=article", "data=article", "data=newsarticle", "data=blogposting", "data=techarticle"),
    *("data=reportagenewsarticle", "data=discussionforumposting", "data=qapage", "data=recipe"),
)
_SAYS_LIST = ("data=collectionpage", "data=itemlist", "data=product", "data=offercatalog", "data=searchresultspage")
_SAYS_SITE = ("og=website", "data=organization")


def page_traits(found: Blocks, seen: Measured, judged: NDArray[np.float64]) -> NDArray[np.float64]:
    """One row for a page that has blocks; the last one is 1. `judged` are the probabilities of its blocks."""
    words = seen.lines.column("words").astype(np.float64)
    chars = np.maximum(seen.lines.column("chars"), 1)
    linked = np.minimum(np.array([block.link_chars for block in found.blocks]) / chars, 1)
    content = (words + 0.01) * judged
    is_prose = (words >= PROSE_WORDS) & (linked < 0.5)
    total = content.sum()
    said = set(found.elements[0].names)
    return np.array(
        [
            np.log1p(total),
            np.log1p((content * is_prose).sum()),
            (content * is_prose).sum() / total,
            (content * linked).sum() / total,
            total / (words + 0.01).sum(),
            (content * np.abs(2 * judged - 1)).sum() / total,
            np.log1p(total / max(judged.sum(), 1)),
            np.log1p((judged >= 0.5).sum()),
            np.log1p(len(words)),
            *(not said.isdisjoint(_hashes(names)) for names in (_SAYS_ARTICLE, _SAYS_LIST, _SAYS_SITE)),
            1.0,
        ]
    )


def _hashes(names: tuple[str, ...]) -> list[int]:
    return [zlib.crc32(name.encode()) for name in names]
