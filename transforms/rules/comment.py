"""Readers' own comments: what stands below a heading such as "12 Comments" at the end of a page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate

import re2

from transforms.page import Line, Page
from transforms.rule import Block, Rule

_HEADING = (
    r"(?:(?:show |view |all |see )*[1-9][\d,]* (?:comments?|responses?|replies|thoughts on ..+)|comments? \([1-9]\d*\)|comments|reader comments|"
    r"[1-9]\d* (?:kommentare|commentaires|comentarios|coment[áa]rios|commenti|reacties|komentarz[ey]?|комментари[йея]в?)|"
    r"[1-9]\d* (?:gedanken? (?:zu|[üu]ber)|kommentare? (?:zu|[üu]ber)|antworten (?:zu|auf)|r[ée]flexions? (?:sur|au sujet de)|r[ée]ponses? [àa]) ..+|"
    r"ein (?:gedanke|kommentar) zu ..+|one thought on ..+|[1-9]\d* (?:kommentar|antworte?n?|r[ée]ponses?|reaktion(?:en)?|user comments?)|"
    r"kommentare|leserkommentare|commentaires|comentarios|coment[áa]rios|reacties|user comments|"
    r"kommentare ?\([1-9]\d*\)|commentaires ?\([1-9]\d*\)|comentarios ?\([1-9]\d*\)|комментарии ?\([1-9]\d*\))[\s:：]*"
)
_SPEAKER = re2.compile(
    r"(?i)(?:\bsays:?$|\b(?:sagt|schreibt|meint|said):?$|(?:antworten|l[öo]schen|zitieren|liken|r[ée]pondre|responder|rispondi)$|\bdit :?$|\bdice:?$|^reply$|\breply$|^\d+\. |\d{1,2}:\d{2}|\bat \d{1,2}(?::\d{2})? ?[ap]m\b|"
    r"\b\d+ (?:hours?|days?|weeks?|months?|years?) ago\b|^guest$|^gast$|expand full comment|^like$|\bvor \d+ (?:stunden?|tagen?|wochen?|monaten?|jahren?)\b|\bil y a \d+ (?:heures?|jours?|mois|ans?)\b|^anonymous\b)"
)
_TAIL_SHARE = 0.4
# A thread may be longer than its article: with more people speaking the heading may stand higher.
_EARLY_SHARE = 0.1
_EARLY_SPEAKERS = 4
_LONGEST_SPEAKER_CHARS = 30
_LONGEST_HEADING_CHARS = 80


def find_comment_threads(page: Page, headings: Sequence[int]) -> Iterator[tuple[int, int]]:
    """From the counted heading to the end, where what follows looks like people speaking in turn."""
    lines = page.lines
    headings = [n for n in headings if _is_heading(lines[n], page, _EARLY_SHARE)]
    if not headings:
        return
    first = headings[0]
    spoken = tuple(accumulate(_has_speaker(part.text) for part in lines[first:]))
    for at in headings:
        length = len(lines) - at - 1
        least = 1 if lines[at].start >= _TAIL_SHARE * len(page.text) else _EARLY_SPEAKERS
        speakers = spoken[-1] - spoken[at - first]
        if length and speakers >= max(least, length // 8):
            for part in lines[at:]:
                yield part.start, part.end
            return


def _is_heading(line: Line, page: Page, from_share: float) -> bool:
    return line.start >= from_share * len(page.text) and len(line.text) <= _LONGEST_HEADING_CHARS


_POSTED = (
    r"(?:\d+\. )?(?:(?-i:\p{Lu})[^.!?:]* (?:says|sagt|schreibt|meint):?|[•·] (?-i:\p{Lu})[^.!?:]* on \p{L}+ \d{1,2},? \d{4} at [\d:]+ ?[ap]m said:?|(?:am )?\d{1,2}\.(?:\d{1,2}\.| \p{L}+ )\d{4},? (?:um )?\d{1,2}[:.]\d\d(?: uhr)?(?: (?:von|zitieren|antworten|permalink)\b.*)?|(?:on )?(?:\p{L}+ \d{1,2},? \d{4}|\d{1,2}[. ]+\p{L}+ \d{4}|\d{4}-\d\d-\d\d)(?: at|,|  •| um| à| в)? ?\d{1,2}[:.h]\d\d(?: ?[ap]\.?m\.?)?(?: \(edited\)| reply| uhr)?|"
    r"(?:[^.!?]* )?\d+ (?:minutes?|hours?|days?|weeks?|months?|years?) ago(?: ?[•·|] ?(?:edited|reply|link|permalink))?|.* (?:reply|permalink|report)(?: (?:reply|permalink|report|share|like))+)"
)
_LEAST_POSTED = 3
_LONGEST_POSTED_CHARS = 90


def find_unheaded_threads(page: Page, posted: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Comments whose heading is gone: from the first "Tom says:" or date with a time to the end, where three stand."""
    lines = page.lines
    tail = _TAIL_SHARE * len(page.text)
    posted = [n for n in posted if lines[n].start >= tail and len(lines[n].text) <= _LONGEST_POSTED_CHARS]
    if len(posted) < _LEAST_POSTED or len(posted) < (len(lines) - posted[0]) // 8:
        return
    for part in lines[posted[0] :]:
        yield part.start, part.end


def _has_speaker(text: str) -> bool:
    """A line that names who speaks or when: "Tom says", "3 days ago", "Salty: Well done"."""
    name, colon, said = text[: _LONGEST_SPEAKER_CHARS + 1].partition(": ")
    return bool(colon and name and said) or _SPEAKER.search(text) is not None


def find_comment_counts(page: Page, headings: Sequence[int]) -> Iterator[tuple[int, int]]:
    """The counted heading itself, below the article."""
    for at in (page.lines[n] for n in headings):
        if _is_heading(at, page, _TAIL_SHARE):
            yield at.start, at.end


COMMENT: tuple[Rule, ...] = (
    Rule(
        "comment-count",
        "comment_prompt",
        Block(_HEADING, find_comment_counts),
        removes=("3 Comments",),
        keeps=("Three comments were read out in the hall.",),
    ),
    Rule(
        "comment-thread",
        "comment",
        Block(_HEADING, find_comment_threads),
        removes=(
            "2 Comments\nBrigid says:\nThe old pier was better.\nTom says:\nIt was not.",
            "2 Gedanken zu „Der alte Pier“\nBrigitte sagt:\nDer alte Pier war besser.\nTom sagt:\nWar er nicht.",
        ),
        keeps=(
            "Comments on the plan were due by Friday.",
            "She had two comments on the draft.",
            "Zwei Kommentare standen im Hafenblatt.",
        ),
    ),
    Rule(
        "comment-posts",
        "comment",
        Block(_POSTED, find_unheaded_threads),
        removes=(
            "Brigid says:\nMarch 3, 2019 at 4:15 pm\nThe old pier was better.\nTom says:\nIt was not.",
            "Brigitte schreibt:\n3.3.2019, 16:15 Uhr\nDer alte Pier war besser.\nTom schreibt:\nWar er nicht.",
        ),
        keeps=("The mayor says: no.", "The tide turned on March 3, 2019 at 4:15 pm"),
    ),
)
