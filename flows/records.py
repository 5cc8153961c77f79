"""The output of `winnow clean`: one JSON object a document, as DESIGN's contract has it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import TYPE_CHECKING

from flows.user_rules import RuleFile, rules_of
from flows.watch import UNWATCHED, Watch
from transforms.types import Article, Origins, Quarantined, RawDocument

if TYPE_CHECKING:  # the workers' to load: their masks know all month names
    from transforms.templates import TemplatesBySource


@dataclass(frozen=True, slots=True)
class Cleaning:
    """What a worker needs beside its documents, to clean each in one go."""

    now: datetime
    langdetect_only: bool = False
    rule_file: RuleFile | None = None
    templates: TemplatesBySource = field(default_factory=dict)


def clean_to_lines(
    records: Iterable[RawDocument | Quarantined], cleaning: Cleaning, watch: Watch = UNWATCHED
) -> tuple[tuple[str, bool], ...]:
    """A JSON line for each record, in order, and whether it is an article."""
    from transforms.pipeline import Settings, process, quarantine  # noqa: PLC0415 - the workers' to load

    rules, settings = rules_of(cleaning.rule_file), Settings(langdetect_only=cleaning.langdetect_only)
    results = (
        r
        if isinstance(r, Quarantined)
        else quarantine(r, stopped.code, stopped.message)
        if stopped
        else process(r, cleaning.now, settings, rules, cleaning.templates)
        for r, stopped in watch.over(records)
    )
    return tuple((render_line(result), isinstance(result, Article)) for result in results)


def render_line(result: Article | Quarantined) -> str:
    """One line of JSON; text beyond ASCII stays readable."""
    record = _article(result) if isinstance(result, Article) else _failure(result)
    return json.dumps(record, ensure_ascii=False)


def _failure(record: Quarantined) -> dict[str, object]:
    return {"id": record.id, "error": {"code": record.code, "message": record.message}}


def _metadata(article: Article) -> dict[str, dict[str, str | None]]:
    """Every fact with where it stood; both are null where there is none."""
    return {
        fact.name: {"value": getattr(article, fact.name), "origin": getattr(article.origins, fact.name)}
        for fact in fields(Origins)
    }


def _article(article: Article) -> dict[str, object]:
    published = article.published
    return {
        "id": article.id,
        "url": article.url,
        "title": article.title,
        "author": article.author,
        "metadata": _metadata(article),
        "source": article.source,
        "language": article.language.code,
        "language_probability": round(article.language.probability, 4),
        "extractor": article.extractor,
        "original": article.original,
        "text": article.text,
        "removals": [
            {
                "start": edit.start,
                "end": edit.end,
                "kind": edit.kind,
                "rule": edit.rule,
                "text": edit.text,
                "replacement": edit.replacement,
                **({"probability": round(edit.probability, 4)} if edit.probability < 1 else {}),
            }
            for edit in article.edits
        ],
        "published": {
            "date": published.date,
            "precision": published.precision,
            "status": published.status,
            "origin": published.origin,
            "evidence": published.evidence,
            "probability": None if published.probability is None else round(published.probability, 4),
            "modified": published.modified,
        },
        "flags": [{"code": flag.code, "evidence": flag.evidence} for flag in article.flags],
        "scores": {score.name: round(score.value, 4) for score in article.scores},
        "components": [
            {
                "score": s.name,
                "name": c.name,
                "value": round(c.value, 4),
                "weight": round(c.weight, 4),
                "evidence": c.evidence,
            }
            for s in article.scores
            for c in s.components
        ],
        "signals": {signal.name: round(signal.value, 6) for signal in article.signals},
    }
