"""Care: take out what is older than it need be, verify the promises, give the space back.

DuckDB reuses free space in its file but never returns it, so compacting writes the tables to a new file, which then
takes the place of the old one in one step.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb

from warehouse.connect import STORAGE_VERSION, connect_writer, transaction
from warehouse.errors import WarehouseError
from warehouse.invariants import check_invariants
from warehouse.lake import is_lake, is_there, shown
from warehouse.migrate import migrate
from warehouse.search import merge_index

# The input goes with its quarantine row: a record has one fate or is not known. What is found again is tried again.
_FORGET_QUARANTINE = (
    "create or replace temp table forgotten as select input_id from quarantine where quarantined_at < $before",
    "delete from inputs where input_id in (from forgotten)",
    "delete from quarantine where input_id in (from forgotten)",
    "select count(*) from forgotten",
)
# A run that an input, article, duplicate or quarantine row still names stays, and so does the last one.
_FORGET_RUNS = (
    """
    create or replace temp table forgotten as
    with named as (
      select run_id from inputs union select run_id from articles
      union select run_id from duplicates union select run_id from quarantine
      union (select run_id from runs order by started_at desc limit 1)
    )
    select run_id from runs anti join named using (run_id) where started_at < $before
    """,
    "delete from check_results where run_id in (select run_id from runs where started_at < $before)",
    "delete from runs where run_id in (from forgotten)",
    "select count(*) from forgotten",
)


_LAKE_BYTES = "select coalesce(sum(file_size_bytes), 0) from ducklake_table_info('lake')"


@dataclass(frozen=True, slots=True)
class Maintained:
    """What was done: rows taken out, articles whose originals were verified, and the file's size before and after."""

    quarantine_count: int
    run_count: int
    article_count: int
    bytes_before: int
    bytes_after: int


def maintain(
    warehouse: Path, *, quarantine_before: datetime | None = None, history_before: datetime | None = None
) -> Maintained:
    """Migrate, forget what is older than the bounds (None: keep all), verify all originals, and compact.

    `quarantine_before` bounds quarantined records, `history_before` check results and runs that no row names any more.
    Raises InvariantError, with the file as it was but for migrations, when a promise is broken; and what opening the
    warehouse raises.
    """
    if not is_there(warehouse):
        raise WarehouseError(f"{shown(warehouse)}: there is no warehouse. Make one with `winnow run PATH...`.")
    warehouse = warehouse if is_lake(warehouse) else warehouse.resolve()  # a link stays a link
    with connect_writer(warehouse) as connection:
        bytes_before = _size(connection, warehouse)
        migrate(connection)
        with transaction(connection):
            quarantine_count = _forget(connection, _FORGET_QUARANTINE, quarantine_before)
            run_count = _forget(connection, _FORGET_RUNS, history_before)
            runs = connection.execute("select distinct run_id from articles order by run_id").fetchall()
            check_invariants(connection, *(run_id for (run_id,) in runs))
        row = connection.execute("select count(*) from articles").fetchone()
        assert row is not None
        with transaction(connection):
            merge_index(connection)
        if is_lake(warehouse):
            _compact_lake(connection, history_before)
        else:
            _compact(connection, warehouse)
        return Maintained(quarantine_count, run_count, int(row[0]), bytes_before, _size(connection, warehouse))


def _forget(connection: duckdb.DuckDBPyConnection, statements: tuple[str, ...], before: datetime | None) -> int:
    if before is None:
        return 0
    for statement in statements:
        connection.execute(statement, {"before": before} if "$before" in statement else {})
    row = connection.fetchone()
    assert row is not None
    return int(row[0])


def _size(connection: duckdb.DuckDBPyConnection, warehouse: Path) -> int:
    """Bytes of the file, or of the files that hold a lake's rows of today."""
    if not is_lake(warehouse):
        return warehouse.stat().st_size
    return int(connection.execute(_LAKE_BYTES).fetchall()[0][0])


def _compact_lake(connection: duckdb.DuckDBPyConnection, history_before: datetime | None) -> None:
    """Merge small files, and give up states before `history_before`; files that nothing names go a day later."""
    connection.execute("call ducklake_merge_adjacent_files('lake')")
    if history_before:
        connection.execute("call ducklake_expire_snapshots('lake', older_than => $before)", {"before": history_before})
    connection.execute("call ducklake_cleanup_old_files('lake', older_than => now() - interval '1 day')")


def _compact(connection: duckdb.DuckDBPyConnection, warehouse: Path) -> None:
    """Write all to a new file and put it in place while this process still holds the old one: nobody gets between."""
    compacted = warehouse.with_name(f".{warehouse.name}.{os.getpid()}")
    name = connection.execute("select current_database()").fetchall()[0][0]
    quoted = str(compacted).replace("'", "''")
    try:
        connection.execute("checkpoint")
        # Neither place takes a bound value.
        connection.execute(f"attach '{quoted}' as compacted (storage_version '{STORAGE_VERSION}')")
        connection.execute(f'copy from database "{name.replace(chr(34), chr(34) * 2)}" to compacted')
        connection.execute("detach compacted")
        compacted.chmod(warehouse.stat().st_mode)
        compacted.replace(warehouse)
    finally:
        compacted.unlink(missing_ok=True)
        compacted.with_name(f"{compacted.name}.wal").unlink(missing_ok=True)
