"""Readers' own comments: what stands below a heading such as "12 Comments" at the end of a page."""

from __future__ import annotations

from collections.abc import Iterator

import re2

from transforms.page import Page
from transforms.rule import Rule

_HEADING = re2.compile(
    r"(?i)^(?:[1-9][\d,]* (?:comments?|responses?|replies|thoughts on ..+)|comments? \([1-9]\d*\)|comments|reader comments|"
    r"[1-9]\d* (?:kommentare|commentaires|comentarios|coment[áa]rios|commenti|reacties|komentarz[ey]?|комментари[йея]в?)|"
    r"kommentare ?\([1-9]\d*\)|commentaires ?\([1-9]\d*\)|comentarios ?\([1-9]\d*\)|комментарии ?\([1-9]\d*\))[\s:：]*$"
)
_SPEAKER = re2.compile(
    r"(?i)(?:\bsays:?$|\bsagt:?$|\bdit :?$|\bdice:?$|^reply$|\breply$|^\d+\. |\d{1,2}:\d{2}|\bat \d{1,2}(?::\d{2})? ?[ap]m\b|"
    r"\b\d+ (?:hours?|days?|weeks?|months?|years?) ago\b|^guest$|^anonymous\b)"
)
_TAIL_SHARE = 0.4
_LONGEST_SPEAKER_CHARS = 30


def find_comment_threads(page: Page) -> Iterator[tuple[int, int]]:
    """From the counted heading to the end, where what follows looks like people speaking in turn."""
    lines = page.lines
    for at, heading in enumerate(lines):
        if heading.start < _TAIL_SHARE * len(page.text) or not _HEADING.search(heading.text):
            continue
        thread = lines[at + 1 :]
        speakers = sum(_has_speaker(part.text) for part in thread)
        if thread and speakers >= max(1, len(thread) // 8):
            for part in lines[at:]:
                yield part.start, part.end
            return


def _has_speaker(text: str) -> bool:
    """A line that names who speaks or when: "Tom says", "3 days ago", "Salty: Well done"."""
    name, colon, said = text[: _LONGEST_SPEAKER_CHARS + 1].partition(": ")
    return bool(colon and name and said) or _SPEAKER.search(text) is not None


def find_comment_counts(page: Page) -> Iterator[tuple[int, int]]:
    """The counted heading itself, below the article."""
    for at in page.lines:
        if at.start >= _TAIL_SHARE * len(page.text) and _HEADING.search(at.text):
            yield at.start, at.end


COMMENT: tuple[Rule, ...] = (
    Rule(
        "comment-count",
        "comment_prompt",
        find_comment_counts,
        removes=("3 Comments",),
        keeps=("Three comments were read out in the hall.",),
    ),
    Rule(
        "comment-thread",
        "comment",
        find_comment_threads,
        removes=("2 Comments\nBrigid says:\nThe old pier was better.\nTom says:\nIt was not.",),
        keeps=("Comments on the plan were due by Friday.", "She had two comments on the draft."),
    ),
)
