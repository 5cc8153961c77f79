"""What the mark-up says so plainly that the block model need not be asked: captions, the headline, readers' comments.

The model learned from forums too, where what readers write is the content; so comments are left out by rule where the
page says that it is an article. Measured on all labelled pages: docs/block_model_card.md.
"""

from __future__ import annotations

import re
import zlib

import numpy as np
from numpy.typing import NDArray

from transforms.blocks import Blocks
from transforms.element_names import PLACES

LEAST_CONTENT_WORDS = 100  # beside the comments; with less, the comments may be all that there is
HEADLINE_SHARE = 0.8  # of a headline's words stand in the page's title
_CAPTION = 1 << PLACES.index("figcaption")
_WORD = re.compile(r"\w+")


def _hashes(words: str) -> frozenset[int]:
    return frozenset(zlib.crc32(word.encode()) for word in words.split())


_COMMENTS = _hashes(
    "comment comments commentlist commentsection commentarea respond replies disqus disqus_thread kommentare "
    "comentarios commentaires commenti prop=comment"
)
_ARTICLE = _hashes(
    "og=article data=article data=newsarticle data=blogposting data=techarticle data=reportagenewsarticle"
)
_FORUM = _hashes("data=discussionforumposting data=qapage data=question")


def leave_out(found: Blocks, title: str, is_content: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The chosen blocks of a page without captions of figures, the h1 that repeats its title, and comments."""
    elements = [found.elements[block.element] for block in found.blocks]
    is_caption = np.array([bool(one.places & _CAPTION) for one in elements], np.bool_)
    said = _words(title)
    is_headline = np.array(
        [
            is_chosen and one.tag == "h1" and _share(block.text, said) >= HEADLINE_SHARE
            for block, one, is_chosen in zip(found.blocks, elements, is_content, strict=True)
        ],
        np.bool_,
    )
    kept = is_content & ~is_caption & ~is_headline
    names = found.elements[0].names if found.elements else ()
    if _ARTICLE.isdisjoint(names) or not _FORUM.isdisjoint(names):
        return kept
    is_comment = _in_comments(found)
    rest = kept & ~is_comment
    words = sum(len(found.blocks[number].text.split()) for number in np.flatnonzero(rest))
    return rest if words >= LEAST_CONTENT_WORDS else kept


def _in_comments(found: Blocks) -> NDArray[np.bool_]:
    """Which blocks stand in an element that is named for comments; the page's own names do not count."""
    inside: list[bool] = []
    for one in found.elements:
        is_named = one.tag not in ("html", "body") and not _COMMENTS.isdisjoint(one.names)
        inside.append(is_named or (one.parent >= 0 and inside[one.parent]))
    return np.array([inside[block.element] for block in found.blocks], np.bool_)


def _words(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(text.lower()))


def _share(text: str, said: frozenset[str]) -> float:
    """Share of the words of a text that are in `said`."""
    words = _words(text)
    return len(words & said) / len(words) if words else 0.0
