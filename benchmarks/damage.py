"""Which check catches what: damage put into what a run has staged, and the checks that fail of it.

    python benchmarks/damage.py DATA [--pages 350] [--workers 2]

The first pages of DATA/html, dealt out, become seven runs over six sources, one a day. Six of them are published, so
that there is a history to compare with; the seventh is audited as it is, and once for each damage. What nothing catches
is a missing check, and makes the exit code 1. Checks that fail on the undamaged run are left out of the others' lines.
"""

from __future__ import annotations

import argparse
import gzip
import shutil
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from pathlib import Path

import duckdb

from expectations.outcome import CheckOutcome
from flows.batches import BatchSettings, clean_batch, extract_batch
from flows.intake import Facts, Origin, Record, make_document
from warehouse.connect import connect_writer
from warehouse.history import stage_baselines
from warehouse.load import publish
from warehouse.migrate import migrate
from warehouse.records import RunRecord
from warehouse.run_history import stage_comparison
from warehouse.stage import CHILDREN, consolidate
from warehouse.templates import find_templates

RUNS = 7
START = datetime(2026, 11, 2, 9, tzinfo=UTC)
_DROP = (
    "delete from inputs where {which}",
    "delete from articles where input_id not in (select input_id from inputs)",
    "delete from quarantine where input_id not in (select input_id from inputs)",
    *(f"delete from {child} where article_id not in (select article_id from articles)" for child in CHILDREN),
    "delete from inputs where fate = 'duplicate' and article_id not in (select article_id from articles)",
)


def _drop(which: str) -> tuple[str, ...]:
    return tuple(statement.format(which=which) for statement in _DROP)


DAMAGES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("nulls", ("update articles set text = null where hash(article_id) % 20 = 0",)),
    ("nulls in another column", ("update articles set source = null where hash(article_id) % 20 = 0",)),
    ("shuffled columns", ("update articles set title = author, author = url, url = title",)),
    (
        "shuffled rows of a column",
        (
            """create or replace table shuffled as
            select a.article_id, b.title
            from (select article_id, row_number() over (order by article_id) as n from articles) as a
            join (select title, row_number() over (order by hash(article_id)) as n from articles) as b using (n)""",
            "update articles set title = s.title from shuffled as s where s.article_id = articles.article_id",
        ),
    ),
    ("halved volume", _drop("hash(input_id) % 2 = 0")),
    (
        "future dates",
        (
            "update articles set published_on = published_on + interval 3 years where hash(article_id) % 10 = 0",
            """update date_candidates set date_text = (date_text[:4]::int + 3) || date_text[5:]
            where hash(article_id) % 10 = 0""",
        ),
    ),
    ("broken spans", ("update edits set start_char = start_char + 3 where hash(article_id) % 10 = 0",)),
    ("duplicated ids", ("insert into articles select * from articles where hash(article_id) % 10 = 0",)),
    ("swapped languages", ("update articles set language = 'de' where language = 'en' and hash(article_id) % 3 = 0",)),
    (
        "emptied text",
        ("update articles set text = '', text_chars = 0, text_words = 0 where hash(article_id) % 20 = 0",),
    ),
    ("scores out of range", ("update scores set value_ratio = 100 * value_ratio where hash(article_id) % 10 = 0",)),
    ("a source gone", _drop("source = 'desk-3'")),
)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("data", type=Path, help="folder with html/*.html.gz")
    parser.add_argument("--pages", type=int, default=350)
    parser.add_argument("--workers", type=int, default=2)
    arguments = parser.parse_args()
    pages = sorted((arguments.data / "html").glob("*.html.gz"))[: arguments.pages]
    if len(pages) < RUNS:
        parser.error(f"{arguments.data}/html has {len(pages)} pages (*.html.gz), {RUNS} runs need one each")
    with (
        tempfile.TemporaryDirectory() as name,
        ProcessPoolExecutor(arguments.workers, mp_context=get_context("spawn")) as pool,
    ):
        sys.exit(_show(pages, Path(name), pool))


