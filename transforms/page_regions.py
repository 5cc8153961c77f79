"""Where on a page an element stands: which heading is the headline, what follows it, what belongs to other things."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree
from lxml.html import HtmlElement


def words(*lines: str) -> frozenset[str]:
    """The words of some lines, as a table that is easy to read."""
    return frozenset(" ".join(lines).split())


# Words of classes and ids of regions that hold comments, teasers or page furniture.
_OTHER_REGIONS = words(
    "comment comments commentlist disqus reply replies respond related sidebar widget widgets recommended teaser",
    "teasers recommendations latest recent popular trending nav navigation navbar menu promo carousel slider swiper",
    "newsletter upcoming event events calendar archive archives ticker mostread topbar masthead next prev previous",
    "revisions kommentare kommentar leserbrief twitter tweet embed marginalia breaking",
)
_ARTICLE_REGIONS = words("article post entry news story content")
_BLOCKS = words(
    "address article aside blockquote br dd div dl dt figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr li",
    "main nav ol p pre section table td th tr ul",
)
_UNSEEN = words("script style noscript template svg select option button iframe nav aside footer figure textarea")
_HEADLINE_CHARS = 12
_SPACE = re.compile(r"\s+")


def region_words(element: HtmlElement) -> frozenset[str]:
    """The words of an element's class and id, in lower case."""
    return frozenset(re.split(r"[^a-z]+", f"{element.get('class') or ''} {element.get('id') or ''}".lower()))


def is_elsewhere(element: HtmlElement) -> bool:
    """Whether an element stands in a comment, a teaser or a side column: a region of its own without a headline."""
    is_other = False
    for parent in (element, *element.iterancestors()):
        names = region_words(parent)
        if parent.tag in ("body", "html", "head") or {"widget", "blog"} <= names:  # Blogger calls its posts a widget
            break
        if parent.tag == "footer" or "footer" in names:  # an article may have a footer of its own
            is_other = is_other or not any(_is_article(above) for above in parent.iterancestors())
        elif parent.tag in ("aside", "nav") or not _OTHER_REGIONS.isdisjoint(names):
            if next(parent.iter("h1"), None) is not None:
                return False
            is_other = True
    return is_other


def _is_article(element: HtmlElement) -> bool:
    return element.tag in ("article", "main") or not _ARTICLE_REGIONS.isdisjoint(region_words(element))


def find_headline(tree: HtmlElement) -> HtmlElement | None:
    """The heading that the title of the page repeats, else the first h1 of some length."""
    title = _squeezed(tree.findtext(".//title") or "")
    headings = [h for h in tree.iter("h1", "h2", "h3") if len(visible_text(h, 400)) > _HEADLINE_CHARS]
    repeated = (h for h in headings if _squeezed(visible_text(h, 400)) in title)
    return next(repeated, next((h for h in headings if h.tag == "h1"), None))


def _squeezed(text: str) -> str:
    return re.sub(r"\W+", "", text).lower() or "\0"


def visible_text(element: HtmlElement, limit: int) -> str:
    """The visible text inside an element, a line for each block, cut soon after `limit` code points."""
    return _joined(_pieces(element), limit).strip()


def text_after(element: HtmlElement, limit: int) -> str:
    """The visible text of an element and of what follows it on the page, cut soon after `limit` code points."""
    parts = [visible_text(element, limit)]
    while element is not None and sum(map(len, parts)) < limit:
        parts.append(element.tail or "")
        for following in element.itersiblings():
            if isinstance(following.tag, str) and not is_elsewhere(following):
                parts.append(_joined(_pieces(following), limit))
            parts.append(following.tail or "")
            if sum(map(len, parts)) >= limit:
                break
        parent = element.getparent()
        if parent is None:
            break
        element = parent
    return "".join(parts)[:limit]


def _joined(pieces: Iterator[str], limit: int) -> str:
    parts, size = [], 0
    for piece in pieces:
        parts.append(piece)
        size += len(piece)
        if size > limit:
            break
    return "".join(parts)


def _pieces(element: HtmlElement) -> Iterator[str]:
    """Runs of text in document order, with a line break at the edges of blocks. No recursion: pages nest deeply."""
    walk = etree.iterwalk(element, events=("start", "end", "comment", "pi"))
    for event, node in walk:
        is_unseen = event == "start" and node.tag in _UNSEEN
        if is_unseen:
            walk.skip_subtree()
        if event in ("start", "end") and node.tag in _BLOCKS:
            yield "\n"
        if event == "start" and not is_unseen and node.text:
            yield _SPACE.sub(" ", node.text)
        if event != "start" and node is not element and node.tail:
            yield _SPACE.sub(" ", node.tail)
