-- One row an article in place of one row a signal, score or line; signatures of 8 bits a value; the search index in
-- blocks. A warehouse takes half of the bytes beside its texts. The views signals and scores show the old rows.
create table signal_layouts (layout ubigint not null, names varchar[] not null);
create table article_signals (article_id varchar not null, layout ubigint not null, signal_values double[] not null);
create table score_layouts (
  layout ubigint not null, score_names varchar[] not null, components varchar[] not null, weights double[] not null
);
create table article_scores (
  article_id varchar not null, layout ubigint not null, score_values double[] not null, evidences varchar[] not null
);
create table article_fingerprints (
  article_id varchar not null, texts uinteger[] not null, frames uinteger[] not null, line_places integer[] not null
);

create temp table laid_signals as
with gathered as (
  select article_id, list_sort(list({'name': name, 'value': value})) as signals from signals group by article_id
), named as (
  select *, [each.name for each in signals] as names from gathered
)
select
  article_id, md5_number_lower(array_to_string(names, chr(10))) >> 16 as layout, names,
  [each.value for each in signals] as signal_values
from named;
insert into article_signals select article_id, layout, signal_values from laid_signals;
insert into signal_layouts select distinct layout, names from laid_signals;
drop table laid_signals;
drop table signals;

create temp table laid_scores as
with gathered as (
  select
    article_id,
    list_sort(list({
      'score': score, 'component': component, 'weight': weight_ratio, 'value': value_ratio, 'evidence': evidence
    })) as components
  from scores
  group by article_id
)
select
  article_id,
  md5_number_lower(array_to_string(
    [concat_ws(chr(9), each.score, each.component, each.weight) for each in components], chr(10)
  )) >> 16 as layout,
  [each.score for each in components] as score_names, [each.component for each in components] as components,
  [each.weight for each in components] as weights, [each.value for each in components] as score_values,
  [each.evidence for each in components] as evidences
from gathered;
insert into article_scores select article_id, layout, score_values, evidences from laid_scores;
insert into score_layouts select distinct layout, score_names, components, weights from laid_scores;
drop table laid_scores;
drop table scores;

insert into article_fingerprints
with numbered as (
  select
    article_id, text_fingerprint, frame_fingerprint, line_fingerprint,
    row_number() over (
      partition by article_id
      order by line_fingerprint is not null, text_fingerprint, line_fingerprint, frame_fingerprint
    )::integer as place
  from line_fingerprints
), lines as (
  select article_id, text_fingerprint as line_fingerprint, min(place) as line_place
  from numbered
  where line_fingerprint is null
  group by all
), gathered as (
  select
    article_id,
    list_sort(list({
      'place': place, 'text': (text_fingerprint >> 32)::uinteger,
      'frame': coalesce(frame_fingerprint >> 32, 0)::uinteger,
      'line': if(line_fingerprint is null, 0, coalesce(line_place, -1))
    })) as units
  from numbered left join lines using (article_id, line_fingerprint)
  group by article_id
)
select
  article_id, [each.text for each in units] as texts, [each.frame for each in units] as frames,
  [each.line for each in units] as line_places
from gathered;
drop table line_fingerprints;

create temp table kept_signatures as from article_signatures;
drop table article_signatures;
create table article_signatures (
  article_id varchar not null, source varchar not null, seen_at timestamptz not null, signature utinyint[] not null
);
insert into article_signatures
select article_id, source, seen_at, [(value & 255)::utinyint for value in signature] from kept_signatures;
drop table kept_signatures;

create temp table kept_signatures as from text_signatures;
drop table text_signatures;
create table text_signatures (
  article_id varchar not null, text_hash ubigint not null, signature utinyint[] not null
);
insert into text_signatures select article_id, text_hash, [(value & 255)::utinyint for value in signature]
from kept_signatures;
drop table kept_signatures;

