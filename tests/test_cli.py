"""The command line without the flow: clean, explain, sql, report, help."""

import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner

from flows.cli import app
from flows.explain_command import explain_paths
from tests.conftest import SAMPLES, WINNOW
from tests.here import winnow_here
from tests.reading import gzipped
from transforms.edits import apply_edits
from transforms.types import Edit

COMMANDS = ("run", "clean", "explain", "sql", "diff", "sources", "report", "site")


def clean(*arguments: str, given: bytes = b"") -> tuple[int, list[dict[str, object]]]:
    done = winnow_here(Path.cwd(), "clean", *arguments, given=given)
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode, [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_an_example(command: str) -> None:
    result = CliRunner().invoke(app, [command, "--help"])
    assert result.exit_code == 0
    assert f"winnow {command}" in result.output.replace("\n", " ")


def test_clean_prints_one_line_a_document_in_order_also_with_workers() -> None:
    code, records = clean("--workers", "2", str(SAMPLES))
    assert code == 1
    assert len(records) == 30
    code, alone = clean("--workers", "1", str(SAMPLES))
    assert alone == records
    assert [r["id"] for r in records if "error" in r] == ["broken"]
    assert records[[r["id"] for r in records].index("broken")]["error"]["code"] == "binary"  # type: ignore[index]


def test_clean_keeps_the_contract() -> None:
    code, (record,) = clean("-", given=b"A plain sentence.\n\nLeave a Reply\n")
    assert code == 0
    assert record["id"] == "stdin"
    assert record["original"] == "A plain sentence.\n\nLeave a Reply\n"
    assert record["text"] == "A plain sentence.\n"
    removals = record["removals"]
    assert isinstance(removals, list)
    edits = [Edit(**removal) for removal in removals]
    assert apply_edits(str(record["original"]), edits) == record["text"]
    assert set(record) >= {"url", "title", "author", "language", "published", "flags", "scores", "signals"}
    nothing = {"value": None, "origin": None}
    facts = ("title", "author", "site_name", "url", "page_language", "section")
    assert record["metadata"] == dict.fromkeys(facts, nothing)
    published: dict[str, object] = record["published"]  # type: ignore[assignment]
    assert set(published) == {"date", "precision", "status", "origin", "evidence", "probability", "modified"}
    assert set(record["scores"]) == {"quality", "seo_padding"}  # type: ignore[call-overload]


def test_clean_tells_where_each_fact_stood() -> None:
    line = json.dumps({"text": "The ferry left on time.", "url": "https://courier.example.com/a", "title": "The ferry"})
    _, (record,) = clean("--format", "jsonl", "-", given=line.encode())
    assert record["metadata"]["title"] == {"value": "The ferry", "origin": "given"}  # type: ignore[index]
    assert record["metadata"]["url"] == {"value": "https://courier.example.com/a", "origin": "given"}  # type: ignore[index]


def test_clean_speaks_utf_8_in_any_locale_and_stops_with_its_reader() -> None:
    text = "Die Brücke bleibt gesperrt, sagte der Bürgermeister. 桥"
    env = {**os.environ, "LC_ALL": "C", "PYTHONIOENCODING": "ascii"}
    done = subprocess.run([WINNOW, "clean", "-"], input=text.encode(), capture_output=True, check=False, env=env)
    assert json.loads(done.stdout.decode("utf-8"))["text"] == text
    with subprocess.Popen([WINNOW, "clean", SAMPLES], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as cut:
        assert cut.stdout is not None
        assert cut.stderr is not None
        cut.stdout.close()
        assert cut.stderr.read() == b""
    assert cut.returncode == 1


@pytest.mark.parametrize(
    ("given", "arguments"),
    [
        (b"day,story\n2025-03-03,A plain sentence.\n", ("--format", "csv", "--columns", "text=story,published=day")),
        (b'[{"story": "A plain sentence.", "date": "2025-03-03"}]', ("--columns", "text=story")),
        (gzipped(b'{"text": "A plain sentence.", "pub_date": "3 March 2025"}\n'), ()),
    ],
)
def test_clean_reads_records_of_any_format(given: bytes, arguments: tuple[str, ...]) -> None:
    code, (record,) = clean(*arguments, "-", given=given)
    assert (code, record["text"]) == (0, "A plain sentence.")
    published = record["published"]
    assert isinstance(published, dict)
    assert (published["date"], published["origin"]) == ("2025-03-03", "record")


def test_clean_tells_what_it_leaves_out(tmp_path: Path) -> None:
    for name in ("a.txt", "b.png", "c.txt.part", "d.md"):
        (tmp_path / name).write_text("A plain sentence.")
    done = winnow_here(tmp_path, "clean", "--exclude", "*.md", ".")
    assert [json.loads(line)["id"] for line in done.stdout.splitlines()] == ["a"]
    assert done.stderr == "winnow: left out: excluded 1, half-written by its name 1, suffix .png 1\n"


@pytest.mark.parametrize(
    "arguments",
    [
        ("--format", "word", "-"),
        ("/no/such/file",),
        ("--workers", "-1", "-"),
        ("--columns", "words=story", "-"),
        ("nosuch://bucket/a",),
    ],
)
def test_clean_usage_errors(arguments: tuple[str, ...]) -> None:
    assert clean(*arguments) == (2, [])


def test_explain_shows_what_speaks_for_each_date() -> None:
    console = Console(file=io.StringIO(), width=120)
    assert explain_paths(
        [str(SAMPLES / "harbour-courier/ferry-timetable.html")], most=1, max_bytes=10**6, console=console
    )
    shown = console.file.getvalue()  # type: ignore[attr-defined]
    assert re.search(r"^date 20\d\d-\d\d-\d\d 0\.\d\d  \S+: .+\n    \S+ [+-]\d\.\d", shown, re.MULTILINE)


def test_explain_shows_rules_flags_and_scores() -> None:
    console = Console(file=io.StringIO(), width=120)
    assert explain_paths(
        [str(SAMPLES / "growth-blog/standing-desk-benefits.txt")], most=1, max_bytes=10**6, console=console
    )
    shown = console.file.getvalue()  # type: ignore[attr-defined]
    for piece in ("⟨promo_link: find-out-more⟩", "flag seo-padded", "score quality", "score seo_padding"):
        assert piece in shown
    assert not explain_paths([str(SAMPLES / "harbour-courier/broken.html")], most=1, max_bytes=10**6, console=console)
    assert "quarantined, binary" in console.file.getvalue()  # type: ignore[attr-defined]


def test_help_is_quick_because_nothing_heavy_is_imported() -> None:
    heavy = ("prefect", "great_expectations", "duckdb", "trafilatura", "pandas", "lxml", "re2", "pyarrow", "fsspec")
    script = f"import sys, flows.cli; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
