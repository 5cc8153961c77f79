"""The audit as a worker process sees it: this module imports in no time, Great Expectations only when it is needed.

Great Expectations takes seconds to import. Start a worker early and let it warm up while the documents are cleaned:

    executor = ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn"))
    executor.submit(warm)
    ...
    outcomes = executor.submit(audit_staged, staged, run_date).result()
"""

from __future__ import annotations

import importlib
from datetime import date
from pathlib import Path

from expectations.outcome import CheckOutcome


def warm() -> None:
    """Import Great Expectations and the suites; nothing else."""
    importlib.import_module("expectations.audit")


def audit_staged(staged: Path, run_date: date) -> tuple[CheckOutcome, ...]:
    """`expectations.audit.audit`, importing it in the process that runs it."""
    from expectations.audit import audit  # noqa: PLC0415  # the import that takes seconds

    return audit(staged, run_date)


def built_in_checks() -> tuple[str, ...]:
    """The ids of all checks of the suites, sorted: what `--publish-anyway` takes beside the user's own."""
    from expectations.audit import check_ids  # noqa: PLC0415

    return check_ids()
