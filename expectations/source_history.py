# Great Expectations exports no names to type checkers, and takes a severity as text.
# mypy: disable-error-code="attr-defined,arg-type"

"""Checks of what the history of sources will be counted from: the articles' signatures. One frame row a source."""

from __future__ import annotations

from great_expectations import expectations as gxe

KEYS = ("source",)
SHOWN = {
    "is_counted_right": ("article_count", "signature_count"),
    "is_seen_by_now": ("latest_seen",),
}

FRAME = """
with counted as (select source, count(*) as article_count from articles group by source),
signed as (
    select source, count(*) as signature_count, max((seen_at at time zone 'UTC')::date) as latest_seen,
        count(*) filter (seen_at is null) as unseen_count
    from article_signatures group by source
)
select
    source, coalesce(article_count, 0) as article_count, coalesce(signature_count, 0) as signature_count,
    latest_seen::varchar as latest_seen,
    coalesce(article_count = signature_count, false) as is_counted_right,
    if(signature_count is not null, coalesce(latest_seen <= run_date and unseen_count = 0, false), null)
        as is_seen_by_now
from counted full join signed using (source), run
"""

SUITE = (
    gxe.ExpectColumnValuesToBeInSet(
        column="is_counted_right",
        value_set=[True],
        severity="critical",
        notes="Each article counts once for its own source: history, baselines and scorecards are made of it.",
    ),
    gxe.ExpectColumnValuesToBeInSet(
        column="is_seen_by_now",
        value_set=[True],
        severity="critical",
        notes="What is first seen after the day of the run would be compared with itself for ever.",
    ),
)
