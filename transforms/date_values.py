"""Dates in attributes and JSON strings: one value that is one date, with or without a clock; seconds since 1970 too."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from transforms.date_names import WrittenDate, day_date, find_written_dates, month_comes_first

# Code points of a value that is one date: "Wednesday, 24 September 2025 at 10:00:00 Central European Time".
VALUE_CHARS = 72
# Code points of a line or value that is kept as evidence.
EVIDENCE_CHARS = 200
_ISO_DAY = re.compile(r"\s{0,9}((?:19|20)\d\d)-(\d\d)-(\d\d)(?!\d)")
_COMPACT = re.compile(r"\s{0,9}((?:19|20)\d\d)(\d\d)(\d\d)(?:T?\d{4,6}|\Z)")
_SECONDS = re.compile(r"\s{0,9}(\d{10})(?:\d{3})?\s{0,9}\Z")


def read_value(value: str) -> WrittenDate | None:
    """The date that a value is, to the day in the zone that it was written in, or None."""
    if (m := _ISO_DAY.match(value)) or (m := _COMPACT.match(value)):
        iso = day_date(int(m[1]), int(m[2]), int(m[3]))
        return WrittenDate(m.start(1), m.end(3), iso, "day") if iso else None
    if m := _SECONDS.match(value):
        return WrittenDate(m.start(1), m.end(), datetime.fromtimestamp(int(m[1]), UTC).date().isoformat(), "day")
    value = value[:VALUE_CHARS]
    return next(find_written_dates(value, month_first=month_comes_first(value)), None)
