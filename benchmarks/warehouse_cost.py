"""What the warehouse costs: window, load, memory, space and the latency of queries.

    python benchmarks/warehouse_cost.py [PATH...] [--articles 100000] [--folder DIR] [--lake]

The documents under PATH (the samples without one) are extracted, cleaned and staged once. Their staged rows are copied
in SQL until there are 100,000 articles of about 5,000 characters (of texts of 2,000 to 8,000), each with its own text,
id, address, signature and fingerprints; more are these under other ids, with a line more, their originals not rebuilt
again but noted as verified. They are published 100,000 at a time, and then 10,000 into a warehouse of all others, which
is the window of a run: by a process of its own, whose peak memory is shown. 100,000 take ten minutes and 3 GB of disk,
a million half an hour and 15 GB. It is not called warehouse.py: a script's folder comes first on sys.path, and would
hide the package of that name. Every figure is of this machine as it is now; the load average is printed with them.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import duckdb

from flows.batch_cuts import make_batches
from flows.batches import BatchSettings, clean_batch, extract_batch
from flows.inbox import find_files
from flows.sources import read_documents
from warehouse.connect import connect_reader, connect_writer
from warehouse.invariants import note_soundness
from warehouse.lake import is_lake
from warehouse.load import publish
from warehouse.migrate import migrate
from warehouse.records import RunRecord
from warehouse.search import stage_index
from warehouse.snapshot import take_snapshot
from warehouse.stage import CHILDREN, consolidate
from warehouse.templates import find_templates
from warehouse.text_links import find_links
from warehouse.verify import stage_verified

NOW = datetime(2026, 3, 1, tzinfo=UTC)
BLOCK_BYTES = 262_144
WINDOW_ARTICLES = 10_000
CHUNK_ARTICLES = 100_000
ARTICLE_CHARS = 5_000
AIMS = {"bulk": "60 s for 100,000", "window": "2 s", "search": "2 s", "query": "1 s"}
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
_BLOCKS = "select list_append(additional_block_ids, block_id) from pragma_storage_info('{table}') where block_id >= 0"
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
where length(text) between $chars * 0.4 and $chars * 1.6
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
_SIGNATURE = "[(hash(each, copy) & 255)::utinyint for each in signature] as signature"
_VARIED = {
    # Taken in on another day than the rest, where it is the window's run (copies from 1,000,000 on).
    "article_signatures": (_SIGNATURE, "seen_at + to_days(if(copy::integer < 1000000, 0, 1000)) as seen_at"),
    "text_signatures": (_SIGNATURE, "hash(text_hash, copy) as text_hash"),
    "article_fingerprints": tuple(
        f"[if(each = 0, 0, hash(each, copy) & 4294967295)::uinteger for each in {name}] as {name}"
        for name in ("texts", "frames")
    ),
}
# The same for a whole chunk, of which only ids, addresses and the end of the text are new.
_AGAIN = {
    "article_signatures": (_SIGNATURE, "seen_at + to_days(copy::integer) as seen_at"),
    "articles": (
        "left(md5(input_id || copy), 16) as input_id", "url || '&chunk=' || copy as url",
        "text || chr(10) || copy as text", "sha256(original_hash || copy) as original_hash",
    ),
    "inputs": (
        "left(md5(input_id || copy), 16) as input_id", "location || '-' || copy as location",
        "url || '&chunk=' || copy as url",
    ),
}  # fmt: skip
_AS_THEY_ARE = ("search_postings", "signal_layouts", "score_layouts", "quarantine", "templates")


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("paths", nargs="*", default=["samples"])
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--folder", type=Path, help="where the files go and stay; what is staged there is used again")
    parser.add_argument("--lake", action="store_true", help="the same with a DuckLake")
    given = parser.parse_args()
    print(f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores; wall-clock and processor seconds\n")
    with tempfile.TemporaryDirectory(prefix="winnow-bench-") as name:
        folder = given.folder or Path(name)
        folder.mkdir(exist_ok=True)
        base = folder / "base.duckdb"
        if not base.exists():
            raw_bytes = stage_base(given.paths, folder, base)
            show_space(base, raw_bytes, folder)
        measure(folder, base, folder / "w.duckdb", given.articles)
        if given.lake:
            measure(folder, base, Path(f"ducklake:sqlite:{folder}/lake.sqlite"), given.articles)


def measure(folder: Path, base: Path, warehouse: Path, articles: int) -> None:
    """Publish chunk by chunk, then the window, then ask."""
    kind = "lake" if is_lake(warehouse) else "file"
    chunk = min(articles, CHUNK_ARTICLES)
    peaks = []
    for number in range(-(-articles // chunk)):
        staged = folder / f"chunk-{number}"
        if not number and not staged.exists():
            show(f"stage and index {chunk:,}", timed(partial(stage_copies, base, staged, 0, chunk)))
        elif number:
            vary_chunk(folder / "chunk-0", staged, number)
        peaks.append(publish_chunk(kind, warehouse, staged, f"{chunk:,} into {number * chunk:,}", AIMS["bulk"]))
        if number:
            shutil.rmtree(staged)
    window = folder / "window"
    if not window.exists():
        stage_copies(base, window, 1_000_000, WINDOW_ARTICLES)
    peaks.append(publish_chunk(kind, warehouse, window, f"{WINDOW_ARTICLES:,} into {articles:,}", AIMS["window"]))
    print(f"{f'{kind}: peak memory of a publish':48} {max(peaks):8.2f} GB            aim 2 GB")
    for query, took in latencies(warehouse).items():
        show(f"{kind}: {query}", took, AIMS.get(query, AIMS["query"]))
    if kind == "file":
        show("snapshot", timed(lambda: take_snapshot(warehouse)))
        show_tables(warehouse)


def publish_chunk(kind: str, warehouse: Path, staged: Path, what: str, aim: str) -> float:
    """Show what a publish takes before and while it holds the warehouse; returns the peak memory, GB."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
        before, held, peak = process.submit(publish_staged, warehouse, staged).result()
    show(f"{kind}: before the window, {what}", before)
    show(f"{kind}: publish {what}", held, aim)
    return peak


