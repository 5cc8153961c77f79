"""What the fields of a record mean: names that scrapers and corpora use, in JSON, CSV and Parquet alike.

Recognised are those of news-please (maintext, date_publish), Scrapy items (lists of strings are joined), schema.org
and Zyte (articleBody, datePublished), trafilatura (raw_text, source-hostname), newspaper and fundus (plaintext,
publishing_date), datatrove and FineWeb (metadata.url, dump), OSCAR and Common Crawl (warc_headers.warc-target-uri,
fetch_time), RedPajama (raw_content). Case, hyphens and underscores do not count.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime

from flows.intake import Facts, Origin, Record, document_id, make_document, make_unread
from flows.seen import Seen
from transforms.decode import decode_text, replace_surrogates
from transforms.source import registered_domain
from transforms.types import MediaType, WinnowError

# For each field of ours, names in the order in which they are looked for; a dot leads into an object.
FIELDS: dict[str, tuple[str, ...]] = {
    "id": ("id", "key", "doc_id", "uuid", "warc_record_id", "warc_headers.warc_record_id"),
    "url": (
        *("url", "link", "source_url", "page_url", "canonical_url", "requested_url", "permalink", "uri"),
        *("warc_target_uri", "metadata.url", "meta.url", "warc_headers.warc_target_uri", "html.requested_url"),
        "source",
    ),
    "text": (
        *("text", "content", "body", "maintext", "article_body", "article_text", "article", "plaintext", "plain_text"),
        *("full_text", "raw_text", "raw_content"),
    ),
    "html": ("html", "raw_html", "article_html", "article_body_html", "page_html", "html.content"),
    "title": ("title", "headline", "metadata.title"),
    "author": ("author", "authors", "byline", "creator", "metadata.author"),
    "published": (
        *("published", "date_published", "date_publish", "published_at", "publish_date", "publishing_date"),
        *("publication_date", "published_date", "pub_date", "date"),
    ),
    "fetched_at": (
        *("fetched_at", "crawled_at", "date_download", "scraped_at", "fetch_time", "crawl_date", "date_crawled"),
        *("warc_date", "warc_headers.warc_date", "html.crawl_date", "metadata.date", "timestamp", "filedate"),
    ),
}
_SHORT_CHARS = 2_000  # an address, a title or a list of authors; browsers bound addresses likewise
_MOMENT_CHARS = 64
_LARGEST_NUMBER = 10**30  # an id; printing larger numbers takes time that grows with the square of their digits
# How the fields that hold an article begin when they hold a page or a piece of one.
_PAGE_STARTS = ("<!doctype", "<html", "<head", "<body", "<article", "<div", "<p>", "<p ", "<section", "<main")
_EARLIEST_EPOCH_SECONDS = 631_152_000  # 1990, before the web; smaller numbers are no times
_LATEST_EPOCH_SECONDS = 10_000_000_000  # the year 2286; larger numbers are milliseconds
Columns = tuple[tuple[str, tuple[str, ...]], ...]


class ColumnsError(WinnowError):
    """A column mapping that cannot be read: a mistake in the call."""


@dataclass(frozen=True, slots=True)
class Fields:
    """What the records of one file are read with. `columns` are the user's names; `seen` counts equal records."""

    origin: Origin
    unit: str
    columns: Columns = ()
    seen: Seen = field(default_factory=Seen)

    @property
    def names(self) -> dict[str, tuple[str, ...]]:
        """The names of each field, the user's before the recognised ones."""
        return FIELDS | {name: (*theirs, *FIELDS[name]) for name, theirs in self.columns}


def parse_columns(given: Iterable[str]) -> Columns:
    """`("text=body,url=link",)` as a mapping of our fields to a record's. Raises ColumnsError."""
    columns: dict[str, tuple[str, ...]] = {}
    for pair in (pair for text in given for pair in text.split(",") if pair.strip()):
        ours, _, theirs = (piece.strip() for piece in pair.partition("="))
        if ours not in FIELDS or not theirs:
            raise ColumnsError(
                f"{pair!r} in the columns is no FIELD=NAME with a field of {', '.join(FIELDS)}; "
                "write, for example, text=body,url=link"
            )
        columns[ours] = (*columns.get(ours, ()), theirs)
    return tuple(columns.items())


