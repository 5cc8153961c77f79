"""What the JSON-LD of a page says of its article: the part of metadata that publishers keep most carefully.

Read as it comes: lists, @graph, nested and referenced nodes, entities in values, comments around the JSON, several
values in one script. Where JSON is broken, the few fields are read from it as text.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

import re2
from lxml.html import HtmlElement

Node = dict[str, object]

_ARTICLE_TYPES = ("Article", "Posting", "Report", "Recipe", "HowTo", "Review", "Question", "CreativeWork", "Chapter")
_NAMED_TYPES = ("Product", "Course", "Event", "SoftwareApplication", "Book", "Movie", "VideoObject", "Service")
# Nodes under these keys are about something other than the page.
_OTHER_THINGS = frozenset(
    "comment review reviews itemListElement hasPart mentions suggestedAnswer acceptedAnswer about citation video "  # noqa: SIM905
    "image logo potentialAction isPartOf breadcrumb offers".split()
)
_MOST_NODES = 2_000  # a catalogue of products has more; the article stands before them
_DEEPEST = 12
_WRAPPING = re.compile(
    r"^\s*(?:<!--|//\s*<!\[CDATA\[|/\*\s*<!\[CDATA\[\s*\*/|<!\[CDATA\[)|(?:-->|//\s*\]\]>|/\*\s*\]\]>\s*\*/|\]\]>)\s*$"
)
_STRING = r'"((?:[^"\\]|\\.)*)"'
_BROKEN_HEADLINE = re2.compile(r'"headline"\s*:\s*' + _STRING)
_BROKEN_AUTHOR = re2.compile(r'"author"\s*:\s*(?:[\[{][^\]}]*?"name"\s*:\s*' + _STRING + "|" + _STRING + ")")
_TRAILING_COMMA = re2.compile(r",\s*([}\]])")
_DECODER = json.JSONDecoder(strict=False)


@dataclass(frozen=True, slots=True)
class LinkedFacts:
    """Values as the page gives them, entities decoded. `name` is that of a thing that is no article (a product)."""

    headline: str = ""
    name: str = ""
    authors: tuple[str, ...] = ()
    site_name: str = ""
    publisher: str = ""
    url: str = ""
    language: str = ""
    section: str = ""


def read_json_ld(scripts: list[HtmlElement]) -> LinkedFacts:
    """The facts of a page's ld+json scripts; of several articles the first, outermost one counts."""
    texts = [script.text for script in scripts if script.text]
    nodes: list[Node] = []
    broken: list[str] = []
    for text in texts:
        found, is_whole = _parse(text)
        for value in found:
            nodes.extend(_walk(value))
        if not is_whole:
            broken.append(text)
    by_id = {name: node for node in nodes if isinstance(name := node.get("@id"), str) and "name" in node}
    article = next((node for node in nodes if _is_a(node, _ARTICLE_TYPES)), {})
    page = next((node for node in nodes if _is_a(node, ("WebPage", "Page"))), {})
    site = next((node for node in nodes if _is_a(node, ("WebSite",))), {})
    thing = next((node for node in nodes if _is_a(node, _NAMED_TYPES)), {})
    owner = next((node for node in nodes if _is_a(node, ("Organization", "Corporation"))), {})
    facts = LinkedFacts(
        headline=_text(article, "headline") or _text(article, "name"),
        name=_text(thing, "name"),
        authors=_names(article.get("author") or article.get("creator"), by_id) or _names(page.get("author"), by_id),
        site_name=_text(site, "name"),
        publisher=next(iter(_names(article.get("publisher"), by_id)), "") or _text(owner, "name"),
        url=_text(article, "url") or _text(page, "url"),
        language=_text(article, "inLanguage") or _text(page, "inLanguage"),
        section=_text(article, "articleSection"),
    )
    return facts if article or not broken else _read_broken("\n".join(broken), facts)


def _parse(text: str) -> tuple[list[object], bool]:
    """The JSON values in a script, and whether that is all of it."""
    text = _WRAPPING.sub("", text).strip().rstrip(";").rstrip()
    if "&quot;" in text[:40]:
        text = html.unescape(text)
    values: list[object] = []
    at = 0
    while at < len(text):
        try:
            value, at = _DECODER.raw_decode(text, at)
        except (ValueError, RecursionError):
            repaired = _TRAILING_COMMA.sub(r"\1", text)
            if values or repaired == text:
                return values, False
            text, at = repaired, 0
            continue
        values.append(value)
        while at < len(text) and (text[at].isspace() or text[at] in ",;"):
            at += 1
    return values, True


def _walk(value: object) -> Iterator[Node]:
    """The nodes in a value, outermost first, level by level."""
    level = [value]
    left = _MOST_NODES
    for _ in range(_DEEPEST):
        below: list[object] = []
        for item in level:
            if isinstance(item, list):
                below.extend(item)
            elif isinstance(item, dict):
                yield item
                below.extend(v for k, v in item.items() if isinstance(v, (dict, list)) and k not in _OTHER_THINGS)
            left -= 1
            if left <= 0:
                return
        level = below


def _is_a(node: Node, endings: tuple[str, ...]) -> bool:
    kind = node.get("@type")
    kinds = kind if isinstance(kind, list) else [kind]
    return any(isinstance(name, str) and name.endswith(endings) for name in kinds)


def _text(node: Node, key: str) -> str:
    value = node.get(key)
    if isinstance(value, list):
        value = next((item for item in value if isinstance(item, (str, dict))), None)
    if isinstance(value, dict):
        value = value.get("name") or value.get("@value")
    return html.unescape(value) if isinstance(value, str) else ""


def _names(value: object, by_id: dict[str, Node]) -> tuple[str, ...]:
    """Names of people or organisations: text, a node, a reference to one, or a list of these."""
    names: list[str] = []
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, str):
            names.append(html.unescape(item))
        elif isinstance(item, dict):
            node = item if "name" in item else by_id.get(str(item.get("@id")), item)
            names.append(_text(node, "name"))
    return tuple(dict.fromkeys(name for name in names if name))


def _read_broken(text: str, facts: LinkedFacts) -> LinkedFacts:
    headline, author = _BROKEN_HEADLINE.search(text), _BROKEN_AUTHOR.search(text)
    name = _unquote(author[1] or author[2] or "") if author else ""
    return LinkedFacts(
        headline=_unquote(headline[1]) if headline else facts.headline,
        name=facts.name,
        authors=(name,) if name else facts.authors,
        site_name=facts.site_name,
        publisher=facts.publisher,
        url=facts.url,
        language=facts.language,
        section=facts.section,
    )


def _unquote(text: str) -> str:
    """A JSON string without its quotes; as it stands where its escapes are wrong."""
    try:
        value = json.loads(f'"{text}"', strict=False)
    except ValueError:
        value = text
    return html.unescape(str(value))
