"""Masking, fingerprints, signatures and templates on one page."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.stage_fingerprints import folded
from tests.template_runs import prose
from transforms.clean import find_edits, find_rule_edits
from transforms.edits import apply_edits, revert_edits
from transforms.fingerprints import find_units, fingerprint, frame_of, masked_text, read_line
from transforms.guard import is_prose
from transforms.mask import mask
from transforms.minhash import signature, similarity
from transforms.outlines import may_fit, outlines_of
from transforms.page import Page, find_sentences
from transforms.rules import COMPILED
from transforms.templates import NO_TEMPLATES, Templates, find_template_spans

SHARED = "We keep every page of this paper free for all readers of the island."


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("Find out more about the Harbour Trust by 3 March 2025.", "find out more about the @ by #"),
        ("• Published 12 March 2024 at 9:15", "published # at #"),
        ("Monday, 3 March 2025", "#"),
        ("12. Mai 2024", "#"),
        ("2024-05-12", "#"),
        ("You may march to the sun", "you may march to the sun"),  # a month only beside a number
        ("Write to desk@courier.example or www.courier.example", "write to @ or @"),
        ("Sign up   for\u00a0our\tweekly list!", "sign up for our weekly list"),
        ("SIGN UP FOR OUR LIST", "sign up for our list"),  # all capitals are no names
        ("Lesen Sie mehr im Newsletter der Zeitung", "lesen sie mehr im newsletter der zeitung"),
        ("Last week I met Ana Ruiz, who runs it.", "last week i met @, who runs it"),
        ("The boats of Tom's yard won 3-1 in 2024.", "the boats of @ yard won # in #"),
        ("» … •", ""),
        ("", ""),
    ],
)
def test_masking(text: str, masked: str) -> None:
    assert mask(text).text == masked


def test_words_are_counted_as_written_and_as_left() -> None:
    found = mask("Length 12 m, width 3 m, built by the Harbour Trust 港口")
    assert (found.word_count, found.plain_count) == (13, 7)  # length width built by the, and two characters


def units(text: str) -> list[tuple[str, bool]]:
    return [(text[unit.start : unit.end], unit.is_label) for unit in find_units(Page(text))]


FIRST, SECOND = prose(1, 2).split("\n")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"{FIRST}\nShare it\n{SECOND}", []),
        (f"{FIRST}\nHow we looked and what we found\n{SECOND}", []),
        (f"{FIRST}\nWhat does the harbour master say?\n{SECOND}", []),
        (f"{FIRST}\n{SHARED}\n{SECOND}", [(SHARED, False)]),
        (f"Home\nNews\n\n{FIRST}", [("Home", True)]),  # the line right before prose is its heading
        (f"{FIRST}\nShare it\nPrint it", [("Share it", True), ("Print it", True)]),
        (f"{FIRST}\nHow we looked and what we found", [("How we looked and what we found", True)]),
        (f"{FIRST}\n3 March 2025\n12 / 14\n4 boats", []),
        (f"{FIRST}\nLength 12 m, width 3 m, draught 2 m, 4 decks", []),
        ("Share it\nPrint it", []),  # no prose, so no edge
        ("", []),
    ],
)
def test_what_may_be_a_template(text: str, expected: list[tuple[str, bool]]) -> None:
    prose_units = {FIRST, SECOND, *(part.text for lines in Page(f"{FIRST}\n{SECOND}").sentences for part in lines)}
    assert [unit for unit in units(text) if unit[0] not in prose_units] == expected


def test_a_sentence_knows_its_line_and_counts_as_one_does_alone() -> None:
    page = Page(f"{SHARED}\n{SHARED} Members of our harbour club read it first.")
    alone, line, first, second = find_units(page)
    assert alone.text == first.text
    assert (alone.line_text, line.line_text, first.line_text, second.line_text) == (None, None, line.text, line.text)
    assert alone.frame == first.frame is not None
    assert line.frame is None


@given(st.text(st.sampled_from("ab \t\u00a0\u200b\x1f.") | st.characters(), max_size=12).map(str.strip))
def test_examples_have_single_spaces(text: str) -> None:
    assert folded(text) == " ".join(text.split())


@pytest.mark.parametrize(
    ("text", "frame"),
    [
        ("Find out more about harbour permits guide.", "find out more about … guide"),
        ("Find out more about winter tyres in our guide!", "find out more about … guide"),
        ("Find out more about guide", None),  # nothing between
        ("In the town of Northport a new pier opens", "in the town of … opens"),
        ("On 3 March we open the new pier for all", None),  # a masked word is no fixed one
        ("本报所有页面对岛上读者永久免费开放", None),
    ],
)
def test_frames(text: str, frame: str | None) -> None:
    assert frame_of(mask(text).text) == frame


def test_fingerprints_are_the_same_everywhere() -> None:
    # Warehouses hold them: a change here would part what was counted from what will be.
    assert fingerprint("text", "share it") == 0x9C152240AAABD999
    assert fingerprint("text", "share it") != fingerprint("frame", "share it")
    assert signature("The ferry left on time.")[:3] == (46, 194, 158)


@pytest.mark.parametrize(
    ("scope", "shown"), [("line", f"{SHARED[:-1].lower()}"), ("frame", "we keep every page … island")]
)
def test_what_is_shown_is_what_is_compared(scope: str, shown: str) -> None:
    assert masked_text(SHARED, scope) == shown
    (unit,) = find_units(Page(SHARED))
    assert (unit.text if scope == "line" else unit.frame) == fingerprint("text" if scope == "line" else "frame", shown)


# Near-duplicates


def test_copies_are_alike_and_articles_are_not() -> None:
    text = prose(1, 8)
    copies = (
        f"Another headline\n{text}\nShare it",
        text.upper(),
        text.replace("\n", "\n\n"),
        f"{prose(2, 1)}\n{text}",
        text.rpartition("\n")[0],
    )
    assert [similarity(signature(text), signature(copy)) >= 0.5 for copy in copies] == [True] * 5
    assert similarity(signature(text), signature(prose(2, 8))) < 0.2
    assert similarity(signature(text), signature(text)) == 1


@pytest.mark.parametrize("text", ["", "one", "港口", "a b c d", "—"])
def test_short_texts_have_a_signature(text: str) -> None:
    assert len(signature(text)) == 64
    assert signature(text) == signature(text.upper())


# On a page


def templates_of(*texts: str) -> Templates:
    """Templates of these lines, each with a number for its id."""
    return Templates({fingerprint("text", mask(text).text): f"{number:016x}" for number, text in enumerate(texts)})


CLUB = "Members of our harbour club read it first."


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        (f"{FIRST}\n{SHARED}\n{SECOND}", f"{FIRST}\n{SECOND}"),
        (f"{FIRST}\n{SHARED.upper()}", FIRST),
        (f"{FIRST} {SHARED} {SECOND}", f"{FIRST} {SECOND}"),
        (f"{FIRST}\n“{SHARED}”\n{SECOND}", f"{FIRST}\n“{SHARED}”\n{SECOND}"),
        (f"{FIRST}\nNo, {SHARED}", f"{FIRST}\nNo, {SHARED}"),
        (f"{SECOND}\nMoorings", SECOND),
        (f"{SECOND}\nMoorings\nRope, 12 m", f"{SECOND}\nMoorings\nRope, 12 m"),
        (f"{SECOND}\nMoorings\n{CLUB}\nRope, 12 m", f"{SECOND}\nRope, 12 m"),
        (f"{SECOND}\nMoorings\n{FIRST}", f"{SECOND}\nMoorings\n{FIRST}"),
    ],
)
def test_templates_on_a_page(text: str, clean: str) -> None:
    templates = templates_of(SHARED, CLUB, "Moorings")
    edits = find_edits(text, COMPILED, templates)
    assert apply_edits(text, edits) == clean
    assert revert_edits(clean, edits) == text
    assert find_edits(clean, COMPILED, templates) == ()


WORDS = st.sampled_from(
    [
        *(
            "the",
            "The",
            "ferry",
            "Northport",
            "Tom's",
            "3",
            "March",
            "march",
            "12.",
            "1st",
            "#4",
            "@tom",
            "www.a.b",
            "—",
        ),
        *("•", "(", "“Tide", "tide!", "Is?", "港口", "港口。船", "...", "it's", "3.5", "A"),
    ]
)


@given(st.lists(WORDS, max_size=8).map(" ".join) | st.text(max_size=30))
def test_a_sentence_without_the_outline_of_a_template_is_none(text: str) -> None:
    for unit in find_units(Page(text)):
        line = Page(text).lines[unit.line]
        masked = [unit.masked] + ([frame] if (frame := frame_of(unit.masked)) else [])
        for shown in masked:
            outlines = outlines_of([shown])
            assert outlines is not None
            sentences = [line.text[start:end] for start, end in find_sentences(line.text)]
            is_line = may_fit(sentences[0], outlines, line.text)
            assert is_line or any(may_fit(sentence, outlines) for sentence in sentences)


@given(st.lists(WORDS, max_size=8).map(" ".join), st.lists(WORDS, max_size=8).map(" ".join))
def test_outlines_change_nothing_that_is_found(one: str, other: str) -> None:
    page = Page(f"{FIRST}\n{one}\n{other} {SHARED}")
    units = list(find_units(Page(f"{FIRST}\n{other}")))
    plain = Templates({unit.text: f"{unit.text:016x}" for unit in units})
    quick = Templates(plain.texts, {}, outlines_of(unit.masked for unit in units))
    assert list(find_template_spans(page, quick)) == list(find_template_spans(page, plain))


@given(st.lists(WORDS | st.just(FIRST), max_size=8).map(" ".join) | st.text(max_size=80))
def test_prose_is_told_with_and_without_masking(text: str) -> None:
    for line in Page(text).lines:
        assert is_prose(line.text) == read_line(line.text).is_prose


@pytest.mark.parametrize(
    ("text", "template", "may"),
    [
        ("Find out more about winter tyres guide.", "find out more about … guide", True),
        ("“Find out more about it.”", "find out more about it", True),
        ("“Find out more about it.”", "find out more about harbours", False),
        ("Find the pier.", "find out the pier", False),
        ("Ana Ruiz writes about ferries.", "@ writes about ferries", True),
        ("Ana Ruiz writes about ferries.", "@ writes about harbours", False),
        ("the ferry left.", "@ left", False),
        ("Monday we sail.", "# we sail", True),
        ("By Ana Ruiz", "by @", True),
        ("By and by", "by @", False),
        ("On land Ana Ruiz writes about ferries.", "on land @ reports about tides", False),
        ("Tides of 3 March", "tides of #", True),
        ("Tides of the day )", "tides of the day", True),
        ("Find out more. And then go", "find out more. and then go", True),
        ("Moorings", "moorings", True),
        ("Moorings", "harbours", False),
        ("Moorings", "moorings are free", True),  # compared, and told apart then
        ("港口。", "船", True),  # no words to tell
        ("The ferry " + "left " * 80, ("the ferry " + "left " * 80)[:300], True),  # stored in part
    ],
)
def test_outlines(text: str, template: str, may: bool) -> None:
    outlines = outlines_of([template])
    assert outlines is not None
    assert may_fit(text, outlines) is may


def test_without_templates_nothing_is_looked_for() -> None:
    assert list(find_template_spans(Page(f"{FIRST}\n{SHARED}"), NO_TEMPLATES)) == []


def test_a_rule_that_finds_the_same_line_is_named() -> None:
    line = "Sign up for our free weekly newsletter."
    text, templates = f"{FIRST}\n{line}", templates_of(line)
    assert [span.rule for span in find_template_spans(Page(text), templates)] == ["template:0000000000000000"]
    (rule,) = (edit.rule for edit in find_edits(text, COMPILED, templates) if edit.text.strip())
    assert rule in {rule.id for rule in COMPILED.rules}


PIECES = st.sampled_from(["Moorings", SHARED, FIRST, "Rope, 12 m", "Share it", "3 March 2025", "", "…", "Tom. Ana.  "])


@given(st.lists(PIECES, max_size=9).map("\n".join) | st.lists(PIECES, max_size=9).map(" ".join) | st.text(max_size=80))
def test_cleaning_with_templates_is_reversible_and_settles(text: str) -> None:
    templates = templates_of(SHARED, CLUB, "Moorings")
    edits = find_edits(text, COMPILED, templates)
    assert revert_edits(apply_edits(text, edits), edits) == text
    # Only rules and templates settle: the model may take a little more of a cleaned text, which is another page to it.
    clean = apply_edits(text, find_rule_edits(text, COMPILED, templates))
    assert find_rule_edits(clean, COMPILED, templates) == ()


@pytest.mark.parametrize("piece", ["a ", "A ", "1 ", "May 1 ", "a@", "x. ", "((", "\n.", "é…", "港。"])
def test_hostile_texts_take_linear_work(piece: str) -> None:
    """Each unit is read once: all of them together are no longer than the lines and their sentences."""
    text = piece * 20_000
    found = list(find_units(Page(text)))
    assert sum(unit.end - unit.start for unit in found) <= 2 * len(text)


def test_a_page_of_many_labels_is_read_in_linear_time() -> None:
    text = f"{'Pier cameras' + chr(10)}" * 60_000 + FIRST
    start = time.process_time()
    assert sum(unit.is_label for unit in find_units(Page(text))) == 59_999  # all but the heading of the prose
    assert time.process_time() - start < 10
