"""Charts of the mail as PNG: mail clients show no SVG. Drawn by matplotlib's Agg backend, without a display or network.

The background is transparent and the colours are of middle lightness, so that they can be read on light and on dark.
What a chart shows is said in its alt text, and its figures stand in the text.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING

from flows.mail import Image
from flows.printed import count, percent, score
from flows.run_report import RunReport, SourceChange, SourceTrend, Volume

if TYPE_CHECKING:  # half a second to import, and only runs mail
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MOST_CHANGES = 4  # charts of changed sources
_BLUE, _AMBER, _GREY = "#4f86e8", "#c47f17", "#7d8894"
MEASURES = {
    "mean_quality": "mean quality",
    "undated_ratio": "share without a date",
    "padded_ratio": "share flagged as padded",
    "removed_ratio": "share of the text removed",
}


def draw_charts(report: RunReport) -> tuple[Image, ...]:
    """Volumes of the last runs, and the history of the sources that changed most; none where there is no history."""
    charts = []
    if len(report.history) > 1:
        charts.append(_draw_volumes(report.history))
    for number, change in enumerate(report.changed_sources[:MOST_CHANGES]):
        trend = tuple(point for point in report.trends if point.source == change.source)
        if len(trend) > 1:
            charts.append(_draw_change(f"change-{number}", change, trend))
    return tuple(charts)


def show_measure(measure: str, value: float) -> str:
    """A value of a measure of a source: quality as a score, shares in percent."""
    return score(value) if measure == "mean_quality" else percent(value)


def _draw_volumes(history: Sequence[Volume]) -> Image:
    articles, quarantined = [run.articles for run in history], [run.quarantined for run in history]
    figure, axes = _figure(5.8, 1.5)
    places = list(range(len(history)))
    axes.bar(places, articles, color=_BLUE, width=0.7)
    axes.bar(places, quarantined, bottom=articles, color=_AMBER, width=0.7)
    axes.set_xticks([0, places[-1]], [f"{history[at].started_at:%d %b}" for at in (0, -1)])
    alt = (
        f"Articles published in the last {len(history)} runs: {min(articles):,} to {max(articles):,}, "
        f"{articles[-1]:,} in this one; {count(sum(quarantined), 'record')} quarantined in all of them"
    )
    return Image("volumes", alt, _png(figure))


def _draw_change(name: str, change: SourceChange, trend: Sequence[SourceTrend]) -> Image:
    values = [getattr(point, change.measure) or 0.0 for point in trend]
    figure, axes = _figure(2.4, 0.7)
    axes.plot(values, color=_BLUE, linewidth=1.6)
    axes.plot([len(values) - 1], values[-1:], "o", color=_AMBER, markersize=5)
    axes.set_ylim(0, max(1.0 if change.measure == "mean_quality" else 0.1, *values) * 1.08)
    axes.set_xticks([])
    axes.set_yticks([])
    said = ", ".join(show_measure(change.measure, value) for value in values[-6:])
    return Image(
        name, f"{MEASURES[change.measure]} over the last {count(len(values), 'run')}, ending {said}", _png(figure)
    )


def _figure(width: float, height: float) -> tuple[Figure, Axes]:
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415
    from matplotlib.figure import Figure  # noqa: PLC0415

    figure = Figure((width, height), dpi=192, layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.subplots()
    figure.patch.set_alpha(0)
    axes.patch.set_alpha(0)
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.spines["bottom"].set_color(_GREY)
    axes.tick_params(colors=_GREY, labelsize=8, length=0)
    axes.locator_params(axis="y", nbins=3, integer=True)
    return figure, axes


def _png(figure: Figure) -> bytes:
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", transparent=True)
    return buffer.getvalue()
