"""Parquet export: the views for readers as files that pandas, polars and Spark read.

What has a publication date is partitioned by its month, `clean_articles/month=2026-03/...`, or `month=undated`;
summaries are one file each. Written beside and renamed: a folder that is there is whole.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from warehouse.connect import connect_copier
from warehouse.errors import WarehouseError

BY_MONTH = ("clean_articles", "flagged_articles")
WHOLE = (
    "source_scorecard",
    "source_days",
    "source_changes",
    "removal_summary",
    "rule_effect",
    "article_versions",
    "run_history",
)
_MONTH = "coalesce(strftime(published_on, '%Y-%m'), 'undated') as month"


def export_views(warehouse: Path, folder: Path) -> int:
    """Write the views into `folder`, which must not be there yet or be empty; returns the number of articles.

    Raises WarehouseError for a folder with something in it, and what opening the warehouse raises.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise WarehouseError(f"{folder}: there is something already. Name a new folder, or empty this one.")
    unfinished = folder.with_name(f".{folder.name}.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    try:
        unfinished.mkdir(parents=True)
        with connect_copier(warehouse) as connection:
            for view in BY_MONTH:
                rows = connection.view(view).project(f"*, {_MONTH}")
                rows.write_parquet(str(unfinished / view), compression="zstd", partition_by=["month"])
            for view in WHOLE:
                connection.view(view).write_parquet(str(unfinished / f"{view}.parquet"), compression="zstd")
            row = connection.execute("select count(*) from clean_articles").fetchone()
        assert row is not None
        if folder.exists():
            folder.rmdir()
        unfinished.replace(folder)
    except OSError as error:
        raise WarehouseError(f"{folder}: cannot be written: {error.strerror or error}.") from error
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return int(row[0])
