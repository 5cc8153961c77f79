"""`winnow clean`: a filter from documents to JSON lines, in order."""

from __future__ import annotations

import io
import sys
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from datetime import UTC, datetime
from itertools import chain, islice
from pathlib import Path
from typing import cast

from flows.batches import make_batches
from flows.inbox import EVERYTHING, Selection, find_files
from flows.intake import Record
from flows.record_fields import parse_columns
from flows.records import Cleaning, clean_to_lines
from flows.sources import Format, ReadSettings, read_documents, read_stream
from flows.templates_in_use import read_warehouse_templates
from flows.user_rules import read_rule_file, rules_of
from flows.workers import default_workers, make_workers, warm_up
from transforms.pipeline import Settings
from transforms.templates import NO_SOURCES

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
    selection: Selection = EVERYTHING,
    columns: Sequence[str] = (),
) -> bool:
    """Print a line for each document; True when all of them became articles.

    `warehouse` is one whose templates are used too. What is left out of folders and files is told on standard error.
    Raises RuleError for a bad rule file, ColumnsError for bad columns, and what opening the warehouse raises.
    """
    reading = ReadSettings(cast("Format", input_format), max_bytes, parse_columns(columns))
    settings, now = Settings(langdetect_only=langdetect_only), datetime.now(UTC)
    rule_file = read_rule_file(rules) if rules else None
    rules_of(rule_file)  # a bad file is told before anything is read
    cleaning = Cleaning(now, settings, rule_file, read_warehouse_templates(warehouse) if warehouse else NO_SOURCES)
    left_out: Counter[str] = Counter()
    batches = make_batches(_read(paths, reading, selection, left_out))
    cast("io.TextIOWrapper", sys.stdout).reconfigure(encoding="utf-8")  # JSON is UTF-8, whatever the locale says
    all_good = True
    for lines in _clean_batches(batches, workers or default_workers(), cleaning):
        for line, is_article in lines:
            sys.stdout.write(line + "\n")
            all_good = all_good and is_article
    sys.stdout.flush()
    if left_out:
        reasons = ", ".join(f"{reason} {count}" for reason, count in sorted(left_out.items()))
        print(f"winnow: left out: {reasons}", file=sys.stderr)
    return all_good


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


def _clean_batches(batches: Iterator[tuple[Record, ...]], workers: int, cleaning: Cleaning) -> Iterator[_Lines]:
    """One batch, or one worker: here. More: worker processes, with a bounded number of batches under way."""
    first = tuple(islice(batches, 2))
    if workers == 1 or len(first) < 2:
        warm_up()
        for batch in chain(first, batches):
            yield clean_to_lines(batch, cleaning)
        return
    with make_workers(workers) as pool:
        under_way: deque[Future[_Lines]] = deque()
        for batch in chain(first, batches):
            under_way.append(pool.submit(clean_to_lines, batch, cleaning))
            if len(under_way) > 2 * workers:
                yield under_way.popleft().result()
        while under_way:
            yield under_way.popleft().result()
