-- Long texts as zstd. Left to itself, DuckDB 1.5 packs texts of a few thousand characters by dictionary and FSST, which
-- takes twice the bytes and eight times the time (measured on 30,000 texts of 5,000 characters: 0.61 of the text in 11 s,
-- as zstd 0.32 in 1.4 s). So do the texts of articles, page facts, and the evidence of scores, which becomes one text an
-- article. Lists of frames lose their zeros.
create table packed_articles (
  article_id varchar not null, input_id varchar not null, run_id varchar not null, document_id varchar not null,
  source varchar not null, url varchar, title varchar, author varchar, site_name varchar, language varchar,
  language_probability_ratio double, language_detector varchar, published_on date, published_precision varchar,
  published_status varchar not null, published_origin varchar, published_evidence varchar, fetched_at timestamptz,
  text varchar not null using compression zstd, text_chars bigint not null, text_words bigint not null,
  original_chars bigint not null, original_hash varchar not null, removed_chars bigint not null,
  removed_ratio double not null, extractor varchar not null, ruleset_version varchar not null, title_origin varchar,
  author_origin varchar, site_name_origin varchar, url_origin varchar, page_language varchar,
  page_language_origin varchar, section varchar, section_origin varchar
);
insert into packed_articles by name from articles;
drop table articles;
alter table packed_articles rename to articles;

create table packed_facts (article_id varchar not null, facts varchar not null using compression zstd);
insert into packed_facts by name from page_facts;
drop table page_facts;
alter table packed_facts rename to page_facts;

create table packed_scores (
  article_id varchar not null, layout ubigint not null, score_values double[] not null,
  evidences varchar not null using compression zstd
);
insert into packed_scores
select
  article_id, layout, score_values,
  array_to_string([replace(evidence, chr(31), ' ') for evidence in evidences], chr(31))
from article_scores;
drop table article_scores;
alter table packed_scores rename to article_scores;

create table packed_fingerprints (
  article_id varchar not null, texts uinteger[] not null, frames uinteger[] not null, line_places integer[] not null
);
insert into packed_fingerprints
with placed as (
  select
    *,
    [place for place in range(1, len(texts) + 1) if frames[place] <> 0]
      || [place for place in range(1, len(texts) + 1) if frames[place] = 0] as places
  from article_fingerprints
)
select
  article_id, [texts[place] for place in places], [frames[place] for place in places if frames[place] <> 0],
  [
    if(line_places[place] > 0, list_position(places, line_places[place]), line_places[place])::integer
    for place in places
  ]
from placed;
drop table article_fingerprints;
alter table packed_fingerprints rename to article_fingerprints;

comment on table article_scores is 'Scores of an article and their components, one row an article. To read them: the view scores.';
comment on column article_scores.article_id is 'The article judged.';
comment on column article_scores.layout is 'Which scores and components these are: score_layouts.';
comment on column article_scores.score_values is 'Values, 0-1, in the order of the layout.';
comment on column article_scores.evidences is 'Why, in words, in the same order, with the character 31 between them.';

comment on table article_fingerprints is
  'Fingerprints of the lines and sentences of an article that may be templates, one row an article; no text is kept.';
comment on column article_fingerprints.article_id is 'The article.';
comment on column article_fingerprints.texts is
  'Upper 32 bits of the fingerprint of each masked line or sentence; those with a frame first.';
comment on column article_fingerprints.frames is
  'The same of the frame of each that has one: first four words and last word.';
comment on column article_fingerprints.line_places is
  'Place in these lists, from 1, of the line that holds the sentence; 0 for a line, -1 where its line may be no template.';

comment on table articles is 'One row an article: clean text and what is known of it.';
comment on column articles.article_id is 'First 16 hex digits of the SHA-256 of the original text.';
comment on column articles.input_id is 'The input record that the article was made from.';
comment on column articles.run_id is 'The run that published it last.';
comment on column articles.document_id is 'File name without suffix, or the id of the record.';
comment on column articles.source is 'Registered domain of the URL, else the folder name.';
comment on column articles.url is 'Address of the page: given, else canonical.';
comment on column articles.title is 'Headline, if the page or record tells.';
comment on column articles.author is 'Author, if the page or record tells.';
comment on column articles.site_name is 'Name of the site, if the page tells.';
comment on column articles.language is 'ISO 639-1 code of the clean text; null when undecidable.';
comment on column articles.language_probability_ratio is 'Probability that the detector gives, 0-1.';
comment on column articles.language_detector is 'Which detector decided.';
comment on column articles.published_on is
  'Publication date; the first day of the month or year when precision is coarser.';
comment on column articles.published_precision is 'day, month or year; null when undated.';
comment on column articles.published_status is 'dated, conflicting, implausible or undated.';
comment on column articles.published_origin is 'Where the chosen date stood.';
comment on column articles.published_evidence is 'The text that the date was read from.';
comment on column articles.fetched_at is 'When the scraper fetched it, UTC, if known.';
comment on column articles.text is 'Clean text.';
comment on column articles.text_chars is 'Code points of the clean text.';
comment on column articles.text_words is 'Words of the clean text.';
comment on column articles.original_chars is 'Code points of the extracted text before cleaning.';
comment on column articles.original_hash is 'SHA-256 of the extracted text before cleaning, hex.';
comment on column articles.removed_chars is 'Code points that the edits took out.';
comment on column articles.removed_ratio is 'removed_chars / original_chars, 0-1.';
comment on column articles.extractor is 'What made text of the payload: trafilatura, text, ...';
comment on column articles.ruleset_version is 'Ruleset that cleaned and judged it.';
comment on column articles.title_origin is
  'Where the title stood: given (by the record), json-ld, og, heading, title-tag, ...; null where there is no title.';
comment on column articles.author_origin is
  'Where the authors stood: given, json-ld, og, meta, microdata, rel-author, byline, ...; null where there is none.';
comment on column articles.site_name_origin is 'Where the name of the site stood: og, json-ld, meta, ...';
comment on column articles.url_origin is 'Where the address stood: given, canonical, og, json-ld.';
comment on column articles.page_language is
  'Language that the page declares, as in en-GB; articles.language is what the text is written in.';
comment on column articles.page_language_origin is 'Where that stood: html (its lang attribute), json-ld, og, meta.';
comment on column articles.section is 'Section of the site that the page names, such as Politics.';
comment on column articles.section_origin is 'Where the section stood: og (article:section), json-ld, meta.';

comment on table page_facts is 'What extraction found beside the text, one row an article: winnow run --reclean starts from it and the original.';
comment on column page_facts.article_id is 'The article.';
comment on column page_facts.facts is 'JSON: title, author, date candidates, headings, ... as extraction gave them.';
