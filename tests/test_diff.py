"""`winnow diff`: what a change of rules would change, before it is used."""

import json
import subprocess
from dataclasses import fields, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from flows.diff_command import diff_warehouse, read_pages
from flows.intake import Facts, Origin, make_document
from flows.rule_diff import Change, Original, RuleDiff, add_up, compare_rules, find_changes
from flows.staging import write_parts
from flows.user_rules import RuleFile, rules_of
from tests.here import winnow_here
from tests.migrated import migrate
from tests.test_pipeline import PARAGRAPHS
from transforms.edits import edits_from_spans
from transforms.pipeline import process
from transforms.types import Edit, Span
from warehouse.connect import connect_writer
from warehouse.load import publish
from warehouse.records import RunRecord
from warehouse.stage import consolidate

NOW = datetime(2026, 1, 31, tzinfo=UTC)
PROSE = "\n\n".join(PARAGRAPHS)
TICKER = """
[[rule]]
id = "my-ticker"
kind = "navigation"
scope = "line"
pattern = "markets live:.*"
removes = ["Markets live: up"]
keeps = ["Markets live on trust."]
"""
NO_SKIP_LINK = "[switch_off]\nrules = ['skip-link']\n"
DOCUMENTS = {
    "harbour": (f"Skip to content\n\n{PROSE}", f"Markets live: rope up\n\n{PROSE}\n\nLeave a Reply"),
    "island": (f"{PROSE}\n\nMarkets live: eels down\n\nMarkets live: all day", PROSE + "\n\nThe end of the page."),
}


def edits(*ranges: tuple[int, int, str]) -> tuple[Edit, ...]:
    return edits_from_spans("abcdefghij klmnop", (Span(start, end, "advert", rule) for start, end, rule in ranges))


@pytest.mark.parametrize(
    ("old", "new", "changes"),
    [
        ((), (), []),
        (((0, 5, "a"),), ((0, 5, "b"),), []),  # the same text goes, under another rule
        (((0, 5, "a"),), ((0, 2, "b"), (2, 5, "c")), []),
        ((), ((2, 4, "b"),), [("removed", "b", 2, "cd")]),
        (((2, 4, "a"),), (), [("kept", "a", 2, "cd")]),
        (((0, 5, "a"),), ((3, 8, "b"),), [("removed", "b", 5, "fgh"), ("kept", "a", 0, "abc")]),
        (
            ((2, 3, "a"), (5, 6, "a")),
            ((0, 8, "b"),),
            [("removed", "b", 0, "ab"), ("removed", "b", 3, "de"), ("removed", "b", 6, "gh")],
        ),
        (((0, 10, "a"),), ((0, 11, "b"),), []),  # white space only
    ],
)
def test_changes_are_what_one_side_takes(
    old: tuple[tuple[int, int, str], ...],
    new: tuple[tuple[int, int, str], ...],
    changes: list[tuple[str, str, int, str]],
) -> None:
    found = find_changes(Original("1", "s", "abcdefghij klmnop"), edits(*old), edits(*new))
    assert [(c.direction, c.rule, c.start, c.text) for c in found] == changes


def test_context_and_samples_are_cut_and_lengths_are_not() -> None:
    text = "a" * 500 + "b" * 500 + "c" * 500
    (change,) = find_changes(Original("1", "s", text), (), edits_from_spans(text, (Span(500, 1000, "advert", "x"),)))
    assert (change.before, change.text, change.after) == ("a" * 60, "b" * 200 + "…", "c" * 60)
    assert (change.start, change.chars) == (500, 500)


def test_the_whole_is_the_sum_of_its_parts_in_any_order() -> None:
    old, new = rules_of(None), rules_of(RuleFile("t", TICKER + NO_SKIP_LINK))
    originals = [
        Original(f"{source}{n}", source, text) for source, texts in DOCUMENTS.items() for n, text in enumerate(texts)
    ]
    whole = compare_rules(originals, old, new, 1)
    assert add_up([compare_rules([original], old, new, 1) for original in reversed(originals)], 1) == whole
    assert [(t.direction, t.name, t.article_count, t.span_count, t.char_count) for t in whole.by_rule] == [
        ("removed", "my-ticker", 2, 3, len("Markets live: rope up") + len("Markets live: eels down") + 21),
        ("kept", "skip-link", 1, 1, 15),
    ]
    assert [(t.direction, t.name, t.article_count) for t in whole.by_source] == [
        ("removed", "island", 1),
        ("removed", "harbour", 1),
        ("kept", "harbour", 1),
    ]
    assert (whole.article_count, whole.changed_count) == (4, 3)
    assert [sample.article_id for sample in whole.by_rule[0].samples] == ["harbour1"]
    assert compare_rules(originals, new, new, 1) == RuleDiff(4, 0, (), ())


