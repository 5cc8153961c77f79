create or replace view templates_by_source as
with removals as (
  select
    substr(rule_id, 10) as template_id,
    count(distinct article_id) as articles,
    sum(end_char - start_char)::bigint as removed_chars
  from edits
  where starts_with(rule_id, 'template:')
  group by rule_id
)
select
  t.source, t.template_id, t.scope, t.example_text, t.masked_text, t.cluster_count, t.share_ratio,
  t.first_seen_at, t.last_seen_at, t.is_active and t.is_sufficient as is_in_use, t.is_active, t.switched_off_reason,
  coalesce(r.articles, 0) as articles, coalesce(r.removed_chars, 0) as removed_chars
from templates as t
left join removals as r using (template_id)
order by t.source, is_in_use desc, t.cluster_count desc, t.template_id;

comment on view templates_by_source is 'One row a template, to review: what each source repeats, and what it took out.';
comment on column templates_by_source.source is 'The source that repeats it.';
comment on column templates_by_source.template_id is
  'To switch it off: update templates set is_active = false where template_id = ...';
comment on column templates_by_source.scope is 'line, sentence, or frame (first four words and last word alike).';
comment on column templates_by_source.example_text is 'One text as it was printed.';
comment on column templates_by_source.masked_text is 'The text as it is compared: # a number, @ a name.';
comment on column templates_by_source.cluster_count is 'Articles that show it; near-duplicates count once.';
comment on column templates_by_source.share_ratio is 'Share of the source''s articles from first to last seen, 0-1.';
comment on column templates_by_source.first_seen_at is 'Start of the first run with an article that shows it, UTC.';
comment on column templates_by_source.last_seen_at is 'Start of the last such run, UTC.';
comment on column templates_by_source.is_in_use is 'Whether a run would use it now: active, and its evidence suffices.';
comment on column templates_by_source.is_active is 'Whether it may be used; false once it was switched off.';
comment on column templates_by_source.switched_off_reason is 'Why it was switched off, if that was noted.';
comment on column templates_by_source.articles is 'Articles from which it took something out.';
comment on column templates_by_source.removed_chars is 'Code points that it took out.';
