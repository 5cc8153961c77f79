# Great Expectations exports no names to type checkers, and takes a severity as text.
# mypy: disable-error-code="attr-defined,arg-type"

"""Checks of the staged templates: what the run would write of what each source repeats. One frame row a template."""

from __future__ import annotations

from great_expectations import expectations as gxe

KEYS = ("template_id", "source")

FRAME = """
select
    template_id, source, scope, kind,
    coalesce(template_id = left(sha256(source || chr(10) || fingerprint), 16), false) as is_id_right,
    trim(coalesce(masked_text, '')) <> '' and trim(coalesce(example_text, '')) <> '' as has_text,
    if(is_sufficient, cluster_count, null) as sufficient_clusters,
    if(is_sufficient, share_ratio, null) as sufficient_ratio,
    coalesce(abs(share_ratio - cluster_count / source_cluster_count) < 1e-9, false) as is_share_right,
    coalesce(first_seen_at <= last_seen_at and (last_seen_at at time zone 'UTC')::date <= run_date, false) as is_dated
from templates, run
"""

SCOPES = ("line", "sentence", "frame")
# The bounds of transforms/template_bounds.py, said once more so that a slip in counting is seen; a test compares.
LEAST_CLUSTERS = 5
LEAST_RATIOS = {"line": 0.2, "sentence": 0.3, "frame": 0.3}

SUITE = (
    gxe.ExpectColumnValuesToBeUnique(
        column="template_id",
        severity="critical",
        notes="One row a source and text: a second one could not be told off.",
    ),
    gxe.ExpectColumnValuesToBeInSet(
        column="is_id_right",
        value_set=[True],
        severity="critical",
        notes="The ledger names a template by this hash of source and fingerprint.",
    ),
    gxe.ExpectColumnValuesToBeInSet(
        column="scope", value_set=list(SCOPES), severity="critical", notes="Workers know no other scope."
    ),
    gxe.ExpectColumnValuesToBeInSet(
        column="has_text",
        value_set=[True],
        severity="critical",
        notes="A template that shows no text cannot be reviewed.",
    ),
    gxe.ExpectColumnValuesToBeBetween(
        column="sufficient_clusters",
        min_value=LEAST_CLUSTERS,
        severity="critical",
        notes="With less evidence, what articles share by chance would be taken out of all of them.",
    ),
    gxe.ExpectColumnValuesToBeBetween(
        column="sufficient_ratio",
        min_value=LEAST_RATIOS["line"],
        max_value=1,
        severity="critical",
        notes="A share of the source's articles, near-duplicates counted once; below it is a phrase of some writer.",
    ),
    gxe.ExpectColumnValuesToBeBetween(
        column="sufficient_ratio",
        min_value=LEAST_RATIOS["sentence"],
        row_condition="scope!='line'",
        condition_parser="pandas",
        severity="critical",
        notes="Sentences and frames need more: writers repeat themselves, and begin sentences alike.",
    ),
    gxe.ExpectColumnValuesToBeInSet(
        column="is_share_right",
        value_set=[True],
        severity="critical",
        notes="share_ratio is cluster_count / source_cluster_count.",
    ),
    gxe.ExpectColumnValuesToBeInSet(
        column="is_dated",
        value_set=[True],
        severity="warning",
        notes="First seen before last seen, and nothing seen after the day of the run.",
    ),
)
