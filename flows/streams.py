"""Streams put together from others: with their start put back, or in UTF-8 where they were in UTF-16."""

from __future__ import annotations

import codecs
import io
from typing import IO, cast

_CHUNK = 65_536


def read_some(stream: IO[bytes], size: int) -> bytes:
    """Up to `size` bytes, as many as are there; none at the end.

    A read that waits for all of them loses what it has when the stream turns out to be damaged further on.
    """
    read_once = getattr(stream, "read1", stream.read)  # no part of IO, but buffered streams have it
    return bytes(read_once(size))


def peek(stream: IO[bytes], size: int) -> tuple[bytes, IO[bytes]]:
    """The first bytes of a stream, and a stream that still has them."""
    head = b""
    while len(head) < size and (more := read_some(stream, size - len(head))):
        head += more
    return head, cast("IO[bytes]", io.BufferedReader(_Chained(head, stream), _CHUNK))


def as_utf8(stream: IO[bytes]) -> IO[bytes]:
    """The stream without a byte-order mark, in UTF-8 where it is UTF-16 by its mark (Excel, PowerShell)."""
    head, whole = peek(stream, 3)
    if head == codecs.BOM_UTF8:
        whole.read(3)
    elif head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return cast("IO[bytes]", io.BufferedReader(_Recoded(whole), _CHUNK))
    return whole


class _Chained(io.RawIOBase):
    def __init__(self, head: bytes, rest: IO[bytes]) -> None:
        self._head, self._rest = head, rest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:  # type: ignore[no-untyped-def]
        data = self._head[: len(buffer)] or read_some(self._rest, len(buffer))
        self._head = self._head[len(data) :] if self._head else b""
        buffer[: len(data)] = data
        return len(data)


class _Recoded(io.RawIOBase):
    def __init__(self, wide: IO[bytes]) -> None:
        self._wide, self._ready = wide, b""
        self._decoder = codecs.getincrementaldecoder("utf-16")("replace")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:  # type: ignore[no-untyped-def]
        while not self._ready:
            data = read_some(self._wide, _CHUNK)
            self._ready = self._decoder.decode(data, final=not data).encode("utf-8", "replace")
            if not data:
                break
        data, self._ready = self._ready[: len(buffer)], self._ready[len(buffer) :]
        buffer[: len(data)] = data
        return len(data)
