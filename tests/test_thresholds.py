"""Thresholds: every one names something measured, verdicts follow the table, and a bound moves without a new run."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from flows.thresholds_command import change_thresholds, show_thresholds
from tests.migrated import migrate
from tests.unpacked import unpacked
from transforms.quality import REPETITION_BOUNDS
from transforms.seo import FLAG_FROM
from transforms.signals import SIGNALS
from warehouse.connect import connect_reader, connect_writer
from warehouse.errors import WarehouseError
from warehouse.set_threshold import set_threshold

ARTICLE = """
insert into articles by name
select
  $article_id as article_id, $article_id as input_id, 'run' as run_id, $article_id as document_id,
  'quay.example' as source, $language as language, 'dated' as published_status, 'text' as text, 4 as text_chars,
  1 as text_words, 4 as original_chars, '' as original_hash, 0 as removed_chars, 0.0 as removed_ratio,
  'text' as extractor, '' as ruleset_version
"""


@pytest.fixture
def warehouse() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        migrate(connection)
        yield connection


@pytest.fixture
def warehouse_file(tmp_path: Path) -> Path:
    path = tmp_path / "winnow.duckdb"
    with connect_writer(path) as connection:
        migrate(connection)
    return path


def add(warehouse: duckdb.DuckDBPyConnection, article_id: str, language: str | None, **values: float) -> None:
    warehouse.execute(ARTICLE, {"article_id": article_id, "language": language})
    with unpacked(warehouse):
        for name, value in values.items():
            if name == "seo_padding":
                warehouse.execute("insert into long_scores values (?, ?, 'total', ?, 1, '')", [article_id, name, value])
            else:
                warehouse.execute("insert into long_signals values (?, ?, ?)", [article_id, name, value])


def verdict(warehouse: duckdb.DuckDBPyConnection, measure: str, fails_when: str = "%") -> str:
    found = warehouse.execute(
        "select verdict from filter_verdicts where measure = ? and fails_when like ? order by filter",
        [measure, fails_when],
    ).fetchall()
    return str(found[0][0])


def test_every_threshold_looks_at_something_that_is_measured(warehouse: duckdb.DuckDBPyConnection) -> None:
    measures = {name for (name,) in warehouse.execute("select measure from thresholds").fetchall()}
    assert measures <= {name for name, _ in SIGNALS} | {"seo_padding", "quality"}
    keys = "select count(distinct (filter, measure, fails_when)) = count(*), bool_and(source <> '') from thresholds"
    assert warehouse.execute(keys).fetchall() == [(True, True)]


def test_scores_use_the_bounds_that_the_table_begins_with(warehouse: duckdb.DuckDBPyConnection) -> None:
    gopher = warehouse.execute("select measure, bound from thresholds where filter = 'gopher_repetition'").fetchall()
    assert dict(gopher) == REPETITION_BOUNDS
    assert warehouse.execute("select bound from thresholds where filter = 'seo'").fetchall() == [(FLAG_FROM,)]


VERDICTS = (
    ("words", "<", 49, "en", "failed"),
    ("words", "<", 50, "en", "passed"),
    ("words", ">", 100_001, "de", "failed"),
    ("words", "<", 10, "zh", "not in this language"),
    ("mean_word_chars", ">", 11, "en", "failed"),
    ("mean_word_chars", ">", 11, "de", "English only"),
    ("english_stop_words", "<", 0, None, "English only"),
    ("english_stop_words", "<", 0, "en", "failed"),
    ("bullet_line_ratio", ">", 0.91, "ja", "failed"),
    ("punctuated_line_ratio", "<=", 0.12, "en", "failed"),
    ("short_line_ratio", ">=", 0.66, "en", "passed"),
    ("short_line_ratio", ">=", 0.67, "en", "failed"),
    ("seo_padding", ">=", 0.49, "en", "passed"),
    ("seo_padding", ">=", 0.5, "en", "failed"),
)


@pytest.mark.parametrize("case", VERDICTS, ids=str)
def test_verdict(warehouse: duckdb.DuckDBPyConnection, case: tuple[str, str, float, str | None, str]) -> None:
    measure, fails_when, value, language, expected = case
    add(warehouse, "one", language, **{measure: value})
    assert verdict(warehouse, measure, fails_when) == expected


def test_what_is_not_measured_does_not_fail(warehouse: duckdb.DuckDBPyConnection) -> None:
    add(warehouse, "one", "en")
    assert warehouse.execute("select distinct verdict from filter_verdicts").fetchall() == [("not measured",)]


def test_failed_filters_give_their_reasons(warehouse: duckdb.DuckDBPyConnection) -> None:
    add(warehouse, "one", "en", words=12, english_stop_words=1, punctuated_line_ratio=0.5)
    failed = warehouse.execute("select article_id, filter, reasons from failed_filters").fetchall()
    assert failed == [("one", "gopher_quality", "english_stop_words 1.0 < 2.0; words 12.0 < 50.0")]


def test_a_moved_or_inactive_bound_counts_at_once(warehouse: duckdb.DuckDBPyConnection) -> None:
    add(warehouse, "one", "en", words=12)
    warehouse.execute("update thresholds set bound = 10 where measure = 'words' and fails_when = '<'")
    assert verdict(warehouse, "words", "<") == "passed"
    warehouse.execute("update thresholds set is_active = false where measure = 'words' and fails_when = '<'")
    remaining = warehouse.execute("select fails_when from filter_verdicts where measure = 'words'").fetchall()
    assert remaining == [(">",)]


REFUSED = (
    ("gopher_quality.wrds", None, 1.0, "not there: `winnow thresholds` shows them all"),
    ("words", None, 1.0, "not there"),
    ("gopher_quality.words", None, 1.0, "has a bound for each of <, >, not for no sign"),
    ("fineweb.short_line_ratio", "<", 1.0, "has a bound for each of >=, not for <"),
    ("fineweb.short_line_ratio", None, float("nan"), "is no finite number"),
)


@pytest.mark.parametrize(("rule", "fails_when", "bound", "message"), REFUSED)
def test_what_cannot_be_set_is_refused(
    warehouse: duckdb.DuckDBPyConnection, rule: str, fails_when: str | None, bound: float, message: str
) -> None:
    before = warehouse.execute("from thresholds order by all").fetchall()
    with pytest.raises(WarehouseError, match=message):
        set_threshold(warehouse, rule, fails_when=fails_when, bound=bound)
    assert warehouse.execute("from thresholds order by all").fetchall() == before


def test_the_command_moves_a_bound_and_shows_it(warehouse_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    change_thresholds(warehouse_file, ["gopher_quality.words<30", "fineweb.short_line_ratio=0.8"])
    assert capsys.readouterr().out == "gopher_quality.words: 50 -> 30\nfineweb.short_line_ratio: 0.67 -> 0.8\n"
    show_thresholds(warehouse_file)
    assert "< 30" in capsys.readouterr().out
    with connect_reader(warehouse_file) as reader:
        assert reader.execute("select bound from thresholds where measure = 'short_line_ratio'").fetchall() == [(0.8,)]


@pytest.mark.parametrize("change", ["words", "gopher_quality.words<", "gopher_quality.words<1.2.3", "a.b!1"])
def test_a_change_that_cannot_be_read_changes_nothing(warehouse_file: Path, change: str) -> None:
    with pytest.raises(WarehouseError, match="cannot be read"):
        change_thresholds(warehouse_file, ["gopher_quality.words<30", change])
    with connect_reader(warehouse_file) as reader:
        bounds = reader.execute("select bound from thresholds where measure = 'words' order by bound").fetchall()
    assert bounds == [(50.0,), (100_000.0,)]
