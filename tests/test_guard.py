"""The over-removal guard: when a document is kept whole, and when its edits stand."""

import pytest

from tests.test_pipeline import PARAGRAPHS, article, raw
from transforms.edits import edits_from_spans
from transforms.guard import LARGEST_SHARE, SHORTEST_CHARS, guard_edits
from transforms.types import Edit, Span

TEXT = "\n\n".join(PARAGRAPHS)
MENU = "\n".join(f"Harbour section number {n}" for n in range(400))


def taking(text: str, *parts: str) -> tuple[Edit, ...]:
    """Edits of the rules rule-0, rule-1, ... that take these parts out of `text`."""
    return edits_from_spans(
        text, (Span(text.index(p), text.index(p) + len(p), "comment", f"rule-{n}") for n, p in enumerate(parts))
    )


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (TEXT, ()),
        (TEXT, PARAGRAPHS[1:]),  # one line of prose stays
        (TEXT, (PARAGRAPHS[0][:40], *PARAGRAPHS[1:])),  # more than half of one stays
        (f"{MENU}\n{TEXT}", (MENU,)),  # nearly all of the text, none of the prose
        (f"{MENU}\n{TEXT}", (MENU, *PARAGRAPHS[1:])),
        ("Leave a Reply\n\nSkip to content", ("Leave a Reply", "Skip to content")),  # no prose there was
        (MENU[: SHORTEST_CHARS // 2], (MENU[: SHORTEST_CHARS // 2],)),
        (f"{MENU}\n{PARAGRAPHS[0]}", PARAGRAPHS[:1]),  # the one sentence of a menu
        ("", ()),
    ],
)
def test_edits_stand(text: str, parts: tuple[str, ...]) -> None:
    edits = taking(text, *parts)
    assert guard_edits(text, edits) == (edits, None)


@pytest.mark.parametrize(
    ("text", "parts", "evidence"),
    [
        (TEXT, PARAGRAPHS, r"(100%) and 4 of 4 lines of prose"),
        (TEXT, (PARAGRAPHS[0][:80], *PARAGRAPHS[1:]), "and 4 of 4 lines of prose"),
        (PARAGRAPHS[0], PARAGRAPHS[:1], "kept whole: 88 of 88 characters (100%) and 1 of 1 lines of prose would go"),
        (f"Rope\n{PARAGRAPHS[0]}\n{MENU[:300]}", PARAGRAPHS[:1], "1 of 1 lines of prose would go; most by rule-0 (88)"),
        (f"{MENU}\n{PARAGRAPHS[0]}", (MENU, PARAGRAPHS[0]), "(100%) and 1 of 1 lines"),
        (MENU, (MENU,), "and 0 of 0 lines of prose"),
        ("港口" * 200 + "。", ("港口" * 200,), "1 of 1 lines of prose"),
        (
            "\n".join(f"{n} {PARAGRAPHS[0]}" for n in range(20)),
            tuple(f"{n} {PARAGRAPHS[0]}\n" for n in range(10, 19))
            + tuple(f"\n{n} {PARAGRAPHS[0]}" for n in range(1, 10)),
            "(90%) and 18 of 20 lines of prose would go; most by rule-0 (90), rule-1 (90), rule-2 (90)",
        ),
    ],
)
def test_a_document_is_kept_whole(text: str, parts: tuple[str, ...], evidence: str) -> None:
    edits, flag = guard_edits(text, taking(text, *parts))
    assert edits == ()
    assert flag is not None
    assert flag.code == "over-removal"
    assert evidence in flag.evidence


def test_the_share_is_a_bound_and_not_below_it() -> None:
    lines = [f"The ferry of day {n} left the northern pier on time with all its passengers." for n in range(100, 200)]
    text, most = "\n".join(lines), round(LARGEST_SHARE * 100)
    edits = taking(text, *lines[:most])
    assert guard_edits(text, edits) == (edits, None)
    assert guard_edits(text, taking(text, *lines[: most + 1]))[0] == ()


def test_the_pipeline_keeps_such_a_document_and_flags_it() -> None:
    text = "Sign up for our free weekly newsletter and get the best of the harbour in your inbox every Friday morning."
    found = article(raw(text))
    assert (found.text, found.edits) == (text, ())
    assert [flag.code for flag in found.flags if flag.code in ("over-removal", "all-removed")] == ["over-removal"]
    beside = article(raw(f"{text}\n\n{TEXT}"))
    assert beside.text == TEXT
    assert "over-removal" not in [flag.code for flag in beside.flags]