def publish_staged(warehouse: Path, staged: Path) -> tuple[tuple[float, float], tuple[float, float], float]:
    """Seconds before the window and within it, as `timed` gives them, and the peak memory of this process in GB."""

    def prepare() -> None:
        find_links(warehouse, staged)
        note_soundness(warehouse, staged)

    before = timed(prepare)
    held = timed(lambda: load(warehouse, staged, staged.name))
    return before, held, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6


def show(what: str, took: tuple[float, float], aim: str = "") -> None:
    """One line of the table."""
    print(f"{what:48} {took[0]:8.2f} s {took[1]:8.2f} s  {aim and f'aim {aim}'}", flush=True)


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


def stage_copies(base: Path, staged: Path, first: int, count: int) -> None:
    """Stage `count` copies of the base's articles, from copy `first` on, whole or not at all."""
    unfinished = staged.with_name(f"{staged.name}.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(parents=True)
    with duckdb.connect(config={"temp_directory": str(unfinished / "spill"), "memory_limit": "1500MB"}) as memory:
        memory.execute("set preserve_insertion_order = false")
        memory.execute(f"attach '{base}' as base (read_only); use base")
        copies = _COPIES.replace("create table copies", "create table memory.copies")
        long_ones = "select count(*) from articles where length(text) between $chars * 0.4 and $chars * 1.6"
        sources = memory.execute(long_ones, {"chars": ARTICLE_CHARS}).fetchall()[0][0]
        numbers = {"first": first, "copies": count // sources + 1, "count": count}
        memory.execute(copies, {"chars": ARTICLE_CHARS, **numbers})
        queries = {
            "articles": _ARTICLES,
            "inputs": _INPUTS,
            "quarantine": "select * exclude (run_id, quarantined_at) from quarantine where false",
            "signal_layouts": "from signal_layouts",
            "score_layouts": "from score_layouts",
            "templates": "select * exclude (is_active, switched_off_at, switched_off_reason) from templates",
        } | {
            child: f"select t.* replace ({', '.join(('new_id as article_id', *_VARIED.get(child, ())))}) "
            f"from {child} as t join copies on t.article_id = base_id"
            for child in CHILDREN
        }
        for table, query in queries.items():
            rows = memory.sql(query.replace("join copies", "join memory.copies"))
            rows.write_parquet(str(unfinished / f"{table}.parquet"), compression="zstd")
        memory.execute("use memory")
        stage_index(memory, unfinished)
    stage_verified(unfinished)
    unfinished.rename(staged)


def vary_chunk(chunk: Path, staged: Path, number: int) -> None:
    """Stage the articles of a chunk once more, as others."""
    staged.mkdir()
    with duckdb.connect(config={"memory_limit": "1500MB", "temp_directory": str(staged / "vary.spill")}) as memory:
        memory.execute("set preserve_insertion_order = false")
        for name in _AS_THEY_ARE:
            shutil.copy(chunk / f"{name}.parquet", staged)
        for table in ("articles", "inputs", "search_articles", *CHILDREN):
            varied = _AGAIN.get(table) or _VARIED.get(table, ())
            new = ("left(md5(article_id || copy), 16) as article_id", *varied)
            rows = f"(select *, '{number}' as copy from '{chunk / f'{table}.parquet'}')"
            query = f"select * exclude (copy) replace ({', '.join(new)}) from {rows}"
            memory.sql(query).write_parquet(str(staged / f"{table}.parquet"), compression="zstd")
        memory.sql(
            f"""
            select v.* replace (a.article_id as article_id, hash(a.text, a.original_hash) as text_digest)
            from '{chunk / "verified.parquet"}' as v
            join '{staged / "articles.parquet"}' as a on a.article_id = left(md5(v.article_id || '{number}'), 16)
            """
        ).write_parquet(str(staged / "verified.parquet"))


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


def show_tables(warehouse: Path) -> None:
    """Bytes of each large table in the file, beside the bytes of the clean text."""
    with duckdb.connect(warehouse, read_only=True) as connection:
        count, text = connection.execute("select count(*), sum(strlen(text)) from articles").fetchall()[0]
        tables = connection.execute("select table_name from duckdb_tables() where not internal").fetchall()
        sizes = {
            table: len({b for ids in connection.execute(_BLOCKS.format(table=table)).fetchall() for b in ids[0]})
            for (table,) in tables
        }
    file = warehouse.stat().st_size
    print(
        f"{'file':48} {file / 1e6:8,.0f} MB, {file / text:.3f} of the clean text ({text / count:,.0f} bytes an article)"
    )
    for table, blocks in sorted(sizes.items(), key=lambda pair: -pair[1]):
        if blocks > 20:
            print(f"  {table:46} {blocks * BLOCK_BYTES / 1e6:8,.0f} MB, {blocks * BLOCK_BYTES / text:.3f}")


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
