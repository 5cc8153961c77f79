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
      avg((published_on is not null)::integer) as dated_ratio, avg(value_ratio) as mean_quality
    from articles
    left join (from scores where score = 'quality' and component = 'total') as quality using (article_id)
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
      select source, count(*) as articles, avg(value_ratio) as mean_quality,
        sum(removed_chars) / nullif(sum(original_chars), 0) as removed_ratio,
        avg((published_on is null)::integer) as undated_ratio
      from articles
      left join (from scores where score = 'quality' and component = 'total') as quality using (article_id)
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
