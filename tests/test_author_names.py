"""Names out of author fields and bylines, and what is none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.author_names import looks_like_name, read_byline, split_authors


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Ana Ruiz", ["Ana Ruiz"]),
        ("  By   Ana\nRuiz ", ["Ana Ruiz"]),
        ("Written by: Ana Ruiz", ["Ana Ruiz"]),
        ("Von Ana Ruiz und Bo Li", ["Ana Ruiz", "Bo Li"]),
        ("Par Zoé Noël et Luc Roux", ["Zoé Noël", "Luc Roux"]),
        ("Por María Gómez", ["María Gómez"]),
        ("Автор: Анна Руис", ["Анна Руис"]),
        ("作者：李明", ["李明"]),
        ("文／李明", ["文／李明"]),
        ("Ana Ruiz, Bo Li and Cy Oz", ["Ana Ruiz", "Bo Li", "Cy Oz"]),
        ("Ana Ruiz; ana ruiz; Bo Li", ["Ana Ruiz", "Bo Li"]),
        ("Ana Ruiz & Bo Li", ["Ana Ruiz", "Bo Li"]),
        ("Ana Ruiz, MD, PhD, Bo Li", ["Ana Ruiz, MD, PhD", "Bo Li"]),
        ("Ana Ruiz, Ph.D.", ["Ana Ruiz, Ph.D."]),
        ("Tom Hay Jr.", ["Tom Hay Jr."]),
        ("Ana Ruiz, Senior Harbour Editor", ["Ana Ruiz"]),
        ("Ana Ruiz, Northport", ["Ana Ruiz"]),
        ("Ana Ruiz | Harbour Courier", ["Ana Ruiz"]),
        ("Ana Ruiz - Harbour desk", ["Ana Ruiz"]),
        ("Ana Ruiz on March 3, 2025", ["Ana Ruiz"]),
        ("Ana Ruiz <ana@courier.example>", ["Ana Ruiz"]),
        ("ana@courier.example", []),
        ("https://social.example/ana", []),
        ("www.courier.example", []),
        ("@anaruiz", ["anaruiz"]),
        ("Ana-Luz O'Neill de la Cruz", ["Ana-Luz O'Neill de la Cruz"]),
        ("Byron Hay", ["Byron Hay"]),
        ("Vonda Li", ["Vonda Li"]),
        ("Andy Anders", ["Andy Anders"]),
        ("admin", []),
        ("Anonymous", []),
        ("12345", []),
        ("", []),
        ("x" * 100, []),
        ("Thirteen words about the old harbour of Northport that nobody would call names", []),
        ("Von Ruiz", ["Von Ruiz"]),
        ("Di Marco", ["Di Marco"]),
    ],
)
def test_fields(text: str, names: list[str]) -> None:
    assert list(split_authors(text)) == names


def test_libraries_put_the_family_first() -> None:
    assert split_authors("Ruiz, Ana; Li, Bo", is_family_first=True) == ("Ana Ruiz", "Bo Li")
    assert split_authors("Northport Library", is_family_first=True) == ("Northport Library",)


@pytest.mark.parametrize(
    ("pieces", "names"),
    [
        (["By Ana Ruiz"], ["Ana Ruiz"]),
        (["By", "Ana Ruiz", "Harbour editor"], ["Ana Ruiz"]),
        (["By", "Ana Ruiz", "and", "Bo Li", "Updated 3 March"], ["Ana Ruiz", "Bo Li"]),
        (["By Ana Ruiz,", "Bo Li"], ["Ana Ruiz", "Bo Li"]),
        (["3 March 2025", "By Ana Ruiz"], ["Ana Ruiz"]),
        (["Reviewed by Bo Li", "By Ana Ruiz"], ["Ana Ruiz"]),
        (["Ana Ruiz"], []),  # nothing says that this is the author
        (["By the harbour"], []),
        (["Photo by Bo Li"], []),
        ([], []),
    ],
)
def test_bylines(pieces: list[str], names: list[str]) -> None:
    assert list(read_byline(pieces)) == names


@pytest.mark.parametrize(
    ("pieces", "names"),
    [
        (["Ana Ruiz"], ["Ana Ruiz"]),
        (["AR", "Ana Ruiz", "Harbour editor"], ["Ana Ruiz"]),
        (["12 May 2025", "Ana Ruiz"], ["Ana Ruiz"]),
        (["Ana Ruiz", "Bo Li"], ["Ana Ruiz"]),  # the second may be anything
        (["Privacy Notice"], []),
        (["Opinion"], []),
        (["Fact-checked by Bo Li"], []),
    ],
)
def test_elements_that_are_marked_as_author(pieces: list[str], names: list[str]) -> None:
    assert list(read_byline(pieces, is_marked=True)) == names


@pytest.mark.parametrize("name", ["Ana Ruiz", "Ludwig van der Aa", "李明", "The Harbour Desk", "J. R. Hay"])
def test_what_looks_like_a_name(name: str) -> None:
    assert looks_like_name(name)


@pytest.mark.parametrize(
    "text", ["", "AR", "read more", "Read More", "the old pier", "Route 66", "Sale!", "A B C D E F G"]
)
def test_what_does_not(text: str) -> None:
    assert not looks_like_name(text)


@given(st.text())
def test_names_are_short_lines_that_give_themselves_again(text: str) -> None:
    for name in split_authors(text):
        assert 0 < len(name) <= 81
        assert name == " ".join(name.split())
        assert len(split_authors(text)) <= 30
