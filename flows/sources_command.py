"""`winnow sources`: which sources to trust and which not, with grade, trend and reasons; or all of one source."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from pathlib import Path

from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

from flows.sparkline import sparkline
from warehouse.scorecards import Day, Scorecard, SourceCard, read_scorecards, read_source
from warehouse.snapshot import readable

SHOWN = 10  # of the worst and the best, where nothing else is asked for
_GRADE_COLOURS = {"A": "green", "B": "green", "C": "yellow", "D": "yellow", "E": "red", "F": "red"}
_TABLE_DAYS = 12
_CARD_DAYS = 40
_WIDE = 110  # columns of a terminal that has room for all trends
_TRENDS: tuple[tuple[str, Callable[[Day | Scorecard], float | None]], ...] = (
    ("quality", lambda of: of.mean_quality),
    ("undated", lambda of: of.undated_ratio),
    ("padded", lambda of: of.padded_ratio),
)
_LEAST_REMOVED_SCALE = 0.2


def show_sources(warehouse: Path, *, worst: int | None, best: int | None, format: str) -> None:  # noqa: A002
    """Print the worst and the best graded sources; as CSV or JSON every source, unless a number is given.

    Raises what opening the warehouse raises, and WarehouseError for one without scorecards.
    """
    cards = read_scorecards(readable(warehouse), days=_TABLE_DAYS)
    graded = [card for card in cards if card.grade]
    lists: list[tuple[str, list[Scorecard]]] = []
    if worst is None and best is None and format != "table":
        lists = [("", cards)]
    elif worst is None and best is None and len(graded) <= 2 * SHOWN:
        lists = [("graded sources, the worst first", graded)]
    else:
        default = SHOWN if worst is None and best is None else 0
        lists = [
            ("the worst sources", graded[: default if worst is None else worst]),
            ("the best sources", graded[::-1][: default if best is None else best]),
        ]
    if format == "table":
        _print_lists(Console(highlight=False), lists, len(cards) - len(graded))
    else:
        rows = [_row(card) for _, chosen in lists for card in chosen]
        _write(rows, format)


def show_source(warehouse: Path, source: str, *, format: str) -> None:  # noqa: A002
    """Print all that is known of one source. Raises WarehouseError where it is not there, naming those alike."""
    card = read_source(readable(warehouse), source, days=_CARD_DAYS)
    if format == "table":
        _print_card(Console(highlight=False), card)
    elif format == "json":
        json.dump(asdict(card), sys.stdout, ensure_ascii=False, default=str, indent=1)
        sys.stdout.write("\n")
    else:
        _write([_row(card.scorecard)], format)


def _row(card: Scorecard) -> dict[str, object]:
    return {name: value for name, value in asdict(card).items() if name != "days"}


def _write(rows: Sequence[dict[str, object]], format: str) -> None:  # noqa: A002
    if format == "json":
        json.dump(rows, sys.stdout, ensure_ascii=False, default=str, indent=1)
        sys.stdout.write("\n")
        return
    names = [name for name in Scorecard.__dataclass_fields__ if name != "days"]
    writer = csv.DictWriter(sys.stdout, names)
    writer.writeheader()
    writer.writerows(rows)


def _print_lists(console: Console, lists: Iterable[tuple[str, Sequence[Scorecard]]], ungraded: int) -> None:
    for title, cards in lists:
        if not cards:
            continue
        table = Table(title=title, title_justify="left")
        table.add_column("source", overflow="fold", min_width=16)
        table.add_column("grade", justify="center")
        table.add_column("articles", justify="right")
        trends = _TRENDS if console.width >= _WIDE else _TRENDS[:1]  # the reasons name what is missing
        for heading, _ in trends:
            table.add_column(heading, no_wrap=True)
        table.add_column("why", overflow="fold")
        for card in cards:
            changes = f" [{card.open_changes} open changes]" if card.open_changes else ""
            table.add_row(
                plain(card.source),
                _grade(card.grade),
                f"{card.articles:,}",
                *(_trend(card, of) for _, of in trends),
                plain(f"{card.grade_reasons}{changes}"),
            )
        console.print(table)
    if ungraded:
        console.print(f"{ungraded:,} sources have too few articles to grade (five); see them with --format csv")
    console.print("All of one source: winnow sources --source SOURCE")


def _print_card(console: Console, card: SourceCard) -> None:
    head = card.scorecard
    console.print(
        Text.assemble(plain(head.source), "  ", _grade(head.grade or "not graded"), "  ", plain(head.grade_reasons))
    )
    since = f", from {head.first_seen_at:%Y-%m-%d} to {head.last_seen_at:%Y-%m-%d}" if head.first_seen_at else ""
    console.print(
        f"{head.articles:,} articles of {head.words:,} words{since}; {head.duplicates:,} duplicates, "
        f"{head.near_duplicates:,} near-duplicates, {head.quarantined:,} quarantined"
    )
    table = Table(Column("measure", no_wrap=True), "grade", "value", "mean source", "counted as", "why")
    for measure in card.measures:
        table.add_row(
            measure.measure,
            _grade(measure.grade),
            f"{measure.value:.3f}",
            f"{measure.prior_value:.3f}",
            f"{measure.shrunk_value:.3f}",
            plain(measure.evidence),
        )
    console.print(table)
    _print_days(console, head.days)
    for change in card.changes:
        until = f" to {change.until:%Y-%m-%d}" if change.until else ""
        console.print(
            Text.assemble(
                (f"{change.status} ", "bold yellow" if change.status == "open" else "bold"),
                plain(f"{change.since:%Y-%m-%d}{until}: {change.evidence}; likely: {change.likely}"),
            )
        )
    if card.worst_articles:
        articles = Table("quality", "title", "flags", "article", title="its worst articles", title_justify="left")
        for article in card.worst_articles:
            quality = "" if article.quality is None else f"{article.quality:.2f}"
            articles.add_row(quality, plain(article.title or ""), plain(article.flags), article.article_id)
        console.print(articles)


def _print_days(console: Console, days: Sequence[Day]) -> None:
    if not days:
        return
    most = max(day.articles for day in days)
    removed = max((day.removed_ratio or 0.0 for day in days), default=0.0)
    rows: tuple[tuple[str, list[float | None], float], ...] = (
        ("articles", [day.articles for day in days], most),
        ("quality", [day.mean_quality for day in days], 1.0),
        ("undated", [day.undated_ratio for day in days], 1.0),
        ("padded", [day.padded_ratio for day in days], 1.0),
        ("doubtful", [day.doubtful_ratio for day in days], 1.0),
        ("removed", [day.removed_ratio for day in days], max(removed, _LEAST_REMOVED_SCALE)),
    )
    grid = Table.grid(padding=(0, 2))
    for name, values, high in rows:
        grid.add_row(name, sparkline(values, high=high), f"0 to {high:.0f}" if high >= 1 else f"0 to {high:.2f}")
    console.print(f"by day, {days[0].day} to {days[-1].day} ({len(days)} with something new)")
    console.print(grid)


def _trend(card: Scorecard, of: Callable[[Day | Scorecard], float | None]) -> Text:
    value = of(card)
    return Text(f"{sparkline([of(day) for day in card.days])} {'' if value is None else f'{value:.2f}'}")


def _grade(grade: str | None) -> Text:
    return Text(grade or "", style=f"bold {_GRADE_COLOURS.get(grade or '', 'white')}")


def plain(text: str) -> Text:
    """Text of a page for the terminal: without the control characters that could move the cursor or colour."""
    return Text("".join(char if char.isprintable() else " " for char in text))
