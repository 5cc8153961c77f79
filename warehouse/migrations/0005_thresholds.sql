-- The bounds of filters, in one table: they are applied to the stored signals by views, so that moving one needs an
-- update and no new run. The published ones as published; see docs/signals.md.
create table thresholds (
  filter varchar not null, measure varchar not null, fails_when varchar not null, bound double not null,
  languages varchar not null, source varchar not null, note varchar not null, is_active boolean not null
);

comment on table thresholds is 'The bounds of filters: change one, and the views filter_verdicts and failed_filters follow. One row a filter, measure and direction.';
comment on column thresholds.filter is 'The filter that the bound belongs to.';
comment on column thresholds.measure is 'Name of a signal (table signals) or of a score (table scores).';
comment on column thresholds.fails_when is 'The article fails when its value is <, <=, > or >= the bound.';
comment on column thresholds.bound is 'The bound, in the unit of the measure.';
comment on column thresholds.languages is 'Where it is applied: any; spaced (languages that put space between words); en (English alone).';
comment on column thresholds.source is 'Paper, page or our measurement that the bound is from.';
comment on column thresholds.note is 'What else is to be known of it.';
comment on column thresholds.is_active is 'Whether it is applied at all.';

insert into thresholds values
  ('gopher_quality', 'words', '<', 50, 'spaced', 'Rae et al. 2021, A.1.1', '', true),
  ('gopher_quality', 'words', '>', 100000, 'spaced', 'Rae et al. 2021, A.1.1', '', true),
  ('gopher_quality', 'mean_word_chars', '<', 3, 'en', 'Rae et al. 2021, A.1.1', 'Set for English words.', true),
  ('gopher_quality', 'mean_word_chars', '>', 10, 'en', 'Rae et al. 2021, A.1.1', 'Set for English words.', true),
  ('gopher_quality', 'hash_per_word_ratio', '>', 0.1, 'spaced', 'Rae et al. 2021, A.1.1', '', true),
  ('gopher_quality', 'ellipsis_per_word_ratio', '>', 0.1, 'spaced', 'Rae et al. 2021, A.1.1', '', true),
  ('gopher_quality', 'bullet_line_ratio', '>', 0.9, 'any', 'Rae et al. 2021, A.1.1', '', true),
  ('gopher_quality', 'ellipsis_line_ratio', '>', 0.3, 'any', 'Rae et al. 2021, A.1.1', '', true),
  ('gopher_quality', 'alphabetic_word_ratio', '<', 0.8, 'spaced', 'Rae et al. 2021, A.1.1', '', true),
  ('gopher_quality', 'english_stop_words', '<', 2, 'en', 'Rae et al. 2021, A.1.1', 'The words are English.', true),
  ('gopher_repetition', 'duplicate_line_ratio', '>', 0.30, 'any', 'Rae et al. 2021, table A1', '', true),
  ('gopher_repetition', 'duplicate_line_char_ratio', '>', 0.20, 'any', 'Rae et al. 2021, table A1', '', true),
  ('gopher_repetition', 'duplicate_paragraph_ratio', '>', 0.30, 'any', 'Rae et al. 2021, table A1', '', true),
  ('gopher_repetition', 'duplicate_paragraph_char_ratio', '>', 0.20, 'any', 'Rae et al. 2021, table A1', '', true),
  ('gopher_repetition', 'top_2gram_char_ratio', '>', 0.20, 'spaced', 'Rae et al. 2021, table A1', '', true),
  ('gopher_repetition', 'top_3gram_char_ratio', '>', 0.18, 'spaced', 'Rae et al. 2021, table A1', '', true),
  ('gopher_repetition', 'top_4gram_char_ratio', '>', 0.16, 'spaced', 'Rae et al. 2021, table A1', '', true),
  ('gopher_repetition', 'duplicate_5gram_char_ratio', '>', 0.15, 'spaced', 'Rae et al. 2021, table A1', '', true),
  ('gopher_repetition', 'duplicate_6gram_char_ratio', '>', 0.14, 'spaced', 'Rae et al. 2021, table A1', '', true),
  ('gopher_repetition', 'duplicate_7gram_char_ratio', '>', 0.13, 'spaced', 'Rae et al. 2021, table A1', '', true),
  ('gopher_repetition', 'duplicate_8gram_char_ratio', '>', 0.12, 'spaced', 'Rae et al. 2021, table A1', '', true),
  ('gopher_repetition', 'duplicate_9gram_char_ratio', '>', 0.11, 'spaced', 'Rae et al. 2021, table A1', '', true),
  ('gopher_repetition', 'duplicate_10gram_char_ratio', '>', 0.10, 'spaced', 'Rae et al. 2021, table A1', '', true),
  ('c4', 'c4_sentences', '<', 5, 'en', 'Raffel et al. 2020, 2.2', 'The last version of the paper has 3.', true),
  ('c4', 'c4_lorem_ipsum', '>', 0, 'any', 'Raffel et al. 2020, 2.2', '', true),
  ('c4', 'c4_braces', '>', 0, 'any', 'Raffel et al. 2020, 2.2', 'Drops pages about programming.', true),
  ('fineweb', 'punctuated_line_ratio', '<=', 0.12, 'any', 'Penedo et al. 2024, 3.6', '', true),
  ('fineweb', 'short_line_ratio', '>=', 0.67, 'spaced', 'Penedo et al. 2024, 3.6', '', true),
  ('fineweb', 'duplicate_line_char_ratio', '>=', 0.1, 'any', 'Penedo et al. 2024, 3.6', 'datatrove has 0.01.', true),
  ('fineweb', 'newline_per_word_ratio', '>', 0.3, 'spaced', 'datatrove, FineWebQualityFilter', '', true),
  ('seo', 'seo_padding', '>=', 0.5, 'any', 'docs/seo_model_card.md', 'The flag seo-padded is set at 0.5 when an article is judged and stays as it was; this bound may be moved.', true);
