-- What each source gave, run by run, in all measures of its scorecard. Sums, so that days, periods and sources add up.
-- Sums of ratios go through decimals: their sum is the same in any order.
alter table source_history add column word_count bigint;
alter table source_history add column undated_count bigint;
alter table source_history add column conflicting_count bigint;
alter table source_history add column padded_count bigint;
alter table source_history add column doubtful_count bigint;
alter table source_history add column artifact_count bigint;
alter table source_history add column removed_chars bigint;
alter table source_history add column original_chars bigint;
alter table source_history add column removed_share_sum double;
alter table source_history add column removed_share_square_sum double;
alter table source_history add column quality_sum double;
alter table source_history add column quality_square_sum double;
alter table inputs add column seen_at timestamptz;

-- Where a measure of a source jumped: found anew from source_history by warehouse/changes.py in every publish.
create table measure_changes (
  source varchar not null, measure varchar not null, since_at timestamptz not null, until_at timestamptz,
  status varchar not null, value_before double not null, value_after double not null, deviation double not null,
  articles_before bigint not null, articles_after bigint not null, periods_after bigint not null
);

comment on table measure_changes is
  'Where a measure of a source jumped away from what it was: one row a source, measure and jump.';
comment on column measure_changes.source is 'As in source_history.';
comment on column measure_changes.measure is
  'undated_ratio, padded_ratio, doubtful_ratio, removed_ratio, quality or weekly_articles.';
comment on column measure_changes.since_at is 'First run of the first period (or first day of the week) that was off, UTC.';
comment on column measure_changes.until_at is
  'First run of the period in which it was as before again, or in which the new level became the usual one; null while open.';
comment on column measure_changes.status is
  'open: it lasts; resolved: it was as before again; settled: it lasted for ten periods and is the usual level now.';
comment on column measure_changes.value_before is 'Median over the up to ten usual periods before.';
comment on column measure_changes.value_after is 'Mean over the periods that it lasts or lasted; of settled ones, the first ten.';
comment on column measure_changes.deviation is 'What counted as one standard deviation of a period.';
comment on column measure_changes.articles_before is 'Articles in the periods before.';
comment on column measure_changes.articles_after is 'Articles in the periods that it lasts or lasted.';
comment on column measure_changes.periods_after is 'Number of these periods.';

comment on column source_history.word_count is 'Words of their clean text.';
comment on column source_history.undated_count is 'Articles without a usable date: published_status undated or implausible.';
comment on column source_history.conflicting_count is 'Articles whose origins give different dates: published_status conflicting.';
comment on column source_history.padded_count is 'Articles flagged seo-padded.';
comment on column source_history.doubtful_count is 'Articles flagged extraction-doubtful or not-an-article.';
comment on column source_history.artifact_count is 'Edits that are not tidying.';
comment on column source_history.removed_chars is 'Characters (code points) that the edits took out.';
comment on column source_history.original_chars is 'Characters before cleaning.';
comment on column source_history.removed_share_sum is 'Sum over the articles of articles.removed_ratio, 0-1 each.';
comment on column source_history.removed_share_square_sum is 'Sum of its squares: with the sum, how much articles differ.';
comment on column source_history.quality_sum is 'Sum over the articles of the quality score, 0-1 each.';
comment on column source_history.quality_square_sum is 'Sum of its squares.';
comment on column inputs.seen_at is
  'Start of the first run that took the record in, UTC; in warehouses from before this column, of the last one.';

-- The bounds of grades, in one table: a grade is given by a view, so that moving one needs an update and no new run.
create table grade_bounds (measure varchar not null, grade varchar not null, holds_when varchar not null, bound double not null);

comment on table grade_bounds is
  'What a grade asks of each measure of a source: change one, and the views follow. One row a measure and grade; what holds no row has grade F.';
comment on column grade_bounds.measure is 'As in the view source_measures.';
comment on column grade_bounds.grade is 'A to E.';
comment on column grade_bounds.holds_when is 'The measure has the grade when its shrunk value is >= or <= the bound.';
comment on column grade_bounds.bound is 'The bound, 0-1.';

insert into grade_bounds
select measure, unnest(['A', 'B', 'C', 'D', 'E']), if(measure = 'quality', '>=', '<='), unnest(bounds)
from (
  values
    ('quality', [0.80, 0.72, 0.64, 0.56, 0.48]),
    ('undated_ratio', [0.10, 0.25, 0.50, 1.0, 1.0]),
    ('padded_ratio', [0.10, 0.20, 0.35, 0.55, 0.75]),
    ('doubtful_ratio', [0.10, 0.20, 0.35, 0.55, 0.75]),
    ('removed_ratio', [0.10, 0.20, 0.30, 0.45, 1.0]),
    ('conflicting_ratio', [0.10, 0.25, 0.50, 1.0, 1.0]),
    ('duplicate_ratio', [0.30, 0.60, 1.0, 1.0, 1.0]),
    ('quarantined_ratio', [0.05, 0.15, 0.30, 0.60, 1.0])
) as given (measure, bounds);

-- What is there already. The same as warehouse/history.py counts for the articles of a run.
update inputs set seen_at = runs.started_at from runs where runs.run_id = inputs.run_id;

delete from source_history;
insert into source_history by name
with flagged as (
  select
    article_id, bool_or(code = 'seo-padded') as is_padded,
    bool_or(code in ('extraction-doubtful', 'not-an-article')) as is_doubtful
  from flags
  group by article_id
), artifacts as (
  select article_id, count(*) as artifact_count
  from edits
  where kind <> 'tidy'
  group by article_id
), quality as (
  select article_id, value_ratio::decimal(18, 9) as quality
  from scores
  where score = 'quality' and component = 'total'
)
select
  source, seen_at, count(*) as article_count,
  sum(text_words)::bigint as word_count,
  count(*) filter (published_status in ('undated', 'implausible')) as undated_count,
  count(*) filter (published_status = 'conflicting') as conflicting_count,
  count(*) filter (is_padded) as padded_count,
  count(*) filter (is_doubtful) as doubtful_count,
  coalesce(sum(artifact_count), 0)::bigint as artifact_count,
  sum(removed_chars)::bigint as removed_chars,
  sum(original_chars)::bigint as original_chars,
  sum(removed_ratio::decimal(18, 9))::double as removed_share_sum,
  sum((removed_ratio * removed_ratio)::decimal(18, 9))::double as removed_share_square_sum,
  coalesce(sum(quality), 0)::double as quality_sum,
  coalesce(sum((quality::double * quality::double)::decimal(18, 9)), 0)::double as quality_square_sum
from articles
join article_signatures using (article_id, source)
left join flagged using (article_id)
left join artifacts using (article_id)
left join quality using (article_id)
group by source, seen_at;
