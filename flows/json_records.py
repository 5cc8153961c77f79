"""Reading JSON lines: one record a line, field names of the common scrapers recognised."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import IO

from flows.intake import Facts, Origin, Record, document_id, make_document, make_unread
from transforms.decode import replace_surrogates
from transforms.source import registered_domain
from transforms.types import MediaType

# Fields of a record, in the order in which they are looked for.
_ID_FIELDS = ("id", "key", "doc_id", "uuid")
_URL_FIELDS = ("url", "link", "source_url")
_HTML_FIELDS = ("html", "raw_html")
_TEXT_FIELDS = ("text", "content", "body", "maintext")
_TIME_FIELDS = ("fetched_at", "crawled_at", "date_download", "scraped_at")


def read_json_lines(stream: IO[bytes], origin: Origin, max_bytes: int) -> Iterator[Record]:
    """A record for each line that is not blank; a bad line is quarantined and the next one read."""
    seen: Counter[tuple[str, str]] = Counter()
    number = 0
    while line := stream.readline(max_bytes + 1):
        number += 1
        if len(line) > max_bytes:
            while line and not line.endswith(b"\n"):  # skip the rest of it
                line = stream.readline(max_bytes)
            message = f"line {number} of {origin.name} has more than {max_bytes} bytes; raise --max-bytes to take it in"
            yield make_unread(origin, "too-large", message, line=number)
        elif line.strip():
            yield _read_line(line, number, origin, seen)


def _read_line(line: bytes, number: int, origin: Origin, seen: Counter[tuple[str, str]]) -> Record:
    where = f"line {number} of {origin.name}"
    try:
        record = json.loads(line.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:  # no UTF-8, no JSON, a number of 5,000 digits, nested 10,000 deep
        return make_unread(origin, "bad-json", f"{where} is no JSON: {error}", line=number, payload=line)
    if not isinstance(record, dict):
        message = f"{where} is a {type(record).__name__}, expected an object"
        return make_unread(origin, "bad-json", message, line=number, payload=line)
    html, text = _field(record, _HTML_FIELDS), _field(record, _TEXT_FIELDS)
    content = text if text is not None else html
    if content is None:
        message = f"{where} has text in none of the fields {', '.join((*_TEXT_FIELDS, *_HTML_FIELDS))}"
        return make_unread(origin, "no-content", message, line=number, payload=line)
    url, record_id = _field(record, _URL_FIELDS), _field(record, _ID_FIELDS)
    facts = Facts(
        id=record_id or url or f"{document_id(origin.name)}-{number}",
        key=record_id or url or "",
        source=(registered_domain(url) if url else None) or document_id(origin.name),
        url=url,
        fetched_at=_moment(_field(record, _TIME_FIELDS)),
        title=_field(record, ("title", "headline")),
        author=_field(record, ("author", "byline")),
    )
    same = (facts.key, hashlib.sha256(content.encode()).hexdigest())
    seen[same] += 1
    media_type: MediaType = "text/plain" if text is not None else "text/html"
    return make_document(origin, facts, content, media_type, occurrence=seen[same] - 1)


def _field(record: dict[str, object], names: tuple[str, ...]) -> str | None:
    """The first of the fields that holds text (an id may be a whole number)."""
    for name in names:
        value = record.get(name)
        if isinstance(value, str) and value:
            return replace_surrogates(value)
        if isinstance(value, int) and not isinstance(value, bool) and name in _ID_FIELDS:
            return str(value)
    return None


def _moment(value: str | None) -> datetime | None:
    """An ISO 8601 time as UTC; a time without a zone is taken as UTC; None where it cannot be read."""
    if not value:
        return None
    try:
        moment = datetime.fromisoformat(value)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
