"""`winnow diff`: what a change of rules would change across the warehouse, before it is used.

Nothing is written. The articles are read in pages of a few hundred, each under its own short connection, so that a run
can publish in between; worker processes clean each page under both rule sets.
"""

from __future__ import annotations

import json
import sys
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future
from dataclasses import asdict
from itertools import chain, islice
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from flows.rule_diff import Change, Original, RuleDiff, Tally, add_up, compare_rules
from flows.user_rules import RuleFile, read_rule_file, rules_of
from flows.workers import default_workers, make_workers
from warehouse.connect import connect_reader

PAGE_ARTICLES = 256
_MOST_SOURCES_SHOWN = 20
# Both by the key, so that a page costs what it holds and not a pass over everything.
_PAGE_END = """
select max(article_id)
from (select article_id from articles where article_id > $after order by article_id limit $most)
"""
_PAGE = """
select article_id, source, original
from restored_originals join articles using (article_id)
where article_id > $after and article_id <= $last
order by article_id
"""


def show_diff(warehouse: Path, rules: str, against: str, *, samples: int, workers: int, format: str) -> bool:  # noqa: A002
    """Print the comparison as a table or as JSON; True when there is a difference.

    `against` is the rule file that is in use now, empty for the built-in rules alone. Raises RuleError for a bad rule
    file, WarehouseError where there is no warehouse.
    """
    new, old = read_rule_file(rules), read_rule_file(against) if against else None
    for file in (new, old):
        rules_of(file)  # a bad file is told before anything is read
    diff = diff_warehouse(warehouse, old, new, samples=samples, workers=workers)
    if format == "json":
        json.dump(asdict(diff), sys.stdout, ensure_ascii=False, indent=1)
        sys.stdout.write("\n")
    else:
        _print_diff(Console(highlight=False), diff)
    return diff.changed_count > 0


def diff_warehouse(
    warehouse: Path, old: RuleFile | None, new: RuleFile | None, *, samples: int, workers: int = 0
) -> RuleDiff:
    """Compare two rule files over every article; None stands for the built-in rules. `workers` 0: one a core."""
    pages = read_pages(warehouse)
    first = tuple(islice(pages, 2))
    pages = chain(first, pages)
    if workers == 1 or len(first) < 2:
        return add_up((_compare(page, old, new, samples) for page in pages), samples)
    return add_up(_compare_in_workers(pages, old, new, samples, workers or default_workers()), samples)


def read_pages(warehouse: Path, size: int = PAGE_ARTICLES) -> Iterator[tuple[Original, ...]]:
    """The original of every article, `size` at a time, in the order of their ids."""
    after = ""
    while True:
        with connect_reader(warehouse) as connection:
            found = connection.execute(_PAGE_END, {"after": after, "most": size}).fetchone()
            if found is None or found[0] is None:
                return
            rows = connection.execute(_PAGE, {"after": after, "last": found[0]}).fetchall()
        yield tuple(Original(*row) for row in rows)
        after = found[0]


def _compare_in_workers(
    pages: Iterable[tuple[Original, ...]], old: RuleFile | None, new: RuleFile | None, samples: int, workers: int
) -> Iterator[RuleDiff]:
    with make_workers(workers, warm=False) as pool:
        under_way: deque[Future[RuleDiff]] = deque()
        for page in pages:
            under_way.append(pool.submit(_compare, page, old, new, samples))
            if len(under_way) > 2 * workers:
                yield under_way.popleft().result()
        while under_way:
            yield under_way.popleft().result()


def _compare(page: tuple[Original, ...], old: RuleFile | None, new: RuleFile | None, samples: int) -> RuleDiff:
    return compare_rules(page, rules_of(old), rules_of(new), samples)


def _print_diff(console: Console, diff: RuleDiff) -> None:
    console.print(f"{diff.changed_count:,} of {diff.article_count:,} articles would change.")
    for title, tallies in (("rule", diff.by_rule), ("source", diff.by_source[:_MOST_SOURCES_SHOWN])):
        if tallies:
            console.print(_table(title, tallies))
    if len(diff.by_source) > _MOST_SOURCES_SHOWN:
        console.print(
            f"... and {len(diff.by_source) - _MOST_SOURCES_SHOWN} more rows by source; all with --format json"
        )
    for tally in diff.by_rule:
        if tally.samples:
            console.print(Text(f"{_verb(tally)} by {tally.name}, for example", style="bold"))
        for sample in tally.samples:
            console.print(_sample(sample))


def _table(title: str, tallies: Iterable[Tally]) -> Table:
    table = Table()
    table.add_column("change")
    table.add_column(title, overflow="fold")
    for heading in ("articles", "spans", "characters"):
        table.add_column(heading, justify="right")
    for tally in tallies:
        counts = (f"{count:,}" for count in (tally.article_count, tally.span_count, tally.char_count))
        table.add_row(_verb(tally), Text(tally.name), *counts)
    return table


def _verb(tally: Tally) -> str:
    return "newly removed" if tally.direction == "removed" else "no longer removed"


def _sample(change: Change) -> Text:
    def flat(text: str) -> str:
        return text.replace("\n", " ⏎ ")

    style = "strike red" if change.direction == "removed" else "bold green"
    return Text.assemble(
        (f"  {change.article_id} {change.source}  ", "dim"),
        f"…{flat(change.before)}",
        ("⟦" + flat(change.text) + "⟧", style),
        f"{flat(change.after)}…",
    )
