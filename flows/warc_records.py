"""Reading WARC: the HTML pages among a crawl's responses, each with its address, time, and encoding from its headers.

What is an input record here: a response with a status of 2xx whose page is HTML, and a place that is broken, so that
nobody can tell. Each of them ends as an article, a duplicate or in quarantine. Everything else is there for other ends
(requests, metadata, images, redirects, the revisits that repeat an earlier response) and is counted by its kind.
"""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from collections.abc import Iterator
from typing import IO

from flows.http_body import BodyError, HttpResponse, undo_content, undo_transfer
from flows.intake import Facts, Origin, Record, document_id, make_document, make_unread
from flows.record_fields import read_moment
from flows.seen import Seen
from flows.warc_blocks import DAMAGE, BrokenBlock, WarcBlock, parse_header, read_warc_blocks
from transforms.source import registered_domain

_HTML_TYPES = frozenset({"text/html", "application/xhtml+xml", "application/vnd.wap.xhtml+xml"})
# Types that servers give when they do not know; the page's beginning decides.
_VAGUE_TYPES = frozenset({"", "text/plain", "application/octet-stream", "unknown/unknown", "text/xml"})
_PAGE_STARTS = (b"<!doctype html", b"<html", b"<head", b"<body")
_SNIFF_BYTES = 1024  # as browsers do, https://mimesniff.spec.whatwg.org
_PARTIAL_CONTENT = 206


def read_warc(stream: IO[bytes], origin: Origin, max_bytes: int, left_out: Counter[str]) -> Iterator[Record]:
    """A record for each HTML page and each broken place; records of other kinds are counted in `left_out`."""
    reader = _Reader(origin, max_bytes, left_out)
    broken: BrokenBlock | None = None
    for block in read_warc_blocks(stream, max_bytes):
        is_damage = isinstance(block, WarcBlock) and block.header.get("warc-type") == DAMAGE
        if broken and not is_damage:  # else it is what is left of the damaged member
            yield reader.unread("bad-warc", broken.number, broken.reason)
        broken = block if isinstance(block, BrokenBlock) else None
        if isinstance(block, WarcBlock) and is_damage:
            reason = f"its gzip member is damaged: {block.block.decode('utf-8', 'replace')[:200]}"
            yield reader.unread("bad-gzip", block.number, reason)
        elif isinstance(block, WarcBlock):
            yield from reader.read(block)
    if broken:
        yield reader.unread("bad-warc", broken.number, broken.reason)


class _Reader:
    def __init__(self, origin: Origin, max_bytes: int, left_out: Counter[str]) -> None:
        self._origin, self._max_bytes, self._left_out = origin, max_bytes, left_out
        self._seen = Seen()

    def unread(self, code: str, number: int, reason: str) -> Record:
        """What stands in the place of a record that nobody can read."""
        message = f"record {number} of {self._origin.name} is broken: {reason}; fetch the file again"
        return make_unread(self._origin, code, message, part=f"record {number}")

    def read(self, block: WarcBlock) -> Iterator[Record]:
        """The record of a response that is a page; nothing for others, which are counted."""
        kind = block.header.get("warc-type", "without type").lower()[:40]
        if kind != "response":
            self._left_out[f"WARC {kind}"] += 1
            return
        response = _parse_http(block.block)
        media, identified = _media_type(response), block.header.get("warc-identified-payload-type", "").lower()
        if not 200 <= response.status < 300 or response.status == _PARTIAL_CONTENT:
            self._left_out["WARC response without status 2xx"] += 1
        elif media not in _HTML_TYPES and not (media in _VAGUE_TYPES and identified in {"", *_HTML_TYPES}):
            self._left_out["WARC response, not HTML"] += 1
        else:
            yield from self._read_page(block, response, media)

    def _read_page(self, block: WarcBlock, response: HttpResponse, media: str) -> Iterator[Record]:
        url = block.header.get("warc-target-uri", "").strip("<> ") or None
        where = f"record {block.number} of {self._origin.name} ({(url or 'no address')[:200]})"
        part = f"record {block.number}"
        if block.length > self._max_bytes:
            message = f"{where} has {block.length} bytes, over {self._max_bytes}; raise --max-bytes to take it in"
            yield make_unread(self._origin, "too-large", message, part=part, url=url)
            return
        try:
            joined = undo_transfer(response)
            body = undo_content(joined, response.header.get("content-encoding", ""), self._max_bytes)
        except BodyError as error:
            payload = None if error.code == "too-large" else block.block  # another bound may let it in next time
            yield make_unread(self._origin, error.code, f"{where}: {error}", part=part, payload=payload, url=url)
            return
        if media not in _HTML_TYPES and not _begins_like_a_page(body):
            self._left_out["WARC response, not HTML"] += 1
            return
        if not _digest_fits(block, (response.body, joined, body)):
            message = f"{where}: its payload is not the one of its digest; fetch the file again"
            yield make_unread(self._origin, "bad-digest", message, part=part, payload=block.block, url=url)
            return
        facts = Facts(
            id=url or f"{document_id(self._origin.name)}-{block.number}",
            key=url or "",
            source=(registered_domain(url) if url else None) or document_id(self._origin.name),
            url=url,
            fetched_at=read_moment(block.header.get("warc-date")),
            charset=_charset(response),
        )
        document = make_document(self._origin, facts, body, "text/html")
        before = self._seen.count_before(facts.key, document.content_hash)
        yield make_document(self._origin, facts, body, "text/html", occurrence=before) if before else document


def _parse_http(block: bytes) -> HttpResponse:
    head, blank, body = block.partition(b"\r\n\r\n")
    if not blank:
        head, _, body = block.partition(b"\n\n")
    first = head[:100].split(None, 2)
    is_http = len(first) > 1 and first[0].startswith(b"HTTP/") and first[1].isdigit()
    return HttpResponse(int(first[1]) if is_http else 0, parse_header(head), body)


def _media_type(response: HttpResponse) -> str:
    return response.header.get("content-type", "").partition(";")[0].strip().lower()


def _charset(response: HttpResponse) -> str | None:
    for parameter in response.header.get("content-type", "").split(";")[1:]:
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "charset":
            return value.strip(" \"'")[:40] or None
    return None


def _begins_like_a_page(body: bytes) -> bool:
    return body[:_SNIFF_BYTES].lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(_PAGE_STARTS)


def _base32(digest: bytes) -> str:
    return base64.b32encode(digest).decode().rstrip("=")


def _digest_fits(block: WarcBlock, bodies: tuple[bytes, ...]) -> bool:
    """Whether any form of the body has the digest: some crawlers take it before, some after they undo encodings.

    A record that the crawler cut (WARC-Truncated), without a digest, or with one of an unknown kind is not checked.
    """
    if "warc-truncated" in block.header:
        return True
    given = block.header.get("warc-payload-digest")
    if given is None:
        given, bodies = block.header.get("warc-block-digest", ""), (block.block,)
    name, _, value = given.partition(":")
    name = name.strip().lower().replace("-", "")
    if name not in {"sha1", "sha256", "sha512", "md5"} or not value.strip():
        return True
    wanted = value.strip().rstrip("=")
    for body in dict.fromkeys(bodies):
        found = hashlib.new(name, body, usedforsecurity=False)
        if wanted.lower() == found.hexdigest() or wanted.upper() == _base32(found.digest()):
            return True
    return False
