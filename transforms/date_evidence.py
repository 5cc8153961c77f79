"""What speaks for each date that a page or text shows: its candidates grouped by date, each group with named features.

A feature is there or not; `date_weights` gives each its weight, `published` chooses. benchmarks/fit_dates.py learns the
weights from the same features, so that what is learned is what is used.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from transforms.page_regions import ELSEWHERE
from transforms.types import DateCandidate, Precision

STATED = frozenset({"json-ld", "json-ld-page", "meta", "script", "record"})
PAGE_FACT = "page-"
# Of several places of one date, the one with the fewest of these is its own.
_COMMENT = "comments"
ASIDE = ELSEWHERE | {"card"}
_NOT_ITS_OWN = ASIDE | {"linked", "quoted"}
_SAYS_PUBLISHED = STATED | {"url", "published-line", "byline", "dateline"}
_DAY_CHARS, _MONTH_CHARS = len("2025-03-04"), len("2025-03")
# A page with more dates to be seen is a list or a thread; with more than the second, surely.
_MANY_DATES, _VERY_MANY_DATES = 3, 8


@dataclass(frozen=True, slots=True)
class DateEvidence:
    """One date, everything that shows it, and the names of what speaks for or against it."""

    date: str
    precision: Precision
    candidates: tuple[DateCandidate, ...]
    features: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Shown:
    """What all candidates of a page show together."""

    days: tuple[str, ...]
    firsts: dict[str, str]  # by origin
    stated: frozenset[str]
    modified: frozenset[str]
    url_months: tuple[str, ...]
    page: frozenset[str]

    @property
    def is_text(self) -> bool:
        return not self.page


def page_facts(candidates: Iterable[DateCandidate]) -> frozenset[str]:
    """The facts on the page that its candidates carry; none for a text."""
    return frozenset(fact for c in candidates for fact in c.facts if fact.startswith(PAGE_FACT))


def gather_evidence(
    candidates: Iterable[DateCandidate], page: frozenset[str]
) -> tuple[tuple[DateEvidence, ...], frozenset[str]]:
    """The dates that may be the day of publication, in order of place, and the features of there being none.

    A month or year is a date of its own only where no day within it is shown. A date that only comments show is none
    of the page's (of 14 that were chosen, 4 were right), nor is a change that only the mark-up tells of; a line
    "Updated ..." that a reader sees may stand for the publication where nothing better is there.
    """
    candidates = tuple(candidates)
    groups: dict[str, list[DateCandidate]] = {}
    for c in candidates:
        if c.role == "published" or c.origin == "modified-line":
            groups.setdefault(c.date, []).append(c)
    groups = {day: shown for day, shown in groups.items() if not all(_COMMENT in c.facts for c in shown)}
    whole = [day for day in groups if not any(other != day and other.startswith(day) for other in groups)]
    shown = _shown(candidates, whole, page)
    seen = sum(any(c.origin not in STATED and c.origin != "url" for c in groups[day]) for day in whole)
    kinds = {"page-html", *page} if page else {"page-text"}
    if seen > _MANY_DATES:
        kinds.add("page-many-dates" if seen <= _VERY_MANY_DATES else "page-very-many-dates")
    found = tuple(
        DateEvidence(
            day,
            groups[day][0].precision,
            tuple(groups[day]),
            frozenset((*_places(day, groups[day], shown), *_relations_of(day, groups[day], shown))),
        )
        for day in whole
    )
    return found, frozenset(kinds)


def _shown(candidates: tuple[DateCandidate, ...], whole: list[str], page: frozenset[str]) -> _Shown:
    published = [c for c in candidates if c.role == "published"]
    prefix = "" if page else "text:"
    firsts: dict[str, str] = {}
    for c in published:
        firsts.setdefault(_name(c, prefix), c.date)
    return _Shown(
        days=tuple(sorted(day for day in whole if len(day) == _DAY_CHARS)),
        firsts=firsts,
        stated=frozenset(c.date for c in published if c.origin in STATED),
        modified=frozenset(c.date for c in candidates if c.role == "modified" and c.origin != "modified-line"),
        url_months=tuple(c.date for c in published if c.origin == "url" and c.precision == "month"),
        page=page,
    )


def _name(candidate: DateCandidate, prefix: str) -> str:
    """The origin, and whether it is that of a comment, a teaser or furniture: a byline there is another's."""
    return f"{prefix}{candidate.origin}" if ASIDE.isdisjoint(candidate.facts) else f"aside:{candidate.origin}"


def _places(day: str, candidates: list[DateCandidate], shown: _Shown) -> Iterator[str]:
    """Where the date stands: by origin, whether first there, and of the best of the places that a reader sees."""
    prefix = "text:" if shown.is_text else ""
    for c in candidates:
        name = _name(c, prefix)
        is_first = c.role == "modified" or shown.firsts[name] == day
        yield name if is_first else f"{name}-later"
        if c.origin in STATED:
            yield from (f"{c.origin}:{fact}" for fact in c.facts if not fact.startswith(PAGE_FACT))
    kinds = {"stated" if c.origin in STATED else "url" if c.origin == "url" else "seen" for c in candidates}
    yield "+".join(sorted(kinds))
    if "seen" not in kinds:  # a page of which kind is it that does not show this date to its readers?
        yield from (f"unseen:{fact}" for fact in shown.page)
    if any(c.role == "modified" for c in candidates) and not any(c.origin in _SAYS_PUBLISHED for c in candidates):
        yield f"{prefix}only-modified"
    seen = [c for c in candidates if c.origin not in STATED and c.origin != "url"]
    yield from {"in-text", "text-top"}.intersection(fact for c in seen for fact in c.facts)
    if placed := [c for c in seen if "in-text" not in c.facts]:
        best = min(placed, key=lambda c: len(_NOT_ITS_OWN.intersection(c.facts)))
        yield from (f"seen:{fact}" for fact in best.facts if not fact.startswith(PAGE_FACT))


def _relations_of(day: str, candidates: list[DateCandidate], shown: _Shown) -> Iterator[str]:
    """How the date stands to the others; told apart where only teasers and furniture show it."""
    is_aside = not any(ASIDE.isdisjoint(c.facts) for c in candidates)
    names = _relations(day, shown)
    return (f"aside:{name}" for name in names) if is_aside else names


def _relations(day: str, shown: _Shown) -> Iterator[str]:
    """How the date stands to the others of the page."""
    if len(day) < _DAY_CHARS:
        name = "month" if len(day) == _MONTH_CHARS else "year"
        yield f"text:{name}" if shown.is_text else name
        return
    days = shown.days
    if len(days) > 1:
        yield "earliest" if day == days[0] else "latest" if day == days[-1] else "between"
    if day in shown.modified:
        yield "also-modified"
    elif shown.modified and day > max(shown.modified):
        yield "after-modified"
    if shown.stated and day not in shown.stated:
        is_after = day > min(shown.stated)
        yield "after-stated" if is_after else "before-stated"
        if is_after and day in shown.modified:
            yield "seen-as-modified"
    if shown.url_months:
        yield "url-month-agrees" if day.startswith(shown.url_months[0]) else "url-month-differs"
    # The same hour told in two time zones: a day for machines beside another for readers.
    if any(days_apart(day, other) == 1 and (other in shown.stated) != (day in shown.stated) for other in days):
        yield "zone-twin"


def days_apart(one: str, other: str) -> int:
    """Days between two dates, each to the day."""
    return abs((date.fromisoformat(one) - date.fromisoformat(other)).days)
