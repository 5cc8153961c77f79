"""The text nodes of a page that may hold a date, and the line around each of them.

A page is not walked in Python: XPath finds the few nodes that hold a year, and only around those is the line put
together. Time is linear in the page; what is read of it is bounded.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TypeAlias, cast

import re2
from lxml import etree
from lxml.html import HtmlElement

from transforms.page_regions import Regions, visible_text

# Knows its element, and whether it is its text or its tail.
TextNode: TypeAlias = etree._ElementUnicodeResult  # noqa: SLF001 - lxml has no public name for it

_TEXT_WITH = etree.XPath("descendant::text()[contains(.,$written)][not(parent::script or parent::style)]")
_SHORT_TEXT = etree.XPath("descendant::text()[string-length(.) < 60]")
_DATE_SPANS = etree.XPath("descendant::span[starts-with(@itemprop,'date')]")
# Dates of pages where no line holds 20..: years before 2000, of two digits, in digits of other scripts.
_OTHER_DATES = re2.compile(r"\d\d\.\d\d\.\d\d|199\d|٢٠|۲۰|２０".encode())
# A year beside something of a date, or alone (its day may be in the element before it); digits of other scripts.
_DATED = re.compile(
    r"(?:[^\W_]\.?|[,/.-])[\s,]{0,3}(?:19|20)\d\d(?!\d)|(?:19|20)\d\d[-./年년]\s?\d|^\W{0,5}(?:19|20)\d\d\W{0,5}$"
    r"|(?<!\d)\d\d\.\d\d\.\d\d(?!\d)|[٢۲２][٠۰０]"
)
_UNSEEN_PARENTS = frozenset({"script", "style", "noscript", "template", "textarea", "option", "title", "head"})
# Nodes of a page that are read: lists of hundreds of teasers say no more than their first.
_MOST_NODES = 60
_MOST_FORMS = 4
# Code points of a node that is no date line but prose.
_PROSE_CHARS = 300
# A date line is put together from so many levels of elements, of so many parts each, until it holds a label or name.
_CLIMB = 4
_LINE_PARTS = 12
_LABELLED_CHARS = 60


def find_century_nodes(tree: HtmlElement) -> list[TextNode]:
    """Nodes with a 20, as the years of this century have it, in document order."""
    return [node for node in _nodes_with(tree, "20") if len(node) < _PROSE_CHARS]


def dated_nodes(nodes: list[TextNode]) -> list[TextNode]:
    """Those of the nodes with a date or the year of one."""
    return [node for node in nodes if _DATED.search(node)][:_MOST_NODES]


def find_other_nodes(tree: HtmlElement) -> list[TextNode]:
    """Nodes with the other forms of a year, which are looked for in the whole text first."""
    text = etree.tostring(tree, method="text", encoding="utf-8")
    written = dict.fromkeys(m[0].decode() for m in islice(_OTHER_DATES.finditer(text), _MOST_NODES))
    found = (node for form in islice(written, _MOST_FORMS) for node in _nodes_with(tree, form))
    return dated_nodes([node for node in found if len(node) < _PROSE_CHARS])


def find_short_nodes(tree: HtmlElement) -> list[TextNode]:
    """Nodes of a few words."""
    return cast("list[TextNode]", _SHORT_TEXT(tree))


def find_date_spans(tree: HtmlElement) -> list[HtmlElement]:
    """Spans of microdata that are dates."""
    return cast("list[HtmlElement]", _DATE_SPANS(tree))


def _nodes_with(tree: HtmlElement, written: str) -> list[TextNode]:
    return cast("list[TextNode]", _TEXT_WITH(tree, written=written))


def element_of(node: TextNode) -> HtmlElement | None:
    """The element that holds a text node, if a reader sees it."""
    element = node.getparent()
    if node.is_tail and element is not None:
        element = element.getparent()
    return None if element is None or element.tag in _UNSEEN_PARENTS else cast("HtmlElement", element)


def line_around(regions: Regions, element: HtmlElement, node: TextNode) -> tuple[HtmlElement, str]:
    """The largest element around a node whose text is short, and that text; at least the node's own element."""
    holder, text = element, regions.line(element)
    if text is None:
        return holder, _line_in(visible_text(element, 2 * _PROSE_CHARS), node)
    for _ in range(_CLIMB):
        parent = holder.getparent()
        if (
            len(text) > _LABELLED_CHARS
            or parent is None
            or len(parent) > _LINE_PARTS
            or regions.holds_headline(parent)
            or (wider := regions.line(parent)) is None
        ):
            break
        holder, text = parent, wider
    return holder, text


def _line_in(text: str, node: str) -> str:
    """The line of `text` that holds the node's text, or the node's text where it lies beyond what was read."""
    own = " ".join(node.split())
    at = text.find(own)
    if at < 0:
        return own
    start, end = text.rfind("\n", 0, at) + 1, text.find("\n", at + len(own))
    return text[start:] if end < 0 else text[start:end]
