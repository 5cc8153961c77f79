"""Links between clean texts: which are near-duplicates, found before publishing and so outside the writer's window.

The texts of a run are compared with each other and with all that the warehouse has. The warehouse is asked in one short
visit for the signatures that share a band with the run's, and for the texts that must be counted. What another run
publishes meanwhile is compared in the publishing transaction, so any number of runs give the same links as one.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from transforms.minhash import Shingles
from transforms.near_duplicates import LEAST_SIMILARITY, find_candidates, jaccard, shingles_of
from transforms.template_bounds import BAND_VALUES, BANDS
from warehouse.connect import connect_reader
from warehouse.excerpt import copy_rows
from warehouse.lake import is_there

_TEXTS_AT_ONCE = 256
_LINKS = pa.schema(
    [
        pa.field("text_hash", pa.uint64(), nullable=False),
        pa.field("other_text_hash", pa.uint64(), nullable=False),
        pa.field("similarity_ratio", pa.float64(), nullable=False),
    ]
)
# Each band that a new text has, and the texts of the warehouse that have it too.
_SHARING = """
with bands as (
  select range as band from range($bands)
), new_bands as (
  select distinct band, signature[band * $values + 1 : (band + 1) * $values] as shared from new_texts, bands
), known as (
  select text_hash, any_value(signature) as signature
  from text_signatures anti join new_texts using (text_hash)
  group by text_hash
), known_bands as (
  select text_hash, band, signature[band * $values + 1 : (band + 1) * $values] as shared from known, bands
)
select text_hash, signature
from known
where text_hash in (select text_hash from known_bands semi join new_bands using (band, shared))
"""
_TEXTS = """
select s.text_hash, any_value(a.text) as text
from text_signatures as s
join articles as a using (article_id)
where s.text_hash in (select text_hash from wanted_texts)
group by s.text_hash
"""
_RUN = "select text_hash, any_value(signature) as signature from signed group by text_hash order by text_hash"
_RUN_TEXTS = _TEXTS.replace("text_signatures as s", "signed as s").replace("articles as a", "staged_articles as a")


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pairs of texts that may be near-duplicates, by hash: the two arrays have the same length."""

    left: npt.NDArray[np.uint64]
    right: npt.NDArray[np.uint64]

    def texts(self) -> pa.Table:
        """The texts to be counted: a column `text_hash`, each once."""
        return pa.table({"text_hash": np.unique(np.concatenate([self.left, self.right]))})


def find_links(warehouse: Path, staged: Path) -> int:
    """Write `staged/text_links.parquet`, and `compared_runs.parquet`: the runs whose texts were there to compare with.

    Of the texts of `staged/text_signatures.parquet` and `articles.parquet`; returns how many links were found. Where
    there is no text, no file is written. A warehouse that is not there, or that an earlier version wrote, has nothing
    to compare with. Raises what opening the warehouse raises.
    """
    known_texts, runs = staged / "known_texts.parquet", pa.table({"run_id": pa.array([], pa.string())})
    with duckdb.connect(config={"temp_directory": str(staged / "links.spill")}) as memory:
        memory.read_parquet(str(staged / "text_signatures.parquet"), hive_partitioning=False).create_view("signed")
        memory.read_parquet(str(staged / "articles.parquet"), hive_partitioning=False).create_view("staged_articles")
        new = memory.execute(_RUN).to_arrow_table()
        if not new.num_rows:
            return 0
        pairs = None
        if is_there(warehouse):
            with connect_reader(warehouse) as connection:
                if _has_signatures(connection):
                    runs = connection.execute("select distinct run_id from articles").to_arrow_table()
                    pairs = find_pairs(connection, new)
                    lay_table(connection, "wanted_texts", pairs.texts())
                    copy_rows(connection.execute(_TEXTS), known_texts)
        pairs = pairs or candidates_of(new, new.slice(0, 0))
        lay_table(memory, "wanted_texts", pairs.texts())
        shingles = _read_shingles(memory.execute(_RUN_TEXTS).to_arrow_reader(_TEXTS_AT_ONCE))
    if known_texts.exists():
        with pq.ParquetFile(known_texts) as file:
            shingles = _read_shingles(file.iter_batches(_TEXTS_AT_ONCE)) | shingles
        known_texts.unlink()  # only the tables are staged
    links = count_links(pairs, shingles)
    for table, name in ((links, "text_links"), (runs, "compared_runs")):
        unfinished = staged / f".{name}.parquet.unfinished"
        pq.write_table(table, unfinished, compression="zstd")
        unfinished.replace(staged / f"{name}.parquet")
    return len(links)


