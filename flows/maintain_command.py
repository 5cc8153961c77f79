"""`winnow maintain`: verify, forget what is old, compact, back up."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from warehouse.lake import shown
from warehouse.maintain import maintain
from warehouse.snapshot import copy_warehouse, renew_snapshot


def maintain_and_show(
    warehouse: Path, *, quarantine_days: int | None, history_days: int | None, backup: Path | None
) -> None:
    """Do it and print what was done. Raises what `maintain` and `copy_warehouse` raise."""
    for line in maintain_and_tell(warehouse, quarantine_days=quarantine_days, history_days=history_days, backup=backup):
        print(line)


def maintain_and_tell(
    warehouse: Path, *, quarantine_days: int | None, history_days: int | None, backup: Path | None
) -> Iterator[str]:
    """Do it, a line for each thing when it is done. Raises as `maintain_and_show`."""
    now = datetime.now(UTC)
    done = maintain(
        warehouse, quarantine_before=_days_ago(now, quarantine_days), history_before=_days_ago(now, history_days)
    )
    renew_snapshot(warehouse)
    yield (
        f"{shown(warehouse)}: {done.article_count:,} originals verified; forgot {done.quarantine_count:,} quarantined "
        f"records and {done.run_count:,} runs; {done.bytes_before:,} -> {done.bytes_after:,} bytes"
    )
    if backup:
        copy_warehouse(warehouse, backup)
        yield (f"backup: {backup}. To restore it, put it in the place of {warehouse} while no run is on.")


def _days_ago(now: datetime, days: int | None) -> datetime | None:
    return None if days is None else now - timedelta(days=days)
