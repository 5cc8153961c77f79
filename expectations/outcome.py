"""What a data check found: plain data, so that it can come back from a worker process without Great Expectations."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

USER_SUITE = "user"
Severity = Literal["critical", "warning", "info"]


@dataclass(frozen=True, slots=True)
class CheckOutcome:
    """One check of one suite; the fields are columns of check_results.

    `unexpected_count` is None for a check of the whole table and for one that could not run. `observed` is text.
    `unexpected_sample` is a JSON list of up to five rows that broke the check, with their keys and what tells why;
    "[]" when it held. `is_waived` says that the user asked to publish in spite of it.
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
    is_waived: bool = False

    @property
    def check_id(self) -> str:
        """Its name, as `--publish-anyway` takes it: `scores.value_ratio.be_between`, `user.no-short-texts`."""
        return check_id(self.suite, self.check_name, self.column_name)


def check_id(suite: str, check_name: str, column_name: str | None) -> str:
    """The name of a check: suite, columns joined by +, and what is expected; without a column, the other two.

    Migration 0010 makes the same of older results.
    """
    if suite == USER_SUITE:
        return f"{suite}.{check_name}"
    short = re.sub("^expect_(column_values_to_|column_)?", "", check_name)
    return ".".join((suite, *([column_name.replace(", ", "+")] if column_name else []), short))


def critical_failures(outcomes: Iterable[CheckOutcome]) -> tuple[CheckOutcome, ...]:
    """The failed checks that must stop a publish. Info and warning failures never do, nor do waived ones."""
    return tuple(o for o in outcomes if o.severity == "critical" and not o.is_success and not o.is_waived)


def waive(outcomes: Iterable[CheckOutcome], check_ids: Iterable[str]) -> tuple[CheckOutcome, ...]:
    """The same outcomes, critical failures of these checks marked as waived."""
    waived = frozenset(check_ids)
    return tuple(
        replace(o, is_waived=True) if o.check_id in waived and not o.is_success and o.severity == "critical" else o
        for o in outcomes
    )
