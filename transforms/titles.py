"""The title of a page: which of its headings and tags is the headline, and what of it is the site's name.

Ranking, by measurement on the half of 1,497 pages of seven types on which it was developed (the words equal those of
the reference; benchmarks/metadata.py prints the other half):

1. an h1 that a title tag repeats: right on 94 of 100 such pages;
2. an h1 that begins or ends a title tag: 67 of 100;
3. where they differ, the h1 if half of its words are in the tags (a headline and its twin for search engines), else the
   tag, since an h1 that has nothing to do with it is a logo or a slogan;
4. without an h1: JSON-LD headline, og:title, twitter:title and their like, the window title, each without site name.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from transforms.page_head import Found
from transforms.site_names import SiteNames, is_site

_SEPARATOR = re.compile(r"\s+(?:[|–—·•»«:/~-]|::)\s+|\s?\|\s?")
_WORD = re.compile(r"\w+")
_LEAST_SHARED = 0.5
_SHORTEST_PART_CHARS = 8  # of a heading that begins or ends a title tag


def choose_title(headings: Sequence[str], tags: Sequence[Found], site: SiteNames) -> Found:
    """The title and its origin. `headings` are the h1 in page order, `tags` the other candidates, best first."""
    cuts = [Found(cut, tag.origin) for tag in tags if (cut := cut_site(tag.value, site))]
    whole = [_plain(tag.value) for tag in tags]
    said = {*whole, *(_plain(cut.value) for cut in cuts)}
    shown = [(text, words) for heading in headings if (words := _plain(text := cut_site(heading, site)))]
    heads = [(text, words) for text, words in shown if not is_site(text, site)]
    repeated = [text for text, words in heads if words in said] + [t for t, words in heads if _is_part(words, whole)]
    if repeated:
        return Found(repeated[0], "heading")
    if heads and _shares_words(heads[0][1], whole):
        return Found(heads[0][0], "heading")
    if cuts:
        return cuts[0]
    return next((tag for tag in tags if tag.value.strip()), Found(shown[0][0], "heading") if shown else Found())


def cut_site(text: str, site: SiteNames) -> str:
    """A title without the site's name at its end or start: "Pier rebuilt | Harbour Courier" gives "Pier rebuilt"."""
    text = " ".join(text.split())
    marks = list(_SEPARATOR.finditer(text))
    start, end = 0, len(text)
    while marks and is_site(text[marks[-1].end() : end], site):
        end = marks.pop().start()
    while marks and is_site(text[start : marks[0].start()], site):
        start = marks.pop(0).end()
    return text[start:end]


def _plain(text: str) -> str:
    return " ".join(_WORD.findall(text.lower()))


def _is_part(words: str, whole: Sequence[str]) -> bool:
    return len(words) >= _SHORTEST_PART_CHARS and any(
        tag.startswith(words + " ") or tag.endswith(" " + words) for tag in whole
    )


def _shares_words(words: str, whole: Sequence[str]) -> bool:
    said = {word for tag in whole for word in tag.split()}
    own = words.split()
    return not said or sum(word in said for word in own) >= _LEAST_SHARED * len(own)
