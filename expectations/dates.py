# Great Expectations exports no names to type checkers, and takes a severity as text.
# mypy: disable-error-code="attr-defined,arg-type"

"""Checks of the staged date candidates. One frame row a candidate; `date_text` is as long as its precision."""

from __future__ import annotations

from great_expectations import expectations as gxe

KEYS = ("article_id", "candidate_number")
SHOWN = {"is_as_precise_as_said": ("date_text", "precision")}

FRAME = """
select
    date_candidates.article_id, candidate_number, date_text, precision, role, origin,
    known.article_id is not null as is_of_staged_article,
    coalesce(length(date_text) = case precision when 'day' then 10 when 'month' then 7 when 'year' then 4
        else length(date_text) end, false)
        as is_as_precise_as_said,
    trim(coalesce(evidence, '')) <> '' as has_evidence,
    length(evidence) as evidence_chars
from date_candidates
left join (select distinct article_id from articles) as known using (article_id)
"""

SUITE = (
    gxe.ExpectColumnValuesToBeInSet(
        column="is_of_staged_article",
        value_set=[True],
        severity="critical",
        notes="Articles and their date candidates are published together.",
    ),
    gxe.ExpectCompoundColumnsToBeUnique(
        column_list=list(KEYS), severity="critical", notes="The rank tells which candidate was chosen."
    ),
    gxe.ExpectColumnValuesToMatchRegex(
        column="date_text",
        regex=r"^\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$",
        severity="critical",
        notes="YYYY-MM-DD, YYYY-MM or YYYY.",
    ),
    gxe.ExpectColumnValuesToBeInSet(
        column="precision",
        value_set=["day", "month", "year"],
        severity="critical",
        notes="Says how much of the date is known.",
    ),
    gxe.ExpectColumnValuesToBeInSet(
        column="is_as_precise_as_said",
        value_set=[True],
        severity="critical",
        notes="The date shows as many parts as its precision says.",
    ),
    gxe.ExpectColumnValuesToBeInSet(
        column="role",
        value_set=["published", "modified"],
        severity="critical",
        notes="A modified date must not pass for the publication date.",
    ),
    gxe.ExpectColumnValuesToBeInSet(
        column="has_evidence",
        value_set=[True],
        severity="warning",
        notes="The text that the date was read from, so that a person can check it.",
    ),
    gxe.ExpectColumnValuesToBeBetween(
        column="evidence_chars", max_value=200, severity="warning", notes="Evidence is cut to 200 characters."
    ),
)
