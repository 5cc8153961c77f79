"""Signals: exact values on small texts, the table complete, nothing divided by nothing."""

from __future__ import annotations

import pytest

from transforms.signals import SIGNALS, measure_signals
from transforms.types import Edit
from transforms.words import headings_of, sentences_of, words_of


def signal(name: str, text: str, original: str | None = None, edits: tuple[Edit, ...] = ()) -> float:
    values = {each.name: each.value for each in measure_signals(text if original is None else original, text, edits)}
    return values[name]


CASES = (
    ("words", "It's a well-known port, isn’t it?", 6),
    ("words", "港口关闭了", 5),
    ("mean_word_chars", "four to six", 3),
    ("sentences", "One came. Two went! Did three stay?", 3),
    ("sentences", "码头关闭了。渡轮停了！", 2),
    ("mean_sentence_words", "One two three. Four.", 2),
    ("lines", "a\n\n  \nb\n", 2),
    ("punctuated_line_ratio", "It ended here.\nShe said “no.”\nA heading\nAnother", 0.5),
    ("short_line_ratio", "Short line\nThis line is a good deal longer than thirty characters.", 0.5),
    ("bullet_line_ratio", "- one\n• two\nthree\nfour", 0.5),
    ("ellipsis_line_ratio", "To be continued…\nMore...\nDone.\nEnd.", 0.5),
    ("duplicate_line_ratio", "same\nsame\nsame\nother", 0.5),
    ("duplicate_line_char_ratio", "ab\nab\nabcd", 0.25),
    ("symbols_per_word_ratio", "#one #two three… four", 0.75),
    ("alphabetic_word_ratio", "12 boats 7 nets", 0.5),
    ("english_stop_words", "The end of the pier and that of the quay", 4),
    ("english_stop_words", "Das Ende der Mole", 0),
    ("lexical_diversity_ratio", "boat boat Boat net", 0.5),
    ("top_2gram_char_ratio", "old pier old pier or", 14 / 16),
    ("top_2gram_char_ratio", "each word here stands once", 0),
    ("top_3gram_char_ratio", "a b c a b c", 1),
    ("top_4gram_char_ratio", "a b c d e f", 0),
    ("digit_ratio", "12ab", 0.5),
    ("figures_per_1000_words", "11 boats and 4,000 nets came", 3 * 1000 / 7),
    ("quotations_per_1000_words", 'He said “yes”, then "no" twice', 2 * 1000 / 6),
)


@pytest.mark.parametrize(("name", "text", "value"), CASES)
def test_value(name: str, text: str, value: float) -> None:
    assert signal(name, text) == pytest.approx(value, abs=1e-6)


def test_every_signal_has_a_value_and_a_unit() -> None:
    assert [each.name for each in measure_signals("A line.", "A line.", ())] == [name for name, _ in SIGNALS]
    assert len({name for name, _ in SIGNALS}) == len(SIGNALS)
    assert all(unit for _, unit in SIGNALS)


@pytest.mark.parametrize("text", ["", "\n \n", "!!!", "😀"])
def test_nothing_to_divide_by(text: str) -> None:
    values = {each.name: each.value for each in measure_signals(text, text, ())}
    assert values["words"] == values["mean_word_chars"] == values["lexical_diversity_ratio"] == 0


def test_what_cleaning_took_out() -> None:
    original = "The quay is shut. Read more: ferries.. It opens in May."
    edits = (
        Edit(18, 37, "promo_link", "read-more", "Read more: ferries."),
        Edit(37, 38, "tidy", "stops", "."),
    )
    text = "The quay is shut.  It opens in May."
    assert signal("removed_ratio", text, original, edits) == pytest.approx(20 / 55, abs=1e-6)
    assert signal("artifacts_per_1000_words", text, original, edits) == pytest.approx(1000 / 11)
    assert signal("inserts_per_1000_words", text, original, edits) == pytest.approx(1000 / 11)


@pytest.mark.parametrize("ratio", [name for name, _ in SIGNALS if name.endswith("_ratio") and "symbols" not in name])
@pytest.mark.parametrize("text", ["na na na na na", "# # #", "x", "1\n1\n1", "…\n…", "“a” “b” - c\n\n- d"])
def test_ratios_stay_between_0_and_1(ratio: str, text: str) -> None:
    assert 0 <= signal(ratio, text) <= 1


def test_words_keep_apostrophes_and_hyphens_inside() -> None:
    assert words_of("It's 'old' – a sea-town; naïve café_bar") == [
        "It's",
        "old",
        "a",
        "sea-town",
        "naïve",
        "café",
        "bar",
    ]


def test_sentences_end_at_lines_and_marks() -> None:
    assert sentences_of("One. “Two!” she said\nThree") == ["One.", "“Two!”", "she said", "Three"]


def test_headings_are_short_lines_before_a_paragraph() -> None:
    paragraph = "The ferries were moved to the old coal pier in March, and traders had a week to leave."
    no_headings = f"It ended.\n{paragraph}\nBoats,\n{paragraph}\n- net\n- rope"
    text = f"The Old Pier\n{paragraph}\nWho pays?\n\n{paragraph}\n{no_headings}"
    assert headings_of(text) == ("The Old Pier", "Who pays?")
