"""What the site shows, read from the warehouse: one query a table, rows as frozen dataclasses."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from operator import attrgetter
from typing import TypeVar

import duckdb

from flows import site_queries as queries
from flows.run_report import Check, Run
from flows.site_marks import LedgerEdit

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Totals:
    articles: int
    sources: int
    words: int
    mean_quality: float | None
    undated_ratio: float | None
    padded_ratio: float | None
    removed_chars: float | None
    quarantined: int
    duplicates: int


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """The articles that one run took in first, of all sources or of one; ratios and quality 0-1."""

    seen_at: datetime
    articles: int
    mean_quality: float | None
    undated_ratio: float
    padded_ratio: float
    removed_ratio: float


@dataclass(frozen=True, slots=True)
class KindSum:
    kind: str
    edits: int
    articles: int
    removed_chars: int


@dataclass(frozen=True, slots=True)
class SourceSum:
    """A row of `source_scorecard`."""

    source: str
    articles: int
    words: int
    mean_quality: float | None
    undated_ratio: float | None
    padded_ratio: float | None
    removed_ratio: float | None
    duplicates: int
    quarantined: int


@dataclass(frozen=True, slots=True)
class ListedArticle:
    """An article as the lists show it; `title` is the document's name where the page has none."""

    article_id: str
    title: str
    source: str
    published_on: date | None
    published_status: str
    language: str | None
    quality: float | None
    seo_padding: float | None
    text_words: int
    removed_ratio: float
    flags: list[str]
    run_id: str


@dataclass(frozen=True, slots=True)
class RuleSum:
    kind: str
    rule: str
    edits: int
    articles: int
    removed_chars: int


@dataclass(frozen=True, slots=True)
class Template:
    template_id: str
    kind: str
    scope: str
    example_text: str
    share_ratio: float
    articles: int
    removed_chars: int
    is_in_use: bool
    switched_off_reason: str | None


@dataclass(frozen=True, slots=True)
class Refused:
    """A record in quarantine."""

    document_id: str
    location: str
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Article:
    """A row of `articles`, with where its record lay."""

    article_id: str
    document_id: str
    source: str
    url: str | None
    title: str | None
    title_origin: str | None
    author: str | None
    author_origin: str | None
    site_name: str | None
    section: str | None
    language: str | None
    language_probability_ratio: float | None
    published_on: date | None
    published_precision: str | None
    published_status: str
    published_origin: str | None
    published_evidence: str | None
    fetched_at: datetime | None
    text: str
    text_words: int
    original_chars: int
    removed_ratio: float
    extractor: str
    run_id: str
    is_latest: bool
    location: str | None


@dataclass(frozen=True, slots=True)
class Flag:
    code: str
    evidence: str


@dataclass(frozen=True, slots=True)
class ScorePart:
    """A component of a score; the component `total` is the score itself."""

    score: str
    component: str
    value_ratio: float
    weight_ratio: float
    evidence: str


@dataclass(frozen=True, slots=True)
class DateFound:
    date_text: str
    precision: str
    role: str
    origin: str
    evidence: str


@dataclass(frozen=True, slots=True)
class Signal:
    name: str
    value: float


@dataclass(frozen=True, slots=True)
class SameText:
    document_id: str
    source: str
    location: str
    duplicate_kind: str
    similarity_ratio: float


@dataclass(frozen=True, slots=True)
class ArticleFacts:
    """All that the page of one article shows."""

    article: Article
    edits: tuple[LedgerEdit, ...]
    flags: tuple[Flag, ...]
    scores: tuple[ScorePart, ...]
    dates: tuple[DateFound, ...]
    signals: tuple[Signal, ...]
    duplicates: tuple[SameText, ...]


@dataclass(frozen=True, slots=True)
class SiteFacts:
    """All that the site shows but the articles themselves. Runs: the latest first; articles: the worst first."""

    totals: Totals
    trend: tuple[TrendPoint, ...]
    runs: tuple[Run, ...]
    kinds: tuple[KindSum, ...]
    flags: tuple[tuple[str, int], ...]
    sources: tuple[SourceSum, ...]
    articles: tuple[ListedArticle, ...]
    source_trends: dict[str, tuple[TrendPoint, ...]]
    source_rules: dict[str, tuple[RuleSum, ...]]
    source_templates: dict[str, tuple[Template, ...]]
    source_refused: dict[str, tuple[Refused, ...]]
    run_checks: dict[str, tuple[Check, ...]]
    run_refused: dict[str, tuple[Refused, ...]]
    run_left_out: dict[str, tuple[tuple[str, int], ...]]


