create or replace view index_postings as
select
  segment, term, ((block::ubigint << spread) + unnest(offsets))::uinteger as article_number,
  unnest(occurrences) as occurrences
from search_postings;

comment on view index_postings is 'The search index row by row: one row an article and term.';
comment on column index_postings.segment is 'As in search_articles; an article that is not there any more has no row there.';
comment on column index_postings.term is 'As in search_postings.';
comment on column index_postings.article_number is 'As in search_articles.';
comment on column index_postings.occurrences is 'How often, at most 255.';
