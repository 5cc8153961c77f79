create or replace view duplicate_clusters as
with records as (
  select article_id, source, false as is_record
  from articles
  union all
  select d.article_id, i.source, true
  from duplicates as d join inputs as i using (input_id)
), placed as (
  select
    coalesce(n.cluster_id, r.article_id) as cluster_id, r.article_id, r.source, r.is_record,
    coalesce(n.is_kept, true) as is_kept, coalesce(n.similarity_ratio, 1.0) as similarity_ratio
  from records as r left join near_duplicates as n using (article_id)
  where r.article_id not in (from superseded_versions)
), clusters as (
  select
    cluster_id,
    count(*) filter (not is_record) as article_count,
    count(*) filter (is_kept and not is_record) as kept_count,
    count(*) filter (is_record) as same_record_count,
    list_sort(list(distinct source)) as sources,
    min(similarity_ratio) as least_similarity_ratio
  from placed
  group by cluster_id
  having count(*) > 1
), firsts as (
  select distinct on (cluster_id) cluster_id, a.article_id, a.source, a.title, a.published_on
  from placed join articles as a using (article_id)
  where is_kept and not is_record
  order by
    cluster_id,
    case when a.published_status = 'dated' and a.published_precision = 'day' then a.published_on end nulls last,
    a.text_chars desc, a.article_id
)
select
  cluster_id, c.article_count, c.kept_count, c.same_record_count, len(c.sources) as source_count, c.sources,
  len(c.sources) > 1 as is_syndicated, c.least_similarity_ratio,
  f.article_id as kept_article_id, f.source as kept_source, f.title as kept_title, f.published_on as kept_published_on
from clusters as c join firsts as f using (cluster_id)
order by c.article_count + c.same_record_count desc, cluster_id;

comment on view duplicate_clusters is
  'Texts that are there more than once, one row a cluster: near-duplicates, and records with the same original text.';
comment on column duplicate_clusters.cluster_id is 'The smallest article_id in it, as in clean_articles.';
comment on column duplicate_clusters.article_count is 'Articles in it, the latest version of each page.';
comment on column duplicate_clusters.kept_count is
  'Articles kept of it: one, or more where a chain of copies leads too far from the first.';
comment on column duplicate_clusters.same_record_count is 'Records that gave the original text of one of them again.';
comment on column duplicate_clusters.source_count is 'Sources that have a copy.';
comment on column duplicate_clusters.sources is 'These sources, sorted.';
comment on column duplicate_clusters.is_syndicated is 'Whether several sources have it.';
comment on column duplicate_clusters.least_similarity_ratio is
  'Jaccard similarity of the least alike article to the one kept for it, 0.8-1.';
comment on column duplicate_clusters.kept_article_id is
  'The first article kept: the earliest credible date, then the longest text, then the id.';
comment on column duplicate_clusters.kept_source is 'Its source.';
comment on column duplicate_clusters.kept_title is 'Its headline.';
comment on column duplicate_clusters.kept_published_on is 'Its publication date, if known.';
