"""What is done before the writer's window, originals verified and the warehouse found sound: the promises stay."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from tests.test_publish import A, B, Record, contents, run_record, stage
from warehouse.connect import connect_writer
from warehouse.errors import InvariantError
from warehouse.invariants import is_sound, note_soundness
from warehouse.load import publish
from warehouse.migrate import migrate
from warehouse.verify import has_unverified, stage_verified

MANY = tuple(Record(f"/in/{n}.txt", f"Rain fell on pier {n}. Share this") for n in range(7))
UNTOUCHED = Record("/in/plain.txt", "No edit at all.", cut="")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A warehouse with one run in it."""
    path = tmp_path / "winnow.duckdb"
    with connect_writer(path) as connection:
        migrate(connection)
        publish(connection, staged_of(tmp_path / "first", A), run_record("first"), ())
    return path


def staged_of(folder: Path, *records: Record) -> Path:
    folder.mkdir(exist_ok=True)
    return stage(folder, records)[0]


def change_staged(staged: Path, table: str, projection: str) -> None:
    broken = duckdb.read_parquet(str(staged / f"{table}.parquet")).project(projection)
    broken.write_parquet(str(staged / "broken"))
    (staged / "broken").replace(staged / f"{table}.parquet")


def change(path: Path, sql: str) -> None:
    with duckdb.connect(path) as connection:
        connection.execute(sql)


def publish_into(path: Path, staged: Path, run: str) -> dict[str, list[str]]:
    with connect_writer(path) as connection:
        publish(connection, staged, run_record(run), ())
        return contents(connection)


def test_what_was_prepared_is_published_as_what_was_not(tmp_path: Path, path: Path) -> None:
    other = tmp_path / "other.duckdb"
    other.write_bytes(path.read_bytes())
    staged = staged_of(tmp_path / "staged", *MANY, replace(A, ruleset="rules-2"), UNTOUCHED)
    unprepared = publish_into(other, staged, "second")
    note_soundness(path, staged)
    with connect_writer(path) as connection:
        assert is_sound(connection, staged)
    assert publish_into(path, staged, "second") == unprepared


def test_originals_are_verified_while_staging(tmp_path: Path, path: Path) -> None:
    staged = staged_of(tmp_path / "staged", *MANY, UNTOUCHED)
    publish_into(path, staged, "second")
    with connect_writer(path) as connection:
        assert not has_unverified(connection, staged, "second")
        assert has_unverified(connection, staged, "first")  # which was staged elsewhere
        connection.execute("delete from edits where article_id = $id", {"id": MANY[0].article_id})
        assert has_unverified(connection, staged, "second")


@pytest.mark.parametrize(
    ("table", "projection", "promise"),
    [
        ("edits", "* replace ('Sharp this' as removed_text)", "cannot be rebuilt"),
        ("articles", "* replace ('Rain.' as text)", "cannot be rebuilt"),
        ("articles", f"* replace ('{'0' * 64}' as original_hash)", "cannot be rebuilt"),
        ("inputs", "* replace ('article 9' as article_id)", "exactly one place"),
        ("search_articles", "* replace ('article 9' as article_id)", "not in the search index"),
    ],
)
def test_staged_rows_that_change_after_they_were_verified_are_not_published(
    tmp_path: Path, path: Path, table: str, projection: str, promise: str
) -> None:
    staged = staged_of(tmp_path / "staged", B)
    note_soundness(path, staged)
    change_staged(staged, table, projection)
    with pytest.raises(InvariantError, match=promise):
        publish_into(path, staged, "second")
    with connect_writer(path) as connection:
        assert connection.execute("select run_id from runs").fetchall() == [("first",)]


@pytest.mark.parametrize("is_noted", [True, False])  # False: staged by an earlier version, so all is rebuilt
def test_an_original_that_does_not_come_back_is_never_verified(tmp_path: Path, path: Path, *, is_noted: bool) -> None:
    staged = staged_of(tmp_path / "staged", B, *MANY)
    change_staged(staged, "articles", f"* replace (if(input_id = '{B.input_id}', 'x', original_hash) as original_hash)")
    stage_verified(staged)
    verified = duckdb.read_parquet(str(staged / "verified.parquet")).project("article_id").fetchall()
    assert set(verified) == {(record.article_id,) for record in MANY}
    if not is_noted:
        (staged / "verified.parquet").unlink()
    note_soundness(path, staged)
    with pytest.raises(InvariantError, match=f"cannot be rebuilt.*: {B.article_id}\\."):
        publish_into(path, staged, "bad")


def test_a_damaged_warehouse_is_told_before_the_window(tmp_path: Path, path: Path) -> None:
    staged = staged_of(tmp_path / "staged", B)
    change(path, "insert into flags values ('nobody', 'undated', '')")
    with pytest.raises(InvariantError, match=r"not there: nobody\. Nothing was changed"):
        note_soundness(path, staged)
    assert not (staged / "sound_state.parquet").exists()


def test_what_another_run_published_meanwhile_is_checked_too(tmp_path: Path, path: Path) -> None:
    staged, other = staged_of(tmp_path / "staged", B), staged_of(tmp_path / "other", *MANY)
    note_soundness(path, staged)
    publish_into(path, other, "other")
    change(path, "insert into flags values ('nobody', 'undated', '')")
    with connect_writer(path) as connection:
        assert not is_sound(connection, staged)
    with pytest.raises(InvariantError, match="not there: nobody"):
        publish_into(path, staged, "second")


def test_a_warehouse_that_is_not_there_or_older_is_checked_in_the_window(tmp_path: Path) -> None:
    staged = staged_of(tmp_path / "staged", B)
    note_soundness(tmp_path / "none.duckdb", staged)
    change(tmp_path / "old.duckdb", "create table runs (run_id varchar)")
    note_soundness(tmp_path / "old.duckdb", staged)
    assert not (staged / "sound_state.parquet").exists()


@pytest.mark.parametrize("large_run", [1, 1000])
def test_what_is_set_for_the_window_ends_with_it(
    tmp_path: Path, path: Path, monkeypatch: pytest.MonkeyPatch, large_run: int
) -> None:
    monkeypatch.setattr("warehouse.load._LARGE_RUN", large_run)
    bad = staged_of(tmp_path / "bad", B)
    change_staged(bad, "inputs", "* replace ('article 9' as article_id)")
    query = "select current_setting('threads'), current_setting('max_vacuum_tasks')"
    with connect_writer(path) as connection:
        before = connection.execute(query).fetchall()
        publish(connection, staged_of(tmp_path / "staged", *MANY), run_record("second"), ())
        assert connection.execute(query).fetchall() == before
        with pytest.raises(InvariantError):
            publish(connection, bad, run_record("third"), ())
        assert connection.execute(query).fetchall() == before
