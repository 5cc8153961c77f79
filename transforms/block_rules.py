"""What the mark-up says so plainly that the block model need not be asked: captions, headline, footer, comments.

The model learned from forums too, where what readers write is the content; so comments are left out by rule where the
page says that it is an article. Measured on all labelled pages: docs/block_model_card.md.
"""

from __future__ import annotations

import re
import zlib

import numpy as np
from numpy.typing import NDArray

from transforms.blocks import Block, Blocks
from transforms.element_names import PLACES
from transforms.page_kind import count_words

LEAST_CONTENT_WORDS = 100  # beside footers or comments; with less, they may be all that there is
HEADLINE_SHARE = 0.8  # of a headline's words stand in the page's title
_CAPTION = 1 << PLACES.index("figcaption")
_ASIDE = 1 << PLACES.index("aside")
_FURNITURE = sum(1 << PLACES.index(name) for name in ("footer", "dialog", "label"))
_WORD = re.compile(r"\w+")


def _hashes(words: str) -> frozenset[int]:
    return frozenset(zlib.crc32(word.encode()) for word in words.split())


_COMMENTS = _hashes(
    "comment comments commentlist commentsection commentarea respond replies disqus disqus_thread kommentare "
    "comentarios commentaires commenti prop=comment"
)
# Of what the model takes on article pages, and is named so itself or by the element around it, two thirds and more is
# not in the reference texts: in either half of the sites.
_NAMED_OUT = _hashes("caption cta banner byline") | _hashes("boiler boilerplate")  # the second by hand, not measured
_ADVERTS = _hashes("ad ads advert advertisement sponsor sponsored")  # in an aside; alone, the words mean many things
_ARTICLE = _hashes(
    "og=article data=article data=newsarticle data=blogposting data=techarticle data=reportagenewsarticle"
)
_FORUM = _hashes("data=discussionforumposting data=qapage data=question")


def leave_out(found: Blocks, title: str, is_content: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The chosen blocks of a page without captions, the h1 that repeats its title, bylines, banners, adverts, what
    stands in footers, dialogs and labels of forms, and comments."""
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
    is_furniture = np.array([_is_furniture(found, block) for block in found.blocks], np.bool_)
    kept = _without(found, is_furniture, is_content & ~is_caption & ~is_headline)
    names = found.elements[0].names if found.elements else ()
    if _ARTICLE.isdisjoint(names) or not _FORUM.isdisjoint(names):
        return kept
    return _without(found, _in_comments(found), kept)


def _is_furniture(found: Blocks, block: Block) -> bool:
    one = found.elements[block.element]
    around = found.elements[one.parent].names if one.parent >= 0 and one.tag != "body" else ()
    names = {*block.names, *one.names, *around}
    return bool(
        one.places & _FURNITURE
        or not _NAMED_OUT.isdisjoint(names)
        or (one.places & _ASIDE and not _ADVERTS.isdisjoint(names))
    )


def _without(found: Blocks, unwanted: NDArray[np.bool_], kept: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """What is kept without the unwanted, unless hardly anything is left."""
    if not (unwanted & kept).any():
        return kept
    rest = kept & ~unwanted
    left = (count_words(found.blocks[number].text) for number in np.flatnonzero(rest))
    return rest if sum(left) >= LEAST_CONTENT_WORDS else kept


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
