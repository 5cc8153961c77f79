"""Packed tables: they show the rows that were packed, from a run and from a warehouse of an earlier version alike."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.known import read_known
from flows.watch import Bounds
from warehouse.connect import connect_reader, connect_writer
from warehouse.errors import SchemaError
from warehouse.migrate import MIGRATIONS, bring_up_to_date, make_tables, migrate
from warehouse.packed import LONG_TABLES, pack_rows
from warehouse.search import merge_index

LONG = ("signals", "scores", "line_fingerprints")
PACKED = ("article_signals", "signal_layouts", "article_scores", "score_layouts", "article_fingerprints")
OLD_ROWS = (
    "insert into signals values ('b', 'words', 3), ('a', 'words', 6.25), ('a', 'lines', 1e300), ('c', 'words', -0.0)",
    """
    insert into scores values
      ('a', 'quality', 'total', 0.75, 1, 'why'), ('a', 'quality', 'length', 1 / 3, 0.15, ''),
      ('b', 'quality', 'total', 0.1, 1, ''), ('b', 'seo_padding', 'total', 0.2, 1, 'é "quoted"')
    """,
    # A sentence of a line that counts, one of a line that does not, a line alone; of frames one.
    """
    insert into line_fingerprints values
      ('a', 18446744073709551615, null, null), ('a', 4294967296, 8589934592, 18446744073709551615),
      ('a', 12884901888, null, 42949672960), ('b', 18446744073709551615, null, null)
    """,
)
OLD_INDEX = (
    "insert into search_articles select 7, n, 'article ' || n, 10 from range(3000) as r (n)",
    "insert into search_articles select 9, n, 'other ' || n, 10 from range(3) as r (n)",
    # In every article, in every hundredth, in one; and 2,999 terms of the other segment.
    "insert into search_postings select 7, 1, n, 1 + n % 255 from range(3000) as r (n)",
    "insert into search_postings select 7, 2 ** 48 - 1, 100 * n, 9 from range(30) as r (n)",
    "insert into search_postings values (7, 3, 2999, 255), (7, 3, 0, 1)",
    "insert into search_postings select 9, n, n % 3, 2 from range(2999) as r (n)",
)
OLD_SIGNATURES = (
    "insert into article_signatures values ('a', 'courier', '2026-01-01 00:00:00+00', [256, 4294967295, 7])",
    "insert into text_signatures values ('a', 18446744073709551615, [258])",
)
POSTINGS = "select segment, term, article_number, occurrences from {} order by all"


def rows(connection: duckdb.DuckDBPyConnection, query: str) -> list[tuple[object, ...]]:
    return connection.execute(query).fetchall()


@pytest.fixture
def migrations_before(tmp_path: Path) -> Path:
    """Those of the version before the packed tables."""
    folder = tmp_path / "migrations"
    folder.mkdir()
    for path in MIGRATIONS.glob("*.sql"):
        if path.stem < "0013":
            shutil.copy(path, folder)
    return folder


@pytest.fixture
def old(tmp_path: Path, migrations_before: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A warehouse as that version left it."""
    with connect_writer(tmp_path / "old.duckdb") as connection:
        make_tables(connection, folder=migrations_before)
        for statement in (*OLD_ROWS, *OLD_INDEX, *OLD_SIGNATURES):
            connection.execute(statement)
        yield connection


def test_an_earlier_warehouse_shows_the_same_rows(old: duckdb.DuckDBPyConnection) -> None:
    before = {view: rows(old, f"from {view} order by all") for view in ("signals", "scores")}
    postings = rows(old, POSTINGS.format("search_postings"))
    fresh = duckdb.connect()
    for statement in (*LONG_TABLES, *OLD_ROWS):
        fresh.execute(statement)
    staged = pack_rows(fresh, *LONG)
    migrate(old)
    assert {view: rows(old, f"from {view} order by all") for view in before} == before
    assert rows(old, POSTINGS.format("index_postings")) == postings
    assert {table: rows(old, f"from {table} order by all") for table in PACKED} == {
        table: staged[table].order("all").fetchall()
        for table in PACKED  # what a run of today would have written
    }
    assert rows(old, "select signature from article_signatures") == [([0, 255, 7],)]
    assert rows(old, "select text_hash, signature from text_signatures") == [(2**64 - 1, [2])]


