-- The first tables. No primary or foreign keys: the same statements must run on a DuckLake, which has none.
create table runs (
  run_id varchar not null, run_name varchar not null, started_at timestamptz not null, finished_at timestamptz,
  status varchar not null, ruleset_version varchar not null, input_count bigint, unchanged_count bigint,
  article_count bigint, duplicate_count bigint, quarantine_count bigint, edit_count bigint,
  removed_chars bigint, warning_count bigint, critical_count bigint,
  report_status varchar, report_detail varchar
);
create table inputs (
  input_id varchar not null, run_id varchar not null, document_id varchar not null, location varchar not null,
  record_key varchar not null, source varchar not null, url varchar, content_hash varchar, content_bytes bigint,
  fetched_at timestamptz, fate varchar not null, article_id varchar, ruleset_version varchar not null
);
create table articles (
  article_id varchar not null, input_id varchar not null, run_id varchar not null, document_id varchar not null,
  source varchar not null, url varchar, title varchar, author varchar, site_name varchar,
  language varchar, language_probability_ratio double, language_detector varchar,
  published_on date, published_precision varchar, published_status varchar not null,
  published_origin varchar, published_evidence varchar, fetched_at timestamptz,
  text varchar not null, text_chars bigint not null, text_words bigint not null,
  original_chars bigint not null, original_hash varchar not null, removed_chars bigint not null,
  removed_ratio double not null, extractor varchar not null, ruleset_version varchar not null
);
create table edits (
  article_id varchar not null, edit_number integer not null, start_char bigint not null, end_char bigint not null,
  kind varchar not null, rule_id varchar not null, removed_text varchar not null, replacement varchar not null,
  probability_ratio double not null
);
create table signals (article_id varchar not null, name varchar not null, value double not null);
create table scores (
  article_id varchar not null, score varchar not null, component varchar not null,
  value_ratio double not null, weight_ratio double not null, evidence varchar not null
);
create table flags (article_id varchar not null, code varchar not null, evidence varchar not null);
create table date_candidates (
  article_id varchar not null, candidate_number integer not null, date_text varchar not null, precision varchar not null,
  role varchar not null, origin varchar not null, evidence varchar not null
);
create table duplicates (
  input_id varchar not null, article_id varchar not null, run_id varchar not null, duplicate_kind varchar not null,
  similarity_ratio double not null
);
create table quarantine (
  input_id varchar not null, run_id varchar not null, document_id varchar not null, location varchar not null,
  record_key varchar not null, content_hash varchar, content_bytes bigint, code varchar not null,
  message varchar not null, quarantined_at timestamptz not null
);
create table check_results (
  run_id varchar not null, suite varchar not null, check_name varchar not null, column_name varchar,
  severity varchar not null, is_success boolean not null, unexpected_count bigint, observed varchar,
  unexpected_sample varchar, notes varchar
);

comment on table runs is 'One row a run of the flow, also a failed one.';
comment on column runs.run_id is 'Id of the run, hex; the other tables carry the run that wrote a row.';
comment on column runs.run_name is 'Name of the Prefect flow run.';
comment on column runs.started_at is 'When the run began, UTC.';
comment on column runs.finished_at is 'When the run ended, UTC; null while it runs or after a kill.';
comment on column runs.status is 'running, published, or failed (a critical check failed: nothing was published).';
comment on column runs.ruleset_version is 'Hash of the cleaning and judging code that the run used.';
comment on column runs.input_count is 'Records found under the given paths, unchanged ones included.';
comment on column runs.unchanged_count is 'Records that the warehouse already had with the same content and ruleset.';
comment on column runs.article_count is 'Articles published by the run, new or replaced.';
comment on column runs.duplicate_count is 'Records whose text the warehouse or this run already had.';
comment on column runs.quarantine_count is 'Records put into quarantine by the run.';
comment on column runs.edit_count is 'Edits in the ledger of the published articles.';
comment on column runs.removed_chars is 'Characters (code points) removed from the published articles.';
comment on column runs.warning_count is 'Failed checks of severity warning.';
comment on column runs.critical_count is 'Failed checks of severity critical.';
comment on column runs.report_status is 'sent, outbox (written as a file), failed, or null.';
comment on column runs.report_detail is 'Recipients, the outbox file, or why sending failed.';

