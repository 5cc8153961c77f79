"""Whole runs against the last ones: volume, undated and padded share, quality, length, languages, removals, sources.

`stage_comparison` reads in one short visit what the last runs gave and leaves beside the staged tables:
`run_measures.parquet`, what this run gave; `run_comparison.parquet`, each measure with what is usual; and
`run_alarms.parquet`, what is unusual, one row a cause, for the checks. `record_comparison` keeps them in the publishing
transaction.

What is usual is the median over runs, and how much it moves their MAD; docs/checks.md has the bounds and reasons.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import duckdb

from warehouse.alarms import update_alarms
from warehouse.excerpt import load_excerpt
from warehouse.lake import is_there
from warehouse.migrate import lay_tables
from warehouse.parquet import write_rows
from warehouse.records import RunRecord
from warehouse.run_measures import MEASURED_TABLES, measure_run

FAMILY = "run"

# The runs to compare with: those of the same weekday when at least five different days have some, else the last 20.
_BASELINE_RUNS = """
create table baseline_runs as
with sizeable as (
  select distinct measured_at from run_measures where article_count >= 10
), same_day as (
  select measured_at from sizeable
  where isodow(measured_at) = isodow($at) and measured_at >= $at - interval 70 days
)
select measured_at from same_day where (select count(distinct measured_at::date) from same_day) >= 5
union
(select measured_at from sizeable where (select count(distinct measured_at::date) from same_day) < 5
  order by measured_at desc limit 20)
"""
_BASELINES = """
create table baselines as
with counted as (select count(*) as run_count from baseline_runs),
before (measure, subject, measured_at, value) as (
  select measure, subject, measured_at, value from run_measures semi join baseline_runs using (measured_at)
  union all
  select 'source_articles', source, seen_at, article_count
  from source_history join baseline_runs on seen_at = measured_at
  union all
  select 'source_removed_ratio', source, seen_at, coalesce(sum(removed_ratio_sum), 0) / any_value(s.article_count)
  from source_history as s join baseline_runs on seen_at = measured_at
  left join removal_history as r using (source, seen_at)
  where s.article_count >= 10
  group by source, seen_at
), subjects as (
  select distinct measure, subject from before
  union select measure, subject from now_measures
), filled as (
  -- A rule that took nothing of a run, a language or a source that it did not have: 0, not unknown.
  select measure, subject, measured_at,
    if(measure = 'source_removed_ratio', value, coalesce(value, 0)) as value
  from subjects cross join baseline_runs left join before using (measure, subject, measured_at)
)
select measure, subject, run_count, count(value) as value_count,
  median(value) as usual, mad(value) as deviation, avg((value > 0)::integer) as presence_ratio
from filled, counted
group by all
"""
# What is unusual: farther from the usual value than each of these.
#   least_change  too small to matter below it, in the unit of the measure
#   low, high     times the usual value; null where only the distance counts, or that direction tells nothing
#   3.5 deviations, of runs (MAD * 1.4826) and of chance together: Iglewicz and Hoaglin (1993)
_COMPARED = """
create table comparison as
with bounds (measure, cause, least_change, low, high) as (
  values
    ('records', 'volume', 10, 0.6, 2), ('quarantined_ratio', 'quarantine', 0.05, null, 1),
    ('duplicate_ratio', 'duplicates', 0.15, null, 1), ('undated_ratio', 'dates', 0.10, 1, 1),
    ('padded_ratio', 'padding', 0.10, 1, 1), ('quality', 'quality', 0.05, 1, 1),
    ('removed_ratio', 'removal', 0.03, 1, 1), ('rule_ratio', 'removal', 0.02, null, 3),
    ('source_removed_ratio', 'removal', 0.05, null, 2), ('median_words', 'length', 50, 0.6, 1.7),
    ('language_ratio', 'language', 0.15, 1, 1), ('source_articles', 'volume', 3, 0, null)
), size as (
  select (select count(*) from fresh_inputs) as records, (select count(*) from fresh_articles) as articles
), joined as (
  select
    b.measure, subject, cause, run_count, usual, deviation, least_change, low, high, size.articles,
    if(b.measure = 'source_removed_ratio', value, coalesce(value, 0)) as value,
    coalesce(error, case
      when size.articles > 0 and b.measure like '%_ratio'
        then sqrt(greatest(usual, 1 / size.articles) * greatest(1 - usual, 1 / size.articles) / size.articles)
      else 0 end) as error,
    -- Small runs say how many they are and nothing else. A source counts as gone when it was always there before.
    size.records > 0 and value_count >= 5
      and (b.measure = 'records' and usual >= 10 or b.measure <> 'records' and size.articles >= 10)
      and (b.measure <> 'source_articles' or presence_ratio >= 0.9 and usual >= 3 or coalesce(is_open, false))
      as is_compared
  from baselines as b join bounds using (measure) left join now_measures using (measure, subject) cross join size
  left join (
    select distinct measure, subject, true as is_open from alarms where family = $family and resolved_at is null
  ) using (measure, subject)
), judged as (
  select *, greatest(least_change, 3.5 * sqrt((1.4826 * deviation) ** 2 + error ** 2)) as tolerance
  from joined
)
select
  measure, subject, cause, run_count, articles as article_count, value, usual,
  is_compared and value is not null as is_compared,
  case
    when not is_compared then null
    when measure = 'source_articles' then if(value = 0 and usual >= 3, 'fell', null)
    when value > usual + tolerance and value > high * usual then 'rose'
    when value < usual - tolerance and value < low * usual then 'fell'
  end as direction
