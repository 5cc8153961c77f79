create or replace view open_alarms as
with ranked as (
  select *, row_number() over (partition by family, cause order by subject <> '', opened_at, measure, subject) as place
  from alarms
  where resolved_at is null
)
select
  family, cause,
  string_agg(evidence, '; ' order by place) filter (place <= 4)
    || if(count(*) > 4, '; and ' || (count(*) - 4) || ' more', '') as what,
  count(*) as alarm_count, min(opened_at) as opened_at, max(last_seen_at) as last_seen_at
from ranked
group by family, cause
order by opened_at desc, family, cause;

comment on view open_alarms is 'What is unusual against history and not over yet: one row a family and cause.';
comment on column open_alarms.family is 'Which comparison found it: run for whole runs.';
comment on column open_alarms.cause is 'What the alarms have in common: volume, dates, removal, ...';
comment on column open_alarms.what is 'The first four alarms of the cause in words, that of the whole run first.';
comment on column open_alarms.alarm_count is 'How many alarms of this cause are open.';
comment on column open_alarms.opened_at is 'Start of the run that found the first of them, UTC.';
comment on column open_alarms.last_seen_at is 'Start of the run that found one of them last, UTC.';
