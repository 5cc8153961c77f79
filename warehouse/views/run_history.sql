create or replace view run_history as
select
  run_id, run_name, started_at, finished_at,
  date_diff('millisecond', started_at, finished_at) / 1000.0 as seconds,
  case
    when status = 'failed' and critical_count > 0
      then 'nothing published: ' || critical_count || ' critical checks failed'
    when status = 'failed' then 'nothing published: the run broke off'
    when status = 'interrupted' and report_detail is not null then 'nothing published: the run broke off'
    when status = 'interrupted' then 'nothing published: interrupted'
    when critical_count > 0 then 'published in spite of ' || critical_count || ' failed critical checks'
    when warning_count > 0 then 'published with ' || warning_count || ' warnings'
    else 'published'
  end as verdict,
  input_count, unchanged_count, article_count, duplicate_count, quarantine_count, edit_count, removed_chars,
  ruleset_version, report_status, report_detail
from runs
order by started_at desc, run_id;

comment on view run_history is 'One row a run, the last one first.';
comment on column run_history.run_id is 'Flow run id, hex.';
comment on column run_history.run_name is 'Name of the Prefect flow run.';
comment on column run_history.started_at is 'When the run began, UTC.';
comment on column run_history.finished_at is 'When the run ended, UTC; null where it was interrupted.';
comment on column run_history.seconds is 'How long it took; null without an end.';
comment on column run_history.verdict is 'How it ended, in words.';
comment on column run_history.input_count is 'Records found under the given paths, unchanged ones included.';
comment on column run_history.unchanged_count is
  'Records that the warehouse already had with the same content and ruleset.';
comment on column run_history.article_count is 'Articles published, new or replaced.';
comment on column run_history.duplicate_count is 'Records whose text the warehouse or the run already had.';
comment on column run_history.quarantine_count is 'Records put into quarantine.';
comment on column run_history.edit_count is 'Edits in the ledger of the published articles.';
comment on column run_history.removed_chars is 'Characters (code points) removed from the published articles.';
comment on column run_history.ruleset_version is 'Hash of the cleaning and judging code that the run used.';
comment on column run_history.report_status is 'sent, outbox (written as a file), failed, skipped (settings want no mail), or null.';
comment on column run_history.report_detail is 'Recipients, the outbox file, or why sending failed; of a run that broke off and could not write so, why.';
