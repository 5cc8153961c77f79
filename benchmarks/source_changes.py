"""How often the change points of sources raise a false alarm, and how soon they see a jump.

    winnow run PAGES --warehouse pages.duckdb
    python benchmarks/source_changes.py pages.duckdb

Sources are made up of the articles of a warehouse: a source has some of them, and each period draws from these anew,
so that whatever differs from period to period is chance. A source of ten articles is like most sites: its pages are
alike. One of a hundred, each of another site, is as mixed as none. False: changes found where nothing changed, in a
hundred periods of one measure. Seen: jumps put in after ten periods that are found in the first, or in one of the first
three, periods after them. Weekly numbers are drawn from a negative binomial, which varies more than chance alone.

Printed first: how many articles the prior of a scorecard should weigh, by the sources that the warehouse really has.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import numpy as np
from numpy.typing import NDArray

from transforms.change_points import MEASURES, VOLUME, Change, Measure, Period, find_changes

SOURCES = 300  # of each sort
PERIODS = 40  # without a change
BEFORE = 10  # before a jump
AFTER = 3
SIZES = ((10, 20), (10, 60), (100, 20), (100, 60))  # articles of a source, articles in a period
WEEKS = ((15, 0.1), (30, 0.1), (30, 0.3), (100, 0.3))  # mean number a week, overdispersion (variance = m + d * m^2)
FIRST = datetime(2026, 1, 5, tzinfo=UTC)
_ARTICLES = """
with flagged as (
  select article_id, bool_or(code = 'seo-padded') as padded,
    bool_or(code in ('extraction-doubtful', 'not-an-article')) as doubtful
  from flags group by article_id
)
select
  published_status in ('undated', 'implausible'), coalesce(padded, false), coalesce(doubtful, false), removed_ratio,
  value_ratio, published_status = 'conflicting', source
from articles join scores using (article_id) left join flagged using (article_id)
where score = 'quality' and component = 'total'
order by article_id
"""
Values = NDArray[np.float64]
Chance = np.random.Generator


@dataclass(frozen=True)
class Jump:
    """What happens to a measure: `change` gets the values of a period's articles and gives them back changed."""

    name: str
    change: Callable[[Values, Chance], Values]


def becomes(share: float) -> Callable[[Values, Chance], Values]:
    """So many more of the articles have it."""
    return lambda values, chance: np.maximum(values, chance.random(len(values)) < share)


JUMPS: dict[str, tuple[Jump, ...]] = {
    **{
        name: (Jump("of 3 of 10 articles", becomes(0.3)), Jump("of 6 of 10", becomes(0.6)), Jump("of all", becomes(1)))
        for name in ("undated_ratio", "padded_ratio", "doubtful_ratio")
    },
    "removed_ratio": (
        Jump("10 points more", lambda values, _: np.minimum(values + 0.1, 0.85)),
        Jump("20 points more", lambda values, _: np.minimum(values + 0.2, 0.85)),
    ),
    "quality": (
        Jump("0.1 less", lambda values, _: np.maximum(values - 0.1, 0)),
        Jump("0.2 less", lambda values, _: np.maximum(values - 0.2, 0)),
    ),
}


def period(number: int, values: Values) -> Period:
    """A period of these articles."""
    return Period(FIRST + timedelta(days=number), len(values), float(values.mean()), float(values.var()))


def week(number: int, mean: float, dispersion: float, chance: Chance) -> Period:
    """A week's number of articles."""
    count = int(chance.poisson(chance.gamma(1 / dispersion, mean * dispersion))) if mean else 0
    return Period(FIRST + timedelta(weeks=number), count, count)


def found_within(changes: tuple[Change, ...], jumped: Period, periods: list[Period]) -> tuple[bool, bool]:
    """Whether a change began in the period of the jump, and whether in it or one of those after."""
    starts = {change.since for change in changes}
    return jumped.start in starts, any(each.start in starts for each in periods)


