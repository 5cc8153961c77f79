"""Readers: files, folders and globs to RawDocuments. What cannot be read comes back as Quarantined, never an error.

Known suffixes: .txt .text .html .htm .xhtml .jsonl .ndjson, each also .gz. A folder is searched for these; a file that
is named outright is read whatever its name.
"""

from __future__ import annotations

import glob
import gzip
import io
import os
import stat
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Literal, cast

from flows.intake import Facts, Origin, Record, document_id, make_document, make_unread
from flows.json_records import read_json_lines
from transforms.types import MediaType, WinnowError

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
_SNIFF_BYTES = 4096


class PathError(WinnowError):
    """A path that leads nowhere: a mistake in the call, not in the data."""


@dataclass(frozen=True, slots=True)
class ReadSettings:
    """`max_bytes` bounds one document after decompression; a larger one is quarantined, and a bomb never unpacked."""

    format: Format = "auto"
    max_bytes: int = 50_000_000


DEFAULT = ReadSettings()


def find_files(paths: Iterable[str]) -> tuple[Path, ...]:
    """The files behind paths, globs and folders, each once, in order. Raises PathError for what does not exist."""
    found: dict[Path, None] = {}
    for given in paths:
        matches = [Path(p) for p in sorted(glob.glob(given, recursive=True))] if glob.has_magic(given) else []  # noqa: PTH207
        if not matches and not Path(given).exists():
            raise PathError(
                f"no file or folder at {given!r}; give a file, a folder or a quoted glob such as 'in/**/*.html'"
            )
        for path in matches or [Path(given)]:
            for file in _files_in(path) if path.is_dir() else (path,):
                found.setdefault(Path(os.path.abspath(file)))  # noqa: PTH100 - resolve() would follow symlinks
    return tuple(found)


def read_documents(files: Iterable[Path], settings: ReadSettings = DEFAULT) -> Iterator[Record]:
    """One RawDocument or Quarantined for each document and record, in the order of the files."""
    for path in files:
        yield from _read_file(path, settings)


def read_stream(stream: IO[bytes], name: str, settings: ReadSettings = DEFAULT) -> Iterator[Record]:
    """The documents of an open stream (standard input); the format is guessed where it is "auto"."""
    yield from _read_as(settings.format, stream, Origin(name, name, name), settings)


def _files_in(folder: Path) -> Iterator[Path]:
    for root, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if not name.startswith(".") and _suffix_format(name) != "auto":
                yield Path(root) / name


def _suffix_format(name: str) -> Format:
    return _SUFFIXES.get(Path(name.lower().removesuffix(".gz")).suffix, "auto")


def _read_file(path: Path, settings: ReadSettings) -> Iterator[Record]:
    shown = Path(_storable(path))
    origin = Origin(str(shown), shown.name, shown.parent.name or "root")
    kind = _suffix_format(path.name) if settings.format == "auto" else settings.format
    try:
        if not stat.S_ISREG(path.stat().st_mode):  # opening a pipe would wait for a writer for ever
            yield make_unread(origin, "unreadable", f"{path.name} is no regular file; give a file, a folder or -")
            return
        with path.open("rb") as raw:
            packed = path.name.lower().endswith(".gz")
            stream = cast("IO[bytes]", gzip.GzipFile(fileobj=raw)) if packed else raw
            yield from _read_as(kind, stream, origin, settings)
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        yield make_unread(origin, "bad-gzip", f"{path.name} is no complete gzip file: {error}; fetch it again")
    except OSError as error:
        reason = error.strerror or str(error)
        yield make_unread(origin, "unreadable", f"{path.name} cannot be read: {reason}; check that it may be read")


def _read_as(kind: Format, stream: IO[bytes], origin: Origin, settings: ReadSettings) -> Iterator[Record]:
    if kind == "auto":
        head = stream.read(_SNIFF_BYTES)
        kind, stream = _sniff(head), cast("IO[bytes]", _Rejoined(head, stream))
    if kind == "jsonl":
        yield from read_json_lines(stream, origin, settings.max_bytes)
        return
    content = stream.read(settings.max_bytes + 1)
    if len(content) > settings.max_bytes:
        message = f"{origin.name} has more than {settings.max_bytes} bytes unpacked; raise --max-bytes to take it in"
        yield make_unread(origin, "too-large", message)
        return
    media_type: MediaType = "text/html" if kind == "html" else "text/plain"
    yield make_document(origin, Facts(id=document_id(origin.name)), content, media_type)


def _storable(path: Path) -> str:
    """A path that any table can hold: bytes of a name that are no UTF-8 become \\xff and the like."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def _sniff(head: bytes) -> Format:
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    return "html" if start == b"<" else "jsonl" if start == b"{" else "text"


class _Rejoined(io.BufferedReader):
    """A stream with the bytes that were read from its start put back."""

    def __init__(self, head: bytes, rest: IO[bytes]) -> None:
        super().__init__(_Chained(head, rest), 65_536)


class _Chained(io.RawIOBase):
    def __init__(self, head: bytes, rest: IO[bytes]) -> None:
        self._head, self._rest = head, rest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:  # type: ignore[no-untyped-def]
        data = self._head[: len(buffer)] or self._rest.read(len(buffer))
        self._head = self._head[len(data) :] if self._head else b""
        buffer[: len(data)] = data
        return len(data)
