"""`migrate` for tests that are not about migrations: what it makes of an empty database is made once and copied.

tests/test_warehouse.py, tests/test_sql.py and every run that tests start with `winnow` go through the migrations.
"""

import atexit
import tempfile
from functools import cache
from pathlib import Path

import duckdb

from warehouse import migrate as migrations
from warehouse.connect import connect_writer
from warehouse.lake import is_attached

_SHAPE = """
select
  (select count(*) from duckdb_tables() where not internal),
  (select count(*) from duckdb_views() where not internal),
  (select count(*) from duckdb_columns() where not internal)
"""
_EMPTY = (0, 0, 0)


def migrate(connection: duckdb.DuckDBPyConnection) -> None:
    """As `warehouse.migrate.migrate`: in a fifth of the time where the database is empty, in none where it is current.

    It is current where tables, views and columns are as many: then the views are those of this code too. A process
    that has not made a new one yet (a fork in tests/killed_runs.py) does not make one in order to compare.
    """
    shape = _shape(connection)
    if not is_attached(connection) and _new_warehouse.cache_info().currsize and shape == _new_warehouse()[1]:
        return
    if is_attached(connection) or shape != _EMPTY:
        migrations.migrate(connection)
    else:
        ((own,),) = connection.execute("select current_database()").fetchall()
        connection.execute(f"attach '{_new_warehouse()[0]}' as new_warehouse (read_only)")
        connection.execute(f'copy from database new_warehouse to "{own}"; detach new_warehouse')


def _shape(connection: duckdb.DuckDBPyConnection) -> tuple[int, int, int]:
    ((tables, views, columns),) = connection.execute(_SHAPE).fetchall()
    return tables, views, columns


@cache
def _new_warehouse() -> tuple[Path, tuple[int, int, int]]:
    """One without rows, kept as long as this process, and its shape."""
    folder = tempfile.TemporaryDirectory()
    atexit.register(folder.cleanup)
    path = Path(folder.name) / "new.duckdb"
    with connect_writer(path) as connection:
        migrations.migrate(connection)
        return path, _shape(connection)
