"""The queries behind the report site. `$ids` and `$most` are bound; none of them writes."""

TOTALS = """
select
  count(*) as articles, count(distinct source) as sources, coalesce(sum(text_words), 0)::bigint as words,
  avg(quality) as mean_quality, avg((published_status = 'undated')::integer) as undated_ratio,
  avg(list_contains(flags, 'seo-padded')::integer) as padded_ratio,
  sum(removed_chars)::double as removed_chars, (select count(*) from quarantine) as quarantined,
  (select count(*) from duplicates) as duplicates
from clean_articles
"""
# An article counts with the run that first took it in, as in source_history; what it is like is as of today.
# Without a source: of all.
TRENDS = """
select
  source, seen_at, count(*) as articles, avg(quality) as mean_quality,
  avg((published_status = 'undated')::integer) as undated_ratio,
  avg(list_contains(flags, 'seo-padded')::integer) as padded_ratio, avg(removed_ratio) as removed_ratio
from clean_articles join article_signatures using (article_id, source)
group by grouping sets ((seen_at), (source, seen_at))
order by source nulls first, seen_at
"""
RUNS = """
select
  run_id, run_name, status, started_at, finished_at, ruleset_version,
  coalesce(input_count, 0), coalesce(unchanged_count, 0), coalesce(article_count, 0), coalesce(duplicate_count, 0),
  coalesce(quarantine_count, 0), coalesce(edit_count, 0), coalesce(removed_chars, 0), coalesce(warning_count, 0),
  coalesce(critical_count, 0)
from runs order by started_at desc, run_id
"""
KINDS = """
select kind, count(*) as edits, count(distinct article_id) as articles,
  sum(end_char - start_char)::bigint as removed_chars
from edits where kind <> 'tidy' group by kind order by removed_chars desc, kind
"""
FLAGS = """
select flag, count(distinct article_id) as articles from flagged_articles group by flag order by articles desc, flag
"""
SOURCES = """
select source, articles, words, mean_quality, undated_ratio, padded_ratio, removed_ratio, duplicates, quarantined
from source_scorecard order by mean_quality desc nulls last, source
"""
# One row an article of the lists: its latest version alone.
LISTED = """
select article_id, coalesce(nullif(trim(title), ''), document_id) as title, source, published_on, published_status,
  language, quality, seo_padding, text_words, removed_ratio, flags, run_id
from clean_articles order by quality nulls first, article_id
"""
CHOSEN = """
with pages as (
  select a.article_id, c.quality, coalesce(len(c.flags), 0) as flag_count
  from articles as a left join clean_articles as c using (article_id)
  order by flag_count > 0 desc, c.quality nulls last, a.article_id
  limit $most
)
select article_id from pages order by article_id
"""
SOURCE_RULES = """
with taken as (
  select
    source, kind, if(starts_with(rule_id, 'template:'), 'template', rule_id) as rule, count(*) as edits,
    count(distinct article_id) as articles, sum(end_char - start_char)::bigint as removed_chars
  from edits join articles using (article_id)
  where kind <> 'tidy'
  group by all
)
from taken
qualify row_number() over (partition by source order by removed_chars desc, kind, rule) <= 15
order by source, removed_chars desc, kind, rule
"""
TEMPLATES = """
select source, template_id, kind, scope, left(example_text, 300) as example_text, share_ratio, articles, removed_chars,
  is_in_use, switched_off_reason
from templates_by_source join (select template_id, kind from templates) using (template_id)
qualify row_number() over (partition by source order by is_in_use desc, removed_chars desc, template_id) <= 50
order by source, is_in_use desc, removed_chars desc, template_id
"""
SOURCE_QUARANTINE = """
select i.source, q.document_id, q.location, q.code, left(q.message, 500) as message
from quarantine as q join inputs as i using (input_id)
qualify row_number() over (partition by i.source order by q.quarantined_at desc, q.input_id) <= 25
order by i.source, q.code, q.location
"""
CHECKS = """
select run_id, suite, check_name, column_name, severity, is_success, unexpected_count, observed,
  unexpected_sample, notes
from check_results
order by run_id, is_success, list_position(['critical', 'warning', 'info'], severity), suite, check_name, column_name
"""
RUN_QUARANTINE = """
select run_id, document_id, location, code, left(message, 500) as message
from quarantine
qualify row_number() over (partition by run_id order by code, location, input_id) <= 100
order by run_id, code, location, input_id
"""
LEFT_OUT = "select run_id, reason, left_out_count from left_out order by run_id, left_out_count desc, reason"

ARTICLES = """
select
  a.article_id, a.document_id, a.source, a.url, a.title, a.title_origin, a.author, a.author_origin, a.site_name,
  a.section, a.language, a.language_probability_ratio, a.published_on, a.published_precision, a.published_status,
  a.published_origin, a.published_evidence, a.fetched_at, a.text, a.text_words, a.original_chars, a.removed_ratio,
  a.extractor, a.run_id, coalesce(l.is_latest, true) as is_latest, i.location
from articles as a
left join article_versions as l using (article_id)
left join inputs as i on i.input_id = a.input_id
where a.article_id in (select unnest($ids))
order by a.article_id
"""
ARTICLE_EDITS = """
select article_id, edit_number, start_char, end_char, kind, rule_id, removed_text, replacement, probability_ratio
from edits where article_id in (select unnest($ids)) order by article_id, edit_number
"""
ARTICLE_FLAGS = """
select article_id, code, evidence
from flags where article_id in (select unnest($ids)) order by article_id, code, evidence
"""
ARTICLE_SCORES = """
select article_id, score, component, value_ratio, weight_ratio, evidence
from scores where article_id in (select unnest($ids))
order by article_id, score, component <> 'total', value_ratio * weight_ratio desc, component
"""
ARTICLE_DATES = """
select article_id, date_text, precision, role, origin, evidence
from date_candidates where article_id in (select unnest($ids)) order by article_id, candidate_number
"""
ARTICLE_SIGNALS = """
select article_id, name, value from signals where article_id in (select unnest($ids)) order by article_id, name
"""
ARTICLE_DUPLICATES = """
select d.article_id, i.document_id, i.source, i.location, d.duplicate_kind, d.similarity_ratio
from duplicates as d join inputs as i on i.input_id = d.input_id
where d.article_id in (select unnest($ids)) order by d.article_id, i.location, i.input_id
"""
