"""The date that a record gives beside its text (a scraper's `date` field), as one more candidate among the page's."""

from __future__ import annotations

import re

from transforms.date_names import day_date, find_written_dates, month_comes_first
from transforms.types import DateCandidate

_COMPACT = re.compile(r"\s*(\d{4})(\d\d)(\d\d)(?:\D|\d{6}\s*$|$)")  # 20250304, 20250304T10, 20250304100000
_VALUE_CHARS = 100


def read_record_date(value: str) -> DateCandidate | None:
    """The one date that the value is, with origin `record`; None where it is none."""
    value = " ".join(value[:_VALUE_CHARS].split())
    if m := _COMPACT.match(value):
        day = day_date(int(m[1]), int(m[2]), int(m[3]))
        return DateCandidate(day, "day", "published", "record", value) if day else None
    found = next(find_written_dates(value, month_first=month_comes_first(value)), None)
    return DateCandidate(found.date, found.precision, "published", "record", value) if found else None
