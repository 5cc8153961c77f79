"""Making records of what a reader found: a RawDocument, or a Quarantined with the reason why not."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePath

from transforms.types import MediaType, Quarantined, RawDocument

Record = RawDocument | Quarantined


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a stream comes from: its location, the name for messages, and the source when no address tells one."""

    location: str
    name: str
    source: str


@dataclass(frozen=True, slots=True)
class Facts:
    """What a record tells about itself beside its content."""

    id: str
    key: str = ""
    source: str | None = None
    url: str | None = None
    fetched_at: datetime | None = None
    title: str | None = None
    author: str | None = None


def make_document(
    origin: Origin, facts: Facts, content: bytes | str, media_type: MediaType, *, occurrence: int = 0
) -> RawDocument:
    """A document; `occurrence` counts records of one file that have the same key and content, from 0."""
    payload = content.encode() if isinstance(content, str) else content
    content_hash = hashlib.sha256(payload).hexdigest()
    return RawDocument(
        id=facts.id,
        location=origin.location,
        record_key=f"{facts.key}#{occurrence}" if occurrence else facts.key,
        source=facts.source or origin.source,
        url=facts.url,
        fetched_at=facts.fetched_at,
        media_type=media_type,
        content=content,
        content_hash=content_hash,
        content_bytes=len(payload),
        input_id=_input_id(origin.location, facts.key, str(occurrence), content_hash),
        title=facts.title,
        author=facts.author,
    )


def make_unread(
    origin: Origin, code: str, message: str, *, line: int | None = None, payload: bytes | None = None
) -> Quarantined:
    """A file, or a line of one, that could not be taken in.

    Without `payload` (it could not be read to its end) there is no content hash, and the next run tries it again.
    """
    key = "" if line is None else f"line {line}"
    label = document_id(origin.name) if line is None else f"{origin.name}:{line}"
    content_hash = hashlib.sha256(payload).hexdigest() if payload is not None else None
    return Quarantined(
        id=label,
        location=origin.location,
        record_key=key,
        source=origin.source,
        url=None,
        content_hash=content_hash,
        content_bytes=len(payload) if payload is not None else 0,
        input_id=_input_id(origin.location, key, code, content_hash or ""),
        code=code,
        message=message,
    )


def document_id(name: str) -> str:
    """The file name without .gz and without its suffix: `page.html.gz` gives `page`."""
    plain = name[:-3] if name.lower().endswith(".gz") else name
    return PurePath(plain).stem or plain


def _input_id(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]
