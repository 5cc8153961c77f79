"""Readers' own comments: what stands below a heading such as "12 Comments" at the end of a page."""

from __future__ import annotations

from collections.abc import Iterator

import re2

from transforms.page import Page
from transforms.rule import Rule

_HEADING = re2.compile(
    r"(?i)^(?:[1-9][\d,]* (?:comments?|responses?|replies|thoughts on ..+)|comments? \([1-9]\d*\)|reader comments|"
    r"[1-9]\d* (?:kommentare|commentaires|comentarios|coment[áa]rios|commenti|reacties|komentarz[ey]?|комментари[йея]в?)|"
    r"kommentare ?\([1-9]\d*\)|commentaires ?\([1-9]\d*\)|comentarios ?\([1-9]\d*\)|комментарии ?\([1-9]\d*\))[\s:：]*$"
)
_SPEAKER = re2.compile(
    r"(?i)(?:\bsays:?$|\bsagt:?$|\bdit :?$|\bdice:?$|^reply$|\breply$|^\d+\. |\d{1,2}:\d{2}|\bat \d{1,2}(?::\d{2})? ?[ap]m\b|"
    r"\b\d+ (?:hours?|days?|weeks?|months?|years?) ago\b|^guest$|^anonymous\b)"
)
_TAIL_SHARE = 0.4


def find_comment_threads(page: Page) -> Iterator[tuple[int, int]]:
    """From the counted heading to the end, where what follows looks like people speaking in turn."""
    lines = page.lines
    for at, heading in enumerate(lines):
        if heading.start < _TAIL_SHARE * len(page.text) or not _HEADING.search(heading.text):
            continue
        thread = lines[at + 1 :]
        speakers = sum(_SPEAKER.search(part.text) is not None for part in thread)
        if thread and speakers >= max(1, len(thread) // 8):
            for part in lines[at:]:
                yield part.start, part.end
            return


COMMENT: tuple[Rule, ...] = (
    Rule(
        "comment-thread",
        "comment",
        find_comment_threads,
        removes=("2 Comments\nBrigid says:\nThe old pier was better.\nTom says:\nIt was not.",),
        keeps=("Comments on the plan were due by Friday.", "She had two comments on the draft."),
    ),
)
