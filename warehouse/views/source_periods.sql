-- What "before" means for a source: its last ten periods. Runs are pooled, from the last one back, to periods of about
-- 20 articles, so that an hourly run of three articles and an archive of hundreds are both something to go by. A run
-- belongs to the period that the count of later articles stands in. A period that has fewer than 10 articles even so
-- (the oldest, or what lies between two large runs) says too little and is left out.
-- At most 20 runs of one article or more make a period: ten periods end within a source's last 200 runs.
create or replace view source_periods as
with placed as (
  select
    source, seen_at, article_count,
    sum(article_count) over (partition by source order by seen_at desc) - article_count as later_articles
  from source_history
), numbered as (
  select
    source, seen_at, article_count,
    dense_rank() over (partition by source order by later_articles // 20) as period
  from placed
)
select source, seen_at, period, article_count
from numbered
where period <= 10
qualify sum(article_count) over (partition by source, period) >= 10;

comment on view source_periods is
  'What a new run is compared with, one row a source and earlier run: the last ten periods of 10 articles or more.';
comment on column source_periods.source is 'As in source_history.';
comment on column source_periods.seen_at is 'As in source_history.';
comment on column source_periods.period is 'Number of the period that the run belongs to; 1 is the latest.';
comment on column source_periods.article_count is 'Articles of the source that this run took in first.';
