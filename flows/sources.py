"""Readers: files, folders and globs to RawDocuments. What cannot be read comes back as Quarantined, never an error.

Known suffixes: .txt .text .html .htm .xhtml .jsonl .ndjson, each also .gz. A folder is searched for these; a file that
is named outright is read whatever its name.
"""

from __future__ import annotations

import glob
import gzip
import hashlib
import io
import json
import os
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Literal

from transforms.decode import replace_surrogates
from transforms.source import registered_domain
from transforms.types import MediaType, Quarantined, RawDocument, WinnowError

Format = Literal["auto", "text", "html", "jsonl"]
_SUFFIXES: dict[str, Format] = {
    ".txt": "text",
    ".text": "text",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
}
# Fields of a JSON record, in the order in which they are looked for.
_ID_FIELDS = ("id", "key", "doc_id", "uuid")
_URL_FIELDS = ("url", "link", "source_url")
_HTML_FIELDS = ("html", "raw_html")
_TEXT_FIELDS = ("text", "content", "body", "maintext")
_TIME_FIELDS = ("fetched_at", "crawled_at", "date_download", "scraped_at")


class PathError(WinnowError):
    """A path that leads nowhere: a mistake in the call, not in the data."""


@dataclass(frozen=True, slots=True)
class ReadSettings:
    """`max_bytes` bounds one document after decompression; a larger one is quarantined, and a bomb never unpacked."""

    format: Format = "auto"
    max_bytes: int = 50_000_000


Record = RawDocument | Quarantined


def find_files(paths: Iterable[str], settings: ReadSettings = ReadSettings()) -> tuple[Path, ...]:  # noqa: B008
    """The files behind paths, globs and folders, each once, in order. Raises PathError for what does not exist."""
    found: dict[Path, None] = {}
    for given in paths:
        matches = [Path(p) for p in sorted(glob.glob(given, recursive=True))] if glob.has_magic(given) else []  # noqa: PTH207
        if not matches and not Path(given).exists():
            raise PathError(
                f"no file or folder at {given!r}; give a file, a folder or a quoted glob such as 'in/**/*.html'"
            )
        for path in matches or [Path(given)]:
            for file in _files_in(path, settings) if path.is_dir() else (path,):
                found.setdefault(Path(os.path.abspath(file)))  # noqa: PTH100 - resolve() would follow symlinks
    return tuple(found)


def read_documents(
    files: Iterable[Path],
    settings: ReadSettings = ReadSettings(),  # noqa: B008
) -> Iterator[Record]:
    """One RawDocument or Quarantined for each document and record, in the order of the files."""
    for path in files:
        yield from _read_file(path, settings)


def read_stream(stream: IO[bytes], name: str, settings: ReadSettings = ReadSettings()) -> Iterator[Record]:  # noqa: B008
    """The documents of an open stream (standard input); the format is guessed where it is "auto"."""
    kind = settings.format
    if kind == "auto":
        head = io.BufferedReader(stream, 65_536) if not hasattr(stream, "peek") else stream  # type: ignore[type-var]
        kind = _sniff(head.peek(4096))  # type: ignore[attr-defined]
        stream = head
    yield from _read_as(kind, stream, name, Path(name).name, "stdin", settings)


def _files_in(folder: Path, settings: ReadSettings) -> Iterator[Path]:
    for root, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if not name.startswith(".") and _format_of(name, settings) is not None:
                yield Path(root) / name


def _format_of(name: str, settings: ReadSettings) -> Format | None:
    plain = name.lower().removesuffix(".gz")
    kind = _SUFFIXES.get(Path(plain).suffix)
    return settings.format if kind is not None and settings.format != "auto" else kind


def _read_file(path: Path, settings: ReadSettings) -> Iterator[Record]:
    location, source = str(path), path.parent.name or "root"
    try:
        with path.open("rb") as raw:
            stream: IO[bytes] = gzip.GzipFile(fileobj=raw) if path.name.lower().endswith(".gz") else raw
            kind = _format_of(path.name, settings) or settings.format
            if kind == "auto":
                head = io.BufferedReader(stream, 65_536) if stream is not raw else stream  # type: ignore[type-var]
                kind = _sniff(head.peek(4096))  # type: ignore[attr-defined]
                stream = head
            yield from _read_as(kind, stream, location, path.name, source, settings)
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        yield _unread(location, path.name, source, "bad-gzip", f"{path.name} is no complete gzip file: {error}")
    except OSError as error:
        reason = error.strerror or str(error)
        yield _unread(
            location, path.name, source, "unreadable", f"{path.name} cannot be read: {reason}; check its rights"
        )


def _sniff(head: bytes) -> Format:
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    return "html" if start == b"<" else "jsonl" if start == b"{" else "text"


