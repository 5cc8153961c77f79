"""What the README says is true."""

import re
from inspect import signature
from pathlib import Path

import pytest
import yaml

from flows.inbox import SUFFIXES
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


def test_deployments_set_parameters_that_their_flows_have() -> None:
    from prefect.utilities.importtools import import_object  # noqa: PLC0415 - Prefect takes seconds

    deployments = yaml.safe_load((README.parent / "prefect.yaml").read_text(encoding="utf-8"))["deployments"]
    for deployment in deployments:
        known = signature(import_object(deployment["entrypoint"]).fn).parameters
        assert set(deployment["parameters"]) <= set(known), deployment["name"]
    assert {"include", "exclude", "settle_seconds", "columns", "move_to"} <= set(deployments[0]["parameters"])


def test_every_suffix_is_named() -> None:
    assert [suffix for suffix in SUFFIXES if f"{suffix}" not in TEXT] == []


@pytest.mark.slow
def test_the_queries_run(ran: Path) -> None:
    from warehouse.query import run_query  # noqa: PLC0415

    queries = re.findall(r'^winnow sql (?:--format csv )?"(.+)"$', TEXT, re.MULTILINE)
    assert len(queries) >= 5
    for query in queries:
        run_query(ran / "winnow.duckdb", query)
