"""Content gaps: a lead-in that announces several things and ends in a colon, with nothing of them left.

Extractors drop lists more often than prose. What stays is "The requirements are:" and then the next paragraph. Two
things must meet: a lead-in that announces ("the following", "here are", "several", an open end such as "to:"), and
after it the end of the text, or a paragraph that cannot be what was announced. Everything that can be keeps the
flag away: a list item, marked or not, a quotation, code, a table row, a short line, paragraphs that open alike,
"First, ...". The announcing words are English; in another language a sentence of six words that ends in a colon
counts. A flag is worth a look, it is no proof: some lists are written as plain paragraphs.
"""

from __future__ import annotations

import re
from itertools import pairwise

from transforms.measured_text import cut_text
from transforms.types import Flag
from transforms.words import ends_sentence, lower_words, sentences_of, words_of

COLONS = (":", "：")
MIN_LEAD_WORDS = 4  # shorter lines are labels: "Note:", "Photo:", "Origins and history:", a speaker's name
MIN_FOREIGN_LEAD_WORDS = 6
PROSE_CHARS = 100  # a shorter paragraph may be what the lead-in announced

# A lead-in announces when it has one of these words, or ends in one of the second set ("to:", "such as:").
_CUES = """are were include includes included including following below these several few various list example examples
    takeaways highlights two three four five six seven eight nine ten"""
_OPEN_ENDS = "to in by of for with about can that when as from or follows"
# Near the end of a lead-in these announce speech: "she put it this way:", "the statement reads:".
_SPEECH = """said says wrote writes added adds asked asks explained explains argued stated states statement replied
    posted reads quote told way announced noted"""
CUES, OPEN_ENDS, SPEECH = (frozenset(words.split()) for words in (_CUES, _OPEN_ENDS, _SPEECH))
# Item marks, brackets and quotation marks; "1." and "b)"; "First, ...".
_ITEM = re.compile(r"[\W_]|(?:\d{1,3}|[A-Za-z])[.)]|(?:first|firstly|one|the first)\b", re.IGNORECASE)
_LABEL = re.compile(r"[^.!?:：]{2,60}[:：] ?\S")


def find_content_gaps(text: str) -> tuple[Flag, ...]:
    """One flag "content-gap" for each lead-in without its list, in order; the evidence is the lead-in's sentence."""
    lines = [line.rstrip() for line in text.splitlines() if line.strip()]
    leads = [number for number, line in enumerate(lines) if line.endswith(COLONS) and not _ITEM.match(line)]
    if not leads:
        return ()
    in_english = cut_text(text).in_english
    return tuple(
        Flag("content-gap", lead)
        for number in leads
        if _announces(lead := sentences_of(lines[number])[-1], in_english) and _is_lost(lines[number + 1 : number + 3])
    )


def _announces(lead: str, in_english: bool) -> bool:
    words = lower_words(words_of(lead))
    if not in_english:
        return len(words) >= MIN_FOREIGN_LEAD_WORDS
    if len(words) < MIN_LEAD_WORDS or not SPEECH.isdisjoint(words[-3:]):
        return False
    return words[-1] in OPEN_ENDS or not CUES.isdisjoint(words)


def _is_lost(following: list[str]) -> bool:
    """Whether the next lines are ordinary prose that cannot be what was announced, or there are none."""
    if not following:
        return True
    first = following[0]
    if _ITEM.match(first) or len(first) < PROSE_CHARS or not ends_sentence(first):
        return False
    return not (len(following) == 2 and _open_alike(*following))


def _open_alike(first: str, second: str) -> bool:
    """Two items of one list: "Speed: ..." and "Cost: ...", a title of few words before each, or two words shared."""
    if all(_LABEL.match(line) or len(words_of(sentences_of(line)[0])) <= 6 for line in (first, second)):
        return True
    pairs = (set(pairwise(lower_words(words_of(line[:80]))[:8])) for line in (first, second))
    return bool(set.intersection(*pairs))
