"""Care of the warehouse: snapshots, backup and restore, maintenance, export; and what cannot be opened."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow.dataset as ds
import pytest

from flows.intake import Facts, Origin, make_document
from tests.template_runs import FIRST, Newsroom, document, prose
from tests.test_warehouse import Holder
from warehouse.connect import connect_reader, connect_writer
from warehouse.errors import InvariantError, WarehouseError
from warehouse.export import BY_MONTH, WHOLE, export_views
from warehouse.maintain import maintain
from warehouse.query import run_query
from warehouse.records import RunRecord
from warehouse.run_records import record_failed_run
from warehouse.snapshot import copy_warehouse, readable, renew_snapshot, snapshot_of, take_snapshot

EMPTY = make_document(Origin("/in/empty.txt", "empty.txt", "courier"), Facts(id="empty"), "", "text/plain")
LATER = FIRST + timedelta(days=400)


@pytest.fixture
def newsroom(tmp_path: Path) -> Newsroom:
    found = Newsroom(tmp_path)
    found.run([document("a", prose(1)), document("b", f"{prose(2)}\nPublished: 3 March 2025"), EMPTY])
    return found


# Snapshots


def test_a_snapshot_is_read_while_a_run_holds_the_warehouse(newsroom: Newsroom) -> None:
    assert readable(newsroom.warehouse) == newsroom.warehouse
    snapshot = take_snapshot(newsroom.warehouse)
    assert readable(newsroom.warehouse) == snapshot
    holder = Holder(newsroom.warehouse)
    try:
        assert run_query(snapshot, "select count(*) from clean_articles", wait_seconds=0).rows == ((2,),)
    finally:
        holder.kill()
    with pytest.raises(duckdb.Error):
        duckdb.connect(snapshot, read_only=True).execute("delete from articles")


def test_an_open_snapshot_stays_as_it_was_and_a_new_one_has_all(newsroom: Newsroom) -> None:
    renew_snapshot(newsroom.warehouse)
    assert not snapshot_of(newsroom.warehouse).exists()  # nobody asked for one
    with connect_reader(take_snapshot(newsroom.warehouse)) as reader:
        newsroom.run([document("c", prose(3))], "run-2")
        renew_snapshot(newsroom.warehouse)
        assert reader.execute("select count(*) from articles").fetchall() == [(2,)]
    assert run_query(snapshot_of(newsroom.warehouse), "select count(*) from articles").rows == ((3,),)
    assert [p.name for p in newsroom.folder.iterdir() if p.name.startswith(".")] == []


def test_what_a_killed_run_left_in_the_log_is_in_the_snapshot(newsroom: Newsroom) -> None:
    Holder(newsroom.warehouse, "insert into flags select article_id, 'killed', '' from articles limit 1").kill()
    assert newsroom.warehouse.with_name("winnow.duckdb.wal").exists()
    snapshot = take_snapshot(newsroom.warehouse)
    assert run_query(snapshot, "select count(*) from flags where code = 'killed'").rows == ((1,),)
    assert not list(newsroom.folder.glob("*.snapshot*.wal"))


# Backup


def test_a_backup_restores_everything(newsroom: Newsroom) -> None:
    before = newsroom.tables()
    copy_warehouse(newsroom.warehouse, newsroom.folder / "backup.duckdb")
    newsroom.change("delete from articles")
    (newsroom.folder / "backup.duckdb").replace(newsroom.warehouse)
    assert newsroom.tables() == before
    assert newsroom.run([document("c", prose(3))], "run-2") == 1


def test_a_backup_that_cannot_be_written_is_said_so(newsroom: Newsroom) -> None:
    with pytest.raises(WarehouseError, match=r"nowhere does not exist"):
        copy_warehouse(newsroom.warehouse, newsroom.folder / "nowhere" / "b.duckdb")
    (newsroom.folder / "taken").mkdir()
    with pytest.raises(WarehouseError, match=r"taken: cannot be written: .*winnow\.duckdb is as it was"):
        copy_warehouse(newsroom.warehouse, newsroom.folder / "taken")


# Maintenance


def test_maintenance_changes_no_row_unless_asked(newsroom: Newsroom) -> None:
    newsroom.change("create table ballast as select random() as x from range(300000)")
    newsroom.change(
        "create table behind as select random() as x from range(300); comment on column behind.x is 'Leaves a hole.'"
    )
    newsroom.change("drop table ballast")
    before = newsroom.tables()
    done = maintain(newsroom.warehouse)
    assert (done.quarantine_count, done.run_count, done.article_count) == (0, 0, 2)
    assert done.bytes_after < done.bytes_before
    assert newsroom.tables() == before
    assert newsroom.query("select distinct segment from search_postings") == [(0,)]
    uncommented = "select table_name from duckdb_columns() where not internal and comment is null"
    assert newsroom.query(uncommented) == []
    assert newsroom.run([document("c", prose(3))], "run-2") == 1
    assert newsroom.query("select count(*) from search('harbour')") == [(3,)]


@pytest.mark.parametrize(
    ("table", "column"), [("articles", "text"), ("page_facts", "facts"), ("article_scores", "evidences")]
)
def test_long_texts_are_zstd_and_stay_so(ran: Path, tmp_path: Path, table: str, column: str) -> None:
    """Of texts of some thousand characters DuckDB would make dictionaries, which take twice the bytes."""
    warehouse = tmp_path / "w.duckdb"
    shutil.copy(ran / "winnow.duckdb", warehouse)
    packings = f"""
        select distinct compression
        from pragma_storage_info('{table}')
        where column_name = '{column}' and segment_type = 'VARCHAR'
        """
    for _ in range(2):
        with connect_reader(warehouse) as connection:
            assert connection.execute(packings).fetchall() == [("ZSTD",)]
        maintain(warehouse)


def test_old_quarantine_and_runs_are_forgotten(newsroom: Newsroom) -> None:
    for number in (2, 3):
        with connect_writer(newsroom.warehouse) as connection:
            now = FIRST + timedelta(days=number)
            record_failed_run(connection, RunRecord(f"failed-{number}", "f", now, now, "rules-1", 0), ())
    kept = maintain(newsroom.warehouse, quarantine_before=FIRST, history_before=FIRST)
    assert (kept.quarantine_count, kept.run_count) == (0, 0)
    done = maintain(newsroom.warehouse, quarantine_before=LATER, history_before=LATER)
    assert (done.quarantine_count, done.run_count) == (1, 1)
    # The run that published what is there stays, and the last one.
    assert newsroom.query("select run_id from runs order by all") == [("failed-3",), ("run-1",)]
    assert newsroom.query("select fate, count(*) from inputs group by all") == [("article", 2)]
    newsroom.run([EMPTY], "run-2")
    assert newsroom.query("select code from quarantine") == [("empty",)]


def test_a_broken_promise_stops_maintenance(newsroom: Newsroom) -> None:
    newsroom.change("update articles set text = text || 'x' where document_id = 'a'")
    with pytest.raises(InvariantError, match="the original text cannot be rebuilt"):
        maintain(newsroom.warehouse, quarantine_before=LATER)
    assert newsroom.query("select count(*) from quarantine") == [(1,)]
    assert [p.name for p in newsroom.folder.iterdir() if p.name.startswith(".")] == []


# Export


def test_the_export_is_read_by_others(newsroom: Newsroom) -> None:
    folder = newsroom.folder / "parquet"
    assert export_views(newsroom.warehouse, folder) == 2
    articles = pd.read_parquet(folder / "clean_articles")
    assert dict(zip(articles["document_id"], articles["month"].astype(str), strict=True)) == {
        "a": "undated",
        "b": "2025-03",
    }
    for view in BY_MONTH:
        read = ds.dataset(folder / view, partitioning="hive").to_table()
        assert [(read.num_rows,)] == newsroom.query(f"select count(*) from {view}")
    for view in WHOLE:
        assert [(len(pd.read_parquet(folder / f"{view}.parquet")),)] == newsroom.query(f"select count(*) from {view}")


def test_an_export_overwrites_nothing(newsroom: Newsroom) -> None:
    folder = newsroom.folder / "parquet"
    folder.mkdir()
    assert export_views(newsroom.warehouse, folder) == 2
    with pytest.raises(WarehouseError, match=r"parquet: there is something already\. Name a new folder"):
        export_views(newsroom.warehouse, folder)
    with pytest.raises(WarehouseError, match=r"there is no warehouse"):
        export_views(newsroom.folder / "none.duckdb", newsroom.folder / "other")
    assert not (newsroom.folder / "other").exists()


# Corrupt files


@pytest.mark.parametrize("damage", ["cut", "header", "empty"])
def test_a_corrupt_file_is_said_so_and_left_alone(newsroom: Newsroom, damage: str) -> None:
    content = newsroom.warehouse.read_bytes()
    damaged = {"cut": content[:9000], "header": b"\0" * 4096 + content[4096:], "empty": b"DUCK" * 3}[damage]
    newsroom.warehouse.write_bytes(damaged)
    for use in (connect_reader, connect_writer, maintain):
        with pytest.raises(WarehouseError, match=r"winnow\.duckdb: cannot be opened as a warehouse"):
            use(newsroom.warehouse)
    assert newsroom.warehouse.read_bytes() == damaged
