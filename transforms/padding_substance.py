"""Traces in what is said: stock praise and filler, link inserts and prices, and the lack of voices and of details."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

import re2

from transforms.padding_page import PaddingPage, Trace, most, times
from transforms.padding_words import FILLER_PHRASES, STOCK_WORDS
from transforms.words import count_quotations, words_of

# "Find out more about X": what follows the lead-in is the target. At most 150 characters, to the end of the sentence.
_POINTER = re2.compile(r"(?i)\b(?:find out|learn|read|discover|see) more (?:about|on) ([^.!?\n]{5,150})")
_CALL = re2.compile(
    r"(?i)\b(?:click here|contact us|get in touch|sign up (?:for|today|now)|get started (?:today|now|with)"
    r"|(?:book|schedule|request) (?:a|an|your) |get (?:a|your) (?:free|custom) |free trial|shop (?:now|our|all)"
    r"|buy now|order now|call us|reach out to (?:us|our)|check out (?:our|the|this)|explore our|browse our|visit our"
    r"|keep an eye on|for further reading|read (?:also|next|our)|related:)"
)
_PRICE = re.compile(r"[$€£¥]\s?\d|\d\s?[€£¥]")
_SAID = frozenset(("said", "says", "told", "according", "wrote", "argued", "announced", "reported"))
_FIRST = frozenset(("i", "i'm", "i've", "i'd", "my", "me"))
_THIRD = frozenset(("he", "she", "his", "her", "him", "was", "were"))
FEW = 0.6  # of what makes a trace 0; for the wording alone
_YEAR_OR_DIGIT = re.compile(r"(?:19|20)\d\d|\d")

_FILLERS: dict[tuple[str, ...], list[tuple[str, ...]]] = {}  # by their first two words; all have two
for _phrase in FILLER_PHRASES:
    _FILLERS.setdefault(_phrase[:2], []).append(_phrase)


def stock_words(page: PaddingPage) -> Trace:
    """Stock words of praise, per 1,000 words."""
    found = Counter({word: count for word, count in page.counts.items() if word in STOCK_WORDS})
    count = found.total()
    return Trace("stock_words", page.per_1000(count), f"{times(count, 'stock word')} of praise ({most(found)})")


def filler_phrases(page: PaddingPage) -> Trace:
    """Filler phrases, per 1,000 words."""
    lower = page.lower
    found = Counter(
        [
            " ".join(phrase)
            for start, pair in enumerate(pairwise(lower))
            if pair in _FILLERS
            for phrase in _FILLERS[pair]
            if tuple(lower[start : start + len(phrase)]) == phrase
        ]
    )
    count = found.total()
    return Trace("filler_phrases", page.per_1000(count), f"{times(count, 'filler phrase')} ({most(found)})")


def product_prices(page: PaddingPage) -> Trace:
    """Prices, per 1,000 words: product lists are made for affiliate clicks."""
    has_sign = any(sign in page.original for sign in "$€£¥")
    count = len(_PRICE.findall(page.original)) if has_sign else 0
    return Trace("product_prices", page.per_1000(count), times(count, "price"))


def inserts(page: PaddingPage) -> Iterator[Trace]:
    """Link inserts and calls to action per 1,000 words; and how many inserts share a target (its first three words).

    Several pointers to the same phrase ("Find out more about X tips.", "Find out more about X guide.") are put in
    by a machine: the strongest trace there is.
    """
    promos = [edit for edit in page.edits if edit.kind == "promo_link"]
    pointers = list(_POINTER.finditer(page.original))
    plain = [match.start() for match in pointers] + [match.start() for match in _CALL.finditer(page.original)]
    removed = {position for edit in promos for position in range(edit.start, edit.end)}
    count = len(promos) + sum(start not in removed for start in plain)
    yield Trace("inserts", page.per_1000(count), f"{times(count, 'link insert')} or calls to action")

    targets = Counter(" ".join(words_of(match[1].lower())[:3]) for match in pointers)
    target, same = max(targets.items(), key=lambda item: item[1], default=("", 0))
    evidence = f'{times(same, "link insert")} to "{target}"' if same else "no link insert with a target"
    yield Trace("same_target_inserts", same, evidence)


def no_voices(page: PaddingPage) -> Trace:
    """1 where nobody speaks, acts or tells, 0 where somebody does throughout.

    Per 1,000 words, 12 quotations, 8 of said/told/according, 24 of I/my or 40 of he/she/was make it 0.
    """
    quotes = count_quotations(page.original)
    said, first, third = (sum(page.counts[word] for word in group) for group in (_SAID, _FIRST, _THIRD))
    voices = page.per_1000(quotes / 12 + said / 8 + first / 24 + third / 40)
    counts = f"{times(quotes, 'quotation')}, {said} times said or told, {first} times I or my, {third} he or she"
    return Trace("no_voices", 1 - min(voices, 1), f"{'few voices' if voices < FEW else 'voices'}: {counts}")


def no_details(page: PaddingPage) -> Trace:
    """1 where nothing is named or counted: per 1,000 words, 50 figures, 225 capitals or 20 brackets make it 0."""
    begins = [word[0] for word in page.words]
    figures = sum(
        not _YEAR_OR_DIGIT.fullmatch(word) for first, word in zip(begins, page.words, strict=True) if first.isdigit()
    )
    capital = [first.isupper() for first in begins]
    names = sum(
        is_name and not follows_name and len(word) > 1
        for follows_name, is_name, word in zip(capital, capital[1:], page.words[1:], strict=False)
    )
    details = page.per_1000(figures / 50 + names / 225 + page.original.count("(") / 20)
    counts = f"{times(figures, 'figure')} and {times(names, 'name')} in {len(page.words)} words"
    return Trace("no_details", 1 - min(details, 1), f"{'few details' if details < FEW else 'details'}: {counts}")
