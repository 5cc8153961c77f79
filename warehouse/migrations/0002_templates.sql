-- Templates by source: what repeats across one source's articles. Two narrow tables let later runs count on.
-- Size in a DuckDB file, over 2,400 articles of 7,300 characters: 76 rows of line_fingerprints an article, 1.6 kB, and
-- 0.4 kB of signature; its row of articles, text and all, takes 8.2 kB. Nothing else of a line is kept.
create table article_signatures (
  article_id varchar not null, source varchar not null, seen_at timestamptz not null, signature uinteger[] not null
);
create table line_fingerprints (
  article_id varchar not null, text_fingerprint ubigint not null, frame_fingerprint ubigint, line_fingerprint ubigint
);
create table templates (
  template_id varchar not null, source varchar not null, scope varchar not null, fingerprint ubigint not null,
  kind varchar not null, masked_text varchar not null, example_text varchar not null,
  cluster_count bigint not null, source_cluster_count bigint not null, share_ratio double not null,
  first_seen_at timestamptz not null, last_seen_at timestamptz not null, is_sufficient boolean not null,
  is_active boolean not null, switched_off_at timestamptz, switched_off_reason varchar
);

comment on table article_signatures is
  'MinHash signature of an article, to tell near-duplicates: they count as one. One row an article.';
comment on column article_signatures.article_id is 'The article.';
comment on column article_signatures.source is 'Its source: registered domain of the URL, else the folder name.';
comment on column article_signatures.seen_at is 'Start of the first run that took the article in, UTC.';
comment on column article_signatures.signature is
  '64 minima of hashed five-word shingles; the share of equal places estimates Jaccard similarity.';

comment on table line_fingerprints is
  'What of an article may repeat across its source: one row an article, text and line it stood in.';
comment on column line_fingerprints.article_id is 'The article.';
comment on column line_fingerprints.text_fingerprint is 'Hash of a line or sentence, numbers, dates and names masked.';
comment on column line_fingerprints.frame_fingerprint is
  'Hash of the first four words and the last one of a short sentence; null where there is none.';
comment on column line_fingerprints.line_fingerprint is
  'Hash of the line that the sentence stood in; null where the text is a line of its own.';

comment on table templates is
  'Text that a source repeats across its articles, one row a source and text. Switch off with is_active; never delete.';
comment on column templates.template_id is 'Hash of source and fingerprint, 16 hex digits; edits.rule_id has template:<id>.';
comment on column templates.source is 'The source that repeats it; other sources are not touched.';
comment on column templates.scope is
  'line: a whole line; sentence: also within a line; frame: a sentence known by its first four words and its last.';
comment on column templates.fingerprint is 'What is compared: text_fingerprint, or for a frame frame_fingerprint.';
comment on column templates.kind is 'Kind of artifact that its removals have in the ledger.';
comment on column templates.masked_text is 'The text as it is compared, at most 300 characters: # a number, @ a name.';
comment on column templates.example_text is 'One text as it was printed, at most 300 characters.';
comment on column templates.cluster_count is 'Articles that show it; near-duplicates count once.';
comment on column templates.source_cluster_count is
  'Articles of the source seen from first_seen_at to last_seen_at; near-duplicates count once.';
comment on column templates.share_ratio is 'cluster_count / source_cluster_count, 0-1.';
comment on column templates.first_seen_at is 'Start of the first run with an article that shows it, UTC.';
comment on column templates.last_seen_at is 'Start of the last such run, UTC; later runs may show it in no new article.';
comment on column templates.is_sufficient is
  'Whether the evidence met the bounds when it was last counted; a template that no longer meets them is not used.';
comment on column templates.is_active is 'Whether it may be used: set it to false to switch it off; runs keep it so.';
comment on column templates.switched_off_at is 'When it was switched off, UTC, if that was noted.';
comment on column templates.switched_off_reason is 'Why it was switched off, if that was noted.';
