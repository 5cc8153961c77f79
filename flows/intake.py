"""Making records of what a reader found: a RawDocument, or a Quarantined with the reason why not."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePath
from typing import TYPE_CHECKING

from transforms.types import MediaType, Quarantined, RawDocument

if TYPE_CHECKING:
    from fsspec import AbstractFileSystem

Record = RawDocument | Quarantined
PACKED = (".gz", ".zst", ".zstd")


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a stream comes from: its location, the name for messages, and the source when no address tells one."""

    location: str
    name: str
    source: str


@dataclass(frozen=True, slots=True)
class InputFile:
    """A file to read. `path` opens it, `location` is its name in the warehouse: absolute path or URL, storable.

    `folder` is the name of the folder it lies in, `relative` its path below the folder that was searched. `stamp` is
    size and time of change (ns) when it was found, of local files. A `problem` (code, message) is why it is not to be
    opened at all. `remote` is the file system of a URL.
    """

    path: str
    location: str
    name: str
    folder: str
    relative: str
    stamp: tuple[int, int] | None = None
    problem: tuple[str, str] | None = None
    remote: AbstractFileSystem | None = None

    @property
    def origin(self) -> Origin:
        """What its records say of where they come from."""
        return Origin(self.location, self.name, self.folder or "root")


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
    published: str | None = None
    charset: str | None = None


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
        published=facts.published,
        charset=facts.charset,
    )


def make_unread(
    origin: Origin, code: str, message: str, *, part: str = "", payload: bytes | None = None, url: str | None = None
) -> Quarantined:
    """A file, or a part of one ("line 7", "row 7"), that could not be taken in.

    Without `payload` (it could not be read to its end) there is no content hash, and the next run tries it again.
    """
    content_hash = hashlib.sha256(payload).hexdigest() if payload is not None else None
    return Quarantined(
        id=f"{origin.name}:{part.rpartition(' ')[2]}" if part else document_id(origin.name),
        location=origin.location,
        record_key=part,
        source=origin.source,
        url=url,
        content_hash=content_hash,
        content_bytes=len(payload) if payload is not None else 0,
        input_id=_input_id(origin.location, part, code, content_hash or ""),
        code=code,
        message=message,
    )


def document_id(name: str) -> str:
    """The file name without .gz or .zst and without its suffix: `page.html.gz` gives `page`."""
    return PurePath(plain_name(name)).stem or plain_name(name)


def plain_name(name: str) -> str:
    """The file name without what tells that it is packed."""
    lower = name.lower()
    return next((name[: -len(suffix)] for suffix in PACKED if lower.endswith(suffix)), name)


def _input_id(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]
