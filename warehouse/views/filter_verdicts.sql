create or replace view filter_verdicts as
with measured as (
  select article_id, name as measure, value
  from signals
  union all
  select article_id, unnest(['quality', 'seo_padding']), unnest([quality, seo_padding])
  from article_totals
)
select
  a.article_id, t.filter, t.measure, m.value, t.fails_when, t.bound, t.languages,
  case
    when m.value is null then 'not measured'
    when t.languages = 'en' and a.language is distinct from 'en' then 'English only'
    when t.languages = 'spaced' and a.language in ('zh', 'ja', 'th', 'lo', 'km', 'my') then 'not in this language'
    when case t.fails_when
      when '<' then m.value < t.bound
      when '<=' then m.value <= t.bound
      when '>' then m.value > t.bound
      when '>=' then m.value >= t.bound
    end then 'failed'
    else 'passed'
  end as verdict
from articles as a
cross join thresholds as t
left join measured as m using (article_id, measure)
where t.is_active;

comment on view filter_verdicts is 'One row an article and active threshold: the verdict by the bounds as they are now.';
comment on column filter_verdicts.article_id is 'The article.';
comment on column filter_verdicts.filter is 'The filter that the threshold belongs to.';
comment on column filter_verdicts.measure is 'The signal or score looked at.';
comment on column filter_verdicts.value is 'Its value for the article; null where it is not measured.';
comment on column filter_verdicts.fails_when is 'The article fails when the value is <, <=, > or >= the bound.';
comment on column filter_verdicts.bound is 'The bound.';
comment on column filter_verdicts.languages is 'Where the threshold is applied: any, spaced or en.';
comment on column filter_verdicts.verdict is 'passed, failed, or why it is not applied: not measured, English only, not in this language.';
