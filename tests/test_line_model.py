"""The learned line model: what it takes, what it keeps, and that it is the same every time."""

from __future__ import annotations

from dataclasses import replace
from importlib.resources import files

import numpy as np
import pytest

from transforms.clean import find_edits
from transforms.edits import apply_edits
from transforms.line_chars import CLASS, classes_of, hashes_of, words_in
from transforms.line_features import HEAD_CHARS, OWN, TAIL_CHARS, measure_lines
from transforms.line_model import (
    CHOSEN_THRESHOLD,
    FEWEST_LINES,
    KNOWN_FROM,
    RULE,
    THRESHOLD,
    UNKNOWN_THRESHOLD,
    find_model_spans,
    has_no_say,
    judge_page,
    load_model,
)
from transforms.line_trees import Trees, tree_odds
from transforms.page import Page
from transforms.rule import compile_rules
from transforms.rules import RULES

PROSE = (
    (
        "The council of Harbury voted on Tuesday to close the old ferry landing, which has served the island, "
        "and to build a bridge in its place."
    ),
    (
        "Engineers who looked at the landing last winter found that two of its seven piers had lost a third of their "
        "timber, and said that repairing them would cost more than the town spends on its roads in a year."
    ),
    (
        "Residents on the far shore were divided. Some said the bridge would bring traffic that the lanes could not "
        "carry, while others had waited for it for decades."
    ),
    (
        "The mayor said that work would begin in the spring, once the county had approved plans, and that the ferry "
        "would run until the first cars could cross."
    ),
)
GERMAN = (
    (
        "Der Stadtrat hat am Dienstag beschlossen, den alten Fähranleger zu schließen und an seiner Stelle eine "
        "Brücke zu bauen, die den Verkehr zur Insel aufnehmen soll."
    ),
    "Fachleute hatten im Winter festgestellt, dass zwei der sieben Pfeiler ein Drittel ihres Holzes verloren haben.",
    "Die Anwohner sind geteilter Meinung: Manche fürchten den Verkehr, andere warten seit Jahrzehnten auf die Brücke.",
)
RUSSIAN = (
    "Совет города проголосовал во вторник за закрытие старого причала, который много лет служил острову.",
    "Инженеры осмотрели причал прошлой зимой и нашли, что две опоры потеряли треть древесины.",
    "Жители дальнего берега разошлись во мнениях: одни боятся движения, другие ждут моста десятилетиями.",
)
CODE = ("def cross(ferry):", "    return ferry.speed * 2", "$ git push origin main", "17", "| Mon | 7:10 | 8:40 |")
FURNITURE = (
    "Latest News",
    "Storm closes the northern lanes",
    "Harbour tax to rise next year",
    "Sign up for our newsletter",
    "Enter your email address",
    "Terms of Use | Privacy Policy | Contact us",
)
AFTER = "\n\n".join((*PROSE, *FURNITURE))


@pytest.mark.parametrize("lines", [PROSE, GERMAN, RUSSIAN, PROSE[:FEWEST_LINES], CODE, (*PROSE[:2], *CODE, *PROSE[2:])])
def test_prose_and_code_are_kept(lines: tuple[str, ...]) -> None:
    assert list(find_model_spans(Page("\n\n".join(lines)))) == []


def test_furniture_after_an_article_is_taken_and_no_prose() -> None:
    taken = {AFTER[span.start : span.end] for span in find_model_spans(Page(AFTER))}
    assert taken
    assert taken <= set(FURNITURE)


def test_cleaning_joins_rules_and_model() -> None:
    rules = compile_rules(rule for rule in RULES if rule.id == "policy-links")
    edits = find_edits(AFTER, rules)
    assert {edit.rule for edit in edits if edit.kind != "tidy"} == {RULE, "policy-links"}
    assert all(paragraph in apply_edits(AFTER, edits) for paragraph in PROSE)
    assert all(THRESHOLD <= edit.probability < 1 if edit.rule == RULE else edit.probability == 1 for edit in edits)
    assert {edit.rule for edit in find_edits(AFTER, replace(rules, uses_model=False))} <= {"policy-links", "tidy-space"}


def test_a_text_chosen_from_a_tree_asks_for_more() -> None:
    page = Page("\n\n".join((*PROSE, "Share this article", "Related stories", "Read more", *FURNITURE)))
    spans = list(find_model_spans(page))
    chosen = list(find_model_spans(page, is_chosen=True))
    assert chosen == [span for span in spans if span.probability >= CHOSEN_THRESHOLD]
    assert 0 < len(chosen) < len(spans)


@pytest.mark.parametrize("text", ["", "Subscribe now", "Subscribe now\n\nPrivacy Policy", "\n \n"])
def test_a_page_of_less_than_three_lines_is_left_alone(text: str) -> None:
    assert list(find_model_spans(Page(text))) == []


