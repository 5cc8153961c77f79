"""Charts of the site as inline SVG, made by hand: a line or bars over runs, in the page's own colours.

A plotting library would bring fonts, styles and ids of its own into each page; these take the page's colours (so dark
mode too), scale with it, and are read out as one sentence. The figures stand in a table beside them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from markupsafe import Markup, escape

Unit = Literal["count", "ratio", "score"]
_WIDTH, _HEIGHT = 320, 120
_LEFT, _RIGHT, _TOP, _BOTTOM = 40, 10, 10, 22
MOST_POINTS = 120  # more cannot be told apart at this width: the latest are shown
_BAR = Markup(
    '<svg class="bar" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">'
    '<rect width="100" height="4" class="track"/><rect width="{}" height="4"/></svg>'
)


@dataclass(frozen=True, slots=True)
class Point:
    """A figure of one run; None where the run has none."""

    at: datetime
    value: float | None


def draw_line(title: str, unit: Unit, points: Sequence[Point]) -> Markup:
    """A line over runs, one after the other (not to scale: runs come in bursts), with a dot and a tip for each.

    Empty where no point has a value. Shares and scores are drawn from 0 to at most 1, so that small moves look small.
    """
    points = points[-MOST_POINTS:]
    values = [point.value for point in points if point.value is not None]
    if not values:
        return Markup("")
    top = _top(max(values), unit)
    places = [
        (_x(number, len(points)), _y(point.value, top), point)
        for number, point in enumerate(points)
        if point.value is not None
    ]
    path = " ".join(f"{'L' if number else 'M'}{x:.1f} {y:.1f}" for number, (x, y, _) in enumerate(places))
    radius = 3 if len(places) < 40 else 1.5
    dots = "".join(
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius}">'
        f"<title>{point.at:%Y-%m-%d %H:%M}: {_print(point.value, unit)}</title></circle>"
        for x, y, point in places
    )
    grid = "".join(
        f'<line class="grid" x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{_y(level, top):.1f}" y2="{_y(level, top):.1f}"/>'
        f'<text x="{_LEFT - 6}" y="{_y(level, top) + 4:.1f}" text-anchor="end">{_print(level, unit)}</text>'
        for level in (0, top / 2, top)
    )
    first, last = points[0].at.date(), points[-1].at.date()
    dates = f'<text x="{_LEFT}" y="{_HEIGHT - 5}">{first}</text>'
    if last != first:
        dates += f'<text x="{_WIDTH - _RIGHT}" y="{_HEIGHT - 5}" text-anchor="end">{last}</text>'
    # Numbers and dates of our own making but for the title, which is escaped.
    return Markup(  # noqa: S704
        f'<svg class="chart" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" '
        f'aria-label="{escape(_say(title, unit, points))}">{grid}<path class="line" d="{path}"/>{dots}{dates}</svg>'
    )


def draw_bar(ratio: float) -> Markup:
    """A bar of `ratio` (0-1) of its width, beside a figure that says the same: hidden from screen readers."""
    return _BAR.format(f"{max(0.0, min(1.0, ratio)) * 100:.1f}")


def _say(title: str, unit: Unit, points: Sequence[Point]) -> str:
    values = [point.value for point in points if point.value is not None]
    if len(values) == 1:
        return f"{title}: {_print(values[0], unit)}, in one run"
    return (
        f"{title}, {len(values)} runs: last {_print(values[-1], unit)}, first {_print(values[0], unit)}, "
        f"lowest {_print(min(values), unit)}, highest {_print(max(values), unit)}"
    )


def _top(most: float, unit: Unit) -> float:
    """The upper end of the axis: a round number that is not below any value."""
    if unit == "score":
        return 1.0
    steps = (0.02, 0.05, 0.1, 0.2, 0.4, 0.6, 1.0) if unit == "ratio" else _counts(most)
    return float(next((step for step in steps if step >= most), most))


def _counts(most: float) -> tuple[int, ...]:
    tens = 10 ** max(0, len(str(int(most))) - 1)
    return tuple(step * tens for step in (2, 4, 6, 8, 10))


def _x(number: int, count: int) -> float:
    inner = _WIDTH - _LEFT - _RIGHT
    return _LEFT + (inner / 2 if count == 1 else inner * number / (count - 1))


def _y(value: float | None, top: float) -> float:
    assert value is not None
    return _HEIGHT - _BOTTOM - (_HEIGHT - _TOP - _BOTTOM) * value / top


def _print(value: float | None, unit: Unit) -> str:
    assert value is not None
    if unit == "count":
        return f"{value:,.0f}"
    if unit == "score":
        return f"{value:.2f}"
    return f"{value:.1%}" if 0 < value < 0.1 else f"{value:.0%}"
