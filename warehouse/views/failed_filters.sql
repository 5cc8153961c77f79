create or replace view failed_filters as
select
  v.article_id, v.filter,
  string_agg(
    v.measure || ' ' || round(v.value, 3) || ' ' || v.fails_when || ' ' || v.bound, '; ' order by v.measure
  ) as reasons,
  a.source, a.url, a.title, a.language
from filter_verdicts as v
join articles as a using (article_id)
where v.verdict = 'failed'
group by v.article_id, v.filter, a.source, a.url, a.title, a.language;

comment on view failed_filters is 'One row an article and filter that it fails, by the thresholds as they are now.';
comment on column failed_filters.article_id is 'The article.';
comment on column failed_filters.filter is 'The filter it fails.';
comment on column failed_filters.reasons is 'Each measure that failed, its value and the bound.';
comment on column failed_filters.source is 'Registered domain of the URL, else the folder name.';
comment on column failed_filters.url is 'Address of the page: given, else canonical.';
comment on column failed_filters.title is 'Headline, if the page or record tells.';
comment on column failed_filters.language is 'ISO 639-1 code of the clean text; null when undecidable.';
