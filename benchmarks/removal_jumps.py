"""How often the check of removals raises a false alarm, and how often it sees a jump.

    winnow clean PAGES > cleaned.jsonl
    python benchmarks/removal_jumps.py cleaned.jsonl...

Sources are made up of documents that `winnow clean` has cleaned: a source has some of them, and each run draws from
these anew, so that whatever differs from run to run is chance. A source of ten documents is like most sites: its pages
are alike. One of a hundred documents, each of another site, is as mixed as none. With the view and the query of
the product, an alarm in a run like the others is false; then one rule at a time takes five times as much (of each
article that it takes from, or from five times as many articles), and an alarm of that rule is right.

Printed beside it for comparison: the same with the share of the source's characters as measure.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from expectations.removal_history import FRAME
from expectations.staged import EMPTY_TABLES
from warehouse.migrate import make_tables, make_views

SOURCES = 400  # of each sort
RUNS = 10
TIMES = 5
MOST = 0.85  # of an article; beyond, the guard keeps it whole
SIZES = ((10, 10), (10, 20), (10, 200), (100, 10), (100, 20), (100, 200))  # documents of a source, articles in its run
USUAL = 0.01  # what a rule must take of a mean article before it is made to jump
_UNIT = 1_000_000  # an article's characters, so that a share is a count


@dataclass(frozen=True, eq=False)
class Documents:
    """Lengths, and by document and rule the characters taken."""

    chars: NDArray[np.float64]
    taken: NDArray[np.float64]
    rules: tuple[str, ...]


def read_documents(paths: Sequence[Path]) -> Documents:
    """Output of `winnow clean`; tidying and documents that failed are left out."""
    chars, counts = [], []
    for path in paths:
        for line in path.open(encoding="utf-8"):
            record = json.loads(line)
            if record.get("original"):
                chars.append(len(record["original"]))
                counts.append(Counter[str]())
                for edit in record["removals"]:
                    if edit["kind"] != "tidy":
                        counts[-1][edit["rule"]] += edit["end"] - edit["start"]
    rules = tuple(sorted({rule for count in counts for rule in count}))
    taken = np.array([[count[rule] for rule in rules] for count in counts], np.float64)
    return Documents(np.array(chars, np.float64), taken, rules)


def shares(chars: NDArray[np.float64], taken: NDArray[np.float64], *, by_chars: bool) -> NDArray[np.float64]:
    """What each rule takes of each article of a run.

    By characters it is put so that the mean over the articles is the share of all characters.
    """
    return taken / (chars.mean() if by_chars else chars[:, None])


def jumps(
    documents: Documents, drawn: NDArray[np.intp], rule: int, own: NDArray[np.intp], chance: np.random.Generator
) -> Iterator[NDArray[np.float64]]:
    """The run `drawn` as it would be if one rule took five times as much, in two ways."""
    chars = documents.chars[drawn]
    longer = documents.taken[drawn].copy()
    longer[:, rule] = np.minimum(TIMES * longer[:, rule], MOST * chars)
    yield longer
    oftener = documents.taken[drawn].copy()
    seen = documents.taken[own, rule] / documents.chars[own]
    often = (seen > 0).mean()
    is_new = (oftener[:, rule] == 0) & (chance.random(len(drawn)) < min(1, (TIMES - 1) * often / max(1 - often, 1e-9)))
    oftener[is_new, rule] = chance.choice(seen[seen > 0], is_new.sum()) * chars[is_new]
    yield oftener


class Rows:
    """Rows for the tables, gathered as columns."""

    def __init__(self) -> None:
        self.groups: list[tuple[str, int, int]] = []
        self.removals: list[tuple[str, int, str, int, float]] = []
        self.articles: list[tuple[str, str, int]] = []
        self.edits: list[tuple[str, str, int]] = []

    def add_history(self, source: str, run: int, share: NDArray[np.float64], rules: Sequence[str]) -> None:
        self.groups.append((source, run, len(share)))
        for rule in np.flatnonzero(share.any(axis=0)):
            of = share[:, rule]
            self.removals.append((source, run, rules[rule], int((of > 0).sum()), float(of.sum())))

    def add_staged(self, source: str, share: NDArray[np.float64], rules: Sequence[str]) -> None:
        for article, taken in enumerate(share):
            name = f"{source}/{article}"
            self.articles.append((name, source, _UNIT))
            self.edits += [(name, rules[rule], round(_UNIT * taken[rule])) for rule in np.flatnonzero(taken)]

    def alarms(self) -> set[tuple[str, str]]:
        """Source and rule of each alarm, by the product's views and query."""
        with duckdb.connect() as warehouse, duckdb.connect() as staged:
            make_tables(warehouse)
            make_views(warehouse)
            _insert(
                warehouse, "source_history (source, seen_at, article_count)", "c0, to_timestamp(c1), c2", self.groups
            )
            _insert(warehouse, "removal_history", "c0, to_timestamp(c1), c2, c3, c4", self.removals)
            for statement in EMPTY_TABLES.values():
                staged.execute(statement)
            for view in ("source_baselines", "removal_baselines"):
                rows = warehouse.table(view).to_arrow_table()
                staged.from_arrow(rows).insert_into(view)
            _insert(staged, "articles (article_id, source, original_chars)", "c0, c1, c2", self.articles)
            columns = "edits (article_id, rule_id, start_char, end_char, kind)"
            _insert(staged, columns, "c0, c1, 0, c2, 'widget'", self.edits)
            return set(staged.sql(FRAME).filter("is_jump").project("source, rule_id").fetchall())


