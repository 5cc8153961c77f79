# Great Expectations exports no names to type checkers, and takes a severity as text.
# mypy: disable-error-code="attr-defined,arg-type"

"""Checks of the staged exact duplicates: input records whose text another record gave. One frame row a record."""

from __future__ import annotations

from great_expectations import expectations as gxe

KEYS = ("input_id", "article_id")

FRAME = """
with kept as (
    select distinct on (articles.article_id)
        articles.article_id, articles.input_id, location, record_key
    from articles join inputs using (input_id)
)
select
    inputs.input_id, inputs.article_id,
    kept.article_id is not null as is_of_staged_article,
    if(kept.input_id is not null,
        (inputs.location, inputs.record_key, inputs.input_id) > (kept.location, kept.record_key, kept.input_id), null)
        as is_after_kept
from inputs
left join kept using (article_id)
where fate = 'duplicate'
"""

SUITE = (
    gxe.ExpectColumnValuesToNotBeNull(
        column="article_id", severity="critical", notes="A duplicate names the article that is kept for it."
    ),
    gxe.ExpectColumnValuesToBeInSet(
        column="is_of_staged_article",
        value_set=[True],
        severity="critical",
        notes="A duplicate of nothing would be a record lost.",
    ),
    gxe.ExpectColumnValuesToBeInSet(
        column="is_after_kept",
        value_set=[True],
        severity="critical",
        notes="The record kept is the first by place: so the same input gives the same warehouse in any order.",
    ),
)
