"""HTML to text, metadata and date candidates; plain text passes through.

The page is parsed once. Its text is chosen by the block model (transforms/body.py); what it says of itself is read by
transforms/metadata.py, and the dates that it shows are gathered as evidence by transforms/dates_html.py.
"""

from __future__ import annotations

from dataclasses import replace

from transforms.body import extract_body
from transforms.dates_html import find_html_dates
from transforms.dates_record import read_record_date
from transforms.dates_text import find_text_dates
from transforms.decode import decode_html, decode_text, replace_surrogates
from transforms.metadata import read_metadata
from transforms.parse import parse_page
from transforms.types import Extracted, RawDocument, WinnowError


class NoTextError(WinnowError):
    """A payload in which no article text was found."""


def extract(raw: RawDocument) -> Extracted:
    """The text of a document and what the page tells about it.

    Raises NoTextError where nothing is left to clean, and what `parse_page` raises.
    """
    found = _extract_page(raw) if raw.media_type == "text/html" else _extract_text(raw)
    if not found.text.strip():
        raise NoTextError(
            f"no article text in {raw.id!r} ({raw.content_bytes} bytes of {raw.media_type}); "
            "the page may be a listing, a login wall or need JavaScript: fetch it again with a browser"
        )
    if raw.published and (date := read_record_date(raw.published)):
        found = replace(found, dates=(*found.dates, date))
    given = {name: value for name in ("title", "author", "url") if (value := getattr(raw, name))}
    return replace(found, **given, origins=replace(found.origins, **dict.fromkeys(given, "given")))


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
        dates=find_text_dates(text, raw.fetched_at),
    )


def _extract_page(raw: RawDocument) -> Extracted:
    content = raw.content
    html = replace_surrogates(content) if isinstance(content, str) else decode_html(content, raw.charset)
    tree = parse_page(html)
    if tree is None:
        return Extracted("", None, None, None, None, "none")
    facts = read_metadata(tree, raw.url)
    dates = find_html_dates(tree, raw.url or facts.url, raw.fetched_at)
    body = extract_body(tree)
    return replace(
        facts,
        text=body.text,
        extractor=body.extractor,
        headings=body.headings,
        dates=(*dates, *find_text_dates(body.text)),
        flags=body.flags,
    )
