"""Scorecards: what a source gave adds up, grades are shrunk and say why, changes are told once; and the command."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from flows.cli import app
from flows.sources_command import plain, show_source, show_sources
from flows.sparkline import sparkline
from tests.conftest import ROOT
from tests.migrated import migrate
from tests.template_runs import Newsroom, documents, prose
from warehouse.changes import restate_changes
from warehouse.connect import connect_writer
from warehouse.errors import WarehouseError
from warehouse.scorecards import read_scorecards, read_source

MONDAY = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)


@pytest.fixture
def warehouse() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        migrate(connection)
        yield connection


def add_history(
    warehouse: duckdb.DuckDBPyConnection,
    source: str,
    articles: int,
    day: float = 0,
    quality: float = 0.7,
    **counts: float,
) -> None:
    """One run's articles of a source: all of the same quality and 100 words, 10 of 1,000 characters removed each."""
    row: dict[str, object] = {
        "source": source,
        "seen_at": MONDAY + timedelta(days=day),
        "article_count": articles,
        "word_count": 100 * articles,
        "undated_count": 0,
        "conflicting_count": 0,
        "padded_count": 0,
        "doubtful_count": 0,
        "artifact_count": articles,
        "removed_chars": 10 * articles,
        "original_chars": 1000 * articles,
        "removed_share_sum": 0.01 * articles,
        "removed_share_square_sum": 0.0001 * articles,
        "quality_sum": quality * articles,
        "quality_square_sum": quality * quality * articles,
        **counts,
    }
    names = ", ".join(row)
    warehouse.execute(f"insert into source_history ({names}) values ({', '.join(f'${name}' for name in row)})", row)


def add_inputs(warehouse: duckdb.DuckDBPyConnection, source: str, day: int = 0, **fates: int) -> None:
    for fate, count in fates.items():
        warehouse.execute(
            "insert into inputs by name select 'i' as input_id, 'r' as run_id, 'd' as document_id, 'l' as location, "
            "'' as record_key, $source as source, $fate as fate, 'v' as ruleset_version, $seen_at as seen_at "
            "from range($count)",
            {"source": source, "fate": fate, "count": count, "seen_at": MONDAY + timedelta(days=day)},
        )


# What a source gave


def test_a_scorecard_adds_up_all_runs(warehouse: duckdb.DuckDBPyConnection) -> None:
    add_history(warehouse, "harbour.example", 6, quality=0.5, undated_count=3, conflicting_count=1)
    add_history(warehouse, "harbour.example", 2, day=3, quality=0.9, padded_count=2, doubtful_count=1)
    add_inputs(warehouse, "harbour.example", article=8, duplicate=2, quarantine=1)
    add_inputs(warehouse, "broken.example", quarantine=1)
    columns = (
        "source, articles, words, undated_ratio, padded_ratio, doubtful_ratio, conflicting_ratio, mean_quality, "
        "removed_ratio, artifacts_per_1000_words, duplicates, quarantined, first_seen_at, last_seen_at"
    )
    assert warehouse.execute(f"select {columns} from source_scorecard order by source").fetchall() == [
        ("broken.example", 0, 0, None, None, None, None, None, None, None, 0, 1, None, None),
        (
            *("harbour.example", 8, 800, 0.375, 0.25, 0.125, 0.125, pytest.approx(0.6), 0.01, 10.0, 2, 1),
            *(MONDAY, MONDAY + timedelta(days=3)),
        ),
    ]


def test_days_of_a_source(warehouse: duckdb.DuckDBPyConnection) -> None:
    add_history(warehouse, "s", 4, quality=0.5, undated_count=1)
    add_history(warehouse, "s", 4, day=0.25, quality=0.7, undated_count=3)
    add_history(warehouse, "s", 1, day=2)
    add_inputs(warehouse, "s", day=1, duplicate=3, quarantine=2)
    found = warehouse.execute(
        "select day, articles, undated_ratio, mean_quality, duplicates, quarantined from source_days order by day"
    ).fetchall()
    first = MONDAY.date()
    assert found == [
        (first, 8, 0.5, pytest.approx(0.6), 0, 0),
        (first + timedelta(days=1), 0, None, None, 3, 2),
        (first + timedelta(days=2), 1, 0.0, pytest.approx(0.7), 0, 0),
    ]


