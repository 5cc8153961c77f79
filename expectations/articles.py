# Great Expectations exports no names to type checkers, and takes a severity as text.
# mypy: disable-error-code="attr-defined,arg-type"

"""Checks of the staged articles. One frame row an article; the text itself stays in DuckDB."""

from __future__ import annotations

from great_expectations import expectations as gxe

KEYS = ("article_id",)

# The original is put back together here from the clean text and the ledger alone, on purpose without our own
# `revert`: a fault in it must not hide itself. `clean_start` is where an edit stands in the clean text.
FRAME = """
with placed as (
    select
        article_id, edit_number, removed_text,
        start_char - coalesce(sum(length(removed_text) - length(replacement)) over earlier, 0)::bigint as clean_start,
        clean_start + length(replacement) as clean_end
    from edits
    window earlier as (
        partition by article_id order by edit_number rows between unbounded preceding and 1 preceding)
),
pieces as (
    select
        article_id, edit_number, removed_text, clean_start, clean_end,
        lag(clean_end, 1, 0) over (partition by article_id order by edit_number) as kept_from
    from placed
),
restored as (
    select
        articles.article_id,
        string_agg(substr(text, kept_from + 1, clean_start - kept_from) || removed_text, '' order by edit_number)
            || substr(any_value(text), max(clean_end) + 1) as original
    from pieces join articles using (article_id)
    group by articles.article_id
),
totals as (
    select
        article_id,
        count(*) filter (score = 'quality') as quality_totals,
        count(*) filter (score = 'seo_padding') as seo_padding_totals
    from scores where component = 'total'
    group by article_id
)
select
    articles.article_id, articles.input_id, language, published_status, removed_ratio,
    trim(text) = '' as is_blank,
    coalesce(text_chars = length(text), false) as is_text_chars_right,
    coalesce(sha256(coalesce(restored.original, text)) = original_hash, false) as is_restored,
    coalesce(abs(removed_ratio - removed_chars / original_chars) < 0.001, false) as is_removed_ratio_right,
    coalesce((published_on is not null) = (published_status in ('dated', 'conflicting')), false) as is_status_right,
    date_diff('day', run_date, published_on) as published_days_ahead,
    coalesce(quality_totals, 0) as quality_totals,
    coalesce(seo_padding_totals, 0) as seo_padding_totals
from articles
cross join run
left join restored using (article_id)
left join totals using (article_id)
"""

STATUSES = ("dated", "conflicting", "implausible", "undated")

SUITE = (
    gxe.ExpectTableRowCountToEqual(
        value={"$PARAMETER": "article_inputs"},
        severity="critical",
        notes="Each input whose fate is article gives one article. None at all is right when nothing was new.",
    ),
    gxe.ExpectColumnValuesToNotBeNull(
        column="article_id", severity="critical", notes="Every other table is joined through it."
    ),
    gxe.ExpectColumnValuesToBeUnique(
        column="article_id", severity="critical", notes="The same text twice is a duplicate, not a second article."
    ),
    gxe.ExpectColumnValuesToMatchRegex(
        column="article_id", regex="^[0-9a-f]{16}$", severity="critical", notes="First 16 hex digits of a SHA-256."
    ),
    gxe.ExpectColumnValuesToNotBeNull(
        column="input_id", severity="critical", notes="An article without its input record cannot be traced."
    ),
    gxe.ExpectColumnValuesToBeInSet(
        column="is_restored",
        value_set=[True],
        severity="critical",
        notes="Reversible: clean text and ledger give back the original, to the character.",
    ),
    gxe.ExpectColumnValuesToBeInSet(
        column="is_text_chars_right", value_set=[True], severity="critical", notes="text_chars is the length of text."
    ),
    gxe.ExpectColumnValuesToBeInSet(
        column="is_blank",
        value_set=[False],
        severity="warning",
        notes="Nothing but artifacts was found: an empty page, or rules that took the article too.",
    ),
    gxe.ExpectColumnValuesToBeInSet(
        column="is_removed_ratio_right",
        value_set=[True],
        severity="critical",
        notes="removed_ratio is removed_chars / original_chars, to the third decimal.",
    ),
    gxe.ExpectColumnValuesToBeBetween(
        column="removed_ratio", min_value=0, max_value=1, severity="critical", notes="A ratio is 0-1."
    ),
    gxe.ExpectColumnValuesToBeBetween(
        column="removed_ratio",
        max_value=0.6,
        severity="warning",
        notes="More than 60 % taken out is more often a rule gone wrong than a page of artifacts. Look at the ledger.",
    ),
    gxe.ExpectColumnValuesToMatchRegex(
        column="language",
        regex="^[a-z]{2,3}$",
        severity="warning",
        notes="ISO 639 code in lower case, or null where the language cannot be decided.",
    ),
    gxe.ExpectColumnValuesToBeInSet(
        column="published_status",
        value_set=list(STATUSES),
        severity="critical",
        notes="Views and the report count by these four.",
    ),
    gxe.ExpectColumnValuesToBeInSet(
        column="is_status_right",
        value_set=[True],
        severity="critical",
        notes="There is a date exactly when the status is dated or conflicting.",
    ),
    gxe.ExpectColumnValuesToBeBetween(
        column="published_days_ahead",
        max_value=1,
        severity="warning",
        notes="Pages lie about dates. One day ahead of the run's UTC date is a time zone, more is a wrong date.",
    ),
    gxe.ExpectColumnValuesToNotBeInSet(
        column="published_status",
        value_set=["undated"],
        mostly=0.5,
        severity="info",
        notes="When most articles have no date, look at how the pages were scraped: the head may be missing.",
    ),
    gxe.ExpectColumnValuesToBeInSet(
        column="quality_totals", value_set=[1], severity="critical", notes="Each article has one quality score."
    ),
    gxe.ExpectColumnValuesToBeInSet(
        column="seo_padding_totals", value_set=[1], severity="critical", notes="Each article has one padding score."
    ),
)
