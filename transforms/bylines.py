"""Who wrote an article, by what a reader sees: elements that are marked as author, and "By ..." at the headline.

Names in comments, teasers and side columns are not the author's; nor is anybody, where several people are marked on a
page that lists articles.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from typing import cast

from lxml import etree
from lxml.html import HtmlElement

from transforms.author_names import looks_like_name, read_byline, split_authors
from transforms.page_regions import region_words, words

# Parts of classes, so that author-name, AuthorBox and entry_byline all count. By attribute, not by element: a third of
# the time, since most elements have none of them.
_MARKED = etree.XPath(
    "descendant::*/@class[contains(.,'uthor') or contains(.,'yline')]/.. | descendant::a[@rel='author']"
    " | descendant::*/@itemprop[.='author']/.."
)
_OTHER_REGIONS = words(
    "comment comments commentlist disqus reply replies respond related sidebar recommended recommendations recent",
    "popular trending nav navbar navigation menu carousel slider swiper testimonial testimonials pagination prev next",
    "review reviews quote cookie modal popup",
)
_NAMED = words("name fn card")  # classes of an element that holds a name and nothing else
_MOST_MARKED = 40
_MOST_PIECES = 12
_LONGEST_BYLINE_CHARS = 300
_LONGEST_LINE_CHARS = 120
_PIECES_AFTER_HEADLINE = 30
_LISTED_FROM = 4  # so many different names in bylines are those of a list of articles


def find_byline(tree: HtmlElement, headline: HtmlElement | None) -> tuple[str, tuple[str, ...]]:
    """The origin (microdata, rel-author or byline) and the names; "" and nobody where none is shown."""
    found_marked = cast("list[HtmlElement]", _MARKED(tree))[:_MOST_MARKED]
    marked = [element for element in found_marked if not _is_elsewhere(element)]
    found = (
        ("microdata", _first_names(marked, _microdata_names)),
        ("rel-author", _first_names(marked, _linked_names)),
        ("byline", _shown_names(marked, headline)),
    )
    return next(((origin, names) for origin, names in found if names), ("", ()))


def _first_names(marked: list[HtmlElement], names_of: Callable[[HtmlElement], tuple[str, ...]]) -> tuple[str, ...]:
    return next((names for element in marked if (names := names_of(element))), ())


def _linked_names(element: HtmlElement) -> tuple[str, ...]:
    names = split_authors(_joined(element)) if element.get("rel") == "author" else ()
    return names if names and looks_like_name(names[0]) else ()


def _shown_names(marked: list[HtmlElement], headline: HtmlElement | None) -> tuple[str, ...]:
    """What stands in the marked elements, else in a line at the headline that says "By"."""
    shown: dict[tuple[str, ...], None] = {}
    for element in marked:
        pieces = _pieces(element)
        if pieces and sum(map(len, pieces)) <= _LONGEST_BYLINE_CHARS:
            is_name = not _NAMED.isdisjoint(region_words(element))
            if names := read_byline(pieces, is_marked=True, least_words=1 if is_name else 2):
                shown.setdefault(names)
    if shown:
        return next(iter(shown)) if len(shown) < _LISTED_FROM else ()
    if headline is None:
        return ()
    following = islice(_following(headline), _PIECES_AFTER_HEADLINE)
    return read_byline([piece for piece in following if len(piece) <= _LONGEST_LINE_CHARS])


def _microdata_names(element: HtmlElement) -> tuple[str, ...]:
    if element.get("itemprop") != "author":
        return ()
    inner = next((e for e in element.iter() if e.get("itemprop") == "name"), None)
    if inner is not None:
        return split_authors(inner.get("content") or _joined(inner))
    text = element.get("content") or _joined(element)
    return split_authors(text) if len(text) <= 80 else ()


def _is_elsewhere(element: HtmlElement) -> bool:
    """Whether an element stands in a comment, a teaser, a menu or a side column."""
    for parent in (element, *element.iterancestors()):
        if parent.tag in ("aside", "nav"):
            return True
        if parent.tag in ("body", "article", "main"):
            return False
        if not _OTHER_REGIONS.isdisjoint(region_words(parent)):
            return True
    return False


def _following(element: HtmlElement) -> Iterator[str]:
    """The runs of text after an element, in the order of the page."""
    at: HtmlElement | None = element
    while at is not None and at.tag != "body":
        for sibling in at.itersiblings():
            if isinstance(sibling.tag, str) and sibling.tag not in ("script", "style", "nav", "aside"):
                yield from (" ".join(text.split()) for text in sibling.itertext() if text.strip())
            if sibling.tail and sibling.tail.strip():
                yield " ".join(sibling.tail.split())
        at = at.getparent()


def _pieces(element: HtmlElement) -> list[str]:
    return list(islice((text for text in element.itertext() if text.strip()), _MOST_PIECES))


def _joined(element: HtmlElement) -> str:
    return " ".join(" ".join(_pieces(element)).split())
