"""Staging: the results of one batch as zstd Parquet parts, one a table, written under another name and renamed.

A part that is there is whole, so a batch whose `inputs` are there need not be done again.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from flows.watch import TOO_MUCH
from transforms.explain_score import explain_score
from transforms.types import Article, Quarantined, Score

UTC = pa.timestamp("us", tz="UTC")
# Rows of a child carry the input too: two records with one text are two articles until staging keeps one of them.
CHILD = (("article_id", pa.string()), ("input_id", pa.string()))
_SCHEMAS: dict[str, pa.Schema] = {
    "inputs": pa.schema(
        [
            *((name, pa.string()) for name in ("input_id", "document_id", "location", "record_key", "source", "url")),
            ("content_hash", pa.string()),
            ("content_bytes", pa.int64()),
            ("fetched_at", UTC),
            *((name, pa.string()) for name in ("fate", "article_id", "ruleset_version")),
        ]
    ),
    "articles": pa.schema(
        [
            *((name, pa.string()) for name in ("article_id", "input_id", "document_id", "source", "url", "title")),
            *((name, pa.string()) for name in ("author", "site_name", "page_language", "section")),
            *((f"{name}_origin", pa.string()) for name in ("title", "author", "site_name", "url")),
            *((name, pa.string()) for name in ("page_language_origin", "section_origin", "language")),
            ("language_probability_ratio", pa.float64()),
            ("language_detector", pa.string()),
            ("published_on", pa.date32()),
            *((f"published_{name}", pa.string()) for name in ("precision", "status", "origin", "evidence")),
            ("fetched_at", UTC),
            ("text", pa.string()),
            ("text_chars", pa.int64()),
            ("text_words", pa.int64()),
            ("original_chars", pa.int64()),
            ("original_hash", pa.string()),
            ("removed_chars", pa.int64()),
            ("removed_ratio", pa.float64()),
            ("extractor", pa.string()),
            ("ruleset_version", pa.string()),
        ]
    ),
    "edits": pa.schema(
        [
            *CHILD,
            ("edit_number", pa.int32()),
            ("start_char", pa.int64()),
            ("end_char", pa.int64()),
            *((name, pa.string()) for name in ("kind", "rule_id", "removed_text", "replacement")),
            ("probability_ratio", pa.float64()),
        ]
    ),
    "signals": pa.schema([*CHILD, ("name", pa.string()), ("value", pa.float64())]),
    "scores": pa.schema(
        [
            *CHILD,
            ("score", pa.string()),
            ("component", pa.string()),
            ("value_ratio", pa.float64()),
            ("weight_ratio", pa.float64()),
            ("evidence", pa.string()),
        ]
    ),
    "flags": pa.schema([*CHILD, ("code", pa.string()), ("evidence", pa.string())]),
    "date_candidates": pa.schema(
        [
            *CHILD,
            ("candidate_number", pa.int32()),
            *((name, pa.string()) for name in ("date_text", "precision", "role", "origin", "evidence")),
        ]
    ),
    "quarantine": pa.schema(
        [
            *((name, pa.string()) for name in ("input_id", "document_id", "location", "record_key", "content_hash")),
            ("content_bytes", pa.int64()),
            ("code", pa.string()),
            ("message", pa.string()),
        ]
    ),
}
Row = tuple[object, ...]


def write_parts(
    results: Sequence[Article | Quarantined], folder: Path, name: str, *, ruleset: str, too_much: str, decided_by: str
) -> None:
    """Write `folder/<table>/<name>.parquet` for every table; rows in the order of the results.

    `ruleset` made the articles. `decided_by` decided the fate of the inputs (the ruleset, unless it met them without
    their payload), `too_much` (ruleset and bounds) that of those that took too much.
    """
    articles = [r for r in results if isinstance(r, Article)]
    quarantined = [r for r in results if isinstance(r, Quarantined)]
    rows: tuple[tuple[str, Iterable[Row]], ...] = (
        ("articles", (_article_row(a, ruleset) for a in articles)),
        ("edits", (row for a in articles for row in _edit_rows(a))),
        ("signals", ((*_ids(a), s.name, s.value) for a in articles for s in a.signals)),
        ("scores", (row for a in articles for s in a.scores for row in _score_rows(a, s))),
        ("flags", dict.fromkeys((*_ids(a), f.code, f.evidence) for a in articles for f in a.flags)),
        ("date_candidates", (row for a in articles for row in _date_rows(a))),
        ("quarantine", (_quarantine_row(q) for q in quarantined)),
        # Last: where a batch's inputs are, all its other parts are.
        ("inputs", (_input_row(r, too_much if _is_too_much(r) else decided_by) for r in results)),
    )
    for table, table_rows in rows:
        write_table(folder / table / f"{name}.parquet", _SCHEMAS[table], list(table_rows))


def write_table(path: Path, schema: pa.Schema, rows: list[Row]) -> None:
    """One Parquet file, zstd, whole as soon as it is there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(schema)
    table = pa.table([pa.array(column, field.type) for column, field in zip(columns, schema, strict=True)], schema)
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    pq.write_table(table, partial, compression="zstd")
    partial.replace(path)


