"""What the warehouse costs: window, load, memory, space and the latency of queries.

    python benchmarks/warehouse_cost.py [PATH...] [--articles 100000]

The documents under PATH (the samples without one) are extracted, cleaned and staged once; space is measured on them.
For the rest their staged rows are copied in SQL until there are enough articles of about 5,000 characters, each with
its own text, id and address, and published: 10,000 into a warehouse of all others, which is the window of a run.
Every figure is of this machine as it is now; the load average is printed with them.
"""

from __future__ import annotations

import argparse
import os
import resource
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from flows.batch_cuts import make_batches
from flows.batches import BatchSettings, clean_batch, extract_batch
from flows.sources import find_files, read_documents
from warehouse.connect import connect_reader, connect_writer
from warehouse.load import publish
from warehouse.migrate import migrate
from warehouse.records import RunRecord
from warehouse.snapshot import take_snapshot
from warehouse.stage import CHILDREN, STAGED_TABLES, consolidate
from warehouse.templates import find_templates

NOW = datetime(2026, 3, 1, tzinfo=UTC)
WINDOW_ARTICLES = 10_000
ARTICLE_CHARS = 5_000
QUERIES = {
    "latest": "select published_on, title, url, quality from clean_articles order by published_on desc limit 20",
    "one source": "select title, text_words from articles_by_source((select min(source) from articles)) limit 50",
    "search": "from search('harbour council') limit 10",
    "by language": "select language, count(*), sum(text_words) from clean_articles group by all",
    "flagged": "select flag, count(*) from flagged_articles group by all",
    "removal_summary": "from removal_summary order by removed_chars desc limit 20",
    "rule_effect": "from rule_effect",
    "source_scorecard": "from source_scorecard",
    "what_was_removed": "from what_was_removed('{article}')",
    "original_of": "from original_of('{article}')",
}
# A copy's text ends with words of its own: the article's words in another order, up to the length aimed at.
_COPIES = """
create table copies as
select
  article_id as base_id, input_id as base_input, copy,
  chr(10) || copy || ' ' || left(
    array_to_string(list_sort(string_split(repeat(text || ' ', 6), ' '), if(copy % 2 = 0, 'asc', 'desc')), ' '),
    greatest(0, $chars - length(text))
  ) as tail,
  sha256(original || tail) as hash, left(hash, 16) as new_id, left(md5(input_id || copy), 16) as new_input
from articles join restored_originals using (article_id), range($first, $last) as numbers (copy)
where length(text) > 200
limit $limit
"""
_ARTICLES = """
select a.* exclude (run_id) replace (
  new_id as article_id, new_input as input_id, hash as original_hash, text || tail as text,
  url || '?copy=' || copy as url,
  length(text || tail) as text_chars, original_chars + length(tail) as original_chars
)
from articles as a join copies on a.article_id = base_id
"""
_INPUTS = """
select i.* exclude (run_id) replace (
  new_input as input_id, new_id as article_id, location || copy as location, url || '?copy=' || copy as url
)
from inputs as i join copies on i.input_id = base_input
"""


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("paths", nargs="*", default=["samples"])
    parser.add_argument("--articles", type=int, default=100_000)
    given = parser.parse_args()
    print(f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    with tempfile.TemporaryDirectory(prefix="winnow-bench-") as name:
        folder = Path(name)
        base = folder / "base.duckdb"
        raw_bytes = stage_base(given.paths, folder, base)
        show_space(base, raw_bytes, folder)
        bulk = max(given.articles - WINDOW_ARTICLES, WINDOW_ARTICLES)
        copied = [stage_copies(base, folder / part, *numbers) for part, numbers in _parts(bulk).items()]
        warehouse = folder / "w.duckdb"
        for staged, run in zip(copied, ("bulk", "window"), strict=True):
            seconds = timed(lambda staged=staged, run=run: load(warehouse, staged, run))  # type: ignore[misc]
            count = duckdb.read_parquet(str(staged / "articles.parquet")).count("*").fetchall()[0][0]
            print(f"publish {run}: {count:,} articles in {seconds:.1f} s")
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
        print(f"peak memory {peak:.2f} GB; file {warehouse.stat().st_size / 1e6:,.0f} MB")
        print(f"snapshot: {timed(lambda: take_snapshot(warehouse)):.2f} s")
        show_latency(warehouse)


def _parts(bulk: int) -> dict[str, tuple[int, int]]:
    return {"bulk": (0, bulk), "window": (1_000_000, WINDOW_ARTICLES)}  # the first copy's number, and how many


def timed(work: Callable[[], object]) -> float:
    """Seconds by the clock."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def stage_base(paths: list[str], folder: Path, warehouse: Path) -> int:
    """Both steps over the documents, published into `warehouse`; returns the bytes of their payloads."""
    settings = BatchSettings(folder / "run", NOW, "rules")
    raw_bytes = 0
    batches = list(make_batches(read_documents(find_files(paths))))
    for number, batch in enumerate(batches):
        raw_bytes += sum(record.content_bytes for record in batch)
        extract_batch(str(number), batch, settings)
    find_templates(warehouse, settings.folder)
    for number in range(len(batches)):
        clean_batch(str(number), settings)
    consolidate(settings.folder / "parts", settings.folder / "staged")
    load(warehouse, settings.folder / "staged", "base")
    return raw_bytes


def load(warehouse: Path, staged: Path, run: str) -> None:
    """What a run does while it holds the warehouse: open, migrate, publish, close."""
    with connect_writer(warehouse) as connection:
        migrate(connection)
        publish(connection, staged, RunRecord(run, run, NOW, NOW, "rules", 0), ())


def stage_copies(base: Path, staged: Path, first: int, count: int) -> Path:
    """Staged files of `count` copies of the base's articles; returns their folder."""
    staged.mkdir(parents=True)
    with duckdb.connect(config={"temp_directory": str(staged / "spill"), "memory_limit": "1500MB"}) as memory:
        memory.execute("set preserve_insertion_order = false")
        memory.execute(f"attach '{base}' as base (read_only); use base")
        copies = _COPIES.replace("create table copies", "create table memory.copies")
        memory.execute(copies, {"chars": ARTICLE_CHARS, "first": first, "last": first + count, "limit": count})
        queries = {"articles": _ARTICLES, "inputs": _INPUTS, "quarantine": "from quarantine where false"} | {
            child: f"select t.* replace (new_id as article_id) from {child} as t join copies on t.article_id = base_id"
            for child in CHILDREN
        }
        for table, _ in STAGED_TABLES:
            query = queries[table].replace("join copies", "join memory.copies")
            memory.sql(query).write_parquet(str(staged / f"{table}.parquet"), compression="zstd")
        memory.table("templates").project("* exclude (is_active, switched_off_at, switched_off_reason)").write_parquet(
            str(staged / "templates.parquet")
        )
    return staged


def show_space(warehouse: Path, raw_bytes: int, folder: Path) -> None:
    """Bytes an article of the whole file, against the raw payloads and the originals, plain and as zstd Parquet."""
    with duckdb.connect(warehouse) as connection:
        connection.execute("checkpoint")
        originals = folder / "originals.parquet"
        connection.table("restored_originals").write_parquet(str(originals), compression="zstd")
        count, text = connection.execute("select count(*), sum(strlen(original)) from restored_originals").fetchall()[0]
        blocks = connection.execute("select used_blocks * block_size from pragma_database_size()").fetchall()[0][0]
    print(
        f"space, {count:,} articles, bytes each: payloads {raw_bytes / count:,.0f}, original {text / count:,.0f}, "
        f"that as zstd Parquet {originals.stat().st_size / count:,.0f}, warehouse {blocks / count:,.0f}"
    )
    print(f"  warehouse / payloads {blocks / raw_bytes:.2f}, / original text {blocks / text:.2f}")


def show_latency(warehouse: Path) -> None:
    """Seconds of each query, the second time of two."""
    with connect_reader(warehouse) as connection:
        article = connection.execute("select min(article_id) from articles").fetchall()[0][0]
        for name, query in QUERIES.items():
            asked = query.format(article=article)
            seconds = [timed(lambda asked=asked: connection.execute(asked).fetchall()) for _ in range(2)]  # type: ignore[misc]
            print(f"query {name}: {seconds[1]:.2f} s")


if __name__ == "__main__":
    main()
