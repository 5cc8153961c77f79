"""Runs that were ended from outside: written down by the next run, so that its report and the history tell of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict

import duckdb

from warehouse.connect import transaction
from warehouse.records import UnfinishedRun

# A run that was killed after it had published has its row already.
_RECORD = """
insert into runs by name
select
  $run_id as run_id, $run_name as run_name, $started_at as started_at, 'running' as status,
  $ruleset_version as ruleset_version
where $run_id not in (select run_id from runs)
"""


def record_unfinished(connection: duckdb.DuckDBPyConnection, runs: Iterable[UnfinishedRun]) -> None:
    """Give each run a row of status running and without an end; those that have one keep it."""
    with transaction(connection):
        for run in runs:
            connection.execute(_RECORD, asdict(run))


def is_recorded(connection: duckdb.DuckDBPyConnection, run_id: str) -> bool:
    """Whether the run has a row."""
    found = connection.execute("select 1 from runs where run_id = $run_id", {"run_id": run_id})
    return found.fetchone() is not None
