create or replace view source_scorecard as
with records as (
  select
    source,
    count(*) filter (fate = 'duplicate') as duplicates,
    count(*) filter (fate = 'quarantine') as quarantined
  from inputs
  group by source
), padded as (
  select distinct article_id
  from flags
  where code = 'seo-padded'
), artifacts as (
  select article_id, count(*) as artifact_count
  from edits
  where kind <> 'tidy'
  group by article_id
), quality as (
  select article_id, value_ratio
  from scores
  where score = 'quality' and component = 'total'
), judged as (
  select
    a.source,
    count(*) as articles,
    sum(a.text_words)::bigint as words,
    avg((a.published_status = 'undated')::integer) as undated_ratio,
    avg((p.article_id is not null)::integer) as padded_ratio,
    avg(q.value_ratio) as mean_quality,
    sum(a.removed_chars) / nullif(sum(a.original_chars), 0) as removed_ratio,
    1000 * coalesce(sum(r.artifact_count), 0) / nullif(sum(a.text_words), 0) as artifacts_per_1000_words
  from articles as a
  left join padded as p using (article_id)
  left join artifacts as r using (article_id)
  left join quality as q using (article_id)
  group by a.source
)
select
  source,
  coalesce(j.articles, 0) as articles,
  coalesce(j.words, 0) as words,
  j.undated_ratio, j.padded_ratio, j.mean_quality, j.removed_ratio, j.artifacts_per_1000_words,
  coalesce(r.duplicates, 0) as duplicates,
  coalesce(r.quarantined, 0) as quarantined
from records as r
full join judged as j using (source);

comment on view source_scorecard is 'One row a source: what it gave and how good that is.';
comment on column source_scorecard.source is 'Registered domain of the URL, else the folder name.';
comment on column source_scorecard.articles is 'Articles from the source.';
comment on column source_scorecard.words is 'Words of their clean text.';
comment on column source_scorecard.undated_ratio is 'Share of the articles that show no date, 0-1; null without articles.';
comment on column source_scorecard.padded_ratio is 'Share of the articles flagged seo-padded, 0-1; null without articles.';
comment on column source_scorecard.mean_quality is 'Mean quality score, 0-1; null without scores.';
comment on column source_scorecard.removed_ratio is 'Characters removed / characters before cleaning, 0-1.';
comment on column source_scorecard.artifacts_per_1000_words is 'Edits that are not tidying, per 1,000 clean words.';
comment on column source_scorecard.duplicates is 'Records whose text another record already gave.';
comment on column source_scorecard.quarantined is 'Records in quarantine.';
