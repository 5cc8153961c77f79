"""The history of runs: the row of each, its checks, the runs that were killed, and how reports fared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

import duckdb

from warehouse.connect import in_transaction
from warehouse.errors import WarehouseError
from warehouse.records import CheckResult, PublishCounts, RunRecord

_INSERT_RUN = """
insert into runs by name
select
  $run_id as run_id, $run_name as run_name, $started_at as started_at, $finished_at as finished_at,
  $status as status, $ruleset_version as ruleset_version, $input_count as input_count,
  $unchanged_count as unchanged_count, $article_count as article_count, $duplicate_count as duplicate_count,
  $quarantine_count as quarantine_count, $edit_count as edit_count, $removed_chars as removed_chars,
  $warning_count as warning_count, $critical_count as critical_count
"""
# A run that was killed after its transaction is published already, and lacks only its report.
_INTERRUPTED = """
insert into runs by name
select
  $run_id as run_id, coalesce(nullif($run_name, ''), 'interrupted ' || left($run_id, 8)) as run_name,
  $started_at as started_at, 'interrupted' as status, $ruleset_version as ruleset_version, 0 as input_count,
  0 as unchanged_count, 0 as article_count, 0 as duplicate_count, 0 as quarantine_count, 0 as edit_count,
  0 as removed_chars, 0 as warning_count, 0 as critical_count, nullif($problem, '') as report_detail
where $run_id not in (select run_id from runs)
"""
_REPORTED = "update runs set report_status = $status, report_detail = $detail where run_id = $run_id"
_NOTHING = PublishCounts(0, 0, 0, 0, 0)


def record_failed_run(
    connection: duckdb.DuckDBPyConnection, run: RunRecord, check_results: Sequence[CheckResult]
) -> None:
    """Write that the run failed, with its checks; nothing else of it reaches the warehouse."""
    in_transaction(connection, lambda: record_run(connection, run, "failed", _NOTHING, check_results))


def is_recorded(connection: duckdb.DuckDBPyConnection, run_id: str) -> bool:
    """Whether the run has a row."""
    return connection.execute("select 1 from runs where run_id = $run_id", {"run_id": run_id}).fetchone() is not None


def record_report(connection: duckdb.DuckDBPyConnection, run_id: str, status: str, detail: str) -> None:
    """Write how the report of a run fared: status sent, outbox or failed. Raises WarehouseError for an unknown run."""
    values = {"run_id": run_id, "status": status, "detail": detail}
    if in_transaction(connection, lambda: connection.execute(_REPORTED, values).fetchone()) == (0,):
        raise WarehouseError(f"run {run_id!r} is not in the warehouse: publish or record it before its report.")


def record_run(
    connection: duckdb.DuckDBPyConnection,
    run: RunRecord,
    status: str,
    counts: PublishCounts,
    check_results: Sequence[CheckResult],
) -> None:
    """Write the row of a run, its checks, what it left out, and the killed runs that nobody has recorded.

    In the caller's transaction; what the run had before is replaced.
    """
    failed = [check.severity for check in check_results if not check.is_success]
    connection.execute("delete from runs where run_id = $run_id", {"run_id": run.run_id})
    connection.execute("delete from check_results where run_id = $run_id", {"run_id": run.run_id})
    connection.execute("delete from left_out where run_id = $run_id", {"run_id": run.run_id})
    for reason, count in run.left_out:
        connection.execute(
            "insert into left_out values ($run_id, $reason, $count)",
            {"run_id": run.run_id, "reason": reason, "count": count},
        )
    connection.execute(
        _INSERT_RUN,
        {
            "run_id": run.run_id,
            "run_name": run.run_name,
            "started_at": run.started_at,
            "finished_at": run.finished_at,
            "status": status,
            "ruleset_version": run.ruleset_version,
            "input_count": run.input_count,
            "unchanged_count": run.unchanged_count + counts.unchanged_count,
            "article_count": counts.article_count,
            "duplicate_count": counts.duplicate_count,
            "quarantine_count": counts.quarantine_count,
            "edit_count": counts.edit_count,
            "removed_chars": counts.removed_chars,
            "warning_count": failed.count("warning"),
            "critical_count": failed.count("critical"),
        },
    )
    for killed in run.interrupted:
        connection.execute(
            _INTERRUPTED,
            {
                "run_id": killed.run_id,
                "run_name": killed.run_name,
                "started_at": killed.started_at,
                "ruleset_version": killed.ruleset_version,
                "problem": killed.problem,
            },
        )
    for check in check_results:
        connection.execute(
            """
            insert into check_results by name
            select
              $run_id as run_id, $suite as suite, $check_name as check_name, $column_name as column_name,
              $severity as severity, $is_success as is_success, $unexpected_count as unexpected_count,
              $observed as observed, $unexpected_sample as unexpected_sample, $notes as notes,
              $is_waived as is_waived, $check_id as check_id
            """,
            {"run_id": run.run_id, **asdict(check)},
        )