comment on table inputs is 'One row an input record ever taken in: the ledger that makes a run repeatable.';
comment on column inputs.input_id is 'Hash of location, record key and content hash; 16 hex digits.';
comment on column inputs.run_id is 'The run that took the record in last.';
comment on column inputs.document_id is 'File name without suffix, or the id of the record.';
comment on column inputs.location is 'Path of the file that held the record.';
comment on column inputs.record_key is 'Tells records of one file apart; empty for a file that is one document.';
comment on column inputs.source is 'Registered domain of the URL, else the folder name.';
comment on column inputs.url is 'Address of the page, if known.';
comment on column inputs.content_hash is 'SHA-256 of the raw payload, hex; null when it could not be read.';
comment on column inputs.content_bytes is 'Size of the raw payload in bytes.';
comment on column inputs.fetched_at is 'When the scraper fetched it, UTC, if known.';
comment on column inputs.fate is 'article, duplicate or quarantine: every record ends in exactly one.';
comment on column inputs.article_id is 'The article it became or duplicates; null in quarantine.';
comment on column inputs.ruleset_version is 'Ruleset that decided its fate.';

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
comment on column articles.published_on is 'Publication date; the first day of the month or year when precision is coarser.';
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

comment on table edits is 'The ledger: one row an edit. Original text = clean text with these put back.';
comment on column edits.article_id is 'The article edited.';
comment on column edits.edit_number is 'Order of the edit in its article, from 1.';
comment on column edits.start_char is 'First code point of the original that the edit covers, from 0.';
comment on column edits.end_char is 'Code point after the last one covered.';
comment on column edits.kind is 'Kind of artifact, or tidy.';
comment on column edits.rule_id is 'Rule that found it; permanent.';
comment on column edits.removed_text is 'The text taken out.';
comment on column edits.replacement is 'The text put in its place; nearly always empty.';
comment on column edits.probability_ratio is '1 for a rule; for the line model how sure it was, 0-1.';

comment on table signals is 'Raw measurements, one row an article and signal; thresholds are applied later.';
comment on column signals.article_id is 'The article measured.';
comment on column signals.name is 'Name of the signal.';
comment on column signals.value is 'Its value, in the unit that its name says.';

comment on table scores is 'Scores and the components they are made of, one row an article, score and component.';
comment on column scores.article_id is 'The article judged.';
comment on column scores.score is 'quality or seo_padding.';
comment on column scores.component is 'total for the score itself, else the component.';
comment on column scores.value_ratio is 'Value, 0-1.';
comment on column scores.weight_ratio is 'Weight of the component in its score, 0-1; 1 for the total.';
comment on column scores.evidence is 'Why, in words.';

comment on table flags is 'Judgements that hold, one row an article, flag and evidence.';
comment on column flags.article_id is 'The article flagged.';
comment on column flags.code is 'undated, seo-padded, content-gap, ...';
comment on column flags.evidence is 'What a person can check.';

comment on table date_candidates is 'Every date that the page or text showed as its own, one row a candidate.';
comment on column date_candidates.article_id is 'The article.';
comment on column date_candidates.candidate_number is 'Rank, from 1: the first was chosen.';
comment on column date_candidates.date_text is 'YYYY-MM-DD, YYYY-MM or YYYY.';
comment on column date_candidates.precision is 'day, month or year.';
comment on column date_candidates.role is 'published or modified.';
comment on column date_candidates.origin is 'Where it stood.';
comment on column date_candidates.evidence is 'The exact text it was read from.';

comment on table duplicates is 'Input records whose text another record already gave, one row a record.';
comment on column duplicates.input_id is 'The record.';
comment on column duplicates.article_id is 'The article that is kept for it.';
comment on column duplicates.run_id is 'The run that found it.';
comment on column duplicates.duplicate_kind is 'exact: the same original text.';
comment on column duplicates.similarity_ratio is 'Likeness to the kept article, 0-1.';

comment on table quarantine is 'Input records that could not become articles, one row a record.';
comment on column quarantine.input_id is 'The record.';
comment on column quarantine.run_id is 'The run that put it here.';
comment on column quarantine.document_id is 'File name without suffix, or the id of the record.';
comment on column quarantine.location is 'Path of the file that held the record.';
comment on column quarantine.record_key is 'Tells records of one file apart.';
comment on column quarantine.content_hash is 'SHA-256 of the raw payload, hex; null when it could not be read.';
comment on column quarantine.content_bytes is 'Size of the raw payload in bytes.';
comment on column quarantine.code is 'Reason, stable.';
comment on column quarantine.message is 'Reason, for people: what, which bound, what to do.';
comment on column quarantine.quarantined_at is 'When, UTC.';

comment on table check_results is 'Results of the data checks, one row a run and check.';
comment on column check_results.run_id is 'The run checked.';
comment on column check_results.suite is 'Suite: the staged table it is about.';
comment on column check_results.check_name is 'Name of the expectation.';
comment on column check_results.column_name is 'Column checked, if one.';
comment on column check_results.severity is 'critical, warning or info.';
comment on column check_results.is_success is 'Whether the check held.';
comment on column check_results.unexpected_count is 'Rows that broke it.';
comment on column check_results.observed is 'Value observed, as text.';
comment on column check_results.unexpected_sample is 'Keys of up to five rows that broke it, JSON.';
comment on column check_results.notes is 'Why the check is there.';
