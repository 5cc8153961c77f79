"""Stored originals: the documents of a `--reclean` run, which come from the warehouse and are extracted already.

`warehouse.originals` wrote the files; here their rows become the documents that step 1 would have made.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC
from pathlib import Path
from typing import Any

from flows.extracted import read_facts
from transforms.types import ExtractedDocument, RawDocument

_ROWS = 64  # texts in memory at a time


def recleaned(ruleset: str) -> str:
    """What decided the fate of an input whose stored original was cleaned anew.

    Not the ruleset alone: that would have extracted it anew as well, and does so when it meets the source again.
    """
    return f"{ruleset} recleaned"


def read_originals(folder: Path) -> Iterator[ExtractedDocument]:
    """The documents in the files of `folder`, in order."""
    import pyarrow.parquet as pq  # noqa: PLC0415 - most runs have none

    for path in sorted(folder.glob("*.parquet")):
        with pq.ParquetFile(path) as file:
            for batch in file.iter_batches(_ROWS):
                yield from map(_document, batch.to_pylist())


def _document(row: dict[str, Any]) -> ExtractedDocument:
    page = read_facts(row["original"], row["facts"])
    raw = RawDocument(
        id=row["document_id"],
        location=row["location"],
        record_key=row["record_key"],
        source=row["source"],
        url=row["url"],
        fetched_at=row["fetched_at"] and row["fetched_at"].astimezone(UTC),
        media_type="text/plain" if page.extractor == "text" else "text/html",
        content="",
        content_hash=row["content_hash"],
        content_bytes=row["content_bytes"],
        input_id=row["input_id"],
        title=page.title,
        author=page.author,
    )
    return ExtractedDocument(raw, row["source"], page)
