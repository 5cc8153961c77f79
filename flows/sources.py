"""Readers: files to RawDocuments. What cannot be read comes back as Quarantined, never as an error.

Known suffixes: .txt .text .md .markdown .html .htm .xhtml .jsonl .ndjson .json .csv .tsv .parquet .pq .warc, each also
.gz and .zst. Which files are taken in is decided in flows/inbox.py; each format of many records has its own module.
Files are read in pieces: memory goes with the largest record, not with the file.
"""

from __future__ import annotations

import io
import os
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path, PurePath
from typing import IO, Literal, cast, get_args

from flows.csv_records import read_csv
from flows.intake import Facts, InputFile, Origin, Record, document_id, make_document, make_unread, plain_name
from flows.json_records import read_json_lines, read_json_values
from flows.parquet_records import read_parquet
from flows.patience import Patience
from flows.record_fields import Columns, Fields
from flows.streams import as_utf8, peek
from flows.unpack import GZIP_MAGIC, ZSTD_MAGIC, Packing, UnpackError, open_unpacked
from flows.warc_blocks import render_damage
from flows.warc_records import read_warc
from transforms.types import MediaType, Quarantined

Format = Literal["auto", "text", "html", "jsonl", "json", "csv", "tsv", "parquet", "warc"]
FORMATS: tuple[str, ...] = get_args(Format)
_SUFFIXES: dict[str, Format] = {
    **dict.fromkeys((".txt", ".text", ".md", ".markdown"), "text"),
    **dict.fromkeys((".html", ".htm", ".xhtml"), "html"),
    **dict.fromkeys((".jsonl", ".ndjson"), "jsonl"),
    **dict.fromkeys((".parquet", ".pq"), "parquet"),
    ".json": "json",
    ".csv": "csv",
    ".tsv": "tsv",
    ".warc": "warc",
}
_PACKINGS: dict[str, Packing] = {".gz": "gz", ".zst": "zst", ".zstd": "zst"}
_SNIFF_BYTES = 4096
# Parquet is read from its end, so a packed one or one from a pipe goes to a temporary file first.
_SPOOL_MEMORY_BYTES = 64_000_000
_MOST_SPOOLED_BYTES = 20_000_000_000


@dataclass(frozen=True, slots=True)
class ReadSettings:
    """`max_bytes` bounds one document or record after decompression; a larger one is quarantined, never held.

    `columns` are the user's names for the fields of JSON, CSV and Parquet records.
    """

    format: Format = "auto"
    max_bytes: int = 50_000_000
    columns: Columns = ()


DEFAULT = ReadSettings()


def read_documents(
    files: Iterable[InputFile],
    settings: ReadSettings = DEFAULT,
    left_out: Counter[str] | None = None,
    patience: Patience | None = None,
) -> Iterator[Record]:
    """One RawDocument or Quarantined for each document and record, in the order of the files.

    `left_out` counts files that are empty of records. Files of a store that gives nothing are not asked for any more
    (flows/patience.py) and are unreadable too.
    """
    counts: Counter[str] = Counter() if left_out is None else left_out
    patience = patience or Patience()
    for file in files:
        before, is_silent = counts.total(), True
        for record in _read_waiting(file, settings, counts, patience):
            is_silent = False
            yield record
        if is_silent and counts.total() == before:
            counts["file without records"] += 1


def read_stream(
    stream: IO[bytes], name: str, settings: ReadSettings = DEFAULT, left_out: Counter[str] | None = None
) -> Iterator[Record]:
    """The documents of an open stream (standard input); format and packing are guessed where it is "auto"."""
    counts: Counter[str] = Counter() if left_out is None else left_out
    origin = Origin(name, name, name)
    yield from _guard(_read_unknown(stream, origin, settings, counts), origin)


def _read_waiting(
    file: InputFile, settings: ReadSettings, left_out: Counter[str], patience: Patience
) -> Iterator[Record]:
    if file.remote is None:
        yield from _read_file(file, settings, left_out)
        return
    if patience.is_at_end(file.remote):
        why = "was not asked for: the files of its store that were asked for before it gave nothing"
        yield make_unread(file.origin, "unreadable", f"{file.name} {why}; check the store")
        return
    began = patience.clock()
    records = _read_file(file, settings, left_out)
    first = next(records, None)
    if first is None:
        return
    is_unread = isinstance(first, Quarantined) and first.code == "unreadable"
    patience.note(file.remote, began, is_unread=is_unread)
    yield first
    yield from records


def _read_file(file: InputFile, settings: ReadSettings, left_out: Counter[str]) -> Iterator[Record]:
    if file.problem:
        yield make_unread(file.origin, *file.problem)
        return
    yield from _guard(_read_opened(file, settings, left_out), file.origin)


