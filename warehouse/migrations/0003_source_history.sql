-- What each source gave, run by run, and what each rule took of it: small sums, so that a run can be compared with
-- earlier ones without reading their articles. An article counts once: with the run that first took it in, and by its
-- ledger of today.
create table source_history (
  source varchar not null, seen_at timestamptz not null, article_count bigint not null
);
create table removal_history (
  source varchar not null, seen_at timestamptz not null, rule_id varchar not null,
  article_count bigint not null, removed_ratio_sum double not null
);

comment on table source_history is 'One row a source and run that first took in articles of it which are still there.';
comment on column source_history.source is 'Registered domain of the URL, else the folder name.';
comment on column source_history.seen_at is 'Start of the first run that took the articles in, UTC: runs.started_at.';
comment on column source_history.article_count is 'Articles of the source that this run took in first.';

comment on table removal_history is
  'What a rule took out of the articles of one row of source_history; no row: nothing.';
comment on column removal_history.source is 'As in source_history.';
comment on column removal_history.seen_at is 'As in source_history.';
comment on column removal_history.rule_id is 'Rule, as in the ledger; template: all templates of the source together.';
comment on column removal_history.article_count is 'Articles from which it took something out.';
comment on column removal_history.removed_ratio_sum is
  'Sum over these articles of the share of the original that it took, 0-1 each; tidying does not count.';

-- The articles that are there already. The same as warehouse/history.py does for the articles of a run.
insert into source_history by name
select source, seen_at, count(*) as article_count
from articles join article_signatures using (article_id, source)
group by source, seen_at;

insert into removal_history by name
with taken as (
  select
    article_id, if(starts_with(rule_id, 'template:'), 'template', rule_id) as rule_id,
    sum(end_char - start_char) as removed_chars
  from edits
  where kind <> 'tidy'
  group by all
)
select
  source, seen_at, rule_id, count(*) as article_count,
  sum((t.removed_chars / original_chars)::decimal(18, 9))::double as removed_ratio_sum
from taken as t
join articles using (article_id)
join article_signatures using (article_id, source)
group by source, seen_at, rule_id;
