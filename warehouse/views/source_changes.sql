create or replace view source_changes as
with words as (
  select *
  from (
    values
      ('undated_ratio', true, 'articles without a date', 'the site shows dates in another way, or none any more'),
      ('undated_ratio', false, 'articles without a date', 'the site shows dates that are found now'),
      ('padded_ratio', true, 'SEO-padded articles', 'the site publishes other texts: see the evidence of the flag'),
      ('padded_ratio', false, 'SEO-padded articles', 'the site publishes other texts'),
      ('doubtful_ratio', true, 'doubtful extractions', 'the layout changed and is misread, or these are no articles'),
      ('doubtful_ratio', false, 'doubtful extractions', 'the layout changed and is read better'),
      ('removed_ratio', true, 'text removed', 'the layout changed, or a rule takes too much: see removal_history'),
      ('removed_ratio', false, 'text removed', 'furniture is gone, or rules do not know it any more'),
      ('quality', true, 'mean quality', 'the articles are better or are read better'),
      ('quality', false, 'mean quality', 'the articles are worse or are read worse: see the components in scores'),
      ('weekly_articles', true, 'articles a week', 'more is published or fetched'),
      ('weekly_articles', false, 'articles a week', 'less is published, or the feed or the scraper broke')
  ) as given (measure, is_rise, what, likely)
)
select
  source, m.measure, value_before as before, value_after as after, since_at as since, until_at as until, status,
  case
    when m.measure in ('quality', 'weekly_articles') then printf(
      if(m.measure = 'quality', '%s %.2f, before %.2f', '%s %.0f, before %.0f'), what, value_after, value_before
    )
    else printf('%s %.0f %%, before %.0f %%', what, 100 * value_after, 100 * value_before)
  end
    || printf(' (%d articles since, %d before)', articles_after, articles_before) as evidence,
  likely
from measure_changes as m join words as w on w.measure = m.measure and w.is_rise = (value_after >= value_before);

comment on view source_changes is
  'Where a measure of a source jumped away from what it was: one row a source, measure and jump, however many runs saw it.';
comment on column source_changes.source is 'Registered domain of the URL, a name by rule, else the folder name.';
comment on column source_changes.measure is 'As in measure_changes.';
comment on column source_changes.before is 'Median over the usual periods before, 0-1; of weekly_articles a number.';
comment on column source_changes.after is 'Mean while it lasts or lasted, in the same unit.';
comment on column source_changes.since is 'First run, or day of the week, that was off, UTC.';
comment on column source_changes.until is 'When it was over; null while it is open.';
comment on column source_changes.status is
  'open: it lasts; resolved: it was as before again; settled: it lasted for ten periods and is the usual level now.';
comment on column source_changes.evidence is 'What changed, in words and figures.';
comment on column source_changes.likely is 'What such a change most often means, and where to look.';