def _guard(records: Iterator[Record], origin: Origin) -> Iterator[Record]:
    """The records up to where the file cannot be read on, and then why."""
    try:
        yield from records
    except UnpackError as error:
        yield make_unread(origin, error.code, f"{origin.name} cannot be unpacked: {error}")
    except OSError as error:
        reason = error.strerror or str(error)
        yield make_unread(origin, "unreadable", f"{origin.name} cannot be read: {reason}; check that it may be read")


def _read_opened(file: InputFile, settings: ReadSettings, left_out: Counter[str]) -> Iterator[Record]:
    suffix_format = _SUFFIXES.get(PurePath(plain_name(file.name).lower()).suffix, "auto")
    settings = replace(settings, format=suffix_format if settings.format == "auto" else settings.format)
    packing = _PACKINGS.get(PurePath(file.name.lower()).suffix)
    with _open(file) as raw:
        if packing is None:
            records = _read_unknown(raw, file.origin, settings, left_out)
        else:
            records = _read_packed(raw, packing, file.origin, settings, left_out)
        for record in records:
            if file.stamp and settings.format in {"text", "html"} and _stamp(raw) != file.stamp:
                message = f"{file.name} changed while it was read; the next run reads it again"
                yield make_unread(file.origin, "changing", message)
            else:
                yield record


def _open(file: InputFile) -> IO[bytes]:
    if file.remote is None:
        return Path(file.path).open("rb")
    from flows.remote import open_remote  # noqa: PLC0415 - fsspec, for URLs only

    return open_remote(file)


def _stamp(raw: IO[bytes]) -> tuple[int, int]:
    facts = os.fstat(raw.fileno())
    return facts.st_size, facts.st_mtime_ns


def _read_packed(
    raw: IO[bytes], packing: Packing, origin: Origin, settings: ReadSettings, left_out: Counter[str]
) -> Iterator[Record]:
    stream = open_unpacked(raw, packing, render_damage if settings.format == "warc" else None)
    yield from _read_unknown(stream, origin, settings, left_out)


def _read_unknown(
    stream: IO[bytes], origin: Origin, settings: ReadSettings, left_out: Counter[str]
) -> Iterator[Record]:
    """Read as the format that is set, or that the first bytes show."""
    if settings.format == "auto":
        head, stream = peek(stream, _SNIFF_BYTES)
        packing: Packing | None = (
            "gz" if head.startswith(GZIP_MAGIC) else "zst" if head.startswith(ZSTD_MAGIC) else None
        )
        if packing:
            stream = open_unpacked(stream, packing)
            head, stream = peek(stream, _SNIFF_BYTES)
        settings = replace(settings, format=_sniff(head))
    match settings.format:
        case "jsonl":
            yield from read_json_lines(as_utf8(stream), Fields(origin, "line", settings.columns), settings.max_bytes)
        case "json":
            yield from read_json_values(as_utf8(stream), Fields(origin, "value", settings.columns), settings.max_bytes)
        case "csv" | "tsv":
            delimiter = "\t" if settings.format == "tsv" else None
            fields = Fields(origin, "line", settings.columns)
            yield from read_csv(as_utf8(stream), fields, settings.max_bytes, delimiter)
        case "parquet":
            with _seekable(stream) as file:
                yield from read_parquet(file, Fields(origin, "row", settings.columns), settings.max_bytes)
        case "warc":
            yield from read_warc(stream, origin, settings.max_bytes, left_out)
        case _:
            yield _read_whole(stream, origin, settings)


def _read_whole(stream: IO[bytes], origin: Origin, settings: ReadSettings) -> Record:
    """A file that is one document."""
    content = stream.read(settings.max_bytes + 1)
    if len(content) > settings.max_bytes:
        message = f"{origin.name} has more than {settings.max_bytes} bytes unpacked; raise --max-bytes to take it in"
        return make_unread(origin, "too-large", message)
    media_type: MediaType = "text/html" if settings.format == "html" else "text/plain"
    return make_document(origin, Facts(id=document_id(origin.name)), content, media_type)


def _seekable(stream: IO[bytes]) -> IO[bytes]:
    if stream.seekable():
        return stream
    spool = cast("IO[bytes]", tempfile.SpooledTemporaryFile(_SPOOL_MEMORY_BYTES))  # noqa: SIM115 - the caller's to close
    size = 0
    while data := stream.read(io.DEFAULT_BUFFER_SIZE * 8):
        size += len(data)
        if size > _MOST_SPOOLED_BYTES:
            spool.close()
            reason = f"it unpacks to more than {_MOST_SPOOLED_BYTES:,} bytes; unpack it yourself, and name the result"
            raise UnpackError("too-large", reason)
        spool.write(data)
    spool.seek(0)
    return spool


def _sniff(head: bytes) -> Format:
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.startswith((b"WARC/1.", b"WARC/0.")):
        return "warc"
    if start[:1] == b"[" and start[1:].lstrip()[:1] == b"{":
        return "json"
    if start[:1] == b"{":
        return "json" if start.split(b"\n", 1)[0].strip() == b"{" else "jsonl"
    return "html" if start[:1] == b"<" else "text"
