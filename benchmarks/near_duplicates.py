"""Near-duplicates at scale: seconds, memory and window, and how many of the planted copies are found.

    python benchmarks/near_duplicates.py [--articles 100000] [--workers 2]

Made-up articles of about 5,000 characters, words drawn as in prose (Zipf), so that unrelated ones share phrases. A
fifth are copies of another: the same words in other case, a run of 2, 5 or 10 % of the words replaced, 1 % of the words
replaced here and there, or the last 15 % cut off. As many are near misses: 30 % replaced, or half cut off. Recall is
the share of the planted pairs that are linked among those whose Jaccard similarity is 0.8 or more, precision the share
of the links that join a planted family and are 0.8 like; both are counted in full with plain Python sets.

Signatures are made in worker processes, as a run does; then a run links and publishes all at once into an empty
warehouse, and 1,000 more articles follow, half of them copies, as a second run. Every time is of this machine as it is
now; the load average and the seconds of processors, which others' work hardly changes, are printed with them.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from itertools import combinations, pairwise
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from transforms.near_duplicates import LEAST_SIMILARITY, sign_text
from warehouse.connect import connect_writer
from warehouse.load import publish
from warehouse.migrate import make_tables, migrate
from warehouse.records import RunRecord
from warehouse.stage import STAGED_TABLES
from warehouse.text_links import find_links

NOW = datetime(2026, 3, 1, tzinfo=UTC)
WORDS_EACH = 850
LATER_ARTICLES = 1_000
SAMPLED_ARTICLES = 10_000  # whose planted pairs are counted in full
_CHUNK = 500
_VOCABULARY = [
    "".join(random.Random(n).choice("bdfglmnprst") + random.Random(n * 7 + k).choice("aeiou") for k in range(1 + n % 4))
    + str(n % 7 or "")
    for n in range(30_000)
]
_WEIGHTS = np.cumsum(1 / (np.arange(len(_VOCABULARY)) + 3))
KINDS = ("same", "run 2 %", "run 5 %", "run 10 %", "scattered 1 %", "cut 15 %", "run 30 %", "cut 50 %")


def words_of_article(number: int) -> list[str]:
    """The words of an article of its own, the same for the same number."""
    drawn = np.random.default_rng(number).random(WORDS_EACH) * _WEIGHTS[-1]
    return [_VOCABULARY[place] for place in np.searchsorted(_WEIGHTS, drawn).tolist()]


def copied(words: list[str], kind: str, seed: int) -> list[str]:
    """A copy with the edit that `kind` names."""
    chosen, count = random.Random(seed), len(words)
    edit, _, share = kind.partition(" ")
    size = round(count * float(share.removesuffix(" %")) / 100) if share else 0
    others = words_of_article(2**32 + seed)
    if edit == "run":
        start = chosen.randrange(count - size)
        return words[:start] + others[:size] + words[start + size :]
    if edit == "scattered":
        places = set(chosen.sample(range(count), size))
        return [others[place] if place in places else word for place, word in enumerate(words)]
    return [word.upper() for word in words] if edit == "same" else words[: count - size]


def article(number: int) -> tuple[str, int, str]:
    """How it was copied, the number of its original (else its own), and its text. Of ten articles four are copies."""
    place = number % 10
    base = number - place if place in {1, 2, 3, 4} else number
    words = words_of_article(base)
    kind = ""
    if base != number:
        kind = KINDS[(number // 10 * 2 + place) % 6] if place <= 2 else KINDS[6 + place % 2]
        words = copied(words, kind, number)
    return kind, base, ". ".join(" ".join(words[start : start + 17]) for start in range(0, len(words), 17)) + "."


def staged_rows(first: int) -> list[tuple[str, str, int, list[int]]]:
    """Id, text, text hash and signature of a chunk of articles; runs in a worker."""
    rows = []
    for number in range(first, first + _CHUNK):
        _, _, text = article(number)
        signed = sign_text(text)
        assert signed
        rows.append((f"{number:016x}", text, signed.text_hash, list(signed.signature)))
    return rows


def seconds_of_signing(count: int = 200) -> float:
    """Processor seconds that one signature takes."""
    texts = [article(number)[2] for number in range(count)]
    started = time.process_time()
    for text in texts:
        sign_text(text)
    return (time.process_time() - started) / count


def stage(staged: Path, numbers: range, workers: int) -> None:
    """The staged files of a run with these articles."""
    staged.mkdir(parents=True)
    schema = pa.schema(
        [
            *(("article_id", pa.string()), ("text", pa.string())),
            *(("text_hash", pa.uint64()), ("signature", pa.list_(pa.uint32()))),
        ]
    )
    with (
        ProcessPoolExecutor(workers) as pool,
        pq.ParquetWriter(staged / "made.parquet", schema, compression="zstd") as writer,
    ):
        for rows in pool.map(staged_rows, range(numbers.start, numbers.stop, _CHUNK)):
            columns = zip(*rows, strict=True)
            writer.write_table(pa.table([pa.array(c, f.type) for c, f in zip(columns, schema, strict=True)], schema))
    made = f"read_parquet('{staged / 'made.parquet'}')"
    known = "article_id, 'i' || article_id as input_id, 'd' as document_id, 's' || right(article_id, 1) as source"
    queries = {
        "inputs": f"""select {known}, article_id as location, '' as record_key, null as url, 'h' as content_hash,
            1 as content_bytes, null as fetched_at, 'article' as fate, 'rules' as ruleset_version from {made}""",
        "articles": f"""select {known}, text, 'undated' as published_status, strlen(text) as text_chars,
            850 as text_words, strlen(text) as original_chars, sha256(text) as original_hash, 0 as removed_chars,
            0.0 as removed_ratio, 'text' as extractor, 'rules' as ruleset_version from {made}""",
        "text_signatures": f"select article_id, text_hash, signature from {made}",
    }
    with duckdb.connect() as memory:
        make_tables(memory)
        for table, later in STAGED_TABLES:
            left_out = ", ".join(("placeholder", *later))
            nothing = f"select * exclude ({left_out}) from (select *, 1 as placeholder from {table}) where false"
            query = queries.get(table, nothing)
            memory.sql(query).write_parquet(str(staged / f"{table}.parquet"), compression="zstd")


def run(warehouse: Path, staged: Path, name: str, count: int) -> None:
    """Link and publish, with the seconds of each."""
    times = [(time.perf_counter(), time.process_time())]
    links = find_links(warehouse, staged)
    times.append((time.perf_counter(), time.process_time()))
    with connect_writer(warehouse) as connection:
        migrate(connection)
        publish(connection, staged, RunRecord(name, name, NOW, NOW, "rules", count), ())
    times.append((time.perf_counter(), time.process_time()))
    linked, published = (
        f"{wall - wall_before:.1f} s ({used - used_before:.1f} s of processors)"
        for (wall_before, used_before), (wall, used) in pairwise(times)
    )
    print(f"{name}: {count:,} articles, {links:,} links found in {linked}, published in {published}")


def show_window(warehouse: Path, staged: Path, count: int) -> None:
    """What near-duplicates add to the publishing transaction: published with and without them, in one process."""
    from unittest.mock import patch  # noqa: PLC0415 - the only place that leaves a part out

    seconds = []
    for name in ("with", "without"):
        copy = warehouse.with_name(f"{name}.duckdb")
        copy.write_bytes(warehouse.read_bytes())
        with connect_writer(copy) as connection:
            migrate(connection)
            left_out = [patch(f"warehouse.load.{n}_near_duplicates") for n in ("note", "publish") if name == "without"]
            for patched in left_out:
                patched.start()
            started = time.perf_counter()
            publish(connection, staged, RunRecord(name, name, NOW, NOW, "rules", count), ())
            seconds.append(time.perf_counter() - started)
            for patched in left_out:
                patched.stop()
        copy.unlink()
    print(f"window of that run: {seconds[0]:.2f} s, without near-duplicates {seconds[1]:.2f} s")


def planted(count: int) -> Iterator[tuple[int, int, str, bool]]:
    """Pairs of one family, the kind of the second (of two copies: that), and whether they are alike."""
    for base in range(0, count, 10):
        family = [article(number) for number in range(base, base + 5)]
        sets = [shingle_set(text) for _, _, text in family]
        for one, other in combinations(range(5), 2):
            similarity = len(sets[one] & sets[other]) / len(sets[one] | sets[other])
            kind = "of two copies" if one else family[other][0]
            yield base + one, base + other, kind, similarity >= LEAST_SIMILARITY


def show_found(warehouse: Path, count: int) -> None:
    """Recall by kind and precision, against similarities counted with plain sets of word tuples."""
    with duckdb.connect(warehouse, read_only=True) as connection:
        rows = connection.execute(
            "select one.article_id, other.article_id from text_links as l "
            "join text_signatures as one on one.text_hash = l.text_hash "
            "join text_signatures as other on other.text_hash = l.other_text_hash "
            "union select a.article_id, b.article_id from text_signatures as a "
            "join text_signatures as b using (text_hash) where a.article_id < b.article_id"
        ).fetchall()
    found = {tuple(sorted((int(one, 16), int(other, 16)))) for one, other in rows}
    found = {pair for pair in found if pair[1] < count}
    sampled = min(count, SAMPLED_ARTICLES)
    alike = dict.fromkeys((*KINDS, "of two copies"), 0)
    hits = dict(alike)
    right = set()
    for one, other, kind, is_alike in planted(sampled):
        alike[kind] += is_alike
        hits[kind] += is_alike and (one, other) in found
        if is_alike:
            right.add((one, other))
    of_sample = {pair for pair in found if pair[1] < sampled}
    print(f"planted pairs of the first {sampled:,} articles, by kind: linked of those that are 0.8 alike")
    for kind, pairs in alike.items():
        print(f"  {kind:14} {hits[kind]:6,} of {pairs:6,}")
    print(f"recall {len(right & of_sample) / len(right):.5f}, precision {len(right & of_sample) / len(of_sample):.5f}")
    strangers = sum(one // 10 != other // 10 for one, other in found)
    print(f"links between articles that have nothing to do with each other: {strangers} of {len(found):,}")


def shingle_set(text: str) -> set[tuple[str, ...]]:
    """Five-word shingles, in the plainest way."""
    words = text.lower().replace(".", "").split()
    return {tuple(words[place : place + 5]) for place in range(len(words) - 4)}


def main() -> None:
    """Make the articles, run, and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=100_000, help="a multiple of 500")
    parser.add_argument("--workers", type=int, default=os.cpu_count())
    chosen = parser.parse_args()
    count = chosen.articles
    print(f"load average {os.getloadavg()[0]:.1f}; a signature takes {1000 * seconds_of_signing():.2f} ms")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        warehouse = folder / "winnow.duckdb"
        stage(folder / "first", range(count), chosen.workers)
        run(warehouse, folder / "first", "at once", count)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"largest memory {peak:,.0f} MB; load average {os.getloadavg()[0]:.1f}")
        stage(folder / "later", range(count, count + LATER_ARTICLES), chosen.workers)
        find_links(warehouse, folder / "later")
        show_window(warehouse, folder / "later", LATER_ARTICLES)
        run(warehouse, folder / "later", "later", LATER_ARTICLES)
        show_found(warehouse, count)


if __name__ == "__main__":
    main()
