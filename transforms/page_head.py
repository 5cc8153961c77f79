"""The elements of a page that say something about it, gathered in one pass over the parsed tree."""

from __future__ import annotations

import html
from collections.abc import Iterable
from dataclasses import dataclass, field

from lxml.html import HtmlElement

_FAMILIES = (
    ("og:", "og"),
    ("article:", "og"),
    ("twitter:", "twitter"),
    ("dc.", "dublin-core"),
    ("dcterms.", "dublin-core"),
    ("citation_", "citation"),
)
_NAMES = ("property", "name", "http-equiv", "itemprop")  # of a meta tag, whichever comes first
_LANGUAGES = ("lang", "xml:lang", "{http://www.w3.org/XML/1998/namespace}lang")


@dataclass(frozen=True, slots=True)
class Found:
    """A value as the page gives it, and its origin; both empty where there is none."""

    value: str = ""
    origin: str = ""


@dataclass(slots=True)
class PageHead:
    """Meta tags by name in lower case, entities decoded; links by rel; the h1 and the ld+json scripts in page order."""

    metas: dict[str, list[str]] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)
    scripts: list[HtmlElement] = field(default_factory=list)
    headings: list[HtmlElement] = field(default_factory=list)
    title: str = ""
    language: str = ""

    def tag(self, name: str) -> Found:
        """The first meta tag of a name."""
        values = self.metas.get(name)
        return Found(values[0], tag_family(name)) if values else Found()

    def tags(self, names: Iterable[str]) -> tuple[Found, ...]:
        """The same for several names, in their order."""
        return tuple(self.tag(name) for name in names if name in self.metas)


def read_head(tree: HtmlElement) -> PageHead:
    """Gather; nothing is judged yet."""
    head = PageHead()
    for element in tree.iter("html", "meta", "link", "script", "title", "h1"):
        match element.tag:
            case "meta":
                _add_meta(head, element)
            case "script":
                if "ld+json" in (element.get("type") or "").lower():
                    head.scripts.append(element)
            case "link":
                head.links.setdefault((element.get("rel") or "").lower(), element.get("href") or "")
            case "title":
                head.title = head.title or html.unescape(element.text or "")
            case "h1":
                head.headings.append(element)
            case _:
                head.language = next((value for name in _LANGUAGES if (value := element.get(name))), "")
    return head


def tag_family(name: str) -> str:
    """The kind of a meta tag: og, twitter, dublin-core, citation, or meta for the rest."""
    return next((family for start, family in _FAMILIES if name.startswith(start)), "meta")


def _add_meta(head: PageHead, element: HtmlElement) -> None:
    name = next((value for key in _NAMES if (value := element.get(key))), "")
    value = element.get("content")
    if name and value and not value.isspace():
        head.metas.setdefault(name.lower(), []).append(html.unescape(value))
