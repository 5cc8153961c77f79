"""What the warehouse costs: window, load, memory, space and the latency of queries.

    python benchmarks/warehouse_cost.py [PATH...] [--articles 100000]    # takes minutes, and 3 GB of disk

The documents under PATH (the samples without one) are extracted, cleaned and staged once; space is measured on them.
For the rest their staged rows are copied in SQL until there are enough articles of about 5,000 characters, each with
its own text, id and address, and published: 10,000 into a warehouse of all others, which is the window of a run; into a
plain file and into a DuckLake.
It is not called warehouse.py: a script's folder comes first on sys.path, and would hide the package of that name.
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
from functools import partial
from pathlib import Path

import duckdb

from flows.batch_cuts import make_batches
from flows.batches import BatchSettings, clean_batch, extract_batch
from flows.inbox import find_files
from flows.sources import read_documents
from warehouse.connect import connect_reader, connect_writer
from warehouse.load import publish
from warehouse.migrate import migrate
from warehouse.records import RunRecord
from warehouse.search import stage_index
from warehouse.snapshot import take_snapshot
from warehouse.stage import CHILDREN, STAGED_TABLES, consolidate
from warehouse.templates import find_templates

NOW = datetime(2026, 3, 1, tzinfo=UTC)
WINDOW_ARTICLES = 10_000
ARTICLE_CHARS = 5_000
AIMS = {"bulk": "60 s for 100,000", "window": "2 s", "search": "2 s at 1,000,000", "query": "1 s at 1,000,000"}
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
# A copy's text ends with the article's text from another place on, up to the length aimed at.
_COPIES = """
create table copies as
select
  article_id as base_id, input_id as base_input, copy,
  chr(10) || copy || ' ' || substr(
    repeat(text || ' ', 25), (copy * 97 % length(text))::bigint, greatest(0, $chars - length(text))
  ) as tail,
  sha256(original || tail) as hash, left(hash, 16) as new_id, left(md5(input_id || copy), 16) as new_input
from articles join restored_originals using (article_id), range($first, $first + $copies) as numbers (copy)
where length(text) > 200
order by copy
limit $count
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
select i.* exclude (run_id, seen_at) replace (
  new_input as input_id, new_id as article_id, location || copy as location, url || '?copy=' || copy as url
)
from inputs as i join copies on i.input_id = base_input
"""
# What is made of a text is another one in every copy, or all copies would be near-duplicates, and small.
_SIGNATURE = "list_transform(signature, lambda value: (hash(value, copy) & 4294967295)::uinteger) as signature"
_VARIED = {
    "article_signatures": (_SIGNATURE,),
    "text_signatures": (_SIGNATURE, "hash(text_hash, copy) as text_hash"),
    "line_fingerprints": tuple(
        f"if({name} is null, null, hash({name}, copy)) as {name}"
        for name in ("text_fingerprint", "frame_fingerprint", "line_fingerprint")
    ),
}


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("paths", nargs="*", default=["samples"])
    parser.add_argument("--articles", type=int, default=100_000)
    given = parser.parse_args()
    bulk = max(given.articles - WINDOW_ARTICLES, WINDOW_ARTICLES)
    parts = {"bulk": (0, bulk), "window": (1_000_000, WINDOW_ARTICLES)}  # the first copy's number, and how many
    print(f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores; wall-clock and processor seconds\n")
    with tempfile.TemporaryDirectory(prefix="winnow-bench-") as name:
        folder = Path(name)
        base = folder / "base.duckdb"
        raw_bytes = stage_base(given.paths, folder, base)
        show_space(base, raw_bytes, folder)
        for part, numbers in parts.items():
            show(f"stage and index {numbers[1]:,}", timed(partial(stage_copies, base, folder / part, *numbers)))
        for warehouse in (folder / "w.duckdb", Path(f"ducklake:sqlite:{folder}/lake.sqlite")):
            kind = "file" if warehouse.suffix == ".duckdb" else "lake"
            for part, (_, count) in parts.items():
                took = timed(partial(load, warehouse, folder / part, part))
                show(f"{kind}: publish {count:,} into {0 if part == 'bulk' else bulk:,}", took, AIMS.get(part, ""))
            for query, took in latencies(warehouse).items():
                show(f"{kind}: {query}", took, AIMS.get(query, AIMS["query"]))
        show("snapshot", timed(lambda: take_snapshot(folder / "w.duckdb")))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
        print(f"{'peak memory':44} {peak:8.2f} GB            aim 2 GB")
        size = (folder / "w.duckdb").stat().st_size
        print(f"{'file':44} {size / 1e6:8,.0f} MB")


def show(what: str, took: tuple[float, float], aim: str = "") -> None:
    """One line of the table."""
    print(f"{what:44} {took[0]:8.2f} s {took[1]:8.2f} s  {aim and f'aim {aim}'}", flush=True)


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds by the clock, and of processors."""
    began = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - began[0], time.process_time() - began[1]


def stage_base(paths: list[str], folder: Path, warehouse: Path) -> int:
    """Both steps over the documents, published into `warehouse`; returns the bytes of their payloads."""
    settings = BatchSettings(folder / "run", NOW, "rules")
    raw_bytes = 0
    batches = list(make_batches(read_documents(find_files(paths).files)))
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
        long_ones = memory.execute("select count(*) from articles where length(text) > 200").fetchall()[0][0]
        numbers = {"first": first, "copies": count // long_ones + 1, "count": count}
        memory.execute(copies, {"chars": ARTICLE_CHARS, **numbers})
        queries = {
            "articles": _ARTICLES,
            "inputs": _INPUTS,
            "quarantine": "select * exclude (run_id, quarantined_at) from quarantine where false",
        } | {
            child: f"select t.* replace ({', '.join(('new_id as article_id', *_VARIED.get(child, ())))}) "
            f"from {child} as t join copies on t.article_id = base_id"
            for child in CHILDREN
        }
        for table, _ in STAGED_TABLES:
            query = queries[table].replace("join copies", "join memory.copies")
            memory.sql(query).write_parquet(str(staged / f"{table}.parquet"), compression="zstd")
        memory.execute("use memory")
        stage_index(memory, staged)
        memory.execute("use base")
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


def latencies(warehouse: Path) -> dict[str, tuple[float, float]]:
    """Seconds of each query, the second time of two."""
    with connect_reader(warehouse) as connection:
        article = connection.execute("select min(article_id) from articles").fetchall()[0][0]
        asked = {name: query.format(article=article) for name, query in QUERIES.items()}
        return {
            name: [timed(lambda q=q: connection.execute(q).fetchall()) for _ in range(2)][1]
            for name, q in asked.items()
        }  # type: ignore[misc]


if __name__ == "__main__":
    main()
