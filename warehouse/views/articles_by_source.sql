create or replace macro articles_by_source(of_source) as table
from clean_articles
where source = of_source
order by published_on desc nulls last, article_id;

comment on macro table articles_by_source is
  'Clean articles of one source, the newest first: from articles_by_source(''example.org'').';