create temp table kept_postings as from search_postings;
drop table search_postings;
create table search_postings (
  segment ubigint not null, spread utinyint not null, term ubigint not null, block uinteger not null,
  offsets uinteger[] not null, occurrences utinyint[] not null
);
insert into search_postings
with sizes as (
  select segment, count(*) as article_count from search_articles group by segment
), spreads as (
  select
    segment, term,
    least(greatest(ceil(log2(32 * any_value(article_count) / count(*))), 5), 31)::utinyint as spread
  from kept_postings join sizes using (segment)
  group by segment, term
), blocks as (
  select
    segment, spread, term, (article_number >> spread)::uinteger as block,
    list_sort(list(((article_number & ((1::ubigint << spread) - 1)) * 256 + occurrences)::ubigint)) as packed
  from kept_postings join spreads using (segment, term)
  group by all
)
select
  segment, spread, term, block, [(each // 256)::uinteger for each in packed], [(each % 256)::utinyint for each in packed]
from blocks
order by segment, spread, term, block;
drop table kept_postings;

comment on table article_signals is 'Raw measurements of an article, one row an article. To read them: the view signals.';
comment on column article_signals.article_id is 'The article measured.';
comment on column article_signals.layout is 'Which signals these are: signal_layouts.';
comment on column article_signals.signal_values is 'Their values, in the order of names in the layout.';
comment on table signal_layouts is 'Sets of signals that articles have, one row a set.';
comment on column signal_layouts.layout is '48 bits of the MD5 of the names.';
comment on column signal_layouts.names is 'Names of the signals, sorted.';

comment on table article_scores is 'Scores of an article and their components, one row an article. To read them: the view scores.';
comment on column article_scores.article_id is 'The article judged.';
comment on column article_scores.layout is 'Which scores and components these are: score_layouts.';
comment on column article_scores.score_values is 'Values, 0-1, in the order of the layout.';
comment on column article_scores.evidences is 'Why, in words, in the same order.';
comment on table score_layouts is 'Sets of scores with their components and weights, one row a set.';
comment on column score_layouts.layout is '48 bits of the MD5 of names and weights.';
comment on column score_layouts.score_names is 'quality or seo_padding, one a component.';
comment on column score_layouts.components is 'total for the score itself, else the component.';
comment on column score_layouts.weights is 'Weight of the component in its score, 0-1; 1 for the total.';

comment on table article_fingerprints is
  'Fingerprints of the lines and sentences of an article that may be templates, one row an article; no text is kept.';
comment on column article_fingerprints.article_id is 'The article.';
comment on column article_fingerprints.texts is 'Upper 32 bits of the fingerprint of each masked line or sentence.';
comment on column article_fingerprints.frames is 'The same of the frame of each: first four words and last word; 0 without.';
comment on column article_fingerprints.line_places is
  'Place in these lists, from 1, of the line that holds the sentence; 0 for a line, -1 where its line may be no template.';

comment on table article_signatures is
  'MinHash signature of an article, to tell near-duplicates: they count as one. One row an article.';
comment on column article_signatures.article_id is 'The article.';
comment on column article_signatures.source is 'Its source: registered domain of the URL, else the folder name.';
comment on column article_signatures.seen_at is
  'Start of the first run that published the article, UTC: kept when it is read again.';
comment on column article_signatures.signature is
  'Of the five-word shingles of the original, 8 bits a value; equal places estimate the Jaccard similarity.';

comment on table text_signatures is
  'Clean texts as they are compared, one row an article long enough and not flagged as no article.';
comment on column text_signatures.article_id is 'The article.';
comment on column text_signatures.text_hash is 'Hash of the words in lower case, 64 bits: the same words, the same hash.';
comment on column text_signatures.signature is 'MinHash of the five-word shingles of all words, 8 bits a value.';

comment on table search_postings is
  'Which articles have a word how often: one row a segment, term and block of article numbers. Rows: index_postings.';
comment on column search_postings.segment is 'As in search_articles.';
comment on column search_postings.spread is
  'A block is 2 ^ spread article numbers, so wide that about 32 of them have the term; rows are ordered by it, then by term.';
comment on column search_postings.term is
  '48 bits of the MD5 of a word in lower case without accents; in scripts without spaces, of one or two characters.';
comment on column search_postings.block is 'Which block: article_number >> spread.';
comment on column search_postings.offsets is 'Article numbers in the block, from its first: article_number = (block << spread) + offset.';
comment on column search_postings.occurrences is 'How often each article has it, at most 255.';
