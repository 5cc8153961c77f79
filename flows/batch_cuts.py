"""Cutting a stream of records into batches, and the name of a batch: a hash of what it holds.

A killed run finds its finished batches by their names. So where a batch ends is decided by the records and not by
their count: when a file was added to the inbox meanwhile, the batches around it change and all others stay.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import fields
from typing import TypeVar

from flows.intake import Record
from transforms.types import ExtractedDocument, RawDocument

Work = Record | ExtractedDocument  # a stored original is extracted already
_Work = TypeVar("_Work", bound=Work)
LEAST_DOCUMENTS, MOST_DOCUMENTS = 16, 128
CUT_EVERY = 48  # records, on average, after the least: 64 in all
BATCH_BYTES = 16_000_000  # so that a few huge pages do not travel together
_DESCRIBING = tuple(field.name for field in fields(RawDocument) if field.name != "content")


def make_batches(records: Iterable[_Work]) -> Iterator[tuple[_Work, ...]]:
    """Cut a stream of records into batches of at most MOST_DOCUMENTS and about BATCH_BYTES."""
    batch: list[_Work] = []
    size = 0
    for record in records:
        batch.append(record)
        size += _record_bytes(record)
        is_at_cut = len(batch) >= LEAST_DOCUMENTS and int(_input_id(record)[:8], 16) % CUT_EVERY == 0
        if is_at_cut or len(batch) >= MOST_DOCUMENTS or size >= BATCH_BYTES:
            yield tuple(batch)
            batch, size = [], 0
    if batch:
        yield tuple(batch)


def batch_bytes(records: Iterable[Work]) -> int:
    """About how much memory a batch takes."""
    return sum(map(_record_bytes, records))


def _record_bytes(record: Work) -> int:
    return len(record.page.text) if isinstance(record, ExtractedDocument) else record.content_bytes


def batch_key(records: Iterable[Work]) -> str:
    """16 hex digits over everything that a batch holds; contents of documents by their hash."""
    digest = hashlib.sha256()
    for record in records:
        told = [getattr(record, name) for name in _DESCRIBING] if isinstance(record, RawDocument) else record
        digest.update(repr(told).encode("utf-8", "backslashreplace") + b"\0")
    return digest.hexdigest()[:16]


def _input_id(record: Work) -> str:
    return record.raw.input_id if isinstance(record, ExtractedDocument) else record.input_id
