"""What a page says of itself: title, authors, site, canonical address, language and section, each with its origin.

One look at the parsed tree, which is shared and not changed. Each fact has a ranking of origins, measured on half the
sites of 1,497 pages (benchmarks/metadata.py prints the other half beside trafilatura's):

- title: see transforms/titles.py;
- author: json-ld, then the author tags, then what is shown: microdata, rel=author, bylines;
- site name: og:site_name, json-ld (WebSite, then publisher), application-name;
- address: canonical link, og:url, json-ld;
- language: lang of <html>, json-ld, og:locale, content-language;
- section: article:section, json-ld, the section tags of newspapers' systems.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from urllib.parse import urljoin, urlsplit

from lxml.html import HtmlElement

from transforms.author_names import split_authors
from transforms.bylines import find_byline
from transforms.decode import replace_surrogates
from transforms.json_ld import LinkedFacts, read_json_ld
from transforms.titles import Candidate, SiteNames, choose_title, is_site
from transforms.types import Extracted, Origins

_LONGEST_CHARS = 500
_TITLE_TAGS = ("og:title", "twitter:title", "parsely-title", "sailthru.title", "dc.title", "dcterms.title", "citation_title", "headline")
_AUTHOR_TAGS = (
    "author", "article:author", "article:author_name", "og:author", "parsely-author", "sailthru.author",
    "cxenseparse:author", "byl", "dc.creator", "dcterms.creator", "citation_author", "creator",
)  # fmt: skip
_FAMILY_FIRST = frozenset(("citation_author", "dc.creator", "dcterms.creator"))
_SECTION_TAGS = ("article:section", "og:section", "parsely-section", "sailthru.section", "section", "cxenseparse:section")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8}){0,3}")

Fact = tuple[str, str]  # value and origin
Authors = tuple[tuple[str, ...], str]  # names and origin
_NOTHING: Fact = ("", "")
_NOBODY: Authors = ((), "")


def read_metadata(tree: HtmlElement, url: str | None) -> Extracted:
    """The facts of a page as an Extracted without text; `url` is where it was fetched, if known.

    A value is one line of at most 500 characters; several authors are joined by "; ".
    """
    head = _Head(tree)
    linked = read_json_ld(head.scripts)
    address = _address(head, linked, url)
    site_name = _site_name(head, linked)
    site = _site_names(site_name[0], linked, url or address[0])
    title = _title(head, linked, site)
    author = _author(tree, head, linked, site)
    language = _first(
        ((head.language, "html"), (linked.language, "json-ld"), (head.value("og:locale"), "og"),
         (head.value("content-language"), "meta"), (head.value("language"), "meta")),
        _is_language,
    )  # fmt: skip
    section = _first(((v, o) for v, o in (*head.tagged(_SECTION_TAGS[:2]), (linked.section, "json-ld"), *head.tagged(_SECTION_TAGS[2:]))))
    facts = [_clean(fact) for fact in (title, author, site_name, address, (language[0].replace("_", "-"), language[1]), section)]
    values, origins = zip(*facts, strict=True)
    return Extracted(
        text="", title=values[0], author=values[1], site_name=values[2], url=values[3], extractor="none",
        page_language=values[4], section=values[5], origins=Origins(*origins),
    )  # fmt: skip


class _Head:
    """The elements that facts are read from, gathered in one pass over the tree."""

    def __init__(self, tree: HtmlElement) -> None:
        self.metas: dict[str, list[str]] = {}
        self.links: dict[str, str] = {}
        self.scripts: list[HtmlElement] = []
        self.headings: list[HtmlElement] = []
        self.title = ""
        self.language = ""
        for element in tree.iter("html", "meta", "link", "script", "title", "h1"):
            tag = element.tag
            if tag == "meta":
                name = element.get("property") or element.get("name") or element.get("http-equiv") or element.get("itemprop")
                value = element.get("content")
                if name and value and not value.isspace():
                    self.metas.setdefault(name.lower(), []).append(html.unescape(value))
            elif tag == "script":
                if "ld+json" in (element.get("type") or "").lower():
                    self.scripts.append(element)
            elif tag == "link":
                href = element.get("href")
                if href:
                    self.links.setdefault((element.get("rel") or "").lower(), href)
            elif tag == "title":
                self.title = self.title or element.text or ""
            elif tag == "h1":
                self.headings.append(element)
            elif tag == "html":
                self.language = element.get("lang") or element.get("{http://www.w3.org/XML/1998/namespace}lang") or element.get("xml:lang") or ""

    def value(self, name: str) -> str:
        return self.metas.get(name, ("",))[0]

    def tagged(self, names: Iterable[str]) -> list[Fact]:
        return [(self.metas[name][0], _family(name)) for name in names if name in self.metas]


def _family(name: str) -> str:
    """The kind of tag: og, twitter, dublin-core, citation, or meta for the rest."""
    for start, family in (("og:", "og"), ("article:", "og"), ("twitter:", "twitter"), ("dc", "dublin-core"), ("citation_", "citation")):
        if name.startswith(start):
            return family
    return "meta"


def _first(facts: Iterable[Fact], is_good=bool) -> Fact:
    return next((fact for fact in facts if fact[0].strip() and is_good(fact[0])), _NOTHING)


def _is_language(value: str) -> bool:
    return _LANGUAGE.fullmatch(value.strip()) is not None


def _address(head: _Head, linked: LinkedFacts, url: str | None) -> Fact:
    for value, origin in ((head.links.get("canonical", ""), "canonical"), (head.value("og:url"), "og"), (linked.url, "json-ld")):
        whole = _absolute(value.strip(), url)
        if whole:
            return whole, origin
    return (url, "given") if url else _NOTHING


def _absolute(value: str, url: str | None) -> str:
    if not value:
        return ""
    try:
        whole = urljoin(url, value) if url else value
        parts = urlsplit(whole)
    except ValueError:
        return ""
    return whole if parts.scheme in ("http", "https") and "." in (parts.hostname or "") else ""


def _site_name(head: _Head, linked: LinkedFacts) -> Fact:
    return _first(
        ((head.value("og:site_name"), "og"), (linked.site_name, "json-ld"), (linked.publisher, "json-ld"),
         (head.value("application-name"), "meta"), (head.value("apple-mobile-web-app-title"), "meta"), (head.value("dc.publisher"), "dublin-core"))
    )  # fmt: skip


def _site_names(site_name: str, linked: LinkedFacts, url: str) -> SiteNames:
    names = {re.sub(r"\W+", "", name).lower() for name in (site_name, linked.site_name, linked.publisher)}
    try:
        host = (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        host = ""
    labels = host.split(".")
    at = -3 if len(labels) > 2 and len(labels[-2]) <= 3 else -2
    label = re.sub(r"\W+", "", labels[at]) if len(labels) >= 2 else ""
    names |= {re.sub(r"\W+", "", host)}
    return SiteNames(frozenset(name for name in names if name), label)


def _title(head: _Head, linked: LinkedFacts, site: SiteNames) -> Fact:
    tags = [Candidate(value, origin) for value, origin in (
        (linked.headline, "json-ld"), *head.tagged(_TITLE_TAGS), (linked.name, "json-ld"), (html.unescape(head.title), "title-tag"),
    ) if value.strip()]  # fmt: skip
    found = choose_title([text for h in head.headings if (text := _heading_text(h))], tags, site)
    return (found.value, found.origin) if found else _NOTHING


def _heading_text(heading: HtmlElement) -> str:
    """A heading's text; a space where one of its elements ends and the next begins with a capital, as in two lines."""
    text = ""
    for piece in heading.itertext():
        is_new = text[-1:].islower() and piece[:1].isupper()
        text += f" {piece}" if is_new else piece
    return " ".join(text.split()).rstrip("¶#§🔗 ")