def test_the_guard_counts_as_in_a_run() -> None:
    greedy = rules_of(
        RuleFile(
            "g",
            '[[rule]]\nid = "greedy"\nkind = "advert"\nscope = "line"\npattern = "the ferry .*"\n'
            'removes = ["The ferry sails."]\nkeeps = ["A ferry sails."]\n',
        )
    )
    lost = Original("1", "s", "The ferry left the northern pier on time this morning with nobody at all on board.")
    assert compare_rules([lost], rules_of(None), greedy, 5).changed_count == 0
    beside = replace(lost, text=f"{lost.text}\n\n{PROSE}")
    assert compare_rules([beside], rules_of(None), greedy, 5).by_rule[0].name == "greedy"


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse of four articles, cleaned by the built-in rules."""
    folder = tmp_path_factory.mktemp("diff")
    records = [
        make_document(Origin(f"/in/{source}/{n}.txt", f"{n}.txt", source), Facts(id=str(n)), text, "text/plain")
        for source, texts in DOCUMENTS.items()
        for n, text in enumerate(texts)
    ]
    decided = dict.fromkeys(("ruleset", "too_much", "decided_by"), "rules-1")
    write_parts([process(record, NOW) for record in records], folder / "parts", "0", **decided)
    consolidate(folder / "parts", folder / "staged")
    with connect_writer(folder / "w.duckdb") as connection:
        migrate(connection)
        publish(connection, folder / "staged", RunRecord("1", "one", NOW, NOW, "rules-1", 4, 0), [])
    return folder / "w.duckdb"


@pytest.mark.parametrize("size", [1, 3, 4, 100])
def test_pages_hold_every_original_once(warehouse: Path, size: int) -> None:
    pages = list(read_pages(warehouse, size))
    found = [original for page in pages for original in page]
    assert {(o.source, o.text) for o in found} == {(s, text) for s, texts in DOCUMENTS.items() for text in texts}
    assert len(found) == 4
    assert [len(page) for page in pages] == [size] * (4 // size) + ([4 % size] if 4 % size else [])


def test_workers_find_the_same(warehouse: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    new = RuleFile("t", TICKER)
    alone = diff_warehouse(warehouse, None, new, samples=5, workers=1)
    assert alone.changed_count == 2
    monkeypatch.setattr(read_pages, "__defaults__", (1,))
    assert diff_warehouse(warehouse, None, new, samples=5, workers=2) == alone


def diff(warehouse: Path, new: str, *arguments: str, against: str | None = None) -> subprocess.CompletedProcess[str]:
    (warehouse.parent / "new.toml").write_text(new, encoding="utf-8")
    if against is not None:
        (warehouse.parent / "old.toml").write_text(against, encoding="utf-8")
        arguments = ("--against", "old.toml", *arguments)
    return winnow_here(warehouse.parent, "diff", "--rules", "new.toml", "--warehouse", warehouse.name, *arguments)


def test_the_command_shows_counts_and_samples(warehouse: Path) -> None:
    before = warehouse.read_bytes()
    done = diff(warehouse, TICKER + NO_SKIP_LINK, "--sample", "1")
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.startswith("3 of 4 articles would change.")
    for piece in ("newly removed", "my-ticker", "no longer removed", "skip-link", "island", "⟦Skip to content⟧"):
        assert piece in done.stdout
    assert done.stdout.count("⟦Markets live:") == 1
    assert warehouse.read_bytes() == before


def test_json_holds_all_of_it(warehouse: Path) -> None:
    done = diff(warehouse, TICKER + NO_SKIP_LINK, "--format", "json", against=TICKER)
    found = json.loads(done.stdout)
    assert done.returncode == 1
    assert (found["article_count"], found["changed_count"]) == (4, 1)
    (tally,) = found["by_rule"]
    assert (tally["direction"], tally["name"], tally["span_count"], tally["char_count"]) == ("kept", "skip-link", 1, 15)
    (sample,) = tally["samples"]
    assert set(sample) == {field.name for field in fields(Change)}
    assert (sample["source"], sample["text"], sample["before"]) == ("harbour", "Skip to content", "")
    assert sample["after"].startswith("\n\nThe harbour council")


@pytest.mark.parametrize(
    ("new", "arguments", "code", "shown"),
    [
        (TICKER, ("--against", "new.toml"), 0, "0 of 4 articles would change.\n"),
        ("", (), 0, "0 of 4 articles would change.\n"),
        (TICKER, ("--format", "word"), 2, ""),
        (TICKER, ("--against", "missing.toml"), 2, ""),
        ("[[rule]]", (), 2, ""),
        (TICKER, ("--warehouse", "missing.duckdb"), 4, ""),
    ],
)
def test_exit_codes(warehouse: Path, new: str, arguments: tuple[str, ...], code: int, shown: str) -> None:
    done = diff(warehouse, new, *arguments)
    assert (done.returncode, done.stdout) == (code, shown)
    assert "Traceback" not in done.stderr
