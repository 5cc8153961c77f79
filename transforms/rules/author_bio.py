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


_TRADES = frozenset(
    "writer journalist reporter editor author columnist correspondent blogger contributor freelancer novelist reviewer "  # noqa: SIM905
    "critic photographer producer".split()
)
_AUTHOR_LINE_SHARE = 0.75
_LONGEST_AUTHOR_LINE_CHARS = 500
_COMPANY_HEADING = re2.compile(r"^About (?:the )?(\p{Lu}[^\s.:,?!]*)(?: [^\s.:,?!]+)*:?$")
_COMPANY_SHARE = 0.5


def find_author_lines(page: Page) -> Iterator[tuple[int, int]]:
    """The last line of an article, where it introduces its author: "Ana Ruiz is a travel writer based in ..."."""
    if not page.lines:
        return
    last = page.lines[-1]
    is_last_part = last.start >= _AUTHOR_LINE_SHARE * len(page.text)
    if is_last_part and len(last.text) <= _LONGEST_AUTHOR_LINE_CHARS and _introduces_author(last.text):
        yield last.start, last.end


def _introduces_author(text: str) -> bool:
    """A name (two to four capitalised words), then what the person is or writes."""
    words = text.split()[:16]
    name = 0
    while name < len(words) and words[name][:1].isupper():
        name += 1
    if not 2 <= name <= 4 or name == len(words):
        return False
    rest = [word.strip(".,;'’").lower() for word in words[name:]]
    if rest[0] in ("writes", "blogs", "reports") and rest[1:2] and rest[1] in ("about", "on", "for"):
        return True
    return rest[0] == "is" and rest[1:2] in (["a"], ["an"], ["the"]) and any(word in _TRADES for word in rest[2:])


def find_company_boxes(page: Page) -> Iterator[tuple[int, int]]:
    """ "About Ebbstone" and the paragraph below it that begins with the same name: the end of a press release."""
    for heading, below in zip(page.lines, page.lines[1:], strict=False):
        if heading.start < _COMPANY_SHARE * len(page.text):
            continue
        match = _COMPANY_HEADING.search(heading.text) if len(heading.text) <= 80 else None
        if match and match.group(1) in below.text[:80] and below.text.endswith((".", "!", ")")):
            yield heading.start, heading.end
            yield below.start, below.end


AUTHOR_BIO: tuple[Rule, ...] = (
    Rule(
        "author-line",
        "author_bio",
        find_author_lines,
        removes=(
            "Ana Ruiz is a travel writer based in Northport. She is the author of two books about ferries.",
            "Tom Hale writes about town life for the Courier.",
        ),
        keeps=("The mayor is a writer at heart, his wife said.",),
    ),
    Rule(
        "company-box",
        "author_bio",
        find_company_boxes,
        removes=("About Northport Ferries\nNorthport Ferries runs nine boats and employs 140 people.",),
        keeps=("About Northport little is known.",),
    ),
    Rule(
        "press-source",
        "author_bio",
        line(r"(?-i:SOURCE):? (?-i:\p{Lu})[^.!?]+"),
        removes=("SOURCE Northport Ferries",),
        keeps=("Source of the river and end of the road are one place.",),
    ),
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