from judged
"""
# A run that finds nothing new is compared by how long it has been so.
_SILENCE = """
insert into comparison by name
with news as (
  select distinct measured_at from run_measures order by measured_at desc limit 21
), gaps as (
  select date_diff('minute', lag(measured_at) over (order by measured_at), measured_at) / 60 as hours from news
), silence as (
  select date_diff('minute', max(measured_at), $at) / 60 as value from news
), compared as (
  select
    count(hours) as run_count, median(hours) as usual, mad(hours) as deviation, any_value(silence.value) as value
  from gaps, silence
)
select
  'hours_without_news' as measure, '' as subject, 'volume' as cause, run_count, 0 as article_count,
  value, usual,
  run_count >= 5 as is_compared,
  if(run_count >= 5 and value > 3 * usual and value > usual + 3.5 * 1.4826 * deviation, 'rose', null) as direction
from compared
where (select count(*) from fresh_inputs) = 0 and usual is not null
"""
# Open alarms of what no longer has a row: judged as over, when the run is large enough to judge.
_ABSENT = """
insert into comparison by name
select
  measure, subject, cause, 0 as run_count, 0 as article_count, value, usual_value as usual, true as is_compared,
  null as direction
from (from alarms where family = $family and resolved_at is null) anti join comparison using (measure, subject)
where if(measure = 'hours_without_news', (select count(*) from fresh_inputs) > 0,
  (select count(*) from fresh_articles) >= 10)
"""
_WORDED = """
create table worded as
with units (measure, what, format, factor) as (
  values
    ('records', 'records', '%.0f', 1), ('quarantined_ratio', 'share in quarantine', '%.1f %%', 100),
    ('duplicate_ratio', 'share of duplicates', '%.1f %%', 100), ('undated_ratio', 'undated share', '%.1f %%', 100),
    ('padded_ratio', 'padded share', '%.1f %%', 100), ('quality', 'mean quality', '%.2f', 1),
    ('removed_ratio', 'share removed', '%.1f %%', 100), ('rule_ratio', 'removed by rule ', '%.1f %%', 100),
    ('source_removed_ratio', 'removed of source ', '%.1f %%', 100), ('median_words', 'median of words', '%.0f', 1),
    ('language_ratio', 'share of language ', '%.1f %%', 100), ('source_articles', 'articles of ', '%.0f', 1),
    ('hours_without_news', 'hours without news', '%.1f', 1)
)
select
  c.*,
  case when direction is not null then
    what || subject || ' ' || direction || ' to ' || printf(format, factor * value::double)
    || ', usually ' || printf(format, factor * usual::double) || ' (' || run_count || ' runs)'
  end as evidence,
  (measure, subject, direction) in (
    select (measure, subject, direction) from alarms where family = $family and resolved_at is null) as is_open
from comparison as c left join units using (measure)
"""
# One line a cause: what the whole run shows first, then up to three subjects.
_LINES = """
create table lines as
with ranked as (
  select *, row_number() over (
    partition by cause, is_open order by subject <> '', abs(value - usual) / nullif(abs(usual), 0) desc nulls last,
    measure, subject) as place
  from worded where direction is not null
)
select
  cause, is_open as is_lasting, not is_open as is_new,
  string_agg(evidence, '; ' order by place) filter (place <= 4)
    || if(count(*) > 4, '; and ' || (count(*) - 4) || ' more', '') as what
