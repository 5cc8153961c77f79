"""Which check catches what: damage put into what a run has staged, and the checks that fail of it.

    python benchmarks/damage.py DATA [--pages 350]

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
    ("broken spans", ("update edits set start_char = start_char + 3 where hash(article_id) % 50 = 0",)),
    ("duplicated ids", ("insert into articles select * from articles where hash(article_id) % 50 = 0",)),
    ("swapped languages", ("update articles set language = 'de' where language = 'en' and hash(article_id) % 3 = 0",)),
    (
        "emptied text",
        ("update articles set text = '', text_chars = 0, text_words = 0 where hash(article_id) % 20 = 0",),
    ),
    ("scores out of range", ("update scores set value_ratio = 100 * value_ratio where hash(article_id) % 50 = 0",)),
    ("a source gone", _drop("source = 'desk-3'")),
)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("data", type=Path, help="folder with html/*.html.gz")
    parser.add_argument("--pages", type=int, default=350)
    arguments = parser.parse_args()
    pages = sorted((arguments.data / "html").glob("*.html.gz"))[: arguments.pages]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        warehouse = folder / "winnow.duckdb"
        staged, at = _stage_runs(pages, folder, warehouse)
        usual = _failed(warehouse, staged, at)
        print(f"undamaged, {len(pages) // RUNS} pages: {_names(usual) or 'nothing'}")
        missed = 0
        for damage, statements in DAMAGES:
            copy = folder / "damaged" / damage.replace(" ", "-") / "staged"
            shutil.copytree(staged, copy)
            _damage(copy, statements)
            known = {(o.check_id, o.severity, o.unexpected_sample) for o in usual}
            found = [
                o for o in _failed(warehouse, copy, at) if (o.check_id, o.severity, o.unexpected_sample) not in known
            ]
            missed += not found
            print(f"| {damage} | {_names(found) or 'NOTHING'} |", flush=True)
    sys.exit(int(missed > 0))


def _stage_runs(pages: list[Path], folder: Path, warehouse: Path) -> tuple[Path, datetime]:
    """Publish all runs but the last; the last one's staged files and start."""
    size = len(pages) // RUNS
    times = [START + timedelta(days=day) for day in range(RUNS)]
    settings = [BatchSettings(folder / f"run-{day}", at, "rules") for day, at in enumerate(times)]
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        extracted = [
            pool.submit(extract_batch, 0, tuple(map(_record, pages[day::RUNS][:size])), settings[day])
            for day in range(RUNS)
        ]
        for future in extracted:
            future.result()
    for day, (at, setting) in enumerate(zip(times, settings, strict=True)):
        find_templates(warehouse, setting.folder)
        clean_batch(0, setting)
        staged = setting.folder / "staged"
        consolidate(setting.folder / "parts", staged)
        if day < RUNS - 1:
            _compare(warehouse, staged, at)
            with connect_writer(warehouse) as connection:
                migrate(connection)
                publish(connection, staged, RunRecord(f"run-{day}", "", at, at, "rules", size), ())
    return staged, times[-1]


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


def _failed(warehouse: Path, staged: Path, at: datetime) -> list[CheckOutcome]:
    from expectations.audit import audit  # noqa: PLC0415 - Great Expectations takes seconds

    _compare(warehouse, staged, at)
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
