# Great Expectations exports no names to type checkers, and takes a severity as text.
# mypy: disable-error-code="attr-defined,arg-type"

"""Checks of the staged scores. One frame row an article, score and component."""

from __future__ import annotations

from great_expectations import expectations as gxe

KEYS = ("article_id", "score", "component")
SHOWN = {"is_monotone": ("value_ratio", "component_sum")}

FRAME = """
with weights as (
    select article_id, score, sum(weight_ratio) as weight_sum,
        if(bool_and(value_ratio between 0 and 1), sum(value_ratio * weight_ratio), null) as component_sum
    from scores where component <> 'total'
    group by article_id, score
),
-- Components are stored as they are, totals to four decimals: what lies closer than that is the same.
ordered as (
    select
        article_id, score, component_sum,
        value_ratio >= max(value_ratio) over (
            partition by score order by component_sum range between unbounded preceding and 0.0002 preceding) - 0.0002
            as is_monotone
    from scores join weights using (article_id, score)
    where component = 'total' and value_ratio between 0 and 1 and isfinite(component_sum)
),
known as (select distinct article_id from articles)
select
    scores.article_id, scores.score, component, value_ratio, weight_ratio,
    known.article_id is not null as is_of_staged_article,
    case when component = 'total' then weight_sum end as component_weight_sum,
    case when component = 'total' then ordered.component_sum end as component_sum,
    case when component = 'total' then is_monotone end as is_monotone
from scores
left join (select distinct on (article_id, score) * from ordered) as ordered using (article_id, score)
left join weights using (article_id, score)
left join known using (article_id)
"""

SUITE = (
    gxe.ExpectColumnValuesToBeInSet(
        column="is_of_staged_article",
        value_set=[True],
        severity="critical",
        notes="Articles and their scores are published together.",
    ),
    gxe.ExpectCompoundColumnsToBeUnique(
        column_list=list(KEYS), severity="critical", notes="One value for each article, score and component."
    ),
    gxe.ExpectColumnValuesToBeInSet(
        column="score",
        value_set=["quality", "seo_padding"],
        severity="warning",
        notes="A score that the views and the report do not know.",
    ),
    gxe.ExpectColumnValuesToNotBeNull(column="value_ratio", severity="critical", notes="A score is a number."),
    gxe.ExpectColumnValuesToBeBetween(
        column="value_ratio", min_value=0, max_value=1, severity="critical", notes="Scores and components are 0-1."
    ),
    gxe.ExpectColumnValuesToBeBetween(
        column="weight_ratio", min_value=0, max_value=1, severity="critical", notes="Weights are 0-1."
    ),
    gxe.ExpectColumnValuesToBeBetween(
        column="component_weight_sum",
        min_value=0.999,
        max_value=1.001,
        severity="warning",
        notes="The weights of a score's components sum to 1, rounding aside; else the total cannot be explained.",
    ),
    gxe.ExpectColumnValuesToBeInSet(
        column="is_monotone",
        value_set=[True],
        severity="critical",
        notes="More of the components never gives a lower score, from article to article: else scores and their "
        "reasons belong to different articles.",
    ),
)
