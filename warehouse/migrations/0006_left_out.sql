-- What a run found and did not take in as a record, by reason: counted, so that nothing is passed over unseen.
create table left_out (run_id varchar not null, reason varchar not null, left_out_count bigint not null);

comment on table left_out is 'One row a run and reason: files and parts of files that are no input records by intent.';
comment on column left_out.run_id is 'The run that left them out.';
comment on column left_out.reason is
  'Why: a suffix that is not known, half-written, hidden, excluded by a pattern, a WARC record that is no HTML page.';
comment on column left_out.left_out_count is 'How many files, or records of WARC files.';
