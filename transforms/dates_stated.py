"""Dates that a page states for machines: JSON-LD, meta tags, its address; and what it says that it is.

Names of tags decide the role. Parts, comments, media and people of a JSON-LD node have dates of their own, which are
left out; several articles on one page are told apart by their address and headline. Broken JSON is read by pattern.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import re2
from lxml.html import HtmlElement

from transforms.date_names import day_date
from transforms.date_values import EVIDENCE_CHARS, VALUE_CHARS, read_value
from transforms.page_regions import name_words, words
from transforms.types import DateCandidate, DateRole

# Names of meta tags, properties and classes, with everything but letters taken out.
_PUBLISHED_NAME = re.compile(
    r"pub\w*(?:date|time)|(?:date|time)\w*pub|published?$|date\w*issued|issued$|created?$|datecreated|createdat|posted"
    r"|sailthrudate|^date$|^dc(?:terms)?date$|citation\w*date|postdate|articledate|displaydate|entrydate|^timestamp$|msdate"
)
_MODIFIED_NAME = re.compile(r"modif|updat|revis|lastmod|lastchange|edited")
_OTHER_NAME = re.compile(
    r"expir|upload|event|start|end|avail|valid|birth|copyright|verif|comment|access|embargo|unpublish|crawl|build"
)
_DIGIT = re.compile(r"\d")
_NOT_LETTERS = re.compile(r"[^a-z]")
_ARTICLE_TYPE = re.compile(r"(?:Article|Posting|Report|Review|Recipe|HowTo|BlogPost|Story|Question|QAPage)$")
_NEWS_TYPE = re.compile(
    r"(?:News\w{0,40}Article|BlogPosting|BlogPost|LiveBlogPosting|Reportage\w{0,40}|SocialMediaPosting|DiscussionForumPosting)$"
)
_LIST_TYPE = re.compile(r"(?:CollectionPage|ItemList|Blog|SearchResultsPage|Product|ProductGroup|Offer)$")
_NOT_OF_THE_PAGE = words(
    "comment hasPart isPartOf mentions video image itemListElement about author publisher citation review reviews",
    "blogPost blogPosts acceptedAnswer suggestedAnswer interactionStatistic associatedMedia",
)
_JSON_ROLES: tuple[tuple[str, DateRole], ...] = (
    ("datePublished", "published"),
    ("dateCreated", "published"),
    ("dateModified", "modified"),
)
_JSON_DATE = re.compile(r'"date(Published|Created|Modified)"\s{0,9}:\s{0,9}"([^"]{8,40})"')
_JSON_TYPE = re.compile(r'"@type"\s{0,9}:\s{0,9}\[?\s{0,9}"([\w:/.#]{1,80})"')
_BARE_JSON_LD = re.compile(r"\s{0,50}\{\s{0,20}\"@context\"")
_SCRIPT_DATE = re2.compile(
    r'(?i)"(?:date_?published|published_?(?:date|at|time|on)|publish_?(?:date|time)|publication_?date|pub_?date'
    r'|first_?published(?:_?at|_?date|_?time)?)\\?"\s?:\s?\\?"([^"\\]{8,40})'
)
_SCRIPT_DATES = 3  # more are a list of other articles
_JSON_DEPTH = 8
_JSON_TYPES = 60  # as many types of a script without dates are looked at
_URL_DAY = re.compile(
    r"(?<!\d)((?:19|20)\d\d)([/_.-]?)(\d\d)\2(\d\d)(?!\d)|[/-]((?:19|20)\d\d)([/-])(\d\d?)\6(\d\d?)(?![^/._-])"
    r"|/((?:19|20)\d\d)/(\d\d)(\d\d)/"
)
_URL_MONTH = re.compile(r"/((?:19|20)\d\d)[/-]?(0[1-9]|1[0-2])(?=/)")
_URL_CHARS = 1000
_HOST = re.compile(r"^\w{0,20}:?//[^/?#]*")
_SLUG_WORDS = 4


def name_role(name: str) -> DateRole | None:
    """The role that the name of a tag, property or class gives a date."""
    letters = _NOT_LETTERS.sub("", name.lower())
    if _OTHER_NAME.search(letters):
        return None
    return "modified" if _MODIFIED_NAME.search(letters) else "published" if _PUBLISHED_NAME.search(letters) else None


def stated_candidate(
    value: str, role: DateRole, origin: str, evidence: str, facts: frozenset[str] = frozenset()
) -> Iterator[DateCandidate]:
    """The candidate that an attribute or JSON string makes, if it is a date."""
    if found := read_value(value):
        line = " ".join(evidence.split())[:EVIDENCE_CHARS]
        yield DateCandidate(found.date, found.precision, role, origin, line, tuple(sorted(facts)))


def find_stated_dates(tree: HtmlElement, url: str | None) -> tuple[list[DateCandidate], set[str]]:
    """Candidates of the origins json-ld (an article), json-ld-page, meta and url, and facts on the kind of page."""
    candidates: list[DateCandidate] = []
    facts: set[str] = set()
    scripts: list[str] = []
    canonical = None
    for tag in tree.iter("meta", "script", "link", "body"):
        if tag.tag == "meta":
            _read_meta(tag, candidates, facts)
        elif tag.tag == "script":
            if script := tag.text:
                if "ld+json" in (tag.get("type") or "").lower() or _BARE_JSON_LD.match(script):
                    _read_json_ld(script, url, candidates, facts)
                else:
                    scripts.append(script)
        elif tag.tag == "body":
            facts |= _body_facts(tag)
        elif canonical is None and (tag.get("rel") or "").lower() == "canonical":
            canonical = tag.get("href")
    address = url or canonical
    facts |= _address_facts(address)
    if not any(c.role == "published" for c in candidates):
        candidates.extend(_scripted(scripts))
    candidates.extend(_address(address))
    return candidates, facts


def _read_meta(tag: HtmlElement, candidates: list[DateCandidate], facts: set[str]) -> None:
    name = tag.get("property") or tag.get("name") or tag.get("http-equiv") or ""
    value = tag.get("content") or ""
    if not name or len(value) >= VALUE_CHARS:
        return
    if name == "og:type":
        facts.add(f"og-{value.strip().lower()}" if value.strip().lower() in ("article", "website") else "og-other")
    elif name in ("author", "article:author"):
        facts.add("author")
    elif _DIGIT.search(value) and (role := name_role(name)):
        own = "article" if name.startswith("article:") else "date" if name.lower() == "date" else "named"
        candidates.extend(stated_candidate(value, role, "meta", f'<meta {name}="{value}">', frozenset({f"name-{own}"})))


def _body_facts(body: HtmlElement) -> set[str]:
    """WordPress and others name the kind of page in the classes of its body."""
    names = name_words(body.get("class") or "")
    facts = {"body-post"} if not names.isdisjoint(("single", "post", "article", "story")) else set()
    return facts | (
        {"body-page"} if not names.isdisjoint(("page", "product", "home", "category", "archive")) else set()
    )


def _read_json_ld(script: str, url: str | None, candidates: list[DateCandidate], facts: set[str]) -> None:
    if '"date' not in script:
        for number, m in enumerate(_JSON_TYPE.finditer(script)):
            facts |= _type_facts(m[1])
            if number == _JSON_TYPES:
                break
        return
    try:
        node = json.loads(script.strip().removeprefix("<!--").removesuffix("-->"), strict=False)
    except (ValueError, RecursionError):
        for m in _JSON_DATE.finditer(script):
            role: DateRole = "modified" if m[1] == "Modified" else "published"
            candidates.extend(stated_candidate(m[2], role, "json-ld", m[0], frozenset({"broken"})))
        facts.update(fact for m in _JSON_TYPE.finditer(script) for fact in _type_facts(m[1]))
    else:
        candidates.extend(_walk(node, _JSON_DEPTH, _path_of(url), facts))


def _scripted(scripts: list[str]) -> Iterator[DateCandidate]:
    """Dates in the data that a page hands to its scripts, where it states none elsewhere."""
    found: dict[str, DateCandidate] = {}
    for script in scripts:
        for m in _SCRIPT_DATE.finditer(script):
            for candidate in stated_candidate(m[1], "published", "script", m[0]):
                found.setdefault(candidate.date, candidate)
            if len(found) > _SCRIPT_DATES:
                return
    yield from found.values()


def _type_facts(name: str) -> set[str]:
    facts = {"typed-article"} if _ARTICLE_TYPE.search(name) else set()
    if _NEWS_TYPE.search(name):
        facts = {"typed-news"}
    return facts | ({"typed-list"} if _LIST_TYPE.search(name) else set())


def _walk(node: object, depth: int, path: str, facts: set[str]) -> Iterator[DateCandidate]:
    """The dates of article-like nodes, outermost first; those of parts, comments and media are theirs alone."""
    if isinstance(node, dict):
        types = node.get("@type")
        names = [name for name in (types if isinstance(types, list) else [types]) if isinstance(name, str)]
        for name in names:
            facts |= _type_facts(name)
        is_article = any(_ARTICLE_TYPE.search(name) for name in names)
        if is_article or any(name.endswith("Page") for name in names):
            own = _node_facts(node, path)
            if any(_NEWS_TYPE.search(name) for name in names):
                own |= {"news"}
            for key, role in _JSON_ROLES:
                if isinstance(value := node.get(key), str):
                    origin = "json-ld" if is_article else "json-ld-page"
                    known = own | {"created"} if key == "dateCreated" else own
                    yield from stated_candidate(value, role, origin, f'"{key}": "{value}"', known)
        inner = [value for key, value in node.items() if key not in _NOT_OF_THE_PAGE]
    else:
        inner = node if isinstance(node, list) else []
    for value in inner if depth else ():
        yield from _walk(value, depth - 1, path, facts)


def _node_facts(node: dict[str, object], path: str) -> frozenset[str]:
    """Whether a node's addresses are the page's: of several articles on a page only one is."""
    entity = node.get("mainEntityOfPage")
    entity = entity.get("@id") if isinstance(entity, dict) else entity
    given = {_path_of(value) for value in (node.get("url"), entity) if isinstance(value, str) and value}
    given -= {""}
    if not given or not path:
        return frozenset()
    return frozenset({"own-address" if path in given else "other-address"})


def _path_of(url: object) -> str:
    path = _HOST.sub("", str(url or "")[:_URL_CHARS])
    return path.partition("?")[0].partition("#")[0].rstrip("/").lower()


def _address_facts(url: str | None) -> set[str]:
    path = _path_of(url)
    if not url:
        return {"no-address"}
    if path.count("/") < 2 and len(path) < 4:
        return {"address-query" if "?" in url else "address-home"}
    last = path.rpartition("/")[2]
    return {"address-slug"} if last.count("-") + last.count("_") >= _SLUG_WORDS else {"address-short"}


def _address(url: str | None) -> Iterator[DateCandidate]:
    """/2024/03/12/, 2024-03-12-slug, /20240312/, /2024/0312/ to the day, /2024/03/ to the month."""
    path = _HOST.sub("", (url or "")[:_URL_CHARS])
    for m in _URL_DAY.finditer(path):
        year, month, day = (m[1], m[3], m[4]) if m[1] else (m[5], m[7], m[8]) if m[5] else (m[9], m[10], m[11])
        if iso := day_date(int(year), int(month), int(day)):
            yield DateCandidate(iso, "day", "published", "url", path[:EVIDENCE_CHARS])
            return
    if month_only := _URL_MONTH.search(path):
        date = f"{month_only[1]}-{month_only[2]}"
        yield DateCandidate(date, "month", "published", "url", path[:EVIDENCE_CHARS])
