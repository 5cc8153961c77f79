"""Audit: every suite over the staged Parquet, before anything is published.

Narrow pandas frames are built by an in-memory DuckDB and checked by Great Expectations in an ephemeral context:
no project folder, no analytics, no network. This module and the suites are the only ones that import Great
Expectations, which takes seconds: reach them through `expectations.worker`.
"""

from __future__ import annotations

import json
import logging
import math
import os
import threading
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")  # read when the import below runs

import great_expectations as gx
from great_expectations.core import ExpectationSuite, ExpectationValidationResult
from great_expectations.data_context.data_context.ephemeral_data_context import EphemeralDataContext
from great_expectations.data_context.types.base import ProgressBarsConfig
from great_expectations.expectations.expectation import Expectation
from tqdm import tqdm

from expectations import (
    articles,
    dates,
    duplicates,
    edits,
    flags,
    inputs,
    quarantine,
    removal_history,
    run_history,
    scores,
    signals,
    source_history,
    templates,
)
from expectations.outcome import CheckOutcome, check_id
from expectations.staged import IN_PART, look_at_part, open_staged

SAMPLE_ROWS = 5
PART_ARTICLES = 20_000  # checked at once: with their 60 signals each they take some 500 MB
MOST_SHOWN_CHARS = 300  # of a value of a row that broke a check: what pages say can be long


@dataclass(frozen=True, slots=True)
class Suite:
    """The checks of one staged table, the query of the frame that they see, and the columns that name a row.

    `shown` gives for a column of verdicts (true or false) the columns that tell why. What is asked of a frame
    `by_article` concerns one article at a time, so that many articles are checked part by part.
    """

    table: str
    keys: tuple[str, ...]
    frame: str
    expectations: tuple[Expectation, ...]
    shown: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    by_article: bool = False


SUITES = (
    Suite("articles", articles.KEYS, articles.FRAME, articles.SUITE, articles.SHOWN, by_article=True),
    Suite("date_candidates", dates.KEYS, dates.FRAME, dates.SUITE, dates.SHOWN),
    Suite("duplicates", duplicates.KEYS, duplicates.FRAME, duplicates.SUITE),
    Suite("edits", edits.KEYS, edits.FRAME, edits.SUITE, edits.SHOWN, by_article=True),
    Suite("flags", flags.KEYS, flags.FRAME, flags.SUITE),
    Suite("inputs", inputs.KEYS, inputs.FRAME, inputs.SUITE, inputs.SHOWN),
    Suite("quarantine", quarantine.KEYS, quarantine.FRAME, quarantine.SUITE),
    Suite("removal_history", removal_history.KEYS, removal_history.FRAME, removal_history.SUITE),
    Suite("run_history", run_history.KEYS, run_history.FRAME, run_history.SUITE),
    Suite("scores", scores.KEYS, scores.FRAME, scores.SUITE, scores.SHOWN, by_article=True),
    Suite("signals", signals.KEYS, signals.FRAME, signals.SUITE, signals.SHOWN, by_article=True),
    Suite("source_history", source_history.KEYS, source_history.FRAME, source_history.SUITE, source_history.SHOWN),
    Suite("templates", templates.KEYS, templates.FRAME, templates.SUITE),
)


def audit(staged: Path, run_date: date) -> tuple[CheckOutcome, ...]:
    """Check `staged/<table>.parquet` (a missing file is an empty table) and return every outcome, sorted.

    Columns are those of the tables, without run_id. `run_date` is the UTC date of the run.
    Raises duckdb.Error when a file cannot be read or lacks a column; a check that cannot run is a failed one.
    """
    with open_staged(staged, run_date) as connection:
        return audit_tables(connection)