def test_merging_keeps_every_posting(old: duckdb.DuckDBPyConnection) -> None:
    migrate(old)
    named = (
        "select article_id, term, occurrences from index_postings join search_articles using (segment, article_number)"
    )
    before = rows(old, f"{named} order by all")
    merge_index(old)
    assert rows(old, f"{named} order by all") == before
    assert rows(old, "select distinct segment from search_postings") == [(0,)]
    assert rows(old, "select max(len(offsets)) <= 64 from search_postings where term = 1") == [(True,)]


def test_what_a_run_reads_before_its_publish_is_brought_up_to_date_first(
    tmp_path: Path, old: duckdb.DuckDBPyConnection
) -> None:
    old.close()
    path = tmp_path / "old.duckdb"
    assert bring_up_to_date(tmp_path / "none.duckdb") == ()
    assert not (tmp_path / "none.duckdb").exists()
    assert "0013_packed_tables" in bring_up_to_date(path)
    with connect_reader(path):  # so that nobody could open it to write
        assert bring_up_to_date(path) == ()
    with duckdb.connect(path) as connection:
        connection.execute("insert into schema_migrations values (0, 'x', now()); drop table publish_turns")
        connection.execute("delete from schema_migrations where version >= 13")
    with pytest.raises(SchemaError, match="did not go through"):
        bring_up_to_date(path)


NUMBERS = st.one_of(st.none(), st.integers(0, 2**64 - 1), st.integers(0, 3).map(lambda n: n << 32))
UNITS = st.lists(
    st.tuples(st.sampled_from("ab"), st.integers(0, 9).map(lambda n: n << 32), NUMBERS, NUMBERS), max_size=9
)


@settings(max_examples=40, deadline=None)
@given(UNITS)
def test_fingerprints_come_back_by_their_upper_halves(units: list[tuple[str, int, int | None, int | None]]) -> None:
    with duckdb.connect() as memory:
        for statement in LONG_TABLES:
            memory.execute(statement)
        for unit in units:
            memory.execute("insert into line_fingerprints values (?, ?, ?, ?)", unit)
        memory.register("packed", pack_rows(memory, *LONG)["article_fingerprints"].to_arrow_table())
        found = rows(
            memory,
            """
            select article_id, unnest(texts), unnest(frames),
              unnest([case when n = 0 then null when n = -1 then 0 else texts[n] end for n in line_places])
            from packed
            """,
        )
    own = {(article, text) for article, text, _, line in units if line is None}
    expected = [
        (
            article, text >> 32, (frame or 0) >> 32 or None,
            None if line is None else line >> 32 if (article, line) in own else 0,
        )
        for article, text, frame, line in units
    ]  # fmt: skip
    assert sorted(map(repr, found)) == sorted(map(repr, expected))


def test_a_run_brings_an_earlier_lake_up_to_date(tmp_path: Path, migrations_before: Path) -> None:
    lake = Path(f"ducklake:sqlite:{tmp_path}/lake.sqlite")
    with connect_writer(lake) as connection:
        make_tables(connection, folder=migrations_before)
        for statement in (*OLD_ROWS, *OLD_SIGNATURES):
            connection.execute(statement)
    assert read_known(lake, "rules-1", Bounds()).ids == frozenset()
    with connect_reader(lake) as connection:
        assert rows(connection, "select value from signals where name = 'words' order by all") == [
            (-0.0,),
            (3,),
            (6.25,),
        ]
        assert rows(connection, "select quality from article_totals where article_id = 'a'") == [(0.75,)]
