create or replace view flagged_articles as
select a.article_id, f.code as flag, f.evidence, a.source, a.url, a.title, a.published_on
from flags as f
join articles as a using (article_id)
where a.article_id not in (from superseded_versions);

comment on view flagged_articles is 'One row an article (its latest version), flag that holds and piece of evidence.';
comment on column flagged_articles.article_id is 'The article flagged.';
comment on column flagged_articles.flag is 'undated, seo-padded, content-gap, ...';
comment on column flagged_articles.evidence is 'What a person can check.';
comment on column flagged_articles.source is 'Registered domain of the URL, else the folder name.';
comment on column flagged_articles.url is 'Address of the page: given, else canonical.';
comment on column flagged_articles.title is 'Headline, if the page or record tells.';
comment on column flagged_articles.published_on is 'Publication date, if one was found.';
