# Great Expectations exports no names to type checkers, and takes a severity as text.
# mypy: disable-error-code="attr-defined,arg-type"

"""Checks of the staged signals. One frame row an article and signal."""

from __future__ import annotations

from great_expectations import expectations as gxe

KEYS = ("article_id", "name")
SHOWN = {"is_finite": ("value",), "is_words_of_article": ("value",), "ratio": ("value",)}

# A ratio to words or to other bytes can be more than 1: two hash marks a word, ten bytes that zlib makes eighteen of.
FRAME = """
select
    signals.article_id, name, value,
    known.article_id is not null as is_of_staged_article,
    isfinite(value) as is_finite,
    if(name like '%ratio' and name not like '%per_word_ratio' and name <> 'compression_ratio', value, null) as ratio,
    if(name <> 'flesch_reading_ease', value, null) as amount,
    if(name = 'words' and known.article_id is not null, coalesce(value = text_words, false), null)
        as is_words_of_article
from signals
left join (select distinct on (article_id) article_id, text_words from articles) as known using (article_id)
"""

SUITE = (
    gxe.ExpectColumnValuesToBeInSet(
        column="is_of_staged_article",
        value_set=[True],
        severity="critical",
        notes="Articles and their signals are published together.",
    ),
    gxe.ExpectCompoundColumnsToBeUnique(
        column_list=list(KEYS), severity="critical", notes="One value for each article and signal."
    ),
    gxe.ExpectColumnValuesToNotBeNull(column="name", severity="critical", notes="A value of what?"),
    gxe.ExpectColumnValuesToNotBeNull(
        column="value", severity="critical", notes="A signal that a language does not have is left out, not null."
    ),
    gxe.ExpectColumnValuesToBeInSet(
        column="is_finite",
        value_set=[True],
        severity="critical",
        notes="Infinity is a division by nothing; such a value passes every bound or none.",
    ),
    gxe.ExpectColumnValuesToBeBetween(
        column="ratio", min_value=0, max_value=1, severity="critical", notes="Shares of a whole are 0-1."
    ),
    gxe.ExpectColumnValuesToBeBetween(
        column="amount",
        min_value=0,
        severity="critical",
        notes="Counts, rates and shares are never below 0; reading ease alone can be.",
    ),
    gxe.ExpectColumnValuesToBeInSet(
        column="is_words_of_article",
        value_set=[True],
        severity="critical",
        notes="The signal words is the article's text_words: else signals belong to other articles.",
    ),
)
