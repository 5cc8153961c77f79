# Great Expectations exports no names to type checkers, and takes a severity as text.
# mypy: disable-error-code="attr-defined,arg-type"

"""Checks of what each rule takes of each source, against what it took before. One frame row a source and rule.

The measure is the share that a rule takes of an article, averaged over the articles of the source: each article counts
alike, so neither one endless comment thread nor one endless article decides. Measured beside the share of the source's
characters, it gave a third of the false alarms and saw more of the jumps; docs/history.md has the figures, and the
reasons of the bounds. A source is compared when there is enough of it on both sides, so never in its first runs.
"""

from __future__ import annotations

from great_expectations import expectations as gxe

KEYS = ("source", "rule_id", "share_now", "share_before")

FRAME = """
with bounds as (
    select
        10 as least_articles,     -- of the source in this run: as many as a period of its history has at least
        5 as least_periods,       -- of its history: below, median and deviation are mere chance
        5 as least_touched,       -- articles that the rule took from now: fewer are a coincidence of one day
        0.02 as least_rise,       -- of a mean article: from there on a document counts as hurt in our benchmark
        2.0 as least_growth,      -- times what is usual, on top of it: three times as much
        3.5 * 1.4826 as least_deviations,  -- Iglewicz and Hoaglin (1993); 1.4826 makes a MAD a standard deviation
        0.001 as most_chance      -- of taking nothing from so many articles, if the rule went on as before
),
taken as (
    select
        article_id, if(starts_with(rule_id, 'template:'), 'template', rule_id) as rule_id,
        sum(end_char - start_char) as chars
    from edits where kind <> 'tidy'
    group by all
),
sources as (
    select source, count(*) as articles_now, any_value(period_count) as period_count,
        any_value(source_baselines.article_count) as articles_before
    from articles join source_baselines using (source)
    group by source
),
removals as (
    select source, rule_id, count(*) as touched_now, sum(chars / original_chars) as ratio_sum
    from taken join articles using (article_id)
    group by source, rule_id
),
compared as (
    select
        source, rule_id, articles_now, articles_before,
        coalesce(touched_now, 0) as touched_now, coalesce(article_count, 0) as touched_before,
        coalesce(ratio_sum, 0) / articles_now as ratio_now,
        coalesce(usual_ratio, 0) as ratio_before, coalesce(deviation_ratio, 0) as deviation
    from removals full join removal_baselines using (source, rule_id)
    join sources using (source)
    cross join bounds
    where articles_now >= least_articles and period_count >= least_periods
)
select
    source, rule_id,
    printf('%.1f %%', 100 * ratio_now) as share_now, printf('%.1f %%', 100 * ratio_before) as share_before,
    touched_now >= least_touched
        and ratio_now > ratio_before + greatest(least_rise, least_growth * ratio_before, least_deviations * deviation)
        as is_jump,
    touched_now = 0 and (1 - touched_before / articles_before) ** articles_now < most_chance as is_gone
from compared cross join bounds
order by abs(ratio_now - ratio_before) desc, source, rule_id
"""

SUITE = (
    gxe.ExpectColumnValuesToBeInSet(
        column="is_jump",
        value_set=[False],
        severity="warning",
        notes="A rule takes far more of this source than it did: a new or changed rule, or a site that has changed "
        "and is misread. Look at what it took; a rule file switches it off, and the next run cleans anew.",
    ),
    gxe.ExpectColumnValuesToBeInSet(
        column="is_gone",
        value_set=[False],
        severity="info",
        notes="A rule takes nothing of this source any more: it was switched off, or the site has changed, and what "
        "the rule took may now be left in.",
    ),
)
