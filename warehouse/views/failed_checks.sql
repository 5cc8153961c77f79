create or replace view failed_checks as
select
  run_id, started_at, severity, is_waived, check_id, unexpected_count, observed, unexpected_sample, notes
from check_results join runs using (run_id)
where not is_success
order by started_at desc, list_position(['critical', 'warning', 'info'], severity), check_id;

comment on view failed_checks is 'One row a run and check that failed, the last run first.';
comment on column failed_checks.run_id is 'The run checked.';
comment on column failed_checks.started_at is 'When the run began, UTC.';
comment on column failed_checks.severity is 'critical, warning or info.';
comment on column failed_checks.is_waived is 'Whether the run was published in spite of it, as asked for.';
comment on column failed_checks.check_id is 'Name of the check, as --publish-anyway takes it.';
comment on column failed_checks.unexpected_count is 'Rows that broke it; null for a check of a whole table.';
comment on column failed_checks.observed is 'What was found, as text.';
comment on column failed_checks.unexpected_sample is 'Up to five rows that broke it, with what tells why, JSON.';
comment on column failed_checks.notes is 'Why the check is there.';
