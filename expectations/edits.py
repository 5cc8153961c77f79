# Great Expectations exports no names to type checkers, and takes a severity as text.
# mypy: disable-error-code="attr-defined,arg-type"

"""Checks of the staged ledger of edits. One frame row an edit; the removed text stays in DuckDB."""

from __future__ import annotations

from great_expectations import expectations as gxe

KEYS = ("article_id", "edit_number")
SHOWN = {
    "is_inside": ("start_char", "end_char"),
    "is_after_previous": ("start_char", "end_char"),
    "is_as_long_as_span": ("start_char", "end_char"),
    "is_change": ("rule_id",),
}

FRAME = """
select
    edits.article_id, edit_number, kind, rule_id, start_char, end_char,
    articles.article_id is not null as is_of_staged_article,
    coalesce(0 <= start_char and start_char < end_char
        and end_char <= coalesce(original_chars, end_char), false) as is_inside,
    start_char >= lag(end_char, 1, start_char) over of_article as is_after_previous,
    coalesce(edit_number = row_number() over of_article, false) as is_numbered,
    coalesce(length(removed_text) = end_char - start_char, false) as is_as_long_as_span,
    removed_text <> replacement as is_change, probability_ratio
from edits
left join (select distinct on (article_id) article_id, original_chars from articles) as articles using (article_id)
window of_article as (partition by edits.article_id order by edit_number)
"""

KINDS = (
    "navigation",
    "promo_link",
    "related_content",
    "image_caption",
    "comment_prompt",
    "comment",
    "subscription",
    "advert",
    "share",
    "author_bio",
    "legal",
    "widget",
    "tidy",
)

SUITE = (
    gxe.ExpectColumnValuesToNotBeNull(
        column="article_id", severity="critical", notes="An edit without its article cannot be undone."
    ),
    gxe.ExpectColumnValuesToBeInSet(
        column="is_of_staged_article",
        value_set=[True],
        severity="critical",
        notes="Articles and their edits are published together.",
    ),
    gxe.ExpectColumnValuesToBeInSet(
        column="is_numbered",
        value_set=[True],
        severity="critical",
        notes="Edits of an article count 1, 2, 3 without gap or repeat: a gap is a lost edit.",
    ),
    gxe.ExpectColumnValuesToBeInSet(
        column="is_inside",
        value_set=[True],
        severity="critical",
        notes="0 <= start < end <= length of the original.",
    ),
    gxe.ExpectColumnValuesToBeInSet(
        column="is_after_previous",
        value_set=[True],
        severity="critical",
        notes="Edits of an article are in order and do not overlap.",
    ),
    gxe.ExpectColumnValuesToBeInSet(
        column="is_as_long_as_span",
        value_set=[True],
        severity="critical",
        notes="The text taken out is as long as its span, in code points.",
    ),
    gxe.ExpectColumnValuesToBeInSet(
        column="is_change", value_set=[True], severity="warning", notes="An edit that changes nothing is noise."
    ),
    gxe.ExpectColumnValuesToBeInSet(
        column="kind",
        value_set=list(KINDS),
        severity="warning",
        notes="A kind that the reports and the documentation do not know.",
    ),
    gxe.ExpectColumnValuesToNotBeNull(
        column="probability_ratio", severity="critical", notes="A rule is sure (1), the line model says how sure."
    ),
    gxe.ExpectColumnValuesToBeBetween(
        column="probability_ratio",
        min_value=0.5,
        max_value=1,
        severity="critical",
        notes="Nobody takes text out that is likelier to be the article's.",
    ),
    gxe.ExpectColumnValuesToMatchRegex(
        column="rule_id",
        regex=r"\S",
        severity="critical",
        notes="Each edit names the rule that made it; without it nobody can say why text is gone.",
    ),
)
