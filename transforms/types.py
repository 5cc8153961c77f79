"""The types every stage shares: plain frozen data, no behaviour beyond what the data implies.

A document goes one way: RawDocument -> ExtractedDocument -> edits -> Article, or it ends as a Quarantined.
Offsets are always Unicode code points of the *original* (the extracted text before cleaning).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, NamedTuple

MediaType = Literal["text/html", "text/plain"]
Kind = Literal[
    "navigation",
    "promo_link",
    "related_content",
    "image_caption",
    "comment_prompt",
    "comment",
    "subscription",
    "advert",
    "share",
    "author_bio",
    "legal",
    "widget",
    "tidy",
]
Precision = Literal["day", "month", "year"]
DateRole = Literal["published", "modified"]
DateStatus = Literal["dated", "conflicting", "implausible", "undated"]


class WinnowError(Exception):
    """Base of every error of ours. The text names the thing, the value, the bound and the remedy."""


@dataclass(frozen=True, slots=True)
class RawDocument:
    """One input record, as a reader found it.

    `location` is where it came from (absolute path or URL of the file), `record_key` tells records of one file
    apart (a JSONL record's id or url, else its occurrence; empty for a file that is one document).
    `content` is bytes when the encoding is not known yet; `charset` is the encoding that came with the page (HTTP).
    `content_hash` is the SHA-256 (hex) of the payload. `title`, `author` and `published` are what the record says
    beside its content; `published` as it stands there, read later.
    """

    id: str
    location: str
    record_key: str
    source: str
    url: str | None
    fetched_at: datetime | None
    media_type: MediaType
    content: bytes | str
    content_hash: str
    content_bytes: int
    input_id: str
    title: str | None = None
    author: str | None = None
    published: str | None = None
    charset: str | None = None


@dataclass(frozen=True, slots=True)
class Quarantined:
    """An input record that could not become an article, and why. `code` is stable, `message` is for people."""

    id: str
    location: str
    record_key: str
    source: str
    url: str | None
    content_hash: str | None
    content_bytes: int
    input_id: str
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class DateCandidate:
    """One date that the page or the text shows. `date` is YYYY-MM-DD, YYYY-MM or YYYY, as long as `precision` says.

    `origin` names where it stood (json-ld, meta, time, url, byline, published-line, as-of, dateline, ...),
    `evidence` is the exact text it was read from, cut to 200 characters. `facts` are what is known about its place and
    its page ("after-headline", "comments", "og-article"): names of weights in `date_weights`, in order.
    """

    date: str
    precision: Precision
    role: DateRole
    origin: str
    evidence: str
    facts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Published:
    """The judged publication date. `date` is None exactly when `status` is undated or implausible.

    `probability` is that of the likeliest date, chosen or not; `modified` the last change that the document tells of.
    """

    date: str | None
    precision: Precision | None
    status: DateStatus
    origin: str | None
    evidence: str | None
    probability: float | None = None
    modified: str | None = None


@dataclass(frozen=True, slots=True)
class Origins:
    """Where each fact of a document stood; None where there is no such fact.

    given (by the record), json-ld, og, twitter, dublin-core, citation, meta, canonical, html (its lang), heading,
    title-tag, microdata, rel-author, byline.
    """

    title: str | None = None
    author: str | None = None
    site_name: str | None = None
    url: str | None = None
    page_language: str | None = None
    section: str | None = None


@dataclass(frozen=True, slots=True)
class Flag:
    """A judgement that holds or does not, with the evidence a person can check."""

    code: str
    evidence: str


@dataclass(frozen=True, slots=True)
class Extracted:
    """What extraction found. For text input, `text` is the input itself and `extractor` is "text".

    `page_language` is what the page declares ("en-GB"), which need not be what it is written in.
    """

    text: str
    title: str | None
    author: str | None
    site_name: str | None
    url: str | None
    extractor: str
    dates: tuple[DateCandidate, ...] = ()
    headings: tuple[str, ...] = ()
    page_language: str | None = None
    section: str | None = None
    origins: Origins = Origins()
    flags: tuple[Flag, ...] = ()


@dataclass(frozen=True, slots=True)
class ExtractedDocument:
    """A document between the two halves of its way: `raw` without its content, its source, and what was extracted."""

    raw: RawDocument
    source: str
    page: Extracted


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Half-open range [start, end) of code points, with the kind of artifact and the rule that found it.

    `probability` is 1 for a rule, which is sure or silent, and the model's own for a learned decision.
    """

    start: int
    end: int
    kind: Kind
    rule: str
    probability: float = 1.0


@dataclass(frozen=True, slots=True)
class Edit:
    """One entry of the ledger: original[start:end] == text was replaced by `replacement`."""

    start: int
    end: int
    kind: Kind
    rule: str
    text: str
    replacement: str = ""
    probability: float = 1.0


@dataclass(frozen=True, slots=True)
class Language:
    """ISO 639-1 code (zh-cn and zh-tw are both zh) and the detector's probability; code is None when undecidable."""

    code: str | None
    probability: float
    detector: str


class Signal(NamedTuple):
    """A raw measurement: a ratio, count or mean; no threshold applied. A tuple: each article has fifty."""

    name: str
    value: float


@dataclass(frozen=True, slots=True)
class Component:
    """One named part of a score: its value 0-1 and its weight (weights of one score sum to 1), and why in words."""

    name: str
    value: float
    weight: float
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class Score:
    """A judgement 0-1 with the components it is made of."""

    name: str
    value: float
    components: tuple[Component, ...] = ()


@dataclass(frozen=True, slots=True)
class SignedText:
    """What is kept of a clean text to compare it: the hash of its words, 64 bits, and its MinHash signature."""

    text_hash: int
    signature: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Article:
    """A cleaned, measured and judged document. `apply(original, edits) == text` always holds.

    `signed` is None where the text is not to be compared with others.
    """

    id: str
    article_id: str
    raw: RawDocument
    source: str
    url: str | None
    title: str | None
    author: str | None
    site_name: str | None
    extractor: str
    language: Language
    original: str
    text: str
    text_words: int
    edits: tuple[Edit, ...]
    published: Published
    dates: tuple[DateCandidate, ...]
    flags: tuple[Flag, ...]
    scores: tuple[Score, ...]
    signals: tuple[Signal, ...] = field(default=())
    signed: SignedText | None = None
    page_language: str | None = None
    section: str | None = None
    origins: Origins = Origins()
