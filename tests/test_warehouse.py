"""The warehouse: opening it, migrating it, asking it; alone and beside other processes."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from warehouse.connect import connect_reader, connect_writer
from warehouse.errors import QueryError, SchemaError, WarehouseBusyError, WarehouseError
from warehouse.migrate import MIGRATIONS, lay_tables, migrate
from warehouse.query import list_relations, run_query


@pytest.fixture
def warehouse(tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with connect_writer(tmp_path / "winnow.duckdb") as connection:
        migrate(connection)
        yield connection


# Migrations


def test_migrations_are_applied_once_and_recorded(tmp_path: Path) -> None:
    with connect_writer(tmp_path / "winnow.duckdb") as connection:
        assert migrate(connection) == tuple(path.stem for path in sorted(MIGRATIONS.glob("*.sql")))
        assert migrate(connection) == ()
        recorded = connection.execute("select version, name from schema_migrations order by version").fetchall()
    assert recorded[0] == (1, "first_tables")
    assert [version for version, _ in recorded] == list(range(1, len(recorded) + 1))


def test_tables_in_memory_have_the_columns_of_the_warehouse(warehouse: duckdb.DuckDBPyConnection) -> None:
    columns = """select table_name, column_name, data_type, is_nullable, column_default from duckdb_columns()
      where not internal and table_name in (select table_name from duckdb_tables()) order by table_oid, column_index"""
    with duckdb.connect() as memory:
        lay_tables(memory)
        assert sorted(memory.execute(columns).fetchall()) == sorted(warehouse.execute(columns).fetchall()) != []


def test_a_newer_warehouse_is_refused_untouched(warehouse: duckdb.DuckDBPyConnection) -> None:
    warehouse.execute("insert into schema_migrations values (999, 'from_the_future', now()); drop view run_history")
    with pytest.raises(SchemaError, match="schema version 999, this Winnow knows versions up to"):
        migrate(warehouse)
    assert warehouse.execute("from duckdb_views() where view_name = 'run_history'").fetchall() == []


def test_a_failing_migration_leaves_no_trace(tmp_path: Path) -> None:
    (tmp_path / "0001_good.sql").write_text("create table good (id integer)")
    (tmp_path / "0002_bad.sql").write_text("create table half (id integer); insert into nowhere values (1)")
    with duckdb.connect() as connection:
        with pytest.raises(SchemaError, match=r"0002_bad\.sql did not go through"):
            migrate(connection, folder=tmp_path)
        tables = connection.execute("select table_name from duckdb_tables() order by all").fetchall()
        assert tables == [("good",), ("schema_migrations",)]
        assert connection.execute("select version, name from schema_migrations").fetchall() == [(1, "good")]


# Opening

HOLD = """
import sys, duckdb
held = duckdb.connect(sys.argv[1])
for statement in sys.argv[2:]:
    held.execute(statement)
