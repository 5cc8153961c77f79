create or replace view removal_summary as
with ruled as (
  select *, if(starts_with(rule_id, 'template:'), 'template', rule_id) as rule
  from edits
)
select
  kind, rule as rule_id,
  count(*) as edits,
  count(distinct article_id) as articles,
  sum(end_char - start_char)::bigint as removed_chars,
  left(trim(regexp_replace(arg_min(removed_text, (article_id, edit_number)), '\s+', ' ', 'g')), 80) as example
from ruled
group by kind, rule;

comment on view removal_summary is 'One row a kind and rule, and one for all templates: how much it took out.';
comment on column removal_summary.kind is 'Kind of artifact, or tidy.';
comment on column removal_summary.rule_id is
  'Rule that found it, permanent; template: what the source repeats, one by one in templates_by_source.';
comment on column removal_summary.edits is 'Edits in the ledger.';
comment on column removal_summary.articles is 'Articles that have such an edit.';
comment on column removal_summary.removed_chars is 'Code points taken out.';
comment on column removal_summary.example is 'One removed text, on one line, at most 80 characters.';
