-- Runs that were killed: the next run records them, under the id that their staged data had.
comment on column runs.status is
  'published, failed (a critical check failed: nothing was published), or interrupted (killed: nothing was published).';
comment on column runs.finished_at is 'When the run ended, UTC; null where it was interrupted.';
