"""The judged publication date: which of the date candidates is it, and how far can it be trusted."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from transforms.types import DateCandidate, Published

ORIGINS = (
    "json-ld",
    "meta",
    "published-line",
    "time",
    "byline",
    "url",
    "visible",
    "dateline",
    "date-line",
    "opening",
    "today",
    "we-now",
    "as-of",
    "modified-line",
)


def rank_candidates(candidates):
    return tuple(
        sorted(candidates, key=lambda c: (c.role != "published", c.precision != "day", ORIGINS.index(c.origin)))
    )


def judge_published(candidates, fetched_at, now):
    ranked = rank_candidates(candidates)
    if not ranked:
        return Published(None, None, "undated", None, None)
    c = ranked[0]
    return Published(c.date, c.precision, "dated", c.origin, c.evidence)
