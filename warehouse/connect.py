"""Open the warehouse: one writer, or readers; never both. DuckDB locks the file for the whole process.

The writer's window is short (one publish), so who comes second waits, with a growing pause, and is then told who
holds the file. Readers cannot touch files, the network, extensions or settings, whatever they are asked to run.
"""

from __future__ import annotations

import random
import re
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TypeVar

import duckdb

from warehouse.errors import WarehouseBusyError, WarehouseError, first_line
from warehouse.lake import attach_lake, beside, is_attached, is_lake, is_there, quoted, shown

FIRST_PAUSE_SECONDS = 0.05
LONGEST_PAUSE_SECONDS = 2.0
_LOCKED = "Could not set lock on file"
_HOLDER = re.compile(r"held in ([^\n]+) \(PID (\d+)\)")
_Config = dict[str, str | bool | int | float | list[str]]
# Nothing is downloaded at run time: an extension is there or it is not.
# What a new file is written as: readable by DuckDB 1.4 (its version of long support) and later, and half the size of
# the default, which knows neither zstd nor dictionaries under FSST. A file that is there keeps its version until
# `winnow maintain` writes it anew.
STORAGE_VERSION = "v1.4.0"
_WRITER: _Config = {
    "autoinstall_known_extensions": False,
    "access_mode": "read_write",
    "storage_compatibility_version": STORAGE_VERSION,
    # From this length on (on average, in bytes) a column of strings may be zstd, which halves texts and page facts;
    # ids and names stay as they are, since a look-up unpacks 2,048 rows at once. DuckDB's 4,096 leaves out most texts.
    "zstd_min_string_length": 256,
    "memory_limit": "1500MB",  # the rest of 2 GB is Python's, and what DuckDB does not count; beyond it goes to disk
}
_LAKE: _Config = {"autoinstall_known_extensions": False, "autoload_known_extensions": False, "memory_limit": "1500MB"}
# What DuckDB, DuckLake and SQLite say when two writers met.
_CONFLICT = re.compile(r"[Cc]onflict|database is locked|could not serialize|concurrent")
_Result = TypeVar("_Result")
_COPIER: _Config = {"autoinstall_known_extensions": False, "access_mode": "read_only"}
_READER: _Config = {**_COPIER, "enable_external_access": False}


def connect_writer(
    path: Path,
    wait_seconds: float = 60.0,
    *,
    sleep: Callable[[float], None] = time.sleep,
    clock: Callable[[], float] = time.monotonic,
) -> duckdb.DuckDBPyConnection:
    """Open the warehouse to write; a new file when there is none. Times are UTC.

    Raises WarehouseBusyError after `wait_seconds` of another process holding it, WarehouseError when the file is no
    DuckDB database or its folder is missing.
    """
    if is_lake(path):
        return _open_lake(path, is_read_only=False)
    if not path.parent.is_dir():
        raise WarehouseError(f"{path}: the folder {path.parent} does not exist. Make it, or name another warehouse.")
    if not path.exists():
        _create(path)
    connection = _open(path, wait_seconds, _WRITER, sleep=sleep, clock=clock)
    connection.execute("set global TimeZone = 'UTC'")
    connection.execute("set preserve_insertion_order = false")  # halves the publishing time; rows have no order here
    return connection


def connect_reader(
    path: Path,
    wait_seconds: float = 60.0,
    *,
    folder: Path | None = None,
    at: datetime | None = None,
    sleep: Callable[[float], None] = time.sleep,
    clock: Callable[[], float] = time.monotonic,
) -> duckdb.DuckDBPyConnection:
    """Open the warehouse to read only, shut off from files, network, extensions and settings. Times are UTC.

    Files of `folder` alone can be reached where one is given: what a run staged.
    `at` shows a lake as it was then. A reader of a lake may read the files of its data, which no way of locking parts
    from others below them: what a user asks of one goes through `warehouse.query`, which knows what may be asked.

    Raises WarehouseBusyError after `wait_seconds` of a writer holding it, WarehouseError when there is no such file
    or it is no DuckDB database.
    """
    if is_lake(path):
        return _open_lake(path, is_read_only=True, at=at, is_locked=folder is None)
    if at:
        raise WarehouseError(f"{path}: a plain file knows no earlier states. Only a DuckLake does: docs/warehouse.md.")
    if not path.is_file():
        raise WarehouseError(f"{path}: there is no warehouse. Make one with `winnow run PATH... --warehouse {path}`.")
    connection = _open(path, wait_seconds, _COPIER if folder else _READER, sleep=sleep, clock=clock)
    # Readers of one process share one instance: the first has already set and locked everything for the others.
    if connection.sql("select current_setting('lock_configuration')").fetchall() == [(False,)]:
        connection.execute("set global TimeZone = 'UTC'")
        if folder:  # named before access is turned off: afterwards no folder can be
            connection.execute("set allowed_directories = [$folder]", {"folder": str(folder.absolute())})
            connection.execute("set enable_external_access = false")
        connection.execute("set python_enable_replacements = false")  # else `from x` reads the caller's variable x
        connection.execute("set lock_configuration = true")
    return connection


