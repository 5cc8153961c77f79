create or replace view article_versions as
from versions_among('articles');

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
