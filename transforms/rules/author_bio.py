"""About-the-author boxes at the end of an article."""

from __future__ import annotations

from collections.abc import Iterator

import re2

from transforms.page import Page
from transforms.rule import Rule, line

_HEADING = re2.compile(
    r"(?i)^(?:about the (?:authors?|writer|reporter|contributor|reviewer)|(?:[üu]ber (?:den autor|die autorin)|"
    r"[àa] propos de l['’]auteur|sobre (?:el autor|la autora|o autor|a autora)|sull['’]autore|over de auteur|o autorze|"
    r"об авторе|عن الكاتب|关于作者|作者简介|著者について))[\s:：]*$"
)
_MOST_LINES = 4
_TAIL_SHARE = 0.6  # an author box stands after the article, not in its first part


def find_author_boxes(page: Page) -> Iterator[tuple[int, int]]:
    """The heading and the one paragraph after it (a name line before the paragraph included)."""
    lines = page.lines
    for at, heading in enumerate(lines):
        if heading.start < _TAIL_SHARE * len(page.text) or not _HEADING.search(heading.text):
            continue
        end = at + 1
        while end < len(lines) and end - at < _MOST_LINES:
            end += 1
            if lines[end - 1].text.endswith((".", "。")):
                break
        for part in lines[at:end]:
            yield part.start, part.end


AUTHOR_BIO: tuple[Rule, ...] = (
    Rule(
        "author-box",
        "author_bio",
        find_author_boxes,
        removes=("About the author", "Über den Autor"),
        keeps=("About the author little is known, except that she lived by the sea.",),
    ),
    Rule(
        "author-contact",
        "author_bio",
        line(
            r"(?:(?:contact|reach|follow|email) (?:the )?(?:reporters?|author|writer|staff writer)\b.*)",
            r".{2,60} (?:may|can) be reached at \S+@\S+.*",
            r"(?:latest|more|all|view all|see all) (?:posts?|articles|stories) by .{2,60}",
            r"(?:media|press) contacts?(?:\s*[:：].*)?",
        ),
        removes=(
            "Contact staff writer Ana Ruiz at 555-0134.",
            "Tom Hale can be reached at tom@courier.example.",
            "Latest posts by Ana Ruiz",
        ),
        keeps=(
            "The island can be reached at low tide on foot.",
            "Media contact with the crew was cut on Monday, the union said.",
        ),
    ),
)
