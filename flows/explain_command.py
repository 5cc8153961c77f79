"""`winnow explain`: a document in the terminal with what was taken out, and why."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from flows.inbox import find_files
from flows.record_fields import parse_columns
from flows.sources import ReadSettings, read_documents
from flows.templates_in_use import read_warehouse_templates
from flows.user_rules import load_rules
from flows.workers import warm_up
from transforms.explain_score import explain_score
from transforms.pipeline import Settings, process
from transforms.published import weigh_dates
from transforms.rules import COMPILED
from transforms.templates import NO_SOURCES
from transforms.types import Article, Quarantined

_COLOURS = {
    "navigation": "cyan",
    "promo_link": "red",
    "related_content": "magenta",
    "image_caption": "yellow",
    "comment_prompt": "blue",
    "comment": "bright_blue",
    "subscription": "green",
    "advert": "bright_red",
    "share": "bright_cyan",
    "author_bio": "bright_magenta",
    "legal": "bright_black",
    "widget": "bright_yellow",
    "tidy": "white",
}
# Dates of a document that are shown: a list of teasers has many.
_MOST_DATES = 5


def explain_paths(
    paths: Sequence[str],
    *,
    most: int,
    max_bytes: int,
    rules: str = "",
    warehouse: Path | None = None,
    columns: Sequence[str] = (),
    console: Console | None = None,
) -> bool:
    """Print up to `most` documents; True when all of them became articles.

    `warehouse` is one whose templates are used too. Raises RuleError for a bad rule file, ColumnsError for bad
    columns, and what opening the warehouse raises.
    """
    console = console or Console(highlight=False)
    reading = ReadSettings(max_bytes=max_bytes, columns=parse_columns(columns))
    used = load_rules(rules) if rules else COMPILED
    templates = read_warehouse_templates(warehouse) if warehouse else NO_SOURCES
    warm_up()
    now, all_good = datetime.now(UTC), True
    for record in islice(read_documents(find_files(paths).files, reading), most):
        result = record if isinstance(record, Quarantined) else process(record, now, Settings(), used, templates)
        console.rule(Text(f" {result.id} "))
        if isinstance(result, Quarantined):
            console.print(Text(f"quarantined, {result.code}: {result.message}", style="bold red"))
            all_good = False
        else:
            _print_article(console, result, now)
    return all_good


def marked_text(article: Article) -> Text:
    """The original with each removed span struck through in its kind's colour and its rule beside it."""
    text, at = Text(), 0
    for edit in article.edits:
        text.append(article.original[at : edit.start])
        if edit.text.strip():
            colour = _COLOURS[edit.kind]
            text.append(edit.text, style=f"strike {colour}")
            sure = f" {edit.probability:.2f}" if edit.probability < 1 else ""
            text.append(f" ⟨{edit.kind}: {edit.rule}{sure}⟩", style=f"dim {colour}")
        else:
            text.append(edit.text)  # white space that tidying takes out cannot be seen anyway
        at = edit.end
    text.append(article.original[at:])
    return text


def _with_origin(value: str | None, origin: str | None) -> str | None:
    return f"{value} ({origin})" if value else None


def _print_dates(console: Console, article: Article, now: datetime) -> None:
    """The dates that were weighed, the likeliest first, with what speaks for and against each."""
    for weighed in weigh_dates(article.dates, article.raw.fetched_at, now)[:_MOST_DATES]:
        first = weighed.candidates[0]
        console.print(
            Text.assemble(
                ("date ", "bold"), f"{weighed.date} {weighed.probability:.2f}  {first.origin}: {first.evidence}"
            )
        )
        reasons = ", ".join(f"{name} {weight:+.1f}" for name, weight in weighed.reasons)
        console.print(Text(f"    {reasons}", style="dim"))


def _print_article(console: Console, article: Article, now: datetime) -> None:
    published = article.published
    facts = Table.grid(padding=(0, 2))
    for name, value in (
        ("title", _with_origin(article.title, article.origins.title)),
        ("author", _with_origin(article.author, article.origins.author)),
        ("address", _with_origin(article.url, article.origins.url)),
        ("section", _with_origin(article.section, article.origins.section)),
        ("source", article.source),
        ("language", f"{article.language.code} ({article.language.probability:.2f}, {article.language.detector})"),
        ("published", f"{published.date or 'none'} ({published.status}; {published.origin}: {published.evidence!r})"),
        ("extractor", article.extractor),
    ):
        if value:
            facts.add_row(Text(name, style="bold"), Text(str(value)))
    console.print(facts)
    console.print()
    console.print(marked_text(article))
    console.print()
    _print_dates(console, article, now)
    for flag in article.flags:
        console.print(Text.assemble(("flag ", "bold"), (flag.code, "bold yellow"), f": {flag.evidence}"))
    for score in article.scores:
        console.print(Text.assemble(("score ", "bold"), f"{score.name} {score.value:.2f}: {explain_score(score)}"))
        for part in sorted(score.components, key=lambda c: -c.value * c.weight):
            console.print(Text(f"    {part.name} {part.value:.2f} x {part.weight:.2f}  {part.evidence}", style="dim"))
