-- What extraction found beside the text, so that an article can be cleaned anew from the warehouse alone.
create table page_facts (article_id varchar not null, facts varchar not null);

comment on table page_facts is
  'What extraction found beside the text, one row an article: winnow run --reclean starts from it and the original.';
comment on column page_facts.article_id is 'The article.';
comment on column page_facts.facts is 'JSON: title, author, date candidates, headings, ... as extraction gave them.';
