"""Reading JSON: one record a line, or values one after the other, or a list of them, however they are laid out.

A broken record is quarantined and the next one read. Neither a line nor a value is held beyond the largest record, and
the rest of one that is longer is passed over without being kept.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import IO

from flows.intake import Record, make_unread
from flows.lines import read_lines
from flows.record_fields import Fields, read_record
from flows.streams import read_some

_CHUNK = 262_144
_STRING_END = re.compile(rb'["\\]')
_STRUCTURE = re.compile(rb'["{}\[\],]')


def read_json_lines(stream: IO[bytes], fields: Fields, max_bytes: int) -> Iterator[Record]:
    """A record for each line that is not blank."""
    for number, line in read_lines(stream, fields.origin, max_bytes):
        if not isinstance(line, bytes):
            yield line
        elif line.strip():
            yield _read(line, number, fields)


def read_json_values(stream: IO[bytes], fields: Fields, max_bytes: int) -> Iterator[Record]:
    """A record for each value of a list, or for each value where they follow each other without one."""
    for number, value in enumerate(_split(stream, max_bytes), 1):
        if len(value) <= max_bytes:
            yield _read(value, number, fields)
            continue
        part = f"{fields.unit} {number}"
        message = f"{part} of {fields.origin.name} has more than {max_bytes} bytes; raise --max-bytes to take it in"
        yield make_unread(fields.origin, "too-large", message, part=part)


def _read(value: bytes, number: int, fields: Fields) -> Record:
    part, origin = f"{fields.unit} {number}", fields.origin
    where = f"{part} of {origin.name}"
    try:
        record = json.loads(value.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:  # no UTF-8, no JSON, a number of 5,000 digits, nested 10,000 deep
        return make_unread(origin, "bad-json", f"{where} is no JSON: {error}", part=part, payload=value)
    if not isinstance(record, dict):
        message = f"{where} is a {type(record).__name__}, expected an object"
        return make_unread(origin, "bad-json", message, part=part, payload=value)
    return read_record(record, number, fields, lambda: value)


def _split(stream: IO[bytes], max_bytes: int) -> Iterator[bytes]:
    """The values of a JSON text; one of more than `max_bytes` comes out cut, one byte longer than that."""
    chunk = b""
    while not chunk:
        chunk = read_some(stream, _CHUNK)
        if not chunk:
            return
        chunk = chunk.lstrip()
    splitter = _Splitter(max_bytes, is_list=chunk.startswith(b"["))
    chunk = chunk.removeprefix(b"[")
    while chunk:
        yield from splitter.feed(chunk)
        chunk = read_some(stream, _CHUNK)
    yield from splitter.take()


class _Splitter:
    """Finds values by brackets and quotes alone, so that a broken one does not hide the next."""

    def __init__(self, max_bytes: int, *, is_list: bool) -> None:
        self._max_bytes = max_bytes
        self._floor = self._depth = 1 if is_list else 0
        self._value = bytearray()
        self._in_string = self._is_escaped = False

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        """The values that end within the chunk."""
        at = 0
        while at < len(chunk):
            if self._is_escaped:
                self._is_escaped = False
                self._keep(chunk[at : at + 1])
                at += 1
                continue
            found = (_STRING_END if self._in_string else _STRUCTURE).search(chunk, at)
            start, end = found.span() if found else (len(chunk), len(chunk))
            token = chunk[start:end]
            if self._floor and self._depth == 1 and token in {b",", b"]"}:
                self._keep(chunk[at:start])
                yield from self.take()
            else:
                self._keep(chunk[at:end])
                yield from self._note(token)
            at = end

    def take(self) -> Iterator[bytes]:
        """What has been collected since the last value, if anything."""
        if self._value:
            yield bytes(self._value)
            self._value.clear()

    def _note(self, token: bytes) -> Iterator[bytes]:
        if token == b"\\":
            self._is_escaped = True
        elif token == b'"':
            self._in_string = not self._in_string
        elif token in {b"{", b"["}:
            self._depth += 1
        elif token in {b"}", b"]"}:
            self._depth = max(self._depth - 1, self._floor)
            if self._depth == 0:
                yield from self.take()

    def _keep(self, piece: bytes) -> None:
        piece = piece if self._value else piece.lstrip(b" \t\r\n,")
        self._value += piece[: self._max_bytes + 1 - len(self._value)]