def _show(pages: list[Path], folder: Path, pool: ProcessPoolExecutor) -> int:
    warehouse = folder / "winnow.duckdb"
    *before, (staged, at) = _stage_runs(pages, folder, pool)
    _publish(warehouse, before)
    copies = [folder / "damaged" / str(number) / "staged" for number in range(len(DAMAGES) + 1)]
    for copy, (_, statements) in zip(copies, (("", ()), *DAMAGES), strict=True):
        shutil.copytree(staged, copy)
        _damage(copy, statements)
        _compare(warehouse, copy, at)
    usual, *damaged = pool.map(_failed, copies, [at] * len(copies))
    print(f"undamaged, {len(pages) // RUNS} pages: {_names(usual) or 'nothing'}\n\n| damage | caught by |\n|---|---|")
    known = {(o.check_id, o.severity, o.unexpected_sample) for o in usual}
    missed = 0
    for (damage, _), outcomes in zip(DAMAGES, damaged, strict=True):
        found = [o for o in outcomes if (o.check_id, o.severity, o.unexpected_sample) not in known]
        missed += not found
        print(f"| {damage} | {_names(found) or 'NOTHING'} |", flush=True)
    return int(missed > 0)


def _stage_runs(pages: list[Path], folder: Path, pool: ProcessPoolExecutor) -> list[tuple[Path, datetime]]:
    """Stage all runs; the staged files and the start of each."""
    times = [START + timedelta(days=day) for day in range(RUNS)]
    folders = [folder / f"run-{day}" for day in range(RUNS)]
    futures = [
        pool.submit(_stage, tuple(pages[day::RUNS]), run, at)
        for day, (run, at) in enumerate(zip(folders, times, strict=True))
    ]
    return [(future.result(), at) for future, at in zip(futures, times, strict=True)]


def _stage(pages: tuple[Path, ...], folder: Path, at: datetime) -> Path:
    settings = BatchSettings(folder, at, "rules")
    if not settings.extracted("pages").exists():
        extract_batch("pages", tuple(map(_record, pages)), settings)
    find_templates(folder / "none.duckdb", folder)
    clean_batch("pages", settings)
    consolidate(folder / "parts", folder / "staged")
    return folder / "staged"


def _publish(warehouse: Path, runs: list[tuple[Path, datetime]]) -> None:
    for day, (staged, at) in enumerate(runs):
        _compare(warehouse, staged, at)
        with connect_writer(warehouse) as connection:
            migrate(connection)
            publish(connection, staged, RunRecord(f"run-{day}", "", at, at, "rules", 1), ())


def _record(path: Path) -> Record:
    """A page of one of six sources; its own address would make it a source alone."""
    number = int(path.name.partition(".")[0])
    html = gzip.decompress(path.read_bytes()).replace(b"canonical", b"other").replace(b"og:url", b"og:other")
    facts = Facts(id=f"{number:04d}", source=f"desk-{number % 6}")
    return make_document(Origin(f"/in/{number:04d}.html", f"{number:04d}.html", "desk"), facts, html, "text/html")


def _compare(warehouse: Path, staged: Path, at: datetime) -> None:
    stage_comparison(warehouse, staged, at)
    stage_baselines(warehouse, staged)


def _damage(staged: Path, statements: tuple[str, ...]) -> None:
    tables = ("inputs", "articles", "quarantine", *CHILDREN)
    with duckdb.connect() as memory:
        for table in tables:
            memory.read_parquet(str(staged / f"{table}.parquet")).create(table)
        for statement in statements:
            memory.execute(statement)
        for table in tables:
            memory.table(table).write_parquet(str(staged / f"{table}.parquet"))


def _failed(staged: Path, at: datetime) -> list[CheckOutcome]:
    from expectations.audit import audit  # noqa: PLC0415 - Great Expectations takes seconds

    return [outcome for outcome in audit(staged, at.date()) if not outcome.is_success]


def _names(outcomes: list[CheckOutcome]) -> str:
    order = {"critical": 0, "warning": 1, "info": 2}
    return ", ".join(
        f"{o.severity} `{o.check_id}` ({o.unexpected_count})" + _words(o)
        for o in sorted(outcomes, key=lambda o: (order[o.severity], o.check_id))
    )


def _words(outcome: CheckOutcome) -> str:
    return f" {outcome.unexpected_sample}" if outcome.suite in {"run_history", "removal_history"} else ""


if __name__ == "__main__":
    main()