def test_history_counts_what_the_articles_are(tmp_path: Path) -> None:
    newsroom = Newsroom(tmp_path)
    # The first has a date, the second none; the third is none of an article's length and repeats nothing.
    texts = [f"Published on 3 January 2026\n{prose(1)}", prose(2), f"{prose(3)}\nLeave a Reply"]
    newsroom.run([*documents(texts), *documents(texts[:1], "press")], "run-1")
    history = newsroom.query(
        "select source, article_count, word_count, undated_count, artifact_count, removed_chars, original_chars, "
        "round(removed_share_sum, 6), round(quality_sum, 6), round(quality_square_sum, 6) from source_history"
    )
    expected = newsroom.query(
        """
        select
          source, count(*), sum(text_words)::bigint, count(*) filter (published_status = 'undated'),
          (select count(*) from edits where kind <> 'tidy'), sum(removed_chars)::bigint, sum(original_chars)::bigint,
          round(sum(removed_ratio), 6), round(sum(value_ratio), 6), round(sum(value_ratio * value_ratio), 6)
        from articles join scores using (article_id)
        where score = 'quality' and component = 'total'
        group by source
        """
    )
    assert history == expected
    assert history[0][1] == 3
    assert history[0][3] == 2
    assert newsroom.query("select source, duplicates, quarantined from source_scorecard order by source") == [
        ("courier", 0, 0),
        ("press", 1, 0),
    ]


def test_a_record_decided_anew_was_seen_first_when_it_was(tmp_path: Path) -> None:
    newsroom = Newsroom(tmp_path)
    records = [*documents([prose(1), prose(2)]), *documents([prose(1)], "press")]
    newsroom.run(records, "run-1")
    before = newsroom.query("select input_id, seen_at from inputs order by all")
    newsroom.run([*records, *documents([prose(3)], "later")], "run-2", ruleset="rules-2")
    rows = newsroom.query("select input_id, seen_at from inputs")
    after = {row[0]: row[1] for row in rows}
    assert [(name, after[name]) for name, _ in before] == before
    assert len(after) == len(before) + 1
    assert newsroom.query("select count(distinct day) from source_days where source in ('courier', 'press')") == [(1,)]


# Grades


def graded(warehouse: duckdb.DuckDBPyConnection, source: str = "s") -> tuple[str | None, str]:
    ((grade, reasons),) = warehouse.execute(
        "select grade, grade_reasons from source_scorecard where source = ?", [source]
    ).fetchall()
    return grade, reasons


def add_usual(warehouse: duckdb.DuckDBPyConnection, count: int = 50) -> None:
    """Sources of the middle, so that there is something to shrink to."""
    for number in range(count):
        add_history(warehouse, f"usual-{number}", 20, quality=0.75, undated_count=4, padded_count=3)


MANY = 1000  # articles, so that nothing is shrunk to speak of


@pytest.mark.parametrize(
    ("source", "counts", "grade", "reason"),
    [
        pytest.param((MANY, 0.9), {}, "A", "nothing stands out: mean quality 0.90", id="best"),
        pytest.param(
            (MANY, 0.75), {}, "B", "mean quality 0.75 over 1000 articles, counted as 0.750 (A from 0.80)", id="b"
        ),
        pytest.param((MANY, 0.4), {}, "F", "mean quality 0.40", id="worst"),
        pytest.param((MANY, 0.9), {"undated_count": 400}, "C", "400 of 1000 articles undated", id="undated"),
        pytest.param((MANY, 0.9), {"undated_count": 1000}, "D", "(C up to 50 %)", id="all undated is a D"),
        pytest.param((MANY, 0.9), {"padded_count": 900}, "F", "900 of 1000 articles SEO-padded", id="padded"),
        pytest.param(
            (MANY, 0.9), {"doubtful_count": 300}, "C", "300 of 1000 articles doubtfully extracted", id="doubtful"
        ),
        pytest.param((MANY, 0.9), {"removed_share_sum": 400.0}, "D", "40 % of a mean article removed", id="furniture"),
        pytest.param(
            (MANY, 0.9), {"conflicting_count": 900}, "D", "900 of 1000 articles of conflicting dates", id="dates"
        ),
        pytest.param((4, 0.9), {}, None, "too few articles to grade: 4 of 5", id="too few"),
    ],
)
def test_grade_and_its_reason(
    warehouse: duckdb.DuckDBPyConnection,
    source: tuple[int, float],
    counts: dict[str, float],
    grade: str | None,
    reason: str,
) -> None:
    add_usual(warehouse)
    articles, quality = source
    add_history(warehouse, "s", articles, quality=quality, **counts)
    found, reasons = graded(warehouse)
    assert found == grade
    assert reason in reasons