from ranked
group by cause, is_open
order by cause
"""
# What the baselines can need: ten weeks, the last twenty runs of a size, the last gaps between runs with news.
_RECENT = """
with recent as (
  select distinct measured_at from run_measures
  where measured_at >= (select coalesce(max(measured_at), 'epoch') - interval 70 days from run_measures)
), sizeable as (
  select distinct measured_at from run_measures where article_count >= 10 order by measured_at desc limit 20
), latest as (
  select distinct measured_at from run_measures order by measured_at desc limit 21
), looked_at as (
  from recent union from sizeable union from latest
)
"""
_HISTORY = {
    "run_measures": f"{_RECENT} from run_measures semi join looked_at using (measured_at)",
    "alarms": "from alarms where resolved_at is null",
    "source_history": f"{_RECENT} from source_history where seen_at in (from looked_at)",
    "removal_history": f"{_RECENT} from removal_history where seen_at in (from looked_at)",
}
_FILES = (("now_measures", "run_measures"), ("worded", "run_comparison"), ("lines", "run_alarms"))
_RECORD = (
    """
    insert into run_measures by name
    select $run_id as run_id, $at as measured_at, measure, subject, articles as article_count, value
    from read_parquet($run_measures)
    where not starts_with(measure, 'source_')
    """,
    """
    create or replace temp table found_alarms as
    select cause, measure, subject, direction, usual as usual_value, value, evidence
    from read_parquet($run_comparison) where direction is not null
    """,
    """
    create or replace temp table compared_alarms as
    select measure, subject from read_parquet($run_comparison) where is_compared
    """,
)


def stage_comparison(warehouse: Path, staged: Path, at: datetime) -> bool:
    """Write `staged/run_measures.parquet`, `run_comparison.parquet`, `run_alarms.parquet`; the run began `at`.

    False, and no files, where nothing was staged, or the warehouse is of a version before these measures: then this
    run is not measured, since what is new in it cannot be told. Raises what opening the warehouse raises.
    """
    if not all((staged / f"{table}.parquet").exists() for table in MEASURED_TABLES):
        return False
    with duckdb.connect(config={"temp_directory": str(staged / "comparison.spill")}) as memory:
        memory.execute("set TimeZone = 'UTC'")
        lay_tables(memory)
        for table in MEASURED_TABLES:
            file = str(staged / f"{table}.parquet")
            memory.read_parquet(file, hive_partitioning=False).create_view(f"staged_{table}")
        memory.execute("create table wanted as select input_id, article_id from staged_inputs")
        known = """from inputs where input_id in (select input_id from wanted)
          or article_id in (select article_id from wanted)"""
        if is_there(warehouse) and not (
            load_excerpt(memory, warehouse, staged.parent, _HISTORY, wanted=())
            and load_excerpt(memory, warehouse, staged.parent, {"inputs": known}, wanted=("wanted",))
        ):
            return False
        measure_run(memory)
        memory.execute(_BASELINE_RUNS, {"at": at})
        memory.execute(_BASELINES)
        memory.execute(_COMPARED, {"family": FAMILY})
        memory.execute(_SILENCE, {"at": at})
        memory.execute(_ABSENT, {"family": FAMILY})
        memory.execute(_WORDED, {"family": FAMILY})
        memory.execute(_LINES)
        for table, name in _FILES:
            write_rows(memory.table(table), staged / f"{name}.parquet")
    return True


def record_comparison(connection: duckdb.DuckDBPyConnection, staged: Path, run: RunRecord) -> None:
    """Keep what `stage_comparison` left of the run, if anything: its measures and alarms. Within the transaction."""
    values = {name: str(staged / f"{name}.parquet") for _, name in _FILES}
    if not all(Path(file).exists() for file in values.values()):
        return
    measures, found, compared = _RECORD
    measured = {"run_id": run.run_id, "at": run.started_at, "run_measures": values["run_measures"]}
    connection.execute(measures, measured)
    connection.execute(found, {"run_comparison": values["run_comparison"]})
    connection.execute(compared, {"run_comparison": values["run_comparison"]})
    update_alarms(connection, FAMILY, run.run_id, run.started_at)
