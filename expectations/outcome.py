"""What a data check found: plain data, so that it can come back from a worker process without Great Expectations."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Severity = Literal["critical", "warning", "info"]


@dataclass(frozen=True, slots=True)
class CheckOutcome:
    """One check of one suite; the fields are the columns of check_results.

    `unexpected_count` is None for a check of the whole table and for one that could not run. `observed` is text.
    `unexpected_sample` is a JSON list with the keys of up to five rows that broke the check; "[]" when it held.
    """

    suite: str
    check_name: str
    column_name: str | None
    severity: Severity
    is_success: bool
    unexpected_count: int | None
    observed: str
    unexpected_sample: str
    notes: str


def critical_failures(outcomes: Iterable[CheckOutcome]) -> tuple[CheckOutcome, ...]:
    """The failed checks that must stop a publish. Info and warning failures never do."""
    return tuple(outcome for outcome in outcomes if outcome.severity == "critical" and not outcome.is_success)