def count_rows(path: Path) -> int:
    """How many rows a Parquet file has; its data is not read."""
    return int(pq.read_metadata(path).num_rows)


def _is_too_much(result: Article | Quarantined) -> bool:
    return isinstance(result, Quarantined) and result.code in TOO_MUCH


def _input_row(result: Article | Quarantined, ruleset: str) -> Row:
    if isinstance(result, Article):
        raw = result.raw
        return (
            *(raw.input_id, raw.id, raw.location, raw.record_key, result.source, result.url),
            *(raw.content_hash, raw.content_bytes, raw.fetched_at, "article", result.article_id, ruleset),
        )
    return (
        *(result.input_id, result.id, result.location, result.record_key, result.source, result.url),
        *(result.content_hash, result.content_bytes, None, "quarantine", None, ruleset),
    )


def _article_row(article: Article, ruleset: str) -> Row:
    published, origins = article.published, article.origins
    removed = sum(e.end - e.start for e in article.edits)
    return (
        *(article.article_id, article.raw.input_id, article.id, article.source, article.url, article.title),
        *(article.author, article.site_name, article.page_language, article.section),
        *(origins.title, origins.author, origins.site_name, origins.url, origins.page_language, origins.section),
        *(article.language.code, article.language.probability, article.language.detector),
        *(_first_day(published.date), published.precision, published.status),
        *(published.origin, published.evidence, article.raw.fetched_at, article.text, len(article.text)),
        *(article.text_words, len(article.original), _sha256(article.original), removed),
        *(removed / len(article.original), article.extractor, ruleset),
    )


def _ids(article: Article) -> tuple[str, str]:
    return article.article_id, article.raw.input_id


def _edit_rows(article: Article) -> Iterator[Row]:
    for number, edit in enumerate(article.edits, 1):
        place = (*_ids(article), number, edit.start, edit.end)
        yield (*place, edit.kind, edit.rule, edit.text, edit.replacement, edit.probability)


def _score_rows(article: Article, score: Score) -> Iterator[Row]:
    yield (*_ids(article), score.name, "total", score.value, 1.0, explain_score(score))
    for part in score.components:
        yield (*_ids(article), score.name, part.name, part.value, part.weight, part.evidence)


def _date_rows(article: Article) -> Iterator[Row]:
    for number, found in enumerate(article.dates, 1):
        yield (*_ids(article), number, found.date, found.precision, found.role, found.origin, found.evidence)


def _quarantine_row(record: Quarantined) -> Row:
    return (
        *(record.input_id, record.id, record.location, record.record_key, record.content_hash),
        *(record.content_bytes, record.code, record.message),
    )


def _first_day(text: str | None) -> date | None:
    """2025-03 becomes 2025-03-01, 2025 becomes 2025-01-01."""
    return date.fromisoformat((text + "-01-01")[:10]) if text else None


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
