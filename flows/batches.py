"""Batches: documents to worker processes, results to Parquet parts, in two steps.

Step 1 extracts every document, which is most of the work, and fingerprints its lines; when all batches are extracted,
the run knows what each source repeats, and step 2 cleans and judges. Between the steps the texts lie in files.
A document that takes too long or too much memory, or that kills its worker, ends in quarantine, and its batch is done
again without it (flows/watched_pool.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TypeVar

from flows.intake import Record
from flows.stored_originals import recleaned
from flows.user_rules import RuleFile, rules_of
from flows.watch import DEFAULT_BOUNDS, UNWATCHED, Bounds, Stopped, Watch
from flows.watched_pool import WatchedPool
from transforms.types import Article, ExtractedDocument, Quarantined, RawDocument

Work = Record | ExtractedDocument  # a stored original is extracted already
_Work = TypeVar("_Work", bound=Work)
BATCH_DOCUMENTS = 64
BATCH_BYTES = 16_000_000  # so that a few huge pages do not travel together


@dataclass(frozen=True, slots=True)
class BatchSettings:
    """What a worker needs beside its documents, and the pool to watch it.

    `folder` is the run's own, and `now` when the run began.
    """

    folder: Path
    now: datetime
    ruleset: str
    langdetect_only: bool = False
    rule_file: RuleFile | None = None
    bounds: Bounds = DEFAULT_BOUNDS
    is_reclean: bool = False
    is_raw_kept: bool = False

    def extracted(self, number: int) -> Path:
        """Where the extracted documents of a batch lie between the steps."""
        return self.folder / "extracted" / f"{number:06d}.jsonl.zst"

    @property
    def raw(self) -> Path:
        """Where the raw payloads lie until they are archived."""
        return self.folder / "raw"

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


def make_batches(records: Iterable[_Work]) -> Iterator[tuple[_Work, ...]]:
    """Cut a stream of records into batches of at most BATCH_DOCUMENTS and about BATCH_BYTES."""
    batch: list[_Work] = []
    size = 0
    for record in records:
        batch.append(record)
        size += len(record.page.text) if isinstance(record, ExtractedDocument) else record.content_bytes
        if len(batch) >= BATCH_DOCUMENTS or size >= BATCH_BYTES:
            yield tuple(batch)
            batch, size = [], 0
    if batch:
        yield tuple(batch)


def given_up(document: RawDocument | ExtractedDocument, stopped: Stopped) -> Quarantined:
    """The record of a document that took too much."""
    from transforms.pipeline import quarantine  # noqa: PLC0415 - the rules come with it

    raw = document.raw if isinstance(document, ExtractedDocument) else document
    record = quarantine(raw, stopped.code, stopped.message)
    # Whatever ended the worker may be over: without its hash the record is tried again by the next run.
    return replace(record, content_hash=None) if stopped.code == "worker-died" else record


def extract_batch(
    number: int, records: tuple[Work, ...], settings: BatchSettings, watch: Watch = UNWATCHED
) -> ExtractResult:
    """Step 1: extract and fingerprint one batch; runs in a worker."""
    from flows.extracted import write_extracted  # noqa: PLC0415 - pyarrow and the rules are the workers' to load
    from flows.raw_archive import write_raw  # noqa: PLC0415
    from flows.stage_facts import write_facts  # noqa: PLC0415
    from flows.stage_fingerprints import write_fingerprints  # noqa: PLC0415
    from transforms.pipeline import extract_document, name_source  # noqa: PLC0415

    sources = rules_of(settings.rule_file).sources if settings.rule_file else ()
    if settings.is_raw_kept:
        write_raw((r for r in records if not isinstance(r, ExtractedDocument)), settings.raw / f"{number:06d}.parquet")
    results = tuple(
        r
        if isinstance(r, Quarantined)
        else given_up(r, stopped)
        if stopped
        else r
        if isinstance(r, ExtractedDocument)
        else extract_document(r, sources)
        for r, stopped in watch.over([name_source(r, sources) for r in records] if sources else records)
    )
    documents = (r for r, _ in watch.over(results) if isinstance(r, ExtractedDocument))
    write_fingerprints(documents, settings.folder, f"{number:06d}", settings.now)
    write_facts((r for r in results if isinstance(r, ExtractedDocument)), settings.folder, f"{number:06d}")
    write_extracted(results, settings.extracted(number))
    return ExtractResult(number, len(results))


def clean_batch(number: int, settings: BatchSettings, watch: Watch = UNWATCHED) -> BatchResult:
    """Step 2: clean with the templates of each source, judge and stage one batch; runs in a worker."""
    from flows.extracted import read_extracted  # noqa: PLC0415
    from flows.stage_duplicates import write_text_signatures  # noqa: PLC0415
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
        else given_up(r, stopped)
        if stopped
        else clean_document(r, settings.now, chosen, rules, templates.get(r.source, NO_TEMPLATES))
        for r, stopped in watch.over(found)
    )
    articles = [r for r in results if isinstance(r, Article)]
    # A stored original is all that there is of its article: where cleaning it anew fails, the article stays as it is.
    staged = articles if settings.is_reclean else results
    write_text_signatures(articles, settings.folder, f"{number:06d}")
    too_much = settings.bounds.deciding(settings.ruleset)
    decided_by = recleaned(settings.ruleset) if settings.is_reclean else settings.ruleset
    write_parts(
        staged,
        settings.folder / "parts",
        f"{number:06d}",
        ruleset=settings.ruleset,
        too_much=too_much,
        decided_by=decided_by,
    )
    return BatchResult(
        number=number,
        record_count=len(results),
        article_count=len(articles),
        quarantine_count=len(staged) - len(articles),
        edit_count=sum(len(a.edits) for a in articles),
    )


class BatchPool:
    """Worker processes that extract and clean batches; thread-safe."""

    def __init__(self, workers: int, settings: BatchSettings) -> None:
        self.workers = workers
        self._settings = settings
        self._pool = WatchedPool(workers, settings.bounds)
        self._extracting: dict[int, Future[ExtractResult]] = {}
        self._cleaning: dict[int, Future[BatchResult]] = {}

    def extract(self, number: int, records: tuple[Work, ...]) -> None:
        """Hand a batch to the workers to extract; returns at once."""
        self._extracting[number] = self._pool.submit(partial(extract_batch, number, records, self._settings))

    def clean(self, number: int) -> None:
        """Hand an extracted batch to the workers to clean; returns at once."""
        self._cleaning[number] = self._pool.submit(partial(clean_batch, number, self._settings))

    def extracted(self, number: int) -> ExtractResult:
        """Wait for a batch that is being extracted. Raises what the work raised, and WorkerError."""
        return self._extracting[number].result()

    def cleaned(self, number: int) -> BatchResult:
        """Wait for a batch that is being cleaned. Raises as `extracted` does."""
        return self._cleaning[number].result()

    @property
    def process_ids(self) -> tuple[int, ...]:
        """The workers that are there now."""
        return self._pool.process_ids

    def close(self) -> None:
        """End the workers."""
        self._pool.close()
