"""Cleaning anew without the sources: stored originals, archived payloads, and versions of a page."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from flows import batches
from flows.cli import app
from flows.extracted import read_facts, render_facts
from flows.intake import Facts, Origin, Record, make_document
from flows.raw_archive import ArchiveError, move_raw, read_raw, write_raw
from tests.conftest import SAMPLES
from tests.here import winnow_here
from tests.template_runs import FIRST, Newsroom, document, prose
from transforms.pipeline import extract_document, quarantine
from transforms.types import Article, ExtractedDocument, Quarantined, RawDocument
from warehouse.errors import WarehouseError
from warehouse.originals import stage_originals

RULES = """
[[rule]]
id = "own-tide-line"
kind = "navigation"
scope = "line"
pattern = "tide table: .*"
removes = ["Tide table: high water at nine"]
keeps = ["The tide table says nine."]
"""
TIDE = f"{prose(1)}\nTide table: high water at nine\n{prose(2)}"
PAGE = """<html lang="en"><head><title>Ferry late | Courier</title>
<meta property="article:published_time" content="2025-06-01T08:00:00Z"></head>
<body><article><h1>Ferry late</h1>{}<h2>What happens next?</h2><p>{}</p></article></body></html>"""


def page(name: str, url: str | None, seed: int, fetched_at: datetime | None = None) -> Record:
    html = PAGE.format("".join(f"<p>{line}</p>" for line in prose(seed).splitlines()), prose(seed + 50, 1))
    facts = Facts(id=name, url=url, fetched_at=fetched_at)
    return make_document(Origin(f"/in/courier/{name}.html", f"{name}.html", "courier"), facts, html, "text/html")


def test_facts_come_back_as_they_were() -> None:
    for path in sorted(SAMPLES.rglob("*.html")):
        raw = make_document(Origin(str(path), path.name, "s"), Facts(id=path.stem), path.read_bytes(), "text/html")
        found = extract_document(raw)
        if isinstance(found, ExtractedDocument):
            assert read_facts(found.page.text, render_facts(found.page)) == found.page


def test_recleaning_equals_cleaning_with_the_new_rules(tmp_path: Path) -> None:
    records = [document("a", TIDE), document("b", TIDE), document("c", prose(3)), page("d", None, 4)]
    whole, anew = Newsroom(tmp_path / "whole"), Newsroom(tmp_path / "anew")
    for newsroom in (whole, anew):
        newsroom.folder.mkdir()
    whole.run(records, "run-1", ruleset="rules-2", rules=RULES)
    anew.run(records, "run-1")
    assert anew.query("select count(*) from edits where rule_id = 'own-tide-line'") == [(0,)]
    assert anew.reclean("run-2", ruleset="rules-2", rules=RULES) == 3
    assert anew.query("select count(*) from edits where rule_id = 'own-tide-line'") == [(1,)]
    decided_by = ("inputs", "articles", "duplicates")  # these name the run
    assert anew.tables(*decided_by) == whole.tables(*decided_by)
    assert anew.texts() == whole.texts()
    assert anew.query("select fate, count(*) from inputs group by all order by all") == [
        ("article", 3),
        ("duplicate", 1),
    ]
    # Clean already: nothing is left to do. The source, met again, is extracted anew.
    assert stage_originals(anew.warehouse, tmp_path / "again", "rules-2") == 0
    assert anew.run(records, "run-3", ruleset="rules-2", rules=RULES) == 3


def test_an_original_that_cannot_be_cleaned_keeps_its_article(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    newsroom = Newsroom(tmp_path)
    newsroom.run([document("a", TIDE), document("c", prose(3))])
    before = newsroom.texts()
    from transforms import pipeline  # noqa: PLC0415

    clean = pipeline.clean_document

    def fail_on_a(found: ExtractedDocument, *arguments: object) -> Article | Quarantined:
        if found.raw.id == "a":
            return quarantine(found.raw, "processing-error", "on purpose")
        return clean(found, *arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(pipeline, "clean_document", fail_on_a)
    assert newsroom.reclean("run-2", ruleset="rules-2", rules=RULES) == 1
    assert newsroom.texts() == before
    assert newsroom.query("select count(*) from quarantine") == [(0,)]
    assert newsroom.query("select document_id, ruleset_version from articles order by all") == [
        ("a", "rules-1"),
        ("c", "rules-2"),
    ]


def test_articles_of_an_earlier_version_are_named(tmp_path: Path) -> None:
    newsroom = Newsroom(tmp_path)
    newsroom.run([document("a", TIDE), document("c", prose(3))])
    newsroom.change("delete from page_facts")
    with pytest.raises(
        WarehouseError, match=r"2 of its articles were published by an earlier version.*winnow run PATH"
    ):
        stage_originals(newsroom.warehouse, tmp_path / "staging", "rules-2")
    newsroom.change("drop table page_facts")
    with pytest.raises(WarehouseError, match=r"it was published by an earlier version"):
        stage_originals(newsroom.warehouse, tmp_path / "staging", "rules-2")


SUPERSEDED = "select article_id from article_versions where not is_latest"

# The same page again


def test_renamed_and_moved_files_make_no_second_article(tmp_path: Path) -> None:
    newsroom = Newsroom(tmp_path)
    text = prose(1)
    newsroom.run([document("a", text), document("copy", text)])
    newsroom.run([document("renamed", text), document("a", text, source="moved")], "run-2")
    assert newsroom.query("select document_id, source from articles") == [("a", "courier")]
    assert newsroom.query("select count(*) from duplicates") == [(3,)]


def test_versions_are_kept_and_the_latest_is_shown(tmp_path: Path) -> None:
    newsroom = Newsroom(tmp_path)
    url = "https://www.courier.example/ferry"
    newsroom.run([page("second", url, 2, FIRST), page("other", "https://www.courier.example/pier", 9)])
    newsroom.run([page("first", url, 1, FIRST - timedelta(days=3)), page("third", url, 3)], "run-2")
    shown = newsroom.query(f"""
        select document_id, version, is_latest from article_versions join articles using (article_id, url)
        where url = '{url}' order by version""")
    assert shown == [("first", 1, False), ("second", 2, False), ("third", 3, True)]
    for query in (
        "select document_id from clean_articles",
        "select document_id from articles_by_source('courier')",
    ):
        assert sorted(newsroom.query(query)) == [("other",), ("third",)]
    assert newsroom.query("select count(*) from articles") == [(4,)]
    assert sorted(newsroom.query("from superseded_versions")) == sorted(newsroom.query(SUPERSEDED)) != []
    newsroom.run([page("last", url, 4), page("first", "https://www.courier.example/pier", 1)], "run-3")
    assert sorted(newsroom.query("from superseded_versions")) == sorted(newsroom.query(SUPERSEDED))
    assert ("other",) in newsroom.query("select document_id from clean_articles")
    flagged = newsroom.query(
        "select distinct article_id from flagged_articles anti join clean_articles using (article_id)"
    )
    assert flagged == []


@pytest.mark.parametrize(
    ("changed", "shown"),
    [
        ("url = 'https://www.courier.example/'", 2),  # a home page is nobody's address
        ("url = 'https://www.courier.example/x', url_origin = 'canonical', title = document_id", 2),
        ("url = 'https://www.courier.example/x', url_origin = 'canonical', title = null", 2),
        ("url = 'https://www.courier.example/x', url_origin = 'canonical', title = 'Ferry late'", 1),
        ("url = 'https://www.courier.example/x', url_origin = 'given', title = document_id", 1),
        ("url = null", 2),
    ],
)
def test_no_article_vanishes_behind_an_address_that_is_not_its_own(tmp_path: Path, changed: str, shown: int) -> None:
    newsroom = Newsroom(tmp_path)
    newsroom.run([document("a", prose(1)), document("b", prose(2))])
    newsroom.change(f"update articles set {changed}; insert into superseded_versions {SUPERSEDED}")
    assert newsroom.query("select count(*) from clean_articles") == [(shown,)]


# The archive


def test_payloads_come_back_from_the_archive_once(tmp_path: Path) -> None:
    origin = Origin("/in/courier/dump.jsonl", "dump.jsonl", "courier")
    told = Facts("b", "b", "courier", "https://courier.example/b", datetime(2026, 1, 1, tzinfo=UTC), "Title", "Author")
    raw: list[RawDocument] = [
        make_document(origin, Facts("a", "a"), "Rain fell. 🌧", "text/plain"),
        make_document(origin, told, "<p>Rain", "text/html"),
        make_document(origin, Facts("c", "c"), b"\xff\x00", "text/html"),
    ]
    for run in ("1", "2"):
        write_raw(raw, tmp_path / "run" / "raw" / "000000.parquet")
        move_raw(tmp_path / "run" / "raw", tmp_path / "w.duckdb.raw" / run)
        move_raw(tmp_path / "run" / "raw", tmp_path / "w.duckdb.raw" / run)
    assert list(read_raw(tmp_path / "w.duckdb.raw")) == raw
    with pytest.raises(ArchiveError, match=r"there are no raw payloads.*--keep-raw"):
        list(read_raw(tmp_path / "none.raw"))


def test_a_batch_keeps_its_payloads_when_asked(tmp_path: Path) -> None:
    unread = quarantine(document("z", "x"), "unreadable", "no")  # type: ignore[arg-type]
    settings = batches.BatchSettings(tmp_path, FIRST, "rules-1", is_raw_kept=True)
    batches.extract_batch("0", (document("a", TIDE), unread), settings)
    (tmp_path / "archive").mkdir()
    move_raw(settings.raw, tmp_path / "archive" / "run")
    assert [found.id for found in read_raw(tmp_path / "archive")] == ["a"]
    batches.extract_batch("1", (document("a", TIDE),), replace(settings, is_raw_kept=False))
    assert not list(settings.raw.glob("*"))


@pytest.mark.parametrize(
    "arguments", [(), ("in", "--reclean"), ("in", "--re-extract"), ("--reclean", "--re-extract")], ids=" ".join
)
def test_a_run_has_one_input(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]) -> None:
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(app, ["run", *arguments])
    assert done.exit_code == 2
    assert "give PATHS, or --reclean, or --re-extract: one of them" in " ".join(done.output.replace("│", " ").split())
    assert not list(tmp_path.iterdir())


@pytest.mark.slow
def test_payloads_are_extracted_anew_under_other_rules(tmp_path: Path, prefect_api: str) -> None:
    (tmp_path / "in").mkdir()
    html = PAGE.format("".join(f"<p>{line}</p>" for line in TIDE.splitlines()), prose(60, 1))
    (tmp_path / "in" / "page.html").write_text(html)
    (tmp_path / "in" / "text.txt").write_text(TIDE)
    (tmp_path / "rules.toml").write_text(RULES)
    counted = "select count(*), count(distinct article_id) from edits where rule_id = 'own-tide-line'"

    def run(*arguments: str) -> None:
        done = winnow_here(tmp_path, "run", *arguments, api=prefect_api)
        assert done.returncode in {0, 1}, done.stderr

    def asked(sql: str) -> list[str]:
        return winnow_here(tmp_path, "sql", sql, "-f", "csv").stdout.splitlines()[1:]

    run("in", "--keep-raw")
    originals = asked("select article_id, original from restored_originals order by all")
    assert (asked(counted), asked("select count(*) from articles")) == (["0,0"], ["2"])
    shutil.rmtree(tmp_path / "in")
    run("--re-extract", "--rules", "rules.toml")
    assert (asked(counted), asked("select count(*) from articles")) == (["2,2"], ["2"])
    assert asked("select article_id, original from restored_originals order by all") == originals
    rulesets = "select count(distinct ruleset_version) from articles"
    assert asked(rulesets) == ["1"]
    run("--re-extract", "--rules", "rules.toml")  # nothing is left to do
    assert asked("select unchanged_count, article_count from run_history limit 1") == ["2,0"]