def test_quarantine_and_duplicates_count(warehouse: duckdb.DuckDBPyConnection) -> None:
    add_usual(warehouse)
    for source, fates in (("broken", {"quarantine": 700}), ("copier", {"duplicate": 2500})):
        add_history(warehouse, source, MANY, quality=0.9)
        add_inputs(warehouse, source, article=MANY, **fates)
    grade, reasons = graded(warehouse, "broken")
    assert (grade, reasons[:38]) == ("D", "700 of 1700 records quarantined, count")
    grade, reasons = graded(warehouse, "copier")
    assert (grade, reasons[:37]) == ("C", "2500 of 3500 records exact duplicates")
    add_inputs(warehouse, "nothing", quarantine=3)
    assert graded(warehouse, "nothing") == (None, "no article")


def test_few_articles_make_neither_the_best_nor_the_worst(warehouse: duckdb.DuckDBPyConnection) -> None:
    add_usual(warehouse)
    for number, quality in enumerate((0.1, 0.3, 0.6, 0.95, 1.0)):
        add_history(warehouse, f"few-{number}", 2, quality=quality)
    add_history(warehouse, "bad", 60, quality=0.4)
    add_history(warehouse, "good", 60, quality=0.95)
    order = [s for (s,) in warehouse.execute("select source from source_scorecard order by shrunk_quality").fetchall()]
    assert (order[0], order[-1]) == ("bad", "good")


def test_shrinkage_is_five_articles_of_the_mean_source(warehouse: duckdb.DuckDBPyConnection) -> None:
    add_history(warehouse, "a", 5, quality=0.4, undated_count=5)
    add_history(warehouse, "b", 15, quality=0.8)
    found = warehouse.execute(
        "select source, prior_value, shrunk_value from source_measures where measure = 'undated_ratio' order by source"
    ).fetchall()
    prior = 0.5 / (0.5 + 0.75)  # a source counts n / (n + 5); all of a's articles are undated, none of b's
    assert found == [
        ("a", pytest.approx(prior), pytest.approx((5 + 5 * prior) / 10)),
        ("b", pytest.approx(prior), pytest.approx(5 * prior / 20)),
    ]


def test_what_more_articles_would_reach_is_told(warehouse: duckdb.DuckDBPyConnection) -> None:
    add_usual(warehouse)
    add_history(warehouse, "s", 5, quality=0.82, undated_count=1)
    evidence = warehouse.execute(
        "select evidence from source_measures where source = 's' and place in (1, 2, 3) order by place"
    ).fetchall()
    assert [text.rpartition(" (")[2] for (text,) in evidence] == [
        "A from 0.80; more articles like these reach it)",
        "A up to 10 %)",
        "0 of 5 articles SEO-padded, counted as 7.4 %",
    ]


def test_a_moved_bound_counts_at_once(warehouse: duckdb.DuckDBPyConnection) -> None:
    add_usual(warehouse)
    add_history(warehouse, "s", MANY, quality=0.9, undated_count=400)
    warehouse.execute("update grade_bounds set bound = 0.5 where measure = 'undated_ratio' and grade in ('A', 'B')")
    assert graded(warehouse)[0] == "A"


def test_bounds_are_a_ladder_for_every_measure(warehouse: duckdb.DuckDBPyConnection) -> None:
    add_history(warehouse, "s", 10)
    add_inputs(warehouse, "s", article=10)
    ladders = warehouse.execute(
        "select measure, any_value(holds_when), list(bound order by grade), list(grade order by grade) "
        "from grade_bounds group by measure"
    ).fetchall()
    measures = {m for (m,) in warehouse.execute("select measure from source_measures").fetchall()}
    assert {measure for measure, *_ in ladders} == measures
    for _, holds_when, bounds, grades in ladders:
        assert grades == list("ABCDE")
        assert bounds == sorted(bounds, reverse=holds_when == ">=")


def test_the_documented_bounds_are_the_real_ones(warehouse: duckdb.DuckDBPyConnection) -> None:
    page = (ROOT / "docs/scorecards.md").read_text(encoding="utf-8")
    bounds = warehouse.execute(
        "select measure, list(bound order by grade) from grade_bounds group by measure"
    ).fetchall()
    documented = re.findall(r"^\| `(\w+)` \| [^|]+ \| ([\d.]+(?: \| [\d.]+){4}) \|$", page, re.MULTILINE)
    assert {name: [float(bound) for bound in row.split(" | ")] for name, row in documented} == dict(bounds)


MEASURES = ("undated_count", "padded_count", "doubtful_count", "conflicting_count", "removed_share_sum")


