"""A DuckLake as warehouse, where several people or machines write: `ducklake:sqlite:PATH` or `ducklake:postgres:DSN`.

Its catalog is in SQLite or PostgreSQL, its rows are Parquet files in a folder or on s3. It holds the tables; views and
macros are made in memory by each connection, since a lake keeps no comments on them, and two writers that made them
anew would be in each other's way. Extensions come from wheels and are loaded by path: nothing is downloaded.

A lake is named by a Path like any other warehouse: the name is all that callers hold.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

import duckdb

from warehouse.errors import WarehouseError, first_line

DATA_VARIABLE = "WINNOW_LAKE_DATA"
_NAME = re.compile(r"ducklake:(sqlite|postgres):(.*)", re.DOTALL)
_SCANNERS = {"sqlite": "sqlite_scanner", "postgres": "postgres_scanner"}
_PASSWORD = re.compile(r"\bpassword\s*=|/[^/@\s]*:[^/@\s]*@", re.IGNORECASE)
_ADDRESS = re.compile(r"^(postgres(?:ql)?:)/(?!/)")  # a Path makes one slash of two
_S3 = "s3://"
_IN_MEMORY, _IN_LAKE = "memory.main,lake.main", "lake.main"


@dataclass(frozen=True, slots=True)
class Lake:
    """Where a lake is. `catalog`: an absolute path, or a libpq string; `data` None: where the catalog says."""

    kind: Literal["sqlite", "postgres"]
    catalog: str
    data: str | None


def is_lake(warehouse: Path) -> bool:
    """Whether the name is that of a lake."""
    return str(warehouse).startswith("ducklake:")


def parse_lake(warehouse: Path) -> Lake:
    """The parts of a lake's name; its data are in the folder or at the s3:// address that WINNOW_LAKE_DATA names.

    Raises WarehouseError for another catalog than SQLite and PostgreSQL, and for a connection string with a password.
    """
    name = str(warehouse)
    found = _NAME.fullmatch(name)
    if found is None:
        kind = name.split(":")[1]
        raise WarehouseError(f"ducklake:{kind}: name the catalog as ducklake:sqlite:PATH or ducklake:postgres:DSN.")
    data = os.environ.get(DATA_VARIABLE)
    if found[1] == "sqlite":
        catalog = os.path.abspath(found[2])  # noqa: PTH100 - links stay as they are
        return Lake("sqlite", catalog, data or f"{catalog}.data")
    if _PASSWORD.search(found[2]):
        raise WarehouseError(
            "ducklake:postgres: the connection string holds a password, which would be stored with the run. "
            "Put it into ~/.pgpass or PGPASSWORD, or name a service: ducklake:postgres:service=winnow."
        )
    return Lake("postgres", _ADDRESS.sub(r"\1//", found[2]), data)


def shown(warehouse: Path) -> str:
    """The name for messages: of a lake in PostgreSQL without its connection string."""
    return "ducklake:postgres" if str(warehouse).startswith("ducklake:postgres:") else str(warehouse)


def beside(warehouse: Path, suffix: str) -> Path:
    """A file or folder that belongs to a warehouse, such as `winnow.duckdb.staging`."""
    if not is_lake(warehouse):
        return Path(f"{warehouse}{suffix}")
    lake = parse_lake(warehouse)
    if lake.kind == "sqlite":
        return Path(f"{lake.catalog}{suffix}")
    return Path(f"lake-{hashlib.sha256(lake.catalog.encode()).hexdigest()[:8]}{suffix}")


def is_there(warehouse: Path) -> bool:
    """Whether there is such a warehouse already. Raises WarehouseError when a lake's catalog cannot be reached."""
    if not is_lake(warehouse):
        return warehouse.exists()
    lake = parse_lake(warehouse)
    if lake.kind == "sqlite":
        return Path(lake.catalog).exists()
    with duckdb.connect() as connection:
        try:
            attach_lake(connection, warehouse, is_read_only=True)
        except WarehouseError as error:
            if "does not exist" in str(error) or "not found" in str(error):
                return False
            raise
    return True


def attach_lake(
    connection: duckdb.DuckDBPyConnection, warehouse: Path, *, is_read_only: bool, at: datetime | None = None
) -> str:
    """Attach a lake as `lake`, where unqualified names are found; returns where its data are.

    `at` shows it as it was then. Raises WarehouseError when an extension is missing or it cannot be attached.
    """
    lake = parse_lake(warehouse)
    for name in ("ducklake", _SCANNERS[lake.kind]):
        _load(connection, name)
    if lake.data and lake.data.startswith(_S3):
        _open_s3(connection)
    options = [f"data_path {quoted(lake.data)}"] if lake.data and not is_read_only else []
    options += ["read_only"] if is_read_only else []
    options += [f"snapshot_time {quoted(at.isoformat())}"] if at else []
    inside = f" ({', '.join(options)})" if options else ""
    try:
        connection.execute(f"attach {quoted(f'ducklake:{lake.kind}:{lake.catalog}')} as lake{inside}")
        data = str(connection.execute(_DATA_PATH).fetchall()[0][0])
    except duckdb.Error as error:
        said = first_line(error).replace(lake.catalog, "...") if lake.kind == "postgres" else first_line(error)
        when = f" as of {at:%Y-%m-%d %H:%M}" if at else ""
        raise WarehouseError(f"{shown(warehouse)}: cannot be opened{when}. {said}") from None
    if data.startswith(_S3) and not lake.data:
        _open_s3(connection)
    connection.execute(f"set search_path = '{_IN_MEMORY}'")
    return data


@contextmanager
def created_in_lake(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Within this, tables are created in the lake, if one is attached, and not in memory."""
    if not is_attached(connection):
        yield
        return
    connection.execute(f"set search_path = '{_IN_LAKE}'")
    try:
        yield
    finally:
        connection.execute(f"set search_path = '{_IN_MEMORY}'")


def is_attached(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether the connection is to a lake."""
    return bool(connection.execute("from duckdb_databases() where type = 'ducklake'").fetchall())


_DATA_PATH = "select value from __ducklake_metadata_lake.ducklake_metadata where key = 'data_path'"


def _load(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    package = find_spec(f"duckdb_extension_{name}")
    folders = package.submodule_search_locations if package else None
    file = Path(folders[0], "extensions", f"v{duckdb.__version__}", f"{name}.duckdb_extension") if folders else None
    if file is None or not file.is_file():
        raise WarehouseError(
            f"a DuckLake needs DuckDB's extension {name} {duckdb.__version__}, which is not installed. "
            "Install it with: pip install 'winnow[lake]'."
        )
    connection.load_extension(str(file))


def _open_s3(connection: duckdb.DuckDBPyConnection) -> None:
    """Keys and endpoint from the variables that every S3 client reads; they stay in this connection's memory."""
    _load(connection, "httpfs")
    endpoint = os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL", "")
    options = {
        "key_id": os.environ.get("AWS_ACCESS_KEY_ID"),
        "secret": os.environ.get("AWS_SECRET_ACCESS_KEY"),
        "session_token": os.environ.get("AWS_SESSION_TOKEN"),
        "region": os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION"),
        "endpoint": endpoint.partition("://")[2].rstrip("/"),
        "url_style": "path" if endpoint else None,
        "use_ssl": "false" if endpoint.startswith("http://") else None,
    }
    given = "".join(f", {name} {quoted(value)}" for name, value in options.items() if value)
    connection.execute(f"create secret (type s3{given})")


def quoted(text: str) -> str:
    """A string literal, for the places that take no bound value."""
    return "'" + text.replace("'", "''") + "'"
