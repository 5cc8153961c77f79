"""The changes of sources, found anew from their history in the publishing transaction.

Of the sources that the publish touched; and, since silence touches nothing, the weekly number of articles of every
source that has enough. A row stays as it is while a change lasts, so who tells of changes tells of each once: by
`since_at` when it opens, by `until_at` when it is over.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter

import duckdb

from transforms.change_points import LEAST_USUAL, MEASURES, VOLUME, Change, Period, find_changes

# Runs pooled to periods of about 20 articles, as in the view source_periods, but from the first one on: what was a
# period stays one. A period is complete when the articles of its source reach its end; one of fewer than 10 (between
# large runs) says too little and is left out. Sources without enough periods cannot have changed.
_PERIODS = """
with placed as (
  select *, sum(article_count) over (partition by source order by seen_at) - article_count as earlier_articles
  from source_history
  where source in (select source from changed_groups)
), numbered as (
  select *, earlier_articles // 20 as period, sum(article_count) over (partition by source) as all_articles
  from placed
), pooled as (
  select
    source, min(seen_at) as start_at, sum(article_count)::bigint as articles,
    sum(undated_count) as undated, sum(padded_count) as padded, sum(doubtful_count) as doubtful,
    sum(removed_share_sum::decimal(38, 9))::double as removed,
    sum(removed_share_square_sum::decimal(38, 9))::double as removed_squares,
    sum(quality_sum::decimal(38, 9))::double as quality,
    sum(quality_square_sum::decimal(38, 9))::double as quality_squares
  from numbered
  where (period + 1) * 20 <= all_articles
  group by source, period
  having articles >= 10
  qualify count(*) over (partition by source) > $least_usual
), measured as (
  select
    source, start_at, articles,
    unnest([
      {'measure': 'undated_ratio', 'total': undated::double, 'squares': undated::double},
      {'measure': 'padded_ratio', 'total': padded::double, 'squares': padded::double},
      {'measure': 'doubtful_ratio', 'total': doubtful::double, 'squares': doubtful::double},
      {'measure': 'removed_ratio', 'total': removed, 'squares': removed_squares},
      {'measure': 'quality', 'total': quality, 'squares': quality_squares}
    ], recursive := true)
  from pooled
)
select
  source, measure, start_at, articles, total / articles as value,
  greatest(squares / articles - (total / articles) ** 2, 0) as spread
from measured
where total is not null
order by source, measure, start_at
"""
# Weeks that had a published run, since nobody looked in the others; not the source's first, which may hold an archive,
# and not the last, which may not be over. Only sources that had ten articles or more in five weeks.
_WEEKS = """
with weeks as (
  select distinct date_trunc('week', started_at) as week
  from runs
  where status = 'published'
), counted as (
  select source, date_trunc('week', seen_at) as week, sum(article_count)::bigint as articles
  from source_history
  group by all
), known as (
  select source, min(week) as first_week
  from counted
  group by source
  having count(*) filter (articles >= 10) >= $least_usual
)
select source, week, coalesce(articles, 0) as articles
from known
join weeks on week > first_week and week < (select max(week) from weeks)
left join counted using (source, week)
order by source, week
"""
_CLEAR = """
delete from measure_changes
where measure = $volume or source in (select source from changed_groups)
"""


def restate_changes(connection: duckdb.DuckDBPyConnection) -> None:
    """Find the changes anew: after `restate_history` and after the run is recorded, in their transaction."""
    found = [*_of_periods(connection), *_of_weeks(connection)]
    connection.execute(_CLEAR, {"volume": VOLUME.name})
    for source, each in found:
        connection.execute(
            "insert into measure_changes values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                *(source, each.measure, each.since, each.until, each.status, each.value_before, each.value_after),
                *(each.deviation, each.articles_before, each.articles_after, each.periods_after),
            ],
        )


def _of_periods(connection: duckdb.DuckDBPyConnection) -> Iterator[tuple[str, Change]]:
    rows = connection.execute(_PERIODS, {"least_usual": LEAST_USUAL}).fetchall()
    measures = {measure.name: measure for measure in MEASURES}
    for (source, name), group in groupby(rows, key=itemgetter(0, 1)):
        periods = (Period(*period) for _, _, *period in group)
        yield from ((source, each) for each in find_changes(periods, measures[name]))


def _of_weeks(connection: duckdb.DuckDBPyConnection) -> Iterator[tuple[str, Change]]:
    rows = connection.execute(_WEEKS, {"least_usual": LEAST_USUAL}).fetchall()
    for source, group in groupby(rows, key=itemgetter(0)):
        weeks = (Period(week, articles, articles) for _, week, articles in group)
        yield from ((source, each) for each in find_changes(weeks, VOLUME))
