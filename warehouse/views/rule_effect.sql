create or replace view rule_effect as
with taken_in as (
  select date_trunc('week', seen_at)::date as week, sum(article_count)::bigint as week_articles
  from source_history
  group by week
), removals as (
  select
    rule_id, date_trunc('week', seen_at)::date as week,
    sum(article_count)::bigint as articles, sum(removed_ratio_sum) as removed_ratio_sum
  from removal_history
  group by rule_id, week
)
select
  rule_id, week, articles, week_articles,
  articles / week_articles as article_ratio,
  removed_ratio_sum / week_articles as removed_ratio
from removals join taken_in using (week)
order by rule_id, week;

comment on view rule_effect is 'What each rule took out, week by week, one row a rule and week in which it did; no tidying.';
comment on column rule_effect.rule_id is 'Rule, as in the ledger; template: all templates together.';
comment on column rule_effect.week is 'Monday of the week in which a run first took the articles in, UTC.';
comment on column rule_effect.articles is 'Articles from which it took something out.';
comment on column rule_effect.week_articles is 'All articles first taken in that week.';
comment on column rule_effect.article_ratio is 'articles / week_articles, 0-1.';
comment on column rule_effect.removed_ratio is
  'Share of the original that it took, 0-1, averaged over all articles of the week.';
