"""The body of an HTTP response as a crawler stored it: chunks joined, encodings undone, all within bounds.

Crawlers often undo these themselves and leave the headers as they were; so what a header names is undone only where the
body looks like it.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass

from flows.unpack import GZIP_MAGIC, ZSTD_MAGIC
from transforms.types import WinnowError

# Servers encode once, proxies now and then once more.
_MOST_ENCODINGS = 3
_CHUNK = 65_536


class BodyError(WinnowError):
    """A body that cannot be decoded; `code` is the quarantine's."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code


@dataclass(frozen=True, slots=True)
class HttpResponse:
    """`status` is 0 where the first line is none of HTTP; names of `header` are in lower case."""

    status: int
    header: dict[str, str]
    body: bytes


def undo_transfer(response: HttpResponse) -> bytes:
    """The body without the framing in chunks."""
    if "chunked" not in response.header.get("transfer-encoding", "").lower():
        return response.body
    joined = _join_chunks(response.body)
    return response.body if joined is None else joined


def undo_content(body: bytes, encodings: str, max_bytes: int) -> bytes:
    """The body without its content encodings, at most `max_bytes`. Raises BodyError."""
    names = [name for text in encodings.lower().split(",") if (name := text.strip()) not in {"", "identity"}]
    if len(names) > _MOST_ENCODINGS:
        raise BodyError("bad-encoding", f"it is encoded {len(names)} times, more than {_MOST_ENCODINGS}")
    for name in reversed(names):
        body = _decode(body, name, max_bytes)
    return body


def _join_chunks(body: bytes) -> bytes | None:
    """None where the body is not in chunks, from the first line on."""
    pieces: list[bytes] = []
    at = 0
    while (end := body.find(b"\n", at, at + 1000)) >= 0:
        size_text = body[at:end].split(b";")[0].strip()
        try:
            size = int(size_text, 16) if size_text.isalnum() and len(size_text) <= 8 else -1
        except ValueError:
            size = -1
        if size < 0:
            return None
        if size == 0:
            return b"".join(pieces)
        pieces.append(body[end + 1 : end + 1 + size])
        at = end + 1 + size
        at += 2 if body[at : at + 2] == b"\r\n" else 1
    return b"".join(pieces) if pieces and at >= len(body) else None


def _decode(body: bytes, name: str, max_bytes: int) -> bytes:
    if name in {"gzip", "x-gzip"}:
        return _inflate(body, name, 31, max_bytes) if body.startswith(GZIP_MAGIC[:2]) else body
    if name == "deflate":
        if body[:1] in {b"<", b"\xef", b" ", b"\n", b"\r"}:  # no deflate stream that a server sends begins so
            return body
        has_header = len(body) > 1 and body[0] & 0x0F == 8 and int.from_bytes(body[:2]) % 31 == 0
        return _inflate(body, name, 15 if has_header else -15, max_bytes)
    if name == "br":
        return _unbrotli(body, max_bytes)
    if name == "zstd":
        return _unzstd(body, max_bytes) if body.startswith(ZSTD_MAGIC) else body
    raise BodyError("bad-encoding", f"its Content-Encoding {name[:40]!r} is not known (gzip, deflate, br, zstd are)")


def _inflate(body: bytes, name: str, wbits: int, max_bytes: int) -> bytes:
    stream = zlib.decompressobj(wbits=wbits)
    try:
        data = stream.decompress(body, max_bytes + 1)
    except zlib.error as error:
        raise BodyError("bad-encoding", f"its body is no {name}: {error}") from error
    _check_size(len(data), max_bytes)
    if not stream.eof:
        raise BodyError("bad-encoding", f"its body is cut off within {name}")
    return data


def _unbrotli(body: bytes, max_bytes: int) -> bytes:
    import brotli  # noqa: PLC0415 - for few pages

    stream = brotli.Decompressor()
    pieces: list[bytes] = []
    given, size = body, 0
    try:
        while not stream.is_finished():
            piece: bytes = stream.process(given, output_buffer_limit=_CHUNK)
            if not piece and not given:
                break
            pieces.append(piece)
            given, size = b"", size + len(piece)
            _check_size(size, max_bytes)
    except brotli.error as error:
        if body.lstrip()[:1] == b"<":
            return body
        raise BodyError("bad-encoding", f"its body is no brotli: {error}") from error
    if not stream.is_finished():
        raise BodyError("bad-encoding", "its body is cut off within brotli")
    return b"".join(pieces)


def _unzstd(body: bytes, max_bytes: int) -> bytes:
    import pyarrow as pa  # noqa: PLC0415 - for few pages

    try:
        data: bytes = pa.CompressedInputStream(pa.BufferReader(body), "zstd").read(max_bytes + 1)
    except OSError as error:
        raise BodyError("bad-encoding", f"its body is no zstd: {error}") from error
    _check_size(len(data), max_bytes)
    return data


def _check_size(size: int, max_bytes: int) -> None:
    if size > max_bytes:
        raise BodyError("too-large", f"its body has more than {max_bytes} bytes decoded; raise --max-bytes for it")
