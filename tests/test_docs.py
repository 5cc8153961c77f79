"""What the README says is true."""

import re
from pathlib import Path

import pytest

from tests.rule_table import README, with_table
from tests.signal_table import DOCUMENT, with_tables

TEXT = README.read_text(encoding="utf-8")


def test_the_table_of_rules_is_current() -> None:
    assert with_table(TEXT) == TEXT, "run python -m tests.rule_table"


def test_the_tables_of_signals_are_current() -> None:
    document = DOCUMENT.read_text(encoding="utf-8")
    assert with_tables(document) == document, "run python -m tests.signal_table"


@pytest.mark.parametrize("name", sorted(set(re.findall(r"`(WINNOW_[A-Z_]+)`", TEXT))))
def test_every_named_variable_is_read_somewhere(name: str) -> None:
    code = "".join(p.read_text(encoding="utf-8") for p in Path(README.parent / "flows").glob("*.py"))
    assert name in code


@pytest.mark.slow
def test_the_queries_run(ran: Path) -> None:
    from warehouse.query import run_query  # noqa: PLC0415

    queries = re.findall(r'^winnow sql (?:--format csv )?"(.+)"$', TEXT, re.MULTILINE)
    assert len(queries) >= 5
    for query in queries:
        run_query(ran / "winnow.duckdb", query)
