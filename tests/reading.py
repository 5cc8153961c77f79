"""What the tests of the readers share: reading files, and making WARC records."""

import base64
import gzip
import hashlib
from collections import Counter
from pathlib import Path

import pyarrow as pa

from flows.inbox import find_files
from flows.intake import Record
from flows.sources import DEFAULT, ReadSettings, read_documents
from transforms.types import Quarantined, RawDocument

PAGE = b"<html><body><p>The ferry left on time.</p></body></html>"


def read(*paths: Path | str, settings: ReadSettings = DEFAULT, left_out: Counter[str] | None = None) -> list[Record]:
    """The records of files and folders."""
    return list(read_documents(find_files([str(p) for p in paths]).files, settings, left_out))


def document(record: Record) -> RawDocument:
    assert isinstance(record, RawDocument), record
    return record


def reason(record: Record) -> str:
    assert isinstance(record, Quarantined), record
    return record.code


def fates(records: list[Record]) -> list[str]:
    """The content of each document, the code of each quarantined record."""
    return [r.code if isinstance(r, Quarantined) else _text(r.content) for r in records]


def _text(content: bytes | str) -> str:
    return content if isinstance(content, str) else content.decode("utf-8", "replace")


def zstd(content: bytes) -> bytes:
    packed: bytes = pa.compress(content, codec="zstd", asbytes=True)
    return packed


def warc_record(
    body: bytes = PAGE,
    *,
    url: str = "http://courier.example/1",
    kind: str = "response",
    status: str = "200 OK",
    http: str = "Content-Type: text/html; charset=utf-8",
    header: str = "",
    length: int | None = None,
) -> bytes:
    """One WARC record; `header` and `http` are further lines of its headers, `length` a wrong one."""
    block = f"HTTP/1.1 {status}\r\n{http}\r\n\r\n".encode() + body
    lines = (
        "WARC/1.0",
        f"WARC-Type: {kind}",
        f"WARC-Target-URI: {url}",
        "WARC-Date: 2025-03-04T10:00:00Z",
        *([header] if header else []),
        f"Content-Length: {len(block) if length is None else length}",
    )
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + block + b"\r\n\r\n"


def sha1(payload: bytes) -> str:
    """A payload digest as most crawlers write it."""
    return f"WARC-Payload-Digest: sha1:{base64.b32encode(hashlib.sha1(payload).digest()).decode()}"


def gzipped(data: bytes) -> bytes:
    """Without the time, which would stand in the names of tests: pytest-xdist compares those of its processes."""
    return gzip.compress(data, mtime=0)


def members(*records: bytes) -> bytes:
    """Each record a gzip member, as in .warc.gz."""
    return b"".join(gzipped(record) for record in records)
