"""Signals: exact values on small texts, the table complete, nothing divided by nothing."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.signals import SIGNALS, measure_signals
from transforms.signals_of_readability import count_syllables
from transforms.types import Edit
from transforms.words import headings_of, sentences_in, sentences_of, words_of


def signal(
    name: str, text: str, original: str | None = None, edits: tuple[Edit, ...] = (), language: str | None = "en"
) -> float:
    measured = measure_signals(text if original is None else original, text, edits, language)
    return {each.name: each.value for each in measured}[name]


# Eleven words of two letters, seven of them a run that stands twice: "ab cd ef gh ij kl mn" at the places 0 and 8.
TWICE = "ab cd ef gh ij kl mn op ab cd ef gh ij kl mn"


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
    ("hash_per_word_ratio", "#one #two three… four", 0.5),
    ("ellipsis_per_word_ratio", "one… two... three four", 0.5),
    ("alphabetic_word_ratio", "12 boats 7 nets", 0.5),
    ("alphabetic_word_ratio", "boats | 7 1st", 0.5),
    ("c4_terminal_line_ratio", 'It ended.\nShe said "no"\nA heading\nWho?”', 0.75),
    ("c4_short_line_ratio", "Two words\nThree whole words\nOne", 2 / 3),
    ("c4_javascript_lines", "Please enable JavaScript.\nThe quay is shut.", 1),
    ("c4_policy_lines", "Privacy Policy\nThis site uses cookies.\nThe quay is shut.", 2),
    ("c4_policy_lines", "She made cookies. The policy was private.", 0),
    ("c4_lorem_ipsum", "Lorem ipsum dolor", 1),
    ("c4_braces", "if (x) { y } {", 2),
    ("c4_sentences", "Two boats came. One boat left!\nA heading of words\nToo short.\nWe use cookies on board.", 2),
    ("newline_per_word_ratio", "one\n\ntwo\n", 1.5),
    ("english_stop_words", "The end of the pier and that of the quay", 4),
    ("english_stop_words", "Das Ende der Mole", 0),
    ("lexical_diversity_ratio", "boat boat Boat net", 0.5),
    ("duplicate_paragraph_ratio", "one\ntwo\n\none\ntwo\n \nthree", 1 / 3),
    ("duplicate_paragraph_char_ratio", "abc\n\nabc\n\nabcd", 0.3),
    ("top_2gram_char_ratio", "old pier old pier or", 14 / 16),
    ("top_2gram_char_ratio", "on it on it or abcdefgh ijklmnop", 8 / 26),
    ("top_2gram_char_ratio", "aa b aa b cc dd cc dd", 8 / 14),
    ("top_2gram_char_ratio", "each word here stands once", 0),
    ("top_3gram_char_ratio", "a b c a b c", 1),
    ("top_4gram_char_ratio", "a b c d e f", 0),
    ("duplicate_5gram_char_ratio", TWICE, 10 / 30),
    ("duplicate_6gram_char_ratio", TWICE, 12 / 30),
    ("duplicate_7gram_char_ratio", TWICE, 14 / 30),
    ("duplicate_8gram_char_ratio", TWICE, 0),
    ("duplicate_5gram_char_ratio", "ab cd ef gh ij kl mn", 0),
    ("duplicate_5gram_char_ratio", "a a a a a a a a a a a", 10 / 11),
    ("duplicate_10gram_char_ratio", " ".join("abcdefghij" * 3), 20 / 30),
    ("digit_ratio", "12ab", 0.5),
    ("lix", "Harbours close today. Traders complained.", 5 / 2 + 100 * 3 / 5),
    ("flesch_reading_ease", "The cat sat on the mat.", 206.835 - 1.015 * 6 - 84.6 * 1),
    ("dates_per_1000_words", "On 3 March 2024 and 2024-04-01, or 1.5.2024, they may march.", 3 * 1000 / 13),
    ("names_per_1000_words", "The mayor, Per Lindqvist, met Anna. Then it rained.", 2 * 1000 / 9),
    ("attributions_per_1000_words", "He said so, according to her.", 2 * 1000 / 6),
    ("figures_per_1000_words", "11 boats and 4,000 nets came", 3 * 1000 / 7),
    ("quotations_per_1000_words", 'He said “yes”, then "no" twice', 2 * 1000 / 6),
)


@pytest.mark.parametrize(("name", "text", "value"), CASES)
def test_value(name: str, text: str, value: float) -> None:
    assert signal(name, text) == pytest.approx(value, abs=1e-6)


def test_every_signal_has_a_value_and_a_unit() -> None:
    measured = measure_signals("A line.", "A line.", (), "en")
    assert [each.name for each in measured] == [name for name, _ in SIGNALS]
    assert len({name for name, _ in SIGNALS}) == len(SIGNALS)
    assert all(unit for _, unit in SIGNALS)


LANGUAGE_SIGNALS: tuple[tuple[str | None, set[str]], ...] = (
    ("en", {"lix", "flesch_reading_ease", "attributions_per_1000_words"}),
    ("ru", {"lix", "flesch_reading_ease"}),
    ("sv", {"lix"}),
    (None, {"lix"}),
    ("zh", set()),
)


@pytest.mark.parametrize(("language", "names"), LANGUAGE_SIGNALS)
def test_what_a_language_does_not_have_is_left_out(language: str | None, names: set[str]) -> None:
    of_languages = LANGUAGE_SIGNALS[0][1]
    measured = {each.name for each in measure_signals("Some words.", "Some words.", (), language)}
    assert measured & of_languages == names
    assert measured | of_languages == {name for name, _ in SIGNALS}


SYLLABLES = (
    ("en", "the harbour made table wanted boxes radio", (1, 2, 1, 2, 2, 2, 3)),
    ("de", "hafen brücke häuser", (2, 2, 2)),
    ("fr", "table ministre année", (1, 2, 2)),
    ("es", "puerto canción", (2, 2)),
    ("ru", "гавань причал", (2, 2)),
    ("en", "hmm", (1,)),
)


@pytest.mark.parametrize(("language", "words", "counts"), SYLLABLES)
def test_syllables(language: str, words: str, counts: tuple[int, ...]) -> None:
    assert tuple(count_syllables([word], language) for word in words.split()) == counts


def test_reading_ease_has_the_constants_of_its_language() -> None:
    assert signal("flesch_reading_ease", "Der Hafen ist zu.", language="de") == pytest.approx(180 - 4 - 58.5 * 5 / 4)


def test_what_is_said_twice_compresses() -> None:
    once = " ".join(f"{number} boats left quay {number * 7}." for number in range(40))
    assert signal("compression_ratio", once * 4) < signal("compression_ratio", once) < 1


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


@pytest.mark.parametrize("ratio", [name for name, _ in SIGNALS if name.endswith("_ratio") and "per_word" not in name])
@pytest.mark.parametrize("text", ["na na na na na", "# # #", "x", "1\n1\n1", "…\n…", "“a” “b” - c\n\n- d"])
def test_ratios_stay_between_0_and_1(ratio: str, text: str) -> None:
    assert 0 <= signal(ratio, text) <= 1


def _repeated_in_text(words: list[str], length: int) -> tuple[int, int]:
    """By the definition: characters in the most frequent n-gram, and in runs that stood before."""
    grams = [tuple(words[start : start + length]) for start in range(len(words) - length + 1)]
    counts = Counter(grams)
    most = max(counts.values(), default=0)
    longest = max((sum(map(len, gram)) for gram, count in counts.items() if count == most), default=0)
    top = min(most * longest, sum(map(len, words))) if most > 1 else 0
    seen: set[tuple[str, ...]] = set()
    repeated, free_from = 0, 0
    for start, gram in enumerate(grams):
        if start >= free_from:
            if gram in seen:
                repeated, free_from = repeated + sum(map(len, gram)), start + length
            seen.add(gram)
    return top, repeated


@given(st.lists(st.sampled_from(["a", "b", "cc", "ddd"]), max_size=60))
def test_repetition_is_what_its_definition_says(words: list[str]) -> None:
    text, chars = " ".join(words), max(sum(map(len, words)), 1)
    for length in range(2, 11):
        name = f"top_{length}gram_char_ratio" if length < 5 else f"duplicate_{length}gram_char_ratio"
        expected = _repeated_in_text(words, length)[length >= 5] / chars
        assert signal(name, text) == round(expected, 6)


@given(st.text(st.sampled_from("ab1_é'’- 港ー한\n"), max_size=30))
def test_words_are_runs_of_letters_joined_by_marks(text: str) -> None:
    letters = r"[^\W_\u3040-\u30ff\u3400-\u9fff]+"
    assert words_of(text) == re.findall(rf"{letters}(?:['’-]{letters})*|[\u3040-\u30ff\u3400-\u9fff]", text)


@given(st.text(st.sampled_from("09a٣३².é \n𝟗"), max_size=30))
def test_digits_of_any_script_are_counted(text: str) -> None:
    assert signal("digit_ratio", text) == round(len(re.findall(r"\d", text)) / max(len(text), 1), 6)


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


@pytest.mark.parametrize(
    "line", ["One. Two", "One. Two.", "One", "码头关闭了。渡轮停了！", "码头关闭了。渡轮", "Mr. A. came… “No!” so"]
)
def test_sentences_are_counted_as_they_are_cut(line: str) -> None:
    assert sentences_in(line) == len(sentences_of(line))


@pytest.mark.slow
def test_a_long_repetitive_text_takes_time_in_proportion() -> None:
    def steps(words: int) -> int:
        text = "na " * words
        return len(measure_signals(text, text, (), "en"))

    assert steps(200_000) == len(SIGNALS)


def test_headings_are_short_lines_before_a_paragraph() -> None:
    paragraph = "The ferries were moved to the old coal pier in March, and traders had a week to leave."
    no_headings = f"It ended.\n{paragraph}\nBoats,\n{paragraph}\n- net\n- rope"
    text = f"The Old Pier\n{paragraph}\nWho pays?\n\n{paragraph}\n{no_headings}"
    assert headings_of(text) == ("The Old Pier", "Who pays?")
