"""The headline stands once: its other copies are edits."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.test_pipeline import PARAGRAPHS, article, raw
from transforms.page import Page
from transforms.rules.widget import find_repeated_headlines

TITLE = "Pier to be rebuilt"
TITLES = (TITLE, f"{TITLE} Harbour Courier")


def taken(*lines: str, titles: tuple[str, ...] = TITLES) -> list[int]:
    """Numbers of the lines that the rule takes out."""
    page = Page("\n\n".join(lines), titles)
    spans = set(find_repeated_headlines(page))
    return [line.number for line in page.lines if (line.start, line.end) in spans]


@pytest.mark.parametrize(
    ("lines", "numbers"),
    [
        ((TITLE, *PARAGRAPHS), []),
        ((TITLE, *PARAGRAPHS, TITLE), [5]),
        ((TITLE, "PIER TO BE REBUILT!", *PARAGRAPHS), [1]),
        (("By Ana Ruiz", TITLE, TITLE, *PARAGRAPHS, TITLE), [2, 7]),
        ((f"{TITLE} | Harbour Courier", TITLE, *PARAGRAPHS), [0]),  # the bare one is the headline
        ((f"{TITLE} | Harbour Courier", *PARAGRAPHS), []),  # but one stays
        ((f"{TITLE} | Harbour Courier", *PARAGRAPHS, f"{TITLE} - Harbour Courier"), [5]),
        ((*PARAGRAPHS, TITLE), []),
        ((TITLE, *PARAGRAPHS, f"{TITLE}: what it costs"), []),  # says more
        ((TITLE, f"{TITLE}.", *PARAGRAPHS), []),  # a sentence, and one that goes on
        ((TITLE, *PARAGRAPHS, f"{TITLE}:"), []),
        ((), []),
    ],
)
def test_copies_of_a_known_title(lines: tuple[str, ...], numbers: list[int]) -> None:
    assert taken(*lines) == numbers


@pytest.mark.parametrize("title", ["Sudo", "The pier", "Northportharbourcouncil", ""])
def test_the_name_of_a_thing_may_stand_again(title: str) -> None:
    assert taken(title, *PARAGRAPHS, title, titles=(title,)) == []


def test_without_a_title_the_first_lines_tell() -> None:
    assert taken(TITLE, "3 March 2025", TITLE, *PARAGRAPHS, titles=()) == [2]
    assert taken(TITLE, *PARAGRAPHS, *PARAGRAPHS, *PARAGRAPHS, TITLE, titles=()) == []  # far below it may be a refrain


def test_a_record_knows_its_title() -> None:
    found = article(replace(raw("\n".join((TITLE, *PARAGRAPHS, TITLE))), title=TITLE))
    assert found.original.count(TITLE) == 2
    assert found.text.count(TITLE) == 1
    assert found.text.startswith(TITLE)
    (edit,) = (edit for edit in found.edits if edit.kind != "tidy")
    assert (edit.text, edit.rule in {"repeated-headline", "title-caption"}) == (TITLE, True)


def test_the_headline_of_a_page_is_its_title_and_no_line_of_its_text() -> None:
    lines = "".join(f"<p>{line}</p>" for line in (*PARAGRAPHS, TITLE))
    page = f"<html><head><title>{TITLE} | Courier</title></head><body><article><h1>{TITLE}</h1>{lines}</article></body>"
    found = article(raw(page, "text/html"))
    assert found.title == TITLE
    assert found.text == found.original == "\n".join(PARAGRAPHS)
