"""`winnow export`: the views as Parquet."""

from __future__ import annotations

from pathlib import Path

from warehouse.export import export_views
from warehouse.snapshot import readable


def export_and_show(warehouse: Path, folder: Path) -> None:
    """Write the files and say so. Raises what `export_views` raises."""
    count = export_views(readable(warehouse), folder)
    print(f"{folder}: {count:,} articles by month, and the summaries")
