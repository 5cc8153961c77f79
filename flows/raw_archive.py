"""The archive of raw payloads (`--keep-raw`): zstd Parquet beside the warehouse, and a reader of it (`--re-extract`).

Workers write one file a batch into the run's folder; the run moves them to `<warehouse>.raw/<run id>/` just before it
publishes, so that a record the warehouse has is in the archive too. A record that was archived twice is read once.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import fields
from datetime import UTC
from pathlib import Path
from typing import Any

from flows.intake import Record
from transforms.types import RawDocument, WinnowError

_TEXTS = (
    *("id", "location", "record_key", "source", "url", "media_type", "content_hash", "input_id"),
    *("title", "author", "published", "charset"),
)
_ROWS = 16  # payloads in memory at a time


class ArchiveError(WinnowError):
    """There is no archive of raw payloads where one is needed."""


def archive_of(warehouse: str) -> Path:
    """The folder that holds the raw payloads of a warehouse."""
    from warehouse.lake import beside  # noqa: PLC0415 - most runs keep none

    return beside(Path(warehouse), ".raw")


def write_raw(records: Iterable[Record], path: Path) -> None:
    """Write the payloads of a batch; those that could not be read have none."""
    import pyarrow as pa  # noqa: PLC0415 - the workers' to load
    import pyarrow.parquet as pq  # noqa: PLC0415

    documents = [record for record in records if isinstance(record, RawDocument)]
    if not documents:
        return
    columns: dict[str, Any] = {name: pa.array([getattr(d, name) for d in documents], pa.string()) for name in _TEXTS}
    columns["fetched_at"] = pa.array([d.fetched_at for d in documents], pa.timestamp("us", tz="UTC"))
    columns["content_bytes"] = pa.array([d.content_bytes for d in documents], pa.int64())
    columns["is_text"] = pa.array([isinstance(d.content, str) for d in documents], pa.bool_())
    columns["content"] = pa.array(
        [d.content.encode() if isinstance(d.content, str) else d.content for d in documents], pa.large_binary()
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    pq.write_table(pa.table(columns), partial, compression="zstd", row_group_size=_ROWS)
    partial.replace(path)


def move_raw(folder: Path, archive: Path) -> None:
    """Move the files of a run into the archive; again for the same run, nothing is left to move."""
    for path in sorted(folder.glob("*.parquet")):
        archive.mkdir(parents=True, exist_ok=True)
        path.replace(archive / path.name)


def read_raw(archive: Path) -> Iterator[RawDocument]:
    """Every archived document once, in the order of the files. Raises ArchiveError where there is no archive."""
    import pyarrow.parquet as pq  # noqa: PLC0415 - most runs have none

    files = sorted(archive.glob("*/*.parquet"))
    if not files:
        raise ArchiveError(f"{archive}: there are no raw payloads. `winnow run PATH... --keep-raw` archives them.")
    seen: set[str] = set()
    for path in files:
        with pq.ParquetFile(path) as file:
            for batch in file.iter_batches(_ROWS):
                for row in batch.to_pylist():
                    if row["input_id"] not in seen:
                        seen.add(row["input_id"])
                        yield _document(row)


def _document(row: dict[str, Any]) -> RawDocument:
    content = row["content"].decode() if row.pop("is_text") else row["content"]
    row["fetched_at"] = row["fetched_at"] and row["fetched_at"].astimezone(UTC)
    return RawDocument(**{field.name: row[field.name] for field in fields(RawDocument)} | {"content": content})
