"""A snapshot for readers: a copy beside the warehouse that no run ever locks.

Copied under another name and renamed, so who opens it sees one whole warehouse; who has it open keeps the one opened.
A reader that holds the warehouse itself makes a run wait, one that holds the snapshot does not.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from warehouse.connect import connect_reader, connect_writer
from warehouse.errors import WarehouseError
from warehouse.lake import is_lake, shown


def snapshot_of(warehouse: Path) -> Path:
    """Where the snapshot of a warehouse lies."""
    return warehouse.with_name(f"{warehouse.name}.snapshot")


def take_snapshot(warehouse: Path) -> Path:
    """Publish a read-only copy beside the warehouse; returns its path. Raises as `copy_warehouse` does."""
    if is_lake(warehouse):
        raise WarehouseError(f"{shown(warehouse)}: a lake is read beside its writers and needs no snapshot.")
    snapshot = snapshot_of(warehouse)
    copy_warehouse(warehouse, snapshot)
    snapshot.chmod(0o444)
    return snapshot


def renew_snapshot(warehouse: Path) -> None:
    """After a change: where there is a snapshot, it keeps up with the warehouse."""
    if snapshot_of(warehouse).is_file():
        take_snapshot(warehouse)


def copy_warehouse(warehouse: Path, target: Path) -> None:
    """Copy a warehouse to a file, replacing it in one step. Raises WarehouseError when the copy cannot be written.

    The warehouse is held open to read meanwhile, so nobody writes to it; what a killed run left in its log is copied
    too. Raises what opening the warehouse raises.
    """
    if is_lake(warehouse):
        raise WarehouseError(f"{shown(warehouse)}: a lake is copied as its catalog and its data: docs/warehouse.md.")
    if not target.parent.is_dir():
        raise WarehouseError(f"{target}: the folder {target.parent} does not exist. Make it, or name another file.")
    unfinished = target.with_name(f".{target.name}.{os.getpid()}")
    log = warehouse.with_name(f"{warehouse.name}.wal")
    try:
        with connect_reader(warehouse):
            shutil.copyfile(warehouse, unfinished)
            has_log = log.exists()
            if has_log:
                shutil.copyfile(log, unfinished.with_name(f"{unfinished.name}.wal"))
        if has_log:
            with connect_writer(unfinished) as copy:
                copy.execute("checkpoint")
        unfinished.replace(target)
    except OSError as error:
        raise WarehouseError(
            f"{target}: cannot be written: {error.strerror or error}. {warehouse} is as it was."
        ) from error
    finally:
        unfinished.unlink(missing_ok=True)


def readable(warehouse: Path) -> Path:
    """What a reader opens: the snapshot where there is one, else the warehouse."""
    snapshot = snapshot_of(warehouse)
    return snapshot if snapshot.is_file() else warehouse
