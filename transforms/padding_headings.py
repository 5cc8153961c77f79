"""Traces in headings: many of them, in the shape of search queries, and over sections that restate."""

from __future__ import annotations

import re

from transforms.padding_page import PaddingPage, Trace, times
from transforms.padding_words import ENGLISH_QUERY_WORDS, OTHER_QUERY_WORDS, RESTATING_SECTIONS
from transforms.words import lower_words, words_of

SECTION_CHARS = 60
_QUESTION_MARKS = ("?", "？", "؟")
_NUMBERED = re.compile(r"[\W\d]*")


def query_headings(page: PaddingPage) -> Trace:
    """Share of headings (0-1) in the shape of a search query: a question mark, or a question word in front."""
    words = ENGLISH_QUERY_WORDS if page.in_english else OTHER_QUERY_WORDS
    found = [heading for heading in page.headings if heading.endswith(_QUESTION_MARKS) or _first_word(heading) in words]
    example = f' ("{found[0]}")' if found else ""
    evidence = f"{len(found)} of {len(page.headings)} headings are search queries{example}"
    return Trace("query_headings", page.of_headings(len(found)), evidence)


def heading_density(page: PaddingPage) -> Trace:
    """Headings per 1,000 words."""
    return Trace("heading_density", page.per_1000(len(page.headings)), times(len(page.headings), "heading"))


def summary_sections(page: PaddingPage) -> Trace:
    """Sections that restate: conclusion, key takeaways, FAQ. A count."""
    found = [
        line
        for line in page.lines
        if len(line) < SECTION_CHARS and line.lower().removeprefix("in ").startswith(RESTATING_SECTIONS)
    ]
    return Trace("summary_sections", len(found), f"sections that restate: {', '.join(found[:3]) or 'none'}")


def _first_word(heading: str) -> str:
    number = _NUMBERED.match(heading)
    words = lower_words(words_of(heading[number.end() if number else 0 :][:40]))
    return words[0].partition("'")[0] if words else ""
