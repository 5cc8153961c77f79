# Great Expectations exports no names to type checkers, and takes a severity as text.
# mypy: disable-error-code="attr-defined,arg-type"

"""Checks of the staged input records: nothing lost, nothing twice. One frame row a record."""

from __future__ import annotations

from great_expectations import expectations as gxe

KEYS = ("input_id",)
SHOWN = {"is_where_fate_says": ("fate",), "is_article_id_right": ("fate",), "is_quarantined": ("source",)}

# A duplicate has no row of its own: its place is the staged article that it names. `is_where_fate_says` is null when
# the record is nowhere or in two places: that is the other check's finding.
FRAME = """
with places as (
    select input_id, 'article' as place from articles
    union all select input_id, 'quarantine' from quarantine
    union all select input_id, 'duplicate' from (select distinct input_id, article_id from inputs
        where fate = 'duplicate') as repeats semi join articles using (article_id)
),
found as (select input_id, count(*) as place_count, any_value(place) as place from places group by input_id)
select
    inputs.input_id, source, fate, fate = 'quarantine' as is_quarantined,
    coalesce(place_count, 0) as place_count,
    case when place_count = 1 then place = fate end as is_where_fate_says,
    coalesce((article_id is null) = (fate = 'quarantine'), false) as is_article_id_right
from inputs
left join found using (input_id)
"""

SUITE = (
    gxe.ExpectColumnValuesToNotBeNull(
        column="input_id", severity="critical", notes="The ledger of inputs is kept by this id."
    ),
    gxe.ExpectColumnValuesToBeUnique(
        column="input_id", severity="critical", notes="A record taken in twice is loaded twice."
    ),
    gxe.ExpectColumnValuesToBeInSet(
        column="fate",
        value_set=["article", "duplicate", "quarantine"],
        severity="critical",
        notes="Every record ends as one of these three.",
    ),
    gxe.ExpectColumnValuesToBeInSet(
        column="place_count",
        value_set=[1],
        severity="critical",
        notes="Nothing lost, nothing twice: each record is an article, repeats a staged one, or is in quarantine.",
    ),
    gxe.ExpectColumnValuesToBeInSet(
        column="is_where_fate_says",
        value_set=[True],
        severity="critical",
        notes="The record is in the table that its fate names.",
    ),
    gxe.ExpectColumnValuesToBeInSet(
        column="is_article_id_right",
        value_set=[True],
        severity="critical",
        notes="A record names its article exactly when it is not in quarantine.",
    ),
    gxe.ExpectColumnValuesToBeInSet(
        column="is_quarantined",
        value_set=[False],
        mostly=0.5,
        severity="warning",
        notes="When most records cannot be read, the scrape is broken, or the path is the wrong one.",
    ),
    gxe.ExpectColumnValuesToNotBeInSet(
        column="fate",
        value_set=["duplicate"],
        mostly=0.5,
        severity="info",
        notes="When most records repeat others, the scrape takes pages twice, or every page is the same notice.",
    ),
)