def _author(tree: HtmlElement, head: _Head, linked: LinkedFacts, site: SiteNames) -> Fact:
    fields: list[Authors] = [(tuple(n for a in linked.authors for n in split_authors(a)), "json-ld")]
    for name in _AUTHOR_TAGS:
        if name in head.metas:
            family_first = name in _FAMILY_FIRST
            names = tuple(n for v in head.metas[name] for n in split_authors(v, is_family_first=family_first))
            fields.append((names, _family(name)))
    if "written by" in head.value("twitter:label1").lower():
        fields.append((split_authors(head.value("twitter:data1")), "twitter"))
    people = _without_site(fields, site)
    if not people[0]:  # looking through the page costs more than all of its head
        fields.append(find_byline(tree, head.headings[0] if head.headings else None))
        people = _without_site(fields[-1:], site)
    # A site of one person bears their name, and some pages say that the site itself has written them.
    names, origin = people if people[0] else next((field for field in fields if field[0]), _NOBODY)
    return "; ".join(dict.fromkeys(names)), origin


def _without_site(fields: list[Authors], site: SiteNames) -> Authors:
    """The first field that names somebody but the site itself."""
    people = ((tuple(name for name in names if not is_site(name, site)), origin) for names, origin in fields)
    return next((field for field in people if field[0]), _NOBODY)


def _clean(fact: Fact) -> tuple[str | None, str | None]:
    """One line of at most 500 characters, or None."""
    line = " ".join(replace_surrogates(fact[0]).replace("\u00ad", "").split())[:_LONGEST_CHARS]
    return (line, fact[1]) if line else (None, None)
