"""What is settled of the inputs: which are decided, which could not be read, and which files gave nothing."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import duckdb

# Files of which nothing came, in this run or, where a run found nothing new in them, in the last that did.
_FAILED_LOCATIONS = """
with now as (
  select location, bool_and(fate = 'quarantine') as is_failed
  from read_parquet($inputs, hive_partitioning = false)
  group by location
), before as (
  select location, bool_and(fate = 'quarantine') as is_failed from inputs group by location
)
select location from now where is_failed
union all
select location from before anti join now using (location) where is_failed
"""


def known_inputs(connection: duckdb.DuckDBPyConnection, *ruleset_versions: str) -> frozenset[str]:
    """Ids of the inputs that one of these has decided; those that could not be read are left out, to be retried."""
    # Compared here and not bound: the first bound value makes DuckDB import pandas, which takes longer than the query.
    rows = connection.execute("select input_id, ruleset_version from inputs where content_hash is not null")
    return frozenset(i for part in iter(partial(rows.fetchmany, 10_000), []) for i, v in part if v in ruleset_versions)


def unread_locations(connection: duckdb.DuckDBPyConnection) -> frozenset[str]:
    """Where something lies that could not be read, to its end or at all."""
    rows = connection.execute("select distinct location from quarantine where content_hash is null").fetchall()
    return frozenset(str(location) for (location,) in rows)


def failed_locations(connection: duckdb.DuckDBPyConnection, staged: Path) -> frozenset[str]:
    """Locations of which every record is in quarantine, of the staged run and of earlier ones."""
    rows = connection.execute(_FAILED_LOCATIONS, {"inputs": str(staged / "inputs.parquet")}).fetchall()
    return frozenset(str(location) for (location,) in rows)
