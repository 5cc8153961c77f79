"""Signals and scores row by row, for tests that write their own: a warehouse keeps them packed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import duckdb

from warehouse.packed import LAYOUTS, pack_rows


@contextmanager
def unpacked(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Within this there are the tables `long_signals` and `long_scores`, to write to; then they are packed."""
    for view in ("signals", "scores"):
        connection.execute(f"create temp table long_{view} as from {view}")
    connection.execute(
        "create temp table no_fingerprints as select '' as article_id, 0::ubigint as text_fingerprint, "
        "null::ubigint as frame_fingerprint, null::ubigint as line_fingerprint where false"
    )
    yield
    rows = pack_rows(connection, "long_signals", "long_scores", "no_fingerprints")
    for table in (name for pair in LAYOUTS for name in pair):
        connection.execute(f"delete from {table}")
        rows[table].insert_into(table)
    connection.execute("drop table long_signals; drop table long_scores; drop table no_fingerprints")
