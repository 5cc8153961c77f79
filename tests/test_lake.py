"""A DuckLake as warehouse: its name, two writers and a reader at once, earlier states, and what may be asked."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tests.conftest import ROOT
from tests.here import winnow_here
from tests.lakes import postgres, s3
from tests.test_duplicates_published import LATER, WIRE, Desk
from tests.test_publish import EMPTY, NOW, A, B, Record, contents, fates, run_record, stage
from warehouse.connect import connect_reader, connect_writer
from warehouse.errors import QueryError, WarehouseError
from warehouse.export import export_views
from warehouse.lake import beside, is_there, parse_lake, shown
from warehouse.load import publish
from warehouse.maintain import maintain
from warehouse.migrate import migrate
from warehouse.query import list_relations, run_query
from warehouse.run_history import stage_comparison
from warehouse.snapshot import copy_warehouse, take_snapshot
from warehouse.user_checks import UserCheck, run_user_checks

PUBLISH = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from warehouse.connect import connect_writer
from warehouse.load import publish
from warehouse.migrate import migrate
from warehouse.records import RunRecord

warehouse, staged, run = sys.argv[1:]
now = datetime(2026, 3, 1, 9, tzinfo=UTC)
with connect_writer(Path(warehouse)) as connection:
    migrate(connection)
    print("ready", flush=True)
    sys.stdin.readline()
    publish(connection, Path(staged), RunRecord(run, run, now, now, "rules-1", 1), ())
"""


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One with two articles, to be read only."""
    folder = tmp_path_factory.mktemp("lake")
    warehouse = Path(f"ducklake:sqlite:{folder}/lake.sqlite")
    with connect_writer(warehouse) as connection:
        migrate(connection)
        publish(connection, stage(folder, [A, B])[0], run_record("r"), ())
    return warehouse


@pytest.fixture(
    params=[
        pytest.param(("sqlite", "folder"), id="sqlite"),
        pytest.param(("postgres", "folder"), id="postgres"),
        pytest.param(("postgres", "s3"), id="postgres and s3"),
    ]
)
def new_lake(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    catalog, data = request.param
    with ExitStack() as stack:
        if data == "s3":
            for name, value in stack.enter_context(s3()).items():
                monkeypatch.setenv(name, value)
        elif catalog == "postgres":
            monkeypatch.setenv("WINNOW_LAKE_DATA", str(tmp_path / "data"))
        where = stack.enter_context(postgres()) if catalog == "postgres" else f"{tmp_path}/lake.sqlite"
        yield Path(f"ducklake:{catalog}:{where}")


# Names


def test_the_parts_of_a_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("WINNOW_LAKE_DATA", raising=False)
    lake = parse_lake(Path("ducklake:sqlite:lake.sqlite"))
    assert (lake.kind, lake.catalog, lake.data) == ("sqlite", f"{tmp_path}/lake.sqlite", f"{tmp_path}/lake.sqlite.data")
    assert beside(Path("ducklake:sqlite:lake.sqlite"), ".raw") == tmp_path / "lake.sqlite.raw"
    assert beside(Path("winnow.duckdb"), ".raw") == Path("winnow.duckdb.raw")
    monkeypatch.setenv("WINNOW_LAKE_DATA", "s3://bucket/x/")
    named = Path("ducklake:postgres:service=winnow")
    assert parse_lake(named).data == "s3://bucket/x/"
    assert shown(named) == "ducklake:postgres"
    assert "service" not in str(beside(named, ".staging"))
    assert not is_there(Path("ducklake:sqlite:none.sqlite"))


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("ducklake:mysql:x", "ducklake:mysql: name the catalog as"),
        ("ducklake:postgres:host=a password=hunter2", "holds a password"),
        ("ducklake:postgres:postgresql://me:hunter2@host/db", "holds a password"),
        ("ducklake:postgres:PASSWORD = 'hunter2'", "holds a password"),
        ("ducklake:sqlite:none.sqlite", "there is no warehouse"),
        ("ducklake:postgres:host=/nowhere dbname=hunter2", "cannot be opened"),
    ],
)
def test_a_name_that_leads_nowhere_is_said_so_without_its_secrets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(WarehouseError, match=message) as caught:
        connect_reader(Path(name))
    assert "hunter2" not in str(caught.value)
    assert not list(tmp_path.iterdir())


def test_earlier_states_and_snapshots_are_for_the_kind_that_has_them(tmp_path: Path, lake: Path) -> None:
    with pytest.raises(WarehouseError, match="a plain file knows no earlier states"):
        connect_reader(tmp_path / "winnow.duckdb", at=NOW)
    with pytest.raises(WarehouseError, match="needs no snapshot"):
        take_snapshot(lake)
    with pytest.raises(WarehouseError, match="copied as its catalog and its data"):
        copy_warehouse(lake, tmp_path / "backup")
    with pytest.raises(WarehouseError, match=r"cannot be opened as of 2001-01-01"):
        run_query(lake, "from articles", at=datetime(2001, 1, 1, tzinfo=UTC))


# Writers and readers


@pytest.mark.slow
def test_two_publish_at_once_beside_a_reader(new_lake: Path, tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    own = [Record(f"/in/{name}.txt", f"Rain fell on {name}. Share this") for name in ("one", "two")]
    staged = {
        "one": stage(tmp_path / "one", [A, own[0], EMPTY])[0],
        "two": stage(tmp_path / "two", [replace(A, location="/in/copy.txt"), B, own[1], EMPTY])[0],
    }
    with connect_writer(new_lake) as connection:
        migrate(connection)
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", PUBLISH, str(new_lake), str(folder), run],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT,
        )
        for run, folder in staged.items()
    ]  # fmt: skip
    for writer in writers:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "ready\n", writer.communicate()[1]
    with connect_reader(new_lake) as reader:
        for writer in writers:
            assert writer.stdin is not None
            writer.stdin.write("go\n")
            writer.stdin.flush()
        seen = []
        while any(writer.poll() is None for writer in writers):
            seen.append(
                reader.execute(
                    "select (select count(*) from inputs), (select count(*) from articles),"
                    "(select count(*) from duplicates), (select count(*) from quarantine)"
                ).fetchall()[0]
            )
            for writer in writers:  # which this reader would keep from the processor
                with suppress(subprocess.TimeoutExpired):
                    writer.wait(timeout=0.05)
        assert [writer.communicate()[1] for writer in writers] == ["", ""]
        assert all(inputs == articles + copies + broken for inputs, articles, copies, broken in seen)
        assert len(fates(reader)) == 6
        assert sorted(fate for fate, _ in fates(reader).values()) == ["article"] * 4 + ["duplicate", "quarantine"]
        assert reader.execute("select count(*), count(distinct article_id) from search_articles").fetchall() == [(4, 4)]
        assert reader.execute("select run_id from runs order by all").fetchall() == [("one",), ("two",)]
        assert reader.execute("select count(*) from search('rain')").fetchall() == [(3,)]
        moments = reader.execute("select snapshot_time from lake.snapshots() order by 1").fetchall()
    done = maintain(new_lake, history_before=datetime(2020, 1, 1, tzinfo=UTC))  # checks every promise
    assert done.article_count == 4
    counts = [
        int(str(run_query(new_lake, "select count(*) from articles", at=at).rows[0][0])) for (at,) in moments[-2:]
    ]
    assert counts[0] < counts[1] == 4


@pytest.mark.slow
def test_a_lake_holds_what_a_file_holds(tmp_path: Path) -> None:
    rules_2 = replace(A, ruleset="rules-2", cut="Share"), replace(A, ruleset="rules-2", location="/in/0.txt")
    runs = ([A, replace(A, location="/in/z.txt"), B, EMPTY], rules_2, [replace(B, ruleset="rules-2", code="too-short")])
    seen = []
    for name in ("winnow.duckdb", f"ducklake:sqlite:{tmp_path}/lake.sqlite"):
        warehouse = Path(name) if "lake" in name else tmp_path / name
        with connect_writer(warehouse) as connection:
            migrate(connection)
            for number, records in enumerate(runs):
                folder = tmp_path / f"{warehouse.name}-{number}"
                folder.mkdir()
                staged, _ = stage(folder, records)
                publish(connection, staged, run_record(f"run {number}"), ())
                publish(connection, staged, run_record(f"again {number}"), ())
            seen.append(contents(connection))
    assert seen[0] == seen[1]
    assert seen[0]["articles"]


@dataclass(frozen=True)
class LakeDesk(Desk):
    """The same desk with a lake."""

    @property
    def warehouse(self) -> Path:
        return Path(f"ducklake:sqlite:{self.folder}/lake.sqlite")

    def query(self, sql: str) -> list[tuple[object, ...]]:
        with connect_reader(self.warehouse) as connection:
            return connection.sql(sql).fetchall()


@pytest.mark.parametrize("kind", [Desk, LakeDesk])
def test_a_run_is_compared_with_what_the_warehouse_holds_whatever_its_kind(tmp_path: Path, kind: type[Desk]) -> None:
    desk = kind(tmp_path)
    desk.run("r1", WIRE)
    staged = desk.stage("r2", (WIRE, LATER))
    assert pq.read_table(staged / "text_links.parquet").num_rows == 1
    assert pq.read_table(staged / "compared_runs.parquet").column("run_id").to_pylist() == ["r1"]
    assert stage_comparison(desk.warehouse, staged, NOW)
    measures = pq.read_table(staged / "run_measures.parquet").to_pylist()
    new = {row["value"] for row in measures if row["measure"] == "articles" and not row["subject"]}
    assert new == {1}  # the other is known
    check = UserCheck("published", "warning", "", sql="from articles")
    (result,) = run_user_checks(desk.warehouse, staged, (check,))
    assert result.unexpected_count == 1
    desk.publish("r2", staged)
    assert len(desk.clusters()) == 2


@pytest.mark.slow
def test_a_run_into_a_lake(tmp_path: Path, prefect_api: str) -> None:
    (tmp_path / "in").mkdir()
    prose = "The harbour office will stay closed until the end of March while the new cranes are tested and paid for."
    for number in range(2):
        (tmp_path / "in" / f"{number}.txt").write_text(f"{prose} {number}\nClerks work from the customs house.\n")
    options = ("-w", "ducklake:sqlite:lake.sqlite")
    done = winnow_here(tmp_path, "run", "in", *options, api=prefect_api)
    assert done.returncode in {0, 1}, done.stderr
    again = winnow_here(tmp_path, "run", "in", *options, "--keep-raw", api=prefect_api)
    assert again.returncode in {0, 1}, again.stderr
    asked = winnow_here(tmp_path, "sql", "select count(*) as n from search('cranes')", *options, "-f", "csv")
    assert asked.stdout.split() == ["n", "2"], asked.stderr
    early = winnow_here(tmp_path, "sql", "from articles", *options, "--at", "2020-01-01")
    assert early.returncode == 4
    assert early.stderr.startswith("winnow: ducklake:sqlite:lake.sqlite: cannot be opened as of 2020-01-01")
    assert {path.name for path in tmp_path.iterdir()} >= {"lake.sqlite", "lake.sqlite.data", "report.html"}
    assert not list(tmp_path.glob("ducklake*"))


# What may be asked


@pytest.mark.parametrize(
    "query",
    [
        "from read_text('/etc/hostname')",
        "from read_parquet('{data}/main/articles/*.parquet')",
        "from read_text('{data}/../secret.txt')",
        "from '{data}/../secret.csv'",
        "select (select count(*) from read_csv('/etc/passwd'))",
        "with hidden as (from glob('/*')) from hidden",
        "from query('from read_text(''/etc/hostname'')')",
        "from sqlite_scan('{data}/../lake.sqlite', 'ducklake_snapshot')",
        "from sqlite_query('__ducklake_metadata_lake', 'delete from ducklake_snapshot')",
        "from __ducklake_metadata_lake.ducklake_snapshot",
        "from duckdb_databases()",
        "from duckdb_secrets()",
        "from duckdb_settings()",
        "from which_secret('s3://x', 's3')",
        "from ducklake_expire_snapshots('lake', older_than => now())",
        "copy (select 1) to '{data}/evil.csv'",
        "explain analyze copy (select 1) to '{data}/evil.csv'",
        "insert into articles from articles",
        "delete from articles",
        "attach '/srv/other.duckdb'",
        "load '/srv/evil.duckdb_extension'",
        "set enable_external_access = true",
        "select 1; select 2",
    ],
)
def test_a_lake_gives_nothing_but_the_warehouse(lake: Path, query: str) -> None:
    data = parse_lake(lake).data
    (Path(str(data)).parent / "secret.txt").write_text("secret")
    with pytest.raises(QueryError):
        run_query(lake, query.replace("{data}", str(data)))
    assert not (Path(str(data)) / "evil.csv").exists()


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ("select count(*) from clean_articles", 2),
        ("select count(*) from search('rain')", 1),
        ("select count(*) from articles as a, unnest(['x', 'y'])", 4),
        ("with few as (from articles limit 1) select count(*) from few", 1),
        ("select count(*) from (describe articles) where column_name = 'article_id'", 1),
        ("select count(*) from duckdb_columns() where comment is null and table_name = 'clean_articles'", 0),
    ],
)
def test_what_a_user_asks_of_a_lake(lake: Path, query: str, rows: int) -> None:
    assert run_query(lake, query).rows == ((rows,),)


def test_the_relations_of_a_lake_are_listed_with_comments(lake: Path) -> None:
    relations = {relation.name: relation for relation in list_relations(lake)}
    assert relations["articles"].row_count == 2
    assert {relations[name].kind for name in ("clean_articles", "search")} == {"view", "macro"}
    assert all(r.comment for r in relations.values())


def test_a_lake_is_exported(lake: Path, tmp_path: Path) -> None:
    assert export_views(lake, tmp_path / "parquet") == 2
    assert list((tmp_path / "parquet" / "clean_articles").glob("month=*/*.parquet"))
