-- One row a source, all that is known of it. Its grade is that of its worst measure: what limits it can be named. Below
-- five articles there is no grade, since more than half of it would be the prior.
create or replace view source_scorecard as
with given as (
  select
    source, sum(article_count)::bigint as articles, sum(word_count)::bigint as words,
    sum(undated_count) as undated, sum(padded_count) as padded, sum(doubtful_count) as doubtful,
    sum(conflicting_count) as conflicting, sum(quality_sum) as quality, sum(artifact_count) as artifacts,
    sum(removed_chars) as removed_chars, sum(original_chars) as original_chars,
    min(seen_at) as first_seen_at, max(seen_at) as last_seen_at
  from source_history
  group by source
), records as (
  select
    source, count(*) filter (fate = 'duplicate') as duplicates, count(*) filter (fate = 'quarantine') as quarantined
  from inputs
  group by source
), copies as (
  select a.source, count(*) as near_duplicates
  from near_duplicates as n join articles as a using (article_id)
  where not n.is_kept
  group by a.source
), measures as materialized (
  select source, place, measure, grade, shrunk_value, evidence
  from source_measures
), worst as (
  select source, max(grade) as grade, max(shrunk_value) filter (measure = 'quality') as shrunk_quality
  from measures
  group by source
), limits as (
  select source, string_agg(evidence, '; ' order by place) as evidence
  from measures semi join worst using (source, grade)
  group by source
), changes as (
  select source, count(*) as open_changes
  from measure_changes
  where status = 'open'
  group by source
)
select
  source,
  if(articles >= 5, w.grade, null) as grade,
  case
    when coalesce(articles, 0) = 0 then 'no article'
    when articles < 5 then printf('too few articles to grade: %d of 5', articles)
    when w.grade = 'A' then printf('nothing stands out: mean quality %.2f, counted as %.3f', quality / articles, shrunk_quality)
    else evidence
  end as grade_reasons,
  coalesce(articles, 0) as articles,
  coalesce(words, 0) as words,
  undated / articles as undated_ratio,
  padded / articles as padded_ratio,
  doubtful / articles as doubtful_ratio,
  conflicting / articles as conflicting_ratio,
  quality / articles as mean_quality,
  shrunk_quality,
  removed_chars / nullif(original_chars, 0) as removed_ratio,
  1000 * artifacts / nullif(words, 0) as artifacts_per_1000_words,
  coalesce(duplicates, 0) as duplicates,
  coalesce(near_duplicates, 0) as near_duplicates,
  coalesce(quarantined, 0) as quarantined,
  first_seen_at, last_seen_at,
  coalesce(open_changes, 0) as open_changes
from records
full join given using (source)
left join worst as w using (source)
left join limits using (source)
left join copies using (source)
left join changes using (source);

comment on view source_scorecard is 'One row a source: what it gave, how good that is, and why.';
comment on column source_scorecard.source is 'Registered domain of the URL, a name by rule, else the folder name.';
comment on column source_scorecard.grade is 'A to F: that of its worst measure in source_measures; null below five articles.';
comment on column source_scorecard.grade_reasons is 'The measures that limit the grade, in words and figures, or why there is none.';
comment on column source_scorecard.articles is 'Articles from the source.';
comment on column source_scorecard.words is 'Words of their clean text.';
comment on column source_scorecard.undated_ratio is
  'Share of the articles without a usable date (undated or implausible), 0-1; null without articles.';
comment on column source_scorecard.padded_ratio is 'Share of the articles flagged seo-padded, 0-1; null without articles.';
comment on column source_scorecard.doubtful_ratio is
  'Share of the articles flagged extraction-doubtful or not-an-article, 0-1; null without articles.';
comment on column source_scorecard.conflicting_ratio is
  'Share of the articles whose origins give different dates, 0-1; null without articles.';
comment on column source_scorecard.mean_quality is 'Mean quality score, 0-1; null without articles.';
comment on column source_scorecard.shrunk_quality is
  'Mean quality as if there were five more articles of the mean source: to sort by, 0-1.';
comment on column source_scorecard.removed_ratio is 'Characters removed / characters before cleaning, 0-1.';
comment on column source_scorecard.artifacts_per_1000_words is 'Edits that are not tidying, per 1,000 clean words.';
comment on column source_scorecard.duplicates is 'Records whose text another record already gave.';
comment on column source_scorecard.near_duplicates is
  'Articles of it whose clean text is nearly that of another one, which is kept for both (duplicate_clusters).';
comment on column source_scorecard.quarantined is 'Records in quarantine.';
comment on column source_scorecard.first_seen_at is 'Start of the first run with an article of it, UTC.';
comment on column source_scorecard.last_seen_at is 'Start of the last run with a new article of it, UTC.';
comment on column source_scorecard.open_changes is 'Rows of source_changes that are open.';
