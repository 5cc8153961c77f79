"""Cutting a WARC stream into its records, and finding the next one where a record is broken.

fastwarc 2.0.1 and warcio 1.8.1 were measured for this: both end at the first record whose length or beginning is wrong
and give up the rest of the file, both hand out a record that the file's end cuts off as if it were whole, and neither
tells a missing digest from a wrong one. The format is a header and a length; the care is in the broken ones.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

DAMAGE = "x-damaged-member"  # the type of the records that `render_damage` makes
_CHUNK = 65_536
_MOST_HEADER = 65_536  # headers are some hundred bytes; those of servers are bounded alike
_MOST_LENGTH_DIGITS = 15
# A record that claims a wrong length may hide others, which are read again; so many times the largest record in a file.
_MOST_RETURNED = 8
_START = re.compile(rb"WARC/[01]\.\d\r?\n[A-Za-z]")
_START_BYTES = 11
_RECORD_END = b"\r\n\r\n"
_LINE_ENDS = re.compile(rb"[\r\n]+")
_HEADER_END = re.compile(rb"\r?\n\r?\n")


@dataclass(frozen=True, slots=True)
class WarcBlock:
    """A whole record: its number from 1, its header with names in lower case, its block and the length of that.

    Of a block longer than the largest record only the first 64 kB are here.
    """

    number: int
    header: dict[str, str]
    block: bytes
    length: int


@dataclass(frozen=True, slots=True)
class BrokenBlock:
    """A place where a record should be and none could be read, and why."""

    number: int
    reason: str


def read_warc_blocks(stream: IO[bytes], max_bytes: int) -> Iterator[WarcBlock | BrokenBlock]:
    """The records of an unpacked WARC stream, in order, whole or broken."""
    window, number, returned = _Window(stream), 0, 0
    while window.skip_line_ends():
        number += 1
        if not window.is_at_record():
            yield BrokenBlock(number, "it does not begin with WARC/1.0 or WARC/1.1")
            window.seek_record()
            continue
        head = window.take_header()
        header = parse_header(head or b"")
        length = header.get("content-length", "")
        if not (length.isascii() and length.isdigit() and len(length) <= _MOST_LENGTH_DIGITS):
            reason = f"its Content-Length is {length[:40]!r}" if head else "its header has no end within 64 kB"
            yield BrokenBlock(number, reason)
            window.seek_record()
            continue
        block, passed = window.take_block(int(length), max_bytes)
        if passed == int(length) and window.is_at_end():
            yield WarcBlock(number, header, block, passed)
            continue
        hidden = _START.search(block) if passed == len(block) else None
        if hidden:
            returned += len(block) - hidden.start()
            window.give_back(block[hidden.start() :])
        if returned > _MOST_RETURNED * max_bytes:
            yield BrokenBlock(number, "too many lengths before it are wrong; the rest of the file is not read")
            return
        yield BrokenBlock(number, f"it claims {length} bytes, but no record ends there")
        window.seek_record()


def render_damage(reason: str) -> bytes:
    """A record for the place of a gzip member that could not be unpacked, to stand in the stream instead of it."""
    block = reason.encode()
    head = f"\r\n\r\nWARC/1.1\r\nWARC-Type: {DAMAGE}\r\nContent-Length: {len(block)}\r\n\r\n"
    return head.encode() + block + b"\r\n\r\n"


def parse_header(head: bytes) -> dict[str, str]:
    """Names in lower case and values of a header (WARC, HTTP) without its first line; the first of equals stays."""
    header: dict[str, str] = {}
    for line in head.splitlines()[1:]:
        name, colon, value = line.decode("utf-8", "replace").partition(":")
        if colon:
            header.setdefault(name.strip().lower(), value.strip())
    return header


class _Window:
    """A stream of which some bytes are held, so that they can be searched and given back."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream, self._held = stream, bytearray()

    def skip_line_ends(self) -> bool:
        """Whether anything follows."""
        while True:
            if blank := _LINE_ENDS.match(self._held):
                del self._held[: blank.end()]
            if self._held or not self._more():
                return bool(self._held)

    def is_at_record(self) -> bool:
        self._hold(_START_BYTES)
        return _START.match(self._held) is not None

    def is_at_end(self) -> bool:
        """Whether a record may end here: before two line ends, the next record or the end of the file."""
        self._hold(len(_RECORD_END))
        return self._held.startswith(_RECORD_END) or not self.skip_line_ends() or self.is_at_record()

    def take_header(self) -> bytes | None:
        while (end := _HEADER_END.search(self._held)) is None:
            if len(self._held) > _MOST_HEADER or not self._more():
                break
        if end is None or end.end() > _MOST_HEADER:
            del self._held[:1]
            return None
        return self._take(end.end())

    def take_block(self, length: int, max_bytes: int) -> tuple[bytes, int]:
        """The block, or the first 64 kB of one that is too long, and how many bytes it had before the next record."""
        if length <= max_bytes:
            self._hold(length)
            block = self._take(length)
            return block, len(block)
        self._hold(_CHUNK)
        block, passed = bytes(self._held[:_CHUNK]), 0
        while passed < length and (self._held or self._more()):
            self._hold(_CHUNK)
            if found := _START.search(self._held, 0, length - passed):
                del self._held[: found.start()]
                return block, passed + found.start()
            # The last bytes may be the beginning of a record's first line.
            step = min(max(len(self._held) - _START_BYTES, 1), length - passed)
            del self._held[:step]
            passed += step
        return block, passed

    def give_back(self, piece: bytes) -> None:
        self._held[:0] = piece

    def seek_record(self) -> None:
        """Drop what stands before the next record, or everything."""
        while (found := _START.search(self._held)) is None:
            del self._held[:-_START_BYTES]
            if not self._more():
                self._held.clear()
                return
        del self._held[: found.start()]

    def _take(self, size: int) -> bytes:
        piece = bytes(self._held[:size])
        del self._held[:size]
        return piece

    def _hold(self, size: int) -> None:
        while len(self._held) < size and self._more():
            pass

    def _more(self) -> bool:
        data = self._stream.read(_CHUNK)
        self._held += data
        return bool(data)
