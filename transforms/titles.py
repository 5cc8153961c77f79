"""The title of a page: which of its headings and tags is the headline, and what of it is the site's name.

Ranking, by measurement on half the sites of 1,497 pages of seven types (word-equal with the reference; the figures of
the other half are printed by benchmarks/metadata.py):

1. an h1 that a title tag repeats, alone or with words before or after it: right in 92 of 100 where they are equal;
2. where h1 and tags differ, the h1 if it shares half of its words with them (a headline and its search-engine twin),
   else the tag, since an h1 that shares none is a logo or a slogan;
3. without an h1: JSON-LD headline, og:title, twitter:title and their like, the window title, each without site name.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_SEPARATOR = re.compile(r"\s+(?:[|–—·•»«:/~-]|::|&raquo;)\s+|\s?\|\s?")
_WORD = re.compile(r"\w+")
_LEAST_SHARED = 0.5
_SHORTEST_LABEL = 4  # a shorter host name is only the site when it is a whole word


@dataclass(frozen=True, slots=True)
class Candidate:
    """A text that may be the title, and where it stood."""

    value: str
    origin: str


@dataclass(frozen=True, slots=True)
class SiteNames:
    """How a site calls itself, without spaces and in lower case, and the labels of its host name."""

    names: frozenset[str]
    label: str = ""


def choose_title(headings: Sequence[str], tags: Sequence[Candidate], site: SiteNames) -> Candidate | None:
    """The title and its origin, or None. `headings` are the h1 in order, `tags` the other candidates, best first."""
    cuts = [Candidate(cut, tag.origin) for tag in tags if (cut := cut_site(tag.value, site))]
    keys = [(plain(cut.value), plain(tag.value)) for cut, tag in zip(cuts, tags, strict=False)]
    shown = [cut_site(text, site) for text in headings]
    heads = [(text, key) for text in shown if (key := plain(text)) and not is_site(text, site)]
    for text, key in heads:
        if any(key in pair for pair in keys):
            return Candidate(text, "heading")
    for text, key in heads:
        if any(_stands_in(key, whole) for _, whole in keys):
            return Candidate(text, "heading")
    words = {word for _, whole in keys for word in whole.split()}
    for text, key in heads[:1]:
        own = key.split()
        if not words or sum(word in words for word in own) >= _LEAST_SHARED * len(own):
            return Candidate(text, "heading")
    if cuts:
        return cuts[0]
    whole = next((tag for tag in tags if plain(tag.value)), None)
    return whole or (Candidate(headings[0], "heading") if headings else None)


def cut_site(text: str, site: SiteNames) -> str:
    """A title tag without the site's name at its end or start: "Pier rebuilt | Harbour Courier" gives "Pier rebuilt"."""
    text = " ".join(text.split())
    marks = list(_SEPARATOR.finditer(text))
    start, end = 0, len(text)
    while marks and is_site(text[marks[-1].end() : end], site):
        end = marks.pop().start()
    while marks and is_site(text[start : marks[0].start()], site):
        start = marks.pop(0).end()
    return text[start:end]


def is_site(text: str, site: SiteNames) -> bool:
    """Whether a text is the site's name, or nothing."""
    words = _WORD.findall(text.lower())
    squeezed = "".join(words)
    if not squeezed or squeezed in site.names:
        return True
    if len(squeezed) >= _SHORTEST_LABEL and any(squeezed in name for name in site.names):
        return True
    if site.label and (site.label in words or (len(site.label) >= _SHORTEST_LABEL and site.label in squeezed)):
        return len(words) <= 4
    return any(len(name) >= _SHORTEST_LABEL and name in squeezed for name in site.names) and len(words) <= 6


def plain(text: str) -> str:
    """The words of a text in lower case."""
    return " ".join(_WORD.findall(text.lower()))


def _stands_in(part: str, whole: str) -> bool:
    """Whether the words of a heading begin or end a title tag."""
    return len(part) >= 2 * _SHORTEST_LABEL and (whole.startswith(part + " ") or whole.endswith(" " + part))
