"""Where a measure of a source jumped: the layout changed, the extractor broke, the site decayed, or a feed dried up.

A source's history is cut into periods, oldest first. Each is compared with the up to ten usual ones before it, which
stand still while a change lasts: so a change is one row from its first period to its end, however many runs see it.
It ends when two periods in a row are as before (resolved), or when it has lasted for ten, which makes it the usual
level (settled). What a period is found to be depends on earlier ones alone, so later runs do not rewrite it.
The bounds are docs/scorecards.md's, measured by benchmarks/source_changes.py.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import sqrt
from statistics import fmean, median
from typing import Literal

ChangeStatus = Literal["open", "resolved", "settled"]

LEAST_USUAL = 5  # periods before; fewer are chance, so a source's first runs never alarm
MOST_USUAL = 10  # periods; also how long a change lasts before it is the usual level
# Iglewicz and Hoaglin, How to Detect and Handle Outliers, 1993; 1.4826 makes a MAD a standard deviation.
DEVIATIONS = 3.5
MAD_TO_DEVIATION = 1.4826
BACK = 0.5  # of what opens a change: nearer than this is as before
BACK_PERIODS = 2  # in a row; one alone may be chance


@dataclass(frozen=True, slots=True)
class Period:
    """What a source gave in one period: `value` of the measure, `spread` the variance between its articles."""

    start: datetime
    articles: int
    value: float
    spread: float = 0.0


@dataclass(frozen=True, slots=True)
class Measure:
    """What is watched, and from where on a change matters.

    `least_change` in the measure's unit; `least_times` times as much, or as little; `least_articles` that make up the
    difference. A `count` varies by itself as counts do (Poisson), other measures as means of their articles.
    """

    name: str
    least_change: float
    least_times: float = 1.0
    least_articles: float = 0.0
    is_count: bool = False


# Shares: a fifth of the articles, and five of them. Removed: 5 points and half as much again, well above what
# benchmarks/cleaning.py counts as hurt. Quality: more than a missing date, the heaviest fact of one line, takes off.
# Volume: a third or three times, of 10 a week or more, since news has quiet weeks.
MEASURES = (
    Measure("undated_ratio", 0.2, least_articles=5),
    Measure("padded_ratio", 0.2, least_articles=5),
    Measure("doubtful_ratio", 0.2, least_articles=5),
    Measure("removed_ratio", 0.05, least_times=1.5),
    Measure("quality", 0.08),
)
VOLUME = Measure("weekly_articles", 7, least_times=3.0, is_count=True)


@dataclass(frozen=True, slots=True)
class Change:
    """A jump of a measure: `until` is None while it is open; `deviation` is what one period varies by itself."""

    measure: str
    since: datetime
    until: datetime | None
    status: ChangeStatus
    value_before: float
    value_after: float
    deviation: float
    articles_before: int
    articles_after: int
    periods_after: int


def find_changes(periods: Iterable[Period], measure: Measure) -> tuple[Change, ...]:
    """Every change in a source's periods, given oldest first; at most the last one is open."""
    changes: list[Change] = []
    usual: deque[Period] = deque(maxlen=MOST_USUAL)
    during: list[Period] = []
    back: list[Period] = []
    for period in periods:
        if not during:
            if len(usual) >= LEAST_USUAL and _is_off(period, usual, measure):
                during = [period]
            else:
                usual.append(period)
            continue
        if _is_back(period, during, usual):
            back.append(period)
            if len(back) == BACK_PERIODS:
                changes.append(_change(measure, usual, during, "resolved", back[0].start))
                usual.extend(back)
                during, back = [], []
            continue
        during += (*back, period)
        back = []
        if len(during) >= MOST_USUAL:
            changes.append(_change(measure, usual, during[:MOST_USUAL], "settled", period.start))
            usual = deque(during[-MOST_USUAL:], maxlen=MOST_USUAL)
            during = []
    if during:
        changes.append(_change(measure, usual, during, "open", None))
    return tuple(changes)


def _is_off(period: Period, usual: Sequence[Period], measure: Measure) -> bool:
    values = [each.value for each in usual]
    before = median(values)
    change = abs(period.value - before)
    low, high = sorted((period.value, before))
    return (
        not min(values) <= period.value <= max(values)  # what goes to and fro has a MAD of 0 and is usual all the same
        and change >= max(measure.least_change, DEVIATIONS * _deviation(period, usual, measure))
        and high >= measure.least_times * low
        and change * period.articles >= measure.least_articles
    )


def _is_back(period: Period, during: Sequence[Period], usual: Sequence[Period]) -> bool:
    before = median(each.value for each in usual)
    return (period.value - before) / (during[0].value - before) < BACK


def _deviation(period: Period, usual: Sequence[Period], measure: Measure) -> float:
    """How much a period like this one varies: by chance alone, or as the usual ones did, if that is more."""
    if measure.is_count:
        # Square roots of counts vary by a half, whatever the count (Anscombe 1948), and see silence as well as a flood.
        roots = [sqrt(each.value) for each in usual]
        return max(0.5, _robust_deviation(roots)) * (sqrt(period.value) + median(roots))
    known = sum(each.articles for each in usual)
    spread = sum(each.spread * each.articles for each in usual) / known
    # The period's own articles may differ more: one endless comment thread is no change of a source (Welch 1947).
    chance = sqrt(max(spread, period.spread) / period.articles + spread / known)
    return max(chance, _robust_deviation([each.value for each in usual]))


def _robust_deviation(values: Sequence[float]) -> float:
    before = median(values)
    return MAD_TO_DEVIATION * median(abs(value - before) for value in values)


def _change(
    measure: Measure, usual: Sequence[Period], during: Sequence[Period], status: ChangeStatus, until: datetime | None
) -> Change:
    articles = sum(each.articles for each in during)
    return Change(
        measure=measure.name,
        since=during[0].start,
        until=until,
        status=status,
        value_before=median(each.value for each in usual),
        value_after=fmean([each.value for each in during], None if measure.is_count else [p.articles for p in during]),
        deviation=_deviation(during[0], usual, measure),
        articles_before=sum(each.articles for each in usual),
        articles_after=articles,
        periods_after=len(during),
    )
