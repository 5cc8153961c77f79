-- The measures of each source, shrunk towards what is usual in the warehouse: as if every source had five articles more
-- that are like the mean source's. So two articles make neither a best nor a worst source, and hundreds are hardly
-- moved. Beta-binomial for the shares and normal for the means, whose posterior means are both this one formula.
-- Why five, and why the warehouse's own mean: docs/scorecards.md. In that mean a source counts n / (n + 5), so neither
-- one large source nor many of one article decide it.
create or replace view source_measures as
with given as (
  select
    source, sum(article_count)::bigint as articles, sum(quality_sum) as quality,
    sum(undated_count)::double as undated, sum(padded_count)::double as padded,
    sum(doubtful_count)::double as doubtful, sum(removed_share_sum) as removed,
    sum(conflicting_count)::double as conflicting
  from source_history
  group by source
), records as (
  select
    source, count(*) as records, count(*) filter (fate <> 'quarantine') as readable,
    (count(*) filter (fate = 'duplicate'))::double as duplicates,
    (count(*) filter (fate = 'quarantine'))::double as quarantined
  from inputs
  group by source
), counted as (
  select
    source,
    unnest([
      {'place': 1, 'measure': 'quality', 'label': 'mean quality', 'total': quality, 'among': articles},
      {'place': 2, 'measure': 'undated_ratio', 'label': 'undated', 'total': undated, 'among': articles},
      {'place': 3, 'measure': 'padded_ratio', 'label': 'SEO-padded', 'total': padded, 'among': articles},
      {'place': 4, 'measure': 'doubtful_ratio', 'label': 'doubtfully extracted', 'total': doubtful, 'among': articles},
      {'place': 5, 'measure': 'removed_ratio', 'label': 'removed', 'total': removed, 'among': articles},
      {'place': 6, 'measure': 'conflicting_ratio', 'label': 'of conflicting dates', 'total': conflicting, 'among': articles},
      {'place': 7, 'measure': 'duplicate_ratio', 'label': 'exact duplicates', 'total': duplicates, 'among': readable},
      {'place': 8, 'measure': 'quarantined_ratio', 'label': 'quarantined', 'total': quarantined, 'among': records}
    ], recursive := true)
  from given full join records using (source)
), measured as (
  select *, total / among as value
  from counted
  where among > 0 and total is not null
), priors as (
  select measure, sum(value * among / (among + 5.0)) / sum(among / (among + 5.0)) as prior_value
  from measured
  group by measure
), shrunk as (
  select *, (total + 5 * prior_value) / (among + 5) as shrunk_value
  from measured join priors using (measure)
), ladders as (
  select
    measure, any_value(holds_when) as holds_when, list(bound order by grade) as bounds,
    list(grade order by grade) as grades
  from grade_bounds
  group by measure
), graded as (
  select
    s.*, bounds, grades, s.measure = 'quality' as is_quality, '; more articles like these reach it' as reach,
    len(list_filter(bounds, lambda b: if(holds_when = '>=', round(shrunk_value, 6) < b, round(shrunk_value, 6) > b)))
      as missed
  from shrunk as s left join ladders using (measure)
)
select
  source, place, measure, among, value, prior_value, shrunk_value, coalesce(grades[missed + 1], 'F') as grade,
  case
    when is_quality then printf('mean quality %.2f over %d articles', value, among)
    when measure = 'removed_ratio' then printf('%.0f %% of a mean article removed', 100 * value)
    else printf(
      '%d of %d %s %s', total::bigint, among,
      if(measure in ('duplicate_ratio', 'quarantined_ratio'), 'records', 'articles'), label
    )
  end
    || if(is_quality, printf(', counted as %.3f', shrunk_value), printf(', counted as %.1f %%', 100 * shrunk_value))
    || case
      when missed = 0 then ''
      when is_quality then printf(' (%s from %.2f%s)', grades[missed], bounds[missed], if(value >= bounds[missed], reach, ''))
      else printf(' (%s up to %.0f %%%s)', grades[missed], 100 * bounds[missed], if(value <= bounds[missed], reach, ''))
    end as evidence
from graded;

comment on view source_measures is 'What the grade of a source is made of: one row a source and measure.';
comment on column source_measures.source is 'Registered domain of the URL, a name by rule, else the folder name.';
comment on column source_measures.place is 'Order of the measures, from 1.';
comment on column source_measures.measure is
  'quality, undated_ratio, padded_ratio, doubtful_ratio, removed_ratio (of a mean article), conflicting_ratio, duplicate_ratio, quarantined_ratio.';
comment on column source_measures.among is 'Articles (of the last two: records) that it is counted among.';
comment on column source_measures.value is 'The measure, 0-1.';
comment on column source_measures.prior_value is 'What a mean source of the warehouse has, 0-1.';
comment on column source_measures.shrunk_value is
  'The measure as if there were five more articles like those of the mean source, 0-1.';
comment on column source_measures.grade is 'A to F by grade_bounds, of the shrunk value; also where articles are too few.';
comment on column source_measures.evidence is 'In words and figures, with what the next better grade asks.';
