"""The quarantine: asked by reason, source and run, and tried again without losing or doubling a record."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb
import pytest

from flows.intake import Facts, Origin, make_document
from flows.raw_archive import archive_of, write_raw
from flows.retry import RetryError, plan_retry
from tests.migrated import migrate
from tests.test_publish import EMPTY, A, B, Record, fates, run_record, stage
from warehouse.connect import connect_writer
from warehouse.errors import WarehouseError
from warehouse.invariants import check_invariants
from warehouse.load import publish
from warehouse.quarantine import Selected, find_quarantined


@dataclass(frozen=True)
class Unread(Record):
    """A file that could not be read: what it holds will have another id."""

    @property
    def input_id(self) -> str:
        return f"unread {self.location}"


LOCKED = Unread("/in/locked.txt", code="unreadable", is_readable=False, source="courier.example")


@pytest.fixture
def warehouse() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        migrate(connection)
        yield connection


def load(
    warehouse: duckdb.DuckDBPyConnection,
    folder: Path,
    run: str,
    *records: Record,
    retried: tuple[Record, ...] = (),
    reread: tuple[str, ...] = (),
) -> None:
    staged, _ = stage(folder / run, records)
    record = replace(run_record(run), retried=tuple(r.input_id for r in retried), reread=reread)
    publish(warehouse, staged, record, ())
    check_invariants(warehouse, run)


def waiting(warehouse: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    return [(q.location, q.code) for q in find_quarantined(warehouse, Selected())]


def test_a_record_that_is_decided_is_decided_anew_when_it_is_retried(
    warehouse: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    load(warehouse, tmp_path, "first", A, EMPTY)
    mended = replace(B, location=EMPTY.location)
    load(warehouse, tmp_path, "plain", mended)
    assert waiting(warehouse) == [(EMPTY.location, "empty")], "an ordinary run leaves it"
    load(warehouse, tmp_path, "retry", mended, retried=(EMPTY,))
    assert waiting(warehouse) == []
    assert fates(warehouse)[EMPTY.location] == ("article", mended.article_id)


def test_a_retried_record_may_be_a_duplicate(warehouse: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    load(warehouse, tmp_path, "first", A, EMPTY)
    load(warehouse, tmp_path, "retry", replace(A, location=EMPTY.location), retried=(EMPTY,))
    assert waiting(warehouse) == []
    assert fates(warehouse)[EMPTY.location] == ("duplicate", A.article_id)


def test_what_fails_again_stays(warehouse: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    load(warehouse, tmp_path, "first", A, EMPTY)
    since = warehouse.execute("select quarantined_at from quarantine").fetchall()
    load(warehouse, tmp_path, "retry", EMPTY, retried=(EMPTY,))
    assert warehouse.execute("select quarantined_at from quarantine").fetchall() == since
    load(warehouse, tmp_path, "other", replace(EMPTY, code="binary"), retried=(EMPTY,))
    assert waiting(warehouse) == [(EMPTY.location, "binary")]


def test_a_file_that_can_be_read_now_leaves_under_its_old_id(
    warehouse: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    load(warehouse, tmp_path, "first", A, LOCKED, replace(LOCKED, location="/in/other.txt"))
    load(warehouse, tmp_path, "retry", replace(B, location=LOCKED.location), retried=(LOCKED,))
    assert waiting(warehouse) == [("/in/other.txt", "unreadable")]
    assert fates(warehouse)[LOCKED.location] == ("article", B.article_id)


def test_a_file_that_fails_in_another_way_has_one_row(warehouse: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    load(warehouse, tmp_path, "first", LOCKED)
    load(warehouse, tmp_path, "retry", replace(EMPTY, location=LOCKED.location), retried=(LOCKED,))
    assert waiting(warehouse) == [(LOCKED.location, "empty")]


def test_a_retry_that_meets_nothing_loses_nothing(warehouse: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    load(warehouse, tmp_path, "first", A, LOCKED)
    load(warehouse, tmp_path, "retry", B, retried=(LOCKED,))
    assert waiting(warehouse) == [(LOCKED.location, "unreadable")]


def test_a_file_that_an_ordinary_run_can_read_again_is_in_quarantine_no_more(
    warehouse: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    load(warehouse, tmp_path, "first", A, LOCKED, replace(LOCKED, location="/in/other.txt"))
    load(warehouse, tmp_path, "second", replace(B, location=LOCKED.location), reread=(LOCKED.location,))
    assert waiting(warehouse) == [("/in/other.txt", "unreadable")]
    # Its records may all be known, so that nothing of it is staged.
    load(warehouse, tmp_path, "third", reread=("/in/other.txt",))
    assert waiting(warehouse) == []


def test_a_file_of_which_a_part_still_cannot_be_read_keeps_that_part_in_quarantine(
    warehouse: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    load(warehouse, tmp_path, "first", LOCKED)
    load(warehouse, tmp_path, "second", LOCKED, replace(B, location=LOCKED.location), reread=(LOCKED.location,))
    assert waiting(warehouse) == [(LOCKED.location, "unreadable")]


def test_a_document_that_killed_its_worker_and_is_met_no_more_stays(
    warehouse: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    deadly = replace(LOCKED, code="worker-died")
    load(warehouse, tmp_path, "first", deadly)
    load(warehouse, tmp_path, "second", replace(B, location=LOCKED.location), reread=(LOCKED.location,))
    assert waiting(warehouse) == [(LOCKED.location, "worker-died")]


def test_records_are_found_by_reason_source_run_and_id(warehouse: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    load(warehouse, tmp_path, "first", EMPTY)
    load(warehouse, tmp_path, "second", LOCKED)

    def found(selected: Selected) -> list[str]:
        return sorted(q.code for q in find_quarantined(warehouse, selected))

    assert found(Selected()) == ["empty", "unreadable"]
    assert found(Selected(code="empty")) == ["empty"]
    assert found(Selected(source="courier.example")) == ["unreadable"]
    assert found(Selected(run_id="second")) == ["unreadable"]
    assert found(Selected(code="empty", run_id="second")) == []
    assert found(Selected(ids=("unread",))) == ["unreadable"]
    assert found(Selected(ids=("unread", "input"))) == ["empty", "unreadable"]
    for given, message in (("nothing", "names no record like that"), ("", "names 2 records; write more of it")):
        with pytest.raises(WarehouseError, match=message):
            find_quarantined(warehouse, Selected(ids=(given,)))


def test_payloads_come_from_the_file_or_from_the_archive(tmp_path: Path) -> None:
    there, gone = tmp_path / "there.txt", tmp_path / "gone.txt"
    there.write_text("Rain fell.")
    archived = make_document(Origin(str(gone), gone.name, "s"), Facts(id="gone"), "Wind rose.", "text/plain")
    path = tmp_path / "winnow.duckdb"
    with connect_writer(path) as connection:
        migrate(connection)
        for name, location in (("a", there), (archived.input_id, gone), ("lost", tmp_path / "lost.txt")):
            connection.execute(
                "insert into quarantine values (?, 'r', 'd', ?, '', null, 1, 'c', 'm', now())", [name, str(location)]
            )
    retry = plan_retry(path, ("a", archived.input_id, "lost"))
    assert retry.paths == (str(there),)
    assert retry.archived == {archived.input_id, "lost"}
    assert list(retry.read_archived(str(path))) == []
    with pytest.raises(RetryError, match=r"none of 1 records can be tried again.*--keep-raw"):
        plan_retry(path, (archived.input_id,))
    write_raw([archived], archive_of(str(path)) / "run" / "000000.parquet")
    assert list(plan_retry(path, (archived.input_id, "lost")).read_archived(str(path))) == [archived]
