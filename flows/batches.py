"""Batches: documents to worker processes, results to Parquet parts, in two steps.

Step 1 extracts every document, which is most of the work, and fingerprints its lines; when all batches are extracted,
the run knows what each source repeats, and step 2 cleans and judges. Between the steps the texts lie in files.
A document that takes too long or too much memory, or that kills its worker, ends in quarantine, and its batch is done
again without it (flows/watched_pool.py). The files of a batch are named after what it holds (flows/batch_cuts.py) and
written whole, its last one last: a run that goes on where a killed one ended does only the batches that are missing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Set
from concurrent.futures import Future
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path

from flows.batch_cuts import Work, batch_key
from flows.runner import Runner
from flows.stored_originals import recleaned
from flows.user_rules import RuleFile, rules_of
from flows.watch import DEFAULT_BOUNDS, UNWATCHED, Bounds, Stopped, Watch
from transforms.types import Article, ExtractedDocument, Quarantined, RawDocument


@dataclass(frozen=True, slots=True)
class BatchSettings:
    """What a worker needs beside its documents, and the pool to watch it.

    `folder` is the run's own, `now` when the run began, `judged_at` what dates are judged against (`now` without it).
    """

    folder: Path
    now: datetime
    ruleset: str
    langdetect_only: bool = False
    rule_file: RuleFile | None = None
    bounds: Bounds = DEFAULT_BOUNDS
    is_reclean: bool = False
    is_raw_kept: bool = False
    judged_at: datetime | None = None

    def extracted(self, name: str) -> Path:
        """Where the extracted documents of a batch lie between the steps; the last file that step 1 writes."""
        return self.folder / "extracted" / f"{name}.jsonl.zst"

    def cleaned(self, name: str) -> Path:
        """The last file that step 2 writes of a batch."""
        return self.folder / "parts" / "inputs" / f"{name}.parquet"

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
    """Counts of one batch whose documents are extracted; `is_resumed` when a run before this one has done it."""

    record_count: int
    is_resumed: bool = False


@dataclass(frozen=True, slots=True)
class BatchResult:
    """Counts of one batch whose parts are written."""

    record_count: int
    article_count: int
    quarantine_count: int
    edit_count: int


def given_up(document: RawDocument | ExtractedDocument, stopped: Stopped) -> Quarantined:
    """The record of a document that took too much."""
    from transforms.pipeline import quarantine  # noqa: PLC0415 - the rules come with it

    raw = document.raw if isinstance(document, ExtractedDocument) else document
    record = quarantine(raw, stopped.code, stopped.message)
    # Whatever ended the worker may be over: without its hash the record is tried again by the next run.
    return replace(record, content_hash=None) if stopped.code == "worker-died" else record


def extract_batch(
    name: str, records: tuple[Work, ...], settings: BatchSettings, watch: Watch = UNWATCHED
) -> ExtractResult:
    """Step 1: extract and fingerprint one batch, into files of that name; runs in a worker."""
    from flows.extracted import write_extracted  # noqa: PLC0415 - pyarrow and the rules are the workers' to load
    from flows.raw_archive import write_raw  # noqa: PLC0415
    from flows.stage_facts import write_facts  # noqa: PLC0415
    from flows.stage_fingerprints import write_fingerprints  # noqa: PLC0415
    from transforms.pipeline import extract_document, name_source  # noqa: PLC0415

    sources = rules_of(settings.rule_file).sources if settings.rule_file else ()
    if settings.is_raw_kept:
        write_raw((r for r in records if not isinstance(r, ExtractedDocument)), settings.raw / f"{name}.parquet")
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
    write_fingerprints(documents, settings.folder, name, settings.now)
    write_facts((r for r in results if isinstance(r, ExtractedDocument)), settings.folder, name)
    write_extracted(results, settings.extracted(name))
    return ExtractResult(len(results))


def clean_batch(name: str, settings: BatchSettings, watch: Watch = UNWATCHED) -> BatchResult:
    """Step 2: clean with the templates of each source, judge and stage one batch; runs in a worker.

    A batch whose parts are there is not cleaned again.
    """
    from flows.extracted import read_extracted  # noqa: PLC0415
    from flows.stage_duplicates import write_text_signatures  # noqa: PLC0415
    from flows.staging import write_parts  # noqa: PLC0415
    from flows.templates_in_use import read_templates  # noqa: PLC0415
    from transforms.pipeline import Settings, clean_document  # noqa: PLC0415
    from transforms.templates import NO_TEMPLATES  # noqa: PLC0415

    if settings.cleaned(name).exists():
        return _staged_before(name, settings)
    found = read_extracted(settings.extracted(name))
    templates = read_templates(settings.templates, {d.source for d in found})
    chosen, rules = Settings(langdetect_only=settings.langdetect_only), rules_of(settings.rule_file)
    results = tuple(
        r
        if isinstance(r, Quarantined)
        else given_up(r, stopped)
        if stopped
        else clean_document(r, settings.judged_at or settings.now, chosen, rules, templates.get(r.source, NO_TEMPLATES))
        for r, stopped in watch.over(found)
    )
    articles = [r for r in results if isinstance(r, Article)]
    # A stored original is all that there is of its article: where cleaning it anew fails, the article stays as it is.
    staged = articles if settings.is_reclean else results
    write_text_signatures(articles, settings.folder, name)
    too_much = settings.bounds.deciding(settings.ruleset)
    decided_by = recleaned(settings.ruleset) if settings.is_reclean else settings.ruleset
    write_parts(
        staged,
        settings.folder / "parts",
        name,
        ruleset=settings.ruleset,
        too_much=too_much,
        decided_by=decided_by,
    )
    return BatchResult(
        record_count=len(results),
        article_count=len(articles),
        quarantine_count=len(staged) - len(articles),
        edit_count=sum(len(a.edits) for a in articles),
    )


def _staged_before(name: str, settings: BatchSettings) -> BatchResult:
    from flows.staging import count_rows  # noqa: PLC0415

    records, articles, quarantined, edits = (
        count_rows(settings.folder / "parts" / table / f"{name}.parquet")
        for table in ("inputs", "articles", "quarantine", "edits")
    )
    return BatchResult(records, articles, quarantined, edits)


def keep_only(names: Set[str], settings: BatchSettings) -> None:
    """Remove what a killed run left of batches that are not in this one: of files that changed or went meanwhile."""
    for folder in ("extracted", "template_texts", "raw", "parts/*"):
        for path in settings.folder.glob(f"{folder}/*"):
            if path.is_file() and path.name.partition(".")[0] not in names:
                path.unlink()


def keep_cleaned_alike(settings: BatchSettings) -> None:
    """Remove what a killed run cleaned, unless by the templates and the day of this one."""
    used = settings.templates.read_bytes() if settings.templates.exists() else b""
    digest = hashlib.sha256((settings.judged_at or settings.now).isoformat().encode() + used).hexdigest()
    mark = settings.folder / "cleaned_by"
    if mark.exists() and mark.read_text() == digest:
        return
    for path in settings.folder.glob("parts/inputs/*"):  # the last file of each batch; the others are written anew
        path.unlink()
    mark.write_text(digest)


class BatchPool:
    """The batches of a run, extracted and cleaned by its runner; thread-safe."""

    def __init__(self, runner: Runner, settings: BatchSettings) -> None:
        self.workers = runner.workers
        self._settings = settings
        self._runner = runner
        self._names: dict[int, str] = {}
        self._extracting: dict[int, Future[ExtractResult]] = {}
        self._cleaning: dict[int, Future[BatchResult]] = {}

    def extract(self, number: int, records: tuple[Work, ...]) -> None:
        """Hand a batch to the workers to extract, unless its files are there; returns at once."""
        name = self._names[number] = batch_key(records)
        if self._settings.extracted(name).exists():
            self._extracting[number] = Future()
            self._extracting[number].set_result(ExtractResult(len(records), is_resumed=True))
        else:
            self._extracting[number] = self._runner.submit(partial(extract_batch, name, records, self._settings))

    def keep_only_ours(self) -> None:
        """Once all batches are known: remove what a killed run left of others."""
        keep_only(frozenset(self._names.values()), self._settings)

    def keep_cleaned_alike(self) -> None:
        """Once the templates are known: remove what a killed run cleaned with others."""
        keep_cleaned_alike(self._settings)

    def clean(self, number: int) -> None:
        """Hand an extracted batch to the workers to clean; returns at once."""
        self._cleaning[number] = self._runner.submit(partial(clean_batch, self._names[number], self._settings))

    def extracted(self, number: int) -> ExtractResult:
        """Wait for a batch that is being extracted. Raises what the work raised, and WorkerError."""
        return self._extracting[number].result()

    def cleaned(self, number: int) -> BatchResult:
        """Wait for a batch that is being cleaned. Raises as `extracted` does."""
        return self._cleaning[number].result()

    @property
    def process_ids(self) -> tuple[int, ...]:
        """The workers on this machine that are there now."""
        return self._runner.process_ids

    def close(self) -> None:
        """End the workers."""
        self._runner.close()
