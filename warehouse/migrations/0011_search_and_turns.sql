-- The index of search('words'): an inverted index in plain tables, which a run adds to and nothing rewrites. A run's
-- part is a segment of its own, so that two runs at once never number the same article.
create table search_articles (
  segment ubigint not null, article_number uinteger not null, article_id varchar not null, words uinteger not null
);
create table search_postings (
  segment ubigint not null, term ubigint not null, article_number uinteger not null, occurrences utinyint not null
);

comment on table search_articles is 'Articles as the search index numbers them, one row an article.';
comment on column search_articles.segment is 'Part of the index: 48 bits of a hash of the run; 0 for what maintenance merged.';
comment on column search_articles.article_number is 'Number of the article in its segment, from 0.';
comment on column search_articles.article_id is 'The article.';
comment on column search_articles.words is 'Words of the clean text, for the length in BM25.';

comment on table search_postings is
  'Which article has which word how often, one row an article and term; sorted by term within a segment.';
comment on column search_postings.segment is 'As in search_articles; an article that is not there any more has no row there.';
comment on column search_postings.term is
  '48 bits of the MD5 of a word in lower case without accents; in scripts without spaces, of one or two characters.';
comment on column search_postings.article_number is 'As in search_articles.';
comment on column search_postings.occurrences is 'How often, at most 255.';

-- A lake lets two transactions commit that do not touch the same rows, even where both bring the same article. Every
-- publish writes this row, so of two at once the second one notices, and begins again on what the first one left.
create table publish_turns (turn utinyint not null);
insert into publish_turns values (0);

comment on table publish_turns is 'One row that every publish writes, so that two at once take turns.';
comment on column publish_turns.turn is 'Always 0.';
