create or replace view syndicated_articles as
with copies as (
  select article_id, input_id, source, url, document_id, false as is_record
  from articles
  union all
  select d.article_id, input_id, i.source, i.url, i.document_id, true
  from duplicates as d join inputs as i using (input_id)
), placed as (
  select
    coalesce(n.cluster_id, c.article_id) as cluster_id, c.*,
    coalesce(n.is_kept, true) and not is_record as is_kept,
    coalesce(n.kept_article_id, c.article_id) as kept_article_id,
    coalesce(n.similarity_ratio, 1.0) as similarity_ratio
  from copies as c left join near_duplicates as n using (article_id)
  where c.article_id not in (from superseded_versions)
)
select
  cluster_id, p.source, a.title, p.url, a.published_on,
  case when is_record then 'same record' when is_kept then 'kept' else 'near-duplicate' end as copy_kind,
  similarity_ratio, p.article_id, kept_article_id, k.source as kept_source, p.document_id, p.input_id
from placed as p
join articles as a using (article_id)
join articles as k on k.article_id = p.kept_article_id
where cluster_id in (select cluster_id from placed group by cluster_id having count(distinct source) > 1)
order by cluster_id, a.published_on nulls last, p.source, p.input_id;

comment on view syndicated_articles is
  'Texts that several sources have, one row a copy: articles, and records that gave the same original text again.';
comment on column syndicated_articles.cluster_id is 'Cluster of near-duplicates, as in clean_articles.';
comment on column syndicated_articles.source is 'Source of the copy: registered domain of the URL, else the folder name.';
comment on column syndicated_articles.title is 'Its headline; of a record with the same text, that of its article.';
comment on column syndicated_articles.url is 'Address of the copy, if known.';
comment on column syndicated_articles.published_on is 'Publication date of its article, if known.';
comment on column syndicated_articles.copy_kind is
  'kept: stays when near-duplicates are left out; near-duplicate; same record: a record that is no article of its own.';
comment on column syndicated_articles.similarity_ratio is 'Jaccard similarity to the kept article, 0.8-1; 1: the same.';
comment on column syndicated_articles.article_id is 'The article.';
comment on column syndicated_articles.kept_article_id is 'The kept article that stands for it; itself where it is kept.';
comment on column syndicated_articles.kept_source is 'Source of the kept article: where the text was first, if dates tell.';
comment on column syndicated_articles.document_id is 'File name without suffix, or the id of the record.';
comment on column syndicated_articles.input_id is 'The input record.';
