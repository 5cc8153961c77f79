-- Near-duplicates: which articles are copies of another one, word for word or nearly. A link is a fact of two texts, so
-- it is kept by text and not by article: copies of one text share its links, and no change of an article makes it stale.
-- Articles of earlier versions have no signature until they are cleaned anew (winnow run --reclean).
create table text_signatures (
  article_id varchar not null, text_hash ubigint not null, signature uinteger[] not null
);
create table text_links (
  text_hash ubigint not null, other_text_hash ubigint not null, similarity_ratio double not null
);
create table near_duplicates (
  article_id varchar not null, cluster_id varchar not null, is_kept boolean not null, kept_article_id varchar not null,
  similarity_ratio double not null
);
create table cluster_changes (
  run_id varchar not null, changed_at timestamptz not null, old_cluster_id varchar not null,
  cluster_id varchar not null, article_count bigint not null
);

comment on table text_signatures is
  'What is kept of a clean text to find its near-duplicates, one row an article of ten words or more.';
comment on column text_signatures.article_id is 'The article.';
comment on column text_signatures.text_hash is
  'Hash of its words, 64 bits; case, punctuation and white space do not count.';
comment on column text_signatures.signature is
  '64 minima of hashed five-word shingles; texts that share 4 in one place are compared.';

comment on table text_links is
  'Two different texts that are near-duplicates, one row a pair; the view duplicate_links names their articles.';
comment on column text_links.text_hash is 'One text, as in text_signatures; the smaller hash of the two.';
comment on column text_links.other_text_hash is 'The other text.';
comment on column text_links.similarity_ratio is 'Jaccard similarity of their five-word shingles, counted, 0.8-1.';

comment on table near_duplicates is
  'Articles that are alike, one row an article that has a near-duplicate. Earlier versions of a page are left out.';
comment on column near_duplicates.article_id is 'The article.';
comment on column near_duplicates.cluster_id is
  'Its cluster: all that links connect; the smallest article_id in it. An old id leads there: look that article up.';
comment on column near_duplicates.is_kept is
  'Whether it stays when near-duplicates are left out: the earliest credible date, then the longest text, then the id.';
comment on column near_duplicates.kept_article_id is 'The kept article that stands for it; itself where it is kept.';
comment on column near_duplicates.similarity_ratio is
  'Jaccard similarity to the kept article, 0.8-1; the least it can be where the two were not compared; 1 where kept.';

comment on table cluster_changes is
  'Articles that went from one cluster to another, one row a run, old and new cluster: merged, split or renamed.';
comment on column cluster_changes.run_id is 'The run that changed it.';
comment on column cluster_changes.changed_at is 'When, UTC.';
comment on column cluster_changes.old_cluster_id is 'Cluster in which the articles were.';
comment on column cluster_changes.cluster_id is 'Cluster in which they are now; the own id of an article that is alone.';
comment on column cluster_changes.article_count is 'How many articles went.';
comment on column duplicates.duplicate_kind is
  'exact: the same original text. What is alike but not the same is an article of its own: near_duplicates.';
