-- Macro: the versions of the pages of some articles, of a table by its name with the columns of articles that it reads.
-- The same page read again with another text is another version of its article. Pages are the same by the address that
-- came with the record, or, where only the page told its address, by that and the title: sites print one wrong
-- canonical address on all their pages, and an article must not vanish behind another one. Never by a bare home page.
create or replace macro versions_among(some_articles) as table
with placed as (
  select
    a.article_id, a.url, if(url_origin = 'given', '', coalesce(title, a.article_id)) as told_by,
    coalesce(a.fetched_at, s.seen_at) as as_of, s.seen_at, a.run_id, a.title, a.text_chars, a.ruleset_version
  from query_table(some_articles) as a left join article_signatures as s using (article_id, source)
  where regexp_matches(a.url, '^[a-zA-Z]+://[^/]+/.')
)
select
  url, row_number() over (page order by as_of, seen_at, article_id) as version,
  row_number() over (page order by as_of desc, seen_at desc, article_id desc) = 1 as is_latest,
  article_id, as_of, title, text_chars, run_id, ruleset_version
from placed
window page as (partition by url, told_by);

comment on macro table versions_among is
  'Versions of pages among the rows of a table like articles, by its name: what article_versions says of all.';
