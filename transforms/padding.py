"""The traces of search-engine padding in a text, as plain numbers with the evidence in words.

transforms/seo.py makes a score of them. Looked for in the original: link inserts, stuffed questions and summary
boxes are what cleaning may take out. Linear in the length of the text.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import re2

from transforms.padding_words import FILLER_PHRASES, MODIFIERS, STOCK_WORDS
from transforms.types import Edit
from transforms.words import (
    ENGLISH_STOP_WORDS,
    count_quotations,
    headings_of,
    is_english,
    lines_of,
    lower_words,
    words_of,
)

# Traces that are lists of English words; in another language they are not measured.
ENGLISH_ONLY = frozenset(
    ("stock_words", "filler_phrases", "keyword_tails", "summary_sections", "no_voices", "no_details")
)
MIN_WORDS = 150  # rates of a shorter text are taken as if it had so many: three words in twenty are no rate

_QUERY = re.compile(r"[\W\d]*(?:what|how|why|when|where|which|who|is|are|can|do|does|should|will)\b", re.IGNORECASE)
_SUMMARY = re.compile(
    r"(?:in )?(?:conclusion|final thoughts|wrapping|faqs?\b|frequently|key takeaway|the bottom line|summary|takeaway)",
    re.IGNORECASE,
)
# "Find out more about X": what follows the lead-in is the target. At most 150 characters, to the end of the sentence.
_POINTER = re2.compile(r"(?i)\b(?:find out|learn|read|discover|see) more (?:about|on) ([^.!?\n]{5,150})")
_CALL = re2.compile(
    r"(?i)\b(?:click here|contact us|get in touch|sign up (?:for|today|now)|get started (?:today|now|with)"
    r"|(?:book|schedule|request) (?:a|an|your) |get (?:a|your) (?:free|custom) |free trial|shop (?:now|our|all)"
    r"|buy now|order now|call us|reach out to (?:us|our)|check out (?:our|the|this)|explore our|browse our|visit our"
    r"|keep an eye on|for further reading|read (?:also|next|our)|related:)"
)
_SAID = frozenset(("said", "says", "told", "according", "wrote", "argued", "announced", "reported"))
_FIRST = frozenset(("i", "i'm", "i've", "i'd", "my", "me"))
_THIRD = frozenset(("he", "she", "his", "her", "him", "was", "were"))
_YEAR_OR_DIGIT = re.compile(r"(?:19|20)\d\d|\d")

_FILLERS: dict[str, list[tuple[str, ...]]] = {}
for _phrase in FILLER_PHRASES:
    _FILLERS.setdefault(_phrase[0], []).append(_phrase)


@dataclass(frozen=True, slots=True)
class Trace:
    """One measured trace, in the unit that its function states; None where the language hides it."""

    name: str
    measure: float | None
    evidence: str


@dataclass(frozen=True, slots=True)
class _Page:
    """What every trace looks at. `lower` has straight apostrophes; `keys` are the words the page is about."""

    original: str
    words: list[str]
    lower: list[str]
    headings: tuple[str, ...]
    heading_words: tuple[frozenset[str], ...]
    phrase: tuple[str, ...]
    phrase_count: int
    keys: tuple[tuple[str, int], ...]

    def per_1000(self, count: float) -> float:
        return count * 1000 / max(len(self.words), MIN_WORDS)

    def of_headings(self, count: int) -> float:
        """Share of the headings; below four headings they count for less, one heading being no pattern."""
        return count / max(len(self.headings), 4)


def measure_padding(
    original: str, edits: tuple[Edit, ...], headings: tuple[str, ...], title: str | None
) -> tuple[Trace, ...]:
    """The traces of `original`, always the same names in the same order.

    `edits` tell link inserts (kind promo_link); the plain ones are recognised without them too. `headings` are those
    of the page; without any, short lines before a paragraph are taken. `title` counts as one more heading.
    """
    page = _page(original, headings, title)
    traces = (
        _stock_words(page),
        _filler_phrases(page),
        _key_phrase(page),
        _key_word(page),
        _key_headings(page),
        _query_headings(page),
        Trace("heading_density", page.per_1000(len(page.headings)), _times(len(page.headings), "heading")),
        _keyword_tails(page),
        *_inserts(page, edits),
        _summary_sections(page),
        _no_voices(page),
        _no_details(page),
    )
    if is_english(page.lower):
        return traces
    return tuple(
        Trace(trace.name, None, "not measured: the text is not English") if trace.name in ENGLISH_ONLY else trace
        for trace in traces
    )


def _page(original: str, headings: tuple[str, ...], title: str | None) -> _Page:
    words = words_of(original)
    lower = lower_words(words)
    headings = headings or headings_of(original)
    if title and title not in headings:
        headings = (title, *headings)
    # A word that begins in lower case is no name. Topical: languages without a list have short function words as well.
    plain = Counter(low for word, low in zip(words, lower, strict=True) if word[0] == low[0])
    topics = Counter({word: count for word, count in plain.items() if len(word) > 3 and word not in ENGLISH_STOP_WORDS})
    phrase, count = _most_repeated(lower, topics)
    return _Page(
        original=original,
        words=words,
        lower=lower,
        headings=headings,
        heading_words=tuple(frozenset(lower_words(words_of(heading))) for heading in headings),
        phrase=phrase,
        phrase_count=count,
        keys=tuple(topics.most_common(3)),
    )


def _most_repeated(lower: list[str], topics: Counter[str]) -> tuple[tuple[str, ...], int]:
    """The phrase of 2-4 words with the highest weight (see _key_phrase) that stands three times at least.

    It begins and ends with a topical word. A name is no key phrase: one of its words must also occur in lower case.
    """
    frequent = {word for word, count in Counter(lower).items() if count >= 3 and len(word) > 3} - ENGLISH_STOP_WORDS
    can_end = [word in frequent for word in lower]
    counts: Counter[tuple[str, ...]] = Counter()
    for length in (2, 3, 4):
        counts.update(
            tuple(lower[start : start + length])
            for start, (begins, ends) in enumerate(zip(can_end, can_end[length - 1 :], strict=False))
            if begins and ends
        )
    phrases = {phrase: n for phrase, n in counts.items() if n >= 3 and any(word in topics for word in phrase)}
    if not phrases:
        return (), 0
    best = max(phrases, key=lambda phrase: phrases[phrase] * math.sqrt(len(phrase) - 1))
    return best, phrases[best]


def _stock_words(page: _Page) -> Trace:
    """Stock words of praise, per 1,000 words."""
    found = Counter(word for word in page.lower if word in STOCK_WORDS)
    count = found.total()
    return Trace("stock_words", page.per_1000(count), f"{_times(count, 'stock word')} of praise ({_most(found)})")


def _filler_phrases(page: _Page) -> Trace:
    """Filler phrases, per 1,000 words."""
    found = Counter(
        " ".join(phrase)
        for start, word in enumerate(page.lower)
        if word in _FILLERS
        for phrase in _FILLERS[word]
        if tuple(page.lower[start : start + len(phrase)]) == phrase
    )
    count = found.total()
    return Trace("filler_phrases", page.per_1000(count), f"{_times(count, 'filler phrase')} ({_most(found)})")


def _key_phrase(page: _Page) -> Trace:
    """Weight of the key phrase over what the length explains: occurrences * sqrt(words - 1) / sqrt(text's words).

    The most repeated phrase of ordinary articles grows with the square root of their length: about 6 times in 900
    words. A phrase of three words is rarer by chance than one of two, so it weighs more.
    """
    if not page.phrase:
        return Trace("key_phrase", 0.0, "no phrase is repeated three times")
    weight = page.phrase_count * math.sqrt(len(page.phrase) - 1) / math.sqrt(max(len(page.words), 200))
    words = set(page.phrase) - ENGLISH_STOP_WORDS
    inside = sum(words <= heading for heading in page.heading_words)
    evidence = (
        f'the phrase "{" ".join(page.phrase)}" stands {page.phrase_count} times in {len(page.words)} words, '
        f"in {inside} of {len(page.headings)} headings"
    )
    return Trace("key_phrase", weight, evidence)


def _key_word(page: _Page) -> Trace:
    """The most frequent topical word outside names, per 1,000 words."""
    if not page.keys:
        return Trace("key_word", 0.0, "no topical word")
    word, count = page.keys[0]
    return Trace("key_word", page.per_1000(count), f'the word "{word}" stands {_times(count, "time")}')


def _key_headings(page: _Page) -> Trace:
    """Share of headings (0-1) that hold one of the three most frequent topical words or a word of the key phrase."""
    keys = _keywords(page)
    count = sum(not keys.isdisjoint(heading) for heading in page.heading_words)
    return Trace("key_headings", page.of_headings(count), f"{count} of {len(page.headings)} headings repeat a key word")


def _query_headings(page: _Page) -> Trace:
    """Share of headings (0-1) in the shape of a search query: a question mark, or what, how, best time to ..."""
    found = [heading for heading in page.headings if heading.endswith(("?", "？", "؟")) or _QUERY.match(heading)]
    example = f' ("{found[0]}")' if found else ""
    evidence = f"{len(found)} of {len(page.headings)} headings are search queries{example}"
    return Trace("query_headings", page.of_headings(len(found)), evidence)


def _keyword_tails(page: _Page) -> Trace:
    """Key words beside a modifier ("printer guide", "best printer"), per 1,000 words."""
    keys = _keywords(page) - MODIFIERS
    found = Counter(
        f"{left} {right}"
        for left, right in pairwise(page.lower)
        if (left in keys and right in MODIFIERS) or (right in keys and left in MODIFIERS)
    )
    count = found.total()
    return Trace("keyword_tails", page.per_1000(count), f"{_times(count, 'keyword tail')} ({_most(found)})")


def _inserts(page: _Page, edits: tuple[Edit, ...]) -> Iterator[Trace]:
    """Link inserts and calls to action per 1,000 words; and how many inserts share a target (its first three words).

    Several pointers to the same phrase ("Find out more about X tips.", "Find out more about X guide.") are put in
    by a machine: the strongest trace there is.
    """
    promos = [edit for edit in edits if edit.kind == "promo_link"]
    pointers = list(_POINTER.finditer(page.original))
    plain = [match.start() for match in pointers] + [match.start() for match in _CALL.finditer(page.original)]
    removed = {position for edit in promos for position in range(edit.start, edit.end)}
    count = len(promos) + sum(start not in removed for start in plain)
    yield Trace("inserts", page.per_1000(count), f"{_times(count, 'link insert')} or calls to action")

    targets = Counter(" ".join(words_of(match[1].lower())[:3]) for match in pointers)
    target, same = max(targets.items(), key=lambda item: item[1], default=("", 0))
    evidence = f'{_times(same, "link insert")} to "{target}"' if same else "no link insert with a target"
    yield Trace("same_target_inserts", same, evidence)


def _summary_sections(page: _Page) -> Trace:
    """Sections that restate: conclusion, key takeaways, FAQ. A count."""
    found = [line for line in lines_of(page.original) if len(line) < 60 and _SUMMARY.match(line)]
    evidence = f"sections that restate: {', '.join(found[:3]) or 'none'}"
    return Trace("summary_sections", len(found), evidence)


def _no_voices(page: _Page) -> Trace:
    """1 where nobody speaks, acts or tells, 0 where somebody does throughout.

    Per 1,000 words, 12 quotations, 8 of said/told/according, 24 of I/my or 40 of he/she/was make it 0.
    """
    counts = Counter(page.lower)
    quotes = count_quotations(page.original)
    said, first, third = (sum(counts[word] for word in group) for group in (_SAID, _FIRST, _THIRD))
    voices = page.per_1000(quotes / 12 + said / 8 + first / 24 + third / 40)
    evidence = f"{_times(quotes, 'quotation')}, {said} times said or told, {first} times I or my, {third} he or she"
    return Trace("no_voices", 1 - min(voices, 1), evidence)


def _no_details(page: _Page) -> Trace:
    """1 where nothing is named or counted: per 1,000 words, 50 figures, 225 capitals or 20 brackets make it 0."""
    figures = sum(not _YEAR_OR_DIGIT.fullmatch(word) for word in page.words if word[0].isdigit())
    capital = [word[0].isupper() for word in page.words]
    names = sum(
        is_name and not follows_name and len(word) > 1
        for follows_name, is_name, word in zip(capital, capital[1:], page.words[1:], strict=False)
    )
    details = page.per_1000(figures / 50 + names / 225 + page.original.count("(") / 20)
    evidence = f"{_times(figures, 'figure')} and {_times(names, 'name')} in {len(page.words)} words"
    return Trace("no_details", 1 - min(details, 1), evidence)


def _keywords(page: _Page) -> frozenset[str]:
    return frozenset(word for word, _ in page.keys) | (frozenset(page.phrase) - ENGLISH_STOP_WORDS)


def _most(found: Counter[str]) -> str:
    """The most frequent finds with their counts, or "none"."""
    return ", ".join(f"{what} {count}" for what, count in found.most_common(4)) or "none"


def _times(count: int, noun: str) -> str:
    return f"{count} {noun}" + ("" if count == 1 else "s")
