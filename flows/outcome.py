"""How a run ended, as the command line and the artifacts show it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from expectations.outcome import CheckOutcome
from transforms.types import WinnowError
from warehouse.records import PublishCounts


class UnknownCheckError(WinnowError):
    """A name given to --publish-anyway is that of no check."""


def require_known(names: Iterable[str], known: Iterable[str]) -> None:
    """Raise UnknownCheckError, with the nearest names, for a name that is that of no check."""
    checks = frozenset(known)
    for name in names:
        if name not in checks:
            near = get_close_matches(name, checks, n=3, cutoff=0.4)
            hint = f"near it are {', '.join(near)}" if near else "`winnow checks` lists those of a run"
            raise UnknownCheckError(f"--publish-anyway {name!r} is no check; {hint}")


@dataclass(frozen=True, slots=True)
class RunOutcome:
    """How a run ended. `failed_checks` are all that failed, `critical` those that stopped it.

    `interrupted` are the ids of killed runs that this one closed, `resumed_count` the records that they had extracted.
    `left_out` counts by reason what is no record by intent, `moved` where the files went, `stage_seconds`
    how long each stage took.
    """

    run_id: str
    run_name: str
    status: str
    seconds: float
    input_count: int
    unchanged_count: int
    resumed_count: int
    interrupted: tuple[str, ...]
    left_out: tuple[tuple[str, int], ...]
    moved: tuple[tuple[str, int], ...]
    stage_seconds: tuple[tuple[str, float], ...]
    counts: PublishCounts
    failed_checks: tuple[CheckOutcome, ...]
    critical: tuple[CheckOutcome, ...]
    report_path: str
    report_status: str
    report_detail: str
    staged: str | None
