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
class RunReport:
    """All that the report shows of one run; every tuple is in the order in which it is shown."""

    run: Run
    checks: tuple[Check, ...] = ()
    quarantined: tuple[QuarantinedRecord, ...] = ()
    flagged: tuple[FlaggedArticle, ...] = ()
    removed_kinds: tuple[RemovedKind, ...] = ()
    removed_rules: tuple[RemovedRule, ...] = ()
    published: tuple[PublishedLanguage, ...] = ()
    sources: tuple[SourceCard, ...] = ()
    duplicates: tuple[Duplicate, ...] = ()

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

    runs = connection.execute(queries.RUN.sql, {"run_id": run_id}).fetchall()
    if not runs:
        raise ReportError(f"run {run_id!r} is not in the warehouse; `winnow sql 'from run_history'` lists its runs")
    run_columns, counts = runs[0][:6], runs[0][6:]
    return RunReport(
        run=Run(*run_columns, *(count or 0 for count in counts)),
        checks=rows(queries.CHECKS, Check),
        quarantined=rows(queries.QUARANTINE, QuarantinedRecord),
        flagged=rows(queries.FLAGS, FlaggedArticle),
        removed_kinds=rows(queries.REMOVED_KINDS, RemovedKind),
        removed_rules=rows(queries.REMOVED_RULES, RemovedRule),
        published=rows(queries.PUBLISHED, PublishedLanguage),
        sources=rows(queries.SOURCES, SourceCard),
        duplicates=rows(queries.DUPLICATES, Duplicate),
    )
