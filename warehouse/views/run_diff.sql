-- What a rule took of a run's articles is in removal_history, under the time at which the run began.
create or replace macro run_diff(run_a, run_b) as table
with counted as (
  unpivot (
    select
      run_id, input_count::double as input_count, unchanged_count::double as unchanged_count,
      article_count::double as article_count, duplicate_count::double as duplicate_count,
      quarantine_count::double as quarantine_count, edit_count::double as edit_count,
      removed_chars::double as removed_chars, epoch(finished_at - started_at) as seconds
    from runs
    where run_id in (run_a, run_b)
  )
  on columns(* exclude (run_id)) into name measure value value
), failed as (
  select run_id, 'failed check: ' || concat_ws(' ', suite, check_name, column_name) as measure, count(*)::double as value
  from check_results
  where run_id in (run_a, run_b) and not is_success
  group by all
), sums as (
  select run_id, rule_id, sum(removed_ratio_sum) as removed_ratio_sum
  from runs join removal_history on seen_at = started_at
  where run_id in (run_a, run_b)
  group by all
), sizes as (
  select run_id, sum(h.article_count) as article_count
  from runs join source_history as h on seen_at = started_at
  where run_id in (run_a, run_b)
  group by all
), removed as (
  select run_id, 'removed_ratio of ' || rule_id as measure, removed_ratio_sum / article_count as value
  from sums join sizes using (run_id)
), measured as (
  from counted union all by name from failed union all by name from removed
)
select
  measure,
  coalesce(any_value(value) filter (run_id = run_a), 0) as a,
  coalesce(any_value(value) filter (run_id = run_b), 0) as b,
  b - a as change
from measured
group by measure
order by starts_with(measure, 'removed_ratio of'), starts_with(measure, 'failed check'), abs(b - a) desc, measure;

comment on macro table run_diff is
  'What differs between two runs, one row a measure: counts, failed checks, and share of the text taken by each rule.';
