# Great Expectations exports no names to type checkers, and takes a severity as text.
# mypy: disable-error-code="attr-defined,arg-type"

"""Checks of the staged flags. One frame row an article, flag and piece of evidence."""

from __future__ import annotations

from great_expectations import expectations as gxe

KEYS = ("article_id", "code")

FRAME = """
select
    flags.article_id, code, hash(evidence) as evidence_hash, trim(coalesce(evidence, '')) <> '' as has_evidence,
    known.article_id is not null as is_of_staged_article,
    if(code = 'undated' and known.article_id is not null, published_on is null, null) as is_undated
from flags
left join (select distinct on (article_id) article_id, published_on from articles) as known using (article_id)
"""

CODES = (
    "undated",
    "date-conflict",
    "seo-padded",
    "content-gap",
    "over-removal",
    "all-removed",
    "extraction-doubtful",
    "not-an-article",
)

SUITE = (
    gxe.ExpectColumnValuesToBeInSet(
        column="is_of_staged_article",
        value_set=[True],
        severity="critical",
        notes="Articles and their flags are published together.",
    ),
    gxe.ExpectCompoundColumnsToBeUnique(
        column_list=["article_id", "code", "evidence_hash"],
        severity="warning",
        notes="The same flag with the same evidence twice on one article is counted twice.",
    ),
    gxe.ExpectColumnValuesToBeInSet(
        column="code",
        value_set=list(CODES),
        severity="warning",
        notes="A flag that the documentation does not know: a new one, or a typing slip.",
    ),
    gxe.ExpectColumnValuesToBeInSet(
        column="has_evidence",
        value_set=[True],
        severity="warning",
        notes="A flag is a judgement that a person can check; without evidence nobody can.",
    ),
    gxe.ExpectColumnValuesToBeInSet(
        column="is_undated",
        value_set=[True],
        severity="critical",
        notes="The flag undated is for articles without a date; the undated share is counted by it.",
    ),
)
