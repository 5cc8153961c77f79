create or replace view check_history as
with results as (
  select c.*, started_at
  from check_results as c join runs using (run_id)
)
select
  suite, check_id, severity,
  count(*) as runs,
  count(*) filter (not is_success) as failed_runs,
  arg_max(is_success, started_at) as is_success,
  arg_max(observed, started_at) as observed,
  max(started_at) as checked_at,
  max(started_at) filter (not is_success) as failed_at,
  any_value(notes) as notes
from results
group by suite, check_id, severity
order by suite, check_id, severity;

comment on view check_history is 'One row a check and severity: how it went over all runs that are kept.';
comment on column check_history.suite is 'Suite: the staged table it is about; user for your own.';
comment on column check_history.check_id is 'Name of the check, as --publish-anyway takes it.';
comment on column check_history.severity is 'critical, warning or info.';
comment on column check_history.runs is 'Results that are kept of it.';
comment on column check_history.failed_runs is 'How many of these are failures.';
comment on column check_history.is_success is 'Whether it held in the last run.';
comment on column check_history.observed is 'What the last run showed, as text.';
comment on column check_history.checked_at is 'Start of the last run that has it, UTC.';
comment on column check_history.failed_at is 'Start of the last run in which it failed, UTC; null for never.';
comment on column check_history.notes is 'Why the check is there.';
