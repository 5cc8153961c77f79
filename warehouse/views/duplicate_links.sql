-- Of a text that several articles have, each is shown with the first of them, so that copies make no square.
create or replace view duplicate_links as
with placed as (
  select
    cluster_id, article_id, text_hash,
    min(article_id) over (partition by text_hash) as first_id
  from near_duplicates join text_signatures using (article_id)
), pairs as (
  select one.cluster_id, one.article_id as one_id, other.article_id as other_id, l.similarity_ratio
  from text_links as l
  join placed as one on one.text_hash = l.text_hash and one.article_id = one.first_id
  join placed as other on other.text_hash = l.other_text_hash and other.article_id = other.first_id
  union all
  select cluster_id, first_id, article_id, 1.0
  from placed
  where article_id <> first_id
)
select
  cluster_id, least(one_id, other_id) as article_id, greatest(one_id, other_id) as other_article_id, similarity_ratio
from pairs;

comment on view duplicate_links is
  'One row a pair of articles that are near-duplicates; of articles with the same words, each with the first of them.';
comment on column duplicate_links.cluster_id is 'Their cluster.';
comment on column duplicate_links.article_id is 'One of the two: the smaller id.';
comment on column duplicate_links.other_article_id is 'The other one.';
comment on column duplicate_links.similarity_ratio is
  'Jaccard similarity of their five-word shingles, 0.8-1; 1: the same words.';