def read_site(connection: duckdb.DuckDBPyConnection) -> SiteFacts:
    """Read all but the articles' texts: rows of a few hundred bytes an article."""

    def rows(sql: str, row_type: type[Row]) -> tuple[Row, ...]:
        return tuple(row_type(*row) for row in connection.execute(sql).fetchall())

    def grouped(sql: str, row_type: type[Row]) -> dict[str, tuple[Row, ...]]:
        return _group(connection.execute(sql).fetchall(), row_type)

    trends = grouped(queries.TRENDS, TrendPoint)
    left_out = connection.execute(queries.LEFT_OUT).fetchall()
    return SiteFacts(
        totals=rows(queries.TOTALS, Totals)[0],
        trend=trends.pop("", ()),
        runs=rows(queries.RUNS, Run),
        kinds=rows(queries.KINDS, KindSum),
        flags=tuple((str(flag), int(count)) for flag, count in connection.execute(queries.FLAGS).fetchall()),
        sources=rows(queries.SOURCES, SourceSum),
        articles=rows(queries.LISTED, ListedArticle),
        source_trends=trends,
        source_rules=grouped(queries.SOURCE_RULES, RuleSum),
        source_templates=grouped(queries.TEMPLATES, Template),
        source_refused=grouped(queries.SOURCE_QUARANTINE, Refused),
        run_checks=grouped(queries.CHECKS, Check),
        run_refused=grouped(queries.RUN_QUARANTINE, Refused),
        run_left_out={
            run_id: tuple((reason, count) for _, reason, count in group)
            for run_id, group in groupby(left_out, key=lambda row: str(row[0]))
        },
    )


def choose_articles(connection: duckdb.DuckDBPyConnection, most: int) -> tuple[str, ...]:
    """Ids of the articles that get a page: all, or the `most` that need a person first (flagged, then the worst)."""
    return tuple(str(row[0]) for row in connection.execute(queries.CHOSEN, {"most": most}).fetchall())


def read_articles(connection: duckdb.DuckDBPyConnection, ids: Sequence[str]) -> tuple[ArticleFacts, ...]:
    """The articles with these ids, by id."""

    def grouped(sql: str, row_type: type[Row]) -> dict[str, tuple[Row, ...]]:
        return _group(connection.execute(sql, {"ids": list(ids)}).fetchall(), row_type)

    edits = grouped(queries.ARTICLE_EDITS, LedgerEdit)
    flags = grouped(queries.ARTICLE_FLAGS, Flag)
    scores = grouped(queries.ARTICLE_SCORES, ScorePart)
    dates = grouped(queries.ARTICLE_DATES, DateFound)
    signals = grouped(queries.ARTICLE_SIGNALS, Signal)
    duplicates = grouped(queries.ARTICLE_DUPLICATES, SameText)
    articles = (Article(*row) for row in connection.execute(queries.ARTICLES, {"ids": list(ids)}).fetchall())
    return tuple(
        ArticleFacts(
            article,
            edits.get(article.article_id, ()),
            flags.get(article.article_id, ()),
            scores.get(article.article_id, ()),
            dates.get(article.article_id, ()),
            signals.get(article.article_id, ()),
            duplicates.get(article.article_id, ()),
        )
        for article in articles
    )


def by_source(articles: Iterable[ListedArticle]) -> dict[str, tuple[ListedArticle, ...]]:
    """The articles of each source, in the order in which they came."""
    groups = groupby(sorted(articles, key=attrgetter("source")), key=attrgetter("source"))
    return {source: tuple(group) for source, group in groups}


def _group(rows: Iterable[tuple[object, ...]], row_type: type[Row]) -> dict[str, tuple[Row, ...]]:
    """Rows by their first value (null: ""), which is left out of them; they come ordered by it."""
    groups = groupby(rows, key=lambda row: str(row[0] or ""))
    return {key: tuple(row_type(*row[1:]) for row in group) for key, group in groups}
