"""Dates that a reader of the page sees, each with its place: time elements, microdata, lines that hold a year.

Nothing is dropped for standing in a comment or a side column; the candidate's facts say where it stood.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from itertools import chain, islice

from lxml.html import HtmlElement

from transforms.date_names import WrittenDate, find_written_dates, month_comes_first
from transforms.date_nodes import (
    TextNode,
    dated_nodes,
    element_of,
    find_century_nodes,
    find_date_spans,
    find_other_nodes,
    find_short_nodes,
    line_around,
)
from transforms.date_values import EVIDENCE_CHARS, VALUE_CHARS, read_value
from transforms.dates_relative import find_relative_dates
from transforms.dates_stated import name_role, stated_candidate
from transforms.dates_text import find_copyright, find_told_dates
from transforms.page_regions import ELSEWHERE, LINE_CHARS, Regions, visible_text, words
from transforms.types import DateCandidate, DateRole

_COPYRIGHT = re.compile(r"©|\(c\)|copyright", re.IGNORECASE)
_DATE_WORDS = words(
    "date datum fecha dateline pubdate published publish posted created timestamp datetime time zeit data",
)
_BYLINE_WORDS = words("byline author meta info autor credit details")
_TIMED_TAGS = ("time", "abbr", "meta", "relative-time", "time-ago", "date")
_ASIDE = ELSEWHERE | {"card"}
_DIGIT = re.compile(r"\d")
_SENTENCE_CHARS = 20
_FEW_WORDS = 5
_PROSE = ("prose",)
# Elements of a page that are read: lists of hundreds of teasers say no more than their first.
_MOST_TIMES = 30
_MOST_RELATIVE = 4


def find_visible_dates(
    tree: HtmlElement, stated: Iterable[DateCandidate], fetched_at: datetime | None
) -> Iterator[DateCandidate]:
    """Candidates of a parsed page: time and microdata elements, then lines with a year, in document order.

    Origins: time, microdata, those of `dates_text`, and visible (a date that no word tells about). Of 03/04/2025 the
    reading is taken that the page also states elsewhere (`stated`), else that of its other dates or its language.
    "3 hours ago" is read where the page shows no other date, and `fetched_at` is known.
    """
    regions = Regions(tree)
    yield from _timed(tree, regions)
    known = {candidate.date for candidate in stated}
    nodes = find_century_nodes(tree)
    is_found = False
    for candidate in _on_lines(tree, regions, dated_nodes(nodes), known):
        is_found = is_found or _ASIDE.isdisjoint(candidate.facts)
        yield candidate
    if is_found or known:
        return
    yield from _on_lines(tree, regions, find_other_nodes(tree), known)
    if fetched_at:
        yield from _relative(tree, regions, fetched_at)
    yield from (found for node in nodes for found in find_copyright(node))


def _relative(tree: HtmlElement, regions: Regions, fetched_at: datetime) -> Iterator[DateCandidate]:
    nodes = (node for node in find_short_nodes(tree) if any(find_relative_dates(node, fetched_at)))
    for node in islice(nodes, _MOST_RELATIVE):
        element = element_of(node)
        if element is not None:
            levels, is_after = regions.meeting(element)
            facts = _place_facts(regions, element, levels, is_after=is_after)
            line = " ".join(node.split())
            for found in find_relative_dates(node, fetched_at):
                yield DateCandidate(found.date, found.precision, "published", "relative", line, tuple(sorted(facts)))


def _on_lines(tree: HtmlElement, regions: Regions, nodes: list[TextNode], known: set[str]) -> Iterator[DateCandidate]:
    order = _order_of_numbers(tree, nodes)
    seen: set[tuple[HtmlElement, str]] = set()
    rank = {True: 0, False: 0}
    for node in nodes:
        element = element_of(node)
        if element is None:
            continue
        holder, text = line_around(regions, element, node)
        if (holder, text) in seen:
            continue
        seen.add((holder, text))
        if found := list(_told(regions, holder, text, known, order)):
            levels, is_after = regions.meeting(holder)
            facts = _place_facts(regions, holder, levels, is_after=is_after)
            if facts.isdisjoint(_ASIDE):
                facts |= {_ranked(rank[is_after], is_after=is_after)}
                rank[is_after] += 1
            for candidate in found:
                yield _with_facts(candidate, facts)


def _ranked(rank: int, *, is_after: bool) -> str:
    side = "after" if is_after else "before"
    return f"{side}-first" if rank == 0 else f"{side}-second" if rank == 1 else f"{side}-later"


def _with_facts(candidate: DateCandidate, facts: frozenset[str]) -> DateCandidate:
    return replace(candidate, facts=tuple(sorted(facts.union(candidate.facts))))


def _place_facts(regions: Regions, element: HtmlElement, levels: int, *, is_after: bool) -> frozenset[str]:
    facts = set(regions.facts(element))
    facts.add("after" if is_after else "before")
    if levels <= 2:
        facts.add("near")
    elif levels > 4:
        facts.add("far")
    if regions.is_card(element):
        facts.add("card")
    names = regions.names(element)
    parent = element.getparent()
    if parent is not None:
        names |= regions.names(parent)
    if not names.isdisjoint(_DATE_WORDS):
        facts.add("class-date")
    if not names.isdisjoint(_BYLINE_WORDS):
        facts.add("class-byline")
    return frozenset(facts)


def _timed(tree: HtmlElement, regions: Regions) -> Iterator[DateCandidate]:
    """Time elements and microdata: the value of the attribute, else the text."""
    number = 0
    rank = {True: 0, False: 0}
    for element in chain(tree.iter(*_TIMED_TAGS), find_date_spans(tree)):
        prop = element.get("itemprop") or ""
        is_microdata = prop.startswith("date")
        if not is_microdata and element.tag == "meta":
            continue
        value = element.get("datetime") or element.get("content") or element.get("title")
        if not value or not _DIGIT.search(value):
            value = visible_text(element, VALUE_CHARS)
        if not _DIGIT.search(value) or read_value(value) is None:
            continue
        parent = element.getparent()
        names = f"{prop} {element.get('class') or ''} {parent.get('class') or '' if parent is not None else ''}"
        role: DateRole = "modified" if name_role(names) == "modified" else "published"
        levels, is_after = regions.meeting(element)
        facts = _place_facts(regions, element, levels, is_after=is_after)
        if element.get("pubdate") is not None or "datePublished" in prop:
            facts |= {"pubdate"}
        if facts.isdisjoint(_ASIDE):
            facts |= {_ranked(rank[is_after], is_after=is_after)}
            rank[is_after] += 1
        origin = "microdata" if is_microdata else "time"
        yield from stated_candidate(value, role, origin, f"<{element.tag}> {value}", facts)
        number += 1
        if number == _MOST_TIMES:
            break


def _order_of_numbers(tree: HtmlElement, nodes: list[TextNode]) -> bool | None:
    """Whether the page writes the month first: from its sure dates, else from its language."""
    order = month_comes_first("\n".join(nodes))
    if order is not None:
        return order
    language = (tree.get("lang") or "").lower().replace("_", "-")
    if not language:
        return None
    return language in ("en", "en-us") if language.startswith("en") else False


def _told(
    regions: Regions, holder: HtmlElement, text: str, known: set[str], order: bool | None
) -> Iterator[DateCandidate]:
    """The dates of a line; those that its words do not tell about are "visible", for the place to speak for them."""
    found = sorted(_written(text, known, order), key=lambda d: d.start)
    told = find_told_dates(text, found)
    names = " ".join(sorted(regions.names(holder)))
    for candidate in told:
        if candidate.role == "published" and name_role(names) == "modified":
            yield replace(candidate, facts=("class-modified",))
        else:
            yield candidate
    if len(text) <= LINE_CHARS and not _COPYRIGHT.search(text):
        dates = {candidate.date for candidate in told}
        line = " ".join(text.split())[:EVIDENCE_CHARS]
        for d in found[:2]:
            beside = _beside(text, d)
            if d.date not in dates and d.precision == "day" and beside != _PROSE:
                yield DateCandidate(d.date, d.precision, "published", "visible", line, beside)


def _beside(text: str, written: WrittenDate) -> tuple[str, ...]:
    """Whether a date begins or ends its line, stands within it, among many words, or in a sentence of its own."""
    before = text[: written.start].rpartition("\n")[2].strip()
    after = text[written.end :].partition("\n")[0].strip()
    if not before and not after:
        return ("alone",)
    if len(before) + len(after) > _SENTENCE_CHARS and (after or before).endswith((".", "!", "?", "…", "。", "؟", "।")):
        return _PROSE
    place = "starts-line" if not before else "ends-line" if not after else "within"
    return (place, "wordy") if len(before.split()) + len(after.split()) > _FEW_WORDS else (place,)


def _written(text: str, known: set[str], order: bool | None) -> Iterator[WrittenDate]:
    """The dates of a text; of 03/04/2025 the reading that the page also states for machines, if it states one."""
    for found in find_written_dates(text, month_first=order):
        written = text[found.start : found.end]
        if found.date in known or any(map(str.isalpha, written)):
            yield found
            continue
        readings = (next(find_written_dates(written, month_first=is_first), None) for is_first in (True, False))
        stated = (d.date for d in readings if d and d.date in known)
        if (day := next(stated, None)) is None and "." in written:
            day = next((d for d in (_swapped(found.date),) if d in known), None)
        yield WrittenDate(found.start, found.end, day, "day") if day else found


def _swapped(day: str) -> str:
    """2025-04-03 for 2025-03-04: dots with the month first are rare, but there are some."""
    return f"{day[:4]}-{day[8:]}-{day[5:7]}"
