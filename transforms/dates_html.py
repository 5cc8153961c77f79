"""Publication dates of a page: JSON-LD, meta tags, time and date elements, the lines at the headline, the address.

Roles are kept apart: a page that says only when it was changed is not made to say when it was published. Dates of
comments, of teasers for other articles and of media are left out. Broken mark-up and broken JSON are no errors.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace

from lxml.html import HtmlElement

from transforms.date_names import WrittenDate, day_date, find_written_dates, month_comes_first
from transforms.dates_text import EVIDENCE_CHARS, find_text_dates
from transforms.page_regions import find_headline, is_elsewhere, region_words, text_after, visible_text, words
from transforms.types import DateCandidate, DateRole

# Names of meta tags, properties and classes, with everything but letters taken out.
_PUBLISHED_NAME = re.compile(
    r"pub\w*(?:date|time)|(?:date|time)\w*pub|published?$|date\w*issued|issued$|created?$|datecreated|createdat|posted"
    r"|sailthrudate|^date$|^dc(?:terms)?date$|citation\w*date|postdate|articledate|displaydate|entrydate|^timestamp$|msdate"
)
_MODIFIED_NAME = re.compile(r"modif|updat|revis|lastmod|lastchange|edited")
_OTHER_NAME = re.compile(
    r"expir|upload|event|start|end|avail|valid|birth|copyright|verif|comment|access|embargo|unpublish"
)
# Classes and ids of elements that may hold a visible date, and words of those that say they do.
_DATE_CLASS = re.compile(
    r"date|datum|fecha|byline|publish|posted|timestamp|meta|info|created|author|credit|zeit|time|day", re.IGNORECASE
)
_DATE_WORDS = words("date datum fecha dateline pubdate published publish posted created timestamp datetime zeit")
_ARTICLE_TYPE = re.compile(r"(?:Article|Posting|Report|Review|Recipe|BlogPost|CreativeWork|HowTo)$")
_NOT_OF_THE_PAGE = words(
    "comment hasPart isPartOf mentions video image itemListElement about author publisher citation review", "reviews"
)
_JSON_ROLES: tuple[tuple[str, DateRole], ...] = (("datePublished", "published"), ("dateModified", "modified"))
_JSON_DATE = re.compile(r'"date(Published|Modified)"\s{0,9}:\s{0,9}"([^"]{8,40})"')
_JSON_DEPTH = 8
_COMPACT = re.compile(r"\s{0,9}((?:19|20)\d\d)(\d\d)(\d\d)(?:T?\d{4,6}|\Z)")
_URL_DAY = re.compile(r"(?<!\d)((?:19|20)\d\d)([/_.-]?)(\d\d)\2(\d\d)(?!\d)|/((?:19|20)\d\d)/(\d\d?)/(\d\d?)(?=/)")
_URL_MONTH = re.compile(r"/((?:19|20)\d\d)[/-](0[1-9]|1[0-2])(?=/)")
# Code points: a value that is one date, an element that holds a date, the text from the headline on.
_VALUE_CHARS = 60
_ELEMENT_CHARS = 200
_HEADLINE_CHARS = 2500


def find_html_dates(tree: HtmlElement, url: str | None) -> tuple[DateCandidate, ...]:
    """Date candidates of a parsed page and its address. Origins: json-ld (article), json-ld-page, meta, microdata,
    time, visible (an element whose class says date), headline (text at the headline), url, and modified-line."""
    headline = find_headline(tree)
    text = text_after(headline, _HEADLINE_CHARS) if headline is not None else ""
    candidates = (
        *_json_ld(tree),
        *_meta(tree),
        *_elements(tree, text),
        *_from_text(text, "headline", text),
        *_address(url or _canonical(tree)),
    )
    firsts: dict[tuple[str, str, str], DateCandidate] = {}
    for candidate in candidates:
        firsts.setdefault((candidate.date, candidate.role, candidate.origin), candidate)
    return tuple(firsts.values())


def _read(value: str) -> WrittenDate | None:
    """The one date that an attribute or a JSON string is."""
    if m := _COMPACT.match(value):
        iso = day_date(int(m[1]), int(m[2]), int(m[3]))
        return WrittenDate(m.start(1), m.end(3), iso, "day") if iso else None
    value = value[:_VALUE_CHARS]
    return next(find_written_dates(value, month_first=month_comes_first(value)), None)


def _candidate(value: str, role: DateRole, origin: str, evidence: str) -> Iterator[DateCandidate]:
    if found := _read(value):
        yield DateCandidate(found.date, found.precision, role, origin, " ".join(evidence.split())[:EVIDENCE_CHARS])


def _from_text(text: str, origin: str, context: str) -> Iterator[DateCandidate]:
    for found in find_text_dates(text, context=context):
        yield replace(found, origin=origin) if found.role == "published" else found


def _role(name: str) -> DateRole | None:
    """The role that the name of a tag, property or class gives a date."""
    letters = re.sub(r"[^a-z]", "", name.lower())
    if _OTHER_NAME.search(letters):
        return None
    return "modified" if _MODIFIED_NAME.search(letters) else "published" if _PUBLISHED_NAME.search(letters) else None


def _json_ld(tree: HtmlElement) -> Iterator[DateCandidate]:
    for script in tree.iter("script"):
        if "ld+json" not in (script.get("type") or "").lower() or not script.text:
            continue
        try:
            node = json.loads(script.text.strip().removeprefix("<!--").removesuffix("-->"), strict=False)
        except (ValueError, RecursionError):
            for m in _JSON_DATE.finditer(script.text):
                yield from _candidate(m[2], "modified" if m[1] == "Modified" else "published", "json-ld", m[0])
        else:
            yield from _walk(node, _JSON_DEPTH)


def _walk(node: object, depth: int) -> Iterator[DateCandidate]:
    """The dates of article-like nodes, outermost first; those of parts, comments and media are theirs alone."""
    if isinstance(node, dict):
        types = node.get("@type")
        names = [name for name in (types if isinstance(types, list) else [types]) if isinstance(name, str)]
        is_article = any(_ARTICLE_TYPE.search(name) for name in names)
        if is_article or any(name.endswith("Page") for name in names):
            origin = "json-ld" if is_article else "json-ld-page"
            for key, role in _JSON_ROLES:
                if isinstance(value := node.get(key), str):
                    yield from _candidate(value, role, origin, f'"{key}": "{value}"')
        inner = [value for key, value in node.items() if key not in _NOT_OF_THE_PAGE]
    else:
        inner = node if isinstance(node, list) else []
    for value in inner if depth else ():
        yield from _walk(value, depth - 1)


def _meta(tree: HtmlElement) -> Iterator[DateCandidate]:
    for meta in tree.iter("meta"):
        name = meta.get("property") or meta.get("name") or meta.get("itemprop") or ""
        value = meta.get("content") or ""
        if name and len(value) < _VALUE_CHARS and (role := _role(name)) and not is_elsewhere(meta):
            origin = "microdata" if meta.get("itemprop") else "meta"
            yield from _candidate(value, role, origin, f'<meta {name}="{value}">')


def _elements(tree: HtmlElement, context: str) -> Iterator[DateCandidate]:
    """Time elements, microdata and elements whose class says date, in document order."""
    for element in tree.iterfind(".//*"):
        prop = element.get("itemprop") or ""
        name = f"{prop} {element.get('class') or ''} {element.get('id') or ''}"
        if element.tag in ("meta", "body", "script", "link") or (element.tag != "time" and name.isspace()):
            continue
        if element.tag == "time" or prop.startswith("date"):
            if not is_elsewhere(element):
                yield from _time(element, name, "microdata" if prop.startswith("date") else "time")
        elif _DATE_CLASS.search(name):
            text = visible_text(element, 2 * _ELEMENT_CHARS)
            if 6 <= len(text) <= _ELEMENT_CHARS and any(c.isdigit() for c in text) and not is_elsewhere(element):
                yield from _visible(element, name, text, context)


def _time(element: HtmlElement, name: str, origin: str) -> Iterator[DateCandidate]:
    value = element.get("datetime") or element.get("content") or element.get("title")
    value = value or visible_text(element, _VALUE_CHARS)
    parent = element.getparent()
    around = f"{name} {parent.get('class') or ''}" if parent is not None else name
    role: DateRole = "modified" if _role(around) == "modified" else "published"
    yield from _candidate(value, role, origin, f"<{element.tag}> {value}")


def _visible(element: HtmlElement, name: str, text: str, context: str) -> Iterator[DateCandidate]:
    candidates = list(_from_text(text, "visible", f"{text}\n{context}"))
    if not candidates and len(text) <= _VALUE_CHARS and not _DATE_WORDS.isdisjoint(region_words(element)):
        candidates = list(_candidate(text, "published", "visible", text))
    for candidate in candidates:
        if candidate.role == "published" and _role(name) == "modified":
            candidate = replace(candidate, role="modified", origin="modified-line")  # noqa: PLW2901
        yield candidate


def _canonical(tree: HtmlElement) -> str | None:
    links = (link.get("href") for link in tree.iter("link") if (link.get("rel") or "").lower() == "canonical")
    return next(links, None)


def _address(url: str | None) -> Iterator[DateCandidate]:
    """/2024/03/12/, 2024-03-12-slug, /20240312/ to the day, /2024/03/ to the month."""
    path = re.sub(r"^\w+://[^/]*", "", url or "")
    for m in _URL_DAY.finditer(path):
        if iso := day_date(int(m[1] or m[5]), int(m[3] or m[6]), int(m[4] or m[7])):
            yield DateCandidate(iso, "day", "published", "url", path[:EVIDENCE_CHARS])
            return
    if month := _URL_MONTH.search(path):
        yield DateCandidate(f"{month[1]}-{month[2]}", "month", "published", "url", path[:EVIDENCE_CHARS])