def _insert(connection: duckdb.DuckDBPyConnection, into: str, columns: str, rows: Sequence[tuple[object, ...]]) -> None:
    if rows:
        given = pa.table({f"c{number}": list(column) for number, column in enumerate(zip(*rows, strict=True))})
        connection.register("given", given)
        connection.execute(f"insert into {into} select {columns} from given")


def measure(documents: Documents, of_source: int, of_run: int, *, by_chars: bool) -> str:
    """One row of the table."""
    chance = np.random.default_rng(1)
    rows, jumped = Rows(), []
    for number in range(SOURCES):
        own = chance.choice(len(documents.chars), of_source, replace=False)
        name, usual = f"s{number}", np.zeros(len(documents.rules))
        cases = []
        for run in range(RUNS):
            drawn = chance.choice(own, 20)
            share = shares(documents.chars[drawn], documents.taken[drawn], by_chars=by_chars)
            usual += share.mean(axis=0) / RUNS
            cases.append((run, share))
        drawn = chance.choice(own, of_run)
        staged = {name: documents.taken[drawn]}
        for rule in np.flatnonzero(usual >= USUAL):
            for way, taken in enumerate(jumps(documents, drawn, rule, own, chance)):
                staged[f"{name}-{rule}-{way}"] = taken
                jumped.append((f"{name}-{rule}-{way}", documents.rules[rule]))
        for source, taken in staged.items():
            rows.add_staged(source, shares(documents.chars[drawn], taken, by_chars=by_chars), documents.rules)
            for run, share in cases:
                rows.add_history(source, run, share, documents.rules)
    alarms = rows.alarms()
    false = len({source for source, _ in alarms if "-" not in source})
    return f"{false / SOURCES:8.1%} {len(alarms & set(jumped)) / max(len(jumped), 1):8.0%} of {len(jumped)}"


def main() -> None:
    """Print both measures for each size of source and run."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cleaned", type=Path, nargs="+")
    documents = read_documents(parser.parse_args().cleaned)
    print(f"{len(documents.chars)} documents, {len(documents.rules)} rules; {SOURCES} sources of each sort")
    print(f"runs with a false alarm, and jumps seen of rules that usually take {USUAL:.0%} of an article or more")
    for name, by_chars in (("mean share of an article", False), ("share of all characters", True)):
        print(f"\n{name}\n  documents of a source, articles in a run: false, seen")
        for of_source, of_run in SIZES:
            print(f"  {of_source:5} {of_run:5} {measure(documents, of_source, of_run, by_chars=by_chars)}")


if __name__ == "__main__":
    main()
