"""`winnow clean`: a filter from documents to JSON lines, in order."""

from __future__ import annotations

import io
import sys
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from datetime import UTC, datetime
from itertools import chain, islice
from pathlib import Path
from typing import cast

from flows.batches import make_batches
from flows.intake import Record
from flows.records import Cleaning, clean_to_lines
from flows.sources import Format, ReadSettings, find_files, read_documents, read_stream
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
) -> bool:
    """Print a line for each document; True when all of them became articles.

    `warehouse` is one whose templates are used too. Raises RuleError for a bad rule file, and what opening the
    warehouse raises.
    """
    reading = ReadSettings(cast("Format", input_format), max_bytes)
    settings, now = Settings(langdetect_only=langdetect_only), datetime.now(UTC)
    rule_file = read_rule_file(rules) if rules else None
    rules_of(rule_file)  # a bad file is told before anything is read
    cleaning = Cleaning(now, settings, rule_file, read_warehouse_templates(warehouse) if warehouse else NO_SOURCES)
    batches = make_batches(_read(paths, reading))
    cast("io.TextIOWrapper", sys.stdout).reconfigure(encoding="utf-8")  # JSON is UTF-8, whatever the locale says
    all_good = True
    for lines in _clean_batches(batches, workers or default_workers(), cleaning):
        for line, is_article in lines:
            sys.stdout.write(line + "\n")
            all_good = all_good and is_article
    sys.stdout.flush()
    return all_good


def _read(paths: Sequence[str], reading: ReadSettings) -> Iterator[Record]:
    for path in paths:
        if path == "-":
            yield from read_stream(sys.stdin.buffer, "stdin", reading)
        else:
            yield from read_documents(find_files([path]), reading)


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
