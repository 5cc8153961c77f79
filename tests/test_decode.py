"""Encodings, found or guessed, never a crash."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.decode import decode_html, decode_text, is_binary, replace_surrogates

GERMAN = "Die Brücke über den Fluss bleibt gesperrt, sagte der Bürgermeister am Dienstag. Für Fußgänger ist sie offen."
RUSSIAN = "Паром отменили из-за шторма, сообщила администрация порта. Пассажиры ждали на пристани до самого утра."


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (GERMAN.encode(), GERMAN),
        (b"\xef\xbb\xbf" + GERMAN.encode(), GERMAN),
        (GERMAN.encode("utf-16"), GERMAN),
        (GERMAN.encode("utf-16-le"), GERMAN),
        (GERMAN.encode("utf-16-be"), GERMAN),
        ((RUSSIAN * 3).encode("cp1251"), RUSSIAN * 3),
        (GERMAN.encode("latin-1"), GERMAN),
        (b"", ""),
    ],
    ids=["utf-8", "bom", "utf-16", "utf-16-le", "utf-16-be", "cp1251", "latin-1", "empty"],
)
def test_text(content: bytes, text: str) -> None:
    assert decode_text(content) == text


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [
        ("windows-1252", "cp1252"),
        ("utf-8", "utf-8"),
        ("iso-8859-1", "utf-8"),  # a wrong declaration: the bytes are valid UTF-8
        ("utf-8", "latin-1"),  # the other way round
        ("no-such-encoding", "utf-8"),
    ],
)
def test_html(declared: str, encoding: str) -> None:
    page = f'<html><head><meta charset="{declared}"></head><body><p>{GERMAN}</p></body></html>'
    assert GERMAN in decode_html(page.encode(encoding))


@pytest.mark.parametrize(
    ("content", "binary"),
    [
        (b"\x89PNG\r\n\x1a\n\x00\x00", True),
        (b"%PDF-1.7 ...", True),
        (b"text with a \x00 in it, and more text", True),
        (GERMAN.encode("utf-16-le"), False),
        (GERMAN.encode("utf-16"), False),
        (b"plain text", False),
        (b"", False),
    ],
)
def test_is_binary(content: bytes, binary: bool) -> None:
    assert is_binary(content) is binary


def test_lone_surrogates_are_replaced_and_pairs_stay() -> None:
    assert replace_surrogates("a\ud800b😀") == "a\ufffdb😀"


@given(st.binary(max_size=300))
def test_any_bytes_become_storable_text(content: bytes) -> None:
    assert decode_text(content).encode() is not None
    assert decode_html(content).encode() is not None
