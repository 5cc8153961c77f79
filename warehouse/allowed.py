"""What a user's query may name when it is asked of a lake.

A plain file is read with external access off, and DuckDB itself holds every query to it. The reader of a lake must
read Parquet files and the catalog, and there DuckDB does not hold: in 1.5.5 `sqlite_scan` opens any file whatever the
settings say, and a path through `..` leaves an allowed folder. So the parsed query is looked at: it reads tables,
views and macros of the warehouse, and nothing else.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import duckdb

from warehouse.errors import QueryError

# Functions in `from` that make rows of what they are given, or list what the warehouse holds.
_HARMLESS = frozenset(
    {"unnest", "range", "generate_series", "duckdb_tables", "duckdb_views", "duckdb_columns", "duckdb_functions"}
)
_PATH = re.compile(r"[./\\:]")  # a name with one of these can be a file's or an address
_MACROS = "select distinct function_name from duckdb_functions() where database_name = 'memory' and not internal"


def check_names(connection: duckdb.DuckDBPyConnection, sql: str) -> None:
    """Raise QueryError when `sql`, one statement, is no plain select or reads anything but the warehouse."""
    parsed = json.loads(connection.execute("select json_serialize_sql($sql::varchar)", {"sql": sql}).fetchall()[0][0])
    if parsed["error"]:
        raise QueryError("of a lake only select can be asked (no explain, pivot or call)")
    known = _HARMLESS | {name for (name,) in connection.execute(_MACROS).fetchall()}
    for node in _nodes(parsed):
        if node.get("type") == "TABLE_FUNCTION" and (name := node["function"]["function_name"]) not in known:
            raise QueryError(
                f"{name} cannot be asked of a lake: use its tables, views and macros (`winnow sql` lists them)"
            )
        if node.get("type") == "BASE_TABLE":
            place = f"{node['catalog_name']} {node['schema_name']}"
            if _PATH.search(node["table_name"]) or "ducklake" in place.lower():
                raise QueryError(f"{node['table_name']} is not of the warehouse: `winnow sql` lists what is")


def _nodes(tree: Any) -> Iterator[dict[str, Any]]:
    if isinstance(tree, dict):
        yield tree
    for child in tree.values() if isinstance(tree, dict) else tree if isinstance(tree, list) else ():
        yield from _nodes(child)
