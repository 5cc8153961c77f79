"""What a run gave, as figures of the whole run: counts, shares and means, by rule, language and source too.

Measured on what a run takes in for the first time: a run over known records is no second sample of them, and new rules
change no measure of it.
"""

from __future__ import annotations

import duckdb

MEASURED_TABLES = ("inputs", "articles", "edits", "flags", "scores")
_FRESH = """
create table fresh_inputs as from staged_inputs anti join inputs using (input_id);
create table fresh_articles as
select article_id, source, language, published_on is null as is_undated, text_words, original_chars
from staged_articles semi join fresh_inputs using (input_id)
where article_id not in (select article_id from inputs where article_id is not null);
create table fresh_removals as
select
  article_id, if(starts_with(rule_id, 'template:'), 'template', rule_id) as rule_id,
  sum(end_char - start_char) / any_value(original_chars) as removed_ratio
from staged_edits join fresh_articles using (article_id)
where kind <> 'tidy'
group by all;
"""
# One row a measure and subject of this run; `error` is the standard error of the value, by chance alone.
_NOW = """
create table now_measures as
with total as (
  select count(*) as articles, (select count(*) from fresh_inputs) as records from fresh_articles
), judged as (
  select
    is_undated::integer as is_undated, text_words,
    (article_id in (select article_id from staged_flags where code = 'seo-padded'))::integer as is_padded,
    value_ratio as quality, coalesce(removed_ratio, 0) as removed_ratio
  from fresh_articles
  left join (from staged_scores where score = 'quality' and component = 'total') using (article_id)
  left join (select article_id, sum(removed_ratio) as removed_ratio from fresh_removals group by all) using (article_id)
), of_rules as (
  -- The mean over all articles, and its error, from those that the rule took something of.
  select rule_id as subject, sum(removed_ratio) / articles as mean,
    sqrt(greatest(sum(removed_ratio ** 2) / articles - mean ** 2, 0) / articles) as error
  from fresh_removals, total
  group by rule_id, articles
), measured (measure, subject, value, error) as (
  select 'records', '', records, sqrt(records) from total
  union all select 'articles', '', articles, sqrt(articles) from total
  union all select 'quarantined_ratio', '', avg((fate = 'quarantine')::integer), null from fresh_inputs
  union all select 'duplicate_ratio', '',
    1 - avg((fate = 'quarantine')::integer) - (select articles / nullif(records, 0) from total), null from fresh_inputs
  union all select 'undated_ratio', '', avg(is_undated), null from judged
  union all select 'padded_ratio', '', avg(is_padded), null from judged
  union all select 'quality', '', avg(quality), stddev_samp(quality) / sqrt(count(*)) from judged
  union all select 'removed_ratio', '', avg(removed_ratio), stddev_samp(removed_ratio) / sqrt(count(*)) from judged
  -- 1.2533 is sqrt(pi / 2): what the median's error is to that of the mean.
  union all select 'median_words', '', median(text_words),
    1.2533 * 1.4826 * mad(text_words) / sqrt(count(*)) from judged
  union all select 'rule_ratio', subject, mean, error from of_rules
  union all select 'language_ratio', coalesce(language, 'unknown'), count(*) / any_value(articles), null
    from fresh_articles, total group by all
  -- From the history of sources, which keeps them; not kept again.
  union all select 'source_articles', source, count(*), sqrt(count(*)) from fresh_articles group by source
  union all select 'source_removed_ratio', source, avg(removed), stddev_samp(removed) / sqrt(count(*))
    from (
      select source, coalesce(sum(removed_ratio), 0) as removed
      from fresh_articles left join fresh_removals using (article_id) group by article_id, source
    )
    group by source having count(*) >= 10
)
select measure, subject, value, error, articles, records from measured, total
where value is not null and isfinite(value) and records > 0
"""


def measure_run(memory: duckdb.DuckDBPyConnection) -> None:
    """Make the tables `fresh_inputs`, `fresh_articles` and `now_measures` of a run.

    `memory` has the views `staged_<table>` of MEASURED_TABLES, and in `inputs` those that the warehouse knows already:
    by their id, or by an article of the same text.
    """
    memory.execute(_FRESH)
    memory.execute(_NOW)
