create or replace view source_days as
with given as (
  select
    source, seen_at::date as day, sum(article_count)::bigint as articles, sum(word_count)::bigint as words,
    sum(undated_count) as undated, sum(padded_count) as padded, sum(doubtful_count) as doubtful,
    sum(conflicting_count) as conflicting, sum(quality_sum) as quality,
    sum(removed_chars) as removed_chars, sum(original_chars) as original_chars
  from source_history
  group by all
), records as (
  select
    source, seen_at::date as day,
    count(*) filter (fate = 'duplicate') as duplicates, count(*) filter (fate = 'quarantine') as quarantined
  from inputs
  group by all
)
select
  source, day,
  coalesce(articles, 0) as articles,
  coalesce(words, 0) as words,
  undated / articles as undated_ratio,
  padded / articles as padded_ratio,
  doubtful / articles as doubtful_ratio,
  conflicting / articles as conflicting_ratio,
  quality / articles as mean_quality,
  removed_chars / nullif(original_chars, 0) as removed_ratio,
  coalesce(duplicates, 0) as duplicates,
  coalesce(quarantined, 0) as quarantined
from given full join records using (source, day);

comment on view source_days is
  'What a source gave by day: one row a source and day on which a run took in something of it for the first time.';
comment on column source_days.source is 'Registered domain of the URL, a name by rule, else the folder name.';
comment on column source_days.day is 'Day of the run that first took the records in, UTC.';
comment on column source_days.articles is 'Articles from the source.';
comment on column source_days.words is 'Words of their clean text.';
comment on column source_days.undated_ratio is 'As in source_scorecard, of the day''s articles.';
comment on column source_days.padded_ratio is 'As in source_scorecard, of the day''s articles.';
comment on column source_days.doubtful_ratio is 'As in source_scorecard, of the day''s articles.';
comment on column source_days.conflicting_ratio is 'As in source_scorecard, of the day''s articles.';
comment on column source_days.mean_quality is 'As in source_scorecard, of the day''s articles.';
comment on column source_days.removed_ratio is 'As in source_scorecard, of the day''s articles.';
comment on column source_days.duplicates is 'Records whose text another record already gave.';
comment on column source_days.quarantined is 'Records in quarantine.';
