-- The same page read again with another text is another version of its article. Pages are the same by the address that
-- came with the record, or, where only the page told its address, by that and the title: sites print one wrong
-- canonical address on all their pages, and an article must not vanish behind another one. Never by a bare home page.
-- Which are not the latest, warehouse/versions.py keeps in superseded_versions, by the same order.
create or replace view article_versions as
with placed as (
  select
    a.article_id, a.url, if(url_origin = 'given', '', coalesce(title, a.article_id)) as told_by,
    coalesce(a.fetched_at, s.seen_at) as as_of, s.seen_at, a.run_id, a.title, a.text_chars, a.ruleset_version
  from articles as a left join article_signatures as s using (article_id, source)
  where regexp_matches(a.url, '^[a-zA-Z]+://[^/]+/.')
)
select
  url, row_number() over (page order by as_of, seen_at, article_id) as version,
  row_number() over (page order by as_of desc, seen_at desc, article_id desc) = 1 as is_latest,
  article_id, as_of, title, text_chars, run_id, ruleset_version
from placed
window page as (partition by url, told_by);

comment on view article_versions is 'One row an article that has an address: which version of the page it is.';
comment on column article_versions.url is 'Address of the page: given, else canonical.';
comment on column article_versions.version is 'Number of the version, from 1, oldest first.';
comment on column article_versions.is_latest is 'Whether it is the newest, which the views for readers show.';
comment on column article_versions.article_id is 'The article: first 16 hex digits of the SHA-256 of the original text.';
comment on column article_versions.as_of is 'When it was fetched, UTC; else the start of the run that first took it in.';
comment on column article_versions.title is 'Headline, if the page or record tells.';
comment on column article_versions.text_chars is 'Code points of the clean text.';
comment on column article_versions.run_id is 'The run that published it last.';
comment on column article_versions.ruleset_version is 'Ruleset that cleaned and judged it.';