@pytest.mark.parametrize("line", [*CODE, "x = 3;", "2024", "import numpy", "| a | b |"])
def test_code_numbers_and_table_rows_are_out_of_its_say(line: str) -> None:
    assert has_no_say(line.strip())


@pytest.mark.parametrize("line", ["News | Sport | Weather", "Read more", "Return to the harbour", "| Advertisement"])
def test_words_are_not_code(line: str) -> None:
    assert not has_no_say(line)


def test_the_same_page_gives_the_same_spans() -> None:
    assert list(find_model_spans(Page(AFTER))) == list(find_model_spans(Page(AFTER)))


def test_what_the_rules_took_is_known_to_the_model() -> None:
    page, model = Page(AFTER), load_model()
    bare = judge_page(page, np.zeros(len(page.lines)), model).probabilities
    told = judge_page(page, np.array([0.0] * len(PROSE) + [1.0] * len(FURNITURE)), model).probabilities
    assert not np.array_equal(bare, told)


def test_a_whole_page_is_told_from_extracted_text() -> None:
    model = load_model()
    menu = [
        f"Harbour {word}"
        for word in [
            "news",
            "map",
            "tides",
            "boats",
            "jobs",
            "shops",
            "films",
            "music",
            "books",
            "games",
            "food",
            "art",
        ]
    ]
    footer = ["About us", "Contact", "Privacy Policy", "Terms of Use", "Cookie settings", "© Harbury Courier"]
    page = Page("\n".join((*menu, "Sign in", "Subscribe", *menu, *PROSE, "Most read", *menu, "Follow us", *footer)))
    assert judge_page(page, np.zeros(len(page.lines)), model).is_page
    text = Page("\n\n".join(PROSE))
    assert not judge_page(text, np.zeros(len(text.lines)), model).is_page


def test_words_of_an_unknown_language_ask_for_near_certainty() -> None:
    def known(lines: tuple[str, ...]) -> float:
        page = Page("\n".join(lines))
        return judge_page(page, np.zeros(len(page.lines)), load_model()).known_ratio

    assert known(RUSSIAN) < KNOWN_FROM < min(known(PROSE), known(GERMAN))
    assert UNKNOWN_THRESHOLD > THRESHOLD


def test_words_hash_alike_wherever_they_stand_and_however_written() -> None:
    points = classes_of("ferry, Ferry FERRY ferries 1999 2024 ")[1]
    starts, ends, hashes = words_in(points)
    assert [(int(s), int(e)) for s, e in zip(starts, ends, strict=True)][:2] == [(0, 5), (7, 12)]
    assert hashes[0] == hashes[1] == hashes[2] != hashes[3]
    assert hashes[4] == hashes[5]
    assert hashes[0] in hashes_of(["ferry"])


@pytest.mark.parametrize(
    ("char", "name"), [("a", "lower"), ("Ж", "upper"), ("7", "digit"), ("…", "dots"), ("港", "wide")]
)
def test_classes_of_characters(char: str, name: str) -> None:
    assert classes_of(char)[0].tolist() == [CLASS[name]]


@pytest.mark.parametrize("char", ["😀", "\U00020000", "\ud800"])
def test_odd_characters_do_no_harm(char: str) -> None:
    page = Page(f"{char} one\n{char}{char}\nthree {char}\n")
    assert measure_lines(page, np.zeros(3)).own.shape == (3, len(OWN))


def test_long_lines_are_judged_by_their_ends_and_chunks_do_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    long = "x" * (HEAD_CHARS + TAIL_CHARS + 5_000)
    page = Page("\n".join((*PROSE, long, *FURNITURE)))
    covered = np.zeros(len(page.lines))
    whole = measure_lines(page, covered)
    monkeypatch.setattr("transforms.line_features._CHARS_AT_ONCE", 150)
    parts = measure_lines(page, covered)
    assert np.array_equal(whole.own, parts.own)
    assert np.array_equal(whole.grams, parts.grams)
    assert whole.column("chars")[len(PROSE)] == len(long)


def test_trees_give_each_row_the_leaf_of_its_answers() -> None:
    trees = Trees(
        columns=np.array([0, 1]),
        borders=np.array([0.5, 2.5], dtype=np.float32),
        asked=np.array([[0, 1], [1, 1]]),
        leaves=np.array([[1.0, 2.0, 3.0, 4.0], [10.0, 0.0, 0.0, 20.0]]),
        bias=0.5,
    )
    rows = np.array([[0, 0], [1, 0], [0, 3], [1, 3]], dtype=np.float32)
    assert tree_odds(trees, rows).tolist() == [11.5, 12.5, 23.5, 24.5]
    assert tree_odds(trees, rows[:0]).tolist() == []


def test_the_weights_are_small() -> None:
    sizes = {one.name: len(one.read_bytes()) for one in (files("transforms") / "weights").iterdir()}
    assert sizes.keys() == {"block_model.npz", "line_model.npz"}
    assert max(sizes.values()) < 5_000_000
