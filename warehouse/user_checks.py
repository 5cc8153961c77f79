"""A user's own checks, run beside ours: on what the run staged and on what the warehouse has, read-only and locked.

In their SQL, `staged_articles` is the run's table and `articles` the warehouse's, with all its views and macros. A
check cannot write, reach other files or the network, change settings, or take longer than MOST_SECONDS.
"""

from __future__ import annotations

import json
import math
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import duckdb

from warehouse.connect import connect_reader
from warehouse.errors import QueryError, first_line
from warehouse.lake import is_there
from warehouse.migrate import make_tables, make_views
from warehouse.records import CheckResult, Severity
from warehouse.stage import STAGED_TABLES

MOST_SECONDS = 60.0
_SAMPLE_ROWS = 5
_COUNTED_ROWS = 1_000_000  # of what a query gives; more are not counted
_SHOWN_CHARS = 120
_KEYS = ("article_id", "input_id", "source", "score", "component", "name", "code", "edit_number", "template_id")
# What a run stages, and what its comparison with history leaves, where there is no file.
_EMPTY = {
    **{table: f"from {table} limit 0" for table, _ in STAGED_TABLES},
    # As staged; the warehouse has one packed row an article.
    "line_fingerprints": """
        select null::varchar as article_id, null::ubigint as text_fingerprint, null::ubigint as frame_fingerprint,
            null::ubigint as line_fingerprint
        where false""",
    "templates": "select * exclude (is_active, switched_off_at, switched_off_reason) from templates limit 0",
    "run_measures": """
        select null::varchar as measure, null::varchar as subject, null::double as value, null::bigint as articles
        where false""",
    "run_alarms": """
        select null::varchar as cause, null::varchar as what, null::boolean as is_new, null::boolean as is_lasting
        where false""",
}


@dataclass(frozen=True, slots=True)
class UserCheck:
    """One check: exactly one of `sql`, `column` and `metric` is given.

    `sql` must give no rows. `column` is "table.column": its values, nulls aside, lie between `least` and `most`, at
    least a share of `mostly` (0-1) of them. `metric` is a query that gives one number, or a measure of run_measures,
    and lies between them.
    """

    id: str
    severity: Severity
    note: str
    sql: str = ""
    column: str = ""
    metric: str = ""
    least: float | None = None
    most: float | None = None
    mostly: float = 1.0


def run_user_checks(
    warehouse: Path, staged: Path, checks: tuple[UserCheck, ...], *, seconds: float = MOST_SECONDS
) -> tuple[CheckResult, ...]:
    """The results, in the order of the checks; one that cannot run has failed. Raises what opening a warehouse does."""
    if not checks:
        return ()
    with _opened(warehouse, staged) as connection:
        _show_staged(connection, staged)
        return tuple(_result(connection, check, seconds) for check in checks)


@contextmanager
def shapes() -> Iterator[duckdb.DuckDBPyConnection]:
    """A database with every table and view that a check may name, all empty: to try checks on before a run."""
    with duckdb.connect() as connection:
        make_tables(connection)
        make_views(connection)
        _show_staged(connection, None)
        yield connection


def bind(connection: duckdb.DuckDBPyConnection, query: str) -> duckdb.DuckDBPyRelation:
    """The query, bound and not yet run. Raises QueryError with one line unless it is one query that reads."""
    try:
        statements = connection.extract_statements(query)
        if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
            given = ", ".join(statement.type.name.lower() for statement in statements) or "nothing"
            raise QueryError(f"give one query that reads, such as `from staged_articles`; this is: {given}")
        return connection.sql(query)
    except duckdb.Error as error:
        raise QueryError(first_line(error)) from error


