"""Traces of repetition: one phrase throughout, in headings, and with the modifiers of search queries."""

from __future__ import annotations

import math
from collections import Counter
from itertools import pairwise

from transforms.padding_page import PaddingPage, Trace, most, times
from transforms.padding_words import MODIFIERS
from transforms.words import ENGLISH_STOP_WORDS


def key_phrase(page: PaddingPage) -> Trace:
    """Weight of the key phrase over what the length explains: occurrences * sqrt(words - 1) / sqrt(text's words).

    The most repeated phrase of ordinary articles grows with the square root of their length: about 6 times in 900
    words. A phrase of three words is rarer by chance than one of two, so it weighs more.
    """
    if not page.phrase:
        return Trace("key_phrase", 0.0, "no phrase is repeated three times")
    words = set(page.phrase) - ENGLISH_STOP_WORDS
    inside = sum(words <= heading for heading in page.heading_words)
    evidence = (
        f'the phrase "{" ".join(page.phrase)}" stands {page.phrase_count} times in {len(page.words)} words, '
        f"in {inside} of {len(page.headings)} headings"
    )
    weight = page.phrase_count * math.sqrt(len(page.phrase) - 1) / math.sqrt(max(len(page.words), 200))
    return Trace("key_phrase", weight, evidence)


def key_headings(page: PaddingPage) -> Trace:
    """Share of headings (0-1) that hold one of the three most frequent topical words or a word of the key phrase."""
    keys = _keywords(page)
    count = sum(not keys.isdisjoint(heading) for heading in page.heading_words)
    return Trace("key_headings", page.of_headings(count), f"{count} of {len(page.headings)} headings repeat a key word")


def keyword_tails(page: PaddingPage) -> Trace:
    """Key words beside a modifier ("printer guide", "best printer"), per 1,000 words."""
    keys = _keywords(page) - MODIFIERS
    is_near = keys | MODIFIERS
    found = Counter(
        [
            f"{left} {right}"
            for left, right in pairwise(page.lower)
            if left in is_near and right in is_near and (left in keys) != (right in keys)
        ]
    )
    count = found.total()
    return Trace("keyword_tails", page.per_1000(count), f"{times(count, 'keyword tail')} ({most(found)})")


def _keywords(page: PaddingPage) -> frozenset[str]:
    return frozenset(page.keys) | (frozenset(page.phrase) - ENGLISH_STOP_WORDS)
