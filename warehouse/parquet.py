"""Parquet files of a run: written under another name and renamed, so a file that is there is whole."""

from __future__ import annotations

from pathlib import Path

import duckdb


def write_rows(rows: duckdb.DuckDBPyRelation, path: Path) -> None:
    """Write the rows to `path`, zstd."""
    unfinished = path.with_name(f".{path.name}.unfinished")
    rows.write_parquet(str(unfinished), compression="zstd")
    unfinished.replace(path)
