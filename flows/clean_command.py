"""`winnow clean`: a filter from documents to JSON lines, in order."""

from __future__ import annotations

import io
import sys
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, cast

from flows.batch_cuts import make_batches
from flows.inbox import EVERYTHING, Selection, find_files
from flows.intake import Record
from flows.record_fields import parse_columns
from flows.records import Cleaning, clean_to_lines
from flows.sources import Format, ReadSettings, read_documents, read_stream
from flows.user_rules import read_rule_file, rules_of
from flows.watch import DEFAULT_BOUNDS, Bounds
from flows.watched_pool import WatchedPool
from flows.workers import default_workers

if TYPE_CHECKING:  # the workers' to load
    from transforms.templates import TemplatesBySource

_Lines = tuple[tuple[str, bool], ...]


def clean_to_stdout(
    paths: Sequence[str],
    *,
    input_format: str,
    workers: int,
    max_bytes: int,
    langdetect_only: bool,
    rules: str = "",
    warehouse: Path | None = None,
    bounds: Bounds = DEFAULT_BOUNDS,
    selection: Selection = EVERYTHING,
    columns: Sequence[str] = (),
) -> bool:
    """Print a line for each document; True when all of them became articles.

    `warehouse` is one whose templates are used too, `bounds` what one document may take. What is left out of folders
    and files is told on standard error. Raises RuleError for a bad rule file, ColumnsError for bad columns, and what
    opening the warehouse raises.
    """
    reading = ReadSettings(cast("Format", input_format), max_bytes, parse_columns(columns))
    rule_file = read_rule_file(rules) if rules else None
    if rule_file:
        rules_of(rule_file)  # a bad file is told before anything is read
    cleaning = Cleaning(datetime.now(UTC), langdetect_only, rule_file, _templates_of(warehouse))
    left_out: Counter[str] = Counter()
    batches = make_batches(_read(paths, reading, selection, left_out))
    cast("io.TextIOWrapper", sys.stdout).reconfigure(encoding="utf-8")  # JSON is UTF-8, whatever the locale says
    all_good = True
    for lines in _clean_batches(batches, workers or default_workers(), cleaning, bounds):
        for line, is_article in lines:
            sys.stdout.write(line + "\n")
            all_good = all_good and is_article
    sys.stdout.flush()
    if left_out:
        reasons = ", ".join(f"{reason} {count}" for reason, count in sorted(left_out.items()))
        print(f"winnow: left out: {reasons}", file=sys.stderr)
    return all_good


def _templates_of(warehouse: Path | None) -> TemplatesBySource:
    if warehouse is None:
        return {}
    from flows.templates_in_use import read_warehouse_templates  # noqa: PLC0415 - masks and DuckDB come with it

    return read_warehouse_templates(warehouse)


def _read(
    paths: Sequence[str], reading: ReadSettings, selection: Selection, left_out: Counter[str]
) -> Iterator[Record]:
    for path in paths:
        if path == "-":
            yield from read_stream(sys.stdin.buffer, "stdin", reading, left_out)
        else:
            found = find_files([path], selection)
            left_out.update(found.left_out)
            yield from read_documents(found.files, reading, left_out)


def _clean_batches(
    batches: Iterator[tuple[Record, ...]], workers: int, cleaning: Cleaning, bounds: Bounds
) -> Iterator[_Lines]:
    """In worker processes, one batch too: only what runs elsewhere can be stopped. A bounded number is under way."""
    pool = WatchedPool(workers, bounds)
    under_way: deque[Future[_Lines]] = deque()
    try:
        for batch in batches:
            under_way.append(pool.submit(partial(clean_to_lines, batch, cleaning)))
            if len(under_way) > 2 * workers:
                yield under_way.popleft().result()
        while under_way:
            yield under_way.popleft().result()
    finally:
        pool.close()