print("held", flush=True)
sys.stdin.read()
"""


class Holder:
    """A second process that holds the warehouse open to write until it is told to go."""

    def __init__(self, path: Path, *statements: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", HOLD, str(path), *statements], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        assert self.process.stdout is not None
        assert self.process.stdout.readline() == b"held\n"

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate()


@pytest.mark.parametrize("connect", [connect_writer, connect_reader])
def test_a_busy_warehouse_names_file_holder_and_remedy(warehouse_file: Path, connect: type) -> None:
    holder = Holder(warehouse_file)
    pauses: list[float] = []
    try:
        with pytest.raises(WarehouseBusyError) as caught:
            connect(warehouse_file, 3.0, sleep=pauses.append, clock=lambda: sum(pauses))
    finally:
        holder.kill()
    assert str(warehouse_file) in str(caught.value)
    assert f"process {holder.process.pid}" in str(caught.value)
    assert "more than 3 seconds" in str(caught.value)
    assert "try again" in str(caught.value)
    assert pauses[:3] == [0.05, 0.1, 0.2]
    assert sum(pauses) == pytest.approx(3.0)


def test_who_waits_gets_in_when_the_holder_is_gone(warehouse_file: Path) -> None:
    holder = Holder(warehouse_file)
    pauses: list[float] = []

    def sleep(seconds: float) -> None:
        pauses.append(seconds)
        holder.kill()

    with connect_reader(warehouse_file, sleep=sleep, clock=lambda: 0.0) as reader:
        assert reader.execute("select count(*) from runs").fetchall() == [(0,)]
    assert pauses == [0.05]


def test_a_kill_in_a_transaction_leaves_the_warehouse_as_it_was(warehouse_file: Path) -> None:
    insert = "insert into flags values ('{}', 'undated', '')"
    Holder(warehouse_file, insert.format("before"), "begin", insert.format("during")).kill()
    with connect_reader(warehouse_file) as reader:
        assert reader.execute("select article_id from flags").fetchall() == [("before",)]


@pytest.fixture
def warehouse_file(tmp_path: Path) -> Path:
    path = tmp_path / "winnow.duckdb"
    with connect_writer(path) as connection:
        migrate(connection)
    return path


def test_readers_share_and_cannot_reach_outside(warehouse_file: Path) -> None:
    inside = {"a variable": 1}
    forbidden = (
        f"from read_text('{warehouse_file}')",
        f"attach '{warehouse_file}.other'",
        f"copy runs to '{warehouse_file}.csv'",
        "from glob('*')",
        "load httpfs",
        "install httpfs",
        "set enable_external_access = true",
        "reset lock_configuration",
        "set TimeZone = 'CET'",
        "from inside",
        "insert into flags values ('a', 'b', 'c')",
        "create table other (id integer)",
    )
    with connect_reader(warehouse_file) as first, connect_reader(warehouse_file) as second:
        for reader in (first, second):
            assert reader.execute("select current_setting('TimeZone')").fetchall() == [("UTC",)]
            for statement in forbidden:
                with pytest.raises(duckdb.Error):
                    reader.execute(statement)
    assert inside
    assert [path.name for path in warehouse_file.parent.iterdir()] == [warehouse_file.name]


def test_what_is_no_warehouse_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("These are notes. " * 500)
    for connect in (connect_reader, connect_writer):
        with pytest.raises(WarehouseError, match=r"notes\.txt: cannot be opened as a warehouse.*not a valid DuckDB"):
            connect(tmp_path / "notes.txt")
    with pytest.raises(WarehouseError, match=r"missing\.duckdb: there is no warehouse. Make one with `winnow run"):
        connect_reader(tmp_path / "missing.duckdb")
    with pytest.raises(WarehouseError, match=r"the folder .*nowhere does not exist"):
        connect_writer(tmp_path / "nowhere" / "winnow.duckdb")
    assert not (tmp_path / "missing.duckdb").exists()


def test_a_reader_beside_an_own_writer_is_said_so(tmp_path: Path, warehouse: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(WarehouseError, match=r"open in another mode\. Close that connection first"):
        connect_reader(tmp_path / "winnow.duckdb")


# Asking


@pytest.mark.parametrize(
    ("sql", "columns", "rows"),
    [
        ("select 1 as one, 'x' as two", ("one", "two"), ((1, "x"),)),
        ("with a as (select 2 as b) from a;", ("b",), ((2,),)),
        ("from runs where false", None, ()),
    ],
)
def test_queries_read(
    warehouse_file: Path, sql: str, columns: tuple[str, ...] | None, rows: tuple[object, ...]
) -> None:
    result = run_query(warehouse_file, sql)
    assert result.rows == rows
    assert columns is None or result.columns == columns


@pytest.mark.parametrize(
    ("sql", "message"),
    [
        ("", "give one query that reads.*this is: nothing"),
        ("select 1; select 2", "this is: select, select"),
        ("delete from runs", "this is: delete"),
        ("call enable_logging()", "this is: call"),
        ("explain analyze delete from runs", "read-only mode"),
        ("selec 1", "syntax error"),
        ("select nothing from runs", 'column "nothing" not found'),
        ("from read_text('/dev/null')", "disabled by configuration"),
    ],
)
def test_other_queries_are_one_clear_line(warehouse_file: Path, sql: str, message: str) -> None:
    with pytest.raises(QueryError, match=message) as caught:
        run_query(warehouse_file, sql)
    assert "\n" not in str(caught.value)


def test_relations_are_listed_with_comments(warehouse_file: Path) -> None:
    relations = {relation.name: relation for relation in list_relations(warehouse_file)}
    assert (relations["runs"].kind, relations["run_history"].kind) == ("table", "view")
    assert (relations["schema_migrations"].row_count, relations["articles"].row_count) == (
        len(list(MIGRATIONS.iterdir())),
        0,
    )
    assert relations["flags"].columns[0].type == "VARCHAR"
    assert [column.name for column in relations["flags"].columns] == ["article_id", "code", "evidence"]
    assert (relations["original_of"].kind, relations["original_of"].row_count) == ("macro", None)
    assert [parameter.name for parameter in relations["original_of"].columns] == ["id"]
    for relation in relations.values():
        assert relation.comment
        assert relation.kind == "macro" or all(column.comment for column in relation.columns)


@pytest.mark.parametrize(
    "sql",
    [
        "from read_csv('{folder}/secret.csv')",
        "from '{folder}/secret.csv'",
        "from read_parquet('s3://bucket/x.parquet')",
        "select (select content from read_text('{folder}/secret.csv'))",
        "from glob('{folder}/*')",
        "from query('from read_text(''{folder}/secret.csv'')')",
        "from sqlite_scan('{folder}/x.sqlite', 'x')",
        "copy articles to '{folder}/out.csv'",
        "explain analyze copy (select 1) to '{folder}/out.csv'",
        "export database '{folder}/out'",
        "attach '{folder}/out.duckdb'",
        "load fts",
        "install fts",
        "set enable_external_access = true",
        "pragma enable_logging",
        "call enable_logging(storage = 'file', storage_path = '{folder}/out')",
        "create or replace macro search(x) as table select 1",
        "create temp table t as select 1",
        "update templates set is_active = false",
        "drop table articles",
        "create secret (type s3, key_id 'x')",
        "checkpoint",
    ],
)
def test_a_query_reads_the_warehouse_and_nothing_else(warehouse_file: Path, sql: str) -> None:
    folder = warehouse_file.parent
    (folder / "secret.csv").write_text("secret\n")
    before = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    with pytest.raises(QueryError) as caught:
        run_query(warehouse_file, sql.replace("{folder}", str(folder)))
    assert "\n" not in str(caught.value)
    assert {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()} == before
