"""What goes into the warehouse with a run, and what comes back from staging and publishing it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Severity = Literal["critical", "warning", "info"]


@dataclass(frozen=True, slots=True)
class InterruptedRun:
    """A run that was killed before its end; `flow_run_id` is Prefect's id of it, where it had one, and
    `run_name` its name. `problem`: it broke off by this, and could not write so into the warehouse."""

    run_id: str
    started_at: datetime
    ruleset_version: str
    flow_run_id: str | None = None
    run_name: str = ""
    problem: str = ""


@dataclass(frozen=True, slots=True)
class RunRecord:
    """What the caller knows of a run; publishing adds status and counts. Times carry a time zone.

    `input_count` is every record found under the given paths, `unchanged_count` those that were not read again.
    `left_out` counts by reason what is no record by intent. `retried` are inputs in quarantine that are decided anew,
    `reread` locations that could not be read once and can now, `interrupted` killed runs that nobody has recorded.
    """

    run_id: str
    run_name: str
    started_at: datetime
    finished_at: datetime
    ruleset_version: str
    input_count: int
    unchanged_count: int = 0
    left_out: tuple[tuple[str, int], ...] = ()
    retried: tuple[str, ...] = ()
    reread: tuple[str, ...] = ()
    interrupted: tuple[InterruptedRun, ...] = ()


@dataclass(frozen=True, slots=True)
class CheckResult:
    """One data check of a run; the columns of check_results without run_id.

    `is_waived`: it failed critically, and the user asked for a publish all the same.
    """

    suite: str
    check_name: str
    column_name: str | None
    severity: Severity
    is_success: bool
    unexpected_count: int | None = None
    observed: str | None = None
    unexpected_sample: str | None = None
    notes: str | None = None
    is_waived: bool = False
    check_id: str | None = None


@dataclass(frozen=True, slots=True)
class StagedCounts:
    """What one run staged, each record once: input_count == article_count + duplicate_count + quarantine_count."""

    input_count: int
    article_count: int
    duplicate_count: int
    quarantine_count: int
    edit_count: int


@dataclass(frozen=True, slots=True)
class PublishCounts:
    """What one publish changed. `unchanged_count` are staged records that the warehouse had already decided."""

    article_count: int
    duplicate_count: int
    quarantine_count: int
    edit_count: int
    removed_chars: int
    unchanged_count: int = 0
