"""What the report shows of a run, read from the warehouse: one query a section, rows as frozen dataclasses."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

import duckdb

from flows import report_queries as queries
from flows.report_queries import Query
from transforms.types import WinnowError

Row = TypeVar("Row")


class ReportError(WinnowError):
    """The run is not in the warehouse."""


@dataclass(frozen=True, slots=True)
class Run:
    """The row of the run in `runs`; counts are 0 where the table has null."""

    run_id: str
    run_name: str
    status: str
    started_at: datetime
    finished_at: datetime | None
    ruleset_version: str
    input_count: int
    unchanged_count: int
    article_count: int
    duplicate_count: int
    quarantine_count: int
    edit_count: int
    removed_chars: int
    warning_count: int
    critical_count: int

    @property
    def seconds(self) -> float | None:
        return (self.finished_at - self.started_at).total_seconds() if self.finished_at else None


@dataclass(frozen=True, slots=True)
class Check:
    """A data check and how it went; `unexpected_sample` is JSON."""

    suite: str
    check_name: str
    column_name: str | None
    severity: str
    is_success: bool
    unexpected_count: int | None
    observed: str | None
    unexpected_sample: str | None
    notes: str | None


@dataclass(frozen=True, slots=True)
class QuarantinedRecord:
    """A record in quarantine; `group_count` records share its code."""

    code: str
    group_count: int
    document_id: str
    location: str
    message: str


@dataclass(frozen=True, slots=True)
class FlaggedArticle:
    """A flag that holds; `group_count` flags share its code."""

    code: str
    group_count: int
    article_id: str
    document_id: str
    title: str | None
    url: str | None
    source: str
    evidence: str


@dataclass(frozen=True, slots=True)
class RemovedKind:
    kind: str
    edits: int
    articles: int
    removed_chars: int


@dataclass(frozen=True, slots=True)
class RemovedRule:
    rule_id: str
    kind: str
    edits: int
    removed_chars: int
    example: str


@dataclass(frozen=True, slots=True)
class PublishedLanguage:
    language: str
    articles: int
    words: int
    dated_ratio: float
    mean_quality: float | None


@dataclass(frozen=True, slots=True)
class SourceCard:
    source: str
    articles: int
    mean_quality: float | None
    removed_ratio: float | None
    undated_ratio: float
    source_count: int


@dataclass(frozen=True, slots=True)
class Duplicate:
    document_id: str
    source: str
    location: str
    kept_document_id: str
    kept_title: str | None
    kept_url: str | None


@dataclass(frozen=True, slots=True)
class LostRun:
    """A run that was ended from outside: before it published (interrupted), or before its report (published).

    `problem`: not from outside, but by an error that it could not write into the warehouse.
    """

    run_id: str
    run_name: str
    status: str
    started_at: datetime
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Volume:
    """What one run did."""

    started_at: datetime
    articles: int
    quarantined: int
    warnings: int


@dataclass(frozen=True, slots=True)
class CheckNews:
    """A check that fails now and did not in the run before, or the other way round."""

    label: str
    fails_now: bool


@dataclass(frozen=True, slots=True)
class SourceChange:
    """A measure of a source that moved: means of its earlier articles and of those of this run.

    `measure` is mean_quality, undated_ratio, padded_ratio or removed_ratio. `source_count` sources changed in all.
    """

    source: str
    measure: str
    before: float
    now: float
    articles: int
    source_count: int


@dataclass(frozen=True, slots=True)
class SourceTrend:
    """A source by the runs that brought articles of it: one figure of each measure a run."""

    source: str
    seen_at: datetime
    mean_quality: float | None
    undated_ratio: float
    padded_ratio: float
    removed_ratio: float


@dataclass(frozen=True, slots=True)
class NewTemplate:
    """A template that took text out in this run and never before; `template_count` did in all."""

    source: str
    template_id: str
    kind: str
    share_ratio: float
    articles: int
    example: str
    template_count: int


@dataclass(frozen=True, slots=True)
class RunReport:
    """All that the report shows of one run; every tuple is in the order in which it is shown.

    `problem` says why a run failed that no check stopped.
    """

    run: Run
    checks: tuple[Check, ...] = ()
    quarantined: tuple[QuarantinedRecord, ...] = ()
    flagged: tuple[FlaggedArticle, ...] = ()
    removed_kinds: tuple[RemovedKind, ...] = ()
    removed_rules: tuple[RemovedRule, ...] = ()
    published: tuple[PublishedLanguage, ...] = ()
    sources: tuple[SourceCard, ...] = ()
    duplicates: tuple[Duplicate, ...] = ()
    previous: Run | None = None
    unfinished: tuple[LostRun, ...] = ()
    ahead: tuple[datetime, ...] = ()  # when runs began that lie in the future: the clock was set back since
    history: tuple[Volume, ...] = ()
    check_news: tuple[CheckNews, ...] = ()
    changed_sources: tuple[SourceChange, ...] = ()
    trends: tuple[SourceTrend, ...] = ()
    new_templates: tuple[NewTemplate, ...] = ()
    problem: str = ""

    @property
    def failed_checks(self) -> tuple[Check, ...]:
        return tuple(check for check in self.checks if not check.is_success)


def read_run_report(connection: duckdb.DuckDBPyConnection, run_id: str) -> RunReport:
    """Read the report of a run. Raises ReportError when the warehouse has no such run.

    Of an older run, the articles that a later run has published again are left out: they carry the later run's id.
    """

    def rows(query: Query, row_type: type[Row]) -> tuple[Row, ...]:
        found = connection.execute(query.sql, {"run_id": run_id}).fetchall()
        return tuple(row_type(*row) for row in found)

    runs = _read_runs(connection, queries.RUN, run_id)
    if not runs:
        raise ReportError(f"run {run_id!r} is not in the warehouse; `winnow sql 'from run_history'` lists its runs")
    previous = _read_runs(connection, queries.PREVIOUS, run_id)
    changed = rows(queries.CHANGED_SOURCES, SourceChange)
    asked = {"sources": sorted({change.source for change in changed}), "started_at": runs[0].started_at}
    return RunReport(
        run=runs[0],
        checks=rows(queries.CHECKS, Check),
        quarantined=rows(queries.QUARANTINE, QuarantinedRecord),
        flagged=rows(queries.FLAGS, FlaggedArticle),
        removed_kinds=rows(queries.REMOVED_KINDS, RemovedKind),
        removed_rules=rows(queries.REMOVED_RULES, RemovedRule),
        published=rows(queries.PUBLISHED, PublishedLanguage),
        sources=rows(queries.SOURCES, SourceCard),
        duplicates=rows(queries.DUPLICATES, Duplicate),
        previous=previous[0] if previous else None,
        unfinished=rows(queries.UNFINISHED, LostRun),
        ahead=tuple(at for (at,) in connection.execute(queries.AHEAD, {"run_id": run_id}).fetchall()),
        history=rows(queries.HISTORY, Volume),
        check_news=rows(queries.CHECK_NEWS, CheckNews),
        changed_sources=changed,
        trends=tuple(SourceTrend(*row) for row in connection.execute(queries.SOURCE_TREND, asked).fetchall())
        if changed
        else (),
        new_templates=rows(queries.NEW_TEMPLATES, NewTemplate),
    )


def _read_runs(connection: duckdb.DuckDBPyConnection, query: Query, run_id: str) -> tuple[Run, ...]:
    found = connection.execute(query.sql, {"run_id": run_id}).fetchall()
    return tuple(Run(*row[:6], *(count or 0 for count in row[6:])) for row in found)
