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
# In pages. A batch is two tasks of Prefect's, which cost its server some 70 ms of processor time each: a hundredth of
# what 64 pages take. A text takes a tenth of a page's time or less, so four go for a page.
LEAST_PAGES, MOST_PAGES = 16, 128
CUT_EVERY = 48  # pages, on average, after the least: 64 in all
TEXTS_TO_A_PAGE = 4
BATCH_BYTES = 16_000_000  # so that a few huge pages do not travel together
_DESCRIBING = tuple(field.name for field in fields(RawDocument) if field.name != "content")


def make_batches(records: Iterable[_Work]) -> Iterator[tuple[_Work, ...]]:
    """Cut a stream of records into batches of at most MOST_PAGES, or texts for them, and about BATCH_BYTES."""
    batch: list[_Work] = []
    size = 0
    weight = 0  # in texts
    for record in records:
        batch.append(record)
        size += _record_bytes(record)
        weight += TEXTS_TO_A_PAGE if _is_page(record) else 1
        every = CUT_EVERY if _is_page(record) else CUT_EVERY * TEXTS_TO_A_PAGE
        is_at_cut = weight >= LEAST_PAGES * TEXTS_TO_A_PAGE and int(_input_id(record)[:8], 16) % every == 0
        if is_at_cut or weight >= MOST_PAGES * TEXTS_TO_A_PAGE or size >= BATCH_BYTES:
            yield tuple(batch)
            batch, size, weight = [], 0, 0
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


def _is_page(record: Work) -> bool:
    """Whether it has to be parsed; stored originals are texts by now, and what could not be read is next to nothing."""
    return isinstance(record, RawDocument) and record.media_type == "text/html"


def _input_id(record: Work) -> str:
    return record.raw.input_id if isinstance(record, ExtractedDocument) else record.input_id
