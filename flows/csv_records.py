"""Reading CSV and TSV: a header that names the columns, then a record a row, in quotes over several lines if need be.

Quotes are taken strictly: a quotation mark that stands wrong would else swallow rows unseen. The line on which a broken
row begins is quarantined, and reading goes on at the next line.
"""

from __future__ import annotations

import csv
import io
from collections import deque
from collections.abc import Iterator
from itertools import zip_longest
from typing import IO

from flows.intake import Record, make_unread
from flows.lines import read_lines
from flows.record_fields import Fields, plain_field, read_record
from transforms.decode import decode_text
from transforms.types import Quarantined

_DELIMITERS = ",;\t|"
# Lines that a broken row swallowed are read again, so that the rows among them are not lost; so often in one file.
_MOST_RETURNS = 100


def read_csv(stream: IO[bytes], fields: Fields, max_bytes: int, delimiter: str | None = None) -> Iterator[Record]:
    """A record for each row; without a given delimiter it is the one that cuts the header into most columns."""
    csv.field_size_limit(max(csv.field_size_limit(), max_bytes))
    lines = _Lines(stream, fields, max_bytes)
    first = next(lines, "")
    delimiter = delimiter or max(_DELIMITERS, key=first.count)
    first = first.strip("\r\n")
    names = first.replace("\r", " ")
    header = [name.strip() for name in next(csv.reader([names], delimiter=delimiter), [])]
    if first and not _is_known(header, fields):
        message = (
            f"the header of {fields.origin.name} has none of the known columns: {', '.join(header)[:200]!r}; "
            "name them with --columns text=NAME,url=NAME"
        )
        yield make_unread(fields.origin, "no-content", message, payload=first.encode("utf-8", "surrogateescape"))
        return
    is_one_line = True
    for row in _read_rows(lines, delimiter):
        is_one_line = False
        if isinstance(row, Quarantined):
            yield row
        elif any(row):
            yield _read_row(_decoded(row, lines.row_bytes(), delimiter), header, lines, fields)
    if is_one_line and "\r" in first:
        message = (
            f"{fields.origin.name} is one line with carriage returns in it, by which old programs ended lines; "
            "write them as line feeds"
        )
        yield make_unread(fields.origin, "bad-csv", message, payload=first.encode("utf-8", "surrogateescape"))


def _is_known(header: list[str], fields: Fields) -> bool:
    wanted = {plain_field(name) for kind in ("text", "html") for name in fields.names[kind]}
    return any(plain_field(name) in wanted for name in header)


def _read_rows(lines: _Lines, delimiter: str) -> Iterator[list[str] | Quarantined]:
    rows = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        lines.start_row()
        try:
            row = next(rows, None)
        except csv.Error as error:
            yield lines.break_row(str(error))
            rows = csv.reader(lines, delimiter=delimiter, strict=True)
            row = []
        yield from lines.take_unread()
        if row is None:
            return
        if row:
            yield row


def _read_row(row: list[str], header: list[str], lines: _Lines, fields: Fields) -> Record:
    number, payload = lines.row[0][0], lines.row_bytes()
    if any(row[len(header) :]):
        message = (
            f"line {number} of {fields.origin.name} has {len(row)} columns, the header {len(header)}; "
            "put text with a delimiter in it in quotation marks"
        )
        return make_unread(fields.origin, "bad-csv", message, part=f"line {number}", payload=payload)
    record = dict(zip_longest(header, row[: len(header)], fillvalue=""))
    return read_record(record, number, fields, lambda: payload)


def _decoded(row: list[str], payload: bytes, delimiter: str) -> list[str]:
    """The row in the encoding that its bytes are in, where they are no UTF-8: a cell alone is too short to tell."""
    try:
        payload.decode("utf-8")
    except UnicodeDecodeError:
        lines = io.StringIO(decode_text(payload), newline="")
        again = next(csv.reader(lines, delimiter=delimiter), [])
        return again if len(again) == len(row) else row
    return row


class _Lines:
    """The lines that a csv.reader takes, with those of the row it is at, so that a broken row can be given back."""

    def __init__(self, stream: IO[bytes], fields: Fields, max_bytes: int) -> None:
        self.row: list[tuple[int, str]] = []
        self._row_chars = 0
        self._source = read_lines(stream, fields.origin, max_bytes)
        self._fields, self._max_bytes = fields, max_bytes
        self._given_back: deque[tuple[int, str]] = deque()
        self._unread: list[Quarantined] = []
        self._returns = 0

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        number, line = self._given_back.popleft() if self._given_back else self._next_line()
        self.row.append((number, line))
        self._row_chars += len(line)
        if self._row_chars > self._max_bytes:
            raise csv.Error(f"it has more than {self._max_bytes} bytes; raise --max-bytes to take it in")
        return line

    def start_row(self) -> None:
        """The next line begins a row."""
        self.row, self._row_chars = [], 0

    def take_unread(self) -> Iterator[Quarantined]:
        """The lines that were too long to be part of any row."""
        yield from self._unread
        self._unread.clear()

    def row_bytes(self) -> bytes:
        """The lines of the row as they stood."""
        return "".join(line for _, line in self.row).encode("utf-8", "surrogateescape")

    def break_row(self, reason: str) -> Quarantined:
        """The first line of the row, quarantined; the others are given back. Past the bound, all of them go."""
        (number, first), *others = self.row
        payload, upto = first.encode("utf-8", "surrogateescape"), ""
        if others and self._returns >= _MOST_RETURNS:
            payload, upto = self.row_bytes(), f" up to line {others[-1][0]}"
        elif others:
            self._returns += 1
            self._given_back.extendleft(reversed(others))
        message = f"line {number} of {self._fields.origin.name} begins a broken row{upto}: {reason}; mend its quotes"
        return make_unread(self._fields.origin, "bad-csv", message, part=f"line {number}", payload=payload)

    def _next_line(self) -> tuple[int, str]:
        for number, line in self._source:
            if isinstance(line, bytes):
                return number, line.decode("utf-8", "surrogateescape")
            self._unread.append(line)
            if self.row:
                raise csv.Error(f"line {number} of it is too long")
        raise StopIteration
