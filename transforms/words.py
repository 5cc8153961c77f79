"""Words, sentences, lines and headings of a text, as measuring and judging count them.

A word is a run of letters and digits, apostrophes and hyphens inside it included. Chinese and Japanese put no space
between words, so each of their characters counts as a word; Korean words are spaced and count as they stand. Thai,
Lao, Khmer and Burmese are neither: a run up to the next space or mark counts as one word.
All matching here is linear in the length of the text.
"""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise

_CJK = r"\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_LETTERS = rf"[^\W_{_CJK}]++"  # possessive, as all here: nothing is ever given back, so no way back is kept
_WORD = re.compile(rf"{_LETTERS}(?:['’-]{_LETTERS})*+|[{_CJK}]")
# A sentence ends at a mark before white space, closing quotes and brackets between; the CJK marks need no space.
# A class in front, and one alternative behind it: found in half the time.
_SENTENCE_END = re.compile(r"[.!?…。！？](?:(?<=[。！？])|[\"'”’»)\]]{0,3}(?=\s))")
SENTENCE_MARKS = frozenset(".!?…。！？")
CLOSING = "\"'”’»)]」』 "

# Words that carry no topic, lower case: what a key phrase may not begin or end with, and what tells English prose.
# Other languages have no list; their short words (up to three letters) are taken for such words instead.
_STOP = """
    a about above after again against all also am an and any are aren't as at be because been before being below
    between both but by can can't cannot could did didn't do does doesn't doing don't down during each even every few
    for from further get had has have having he her here hers herself him himself his how i i'm if in into is isn't it
    it's its itself just like made make many may me might more most much must my myself need no nor not now of off on
    once one only or other our ours ourselves out over own same she should since so some such than that that's the
    their theirs them themselves then there these they they're this those through to too two under until up us use
    very via want was we were what when where whether which while who whom why will with within without won't would
    yet you you're your yours yourself new first last well way ways s t"""
ENGLISH_STOP_WORDS = frozenset(_STOP.split())

ENGLISH_FROM = 0.2  # share of stop words; English prose has 0.35-0.5, other languages in Latin letters below 0.1
HEADING_WORDS = 16  # a longer line is a sentence without its full stop


def words_of(text: str) -> list[str]:
    """The words of `text` in order, as written; see above for what a word is."""
    return _WORD.findall(text)


def lower_words(words: list[str]) -> list[str]:
    """The same words in lower case with straight apostrophes, as the word lists have them."""
    return " ".join(words).replace("’", "'").lower().split(" ") if words else []


def is_english(counts: Counter[str]) -> bool:
    """Whether these words, in lower case with straight apostrophes, read as English: enough of them are stop words."""
    stops = sum(counts[word] for word in ENGLISH_STOP_WORDS.intersection(counts))
    return stops >= ENGLISH_FROM * max(counts.total(), 1)


def lines_of(text: str) -> list[str]:
    """The lines of `text` that are not blank, stripped."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def sentences_of(text: str) -> list[str]:
    """Sentences, cut at line ends and after sentence marks. Abbreviations cut too many: fit for counting only."""
    sentences = []
    for line in lines_of(text):
        start = 0
        for end in _SENTENCE_END.finditer(line):
            sentences.append(line[start : end.end()].strip())
            start = end.end()
        if start < len(line):
            sentences.append(line[start:].strip())
    return sentences


def sentences_in(line: str) -> int:
    """How many sentences `sentences_of` finds in a line that is not blank, without surrounding white space."""
    return len(_SENTENCE_END.findall(line)) + (line[-1] not in "。！？")


def ends_sentence(line: str) -> bool:
    """Whether the line ends in a sentence mark, closing quotes and brackets left aside."""
    return line.rstrip(CLOSING)[-1:] in SENTENCE_MARKS and bool(line)


def count_quotations(text: str) -> int:
    """Quotations opened in `text`: directed opening marks, and every second straight one."""
    return sum(text.count(mark) for mark in "“«„「") + text.count('"') // 2


def headings_of(text: str) -> tuple[str, ...]:
    """Headings of plain text: short lines without a full stop that a paragraph follows, in order.

    A paragraph is a line twice as long as the heading, 60 characters at least, that ends a sentence or a list's
    lead-in (a colon). A question mark may end a heading.
    """
    lines = lines_of(text)
    headings = []
    for line, following in pairwise(lines):
        is_open = line.endswith("?") or not (ends_sentence(line) or line[-1] in ",;:，；：")
        is_paragraph = len(following) >= max(60, 2 * len(line)) and (ends_sentence(following) or following[-1] in ":：")
        if is_open and is_paragraph and len(words_of(line)) <= HEADING_WORDS:
            headings.append(line)
    return tuple(headings)
