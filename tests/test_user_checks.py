"""A user's own checks: what a file may say, what is told of a bad one, and what its checks find."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest

from flows.user_checks import CheckFileError, load_checks, parse_checks
from tests.migrated import migrate
from warehouse.connect import connect_writer
from warehouse.errors import QueryError
from warehouse.records import CheckResult
from warehouse.user_checks import UserCheck, bind, run_user_checks, shapes

HEAD = '[[check]]\nid = "one"\nseverity = "warning"\nnote = "Why."\n'
GOOD = f"""
{HEAD}sql = "select article_id, text_words from staged_articles anti join articles using (article_id)"

[[check]]
id = "two"
severity = "critical"
note = "Why."
column = "staged_articles.text_words"
min = 20
mostly = 0.9

[[check]]
id = "three"
severity = "info"
note = "Why."
metric = "undated_ratio"
max = 0.5

[[check]]
id = "four"
severity = "info"
note = "Why."
metric = "select avg(mean_quality) from source_scorecard"
min = 0.2
max = 1
"""
BAD = (
    ("sql = ", "is no TOML"),
    ("", "has no check"),
    ("[other]\na = 1", "table 'other' is unknown"),
    (HEAD, "check 1 ('one'), give one of sql, column and metric; given are none"),
    (HEAD + 'sql = "from articles"\nmetric = "quality"', "given are sql, metric"),
    (HEAD + 'sql = "from nowhere"', "Table with name nowhere does not exist"),
    (HEAD + 'sql = "select nothing from staged_articles"', 'column "nothing" not found'),
    (HEAD + 'sql = "drop table articles"', "give one query that reads"),
    (HEAD + "sql = \"copy articles to 'a.csv'\"", "give one query that reads"),
    (HEAD + 'sql = "select 1; select 2"', "give one query that reads"),
    (HEAD + 'sql = "from articles"\nmin = 1', "bounds are for column and metric"),
    (HEAD + 'column = "text_words"\nmin = 1', "write table.column"),
    (HEAD + 'column = "staged_articles.text"\nmin = 1', "is VARCHAR; bounds are for numbers"),
    (HEAD + 'column = "staged_articles.text_words"', "field min: it is missing"),
    (HEAD + 'column = "staged_articles.text_words"\nmin = 3\nmax = 2', "3 is more than max 2"),
    (HEAD + 'column = "staged_articles.text_words"\nmin = "3"', "field min: '3' is not allowed; give a number"),
    (HEAD + 'column = "staged_articles.text_words"\nmin = nan', "field min: nan is not allowed"),
    (HEAD + 'column = "staged_articles.text_words"\nmin = 1\nmostly = 2', "field mostly: 2 is not allowed"),
    (HEAD + 'metric = "charm"\nmin = 1', "allowed are records, articles"),
    (HEAD + 'metric = "select 1, 2"\nmin = 1', "it must give one number"),
    (HEAD + 'metric = "quality"\nmin = 1\nmore = 2', "field more: there is no such field"),
    (HEAD.replace("warning", "fatal") + 'metric = "quality"\nmin = 1', "allowed are critical, warning, info"),
    (HEAD.replace('"one"', '"One!"') + 'metric = "quality"\nmin = 1', "at most 60 of a-z and 0-9"),
    (HEAD.replace('note = "Why."\n', "") + 'metric = "quality"\nmin = 1', "field note: it is missing"),
    ((HEAD + 'metric = "quality"\nmin = 1\n') * 2, "check 2 ('one'), field id: 'one' is the id of another check"),
)


@pytest.mark.parametrize(("text", "message"), BAD, ids=[message for _, message in BAD])
def test_a_bad_file_is_told_what_is_wrong(text: str, message: str) -> None:
    with pytest.raises(CheckFileError) as raised:
        parse_checks(text)
    assert message in str(raised.value)


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(CheckFileError, match=r"none\.toml: cannot be read"):
        load_checks(tmp_path / "none.toml")
    (tmp_path / "latin.toml").write_bytes(b"# caf\xe9")
    with pytest.raises(CheckFileError, match=r"latin\.toml: is no UTF-8 text \(byte 5\)"):
        load_checks(tmp_path / "latin.toml")
    (tmp_path / "bad.toml").write_text(HEAD)
    with pytest.raises(CheckFileError, match=r"bad\.toml: check 1"):
        load_checks(tmp_path / "bad.toml")


@pytest.fixture
def staged(tmp_path: Path) -> Path:
    """A run that staged three articles, one of which the warehouse has."""
    folder = tmp_path / "staged"
    folder.mkdir()
    with shapes() as connection:
        connection.execute(
            "create table found as select * replace ('a' || n as article_id, 's' as source, 10 * n as text_words)"
            " from (select * from staged_articles right join range(1, 4) as r (n) on true)"
        )
        columns = [column for column in connection.table("found").columns if column != "n"]
        connection.table("found").project(", ".join(columns)).write_parquet(str(folder / "articles.parquet"))
    duckdb.sql("select 'undated_ratio' as measure, '' as subject, 0.75 as value, 3 as articles").write_parquet(
        str(folder / "run_measures.parquet")
    )
    with connect_writer(tmp_path / "winnow.duckdb") as connection:
        migrate(connection)
        connection.execute(
            "insert into inputs by name select 'i1' as input_id, 'r' as run_id, 'd' as document_id, 'l' as location,"
            " '' as record_key, 's' as source, 1 as content_bytes, 'article' as fate, 'a1' as article_id,"
            " 'v' as ruleset_version"
        )
    return folder


def check(**given: object) -> UserCheck:
    return UserCheck("c", "warning", "Why.", **given)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("given", "is_success", "count", "observed"),
    [
        (check(sql="from staged_articles where text_words > 30"), True, 0, "0 rows, wanted no rows"),
        (check(sql="select article_id from staged_articles"), False, 3, "3 rows, wanted no rows"),
        (check(sql="from staged_articles anti join inputs using (article_id)"), False, 2, "2 rows, wanted no rows"),
        (check(sql="from staged_edits"), True, 0, "0 rows, wanted no rows"),
        (check(column="staged_articles.text_words", least=10), True, 0, "0 rows, wanted values from 10"),
        (check(column="staged_articles.text_words", most=20), False, 1, "1 rows, wanted values up to 20"),
        (
            check(column="staged_articles.text_words", most=20, mostly=0.6),
            True,
            1,
            "1 rows, wanted values up to 20, in 60% of them",
        ),
        (check(column="staged_articles.text_chars", least=1), True, 0, "0 rows, wanted values from 1"),
        (check(column="inputs.content_bytes", least=2), False, 1, "1 rows, wanted values from 2"),
        (check(metric="undated_ratio", most=0.5), False, None, "0.75, wanted up to 0.5"),
        (check(metric="undated_ratio", most=0.8), True, None, "0.75, wanted up to 0.8"),
        (check(metric="quality", least=0.5), True, None, "nothing to measure, wanted from 0.5"),
        (check(metric="select count(*) from inputs", least=2), False, None, "1, wanted from 2"),
    ],
    ids=lambda value: (value.sql or value.column or value.metric) if isinstance(value, UserCheck) else None,
)
def test_what_a_check_finds(staged: Path, given: UserCheck, is_success: bool, count: int, observed: str) -> None:
    (result,) = run_user_checks(staged.parent / "winnow.duckdb", staged, (given,))
    assert (result.is_success, result.unexpected_count, result.observed) == (is_success, count, observed)
    assert (result.suite, result.check_name, result.severity, result.notes) == ("user", "c", "warning", "Why.")


def run_one(staged: Path, given: UserCheck, *, seconds: float = 60) -> CheckResult:
    (result,) = run_user_checks(staged.parent / "winnow.duckdb", staged, (given,), seconds=seconds)
    return result


def test_rows_are_named_with_their_values_and_cut(staged: Path) -> None:
    result = run_one(staged, check(column="staged_articles.text_words", most=10))
    assert json.loads(result.unexpected_sample or "") == [
        {"article_id": "a2", "input_id": None, "source": "s", "text_words": 20},
        {"article_id": "a3", "input_id": None, "source": "s", "text_words": 30},
    ]
    (row, *rest) = json.loads(
        run_one(staged, check(sql="select repeat('x', 999) as t from range(9)")).unexpected_sample or ""
    )
    assert (len(row["t"]), len(rest)) == (120, 4)


@pytest.mark.parametrize(
    "sql",
    [
        "from read_text('/etc/hostname')",
        "from read_csv('/etc/passwd')",
        "from glob('/etc/*')",
        "from read_parquet('../winnow.duckdb')",
    ],
)
def test_a_check_reaches_no_other_file(staged: Path, sql: str) -> None:
    result = run_one(staged, check(sql=sql))
    assert not result.is_success
    assert (result.observed or "").startswith("could not run: Permission Error")


def test_a_check_cannot_write(staged: Path) -> None:
    with shapes() as connection:
        for sql in (
            "delete from articles",
            "set threads = 1",
            "attach 'x' as x",
            "call pragma_version()",
            "checkpoint",
        ):
            with pytest.raises(QueryError):
                bind(connection, sql)
    assert not run_one(staged, check(sql="delete from articles")).is_success


def test_a_check_that_takes_too_long_has_failed(staged: Path) -> None:
    endless = "select count(*) from range(1000000) as a (n), range(1000000) as b (m) where n * m = -1"
    result = run_one(staged, check(metric=endless, least=0), seconds=0.2)
    assert (result.is_success, result.observed) == (False, "could not run: took more than 0.2 s; look at fewer rows")


def test_before_the_first_run_the_warehouse_is_empty(staged: Path, tmp_path: Path) -> None:
    checks = parse_checks(GOOD)
    results = run_user_checks(tmp_path / "none.duckdb", staged, checks)
    assert [(r.check_name, r.is_success) for r in results] == [
        ("one", False), ("two", False), ("three", False), ("four", True),
    ]  # fmt: skip
    assert run_user_checks(tmp_path / "none.duckdb", staged, ()) == ()
