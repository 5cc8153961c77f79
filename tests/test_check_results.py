"""Names of checks, critical failures that are waived, and results of an earlier version."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from expectations.outcome import CheckOutcome, check_id, critical_failures, waive
from flows.outcome import UnknownCheckError, require_known
from warehouse.migrate import MIGRATIONS, make_tables, migrate

NAMES = (
    ("articles", "expect_column_values_to_not_be_null", "source", "articles.source.not_be_null"),
    ("articles", "expect_table_row_count_to_equal", None, "articles.table_row_count_to_equal"),
    (
        "signals",
        "expect_compound_columns_to_be_unique",
        "article_id, name",
        "signals.article_id+name.compound_columns_to_be_unique",
    ),
)
STOPPER = CheckOutcome(
    "scores", "expect_column_values_to_be_between", "value_ratio", "critical", False, 1, "", "[]", ""
)


@pytest.mark.parametrize(("suite", "check_name", "column", "expected"), NAMES)
def test_names(suite: str, check_name: str, column: str | None, expected: str) -> None:
    assert check_id(suite, check_name, column) == expected


def test_a_users_check_has_the_name_of_its_file() -> None:
    assert check_id("user", "few-short-texts", "staged_articles.text_words") == "user.few-short-texts"


def test_results_of_an_earlier_version_get_the_same_names(tmp_path: Path) -> None:
    for path in MIGRATIONS.glob("*.sql"):
        if int(path.name[:4]) < 10:
            shutil.copy(path, tmp_path)
    with duckdb.connect() as connection:
        make_tables(connection, folder=tmp_path)
        for suite, check_name, column, _ in NAMES:
            connection.execute(
                "insert into check_results by name select 'r' as run_id, $suite as suite, $name as check_name,"
                " $column as column_name, 'info' as severity, true as is_success",
                {"suite": suite, "name": check_name, "column": column},
            )
        migrate(connection)
        found = connection.execute("select check_id, is_waived from check_results order by check_id").fetchall()
    assert found == sorted((expected, False) for *_, expected in NAMES)


def test_a_waived_failure_stops_nothing_and_stays_a_failure() -> None:
    other = replace(STOPPER, column_name="weight_ratio")
    waived, kept = waive((STOPPER, other), ("scores.value_ratio.be_between", "scores.score.be_in_set"))
    assert (waived.is_waived, waived.is_success, waived.severity) == (True, False, "critical")
    assert critical_failures((waived, kept)) == (other,)


def test_what_held_or_only_warns_is_not_waived() -> None:
    held, warning = replace(STOPPER, is_success=True), replace(STOPPER, severity="warning")
    assert waive((held, warning), (STOPPER.check_id,)) == (held, warning)


def test_a_name_of_no_check_is_told_with_its_neighbours() -> None:
    known = ("user.long-texts", "scores.value_ratio.be_between", "articles.source.not_be_null")
    require_known(("user.long-texts",), known)
    with pytest.raises(UnknownCheckError, match=r"'user\.long-text' is no check; near it are user\.long-texts"):
        require_known(("user.long-texts", "user.long-text"), known)
    with pytest.raises(UnknownCheckError, match="`winnow checks` lists"):
        require_known(("zzz",), known)