def connect_copier(path: Path, wait_seconds: float = 60.0) -> duckdb.DuckDBPyConnection:
    """Open the warehouse to read, and files to write to: for our own statements alone, never for a user's.

    Raises as `connect_reader` does.
    """
    if is_lake(path):
        return _open_lake(path, is_read_only=True, is_locked=False)
    if not path.is_file():
        raise WarehouseError(f"{path}: there is no warehouse. Make one with `winnow run PATH... --warehouse {path}`.")
    connection = _open(path, wait_seconds, _COPIER, sleep=time.sleep, clock=time.monotonic)
    connection.execute("set global TimeZone = 'UTC'")
    return connection


def in_transaction(
    connection: duckdb.DuckDBPyConnection,
    work: Callable[[], _Result],
    wait_seconds: float = 60.0,
    *,
    sleep: Callable[[float], None] = time.sleep,
    clock: Callable[[], float] = time.monotonic,
) -> _Result:
    """All of `work`, or nothing of it; again from the start where another writer of a lake was quicker.

    Raises WarehouseBusyError when others have been quicker for `wait_seconds`.
    """
    deadline = clock() + wait_seconds
    pause = FIRST_PAUSE_SECONDS
    while True:
        try:
            with transaction(connection):
                return work()
        except duckdb.Error as error:
            if not (is_attached(connection) and _CONFLICT.search(str(error))):
                raise
            if clock() >= deadline:
                raise WarehouseBusyError(
                    f"the lake was written to by others for more than {wait_seconds:g} seconds. Try again."
                ) from error
        sleep(pause * random.uniform(0.5, 1.5))  # noqa: S311 - so that two writers do not meet again
        pause = min(pause * 2, LONGEST_PAUSE_SECONDS)


@contextmanager
def transaction(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """All of the block, or nothing of it."""
    connection.begin()
    try:
        yield
    except BaseException:
        connection.rollback()
        raise
    connection.commit()


def _open_lake(
    warehouse: Path, *, is_read_only: bool, is_locked: bool = True, at: datetime | None = None
) -> duckdb.DuckDBPyConnection:
    """A connection to a lake, with its views where it is to be read."""
    from warehouse.migrate import make_views  # noqa: PLC0415 - which opens nothing, but needs transactions

    if is_read_only and not is_there(warehouse):
        name = shown(warehouse)
        raise WarehouseError(f"{name}: there is no warehouse. Make one with `winnow run PATH... --warehouse {name}`.")
    connection = duckdb.connect(config={**_LAKE, "temp_directory": str(beside(warehouse, ".spill"))})
    try:
        connection.execute("set TimeZone = 'UTC'; set preserve_insertion_order = false")
        data = attach_lake(connection, warehouse, is_read_only=is_read_only, at=at)
        if is_read_only:
            try:
                make_views(connection)
            except duckdb.Error as error:
                raise WarehouseError(
                    f"{shown(warehouse)}: it was {'then ' if at else ''}written by another version of Winnow. "
                    f"{first_line(error)}"
                ) from error
        if is_read_only and is_locked:
            connection.execute("set python_enable_replacements = false")
            connection.execute("set allowed_directories = [$data]".replace("$data", quoted(data)))
            connection.execute("set enable_external_access = false")
            connection.execute("set lock_configuration = true")
    except BaseException:
        connection.close()
        raise
    return connection


def _create(path: Path) -> None:
    """Make an empty database, whole or not at all: half of one, left by a full disk or a kill, no later run could open.

    Does nothing where another process was quicker.
    """
    unfinished = path.with_name(f".{path.name}.{uuid.uuid4().hex}.new")
    try:
        duckdb.connect(unfinished, config=_WRITER).close()
        _name(unfinished, path)
    except (duckdb.Error, OSError) as error:
        raise WarehouseError(f"{path}: no warehouse can be made here. {first_line(error)}") from error
    finally:
        unfinished.unlink(missing_ok=True)


def _name(unfinished: Path, path: Path) -> None:
    try:
        path.hardlink_to(unfinished)  # a rename would replace what another process has made meanwhile
    except FileExistsError:
        return
    except OSError:  # a file system without links
        unfinished.rename(path)


def _open(
    path: Path,
    wait_seconds: float,
    config: _Config,
    *,
    sleep: Callable[[float], None],
    clock: Callable[[], float],
) -> duckdb.DuckDBPyConnection:
    deadline = clock() + wait_seconds
    pause = FIRST_PAUSE_SECONDS
    while True:
        try:
            return duckdb.connect(path, config=config)
        except duckdb.ConnectionException as error:
            raise WarehouseError(
                f"{path}: this process has it open in another mode. Close that connection first."
            ) from error
        except duckdb.Error as error:
            if _LOCKED not in str(error):
                raise WarehouseError(f"{path}: cannot be opened as a warehouse. {first_line(error)}") from error
            remaining = deadline - clock()
            if remaining <= 0:
                raise WarehouseBusyError(_busy(path, wait_seconds, str(error))) from error
        sleep(min(pause, remaining))
        pause = min(pause * 2, LONGEST_PAUSE_SECONDS)


def _busy(path: Path, wait_seconds: float, message: str) -> str:
    found = _HOLDER.search(message)
    holder = f"process {found[2]} ({found[1]})" if found else "another process"
    return (
        f"{path}: {holder} has held it for more than {wait_seconds:g} seconds. "
        "Wait until it is done, or end that process, then try again."
    )
