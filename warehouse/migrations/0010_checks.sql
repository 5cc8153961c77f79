-- What whole runs are compared with, the alarms that come of it, and what else is to be known of a check's result.
create table run_measures (
  run_id varchar not null, measured_at timestamptz not null, measure varchar not null, subject varchar not null,
  article_count bigint not null, value double not null
);
create table alarms (
  alarm_id varchar not null, family varchar not null, cause varchar not null, measure varchar not null,
  subject varchar not null, direction varchar not null, usual_value double, value double, evidence varchar not null,
  opened_run_id varchar not null, opened_at timestamptz not null,
  last_run_id varchar not null, last_seen_at timestamptz not null,
  resolved_run_id varchar, resolved_at timestamptz
);
alter table check_results add column check_id varchar;
alter table check_results add column is_waived boolean;
update check_results set
  is_waived = false,
  check_id = array_to_string(
    [suite, replace(column_name, ', ', '+'), regexp_replace(check_name, '^expect_(column_values_to_|column_)?', '')], '.');

comment on column check_results.check_id is
  'Name of the check, as --publish-anyway takes it: suite, column and expectation; or user and the id in the file.';
comment on column check_results.is_waived is
  'Whether it failed critically and the run was published all the same, as asked for by --publish-anyway.';

comment on table run_measures is
  'What is measured of whole runs, to be compared with: one row a run that took in something new, measure and subject.';
comment on column run_measures.run_id is 'The run.';
comment on column run_measures.measured_at is 'Start of the run, UTC.';
comment on column run_measures.measure is
  'records, articles, quarantined_ratio, duplicate_ratio, undated_ratio, padded_ratio, quality, median_words, removed_ratio, rule_ratio, language_ratio.';
comment on column run_measures.subject is 'The rule or the language that it is about; empty for the whole run.';
comment on column run_measures.article_count is 'Articles that the run took in first, of which it was measured.';
comment on column run_measures.value is 'Its value: a count, a mean score 0-1, a median of words, or a share 0-1.';

comment on table alarms is
  'What was unusual against history: one row a time that a measure was so, from the run that found it to the one that found it over.';
comment on column alarms.alarm_id is 'Hash of family, measure, subject, direction and the run that opened it; 16 hex digits.';
comment on column alarms.family is 'Which comparison found it: run for whole runs.';
comment on column alarms.cause is 'What it is shown under: alarms of one cause make one line.';
comment on column alarms.measure is 'What was measured.';
comment on column alarms.subject is 'Source, rule or language that it is about; empty for the whole run.';
comment on column alarms.direction is 'rose or fell.';
comment on column alarms.usual_value is 'What was usual when it was last seen, in the unit of the measure.';
comment on column alarms.value is 'What it was when it was last seen.';
comment on column alarms.evidence is 'The same in words.';
comment on column alarms.opened_run_id is 'The run that found it first.';
comment on column alarms.opened_at is 'Start of that run, UTC.';
comment on column alarms.last_run_id is 'The run that found it last.';
comment on column alarms.last_seen_at is 'Start of that run, UTC.';
comment on column alarms.resolved_run_id is 'The run that found it over; null while it lasts.';
comment on column alarms.resolved_at is 'Start of that run, UTC; null while it lasts.';
