"""An excerpt of the warehouse: the few rows that a run needs to know beforehand, read in one short visit.

While the file is open to read, nobody can write to it. So rows are copied out through files of the run's folder, and
what is made of them is made in a DuckDB in memory, after the file is closed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from warehouse.connect import connect_reader
from warehouse.lake import is_there

_READ_ROWS = 100_000


def load_excerpt(
    memory: duckdb.DuckDBPyConnection,
    warehouse: Path,
    folder: Path,
    queries: Mapping[str, str],
    *,
    wanted: Sequence[str],
) -> bool:
    """Fill tables of `memory` with rows of the warehouse; False, and nothing filled, where it has no such tables.

    `queries` gives for each table the rows to read of it; they may name the relations `wanted` of `memory`, which say
    what is asked for. A warehouse that is not there, or was last written by a version without these tables, has
    nothing to tell. Raises what opening the warehouse raises.
    """
    if not is_there(warehouse):
        return False
    files = {table: folder / f"excerpt_{table}.parquet" for table in queries}
    with connect_reader(warehouse) as connection:
        present = {name for (name,) in connection.execute("select table_name from duckdb_tables()").fetchall()}
        if not set(queries) <= present:
            return False
        for name in wanted:
            connection.register(name, memory.table(name).to_arrow_table())
        for table, query in queries.items():
            copy_rows(connection.execute(query), files[table])
    for table, file in files.items():
        # By name: what the warehouse was last written by may know fewer columns than this version.
        memory.read_parquet(str(file)).create_view("excerpt_rows", replace=True)
        memory.execute(f"insert into {table} by name from excerpt_rows")
    return True


def copy_rows(result: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Write what a query gives as Parquet, a batch of rows in memory at a time; a reader cannot `copy` by itself."""
    batches: pa.RecordBatchReader = result.fetch_record_batch(_READ_ROWS)
    with pq.ParquetWriter(path, batches.schema, compression="zstd") as writer:
        for batch in batches:
            writer.write_batch(batch)
