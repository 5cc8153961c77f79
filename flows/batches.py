"""Batches: documents to worker processes, results to Parquet parts.

Workers are processes started afresh ("spawn"): extraction holds the interpreter's lock, and the main process has
threads. A worker that dies breaks its pool; the pool is made anew and the batch is done once more.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from flows.intake import Record
from flows.user_rules import RuleFile, rules_of
from flows.workers import make_workers
from transforms.types import Article, Quarantined

BATCH_DOCUMENTS = 64
BATCH_BYTES = 16_000_000  # so that a few huge pages do not travel together


@dataclass(frozen=True, slots=True)
class BatchSettings:
    """What a worker needs beside its documents."""

    parts: Path
    now: datetime
    ruleset: str
    langdetect_only: bool = False
    rule_file: RuleFile | None = None


@dataclass(frozen=True, slots=True)
class BatchResult:
    """Counts of one batch whose parts are written."""

    number: int
    record_count: int
    article_count: int
    quarantine_count: int
    edit_count: int


def make_batches(records: Iterable[Record]) -> Iterator[tuple[Record, ...]]:
    """Cut a stream of records into batches of at most BATCH_DOCUMENTS and about BATCH_BYTES."""
    batch: list[Record] = []
    size = 0
    for record in records:
        batch.append(record)
        size += record.content_bytes
        if len(batch) >= BATCH_DOCUMENTS or size >= BATCH_BYTES:
            yield tuple(batch)
            batch, size = [], 0
    if batch:
        yield tuple(batch)


def clean_batch(number: int, records: tuple[Record, ...], settings: BatchSettings) -> BatchResult:
    """Clean, judge and stage one batch; runs in a worker."""
    from flows.staging import write_parts  # noqa: PLC0415 - pyarrow and the rules are the workers' to load
    from transforms.pipeline import Settings, process  # noqa: PLC0415

    chosen, rules = Settings(langdetect_only=settings.langdetect_only), rules_of(settings.rule_file)
    results = tuple(r if isinstance(r, Quarantined) else process(r, settings.now, chosen, rules) for r in records)
    write_parts(results, settings.parts, f"{number:06d}", settings.ruleset)
    articles = [r for r in results if isinstance(r, Article)]
    return BatchResult(
        number=number,
        record_count=len(results),
        article_count=len(articles),
        quarantine_count=len(results) - len(articles),
        edit_count=sum(len(a.edits) for a in articles),
    )


class BatchPool:
    """Worker processes that clean batches; thread-safe."""

    def __init__(self, workers: int, settings: BatchSettings) -> None:
        self.workers = workers
        self._settings = settings
        self._lock = threading.Lock()
        self._executor = self._make()
        self._futures: dict[int, tuple[tuple[Record, ...], ProcessPoolExecutor, Future[BatchResult]]] = {}

    def submit(self, number: int, records: tuple[Record, ...]) -> None:
        """Hand a batch to the workers; returns at once."""
        with self._lock:
            self._submit(number, records)

    def result(self, number: int) -> BatchResult:
        """Wait for a batch. Where its worker died, the batch is given once more to a new pool; then the error rises."""
        _, executor, future = self._futures[number]
        try:
            result = future.result()
        except BrokenProcessPool:
            with self._lock:
                if self._executor is executor:
                    executor.shutdown(wait=False, cancel_futures=True)
                    self._executor = self._make()
                self._submit(number, self._futures[number][0])
            result = self._futures[number][2].result()
        del self._futures[number]
        return result

    def close(self) -> None:
        """End the workers."""
        self._executor.shutdown(wait=True, cancel_futures=True)

    def _make(self) -> ProcessPoolExecutor:
        return make_workers(self.workers)

    def _submit(self, number: int, records: tuple[Record, ...]) -> None:
        try:
            future = self._executor.submit(clean_batch, number, records, self._settings)
        except BrokenProcessPool:
            self._executor = self._make()
            future = self._executor.submit(clean_batch, number, records, self._settings)
        self._futures[number] = (records, self._executor, future)
