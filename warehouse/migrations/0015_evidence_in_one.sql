-- The evidence of an article's scores as one text, which DuckDB packs into a third of the bytes; frames without zeros.
create temp table kept_scores as from article_scores;
drop table article_scores;
create table article_scores (
  article_id varchar not null, layout ubigint not null, score_values double[] not null,
  evidences varchar not null using compression zstd
);
insert into article_scores
select
  article_id, layout, score_values,
  array_to_string([replace(evidence, chr(31), ' ') for evidence in evidences], chr(31))
from kept_scores;
drop table kept_scores;

create temp table kept_fingerprints as
select
  *,
  [place for place in range(1, len(texts) + 1) if frames[place] <> 0]
    || [place for place in range(1, len(texts) + 1) if frames[place] = 0] as places
from article_fingerprints;
drop table article_fingerprints;
create table article_fingerprints (
  article_id varchar not null, texts uinteger[] not null, frames uinteger[] not null, line_places integer[] not null
);
insert into article_fingerprints
select
  article_id, [texts[place] for place in places], [frames[place] for place in places if frames[place] <> 0],
  [
    if(line_places[place] > 0, list_position(places, line_places[place]), line_places[place])::integer
    for place in places
  ]
from kept_fingerprints;
drop table kept_fingerprints;

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
