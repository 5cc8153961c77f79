"""Lines of a stream, none longer than the largest record; what is longer is passed over and told of."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO

from flows.intake import Origin, make_unread
from transforms.types import Quarantined

# A line that goes on for so many times the largest record has no end; the rest of the file is not looked for.
_MOST_TIMES = 20


def read_lines(stream: IO[bytes], origin: Origin, max_bytes: int) -> Iterator[tuple[int, bytes | Quarantined]]:
    """(number from 1, line with its end), or the reason why a line is none."""
    number = 0
    while line := stream.readline(max_bytes + 1):
        number += 1
        if len(line) <= max_bytes:
            yield number, line
            continue
        part, passed = f"line {number}", len(line)
        where = f"{part} of {origin.name} has more than"
        while line and not line.endswith(b"\n") and passed <= _MOST_TIMES * max_bytes:
            line = stream.readline(max_bytes)
            passed += len(line)
        if line and not line.endswith(b"\n"):
            message = f"{where} {passed} bytes, so the rest of the file is not read; cut it into lines"
            yield number, make_unread(origin, "endless-line", message, part=part)
            return
        message = f"{where} {max_bytes} bytes; raise --max-bytes to take it in"
        yield number, make_unread(origin, "too-large", message, part=part)
