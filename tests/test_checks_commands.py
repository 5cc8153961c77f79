"""A run that a check of one's own stops, published in spite of it, looked at, and its quarantine tried again."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import duckdb
import pytest
from typer.testing import CliRunner

from flows.cli import app
from tests.conftest import SAMPLES
from tests.here import winnow_here

CHECKS = """
[[check]]
id = "long-texts"
severity = "critical"
note = "Ours are long."
column = "staged_articles.text_words"
min = 100000
"""


@pytest.mark.parametrize(
    "command", [("checks",), ("quarantine", "list"), ("quarantine", "show"), ("quarantine", "retry")]
)
def test_every_command_has_help_with_an_example(command: tuple[str, ...]) -> None:
    result = CliRunner().invoke(app, [*command, "--help"], env={"COLUMNS": "200"})
    assert result.exit_code == 0
    assert f"winnow {' '.join(command)}" in " ".join(result.output.split())


@pytest.mark.slow
def test_a_run_stopped_waived_shown_and_retried(tmp_path: Path, prefect_api: str) -> None:
    def query(sql: str) -> list[tuple[object, ...]]:
        with duckdb.connect(tmp_path / "winnow.duckdb", read_only=True) as connection:
            return connection.sql(sql).fetchall()

    inbox = tmp_path / "inbox"
    inbox.mkdir()
    (inbox / "bench.txt").write_bytes((SAMPLES / "harbour-courier" / "bench-on-the-hill.txt").read_bytes())
    (inbox / "large.txt").write_text("The ferry left on time, the harbour office said. " * 400)
    (tmp_path / "checks.toml").write_text(CHECKS)
    run = ("run", "inbox", "--checks", "checks.toml", "--max-bytes", "10000")

    stopped = winnow_here(tmp_path, *run, api=prefect_api)
    assert stopped.returncode == 3, stopped.stderr
    assert "critical: user.long-texts: 1 rows, wanted values from 100000. Ours are long." in stopped.stderr
    assert re.search(r"article_id [0-9a-f]{16}, input_id [0-9a-f]{16}, source inbox, text_words \d+", stopped.stderr)
    assert "--publish-anyway user.long-texts" in stopped.stderr
    assert list(tmp_path.glob("winnow.duckdb.staging/*/staged/articles.parquet"))
    assert query("select (select count(*) from articles), (select count(*) from inputs)") == [(0, 0)]

    waived = winnow_here(tmp_path, *run, "--publish-anyway", "user.long-texts", api=prefect_api)
    assert waived.returncode == 1, waived.stderr
    assert "critical, published anyway: user.long-texts" in waived.stderr
    assert query("select check_id, severity from check_results where is_waived") == [("user.long-texts", "critical")]
    verdict = query("select verdict from run_history limit 1")
    assert verdict == [("published in spite of 1 failed critical checks",)]
    assert query("select fate from inputs order by fate") == [("article",), ("quarantine",)]

    shown = winnow_here(tmp_path, "checks", "--failed")
    assert shown.returncode == 1
    assert "failed, published anyway" in shown.stdout
    listed = json.loads(winnow_here(tmp_path, "checks", "--format", "json").stdout)
    assert {check["check_id"] for check in listed} >= {"user.long-texts", "articles.is_restored.be_in_set"}

    (row,) = csv.DictReader(io.StringIO(winnow_here(tmp_path, "quarantine", "list", "--format", "csv").stdout))
    assert (row["code"], row["source"], row["document_id"]) == ("too-large", "inbox", "large")
    assert "too-large 1" in winnow_here(tmp_path, "quarantine", "list", "--code", "too-large").stdout
    assert "raise --max-bytes" in winnow_here(tmp_path, "quarantine", "show", row["input_id"][:8]).stdout
    assert winnow_here(tmp_path, "quarantine", "retry").returncode == 2
    retried = winnow_here(tmp_path, "quarantine", "retry", row["input_id"], api=prefect_api)
    assert retried.returncode in {0, 1}, retried.stderr
    assert query("select (select count(*) from quarantine), (select count(*) from articles)") == [(0, 2)]

    docs = winnow_here(tmp_path, "checks", "--docs", "docs")
    assert docs.returncode == 0, docs.stderr
    pages = {page.relative_to(tmp_path / "docs").parts[0] for page in (tmp_path / "docs").rglob("*.html")}
    assert pages >= {"index.html", "validations"}
    (of_user,) = [
        p for p in (tmp_path / "docs" / "validations" / "user").rglob("*.html") if "long-texts" in p.read_text()
    ][:1]
    assert "Ours are long." in of_user.read_text()
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("x")
    refused = winnow_here(tmp_path, "checks", "--docs", "mine")
    assert refused.returncode == 4
    assert (tmp_path / "mine" / "letter.txt").exists()
