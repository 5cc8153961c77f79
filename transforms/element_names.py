"""What the mark-up says of an element: what it is a place of, and the words that name it, as hashes.

Class, id, role and the like are language of their own, much the same on pages of all languages: "entry-content",
"related", "share". The block model knows them by hash, as it knows words.
"""

from __future__ import annotations

import re
import zlib
from functools import lru_cache
from itertools import chain

from lxml.html import HtmlElement

# What an element may stand in; the bit of each is its place here.
PLACES = tuple(
    "article main section nav header footer aside form figure figcaption table list dl blockquote pre button label "  # noqa: SIM905
    "hidden dialog address details body-prop heading noscript".split()
)
_BIT = {name: 1 << number for number, name in enumerate(PLACES)}
_TAG_PLACE = {name: _BIT[name] for name in PLACES} | {f"h{level}": _BIT["heading"] for level in range(1, 7)}
_TAG_PLACE |= dict.fromkeys(("ul", "ol", "menu"), _BIT["list"])
_TAG_PLACE |= {"legend": _BIT["label"], "summary": _BIT["details"]}
_ROLE_PLACE = {
    role: _BIT[place]
    for role, place in (
        *(("navigation", "nav"), ("menu", "nav"), ("menubar", "nav"), ("complementary", "aside")),
        *(("contentinfo", "footer"), ("banner", "header"), ("dialog", "dialog"), ("alertdialog", "dialog")),
        *(("search", "form"), *((name, name) for name in ("main", "article", "button", "heading", "list"))),
        *(("table", "table"), ("form", "form")),
    )
}
# Attributes whose words name an element, and what their hashes are marked with.
_NAMING = {"class": "", "id": "", "role": "role=", "itemprop": "prop=", "rel": "rel="}
_NAMING |= {"data-testid": "", "data-component": "", "itemtype": ""}
_SAYING = {"og:type": "og=", "generator": "made="}
_DATA_TYPE = re.compile(r'"@type"\s{0,4}:\s{0,4}"(\w{1,40})"')
_DATA_CHARS = 100_000
_PAGE_NAMES = 40
_BODY_PROPS = frozenset(("articleBody", "text", "description", "reviewBody"))
_HIDING = frozenset(("hidden", "aria-hidden", "style"))
_HIDDEN_STYLE = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)
_NAME = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")
NAME_CHARS, _NAME_WORDS = 200, 12  # of one attribute


def facts_of(node: HtmlElement, tag: str) -> tuple[int, tuple[int, ...]]:
    """What an element is a place of, as bits; and the hashes of the words that name it."""
    places = _TAG_PLACE.get(tag, 0)
    names: tuple[int, ...] = ()
    for attribute, value in node.items():
        mark = _NAMING.get(attribute)
        if mark is not None:
            names += hashed(value[:NAME_CHARS], mark)
            if attribute == "role":
                places |= _ROLE_PLACE.get(value.lower(), 0)
            elif attribute == "itemprop" and value in _BODY_PROPS:
                places |= _BIT["body-prop"]
        elif attribute in _HIDING and _hides(attribute, value):
            places |= _BIT["hidden"]
    return places, names


def _hides(attribute: str, value: str) -> bool:
    if attribute == "style":
        return _HIDDEN_STYLE.search(value) is not None
    return attribute == "hidden" or value == "true"


def page_names(tree: HtmlElement) -> tuple[int, ...]:
    """Hashes of what a page says it is: the types of its data and of its previews, and what made it."""
    found: tuple[int, ...] = ()
    for script in tree.iter("script"):
        if script.get("type") == "application/ld+json" and script.text:
            types = dict.fromkeys(_DATA_TYPE.findall(script.text[:_DATA_CHARS]))
            found += tuple(name for kind in list(types)[:_NAME_WORDS] for name in hashed(kind, "data=")[:1])
    for meta in tree.iter("meta"):
        mark = _SAYING.get(meta.get("property") or meta.get("name") or "")
        if mark and (content := meta.get("content")):
            found += hashed(content[:NAME_CHARS], mark)[:2]
    return found[:_PAGE_NAMES]


@lru_cache(maxsize=1 << 14)
def hashed(value: str, mark: str) -> tuple[int, ...]:
    """Hashes of the words of a value of at most NAME_CHARS, in lower case, whole and in their parts; marked."""
    found = dict.fromkeys(chain.from_iterable([_hashes(part, mark) for part in value.split()]))
    return tuple(found)[:_NAME_WORDS]


@lru_cache(maxsize=1 << 14)
def _hashes(part: str, mark: str) -> tuple[int, ...]:
    """Of one part between spaces, whole and in its words: values are of one site, their parts are of many."""
    words = dict.fromkeys([word.lower() for word in (part, *_NAME.findall(part))])
    return tuple([zlib.crc32(f"{mark}{word}".encode("utf-8", "surrogatepass")) for word in list(words)[:_NAME_WORDS]])


@lru_cache(maxsize=1 << 12)
def link_names(address: str) -> tuple[int, ...]:
    """Hashes of what an address is about: the words of its host and of the beginning of its path."""
    if address.startswith("#"):
        return hashed("#", "href=")
    scheme, slashes, rest = address[:NAME_CHARS].partition("//")
    if not slashes:
        return hashed(scheme.partition("?")[0].replace("/", " ").replace(":", " "), "href=")[:4]
    host, _, path = rest.partition("/")
    return hashed(f"http {host.replace('.', ' ')} {path.partition('?')[0].partition('/')[0]}", "href=")
