"""Names of sources by rule: which document gets which, in every way a document goes, and what is said of a bad rule."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest

from flows.source_rules import MOST_SOURCES, parse_source_rules
from flows.user_rules import load_rules, read_rule_file, rules_of
from tests.conftest import ROOT, WINNOW
from tests.template_runs import FIRST, Newsroom, document, prose
from transforms.pipeline import process
from transforms.rule import RuleError
from transforms.source import SourceRule, source_by_rule
from transforms.types import Article, MediaType, Quarantined, RawDocument

RULES = (
    SourceRule(r"harbour\.example/sport/.*", "harbour sport"),
    SourceRule(r"([a-z0-9-]+)\.letters\.example/.*", r"letters of \1"),
    SourceRule(r".*/in/archive-\d+/.*", "archive"),
)
FILE = """
[[source]]
name = "harbour sport"
pattern = 'harbour\\.example/sport/.*'

[[source]]
name = 'letters of \\1'
pattern = '([a-z0-9-]+)\\.letters\\.example/.*'

[[source]]
name = "archive"
pattern = '.*/in/archive-\\d+/.*'
"""


@pytest.mark.parametrize(
    ("url", "location", "name"),
    [
        ("https://www.harbour.example/sport/1", "/in/x/1.html", "harbour sport"),
        ("http://HARBOUR.example/Sport/1", "/in/x/1.html", "harbour sport"),
        ("https://harbour.example/news/1", "/in/x/1.html", None),
        ("https://other.example/?from=harbour.example/sport/", "/in/x/1.html", None),
        ("https://ana-ruiz.letters.example/p/1", "/in/x/1.html", "letters of ana-ruiz"),
        (None, "/data/in/archive-12/a.txt", "archive"),
        ("https://harbour.example/sport/1", "/data/in/archive-12/a.txt", "harbour sport"),
        ("https://unknown.example/", "/data/in/archive-12/a.txt", "archive"),
        (None, "/in/x/1.html", None),
        ("harbour.example/sport/1", "/in/x/1.html", "harbour sport"),
    ],
)
def test_the_first_rule_that_matches_names_the_source(url: str | None, location: str, name: str | None) -> None:
    assert source_by_rule(url, location, RULES) == name


def test_a_name_from_the_address_is_bounded_and_of_one_line() -> None:
    rules = (SourceRule(r"(.*)\.example/.*", r"\1"), SourceRule(".*", "rest"))
    assert source_by_rule(f"https://{'a' * 500}.example/", "x", rules) == "a" * 200
    assert source_by_rule("https://a   b.example/", "x", rules[:1]) == "a b"
    assert source_by_rule("https:// .example/", "x", rules) == "rest"


def test_the_file_gives_the_rules(tmp_path: Path) -> None:
    assert parse_source_rules(FILE) == RULES
    assert parse_source_rules("") == ()
    (tmp_path / "rules.toml").write_text(FILE, encoding="utf-8")
    assert load_rules(tmp_path / "rules.toml").sources == RULES


def source(**fields: str) -> str:
    given = {"name": '"a"', "pattern": '"b"'} | fields
    return "\n".join(("[[source]]", *(f"{name} = {value}" for name, value in given.items())))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[source]\nname = 'a'", r"\[source\] must be \[\[source\]\]"),
        ("source = [1]", r"source 1: 1 is no table"),
        ("[[source]]\nname = 'a'", r"source 1, field pattern: it is missing; give name and pattern, and nothing else"),
        (source(url='"x"'), r"source 1, field url: there is no such field"),
        (source(name='" "'), r"source 1, field name: ' ' is not allowed; give text in quotes"),
        (source(pattern="1"), r"source 1, field pattern: 1 is not allowed"),
        (source(name='"a\\u0007"'), r"field name: 'a\\x07' has control characters"),
        (source(name=f'"{"a" * 201}"'), r"field name: it has 201 characters, at most 200"),
        (source(pattern=f'"{"a" * 1_001}"'), r"field pattern: it has 1001 characters, at most 1000"),
        (source(pattern='"(b"'), r"field pattern: RE2 does not take '\(b': missing \)"),
        (source(pattern='"(?=b)"'), r"no look-around"),
        (source(pattern='"b*"'), r"field pattern: 'b\*' matches the empty text"),
        (source(name=r"'\1'"), r"field name: .* uses group 1, the pattern has 0"),
        (source(name=r"'a\n'"), r"field name: .* has a backslash"),
        (f"{source()}\n{source(pattern='[]')}", r"source 2, field pattern: \[\] is not allowed"),
        ("\n".join([source()] * (MOST_SOURCES + 1)), r"has 1001 sources, at most 1000"),
    ],
)
def test_a_bad_rule_is_told_with_field_and_remedy(text: str, message: str) -> None:
    with pytest.raises(RuleError, match=message):
        parse_source_rules(text)


# In every way a document goes


def raw(url: str | None, content: str, media_type: MediaType = "text/html", source: str = "inbox") -> RawDocument:
    return RawDocument("1", "/in/inbox/1.html", "", source, url, None, media_type, content, "h", len(content), "i")


def test_a_rule_comes_before_the_domain_also_for_what_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "rules.toml").write_text(FILE, encoding="utf-8")
    rules = rules_of(read_rule_file(tmp_path / "rules.toml"))
    page = (
        f"<html><head><link rel=canonical href='{{}}'></head><body><article><p>{prose(1)}</p></article></body></html>"
    )
    for url, canonical, name in (
        ("https://www.harbour.example/sport/1", "", "harbour sport"),
        (None, "https://harbour.example/sport/1", "harbour sport"),
        ("https://www.harbour.example.com/news/1", "", "example.com"),
        (None, "", "inbox"),
    ):
        article = process(raw(url, page.format(canonical)), FIRST, rules=rules)
        assert isinstance(article, Article)
        assert article.source == name
    broken = process(raw("https://harbour.example/sport/1", ""), FIRST, rules=rules)
    assert isinstance(broken, Quarantined)
    assert broken.source == "harbour sport"


def test_a_run_and_cleaning_anew_name_sources_and_history_goes_on(tmp_path: Path) -> None:
    newsroom = Newsroom(tmp_path)
    records = [document("a", prose(1), "archive-1"), document("b", prose(2), "archive-2"), document("c", prose(3), "x")]
    newsroom.run(records, "run-1")
    before = newsroom.query("select distinct seen_at from source_history")
    assert newsroom.query("select source from source_history order by all") == [("archive-1",), ("archive-2",), ("x",)]
    assert newsroom.reclean("run-2", ruleset="rules-2", rules=FILE) == 3
    named = [("archive", 2), ("x", 1)]
    assert newsroom.query("select source, article_count from source_history order by all") == named
    assert newsroom.query("select source, count(*) from inputs group by all order by all") == named
    # Known under another name before, so no newer for it.
    assert newsroom.query("select distinct seen_at from source_history") == before
    assert newsroom.run(records, "run-3", ruleset="rules-3", rules=FILE) == 3
    assert newsroom.query("select source, article_count from source_history order by all") == named


def test_the_command_takes_the_documented_file(tmp_path: Path) -> None:
    (block,) = re.findall(r"```toml\n(.*?)```", (ROOT / "docs/scorecards.md").read_text(encoding="utf-8"), re.DOTALL)
    (tmp_path / "rules.toml").write_text(block, encoding="utf-8")
    given = [
        {"id": "1", "url": "https://www.bbc.co.uk/sport/football/1", "text": prose(1)},
        {"id": "2", "url": "https://ana.substack.com/p/tides", "text": prose(2)},
        {"id": "3", "url": "https://www.bbc.co.uk/news/2", "text": prose(3)},
    ]
    done = subprocess.run(
        [WINNOW, "clean", "--format", "jsonl", "--rules", tmp_path / "rules.toml", "-"],
        input="\n".join(map(json.dumps, given)),
        capture_output=True,
        text=True,
        check=True,
    )
    found = [json.loads(line)["source"] for line in done.stdout.splitlines()]
    assert found == ["BBC Sport", "ana.substack.com", "bbc.co.uk"]