@settings(max_examples=15)
@given(st.sampled_from(MEASURES), st.integers(0, 60), st.integers(0, 60), st.integers(60, 200))
def test_more_of_what_is_bad_never_betters_a_grade(measure: str, some: int, more: int, articles: int) -> None:
    grades = []
    with duckdb.connect() as warehouse:
        migrate_once(warehouse)
        for count in sorted((some, more)):
            warehouse.execute("delete from source_history")
            add_history(warehouse, "other", 200)
            add_history(warehouse, "s", articles, **{measure: count})
            grades.append(graded(warehouse)[0] or "")
    assert grades == sorted(grades)


def migrate_once(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute("set TimeZone = 'UTC'")
    migrate(connection)


# Changes


def restate(warehouse: duckdb.DuckDBPyConnection) -> None:
    warehouse.execute("create or replace temp table changed_groups as select distinct source from source_history")
    restate_changes(warehouse)


def add_run(warehouse: duckdb.DuckDBPyConnection, day: float) -> None:
    warehouse.execute(
        "insert into runs by name select $day::varchar as run_id, 'r' as run_name, $at as started_at, "
        "'published' as status, 'v' as ruleset_version",
        {"day": day, "at": MONDAY + timedelta(days=day)},
    )


def changes(warehouse: duckdb.DuckDBPyConnection) -> list[tuple[object, ...]]:
    return warehouse.execute(
        "select source, measure, status, since::date, evidence from source_changes order by all"
    ).fetchall()


def test_changes_are_told_in_words(warehouse: duckdb.DuckDBPyConnection) -> None:
    for day in range(6):
        add_history(warehouse, "s", 20, day, quality=0.7, undated_count=2)
        add_history(warehouse, "steady", 20, day)
    restate(warehouse)
    assert changes(warehouse) == []
    add_history(warehouse, "s", 25, 6, quality=0.5, undated_count=20)
    restate(warehouse)
    since = (MONDAY + timedelta(days=6)).date()
    expected = [
        ("s", "quality", "open", since, "mean quality 0.50, before 0.70 (25 articles since, 120 before)"),
        (
            *("s", "undated_ratio", "open", since),
            "articles without a date 80 %, before 10 % (25 articles since, 120 before)",
        ),
    ]
    assert changes(warehouse) == expected
    assert warehouse.execute("select source, open_changes from source_scorecard order by source").fetchall() == [
        ("s", 2),
        ("steady", 0),
    ]
    restate(warehouse)
    assert changes(warehouse) == expected


@pytest.mark.parametrize(
    ("sizes", "is_found"),
    [
        pytest.param((20,) * 6, True, id="a run a period"),
        pytest.param((5,) * 24, True, id="small runs are pooled"),
        pytest.param((5,) * 23, False, id="the last period is not complete"),
        pytest.param((20,) * 5, False, id="too few periods"),
        pytest.param((200,) * 6, True, id="large runs stand alone"),
    ],
)
def test_runs_are_pooled_from_the_first_on(
    warehouse: duckdb.DuckDBPyConnection, sizes: tuple[int, ...], is_found: bool
) -> None:
    off = sum(sizes) - max(sizes[-1], 20)
    before = 0
    for day, size in enumerate(sizes):
        add_history(warehouse, "s", size, day, undated_count=size if before >= min(off, 1000) else 0)
        before += size
    restate(warehouse)
    assert bool(changes(warehouse)) == is_found


def test_a_source_that_falls_silent_is_seen_without_being_touched(warehouse: duckdb.DuckDBPyConnection) -> None:
    for week in range(7):
        add_run(warehouse, 7 * week)
        add_history(warehouse, "s", 30, 7 * week)
        add_history(warehouse, "small", 3, 7 * week)
    add_run(warehouse, 49)
    add_run(warehouse, 56)
    warehouse.execute("create or replace temp table changed_groups as select source from source_history where false")
    restate_changes(warehouse)
    ((source, measure, status, since, evidence),) = changes(warehouse)
    assert (source, measure, status) == ("s", "weekly_articles", "open")
    assert since == (MONDAY + timedelta(days=49)).date()
    assert evidence == "articles a week 0, before 30 (0 articles since, 180 before)"


def test_a_week_in_which_nothing_was_run_is_no_silence(warehouse: duckdb.DuckDBPyConnection) -> None:
    for week in (0, 1, 2, 3, 4, 5, 6, 9, 10):
        add_run(warehouse, 7 * week)
        add_history(warehouse, "s", 30, 7 * week)
    restate(warehouse)
    assert changes(warehouse) == []


def test_whole_runs_find_a_change_and_tell_it_once(tmp_path: Path) -> None:
    newsroom = Newsroom(tmp_path)
    dated = "Published on 3 January 2026\n"
    for run in range(1, 9):
        texts = [f"{dated if run < 7 else ''}{prose(100 * run + n, 1)}" for n in range(20)]
        newsroom.run(documents(texts), f"run-{run}")
    found = newsroom.query("select measure, status, since, periods_after from measure_changes join source_changes "
                           "using (source, measure, status)")  # fmt: skip
    undated = [row for row in found if row[0] == "undated_ratio"]
    assert undated == [("undated_ratio", "open", datetime(2026, 2, 7, 9, 0, tzinfo=UTC), 2)]
    assert newsroom.reclean("run-9", ruleset="rules-2") == 160
    again = newsroom.query("select measure, status, since_at, periods_after from measure_changes")
    assert sorted(again) == sorted(found)


# The command


@pytest.fixture
def filled(tmp_path: Path) -> Path:
    path = tmp_path / "winnow.duckdb"
    with connect_writer(path) as connection:
        migrate(connection)
        for number in range(30):
            add_history(connection, f"s{number:02}.example", 50, quality=0.3 + number / 50)
            add_history(connection, f"s{number:02}.example", 50, day=1, quality=0.3 + number / 50)
        add_history(connection, "few.example", 2)
        add_history(connection, "evil\x1b[31m.example", 500, undated_count=500)
    return path


def test_the_worst_and_the_best(
    filled: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    show_sources(filled, worst=None, best=None, format="table")
    shown = capsys.readouterr().out
    assert [line.split()[1] for line in shown.splitlines() if ".example" in line][:2] == ["s00.example", "s01.example"]
    assert "the best sources" in shown
    assert "s29.example" in shown
    assert "s15.example" not in shown
    assert "1 sources have too few articles to grade" in shown
    assert "\x1b[31m" not in shown
    assert "▃▃ 0.30" in shown
    show_sources(filled, worst=2, best=None, format="csv")
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [(row["source"], row["grade"]) for row in rows] == [("s00.example", "F"), ("s01.example", "F")]
    show_sources(filled, worst=None, best=1, format="json")
    (best,) = json.loads(capsys.readouterr().out)
    assert (best["source"], best["grade"], best["articles"]) == ("s29.example", "A", 100)
    show_sources(filled, worst=None, best=None, format="json")
    assert len(json.loads(capsys.readouterr().out)) == 32


def test_one_source(filled: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    show_source(filled, "s00.example", format="table")
    shown = capsys.readouterr().out
    for piece in ("s00.example  F  mean quality 0.30", "undated_ratio", "100 articles of 10,000 words", "articles  ██"):
        assert piece in shown
    show_source(filled, "s00.example", format="json")
    card = json.loads(capsys.readouterr().out)
    assert card["scorecard"]["grade"] == "F"
    assert [measure["measure"] for measure in card["measures"]][:2] == ["quality", "undated_ratio"]
    with pytest.raises(WarehouseError, match=r"there is no source 's0.example'. The nearest are 's0\d.example'"):
        read_source(filled, "s0.example", days=1)


@pytest.mark.parametrize(
    "arguments",
    [("--worst", "0"), ("--format", "xml"), ("--source", "s", "--worst", "3")],
)
def test_wrong_calls(arguments: tuple[str, ...]) -> None:
    assert CliRunner().invoke(app, ["sources", *arguments]).exit_code == 2


def test_a_warehouse_of_an_earlier_version_says_so(tmp_path: Path) -> None:
    path = tmp_path / "winnow.duckdb"
    with duckdb.connect(path) as connection:
        connection.execute("create table runs (run_id varchar)")
    with pytest.raises(WarehouseError, match="it has no scorecards yet"):
        read_scorecards(path, days=1)


@pytest.mark.parametrize(
    ("values", "high", "drawn"),
    [
        ((), 1.0, ""),
        ((0.0, 0.5, 1.0), 1.0, "▁▅█"),
        ((None, 2.0, -1.0), 1.0, "·█▁"),
        ((0.0, 5.0, 10.0), 10.0, "▁▅█"),
        ((0.0, 0.0), 0.0, "▁▁"),
    ],
)
def test_sparkline(values: tuple[float | None, ...], high: float, drawn: str) -> None:
    assert sparkline(values, high=high) == drawn


def test_text_of_a_page_moves_no_cursor() -> None:
    assert plain("a\x1b[2Jb\r\nç 桥").plain == "a [2Jb  ç 桥"
