"""The judged publication date: which of the dates shown it is, how probable that is, and what speaks for each.

The probability comes from weights learned on dated and undated pages (`date_weights`), never from what was found first.
Where "none of them" is likelier, the document is undated.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from transforms.date_evidence import DateEvidence, days_apart, gather_evidence, page_facts
from transforms.date_weights import TEASER_THRESHOLD, THRESHOLD, WEIGHTS
from transforms.types import DateCandidate, DateStatus, Published

# Time zones and embargoes make up to three days. A date more than that away and at least this probable is a conflict:
# held out, the date chosen was then wrong on 28 % of pages, else on 4 %.
CONFLICT_DAYS = 3
CONFLICT_PROBABILITY = 0.1
# Before the first news sites, a date on a page is of something else.
EARLIEST_YEAR = "1995"
# A bare date over the headline that is the day of the fetch is the site's clock, unless a label or mark-up says more.
_UNLABELLED = frozenset({"date-line", "visible"})
_TEASERS = frozenset({"teasers", "card"})


@dataclass(frozen=True, slots=True)
class WeighedDate:
    """A date, the probability that it is the day of publication, and the weights that speak for and against it."""

    date: str
    probability: float
    reasons: tuple[tuple[str, float], ...]
    candidates: tuple[DateCandidate, ...]


def weigh_dates(
    candidates: Iterable[DateCandidate], fetched_at: datetime | None, now: datetime
) -> tuple[WeighedDate, ...]:
    """The plausible dates of a document, the likeliest first; their probabilities and that of none of them sum to 1."""
    candidates = tuple(candidates)
    plausible = (c for c in candidates if is_plausible(c, fetched_at, now))
    return weigh(*gather_evidence(plausible, page_facts(candidates)), WEIGHTS)


def weigh(
    evidence: Iterable[DateEvidence], none: Iterable[str], weights: Mapping[str, float]
) -> tuple[WeighedDate, ...]:
    """Dates with what speaks for them, and the features of there being none, weighed with `weights`."""
    evidence = tuple(evidence)
    utilities = [
        math.fsum(weights.get(name, 0.0) for name in names) for names in (none, *(e.features for e in evidence))
    ]
    highest = max(utilities)
    total = math.fsum(math.exp(u - highest) for u in utilities)
    weighed = (
        WeighedDate(found.date, math.exp(u - highest) / total, _reasons(found, weights), found.candidates)
        for found, u in zip(evidence, utilities[1:], strict=True)
    )
    return tuple(sorted(weighed, key=lambda date: -date.probability))


def choose_date(weighed: Sequence[WeighedDate], threshold: float = THRESHOLD) -> WeighedDate | None:
    """The likeliest date, if it is probable enough; that of a change only where no day of publication is."""
    if not weighed:
        return None
    published = (one for one in weighed if one.probability >= threshold and not _is_change(one))
    best = next(published, weighed[0]) if _is_change(weighed[0]) else weighed[0]
    return best if best.probability >= (TEASER_THRESHOLD if _is_of_teasers(best) else threshold) else None


def judge_published(candidates: Iterable[DateCandidate], fetched_at: datetime | None, now: datetime) -> Published:
    """The publication date of a document, as a statement about its candidates.

    Undated where the likeliest date is less probable than `THRESHOLD`, or `TEASER_THRESHOLD`. A date later than the day
    after the fetch (or after `now`, UTC), before 1995, or of the site's clock is implausible: it is passed over, and
    the status is `implausible` when nothing else is there; then origin and evidence are given, but no date.
    `conflicting` keeps the chosen date; another, over `CONFLICT_DAYS` away, has `CONFLICT_PROBABILITY` or more.
    """
    candidates = tuple(candidates)
    weighed = weigh_dates(candidates, fetched_at, now)
    modified = max(
        (c.date for c in candidates if c.role == "modified" and is_plausible(c, fetched_at, now)), default=None
    )
    if not weighed:
        published = (c for c in candidates if c.role == "published")
        passed_over = next((c for c in published if not is_plausible(c, fetched_at, now)), None)
        if passed_over is None:
            return Published(None, None, "undated", None, None, modified=modified)
        return Published(None, None, "implausible", passed_over.origin, passed_over.evidence, modified=modified)
    best = choose_date(weighed)
    if best is None:
        return Published(None, None, "undated", None, None, weighed[0].probability, modified)
    is_conflicting = any(
        other.probability >= CONFLICT_PROBABILITY
        and len(other.date) == len(best.date) == len("2025-03-04")
        and days_apart(other.date, best.date) > CONFLICT_DAYS
        for other in weighed
    )
    status: DateStatus = "conflicting" if is_conflicting else "dated"
    clearest = max(best.candidates, key=lambda c: WEIGHTS.get(c.origin, 0.0))
    return Published(
        best.date, clearest.precision, status, clearest.origin, clearest.evidence, best.probability, modified
    )


def rank_candidates(candidates: Iterable[DateCandidate], published: Published) -> tuple[DateCandidate, ...]:
    """The one that was chosen first, then others of its date, publication before changes, in order of place."""
    chosen = (published.date, published.origin, published.evidence)

    def order(c: DateCandidate) -> tuple[bool, bool, bool]:
        return (c.date, c.origin, c.evidence) != chosen, c.date != published.date, c.role != "published"

    return tuple(sorted(candidates, key=order))


def is_plausible(candidate: DateCandidate, fetched_at: datetime | None, now: datetime) -> bool:
    """Whether the page can have been published on a date that it shows."""
    if candidate.origin == "copyright":
        return False
    limit = (min(fetched_at.date(), now.date()) if fetched_at else now.date()) + timedelta(days=1)
    if not EARLIEST_YEAR <= candidate.date <= limit.isoformat()[: len(candidate.date)]:
        return False
    is_fetch_day = fetched_at is not None and candidate.date == fetched_at.date().isoformat()
    return not (is_fetch_day and candidate.origin in _UNLABELLED and "before" in candidate.facts)


def _is_change(date: WeighedDate) -> bool:
    return all(c.role == "modified" for c in date.candidates)


def _is_of_teasers(date: WeighedDate) -> bool:
    return all(not _TEASERS.isdisjoint(c.facts) for c in date.candidates)


def _reasons(found: DateEvidence, weights: Mapping[str, float]) -> tuple[tuple[str, float], ...]:
    """The features of a date that have a weight, the heaviest first."""
    weighed = ((name, weights[name]) for name in found.features if name in weights)
    return tuple(sorted(weighed, key=lambda reason: (-abs(reason[1]), reason[0])))
