"""Great Expectations' Data Docs of results that the warehouse keeps: pages for a browser, a suite and run each.

The staged rows are gone after a run, so nothing is checked again: the kept results are given back to Great Expectations
as its own, and it builds its pages. They load their style sheets from a content network; without one they are plain.
"""

from __future__ import annotations

import json
import logging
import os
import re
import shutil
import tempfile
import warnings
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from html import escape
from itertools import groupby
from pathlib import Path
from typing import Any

os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")  # read when the import below runs

import great_expectations as gx
from great_expectations.core import ExpectationSuiteValidationResult, ExpectationValidationResult
from great_expectations.core.run_identifier import RunIdentifier
from great_expectations.data_context.data_context.file_data_context import FileDataContext
from great_expectations.data_context.types.base import ProgressBarsConfig
from great_expectations.data_context.types.resource_identifiers import (
    ExpectationSuiteIdentifier,
    ValidationResultIdentifier,
)
from great_expectations.expectations.expectation_configuration import ExpectationConfiguration
from great_expectations.expectations.metadata_types import FailureSeverity

from expectations.audit import SUITES, column_of
from expectations.outcome import CheckOutcome, check_id

# For a check of the user's own, or of an earlier version: its description is shown in any case.
_OTHER_TYPE = "expect_table_row_count_to_be_between"
_OF_ROWS = re.compile(r"\d+ of (\d+) rows")  # as the audit says what it observed


def build_docs(runs: Sequence[tuple[str, datetime, tuple[CheckOutcome, ...]]], folder: Path) -> Path:
    """Build the pages of these runs (name, start, outcomes) in `folder`, replacing what is there; returns the first."""
    logging.getLogger("great_expectations").setLevel(logging.ERROR)
    with tempfile.TemporaryDirectory() as project, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # deprecations inside Great Expectations
        context = gx.get_context(mode="file", project_root_dir=project)
        context.variables.progress_bars = ProgressBarsConfig(globally=False)
        for name, at, outcomes in runs:
            for suite, group in groupby(sorted(outcomes, key=lambda o: o.suite), key=lambda o: o.suite):
                _store(context, suite, name, at, tuple(group))
        context.build_data_docs()
        built = Path(project) / "gx" / "uncommitted" / "data_docs" / "local_site"
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(built, folder)
    return folder / "index.html"


@cache
def _settings() -> dict[tuple[str, str, str], dict[str, Any]]:
    """What our own checks were set to, by id, severity and notes: results do not keep it."""
    configurations = ((suite.table, check.configuration) for suite in SUITES for check in suite.expectations)
    return {
        (check_id(table, c.type, column_of(c.kwargs)), c.severity.value, str(c.notes)): c.kwargs
        for table, c in configurations
    }


def _store(context: FileDataContext, suite: str, name: str, at: datetime, outcomes: tuple[CheckOutcome, ...]) -> None:
    results = [_result(outcome) for outcome in outcomes]
    held = sum(outcome.is_success for outcome in outcomes)
    suite_id = ExpectationSuiteIdentifier(name=suite)
    validation = ExpectationSuiteValidationResult(
        success=held == len(outcomes),
        results=results,
        suite_name=suite,
        statistics={
            "evaluated_expectations": len(outcomes),
            "successful_expectations": held,
            "unsuccessful_expectations": len(outcomes) - held,
            "success_percent": 100 * held / len(outcomes),
        },
        meta={
            "great_expectations_version": gx.__version__,
            "run_id": {"run_name": name, "run_time": at.isoformat()},
            "validation_time": at.isoformat(),
            "batch_kwargs": {},
            "active_batch_definition": {"datasource_name": "winnow", "data_asset_name": suite},
        },
    )
    identifier = ValidationResultIdentifier(suite_id, RunIdentifier(run_name=name, run_time=at), suite)
    context.validation_results_store.set(identifier, validation)


def _result(outcome: CheckOutcome) -> ExpectationValidationResult:
    settings = _settings().get((outcome.check_id, outcome.severity, outcome.notes))
    waived = " Published anyway." if outcome.is_waived else ""
    config = ExpectationConfiguration(
        type=outcome.check_name if settings is not None else _OTHER_TYPE,
        kwargs=settings or {},
        description=escape(f"{outcome.check_id}: {outcome.notes}{waived}"),
        notes=escape(outcome.notes),
        severity=FailureSeverity(outcome.severity),
        meta={},
    )
    rows = [", ".join(f"{key} {value}" for key, value in row.items()) for row in json.loads(outcome.unexpected_sample)]
    found: dict[str, object] = {"observed_value": escape(outcome.observed)}
    if rows:
        counted = _OF_ROWS.fullmatch(outcome.observed)
        total = int(counted[1]) if counted else 0
        found |= {
            "element_count": total,
            "unexpected_count": outcome.unexpected_count,
            "unexpected_percent": 100 * (outcome.unexpected_count or 0) / total if total else 0.0,
            "partial_unexpected_list": [escape(row) for row in rows],
        }
    return ExpectationValidationResult(
        success=outcome.is_success,
        expectation_config=config,
        result=found,
        meta={},
        exception_info={"raised_exception": False, "exception_message": None, "exception_traceback": None},
    )
