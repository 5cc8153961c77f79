"""Reading scorecards: those of all sources, the worst first, or all of one source."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

import duckdb

from warehouse.connect import connect_reader
from warehouse.errors import WarehouseError

_MOST_ARTICLES = 5
# No grade sorts last: too little is known.
_SCORECARDS = """
select
  source, grade, grade_reasons, articles, words, mean_quality, shrunk_quality, undated_ratio, padded_ratio,
  doubtful_ratio, conflicting_ratio, removed_ratio, artifacts_per_1000_words, duplicates, near_duplicates, quarantined,
  first_seen_at, last_seen_at, open_changes
from source_scorecard
where $source is null or source = $source
order by grade desc nulls last, shrunk_quality nulls first, source
"""
_DAYS = """
select source, day, articles, mean_quality, undated_ratio, padded_ratio, doubtful_ratio, removed_ratio
from source_days
where ($source is null or source = $source) and articles > 0
qualify row_number() over (partition by source order by day desc) <= $days
order by source, day
"""
_MEASURES = """
select measure, grade, among, value, prior_value, shrunk_value, evidence
from source_measures
where source = $source
order by place
"""
_CHANGES = """
select measure, status, since, until, before, after, evidence, likely
from source_changes
where source = $source
order by since desc, measure
"""
_WORST_ARTICLES = """
select article_id, title, quality, array_to_string(flags, ', ')
from clean_articles
where source = $source
order by quality nulls first, article_id
limit $most
"""
_ALIKE = """
select source
from source_scorecard
order by jaro_winkler_similarity(source, $source) desc, source
limit 3
"""


@dataclass(frozen=True, slots=True)
class Day:
    """A day on which a source gave something new; ratios and quality 0-1, None where there is nothing to divide by."""

    day: date
    articles: int
    mean_quality: float | None
    undated_ratio: float | None
    padded_ratio: float | None
    doubtful_ratio: float | None
    removed_ratio: float | None


@dataclass(frozen=True, slots=True)
class Scorecard:
    """A row of the view source_scorecard, with the last days of the source, oldest first."""

    source: str
    grade: str | None
    grade_reasons: str
    articles: int
    words: int
    mean_quality: float | None
    shrunk_quality: float | None
    undated_ratio: float | None
    padded_ratio: float | None
    doubtful_ratio: float | None
    conflicting_ratio: float | None
    removed_ratio: float | None
    artifacts_per_1000_words: float | None
    duplicates: int
    near_duplicates: int
    quarantined: int
    first_seen_at: datetime | None
    last_seen_at: datetime | None
    open_changes: int
    days: tuple[Day, ...] = ()


@dataclass(frozen=True, slots=True)
class SourceMeasure:
    """A row of the view source_measures."""

    measure: str
    grade: str
    among: int
    value: float
    prior_value: float
    shrunk_value: float
    evidence: str


@dataclass(frozen=True, slots=True)
class SourceChange:
    """A row of the view source_changes."""

    measure: str
    status: str
    since: datetime
    until: datetime | None
    before: float
    after: float
    evidence: str
    likely: str


@dataclass(frozen=True, slots=True)
class PoorArticle:
    """One of the articles of a source that score lowest."""

    article_id: str
    title: str | None
    quality: float | None
    flags: str


@dataclass(frozen=True, slots=True)
class SourceCard:
    """All that is known of one source; changes newest first, articles worst first."""

    scorecard: Scorecard
    measures: tuple[SourceMeasure, ...]
    changes: tuple[SourceChange, ...]
    worst_articles: tuple[PoorArticle, ...]


def read_scorecards(warehouse: Path, *, days: int) -> list[Scorecard]:
    """Every source, the worst first, those without a grade last; each with its last `days` days.

    Raises what opening the warehouse raises, and WarehouseError for one that no run of this version has written to.
    """
    with connect_reader(warehouse) as connection:
        _check(connection, warehouse)
        return _scorecards(connection, None, days)


def read_source(warehouse: Path, source: str, *, days: int) -> SourceCard:
    """All of one source. Raises as `read_scorecards` does, and WarehouseError for a source that is not there."""
    with connect_reader(warehouse) as connection:
        _check(connection, warehouse)
        found = _scorecards(connection, source, days)
        if not found:
            alike = connection.execute(_ALIKE, {"source": source}).fetchall()
            names = ", ".join(repr(name) for (name,) in alike) or "none: the warehouse is empty"
            raise WarehouseError(f"{warehouse}: there is no source {source!r}. The nearest are {names}.")
        given = {"source": source}
        return SourceCard(
            found[0],
            tuple(SourceMeasure(*row) for row in connection.execute(_MEASURES, given).fetchall()),
            tuple(SourceChange(*row) for row in connection.execute(_CHANGES, given).fetchall()),
            tuple(
                PoorArticle(*row)
                for row in connection.execute(_WORST_ARTICLES, {**given, "most": _MOST_ARTICLES}).fetchall()
            ),
        )


def _check(connection: duckdb.DuckDBPyConnection, warehouse: Path) -> None:
    if ("source_measures",) not in connection.execute("select view_name from duckdb_views()").fetchall():
        raise WarehouseError(f"{warehouse}: it has no scorecards yet. The next `winnow run` into it makes them.")


def _scorecards(connection: duckdb.DuckDBPyConnection, source: str | None, days: int) -> list[Scorecard]:
    by_source: defaultdict[str, list[Day]] = defaultdict(list)
    for name, *day in connection.execute(_DAYS, {"source": source, "days": days}).fetchall():
        by_source[name].append(Day(*day))
    rows = connection.execute(_SCORECARDS, {"source": source}).fetchall()
    return [replace(Scorecard(*row), days=tuple(by_source[row[0]])) for row in rows]
