"""Mark-up to a tree, once, for all that look at it; a page that the parser would cut short is told, never half read.

libxml2 stops at 256 nested elements, or at a text of 10 MB, and leaves the rest of the page out without an error. Such
pages exist (a tag that is never closed, once a paragraph), so they are parsed again with its wider bounds; beyond
2,048 elements nothing that follows would cope either.
"""

from __future__ import annotations

import trafilatura
from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring
from trafilatura.utils import HTML_PARSER

from transforms.types import WinnowError

_DEEPEST = 2048  # libxml2's own bound, with huge_tree
_WIDE_PARSER = HTMLParser(  # type: ignore[call-arg]  # the stubs lack default_doctype
    encoding="utf-8",
    huge_tree=True,
    collect_ids=False,
    default_doctype=False,
    remove_comments=True,
    remove_pis=True,
)


class PageTooDeepError(WinnowError):
    """A page nested deeper than any parser of ours reads."""


def parse_page(html: str) -> HtmlElement | None:
    """The tree of a page, or None where there is no mark-up. Raises PageTooDeepError."""
    tree: HtmlElement | None = trafilatura.load_html(html)
    if tree is None or not _was_cut(HTML_PARSER):
        return tree
    tree = document_fromstring(html.encode(), parser=_WIDE_PARSER)
    if _was_cut(_WIDE_PARSER):
        raise PageTooDeepError(
            f"elements are nested more than {_DEEPEST} deep, where the parser stops; "
            "the mark-up is broken or made to harm: fetch the page again, or leave it out"
        )
    return tree


def _was_cut(parser: etree.HTMLParser) -> bool:
    last = parser.error_log.last_error
    return last is not None and last.level == etree.ErrorLevels.FATAL and last.type_name == "ERR_RESOURCE_LIMIT"
