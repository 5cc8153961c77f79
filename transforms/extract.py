"""HTML to text, metadata and date candidates; plain text passes through.

The page is parsed once, as trafilatura parses it. Its text is chosen by the block model (transforms/body.py), its
metadata by trafilatura; trafilatura's date finder is left out (a quarter of its time, and it invents dates): the
evidence is in dates_html.
"""

from __future__ import annotations

import logging
from dataclasses import replace

import trafilatura
from lxml.html import HtmlElement
from trafilatura import metadata as page_metadata

from transforms.body import extract_body
from transforms.dates_html import find_html_dates
from transforms.dates_text import find_text_dates
from transforms.decode import decode_html, decode_text, replace_surrogates
from transforms.types import Extracted, RawDocument, WinnowError

_LOG = logging.getLogger(__name__)


class NoTextError(WinnowError):
    """A payload in which no article text was found."""


def extract(raw: RawDocument) -> Extracted:
    """The text of a document and what the page tells about it.

    Raises NoTextError where nothing is left to clean.
    """
    found = _extract_page(raw) if raw.media_type == "text/html" else _extract_text(raw)
    if not found.text.strip():
        raise NoTextError(
            f"no article text in {raw.id!r} ({raw.content_bytes} bytes of {raw.media_type}); "
            "the page may be a listing, a login wall or need JavaScript: fetch it again with a browser"
        )
    given = {name: value for name in ("title", "author", "url") if (value := getattr(raw, name))}
    return replace(found, **given)


def _extract_text(raw: RawDocument) -> Extracted:
    content = raw.content
    text = replace_surrogates(content) if isinstance(content, str) else decode_text(content)
    return Extracted(
        text=text,
        title=None,
        author=None,
        site_name=None,
        url=None,
        extractor="text",
        dates=find_text_dates(text),
    )


def _extract_page(raw: RawDocument) -> Extracted:
    content = raw.content
    html = replace_surrogates(content) if isinstance(content, str) else decode_html(content)
    tree = trafilatura.load_html(html)
    if tree is None:
        return Extracted("", None, None, None, None, "none")
    facts = _read_metadata(tree, raw.url)
    dates = find_html_dates(tree, raw.url or facts.url)
    body = extract_body(tree)
    return replace(
        facts,
        text=body.text,
        extractor=body.extractor,
        headings=body.headings,
        dates=(*dates, *find_text_dates(body.text)),
        flags=body.flags,
    )


def _read_metadata(tree: HtmlElement, url: str | None) -> Extracted:
    """Title, author, site and canonical address, in the order trafilatura reads them, without its date search."""
    found = page_metadata.examine_meta(tree)
    try:
        found = page_metadata.extract_meta_json(tree, found)
    except (AttributeError, KeyError, TypeError, ValueError):
        # Its JSON-LD reader trips over unexpected shapes (a list for an object); the tags and the headline remain.
        _LOG.debug("JSON-LD of %s could not be read", url, exc_info=True)
    return Extracted(
        text="",
        title=_clean_line(found.title or page_metadata.extract_title(tree)),
        author=_clean_line(found.author or page_metadata.extract_author(tree)),
        site_name=_clean_line(found.sitename or page_metadata.extract_sitename(tree)),
        url=_clean_line(found.url or page_metadata.extract_url(tree, url)),
        extractor="none",
    )


def _clean_line(value: str | None) -> str | None:
    """One line of at most 500 characters, or None."""
    line = " ".join(replace_surrogates(value).split())[:500] if value else ""
    return line or None