def audit_tables(connection: duckdb.DuckDBPyConnection, suites: tuple[Suite, ...] = SUITES) -> tuple[CheckOutcome, ...]:
    """The same over the tables and views of an open connection (see `open_staged`)."""
    context = _quiet_context()
    (articles,) = connection.execute("select count(*) from articles").fetchone() or (0,)
    parts = max(1, -(-articles // PART_ARTICLES))
    outcomes: list[CheckOutcome] = []
    for suite in suites:
        found: dict[tuple[str, ...], list[ExpectationValidationResult]] = {}
        count = parts if suite.by_article else 1
        for part in range(count):
            look_at_part(connection, part, count)
            frame = connection.execute(suite.frame).df()
            for result in _validate(context, suite, frame, _parameters(connection)):
                found.setdefault(_key(result), []).append(result)
        outcomes += (_outcome(suite, results) for results in found.values())
    look_at_part(connection, 0, 1)
    return tuple(sorted(outcomes, key=_order))


def _parameters(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    inputs = connection.table("inputs").filter("fate = 'article'").filter(IN_PART)
    return {"article_inputs": (inputs.aggregate("count(distinct article_id)").fetchone() or (0,))[0]}


def _key(result: ExpectationValidationResult) -> tuple[str, ...]:
    """What a check of a suite is, whichever part of a frame it was asked of."""
    config = result.expectation_config
    assert config is not None, "a validated expectation has its configuration"
    return (config.type, column_of(config.kwargs) or "", config.severity.value, str(config.notes))


def check_ids(suites: tuple[Suite, ...] = SUITES) -> tuple[str, ...]:
    """The ids of the checks of these suites, sorted; two checks of one column and kind share theirs."""
    configurations = ((suite, check.configuration) for suite in suites for check in suite.expectations)
    return tuple(sorted({check_id(suite.table, c.type, column_of(c.kwargs)) for suite, c in configurations}))


def _validate(
    context: EphemeralDataContext, suite: Suite, frame: pd.DataFrame, parameters: Mapping[str, int]
) -> list[ExpectationValidationResult]:
    """One suite over one frame, in no particular order: Great Expectations returns results in its own.

    The sample of a result has the rows: Great Expectations names them by number here, since with columns to name them
    by it looks up every row that broke the check, which takes as long as all else.
    """
    source = context.data_sources.add_or_update_pandas(suite.table)
    batch = source.add_dataframe_asset(suite.table).add_batch_definition_whole_dataframe(suite.table)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # pandas and numpy deprecations inside Great Expectations
        validation = batch.get_batch({"dataframe": frame}).validate(
            ExpectationSuite(name=suite.table, expectations=list(suite.expectations)),
            result_format={"result_format": "SUMMARY", "partial_unexpected_count": SAMPLE_ROWS},
            expectation_parameters=dict(parameters),
        )
    for result in validation.results:
        if numbers := result.result.get("partial_unexpected_index_list"):
            result.result["partial_unexpected_index_list"] = frame.loc[numbers[:SAMPLE_ROWS]].to_dict("records")
    return list(validation.results)


@cache
def _quiet_context() -> EphemeralDataContext:
    logging.getLogger("great_expectations").setLevel(logging.ERROR)
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    # The bars that are not shown would hold a semaphore for several processes, which outlives this one and is told of.
    tqdm.set_lock(threading.RLock())
    return context


def _order(outcome: CheckOutcome) -> tuple[str, ...]:
    return (outcome.suite, outcome.check_name, outcome.column_name or "", outcome.severity, outcome.notes)


def _outcome(suite: Suite, results: Sequence[ExpectationValidationResult]) -> CheckOutcome:
    """What became of one check, from its results over the parts of a frame."""
    config = results[0].expectation_config
    assert config is not None, "a validated expectation has its configuration"
    column = column_of(config.kwargs)
    failed = [result for result in results if not result.success]
    counts = [result.result.get("unexpected_count") for result in results]
    sample = [row for result in failed for row in result.result.get("partial_unexpected_index_list") or ()]
    shown = tuple(dict.fromkeys((*suite.keys, *_telling(suite, column))))
    return CheckOutcome(
        suite=suite.table,
        check_name=config.type,
        column_name=column,
        severity=config.severity.value,
        is_success=not failed,
        unexpected_count=None if None in counts else sum(int(count) for count in counts if count),
        observed=_observed(results, failed),
        unexpected_sample=json.dumps([{key: _plain(row.get(key)) for key in shown} for row in sample[:SAMPLE_ROWS]]),
        notes=str(config.notes or ""),
    )


def column_of(settings: Mapping[str, Any]) -> str | None:
    """The column or columns that an expectation is about, as results name them."""
    return settings.get("column") or ", ".join(settings.get("column_list") or ()) or None


def _observed(results: Sequence[ExpectationValidationResult], failed: Sequence[ExpectationValidationResult]) -> str:
    if all("unexpected_count" in result.result for result in results):
        unexpected, rows = (sum(r.result[name] for r in results) for name in ("unexpected_count", "element_count"))
        return f"{unexpected} of {rows} rows"
    telling = (*failed, *results)[0]
    if "observed_value" in telling.result:
        return str(telling.result["observed_value"])
    return f"could not run: {_exception_message(telling.exception_info or {})}"


def _exception_message(info: Mapping[str, object]) -> str:
    """The message, which lies flat or one level down under the name of each metric that raised."""
    details = [info, *(detail for detail in info.values() if isinstance(detail, dict))]
    messages = {str(detail["exception_message"]) for detail in details if detail.get("exception_message")}
    return "; ".join(sorted(messages)) or "no reason given"


def _telling(suite: Suite, column: str | None) -> tuple[str, ...]:
    """The columns that tell why a row broke a check: the value itself, or what a verdict was made of."""
    if column is None or ", " in column:
        return ()
    is_verdict = column.startswith(("is_", "has_"))
    return suite.shown.get(column, () if is_verdict else (column,))


def _plain(value: object) -> str | float | None:
    """A key or value as JSON has it, short: null for a pandas null, a Python number for a numpy one."""
    if pd.isna(value):  # type: ignore[call-overload]  # scalars only
        return None
    if isinstance(value, str):
        return value if len(value) <= MOST_SHOWN_CHARS else value[: MOST_SHOWN_CHARS - 1] + "…"
    number = float(value)  # type: ignore[arg-type]
    return str(number) if math.isinf(number) else int(number) if number.is_integer() else round(number, 6)
