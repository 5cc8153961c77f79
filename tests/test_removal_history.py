"""What rules took of a source before, and the check that a run's removals do not jump against it."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

import duckdb
import pytest

from expectations.removal_history import FRAME
from expectations.staged import open_staged
from flows.intake import Record
from tests.here import winnow_here
from tests.template_runs import FIRST, Newsroom, document, prose
from warehouse.history import stage_baselines
from warehouse.migrate import MIGRATIONS, make_tables, make_views

RULES = """
[[rule]]
id = "harbour-ticker"
kind = "navigation"
scope = "line"
pattern = "ticker: .*"
removes = ["Ticker: ferry shares up"]
keeps = ["The ticker: a clerk with a bell, he said."]
"""
NEW_RULE = """
[[rule]]
id = "harbour-wire"
kind = "navigation"
scope = "line"
pattern = "wire: .*"
removes = ["Wire: ferry shares up"]
keeps = ["The wire: a rope with a hook, he said."]
"""
WORDS = tuple(a + b for a in ("rope", "tide", "gull", "pier", "sail", "fog") for b in ("yard", "works", "side", "way"))


def article(seed: int, tickers: int, label: str) -> str:
    """Some 750 characters of prose and tickers of 35 characters each; no two are alike, so no template is found."""
    chosen = random.Random(seed)
    return "\n".join((prose(seed), *(f"{label}: {' '.join(chosen.sample(WORDS, 4))}" for _ in range(tickers))))


def issue(day: int, tickers: Sequence[int], source: str = "courier", label: str = "Ticker") -> list[Record]:
    """The articles of one day: as many as there are numbers of tickers."""
    return [document(f"{day}-{n}", article(100 * day + n, count, label), source) for n, count in enumerate(tickers)]


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Newsroom:
    """Five days of a source, twenty articles a day with one ticker each; to be copied."""
    newsroom = Newsroom(tmp_path_factory.mktemp("known"))
    for day in range(1, 6):
        newsroom.run(issue(day, (1,) * 20), f"run-{day}", rules=RULES)
    return newsroom


@pytest.fixture
def newsroom(known: Newsroom, tmp_path: Path) -> Newsroom:
    shutil.copy(known.warehouse, tmp_path)
    return Newsroom(tmp_path)


Found = dict[tuple[str, str], tuple[str, str, str]]


def compare(newsroom: Newsroom, records: Sequence[Record], rules: str = RULES, ruleset: str = "rules-1") -> Found:
    """What a run over the records would be told, by source and rule: jump or gone, share now, share before."""
    staged, _ = newsroom.stage(records, f"run-9-{ruleset}", rules=rules, ruleset=ruleset)
    stage_baselines(newsroom.warehouse, staged)
    return findings(staged)


def findings(staged: Path) -> Found:
    with open_staged(staged, FIRST.date()) as connection:
        rows = connection.sql(FRAME).filter("is_jump or is_gone").fetchall()
    return {(source, rule): ("jump" if jump else "gone", now, before) for source, rule, now, before, jump, _ in rows}


# Whole runs

TICKERS = ("courier", "harbour-ticker")


@pytest.mark.parametrize(
    ("tickers", "expected"),
    [
        pytest.param((1,) * 10, {}, id="as ever"),
        pytest.param((2,) * 10, {}, id="twice as much"),
        pytest.param((5,) * 10, {TICKERS: "jump"}, id="five times as much"),
        pytest.param((5,) * 9, {}, id="too few articles to tell"),
        pytest.param((9, 9, 9, 9) + (0,) * 16, {}, id="four odd articles"),
        pytest.param((0,) * 20, {TICKERS: "gone"}, id="nothing any more"),
        pytest.param((0,) * 9, {}, id="nothing, of too few"),
        pytest.param((1,) + (0,) * 19, {}, id="less"),
        pytest.param((), {}, id="nothing new"),
    ],
)
def test_a_run_is_compared_with_those_before(
    newsroom: Newsroom, tickers: tuple[int, ...], expected: dict[tuple[str, str], str]
) -> None:
    found = compare(newsroom, issue(9, tickers))
    assert {key: what for key, (what, _, _) in found.items()} == expected


def test_the_shares_now_and_before_are_told(newsroom: Newsroom) -> None:
    ((what, now, before),) = compare(newsroom, issue(9, (5,) * 10)).values()
    now_ratio, before_ratio = (float(share.removesuffix(" %")) / 100 for share in (now, before))
    assert what == "jump"
    assert 0.03 < before_ratio < 0.06
    assert 3 < now_ratio / before_ratio < 5


def test_a_rule_that_is_new_jumps_from_nothing(newsroom: Newsroom) -> None:
    records = issue(9, (2,) * 10, label="Wire")
    assert ("courier", "harbour-wire") not in compare(newsroom, records)
    found = compare(Newsroom(newsroom.folder), records, RULES + NEW_RULE, "rules-2")
    assert found["courier", "harbour-wire"][0] == "jump"
    assert found["courier", "harbour-wire"][2] == "0.0 %"


def test_a_rule_that_was_switched_off_is_gone(newsroom: Newsroom) -> None:
    assert compare(newsroom, issue(9, (1,) * 10), rules="", ruleset="rules-2")[TICKERS][0] == "gone"


def test_another_source_and_first_runs_are_not_compared(tmp_path: Path) -> None:
    newsroom = Newsroom(tmp_path)
    newsroom.run(issue(0, (1,) * 9), "run-0", rules=RULES)
    for day in range(1, 5):  # four periods are too few
        newsroom.run(issue(day, (1,) * 20), f"run-{day}", rules=RULES)
    assert compare(newsroom, issue(8, (5,) * 10) + issue(8, (5,) * 10, "island")) == {}


def test_a_warehouse_that_is_not_there_or_old_has_no_history(newsroom: Newsroom) -> None:
    staged, _ = newsroom.stage(issue(9, (5,) * 10), "run-9", rules=RULES)
    assert not stage_baselines(newsroom.folder / "none.duckdb", staged)
    assert findings(staged) == {}
    assert not (newsroom.folder / "none.duckdb").exists()
    newsroom.change("drop view removal_baselines; drop view source_baselines; drop view source_periods")
    newsroom.change("drop table removal_history")
    assert not stage_baselines(newsroom.warehouse, staged)
    assert findings(staged) == {}
    with duckdb.connect(newsroom.warehouse) as nobody_holds_it:
        assert nobody_holds_it.sql("select count(*) from runs").fetchall() == [(5,)]


def test_history_of_an_earlier_version_is_compared_with(newsroom: Newsroom) -> None:
    """Before the first publish of this version, source_history has its first three columns only."""
    views = newsroom.query("select view_name from duckdb_views() where not internal")
    newsroom.change("".join(f"drop view {name};" for (name,) in views))
    newsroom.change(
        "create table narrow as select source, seen_at, article_count from source_history; drop table source_history; "
        "alter table narrow rename to source_history"
    )
    assert compare(newsroom, issue(9, (5,) * 10))[TICKERS][0] == "jump"


def test_known_articles_cleaned_anew_change_history_and_add_none(newsroom: Newsroom) -> None:
    counted = "select source, seen_at, article_count from source_history order by all"
    history = newsroom.query(counted)
    records = [record for day in range(1, 6) for record in issue(day, (1,) * 20)]
    assert newsroom.run(records, "run-6", rules=RULES) == 0
    before = newsroom.query("from removal_history order by all")
    wider = RULES.replace("ticker: .*", "ticker: .*|.*the lantern .*")
    assert compare(newsroom, records, wider, "rules-2")[TICKERS][0] == "jump"
    assert newsroom.run(records, "run-9", rules=wider, ruleset="rules-2") == 100
    assert newsroom.query(counted) == history
    after = newsroom.query("from removal_history order by all")
    assert after != before
    assert newsroom.query("select count(distinct seen_at), sum(article_count) from source_history") == [(5, 100)]
    # What was told once is the habit now, so it is not told again.
    newsroom = Newsroom(newsroom.folder)
    staged, _ = newsroom.stage(issue(7, (1,) * 10), "run-10", rules=wider, ruleset="rules-2")
    stage_baselines(newsroom.warehouse, staged)
    assert findings(staged) == {}


def test_a_warehouse_from_before_gets_its_history(newsroom: Newsroom) -> None:
    def history() -> list[object]:
        return [newsroom.query(f"from {table} order by all") for table in ("source_history", "removal_history")]

    before = history()
    first, later = (MIGRATIONS / name for name in ("0003_source_history.sql", "0009_source_scorecards.sql"))
    newsroom.change(
        "drop table source_history; drop table removal_history; drop table measure_changes; drop table grade_bounds; "
        "alter table inputs drop column seen_at;"
        + first.read_text(encoding="utf-8")
        + later.read_text(encoding="utf-8")
    )
    assert history() == before
    assert all(before)


@pytest.mark.slow
def test_a_jump_is_a_warning_in_the_run_its_report_and_the_warehouse(newsroom: Newsroom, prefect_api: str) -> None:
    folder = newsroom.folder
    (folder / "rules.toml").write_text(RULES)
    (folder / "courier").mkdir()
    for number in range(10):
        (folder / "courier" / f"{number}.txt").write_text(article(900 + number, 5, "Ticker"))
    done = winnow_here(folder, "run", "courier", "--rules", "rules.toml", api=prefect_api)
    assert done.returncode == 1, done.stderr
    assert "warning: removal_history.is_jump.be_in_set: 1 of" in done.stderr
    ((severity, count, sample, status),) = newsroom.query(
        "select severity, unexpected_count, unexpected_sample, status from check_results join runs using (run_id) "
        "where not is_success and suite = 'removal_history'"
    )
    assert (severity, count, status) == ("warning", 1, "published")
    (row,) = json.loads(str(sample))
    assert (row["source"], row["rule_id"]) == TICKERS
    assert set(row) == {"source", "rule_id", "share_now", "share_before"}
    for report in ((folder / "report.html").read_text(), *(p.read_text() for p in (folder / "outbox").iterdir())):
        assert "1 warning" in report
    shown = (folder / "report.html").read_text()
    assert f"source courier, rule_id harbour-ticker, share_now {row['share_now']}" in shown


# The check's bounds: a case at each side. Given are articles and how many of them are touched, what is taken of each
# of these, then history: periods, articles, touched ones, what is usual and its deviation.


@pytest.mark.parametrize(
    ("now", "before", "expected"),
    [
        pytest.param((10, 10, 0.5), (5, 50, 50, 0.1, 0.0), "jump", id="jump"),
        pytest.param((9, 9, 0.5), (5, 50, 50, 0.1, 0.0), None, id="articles too few"),
        pytest.param((10, 10, 0.5), (4, 50, 50, 0.1, 0.0), None, id="periods too few"),
        pytest.param((10, 5, 0.8), (5, 50, 50, 0.1, 0.0), "jump", id="just enough articles touched"),
        pytest.param((10, 4, 0.8), (5, 50, 50, 0.1, 0.0), None, id="touched too few"),
        pytest.param((10, 10, 0.31), (5, 50, 50, 0.1, 0.0), "jump", id="over three times"),
        pytest.param((10, 10, 0.29), (5, 50, 50, 0.1, 0.0), None, id="under three times"),
        pytest.param((10, 10, 0.022), (5, 50, 0, 0.0, 0.0), "jump", id="over two points"),
        pytest.param((10, 10, 0.018), (5, 50, 0, 0.0, 0.0), None, id="under two points"),
        pytest.param((10, 10, 0.63), (5, 50, 50, 0.1, 0.1), "jump", id="over three and a half deviations"),
        pytest.param((10, 10, 0.61), (5, 50, 50, 0.1, 0.1), None, id="under three and a half deviations"),
        pytest.param((10, 0, 0.0), (5, 50, 25, 0.1, 0.0), "gone", id="half of the articles before, none of ten"),
        pytest.param((10, 0, 0.0), (5, 50, 24, 0.1, 0.0), None, id="none of ten may be chance"),
        pytest.param((9, 0, 0.0), (5, 50, 50, 0.1, 0.0), None, id="gone of too few articles"),
    ],
)
def test_bounds(
    tmp_path: Path,
    now: tuple[int, int, float],
    before: tuple[int, int, int, float, float],
    expected: str | None,
) -> None:
    articles, touched, ratio = now
    periods, *history = before
    with open_staged(tmp_path, FIRST.date()) as connection:
        connection.execute(
            "insert into articles by name select n::varchar as article_id, 's' as source, 1000 as original_chars "
            "from range(?) as r (n)",
            [articles],
        )
        # Twice: parts of one rule in one article are one; templates are one rule; tidying is none.
        connection.execute(
            "insert into edits by name select n::varchar as article_id, kind, rule_id, start_char, end_char "
            "from range($1) as r (n), (values ('widget', 'template:a', 0, $2), ('widget', 'template:b', 0, $2), "
            "('tidy', 'template', 0, 900)) as e (kind, rule_id, start_char, end_char)",
            [touched, ratio * 500],
        )
        connection.execute("insert into source_baselines values ('s', ?, ?)", [periods, history[0]])
        connection.execute("insert into removal_baselines values ('s', 'template', ?, ?, ?)", history[1:])
        connection.execute("insert into source_baselines values ('of no article', 9, 900)")
        connection.execute("insert into removal_baselines values ('of no article', 'template', 900, 0.1, 0)")
        rows = connection.sql(FRAME).project("source, rule_id, is_jump, is_gone").fetchall()
    assert {row[:2] for row in rows} <= {("s", "template")}
    found = "jump" if any(row[2] for row in rows) else "gone" if any(row[3] for row in rows) else None
    assert found == expected


# Periods and baselines


@pytest.fixture
def memory() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        make_tables(connection)
        make_views(connection)
        yield connection


def add_runs(memory: duckdb.DuckDBPyConnection, source: str, sizes: Sequence[int]) -> None:
    """Runs of a source, the first one first, one a day from the first of January."""
    for day, size in enumerate(sizes):
        memory.execute(
            "insert into source_history (source, seen_at, article_count) "
            "values (?, timestamptz '2026-01-01' + to_days(?), ?)",
            [source, day, size],
        )


@pytest.mark.parametrize(
    ("sizes", "expected"),
    [
        pytest.param((), [], id="none"),
        pytest.param((9,), [], id="too few articles"),
        pytest.param((10,), [10], id="just enough"),
        pytest.param((50, 20, 20), [20, 20, 50], id="large runs stand alone"),
        pytest.param((5,) * 9, [20, 20], id="small runs are pooled, and an unfinished period is left out"),
        pytest.param((1,) * 40, [20, 20], id="runs of one article"),
        pytest.param((12,) * 4, [24, 24], id="middling runs"),
        pytest.param((40, 1, 39), [39, 40], id="what lies between large runs is left out"),
        pytest.param((20,) * 15, [20] * 10, id="ten periods at most"),
        pytest.param((200, 3, 3, 3, 3, 3, 3, 3), [21, 200], id="an archive, then a feed"),
    ],
)
def test_periods(memory: duckdb.DuckDBPyConnection, sizes: tuple[int, ...], expected: list[int]) -> None:
    add_runs(memory, "other", (3, 30))
    add_runs(memory, "s", sizes)
    found = memory.execute(
        "select sum(article_count)::bigint from source_periods where source = 's' group by period order by period"
    ).fetchall()
    assert [count for (count,) in found] == expected
    baseline = memory.execute("select period_count, article_count from source_baselines where source = 's'").fetchall()
    assert baseline == ([(len(expected), sum(expected))] if expected else [])


def test_ten_periods_lie_within_two_hundred_runs(memory: duckdb.DuckDBPyConnection) -> None:
    add_runs(memory, "s", (1,) * 220)
    assert memory.sql("select count(*), max(period) from source_periods").fetchall() == [(200, 10)]


def test_baselines_count_the_periods_in_which_a_rule_took_nothing(memory: duckdb.DuckDBPyConnection) -> None:
    add_runs(memory, "s", (20,) * 5)
    for day, rule, articles, ratio_sum in (
        *((day, "often", 20, 20 * share) for day, share in enumerate((0.1, 0.2, 0.3, 0.4, 0.5))),
        (0, "seldom", 2, 1.0),
    ):
        memory.execute(
            "insert into removal_history values ('s', timestamptz '2026-01-01' + to_days(?), ?, ?, ?)",
            [day, rule, articles, ratio_sum],
        )
    found = memory.sql(
        "select rule_id, article_count, round(usual_ratio, 6), round(deviation_ratio, 6) from removal_baselines "
        "order by rule_id"
    ).fetchall()
    # Often: median 0.3, deviations 0.2, 0.1, 0, 0.1, 0.2. Seldom: nothing in most periods, so the mean, 1 / 100.
    assert found == [("often", 100, 0.3, 0.1), ("seldom", 2, 0.01, 0.0)]
