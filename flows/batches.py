"""Batches: documents to worker processes, results to Parquet parts, in two steps.

Step 1 extracts every document, which is most of the work, and fingerprints its lines; when all batches are extracted,
the run knows what each source repeats, and step 2 cleans and judges. Between the steps the texts lie in files.
Workers are processes started afresh ("spawn"): extraction holds the interpreter's lock, and the main process has
threads. A worker that dies breaks its pool; the pool is made anew and the batch is done once more.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Generic, TypeVar

from flows.intake import Record
from flows.user_rules import RuleFile, rules_of
from flows.workers import make_workers
from transforms.types import Article, ExtractedDocument, Quarantined

BATCH_DOCUMENTS = 64
BATCH_BYTES = 16_000_000  # so that a few huge pages do not travel together
_Result = TypeVar("_Result")


@dataclass(frozen=True, slots=True)
class BatchSettings:
    """What a worker needs beside its documents. `folder` is the run's own, and `now` when the run began."""

    folder: Path
    now: datetime
    ruleset: str
    langdetect_only: bool = False
    rule_file: RuleFile | None = None

    def extracted(self, number: int) -> Path:
        """Where the extracted documents of a batch lie between the steps."""
        return self.folder / "extracted" / f"{number:06d}.jsonl.zst"

    @property
    def templates(self) -> Path:
        """The templates in use, which the step between the two writes."""
        return self.folder / "templates_in_use.parquet"


@dataclass(frozen=True, slots=True)
class ExtractResult:
    """Counts of one batch whose documents are extracted."""

    number: int
    record_count: int


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


def extract_batch(number: int, records: tuple[Record, ...], settings: BatchSettings) -> ExtractResult:
    """Step 1: extract and fingerprint one batch; runs in a worker."""
    from flows.extracted import write_extracted  # noqa: PLC0415 - pyarrow and the rules are the workers' to load
    from flows.stage_fingerprints import write_fingerprints  # noqa: PLC0415
    from transforms.pipeline import extract_document  # noqa: PLC0415

    results = tuple(r if isinstance(r, Quarantined) else extract_document(r) for r in records)
    documents = tuple(r for r in results if isinstance(r, ExtractedDocument))
    write_fingerprints(documents, settings.folder, f"{number:06d}", settings.now)
    write_extracted(results, settings.extracted(number))
    return ExtractResult(number, len(results))


def clean_batch(number: int, settings: BatchSettings) -> BatchResult:
    """Step 2: clean with the templates of each source, judge and stage one batch; runs in a worker."""
    from flows.extracted import read_extracted  # noqa: PLC0415
    from flows.staging import write_parts  # noqa: PLC0415
    from flows.templates_in_use import read_templates  # noqa: PLC0415
    from transforms.pipeline import Settings, clean_document  # noqa: PLC0415
    from transforms.templates import NO_TEMPLATES  # noqa: PLC0415

    found = read_extracted(settings.extracted(number))
    templates = read_templates(settings.templates, {d.source for d in found})
    chosen, rules = Settings(langdetect_only=settings.langdetect_only), rules_of(settings.rule_file)
    results = tuple(
        r
        if isinstance(r, Quarantined)
        else clean_document(r, settings.now, chosen, rules, templates.get(r.source, NO_TEMPLATES))
        for r in found
    )
    write_parts(results, settings.folder / "parts", f"{number:06d}", settings.ruleset)
    articles = [r for r in results if isinstance(r, Article)]
    return BatchResult(
        number=number,
        record_count=len(results),
        article_count=len(articles),
        quarantine_count=len(results) - len(articles),
        edit_count=sum(len(a.edits) for a in articles),
    )


@dataclass(frozen=True, slots=True)
class _Handed(Generic[_Result]):
    """A batch with the workers: what they do, so that it can be done again, and where."""

    work: Callable[[], _Result]
    executor: ProcessPoolExecutor
    future: Future[_Result]


class BatchPool:
    """Worker processes that extract and clean batches; thread-safe."""

    def __init__(self, workers: int, settings: BatchSettings) -> None:
        self.workers = workers
        self._settings = settings
        self._lock = threading.Lock()
        self._executor = self._make()
        self._extracting: dict[int, _Handed[ExtractResult]] = {}
        self._cleaning: dict[int, _Handed[BatchResult]] = {}

    def extract(self, number: int, records: tuple[Record, ...]) -> None:
        """Hand a batch to the workers to extract; returns at once."""
        with self._lock:
            self._extracting[number] = self._hand(partial(extract_batch, number, records, self._settings))

    def clean(self, number: int) -> None:
        """Hand an extracted batch to the workers to clean; returns at once."""
        with self._lock:
            self._cleaning[number] = self._hand(partial(clean_batch, number, self._settings))

    def extracted(self, number: int) -> ExtractResult:
        """Wait for a batch that is being extracted. Raises as `cleaned` does."""
        return self._wait(self._extracting, number)

    def cleaned(self, number: int) -> BatchResult:
        """Wait for a batch that is being cleaned.

        Where its worker died, the batch is given once more to a new pool; then the error rises.
        """
        return self._wait(self._cleaning, number)

    def close(self) -> None:
        """End the workers."""
        self._executor.shutdown(wait=True, cancel_futures=True)

    def _wait(self, handed: dict[int, _Handed[_Result]], number: int) -> _Result:
        batch = handed[number]
        try:
            result = batch.future.result()
        except BrokenProcessPool:
            with self._lock:
                if self._executor is batch.executor:
                    batch.executor.shutdown(wait=False, cancel_futures=True)
                    self._executor = self._make()
                handed[number] = self._hand(batch.work)
            result = handed[number].future.result()
        del handed[number]
        return result

    def _make(self) -> ProcessPoolExecutor:
        return make_workers(self.workers)

    def _hand(self, work: Callable[[], _Result]) -> _Handed[_Result]:
        try:
            future = self._executor.submit(work)
        except BrokenProcessPool:
            self._executor = self._make()
            future = self._executor.submit(work)
        return _Handed(work, self._executor, future)
