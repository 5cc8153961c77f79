"""The traces of search-engine padding in a text, as plain numbers with the evidence in words.

transforms/seo.py makes a score of them. Looked for in the original: link inserts, stuffed questions and summary
boxes are what cleaning may take out. Linear in the length of the text.
"""

from __future__ import annotations

from transforms.padding_headings import heading_density, query_headings, summary_sections
from transforms.padding_page import Trace, read_page
from transforms.padding_repetition import key_headings, key_phrase, keyword_tails
from transforms.padding_substance import (
    filler_phrases,
    inserts,
    no_details,
    no_voices,
    product_prices,
    stock_words,
)
from transforms.types import Edit

# Traces that are lists of English words; in another language they are not measured.
ENGLISH_ONLY = frozenset(("stock_words", "filler_phrases", "keyword_tails", "no_voices", "no_details"))


def measure_padding(
    original: str, edits: tuple[Edit, ...], headings: tuple[str, ...], title: str | None
) -> tuple[Trace, ...]:
    """The traces of `original`, always the same names in the same order.

    `edits` tell link inserts (kind promo_link); the plain ones are recognised without them too. `headings` are those
    of the page; without any, short lines before a paragraph are taken. `title` counts as one more heading.
    """
    page = read_page(original, edits, headings, title)
    traces = (
        stock_words(page),
        filler_phrases(page),
        key_phrase(page),
        key_headings(page),
        query_headings(page),
        heading_density(page),
        keyword_tails(page),
        product_prices(page),
        *inserts(page),
        summary_sections(page),
        no_voices(page),
        no_details(page),
    )
    if page.in_english:
        return traces
    return tuple(
        Trace(trace.name, None, "not measured: the text is not English") if trace.name in ENGLISH_ONLY else trace
        for trace in traces
    )
