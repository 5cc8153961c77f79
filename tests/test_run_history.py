"""Whole runs against the last ones: when an alarm is given, how long it lasts, and when none is."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from tests.migrated import migrate
from warehouse.connect import connect_writer, transaction
from warehouse.records import RunRecord
from warehouse.run_history import record_comparison, stage_comparison

MONDAY = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
TABLES = {
    "inputs": "input_id varchar, fate varchar, article_id varchar",
    "articles": "article_id varchar, input_id varchar, source varchar, language varchar, published_on date,"
    " text_words bigint, original_chars bigint",
    "edits": "article_id varchar, kind varchar, rule_id varchar, start_char bigint, end_char bigint",
    "flags": "article_id varchar, code varchar",
    "scores": "article_id varchar, score varchar, component varchar, value_ratio double",
}


# Each share is of other articles: these are put into another order for it.
ROWS = (
    """
    create table numbered as
    select n, printf('%06d', $first + n) as name, (n * 7 % $articles) / $articles as share
    from range($articles) as r (n)
    """,
    """
    insert into articles select name, name, $sources[1 + n % len($sources)], if(share < $german, 'de', 'en'),
      if(n < $undated * $articles, null, date '2026-01-01'), $words + n % 7, 1000 from numbered
    """,
    "insert into inputs select name, 'article', name from numbered",
    "insert into scores select name, 'quality', 'total', $quality + (n % 5 - 2) / 50 from numbered",
    "insert into flags select name, 'seo-padded' from numbered where share < $padded",
    """
    insert into edits select name, 'navigation', 'ticker', 0, ($ticker * 1000)::bigint from numbered where $ticker > 0
    """,
    """
    insert into inputs select printf('q%06d', $first + n), 'quarantine', null from range($quarantined) as r (n)
    """,
)


@dataclass(frozen=True)
class News:
    """What a run takes in: `articles` of each source, evenly; shares are of these."""

    articles: int = 60
    sources: tuple[str, ...] = ("a", "b", "c")
    undated: float = 0.1
    padded: float = 0.1
    quality: float = 0.7
    words: int = 400
    german: float = 0.0
    ticker: float = 0.0  # share of each article that the rule of this name takes
    quarantined: int = 0


@dataclass
class Desk:
    """A warehouse, and runs that are compared with it and recorded, one a day."""

    folder: Path
    day: int = 0
    known: int = 0
    last: Path = field(init=False)

    @property
    def warehouse(self) -> Path:
        return self.folder / "winnow.duckdb"

    def run(self, news: News, *, hours: float = 24, is_again: bool = False) -> list[tuple[str, str, bool]]:
        """Stage, compare and record one run; cause, words and whether it is told for the first time."""
        self.day += 1
        at = MONDAY + timedelta(hours=hours * self.day)
        self.last = self.folder / f"run-{self.day}" / "staged"
        self.last.mkdir(parents=True)
        first = self.known - news.articles if is_again else self.known
        _write(self.last, news, first)
        assert stage_comparison(self.warehouse, self.last, at)
        with connect_writer(self.warehouse) as connection, transaction(connection):
            record_comparison(connection, self.last, RunRecord(f"run-{self.day}", "", at, at, "r", 1))
            if not is_again:
                _take_in(connection, self.last, at)
                self.known += news.articles + news.quarantined
        query = f"select cause, what, is_new from '{self.last}/run_alarms.parquet' order by cause, is_new"
        return duckdb.sql(query).fetchall()

    def settle(self, count: int = 6) -> None:
        """So many usual runs: the first is run, the others are written as it was."""
        assert self.run(USUAL) == []
        with connect_writer(self.warehouse) as connection:
            for _ in range(count - 1):
                self.day += 1
                at = MONDAY + timedelta(hours=24 * self.day)
                connection.execute(
                    "insert into run_measures by name select * replace (? as run_id, ? as measured_at) "
                    "from run_measures where run_id = 'run-1'",
                    [f"run-{self.day}", at],
                )
                connection.execute(
                    "insert into source_history (source, seen_at, article_count) "
                    "select source, ?, article_count from source_history where seen_at = ?",
                    [at, MONDAY + timedelta(hours=24)],
                )

    def runs(self, *news: News, hours: float = 24) -> list[tuple[str, str, bool]]:
        """Several; the alarms of all of them."""
        return [alarm for one in news for alarm in self.run(one, hours=hours)]

    def query(self, sql: str) -> list[tuple[object, ...]]:
        with duckdb.connect(self.warehouse, read_only=True) as connection:
            return connection.sql(sql).fetchall()


def _write(staged: Path, news: News, first: int) -> None:
    with duckdb.connect() as memory:
        for table, columns in TABLES.items():
            memory.execute(f"create table {table} ({columns})")
        values = {
            **{name: getattr(news, name) for name in ("articles", "undated", "padded", "quality", "words", "german")},
            "ticker": news.ticker,
            "sources": list(news.sources),
            "quarantined": news.quarantined,
            "first": first,
        }
        for statement in ROWS:
            memory.execute(statement, {name: value for name, value in values.items() if f"${name}" in statement})
        for table in TABLES:
            memory.table(table).write_parquet(str(staged / f"{table}.parquet"))


def _take_in(connection: duckdb.DuckDBPyConnection, staged: Path, at: datetime) -> None:
    """What a publish writes of it, as far as the comparison reads it."""
    connection.execute(
        f"insert into inputs by name select *, '' as run_id, '' as document_id, input_id as location, '' as record_key,"
        f" 's' as source, '' as ruleset_version from '{staged}/inputs.parquet'"
    )
    connection.execute(
        "insert into source_history (source, seen_at, article_count)"
        f" select source, ?, count(*) from '{staged}/articles.parquet' group by source",
        [at],
    )
    connection.execute(
        "insert into removal_history select source, ?, rule_id, count(*), sum((end_char - start_char) / 1000)"
        f" from '{staged}/edits.parquet' join '{staged}/articles.parquet' using (article_id) group by all",
        [at],
    )


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    with connect_writer(tmp_path / "winnow.duckdb") as connection:
        migrate(connection)
    return Desk(tmp_path)


USUAL = News()


def test_no_alarm_in_the_first_runs_whatever_they_give(desk: Desk) -> None:
    odd = (News(500), News(20, undated=1), News(90, quality=0.2), News(30, ("z",)), News(60, words=30, german=1))
    assert desk.runs(*odd) == []
    assert desk.query("select count(*) from alarms") == [(0,)]


def test_no_alarm_when_runs_differ_as_they_use_to(desk: Desk) -> None:
    sizes = (60, 66, 54, 63, 57, 60, 69, 51, 60)
    assert desk.runs(*(News(n, undated=0.1 + n % 2 / 20, quality=0.68 + n % 4 / 100) for n in sizes)) == []


@pytest.mark.parametrize(
    ("news", "expected"),
    [
        (replace(USUAL, articles=30), [("volume", "records fell to 30, usually 60 (6 runs)")]),
        (
            replace(USUAL, articles=180),
            [("volume", "records rose to 180, usually 60 (6 runs)")],
        ),
        (replace(USUAL, undated=0.6), [("dates", "undated share rose to 60.0 %, usually 10.0 % (6 runs)")]),
        (replace(USUAL, padded=0.5), [("padding", "padded share rose to 50.0 %, usually 10.0 % (6 runs)")]),
        (replace(USUAL, quality=0.5), [("quality", "mean quality fell to 0.50, usually 0.70 (6 runs)")]),
        (replace(USUAL, words=40), [("length", "median of words fell to 43, usually 403 (6 runs)")]),
        (
            replace(USUAL, german=0.5),
            [
                (
                    "language",
                    (
                        "share of language en fell to 50.0 %, usually 100.0 % (6 runs); "
                        "share of language de rose to 50.0 %, usually 0.0 % (6 runs)"
                    ),
                )
            ],
        ),
        (
            replace(USUAL, ticker=0.2),
            [
                (
                    "removal",
                    (
                        "share removed rose to 20.0 %, usually 0.0 % (6 runs); "
                        "removed by rule ticker rose to 20.0 %, usually 0.0 % (6 runs); "
                        "removed of source a rose to 20.0 %, usually 0.0 % (6 runs); "
                        "removed of source b rose to 20.0 %, usually 0.0 % (6 runs); and 1 more"
                    ),
                )
            ],
        ),
        (
            replace(USUAL, sources=("a", "b")),
            [("volume", "articles of c fell to 0, usually 20 (6 runs)")],
        ),
        (
            replace(USUAL, quarantined=40),
            [("quarantine", "share in quarantine rose to 40.0 %, usually 0.0 % (6 runs)")],
        ),
    ],
    ids=lambda value: None if isinstance(value, News) else value[0][0],
)
def test_what_is_unusual_is_one_line_a_cause(desk: Desk, news: News, expected: list[tuple[str, str]]) -> None:
    desk.settle()
    assert desk.run(news) == [(cause, what, True) for cause, what in expected]


def test_an_alarm_is_told_once_lasts_and_is_resolved(desk: Desk) -> None:
    desk.settle(7)
    bad = replace(USUAL, undated=0.7)
    assert [is_new for _, _, is_new in desk.run(bad)] == [True]
    assert [is_new for _, _, is_new in desk.run(bad)] == [False]
    assert desk.query("select cause, alarm_count, what[:13] from open_alarms") == [("dates", 1, "undated share")]
    assert desk.run(USUAL) == []
    assert desk.query("from open_alarms") == []
    assert desk.query("select opened_run_id, last_run_id, resolved_run_id from alarms") == [
        ("run-8", "run-9", "run-10")
    ]
    assert [is_new for _, _, is_new in desk.run(bad)] == [True]
    assert desk.query("select count(*), count(resolved_at) from alarms") == [(2, 1)]


def test_another_source_that_goes_is_told_beside_the_one_that_is(desk: Desk) -> None:
    desk.settle()
    desk.run(replace(USUAL, sources=("a", "b")))
    found = desk.run(replace(USUAL, sources=("a",)))
    assert [(cause, what[:13], is_new) for cause, what, is_new in found] == [
        ("volume", "articles of c", False),
        ("volume", "articles of b", True),
    ]


def test_what_lasts_becomes_usual_and_is_resolved(desk: Desk) -> None:
    desk.settle()
    bad = replace(USUAL, undated=0.7)
    found = [desk.run(bad) for _ in range(8)]
    assert [len(alarms) for alarms in found[:4]] == [1, 1, 1, 1]
    assert found[-1] == []
    assert desk.query("select count(*) from open_alarms") == [(0,)]


def test_a_small_run_leaves_alarms_open(desk: Desk) -> None:
    desk.settle()
    desk.run(replace(USUAL, undated=0.7))
    small = desk.run(News(4))
    assert [(cause, is_new) for cause, _, is_new in small] == [("volume", True)]
    assert desk.query("select cause from open_alarms order by cause") == [("dates",), ("volume",)]


def test_a_run_over_known_records_is_no_sample(desk: Desk) -> None:
    desk.settle()
    before = desk.query("from run_measures")
    assert desk.run(USUAL, hours=20, is_again=True) == []
    assert desk.query("from run_measures") == before


def test_a_long_silence_is_told_and_over_with_the_next_news(desk: Desk) -> None:
    desk.settle(7)
    desk.day += 4
    assert desk.run(USUAL, is_again=True) == [
        ("volume", "hours without news rose to 120.0, usually 24.0 (6 runs)", True)
    ]
    assert desk.run(USUAL) == []
    assert desk.query("select count(*) from open_alarms") == [(0,)]


def test_weekdays_are_compared_with_their_like(desk: Desk) -> None:
    desk.settle(35)
    with connect_writer(desk.warehouse) as connection:
        connection.execute(
            "update run_measures set value = value / 2 where measure = 'records' and isodow(measured_at) > 5"
        )
    desk.day = 39  # the next is a Saturday
    assert desk.run(News(30)) == [], "a quiet weekend is usual"
    assert desk.run(News(70)) == [("volume", "records rose to 70, usually 30 (5 runs)", True)]


def test_a_warehouse_of_an_earlier_version_is_not_compared(tmp_path: Path) -> None:
    with duckdb.connect(tmp_path / "winnow.duckdb") as connection:
        connection.execute("create table inputs (input_id varchar)")
    (tmp_path / "run" / "staged").mkdir(parents=True)
    _write(tmp_path / "run" / "staged", USUAL, 0)
    assert not stage_comparison(tmp_path / "winnow.duckdb", tmp_path / "run" / "staged", MONDAY)
