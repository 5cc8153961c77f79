"""The queries behind the report, one a section: the report shows these very texts, to be run with `winnow sql`.

They go between double quotes in a shell, so they have no double quote, backslash, backtick or exclamation mark, and
no dollar sign but that of `$run_id`. Each is limited to what the report can show.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Query:
    """`anchor` names the section in links; `sql` has one parameter, `$run_id`."""

    anchor: str
    title: str
    sql: str

    def command(self, run_id: str) -> str:
        """The query as a shell command of one line. Run ids are ours: hexadecimal digits and hyphens."""
        sql = " ".join(self.sql.split()).replace("$run_id", f"'{run_id}'")
        return f'winnow sql "{sql}"'


RUN = Query(
    "run",
    "The run",
    """
    select run_id, run_name, status, started_at, finished_at, ruleset_version,
      input_count, unchanged_count, article_count, duplicate_count, quarantine_count,
      edit_count, removed_chars, warning_count, critical_count
    from runs where run_id = $run_id
    """,
)
PREVIOUS = Query(
    "previous",
    "The run before",
    """
    select run_id, run_name, status, started_at, finished_at, ruleset_version,
      input_count, unchanged_count, article_count, duplicate_count, quarantine_count,
      edit_count, removed_chars, warning_count, critical_count
    from runs
    where started_at < (select started_at from runs where run_id = $run_id) and status <> 'interrupted'
    order by started_at desc, run_id limit 1
    """,
)
UNFINISHED = Query(
    "unfinished",
    "Runs that were ended from outside since the run before",
    """
    with this as (
      select started_at from runs where run_id = $run_id
    ), reported as (
      select max(started_at) as started_at
      from runs where started_at < (from this) and report_status is not null
    )
    select run_id, run_name, status, started_at, report_detail as problem
    from runs
    where started_at <= (from this) and run_id <> $run_id and report_status is null
      and started_at > coalesce((from reported), timestamptz '-infinity')
    order by started_at, run_id limit 10
    """,
)
# Nothing for a run that lies in the future itself.
AHEAD = """
select started_at
from runs
where started_at > now() and (select started_at from runs where run_id = $run_id) <= now()
order by started_at desc
"""
HISTORY = Query(
    "history",
    "Volumes of the last runs",
    """
    with latest as (
      select started_at, coalesce(article_count, 0) as articles, coalesce(quarantine_count, 0) as quarantined,
        coalesce(warning_count, 0) as warnings
      from runs
      where started_at <= (select started_at from runs where run_id = $run_id) and status <> 'interrupted'
      order by started_at desc limit 20
    )
    from latest order by started_at
    """,
)
CHECK_NEWS = Query(
    "check-news",
    "Checks that went otherwise than in the run before",
    """
    with before as (
      select run_id from runs
      where started_at < (select started_at from runs where run_id = $run_id) and status <> 'interrupted'
      order by started_at desc, run_id limit 1
    ), failed as (
      select concat_ws(' ', suite, column_name, check_name) as label, run_id = $run_id as is_now
      from check_results
      where not is_success and (run_id = $run_id or run_id in (from before))
    )
    select label, bool_or(is_now) as fails_now
    from failed where exists (from before)
    group by label having bool_or(is_now) <> bool_or(not is_now)
    order by fails_now desc, label limit 20
    """,
)
# The one place where changes of sources come from. Until the warehouse keeps its own table of them: means of the
# articles that the run took in first against those of earlier runs, 3 standard errors and a visible step apart.
CHANGED_SOURCES = Query(
    "changed-sources",
    "Sources that changed",
    """
    with this as (
      select started_at from runs where run_id = $run_id
    ), known as (
      select source, seen_at = (from this) as is_now, quality as mean_quality,
        (published_status = 'undated')::integer::double as undated_ratio,
        list_contains(flags, 'seo-padded')::integer::double as padded_ratio, removed_ratio
      from clean_articles join article_signatures using (article_id, source)
      where seen_at <= (from this)
    ), measured as (
      unpivot known on mean_quality, undated_ratio, padded_ratio, removed_ratio into name measure value value
    ), compared as (
      select source, measure,
        avg(value) filter (not is_now) as before, avg(value) filter (is_now) as now,
        count(*) filter (is_now) as articles, count(*) filter (not is_now) as articles_before,
        sqrt(coalesce(var_samp(value) filter (not is_now), 0) / articles_before
          + coalesce(var_samp(value) filter (is_now), 0) / articles + 0.0001) as error
      from measured group by source, measure
      having articles >= 5 and articles_before >= 10
    )
    select source, measure, before, now, articles, count(distinct source) over () as source_count
    from compared
    where abs(now - before) > 3 * error
      and abs(now - before) >= if(measure in ('undated_ratio', 'padded_ratio'), 0.2, 0.1)
    order by abs(now - before) / error desc, source, measure
    limit 12
    """,
)
NEW_TEMPLATES = Query(
    "new-templates",
    "Templates used for the first time",
    """
    with used as (
      select substr(rule_id, 10) as template_id, count(distinct article_id) as articles,
        bool_and(run_id = $run_id) as is_new
      from edits join articles using (article_id)
      where starts_with(rule_id, 'template:')
      group by all
    )
    select source, template_id, kind, share_ratio, articles, left(example_text, 300) as example,
      count(*) over () as template_count
    from used join templates using (template_id)
    where is_new
    order by articles desc, template_id
    limit 10
    """,
)
CHECKS = Query(
    "checks",
    "Checks",
    """
    select suite, check_name, column_name, severity, is_success, unexpected_count, observed, unexpected_sample, notes
    from check_results where run_id = $run_id
    order by is_success, list_position(['critical', 'warning', 'info'], severity), suite, check_name, column_name, notes
    """,
)
QUARANTINE = Query(
    "quarantine",
    "Quarantined",
    """
    select code, count(*) over (partition by code) as records, document_id, location, left(message, 500) as message
    from quarantine where run_id = $run_id
    qualify row_number() over (partition by code order by location, document_id, input_id) <= 5
    order by records desc, code, location, document_id, input_id
    limit 60
    """,
)
FLAGS = Query(
    "flags",
    "Flagged",
    """
    select code, count(*) over (partition by code) as flagged, article_id, document_id, title, url, source,
      left(evidence, 500) as evidence
    from flags join articles using (article_id) where run_id = $run_id
    qualify row_number() over (partition by code order by article_id, evidence) <= 5
    order by flagged desc, code, article_id, evidence
    limit 60
    """,
)
REMOVED_KINDS = Query(
    "removed-kinds",
    "Removed, by kind",
    """
    select kind, count(*) as edits, count(distinct article_id) as articles,
      sum(end_char - start_char)::bigint as removed_chars
    from edits join articles using (article_id) where run_id = $run_id
    group by kind order by removed_chars desc, kind
    limit 20
    """,
)
REMOVED_RULES = Query(
    "removed-rules",
    "Removed, by rule",
    """
    select if(rule_id like 'template:%', 'template', rule_id) as rule, kind, count(*) as edits,
      sum(end_char - start_char)::bigint as removed_chars,
      left(arg_min(removed_text, (article_id, edit_number)), 300) as example
    from edits join articles using (article_id) where run_id = $run_id
    group by rule, kind order by removed_chars desc, rule, kind
    limit 20
    """,
)
PUBLISHED = Query(
    "published",
    "Published, by language",
    """
    select coalesce(language, 'unknown') as language, count(*) as articles, sum(text_words)::bigint as words,
      avg((published_on is not null)::integer) as dated_ratio, avg(quality) as mean_quality
    from articles
    left join article_totals using (article_id)
    where run_id = $run_id
    group by all order by articles desc, language
    limit 12
    """,
)
SOURCES = Query(
    "sources",
    "Sources, best and worst by quality",
    """
    with cards as (
      select source, count(*) as articles, avg(quality) as mean_quality,
        sum(removed_chars) / nullif(sum(original_chars), 0) as removed_ratio,
        avg((published_on is null)::integer) as undated_ratio
      from articles
      left join article_totals using (article_id)
      where run_id = $run_id
      group by source
    )
    select source, articles, mean_quality, removed_ratio, undated_ratio, count(*) over () as source_count
    from cards
    qualify row_number() over (order by mean_quality desc nulls last, source) <= 5
      or row_number() over (order by mean_quality asc nulls first, source desc) <= 5
    order by mean_quality desc nulls last, source
    """,
)
DUPLICATES = Query(
    "duplicates",
    "Duplicates",
    """
    select i.document_id, i.source, i.location, a.document_id as kept_document_id, a.title as kept_title,
      a.url as kept_url
    from duplicates as d
    join inputs as i on i.input_id = d.input_id
    join articles as a on a.article_id = d.article_id
    where d.run_id = $run_id
    order by i.location, i.document_id, d.input_id
    limit 5
    """,
)

# Figures for the charts of changed sources; the latest 20 runs that brought articles of each.
SOURCE_TREND = """
select source, seen_at, avg(quality) as mean_quality, avg((published_status = 'undated')::integer) as undated_ratio,
  avg(list_contains(flags, 'seo-padded')::integer) as padded_ratio, avg(removed_ratio) as removed_ratio
from clean_articles join article_signatures using (article_id, source)
where source in (select unnest($sources)) and seen_at <= $started_at
group by source, seen_at
qualify row_number() over (partition by source order by seen_at desc) <= 20
order by source, seen_at
"""
FLAGGED_ROWS = """
select code, article_id, document_id, source, url, title, evidence
from flags join articles using (article_id) where run_id = $run_id order by code, source, article_id, evidence
limit $most
"""
QUARANTINE_ROWS = """
select code, message, document_id, location, record_key, quarantined_at
from quarantine where run_id = $run_id order by code, location, document_id, input_id
limit $most
"""
