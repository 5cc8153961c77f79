-- The mean is weighed beside the median, because a rule that fires in one article of twenty takes nothing in most
-- periods: its median is 0, and a larger run would seem to jump by the rule's plain average.
create or replace view removal_baselines as
with periods as (
  select source, period, sum(article_count) as period_articles
  from source_periods
  group by source, period
), removals as (
  select source, period, rule_id, sum(r.article_count) as article_count, sum(removed_ratio_sum) as removed_ratio_sum
  from removal_history as r join source_periods using (source, seen_at)
  group by source, period, rule_id
), rules as (
  select distinct source, rule_id
  from removals
), filled as (
  select
    source, rule_id, period_articles,
    coalesce(article_count, 0) as article_count, coalesce(removed_ratio_sum, 0) as removed_ratio_sum,
    coalesce(removed_ratio_sum, 0) / period_articles as removed_ratio
  from rules
  join periods using (source)
  left join removals using (source, period, rule_id)
)
select
  source, rule_id, sum(article_count)::bigint as article_count,
  greatest(median(removed_ratio), sum(removed_ratio_sum) / sum(period_articles)) as usual_ratio,
  mad(removed_ratio) as deviation_ratio
from filled
group by source, rule_id;

comment on view removal_baselines is
  'What a rule usually takes of an article of a source, one row a source and rule, over source_periods.';
comment on column removal_baselines.source is 'As in source_history.';
comment on column removal_baselines.rule_id is 'As in removal_history.';
comment on column removal_baselines.article_count is 'Articles of these periods from which it took something out.';
comment on column removal_baselines.usual_ratio is
  'Share of an article that it takes, 0-1, averaged over a period''s articles: median or mean of periods, the larger.';
comment on column removal_baselines.deviation_ratio is
  'Median absolute deviation of these averages from their median.';