def read_record(record: Mapping[str, object], number: int, fields: Fields, payload: Callable[[], bytes]) -> Record:
    """The document of one record, or the reason why there is none. `payload` gives the record as it stood."""
    names, values, origin = fields.names, _Values(record), fields.origin
    text, html = values.content(names["text"]), values.content(names["html"])
    content = text if text is not None else html
    if content is None:
        return make_unread(
            origin,
            "no-content",
            f"{fields.unit} {number} of {origin.name} has text in none of the fields "
            f"{', '.join((*names['text'], *names['html']))}; name its field with --columns text=NAME",
            part=f"{fields.unit} {number}",
            payload=payload(),
        )
    # In FineWeb and other dumps of Common Crawl, `date` is when the page was fetched.
    fetched, published = names["fetched_at"], names["published"]
    if values.first(("dump",)):
        fetched, published = (*fetched, "date"), tuple(name for name in published if name != "date")
    url, record_id = _url(values, names["url"]), values.text(names["id"])
    facts = Facts(
        id=record_id or url or f"{document_id(origin.name)}-{number}",
        key=record_id or url or "",
        source=(registered_domain(url) if url else None) or document_id(origin.name),
        url=url,
        fetched_at=read_moment(values.first(fetched)),
        title=values.text(names["title"]),
        author=values.text(names["author"]),
        published=_stamp(values.first(published)),
    )
    media_type: MediaType = "text/html" if text is None or _is_page(content) else "text/plain"
    document = make_document(origin, facts, content, media_type)
    before = fields.seen.count_before(facts.key, document.content_hash)
    return make_document(origin, facts, content, media_type, occurrence=before) if before else document


def read_moment(value: object) -> datetime | None:
    """A time as UTC: ISO 8601, that of mail and HTTP, 14 digits, seconds or milliseconds since 1970; else None.

    A time without a zone is taken as UTC.
    """
    try:
        moment = _moment(value)
        if moment is None:
            return None
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        return None


class _Values:
    """The values of a record, by names that are compared without case, hyphens and underscores."""

    def __init__(self, record: Mapping[str, object]) -> None:
        self._values = {plain_field(name): value for name, value in reversed(list(record.items()))}

    def first(self, names: Iterable[str]) -> object:
        """The first of the fields that is there and not empty."""
        return next((value for name in names if (value := self._at(name)) not in (None, "", b"", [], {})), None)

    def text(self, names: Iterable[str]) -> str | None:
        """The first of the fields that holds a text, a whole number, or a list or an object with such in it."""
        for name in names:
            if found := _text_of(self._at(name), ", "):
                return replace_surrogates(found[:_SHORT_CHARS])
        return None

    def content(self, names: Iterable[str]) -> str | bytes | None:
        """The first of the fields that holds text, in one piece or a list of pieces; bytes where their encoding is
        still to be found out."""
        for name in names:
            value = self._at(name)
            if isinstance(value, bytes) and value:
                return value
            if not isinstance(value, int) and (found := _text_of(value, "\n")):
                return replace_surrogates(found)
        return None

    def _at(self, name: str) -> object:
        if (whole := self._values.get(plain_field(name))) is not None:
            return whole
        head, _, rest = name.partition(".")
        within = self._values.get(plain_field(head)) if rest else None
        return _Values(within)._at(rest) if isinstance(within, dict) else None  # noqa: SLF001 - the same class


def plain_field(name: object) -> str:
    """A name as names are compared."""
    return str(name).lower().replace("-", "").replace("_", "")


def _text_of(value: object, between: str) -> str | None:
    if isinstance(value, list):
        return between.join(part for item in value if (part := _piece(item)))
    return _piece(value)


def _piece(value: object) -> str | None:
    if isinstance(value, dict):
        value = value.get("name") or value.get("text")
    if isinstance(value, bytes):
        return decode_text(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value) if abs(value) < _LARGEST_NUMBER else None
    return value if isinstance(value, str) else None


def _url(values: _Values, names: Iterable[str]) -> str | None:
    """The first address; `source` is one in trafilatura's records, and a name elsewhere."""
    for name in names:
        found = values.text((name,))
        if found and (name != "source" or found.startswith(("http://", "https://"))):
            return found
    return None


def _is_page(content: str | bytes) -> bool:
    start = content[:200].decode("latin-1") if isinstance(content, bytes) else content[:200]
    return start.lstrip("\ufeff \t\r\n").lower().startswith(_PAGE_STARTS)


def _moment(value: object) -> datetime | None:
    if isinstance(value, datetime):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        seconds = value / 1000 if value > _LATEST_EPOCH_SECONDS else value
        return datetime.fromtimestamp(seconds, UTC) if seconds > _EARLIEST_EPOCH_SECONDS else None
    if not isinstance(value, str):
        return None
    value = value.strip()[:_MOMENT_CHARS]
    if value.isascii() and value.isdigit():
        return datetime.strptime(value, "%Y%m%d%H%M%S") if len(value) == 14 else _moment(int(value))  # noqa: DTZ007
    return parsedate_to_datetime(value) if value[:1].isalpha() else datetime.fromisoformat(value)


def _stamp(value: object) -> str | None:
    """The date of a record as text, for `transforms.dates_record` to read."""
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, str) and not (value.isascii() and value.isdigit() and len(value) in {10, 13}):
        return replace_surrogates(value)[:_SHORT_CHARS] or None
    moment = read_moment(value)
    return moment.isoformat() if moment else None