def _read_as(
    kind: Format, stream: IO[bytes], location: str, name: str, source: str, settings: ReadSettings
) -> Iterator[Record]:
    if kind == "jsonl":
        yield from _read_jsonl(stream, location, name, source, settings)
        return
    content = stream.read(settings.max_bytes + 1)
    if len(content) > settings.max_bytes:
        yield _unread(
            location,
            name,
            source,
            "too-large",
            f"{name} holds more than {settings.max_bytes} bytes (after decompression); raise --max-bytes to take it in",
            content,
        )
        return
    yield _document(
        location=location,
        record_key="",
        occurrence=0,
        id=document_id(name),
        source=source,
        media_type="text/html" if kind == "html" else "text/plain",
        content=content,
    )


def _read_jsonl(stream: IO[bytes], location: str, name: str, source: str, settings: ReadSettings) -> Iterator[Record]:
    seen: Counter[tuple[str, str]] = Counter()
    number = 0
    while line := stream.readline(settings.max_bytes + 1):
        number += 1
        if len(line) > settings.max_bytes:
            while line and not line.endswith(b"\n"):  # skip the rest of it
                line = stream.readline(settings.max_bytes)
            yield _unread(
                location, f"{name}:{number}", source, "too-large",
                f"line {number} of {name} is longer than {settings.max_bytes} bytes; raise --max-bytes to take it in",
                key=f"line {number}",
            )  # fmt: skip
            continue
        if not line.strip():
            continue
        yield _record(line, number, location, name, source, seen)


def _record(line: bytes, number: int, location: str, name: str, source: str, seen: Counter[tuple[str, str]]) -> Record:
    label, key = f"{name}:{number}", f"line {number}"
    try:
        record = json.loads(line.decode("utf-8-sig"))
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        return _unread(location, label, source, "bad-json", f"line {number} of {name} is no JSON: {error}", line, key)
    if not isinstance(record, dict):
        found = type(record).__name__
        return _unread(
            location, label, source, "bad-json", f"line {number} of {name} is a {found}, expected an object", line, key
        )
    html, text = _field(record, _HTML_FIELDS), _field(record, _TEXT_FIELDS)
    if html is None and text is None:
        wanted = ", ".join((*_TEXT_FIELDS, *_HTML_FIELDS))
        return _unread(
            location, label, source, "no-content", f"line {number} of {name} has none of the fields {wanted}", line, key
        )
    url = _field(record, _URL_FIELDS)
    record_id = _field(record, _ID_FIELDS)
    record_key = record_id or url or ""
    content = replace_surrogates(text if text is not None else html or "")
    content_hash = hashlib.sha256(content.encode()).hexdigest()
    seen[record_key, content_hash] += 1
    return _document(
        location=location,
        record_key=record_key,
        occurrence=seen[record_key, content_hash] - 1,
        id=record_id or url or f"{document_id(name)}-{number}",
        source=(registered_domain(url) if url else None) or document_id(name),
        media_type="text/plain" if text is not None else "text/html",
        content=content,
        url=url,
        fetched_at=_moment(_field(record, _TIME_FIELDS)),
        title=_field(record, ("title", "headline")),
        author=_field(record, ("author", "byline")),
    )


def _field(record: dict[str, object], names: tuple[str, ...]) -> str | None:
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


def document_id(name: str) -> str:
    """The file name without .gz and without the suffix of its format."""
    plain = name.removesuffix(".gz").removesuffix(".GZ")
    return plain[: -len(Path(plain).suffix)] if Path(plain).suffix.lower() in _SUFFIXES else plain


def _document(
    *,
    location: str,
    record_key: str,
    occurrence: int,
    id: str,  # noqa: A002 - the contract's word
    source: str,
    media_type: MediaType,
    content: bytes | str,
    url: str | None = None,
    fetched_at: datetime | None = None,
    title: str | None = None,
    author: str | None = None,
) -> RawDocument:
    payload = content.encode() if isinstance(content, str) else content
    content_hash = hashlib.sha256(payload).hexdigest()
    return RawDocument(
        id=id,
        location=location,
        record_key=f"{record_key}#{occurrence}" if occurrence else record_key,
        source=source,
        url=url,
        fetched_at=fetched_at,
        media_type=media_type,
        content=content,
        content_hash=content_hash,
        content_bytes=len(payload),
        input_id=_input_id(location, record_key, str(occurrence), content_hash),
        title=title,
        author=author,
    )


def _unread(
    location: str, label: str, source: str, code: str, message: str, content: bytes | None = None, key: str = ""
) -> Quarantined:
    content_hash = hashlib.sha256(content).hexdigest() if content is not None else None
    return Quarantined(
        id=document_id(label),
        location=location,
        record_key=key,
        source=source,
        url=None,
        content_hash=content_hash,
        content_bytes=len(content) if content is not None else 0,
        input_id=_input_id(location, key, code, content_hash or ""),
        code=code,
        message=message,
    )


def _input_id(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogateescape")).hexdigest()[:16]
