"""Change points: nothing in the first periods, one change while it lasts, resolved or settled, and never rewritten."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.change_points import LEAST_USUAL, MEASURES, MOST_USUAL, VOLUME, Change, Measure, Period, find_changes

FIRST = datetime(2026, 1, 5, tzinfo=UTC)
UNDATED, PADDED, DOUBTFUL, REMOVED, QUALITY = MEASURES


def day(number: int) -> datetime:
    return FIRST + timedelta(days=number)


def shares(values: Sequence[float], articles: int = 20) -> list[Period]:
    """Periods of a share, one a day."""
    return [Period(day(n), articles, value, value * (1 - value)) for n, value in enumerate(values)]


def means(values: Sequence[float], spread: float = 0.01, articles: int = 20) -> list[Period]:
    return [Period(day(n), articles, value, spread) for n, value in enumerate(values)]


def counts(values: Sequence[int]) -> list[Period]:
    return [Period(day(n), value, value) for n, value in enumerate(values)]


def found(changes: Sequence[Change]) -> list[tuple[str, int, int | None]]:
    """Status, and the numbers of the periods of its begin and end."""
    return [(c.status, (c.since - FIRST).days, (c.until - FIRST).days if c.until else None) for c in changes]


USUAL = (0.1, 0.05, 0.1, 0.15, 0.1)


@pytest.mark.parametrize(
    ("periods", "measure", "expected"),
    [
        pytest.param([], UNDATED, [], id="nothing"),
        pytest.param(shares((0.1, 0.9, 0.1, 0.9, 0.1)), UNDATED, [], id="first periods are no change"),
        pytest.param(shares((*USUAL[:4], 0.9)), UNDATED, [], id="four periods are too few"),
        pytest.param(shares((*USUAL, 0.9)), UNDATED, [("open", 5, None)], id="a jump"),
        pytest.param(shares((*USUAL, 0.25)), UNDATED, [], id="less than a fifth"),
        pytest.param(shares((*USUAL, 0.9), articles=5), UNDATED, [], id="four articles and not five"),
        pytest.param(shares((0.9, 0.95, 0.9, 0.9, 0.85, 0.0)), UNDATED, [("open", 5, None)], id="a fall is one too"),
        pytest.param(shares((0.1, 0.6, 0.1, 0.6, 0.1, 0.6)), UNDATED, [], id="what always jumps does not jump"),
        pytest.param(shares((*USUAL, 0.9, 0.9, 0.9)), UNDATED, [("open", 5, None)], id="once while it lasts"),
        pytest.param(shares((*USUAL, 0.9, 0.9, 0.1)), UNDATED, [("open", 5, None)], id="one back may be chance"),
        pytest.param(shares((*USUAL, 0.9, 0.9, 0.1, 0.1)), UNDATED, [("resolved", 5, 7)], id="resolved"),
        pytest.param(shares((*USUAL, 0.9, 0.1, 0.9, 0.1, 0.1)), UNDATED, [("resolved", 5, 8)], id="one back within it"),
        pytest.param(
            shares((*USUAL, 0.9, 0.1, 0.1, 0.9)), UNDATED, [("resolved", 5, 6), ("open", 8, None)], id="twice"
        ),
        pytest.param(shares((*USUAL, *(0.9,) * 10)), UNDATED, [("settled", 5, 14)], id="settled"),
        pytest.param(shares((*USUAL, *(0.9,) * 30)), UNDATED, [("settled", 5, 14)], id="settled and told once"),
        pytest.param(
            shares((*USUAL, *(0.9,) * 12, 0.1)), UNDATED, [("settled", 5, 14), ("open", 17, None)], id="back later"
        ),
        pytest.param(means((0.7, 0.72, 0.68, 0.7, 0.71, 0.5)), QUALITY, [("open", 5, None)], id="quality falls"),
        pytest.param(means((0.7, 0.72, 0.68, 0.7, 0.71, 0.64)), QUALITY, [], id="quality, by too little"),
        pytest.param(means((0.7, 0.72, 0.68, 0.7, 0.71, 0.55), spread=0.09), QUALITY, [], id="articles differ as much"),
        pytest.param(means((0.1, 0.1, 0.1, 0.1, 0.1, 0.16), spread=0), REMOVED, [("open", 5, None)], id="removed"),
        pytest.param(means((0.2, 0.2, 0.2, 0.2, 0.2, 0.26), spread=0), REMOVED, [], id="not half as much again"),
        pytest.param(counts((20, 22, 18, 20, 21, 0)), VOLUME, [("open", 5, None)], id="the feed fell silent"),
        pytest.param(counts((20, 22, 18, 20, 21, 7)), VOLUME, [], id="a quiet week"),
        pytest.param(counts((20, 22, 18, 20, 21, 6)), VOLUME, [("open", 5, None)], id="less than a third"),
        pytest.param(counts((20, 22, 18, 20, 21, 59)), VOLUME, [], id="a busy week"),
        pytest.param(counts((20, 22, 18, 20, 21, 60)), VOLUME, [("open", 5, None)], id="three times as many"),
        pytest.param(counts((6, 6, 6, 6, 6, 0)), VOLUME, [], id="too few to miss them"),
    ],
)
def test_changes(periods: list[Period], measure: Measure, expected: list[tuple[str, int, int | None]]) -> None:
    assert found(find_changes(periods, measure)) == expected


def test_the_figures_of_a_change() -> None:
    periods = [*shares(USUAL), *(Period(day(5 + n), 40, value, 0) for n, value in enumerate((0.9, 0.6)))]
    (change,) = find_changes(periods, UNDATED)
    assert change.value_before == 0.1
    assert change.value_after == pytest.approx(0.75)
    assert (change.articles_before, change.articles_after, change.periods_after) == (100, 80, 2)
    # By chance: the spread within (mean of p(1-p) over the five) for 40 articles, and for the 100 before.
    spread = (3 * 0.09 + 0.0475 + 0.1275) / 5
    assert change.deviation == pytest.approx((spread / 40 + spread / 100) ** 0.5)


SERIES = st.lists(st.sampled_from((0.0, 0.1, 0.2, 0.5, 0.9, 1.0)), max_size=40)


@given(SERIES, st.integers(0, 40))
def test_later_periods_do_not_rewrite_earlier_findings(values: list[float], cut: int) -> None:
    early, late = find_changes(shares(values[:cut]), UNDATED), find_changes(shares(values), UNDATED)
    closed = [change for change in early if change.status != "open"]
    assert list(late[: len(closed)]) == closed
    if len(early) > len(closed):
        assert late[len(closed)].since == early[-1].since


@given(SERIES)
def test_changes_come_one_after_the_other_and_only_the_last_is_open(values: list[float]) -> None:
    changes = find_changes(shares(values), UNDATED)
    assert all(change.status != "open" and change.until is not None for change in changes[:-1])
    for before, after in pairwise(changes):
        assert before.until is not None
        assert before.since < before.until <= after.since
    assert all(change.since >= day(LEAST_USUAL) and change.periods_after <= MOST_USUAL + 2 for change in changes)


@given(st.floats(0, 1), st.integers(0, 40), st.integers(1, 200))
def test_what_stays_as_it_is_never_changes(value: float, length: int, articles: int) -> None:
    for measure in MEASURES:
        assert find_changes(shares((value,) * length, articles), measure) == ()
