"""The learned line model: what it takes, what it keeps, and that it is the same every time."""

from __future__ import annotations

import time
from importlib.resources import files

import numpy as np
import pytest

from transforms.line_features import NAMES, measure_lines, words_of_line
from transforms.line_model import (
    RULE,
    THRESHOLD,
    UNKNOWN_THRESHOLD,
    Trees,
    find_model_spans,
    is_code,
    load_model,
    margins,
)
from transforms.page import Page

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
FURNITURE = (
    "Sign up for our newsletter",
    "Share this article",
    "Home | News | Sport | Weather | Contact Us",
    "Subscribe today and get unlimited access to all our content",
    "All rights reserved. Terms of use | Privacy policy",
    "Related posts",
    "Leave a comment",
)
GERMAN = (
    (
        "Der Gemeinderat von Harbach hat am Dienstag beschlossen, die Anlegestelle zu schließen, die seit 1931 die "
        "Insel versorgt, und an ihrer Stelle eine Brücke zu bauen."
    ),
    "Ingenieure fanden im vergangenen Winter, dass zwei der sieben Pfeiler ein Drittel ihres Holzes verloren hatten.",
    "Die Bewohner am anderen Ufer waren geteilter Meinung, denn viele fürchten den Verkehr in den engen Gassen.",
    "Im Frühjahr sollen die Arbeiten beginnen, sobald der Kreis den Plänen zugestimmt hat.",
)
RUSSIAN = (
    "Совет посёлка во вторник решил закрыть старую пристань, которая служила острову с 1931 года, и построить мост.",
    "Инженеры прошлой зимой обнаружили, что две из семи опор потеряли треть своей древесины, и ремонт будет дорогим.",
    "Жители дальнего берега разошлись во мнениях: одни боятся машин на узких улицах, другие ждали моста десятилетиями.",
    "Работы начнутся весной, как только округ утвердит планы.",
)
CHINESE = (
    "镇议会星期二决定关闭自1931年以来为岛上居民服务的旧渡口,并在原址修建一座大桥。",
    "工程师去年冬天检查时发现,七根桥墩中有两根已经失去了三分之一的木料,修理费用超过全镇一年的道路开支。",
    "对岸的居民意见不一,有人担心狭窄的街道承受不了车流,也有人已经等了几十年。",
    "镇长说,县里批准计划之后,工程将于春天开始。",
)
CODE = (
    "func main() {",
    "    if err != nil {",
    "        return",
    "    }",
    "}",
    "$ git stash pop",
    "# list all branches",
    "7",
)


def removed(*lines: str) -> tuple[str, ...]:
    text = "\n\n".join(lines)
    return tuple(text[span.start : span.end] for span in find_model_spans(Page(text)))


@pytest.mark.parametrize("lines", [PROSE, GERMAN, RUSSIAN, CHINESE], ids=["en", "de", "ru", "zh"])
def test_prose_is_kept(lines: tuple[str, ...]) -> None:
    assert removed(*lines) == ()


def test_furniture_after_an_article_is_removed() -> None:
    assert removed(*PROSE, *FURNITURE) == FURNITURE


def test_furniture_before_an_article_is_removed_and_no_prose() -> None:
    gone = removed(*FURNITURE, *PROSE)
    assert not set(gone) & set(PROSE)
    assert len(gone) >= len(FURNITURE) - 1


def test_code_and_bare_numbers_are_kept() -> None:
    assert all(is_code(line.strip()) for line in CODE)
    assert removed(*PROSE[:2], *CODE, *PROSE[2:]) == ()


@pytest.mark.parametrize("line", [*PROSE, *FURNITURE], ids=str)
def test_words_are_not_code(line: str) -> None:
    assert not is_code(line)


@pytest.mark.parametrize("text", ["", "\n \n", "One line.", "Share this article\n\nSubscribe"], ids=repr)
def test_a_page_of_less_than_three_lines_is_left_alone(text: str) -> None:
    assert list(find_model_spans(Page(text))) == []


def test_spans_are_whole_lines_with_rule_kind_and_probability() -> None:
    page = Page("\n".join((*PROSE, f"  {FURNITURE[0]}  ", *FURNITURE[1:])))
    spans = list(find_model_spans(page))
    ranges = {(line.start, line.end) for line in page.lines}
    assert len(spans) >= 3
    for span in spans:
        assert (span.start, span.end) in ranges
        assert span.rule == RULE
        assert span.kind in load_model().kinds
        assert THRESHOLD <= span.probability <= 1


def test_a_higher_threshold_takes_no_more() -> None:
    page = Page("\n".join((*PROSE, *FURNITURE)))
    few, many = (set(find_model_spans(page, threshold)) for threshold in (0.97, 0.5))
    assert few < many


def test_the_same_page_gives_the_same_spans() -> None:
    text = "\n".join((*FURNITURE, *PROSE, *FURNITURE))
    assert list(find_model_spans(Page(text))) == list(find_model_spans(Page(text)))


def test_unknown_words_are_hidden_and_need_near_certainty() -> None:
    page = Page("\n".join((*RUSSIAN, "Меню", "Главная", "Новости", "Спорт", "Погода")))
    said = tuple(words_of_line(line.text) for line in page.lines)
    rows = measure_lines(page, said, load_model().words)
    assert not rows[:, NAMES.index("words_sum")].any()
    assert all(span.probability >= UNKNOWN_THRESHOLD for span in find_model_spans(page))


def test_trees_give_each_row_the_leaf_of_its_answers() -> None:
    trees = Trees(
        np.array([[0, 1]]), np.array([[0.5, 2.0]], dtype=np.float32), np.array([[1.0, 2.0, 3.0, 4.0]]), bias=10.0
    )
    rows = np.array([[0, 0], [1, 0], [0, 3], [1, 3], [0.5, 2]], dtype=np.float32)
    assert margins(trees, rows).tolist() == [11, 12, 13, 14, 11]


def test_the_weights_are_small() -> None:
    folder = files("transforms") / "weights"
    assert sum(len(file.read_bytes()) for file in folder.iterdir()) < 5_000_000


@pytest.mark.slow
def test_time_is_linear_and_one_long_line_is_cheap() -> None:
    lines = (*PROSE, *FURNITURE)

    def seconds(text: str) -> float:
        start = time.perf_counter()
        list(find_model_spans(Page(text)))
        return time.perf_counter() - start

    seconds("\n".join(lines))
    small = seconds("\n".join(lines * 1_000))
    large = seconds("\n".join(lines * 10_000))
    assert large < 20 * small  # ten times the lines; a quadratic step would be a hundred times
    assert seconds("word " * 1_000_000 + "\n" + "\n".join(lines)) < 5