def measure_articles(measure: Measure, values: Values, of_source: int, of_period: int) -> list[str]:
    """One row of the table: false alarms in a hundred periods, then for each jump how often it is seen."""
    chance = np.random.default_rng(1)
    false = 0
    seen = {jump.name: [0, 0] for jump in JUMPS[measure.name]}
    for _ in range(SOURCES):
        own = chance.choice(values, of_source, replace=False)
        drawn = [chance.choice(own, of_period) for _ in range(PERIODS)]
        false += len(find_changes((period(n, each) for n, each in enumerate(drawn)), measure))
        before = [period(n, each) for n, each in enumerate(drawn[:BEFORE])]
        for jump in JUMPS[measure.name]:
            after = [period(BEFORE + n, jump.change(each, chance)) for n, each in enumerate(drawn[BEFORE:][:AFTER])]
            for at, hit in enumerate(found_within(find_changes([*before, *after], measure), after[0], after)):
                seen[jump.name][at] += hit
    return [
        f"{100 * false / (SOURCES * PERIODS):.2f}",
        *(f"{name}: {first / SOURCES:.0%}, {third / SOURCES:.0%}" for name, (first, third) in seen.items()),
    ]


def measure_weeks(mean: float, dispersion: float) -> list[str]:
    """The same for the number of articles a week: to nothing, to a fifth, to four times."""
    chance = np.random.default_rng(1)
    false = 0
    factors = {"none": 0.0, "a fifth": 0.2, "four times": 4.0}
    seen = {name: [0, 0] for name in factors}
    for _ in range(SOURCES):
        weeks = [week(n, mean, dispersion, chance) for n in range(PERIODS)]
        false += len(find_changes(weeks, VOLUME))
        for name, factor in factors.items():
            after = [
                replace(week(BEFORE + n, mean * factor, dispersion, chance), start=weeks[BEFORE + n].start)
                for n in range(AFTER)
            ]
            for at, hit in enumerate(found_within(find_changes([*weeks[:BEFORE], *after], VOLUME), after[0], after)):
                seen[name][at] += hit
    return [
        f"{100 * false / (SOURCES * PERIODS):.2f}",
        *(f"{name}: {first / SOURCES:.0%}, {third / SOURCES:.0%}" for name, (first, third) in seen.items()),
    ]


def prior_weight(values: Values, sources: NDArray[np.str_]) -> float:
    """How many articles a prior should weigh: variance within sources over variance between them (one-way ANOVA)."""
    _, number, counts = np.unique(sources, return_inverse=True, return_counts=True)
    means = np.bincount(number, values) / counts
    within = ((values - means[number]) ** 2).sum() / (len(values) - len(counts))
    usual = (len(values) - (counts**2).sum() / len(values)) / (len(counts) - 1)
    between = (counts * (means - values.mean()) ** 2).sum() / (len(counts) - 1)
    return float(within * usual / (between - within)) if between > within else math.inf


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("warehouse", type=Path)
    with duckdb.connect(parser.parse_args().warehouse, read_only=True) as connection:
        *rows, conflicting, sources = zip(*connection.execute(_ARTICLES).fetchall(), strict=True)
    columns, names = np.array([*rows, conflicting], np.float64), np.array(sources)
    is_domain = np.char.find(names, ".") >= 0  # a folder may hold anything
    print("articles that a prior should weigh, by sources that are domains")
    for name, values in zip((*(measure.name for measure in MEASURES), "conflicting_ratio"), columns, strict=True):
        print(f"  {name:18} {prior_weight(values[is_domain], names[is_domain]):8.1f}")
    print(f"{columns.shape[1]} articles; {SOURCES} sources of each sort, {PERIODS} periods each")
    print("false alarms in 100 periods; jumps seen in the first period, in the first three")
    for measure, values in zip(MEASURES, columns, strict=False):
        print(f"\n{measure.name} (mean {values.mean():.2f})\n  articles of a source, of a period")
        for of_source, of_period in SIZES:
            print(
                f"  {of_source:5} {of_period:5}   {' | '.join(measure_articles(measure, values, of_source, of_period))}"
            )
    print(f"\n{VOLUME.name}\n  mean of a week, overdispersion")
    for mean, dispersion in WEEKS:
        print(f"  {mean:5} {dispersion:5}   {' | '.join(measure_weeks(mean, dispersion))}")


if __name__ == "__main__":
    main()
