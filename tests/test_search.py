"""The macros for readers: search, run_diff, rule_effect."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from math import log

import duckdb
import pytest

from tests.test_sql import add_article, new_warehouse
from warehouse.search import rebuild_index

TEXTS = {
    "storm": "The storm broke the pier. The storm came at noon.",
    "pier": "A pier of oak stands by the café in the harbour at noon.",
    "Tokyo": "東京の港で嵐があった。",
    "stormy": "Stormy talk, brainstorms, and nothing else.",
}


@pytest.fixture(scope="module")
def warehouse() -> Iterator[duckdb.DuckDBPyConnection]:
    with new_warehouse() as connection:
        for name, text in TEXTS.items():
            add_article(connection, name, title=name, text=text, text_words=len(text.split()))
        rebuild_index(connection)
        yield connection


def search(warehouse: duckdb.DuckDBPyConnection, words: str) -> list[str]:
    return [row[0] for row in warehouse.execute("select article_id from search($words)", {"words": words}).fetchall()]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("storm", ["storm"]),  # whole words
        ("STORM!", ["storm"]),
        ("pier storm", ["storm", "pier"]),
        ("cafe", ["pier"]),
        ("CAFÉ", ["pier"]),
        ("港", ["Tokyo"]),
        ("lighthouse", []),
        ("", []),
        ("'; drop table articles; --", []),
        ("tokyo", ["Tokyo"]),  # the title
        ("嵐があ", ["Tokyo"]),  # by its pairs of characters
        ("嵐港", []),
        ("storm港", ["Tokyo", "storm"]),
    ],
)
def test_words_are_found(warehouse: duckdb.DuckDBPyConnection, words: str, found: list[str]) -> None:
    assert search(warehouse, words) == found


def test_the_score_is_bm25(warehouse: duckdb.DuckDBPyConnection) -> None:
    lengths = {name: len(text.split()) for name, text in TEXTS.items()}
    mean = sum(lengths.values()) / len(lengths)
    weight = log(1 + (4 - 2 + 0.5) / (2 + 0.5))  # noon: in 2 of 4
    expected = {name: weight * 2.2 / (1 + 1.2 * (0.25 + 0.75 * lengths[name] / mean)) for name in ("storm", "pier")}
    scores = dict(warehouse.execute("select article_id, score from search('noon')").fetchall())
    assert scores == pytest.approx(expected, abs=1e-4)


def test_repeated_words_count_each_time(warehouse: duckdb.DuckDBPyConnection) -> None:
    with new_warehouse() as other:
        add_article(other, "twice", title=None, text="storm storm", text_words=2)
        add_article(other, "once", title=None, text="storm today", text_words=2)
        add_article(other, "never", title=None, text="pier today", text_words=2)
        rebuild_index(other)
        assert search(other, "storm") == ["twice", "once"]


PLAIN = r"""
string_split(
  trim(regexp_replace(
    regexp_replace(
      strip_accents(lower({page})),
      '([\p{{Han}}\p{{Hiragana}}\p{{Katakana}}\p{{Thai}}\p{{Lao}}\p{{Khmer}}\p{{Myanmar}}]+)', ' \1 ', 'g'
    ),
    '[^\p{{L}}\p{{N}}\p{{M}}]+', ' ', 'g'
  )),
  ' '
)
"""


@pytest.mark.parametrize(
    "page", ["'a' || chr(n) || 'B'", "chr(n)", "'か' || chr(n) || 'ก é'", "'e' || chr(769) || chr(n)"]
)
def test_words_are_those_of_the_plain_definition(warehouse: duckdb.DuckDBPyConnection, page: str) -> None:
    """With any character between others, accents taken off before the words are told or after."""
    differing = warehouse.execute(
        f"""
        select n
        from (select n::integer as n from range(1, 200000) as r (n) where n not between 55296 and 57343)
        where list_filter(page_words({page}), lambda word: word <> '')
          <> list_filter({PLAIN.format(page=page)}, lambda word: word <> '')
        """
    ).fetchall()
    assert differing == []


def test_two_runs_are_compared(warehouse: duckdb.DuckDBPyConnection) -> None:
    at = {run: datetime(2026, 3, day, tzinfo=UTC) for run, day in (("a", 2), ("b", 10))}
    with new_warehouse() as other:
        for run, articles in (("a", 4), ("b", 10)):
            other.execute(
                "insert into runs by name select $run as run_id, $run as run_name, $at as started_at, "
                "$at as finished_at, 'published' as status, 'r' as ruleset_version, $n as article_count",
                {"run": run, "at": at[run], "n": articles},
            )
            other.execute(
                "insert into source_history (source, seen_at, article_count) values ('s', $at, $n)",
                {"at": at[run], "n": articles},
            )
        other.execute("insert into removal_history values ('s', $at, 'share-line', 2, 1.0)", {"at": at["b"]})
        other.execute(
            "insert into check_results by name select 'b' as run_id, 'articles' as suite, 'unique' as check_name, "
            "'warning' as severity, false as is_success"
        )
        differences = other.execute("from run_diff('a', 'b') where change <> 0").fetchall()
        effect = other.execute("from rule_effect").fetchall()
    assert differences == [
        ("article_count", 4, 10, 6),
        ("failed check: articles unique", 0, 1, 1),
        ("removed_ratio of share-line", 0, 0.1, 0.1),
    ]
    assert effect == [("share-line", datetime(2026, 3, 9).date(), 2, 10, 0.2, 0.1)]  # noqa: DTZ001
