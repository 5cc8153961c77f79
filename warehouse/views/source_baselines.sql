create or replace view source_baselines as
select source, count(distinct period) as period_count, sum(article_count)::bigint as article_count
from source_periods
group by source;

comment on view source_baselines is 'How much there is to compare a new run with, one row a source.';
comment on column source_baselines.source is 'As in source_history.';
comment on column source_baselines.period_count is 'Periods in source_periods, 10 at most.';
comment on column source_baselines.article_count is 'Articles in these periods.';