def link_texts(connection: duckdb.DuckDBPyConnection, new: pa.Table) -> pa.Table:
    """Compare texts that are in the warehouse already (`text_hash`, `signature`) with all others; their links."""
    if not new.num_rows:
        return count_links(candidates_of(new, new), {})
    pairs = find_pairs(connection, new)
    lay_table(connection, "wanted_texts", pairs.texts())
    shingles = _read_shingles(connection.execute(_TEXTS).to_arrow_reader(_TEXTS_AT_ONCE))
    return count_links(pairs, shingles)


def find_pairs(connection: duckdb.DuckDBPyConnection, new: pa.Table) -> Pairs:
    """Pairs worth counting of new texts with each other and with those that the warehouse has."""
    lay_table(connection, "new_texts", new)
    known = connection.execute(_SHARING, {"bands": BANDS, "values": BAND_VALUES}).to_arrow_table()
    return candidates_of(new, known)


def candidates_of(new: pa.Table, known: pa.Table) -> Pairs:
    """Pairs of which one text is new; both tables have `text_hash` and `signature`, and no text in common."""
    hashes = np.concatenate([_hashes(new), _hashes(known)])
    signatures = np.concatenate([_signatures(new), _signatures(known)])
    order = np.argsort(hashes)
    left, right = find_candidates(signatures[order], order < new.num_rows)
    hashes = hashes[order]
    one, other = hashes[left], hashes[right]
    return Pairs(np.minimum(one, other), np.maximum(one, other))


def count_links(pairs: Pairs, shingles: dict[int, Shingles]) -> pa.Table:
    """The pairs that are near-duplicates, with their similarity; those with a text that is gone are left out."""
    rows = []
    for left, right in zip(pairs.left.tolist(), pairs.right.tolist(), strict=True):
        with suppress(KeyError):  # a text that another run has just cleaned anew: it was compared by that run
            if (similarity := jaccard(shingles[left], shingles[right])) >= LEAST_SIMILARITY:
                rows.append((left, right, round(similarity, 6)))
    columns = list(zip(*rows, strict=True)) or [()] * len(_LINKS)
    return pa.table([pa.array(c, field.type) for c, field in zip(columns, _LINKS, strict=True)], _LINKS)


def lay_table(connection: duckdb.DuckDBPyConnection, name: str, table: pa.Table) -> None:
    """Make a temporary table of an Arrow table.

    A query on the Arrow table itself fails on hashes from 2**63 on: DuckDB 1.5 hands its filters to pyarrow as signed.
    """
    connection.register("laid", table)
    connection.execute(f"create or replace temp table {name} as from laid")
    connection.unregister("laid")


def _has_signatures(connection: duckdb.DuckDBPyConnection) -> bool:
    tables = connection.execute("select table_name from duckdb_tables()").fetchall()
    return ("text_signatures",) in tables


def _hashes(table: pa.Table) -> npt.NDArray[np.uint64]:
    found: npt.NDArray[np.uint64] = table.column("text_hash").to_numpy()
    return found


def _signatures(table: pa.Table) -> npt.NDArray[np.uint32]:
    flat = table.column("signature").combine_chunks()
    values: npt.NDArray[np.uint32] = np.asarray(flat.flatten(), dtype=np.uint32)
    return values.reshape(table.num_rows, BANDS * BAND_VALUES)


def _read_shingles(batches: Iterable[pa.RecordBatch]) -> dict[int, Shingles]:
    """By text hash; the texts themselves are in memory a batch at a time."""
    return {
        text_hash: shingles_of(text)
        for batch in batches
        for text_hash, text in zip(batch.column(0).to_pylist(), batch.column(1).to_pylist(), strict=True)
    }
