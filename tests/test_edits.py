"""The ledger's two directions, and that cleaning a clean text changes nothing."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.clean import beside, find_edits, find_rule_edits
from transforms.edits import LedgerError, apply_edits, compose_deletions, edits_from_spans, merge_spans, revert_edits
from transforms.rules import RULES
from transforms.types import Edit, Span

SNIPPETS = [example for rule in RULES for example in (*rule.removes, *rule.keeps)]
PIECES = st.one_of(
    st.sampled_from(SNIPPETS),
    st.sampled_from(
        [
            "",
            " ",
            "\n",
            "\n\n",
            ".. ",
            " .",
            "Who pays? ",
            "\u00a0",
            "» »",
            "> > >",
            "| |",
            "•",
            ": ",
            "😀",
            "🇺🇳 ",
            "e\u0301",
            "العربية ",
            "中文。",
        ]
    ),
    st.text(max_size=20),
)
TEXTS = st.builds(
    lambda parts, joint: joint.join(parts), st.lists(PIECES, max_size=12), st.sampled_from(["", " ", "\n", "\n\n"])
)


def is_encodable(text: str) -> bool:
    return not any("\ud800" <= c <= "\udfff" for c in text)


@settings(max_examples=400)
@given(TEXTS.filter(is_encodable))
def test_cleaning_is_reversible_and_idempotent(text: str) -> None:
    for edits in (find_rule_edits(text), find_edits(text)):
        assert revert_edits(apply_edits(text, edits), edits) == text
        assert all(a.end <= b.start for a, b in pairwise(edits))
    assert find_rule_edits(apply_edits(text, find_rule_edits(text))) == ()


@pytest.mark.parametrize(
    ("spans", "left"),
    [
        (((0, 10),), [(0, 2), (4, 6), (8, 10)]),
        (((3, 7),), [(4, 6)]),
        (((2, 4), (6, 8)), []),
        (((4, 6), (8, 12)), [(4, 6), (8, 12)]),
        (((0, 2), (5, 9)), [(0, 2), (5, 6), (8, 9)]),
    ],
)
def test_what_two_find_belongs_to_the_edit(spans: tuple[tuple[int, int], ...], left: list[tuple[int, int]]) -> None:
    edits = (Edit(2, 4, "share", "a", "cd"), Edit(6, 8, "share", "b", "gh"))
    found = beside((Span(*span, "advert", "line-model", 0.9) for span in spans), edits)
    assert [(span.start, span.end) for span in found] == left


@st.composite
def texts_with_edits(draw: st.DrawFn) -> tuple[str, tuple[Edit, ...]]:
    text = draw(st.text(max_size=60))
    cuts = sorted(draw(st.lists(st.integers(0, len(text)), max_size=10)))
    ranges = [(a, b) for a, b in zip(cuts[::2], cuts[1::2], strict=False) if b > a]
    return text, tuple(Edit(a, b, "widget", "r", text[a:b], draw(st.text(max_size=3))) for a, b in ranges)


@given(texts_with_edits())
def test_any_ledger_reverts_also_with_replacements(case: tuple[str, tuple[Edit, ...]]) -> None:
    text, edits = case
    assert revert_edits(apply_edits(text, edits), edits) == text


@given(st.text(max_size=60), st.data())
def test_composed_deletions_equal_two_passes(text: str, data: st.DataObject) -> None:
    first = edits_from_spans(text, data.draw(st.lists(spans(len(text)), max_size=5)))
    middle = apply_edits(text, first)
    then = edits_from_spans(middle, data.draw(st.lists(spans(len(middle)), max_size=5)))
    both = compose_deletions(text, first, then)
    assert apply_edits(text, both) == apply_edits(middle, then)
    assert revert_edits(apply_edits(text, both), both) == text


def spans(length: int) -> st.SearchStrategy[Span]:
    return st.tuples(st.integers(0, length), st.integers(0, length), st.sampled_from(["a", "b"])).map(
        lambda t: Span(min(t[0], t[1]), max(t[0], t[1]), "widget", t[2])
    )


@given(st.lists(spans(30), max_size=8), st.randoms())
def test_merging_does_not_depend_on_order(found: list[Span], random: object) -> None:
    merged = merge_spans(found)
    shuffled = found[:]
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert merge_spans(shuffled) == merged
    covered = {i for s in found for i in range(s.start, s.end)}
    assert {i for s in merged for i in range(s.start, s.end)} == covered


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("The law.. Find out more about port fees guide.\nThen it rained.", "The law.\nThen it rained."),
        (
            "A plain end to a long and well made sentence about ferries .\nThen it rained",
            "A plain end to a long and well made sentence about ferries.\nThen it rained",
        ),
        ("git add .", "git add ."),
        ("Wait... and see. The etc... stays", "Wait... and see. The etc... stays"),
        ("One.\n\nLeave a Reply\n\nTwo.", "One.\n\nTwo."),
        ("One.\nLeave a Reply\n\nTwo.", "One.\n\nTwo."),
        ("One.\nLeave a Reply\nTwo.", "One.\nTwo."),
        ("Leave a Reply\n\nOne.\n", "One.\n"),
        ("One.\n\nLeave a Reply\n", "One.\n"),
        ("  spaced   as   before  ", "  spaced   as   before  "),
    ],
)
def test_tidying(before: str, after: str) -> None:
    assert apply_edits(before, find_edits(before)) == after


def test_a_foreign_ledger_is_refused() -> None:
    with pytest.raises(LedgerError, match="belongs to another text"):
        apply_edits("abc", (Edit(0, 1, "widget", "r", "x"),))


@pytest.mark.parametrize(
    "unit", ["a ", "Find out more about ", "Read more: ", "> ", ". ", "?", "(", "Photo by ", "Home > "]
)
def test_long_hostile_lines_end_in_bounded_work(unit: str) -> None:
    # Linear matching: 200 kB on one line must come back at all within the suite's time.
    text = unit * (200_000 // len(unit))
    assert revert_edits(apply_edits(text, find_edits(text)), find_edits(text)) == text
