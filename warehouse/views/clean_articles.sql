create or replace view clean_articles as
with flag_lists as (
  select article_id, list_sort(list(distinct code)) as flags
  from flags
  group by article_id
)
select
  a.article_id, a.document_id, a.source, a.url, a.title, a.author, a.site_name, a.section, a.language,
  a.published_on, a.published_precision, a.published_status,
  t.quality, t.seo_padding, coalesce(f.flags, []) as flags,
  coalesce(d.cluster_id, a.article_id) as cluster_id, coalesce(d.is_kept, true) as is_kept,
  a.text, a.text_chars, a.text_words, a.removed_chars, a.removed_ratio,
  a.fetched_at, a.run_id, a.input_id
from articles as a
left join article_totals as t using (article_id)
left join flag_lists as f using (article_id)
left join near_duplicates as d using (article_id)
where a.article_id not in (from superseded_versions);

comment on view clean_articles is 'One row an article, its latest version: clean text, what is known of it, scores and flags.';
comment on column clean_articles.article_id is 'First 16 hex digits of the SHA-256 of the original text.';
comment on column clean_articles.document_id is 'File name without suffix, or the id of the record.';
comment on column clean_articles.source is 'Registered domain of the URL, else the folder name.';
comment on column clean_articles.url is 'Address of the page: given, else canonical.';
comment on column clean_articles.title is 'Headline, if the page or record tells.';
comment on column clean_articles.author is 'Author, if the page or record tells.';
comment on column clean_articles.site_name is 'Name of the site, if the page tells.';
comment on column clean_articles.section is 'Section of the site, if the page tells.';
comment on column clean_articles.language is 'ISO 639-1 code of the clean text; null when undecidable.';
comment on column clean_articles.published_on is
  'Publication date; the first day of the month or year when precision is coarser.';
comment on column clean_articles.published_precision is 'day, month or year; null when undated.';
comment on column clean_articles.published_status is 'dated, conflicting, implausible or undated.';
comment on column clean_articles.quality is 'Quality score, 0-1; higher is better.';
comment on column clean_articles.seo_padding is 'SEO padding score, 0-1; higher is more padded.';
comment on column clean_articles.flags is 'Codes of the flags that hold, sorted; empty when none.';
comment on column clean_articles.cluster_id is
  'Cluster of near-duplicates: the smallest article_id in it; the own one of an article that nothing is like.';
comment on column clean_articles.is_kept is
  'Whether it stays when near-duplicates are left out: where is_kept gives each text once. See docs/duplicates.md.';
comment on column clean_articles.text is 'Clean text.';
comment on column clean_articles.text_chars is 'Code points of the clean text.';
comment on column clean_articles.text_words is 'Words of the clean text.';
comment on column clean_articles.removed_chars is 'Code points that the edits took out.';
comment on column clean_articles.removed_ratio is 'removed_chars / characters before cleaning, 0-1.';
comment on column clean_articles.fetched_at is 'When the scraper fetched it, UTC, if known.';
comment on column clean_articles.run_id is 'The run that published it last.';
comment on column clean_articles.input_id is 'The input record that it was made from.';
