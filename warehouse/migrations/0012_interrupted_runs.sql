-- Runs that were killed: the next run records them, under the id that their staged data had.
comment on column runs.status is
  'published; failed (a critical check failed, or the run broke off) or interrupted (killed): nothing was published.';
comment on column runs.finished_at is 'When the run ended, UTC; null where it was interrupted.';
comment on column runs.report_status is
  'sent, outbox (written as a file), failed, skipped (settings want no mail), or null where no report was made.';