@contextmanager
def _opened(warehouse: Path, staged: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    if is_there(warehouse):
        with connect_reader(warehouse, folder=staged) as connection:
            yield connection
        return
    with duckdb.connect() as connection:  # before the first run: all is there, and empty
        connection.execute("set TimeZone = 'UTC'")
        make_tables(connection)
        make_views(connection)
        connection.execute("set allowed_directories = [$folder]", {"folder": str(staged.absolute())})
        connection.execute("set enable_external_access = false")
        connection.execute("set python_enable_replacements = false")
        connection.execute("set lock_configuration = true")
        yield connection


def _show_staged(connection: duckdb.DuckDBPyConnection, staged: Path | None) -> None:
    """Temporary views `staged_<table>`: of the files, or of nothing where a run staged none."""
    for table, empty in _EMPTY.items():
        file = staged / f"{table}.parquet" if staged else None
        if file and file.exists():
            # A view takes no bound value; the names are ours, and so is the folder.
            quoted = str(file.absolute()).replace("'", "''")
            connection.execute(f"create temp view staged_{table} as from read_parquet('{quoted}')")
        else:
            connection.execute(f"create temp view staged_{table} as {empty}")


def _result(connection: duckdb.DuckDBPyConnection, check: UserCheck, seconds: float) -> CheckResult:
    timer = threading.Timer(seconds, connection.interrupt)
    timer.start()
    try:
        if check.metric:
            return _of_metric(connection, check)
        if check.column:
            return _of_column(connection, check)
        return _of_rows(check, bind(connection, check.sql), "no rows")
    except duckdb.InterruptException:
        return _failed(check, f"could not run: took more than {seconds:g} s; look at fewer rows")
    except (duckdb.Error, QueryError) as error:
        return _failed(check, f"could not run: {first_line(error)}")
    finally:
        timer.cancel()


def _of_rows(check: UserCheck, found: duckdb.DuckDBPyRelation, wanted: str, allowed: float = 0) -> CheckResult:
    columns = found.columns
    sample = found.fetchmany(_SAMPLE_ROWS)
    count = len(sample)
    while count < _COUNTED_ROWS and (more := len(found.fetchmany(10_000))):
        count += more
    rows = [dict(zip(columns, (_plain(value) for value in row), strict=True)) for row in sample]
    is_success = count <= allowed
    return CheckResult(
        suite="user",
        check_name=check.id,
        column_name=check.column or None,
        severity=check.severity,
        is_success=is_success,
        unexpected_count=count,
        observed=f"{count:,} rows, wanted {wanted}",
        unexpected_sample="[]" if is_success else json.dumps(rows, ensure_ascii=False),
        notes=check.note,
    )


def _of_column(connection: duckdb.DuckDBPyConnection, check: UserCheck) -> CheckResult:
    table, _, column = check.column.partition(".")
    values = bind(connection, f"from {table}")
    value = duckdb.ColumnExpression(column)
    known = values.filter(value.isnotnull())
    total = _count(known)
    keys = [key for key in _KEYS if key in values.columns and key != column]
    outside = known.filter(~_inside(value, check)).select(*(duckdb.ColumnExpression(c) for c in (*keys, column)))
    return _of_rows(check, outside, f"values {_bounds(check)}", allowed=(1 - check.mostly) * total + 1e-9)


def _of_metric(connection: duckdb.DuckDBPyConnection, check: UserCheck) -> CheckResult:
    if check.metric.isidentifier():
        row = connection.execute(
            "select max(value) from staged_run_measures where measure = $measure and subject = ''",
            {"measure": check.metric},
        ).fetchone()
    else:
        row = bind(connection, check.metric).fetchone()
    value = row[0] if row else None
    number = None if value is None else float(value)
    low = -math.inf if check.least is None else check.least
    high = math.inf if check.most is None else check.most
    is_success = number is None or low <= number <= high
    return CheckResult(
        suite="user",
        check_name=check.id,
        column_name=None,
        severity=check.severity,
        is_success=is_success,
        unexpected_count=None,
        observed=("nothing to measure" if number is None else f"{number:.6g}") + f", wanted {_bounds(check)}",
        unexpected_sample="[]",
        notes=check.note,
    )


def _inside(value: duckdb.Expression, check: UserCheck) -> duckdb.Expression:
    low = duckdb.ConstantExpression(-math.inf if check.least is None else check.least)
    high = duckdb.ConstantExpression(math.inf if check.most is None else check.most)
    return (value >= low) & (value <= high)


def _bounds(check: UserCheck) -> str:
    low = "" if check.least is None else f"from {check.least:g}"
    high = "" if check.most is None else f"up to {check.most:g}"
    mostly = "" if check.mostly == 1 else f", in {check.mostly:.0%} of them"
    return " ".join(part for part in (low, high) if part) + mostly


def _failed(check: UserCheck, why: str) -> CheckResult:
    return CheckResult("user", check.id, check.column or None, check.severity, False, None, why, "[]", check.note)


def _count(relation: duckdb.DuckDBPyRelation) -> int:
    row = relation.aggregate("count(*)").fetchone()
    assert row is not None
    return int(row[0])


def _plain(value: object) -> str | float | None:
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, float | Decimal):
        return round(float(value), 6) if math.isfinite(value) else str(value)
    text = value.isoformat() if isinstance(value, date | datetime) else str(value)
    return text if len(text) <= _SHOWN_CHARS else text[: _SHOWN_CHARS - 1] + "…"
