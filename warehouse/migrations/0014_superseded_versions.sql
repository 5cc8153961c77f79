-- Which articles are earlier versions of a page: kept by every publish for the pages that it touches, so that neither it
-- nor a reader numbers the versions of all pages to know. The view article_versions says what a version is.
create table superseded_versions (article_id varchar not null);

insert into superseded_versions
with placed as (
  select
    a.article_id, a.url, if(url_origin = 'given', '', coalesce(title, a.article_id)) as told_by,
    coalesce(a.fetched_at, s.seen_at) as as_of, s.seen_at
  from articles as a left join article_signatures as s using (article_id, source)
  where regexp_matches(a.url, '^[a-zA-Z]+://[^/]+/.')
)
select article_id
from placed
qualify row_number() over (partition by url, told_by order by as_of desc, seen_at desc, article_id desc) > 1;

comment on table superseded_versions is
  'Articles that are earlier versions of a page, which the views for readers leave out: one row an article.';
comment on column superseded_versions.article_id is 'The article; article_versions has its number and its page.';
