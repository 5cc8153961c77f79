"""The SQL of the warehouse: every thing has a comment, originals come back, views say what they promise."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unpacked import unpacked
from warehouse.migrate import VIEW_ORDER, VIEWS, migrate

Piece = tuple[str, str, str]  # text kept before the edit, text taken out, text put in its place
Case = tuple[tuple[Piece, ...], str]  # the pieces in order, and the text after the last edit

UNCOMMENTED = """
select table_name, '' from duckdb_tables() where not internal and comment is null
union all
select view_name, '' from duckdb_views() where not internal and comment is null
union all
select table_name, column_name from duckdb_columns() where not internal and comment is null
union all
select function_name, '' from duckdb_functions() where not internal and comment is null
order by all
"""
RESTORING: dict[str, Case] = {
    "no edits": ((), "Rain fell."),
    "no edits, nothing at all": ((), ""),
    "at the start": ((("", "Skip to content\n", ""),), "Rain fell."),
    "at the end": ((("Rain fell.", "\nShare this", ""),), ""),
    "at both ends": ((("", "Menu\n", ""), ("Rain fell.", "\nShare", "")), ""),
    "everything": ((("", "Share this", ""),), ""),
    "adjacent": ((("Rain ", "one", ""), ("", "two", ""), ("", "three", "")), "fell."),
    "replacement": ((("Rain fell", " .", "."), (" Wind rose", "..", ".")), " Night came."),
    "longer replacement": ((("a", "b", "bcdef"), ("g", "", "hi"), ("j", "klm", "")), "n"),
    "astral": ((("🌧️ fell ", "👩‍👩‍👧 share 🇩🇪", "🦊"), ("𝒜", "𝓑𝓒", "")), "𐍈 end"),
    "combining": ((("e\u0301", "\u0301x", ""),), "\u0308o"),
    "mixed scripts": ((("Дождь ", "читайте также", ""), ("雨が", "広告", "")), "مطر"),
    "line ends": ((("one\r\n", "\r\ntwo", "\n"),), "\n\n"),
    "a nul": ((("a\x00", "b\x00c", "\x00"),), "d\x00e"),
}
SOME_TEXT = st.text(alphabet=st.sampled_from("aé雨🦊\u0301\n ."), max_size=8) | st.text(max_size=4)
CASES = st.tuples(st.lists(st.tuples(SOME_TEXT, SOME_TEXT, SOME_TEXT), max_size=5).map(tuple), SOME_TEXT)


def new_warehouse() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute("set TimeZone = 'UTC'")
    migrate(connection)
    return connection


@pytest.fixture
def warehouse() -> Iterator[duckdb.DuckDBPyConnection]:
    with new_warehouse() as connection:
        yield connection


@pytest.fixture(scope="module")
def shared_warehouse() -> Iterator[duckdb.DuckDBPyConnection]:
    with new_warehouse() as connection:
        yield connection


def original_of(case: Case) -> str:
    pieces, tail = case
    return "".join(kept + removed for kept, removed, _ in pieces) + tail


def load(warehouse: duckdb.DuckDBPyConnection, cases: dict[str, Case]) -> None:
    """Put the cases into articles and edits, with the text, offsets and numbers that the ledger would have."""
    for article_id, (pieces, tail) in cases.items():
        add_article(warehouse, article_id, text="".join(kept + put for kept, _, put in pieces) + tail)
        end = 0
        for number, (kept, removed, put) in enumerate(pieces, start=1):
            start, end = end + len(kept), end + len(kept) + len(removed)
            add_edit(warehouse, article_id, number, start, end, removed_text=removed, replacement=put)


def add_article(warehouse: duckdb.DuckDBPyConnection, article_id: str, **columns: object) -> None:
    row: dict[str, object] = {
        "input_id": f"input-{article_id}",
        "run_id": "run",
        "document_id": article_id,
        "source": "harbour.example",
        "title": f"Title of {article_id}",
        "published_status": "dated",
        "text": "",
        "text_chars": 0,
        "text_words": 0,
        "original_chars": 0,
        "original_hash": "",
        "removed_chars": 0,
        "removed_ratio": 0.0,
        "extractor": "text",
        "ruleset_version": "rules-1",
    }
    insert(warehouse, "articles", {"article_id": article_id, **row, **columns})


def add_edit(
    warehouse: duckdb.DuckDBPyConnection, article_id: str, number: int, start: int, end: int, **columns: object
) -> None:
    row: dict[str, object] = {
        "kind": "share",
        "rule_id": "share-line",
        "removed_text": "",
        "replacement": "",
        "probability_ratio": 1.0,
    }
    place = {"article_id": article_id, "edit_number": number, "start_char": start, "end_char": end}
    insert(warehouse, "edits", {**place, **row, **columns})


def insert(warehouse: duckdb.DuckDBPyConnection, table: str, row: dict[str, object]) -> None:
    names = ", ".join(row)
    values = ", ".join(f"${name}" for name in row)
    warehouse.execute(f"insert into {table} ({names}) values ({values})", row)


def rows(warehouse: duckdb.DuckDBPyConnection, sql: str) -> list[dict[str, object]]:
    result = warehouse.execute(sql)
    names = [column[0] for column in result.description or ()]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def test_everything_has_a_comment(warehouse: duckdb.DuckDBPyConnection) -> None:
    assert warehouse.execute(UNCOMMENTED).fetchall() == []


def test_a_missing_comment_is_found(warehouse: duckdb.DuckDBPyConnection) -> None:
    warehouse.execute("create table bare (id integer); create view seen as select id from bare")
    warehouse.execute("create macro twice(x) as x * 2")
    assert warehouse.execute(UNCOMMENTED).fetchall() == [
        ("bare", ""),
        ("bare", "id"),
        ("seen", ""),
        ("seen", "id"),
        ("twice", ""),
    ]


def test_every_view_file_is_in_the_order_and_makes_what_it_is_named_after(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    made = warehouse.execute(
        "select view_name from duckdb_views() where not internal "
        "union all select function_name from duckdb_functions() where not internal"
    ).fetchall()
    assert sorted(VIEW_ORDER) == sorted(path.stem for path in VIEWS.glob("*.sql")) == sorted(name for (name,) in made)


def test_originals_are_rebuilt(warehouse: duckdb.DuckDBPyConnection) -> None:
    load(warehouse, RESTORING)
    restored = dict(warehouse.execute("from restored_originals").fetchall())
    assert restored == {name: original_of(case) for name, case in RESTORING.items()}


@settings(max_examples=25)
@given(cases=st.lists(CASES, min_size=4, max_size=12))
def test_originals_of_any_text_are_rebuilt(shared_warehouse: duckdb.DuckDBPyConnection, cases: list[Case]) -> None:
    shared_warehouse.execute("delete from articles; delete from edits")
    numbered = {str(number): case for number, case in enumerate(cases)}
    load(shared_warehouse, numbered)
    restored = dict(shared_warehouse.execute("from restored_originals").fetchall())
    assert restored == {name: original_of(case) for name, case in numbered.items()}


def test_a_wrong_ledger_gives_another_text(warehouse: duckdb.DuckDBPyConnection) -> None:
    load(warehouse, {"one": RESTORING["replacement"]})
    warehouse.execute("update edits set start_char = start_char + 1 where edit_number = 2")
    assert warehouse.execute("select original from restored_originals").fetchall() != [
        (original_of(RESTORING["replacement"]),)
    ]


def test_macros_are_about_one_article(warehouse: duckdb.DuckDBPyConnection) -> None:
    load(warehouse, {"one": RESTORING["replacement"], "two": RESTORING["at both ends"], "three": RESTORING["no edits"]})
    assert warehouse.execute("from original_of('two')").fetchall() == [("Menu\nRain fell.\nShare",)]
    assert warehouse.execute("from original_of('three')").fetchall() == [("Rain fell.",)]
    assert warehouse.execute("from original_of('four')").fetchall() == []
    assert warehouse.execute("from what_was_removed('one')").fetchall() == [
        (1, 9, 11, "share", "share-line", " .", ".", 1.0),
        (2, 21, 23, "share", "share-line", "..", ".", 1.0),
    ]
    assert warehouse.execute("from what_was_removed('three')").fetchall() == []


def test_originals_of_one_run_only(warehouse: duckdb.DuckDBPyConnection) -> None:
    add_article(warehouse, "old", run_id="first", text="Rain.")
    add_article(warehouse, "new", run_id="second", text="Wind.")
    assert warehouse.execute("from restore_originals('second', null)").fetchall() == [("new", "Wind.")]


def test_clean_articles_gather_scores_and_flags(warehouse: duckdb.DuckDBPyConnection) -> None:
    add_article(warehouse, "plain", text="Rain.")
    add_article(warehouse, "padded", published_on=date(2025, 3, 1))
    with unpacked(warehouse):
        warehouse.execute(
            "insert into long_scores values ('padded', 'quality', 'total', 0.4, 1, ''), "
            "('padded', 'quality', 'length', 0.9, 1, ''), ('padded', 'seo_padding', 'total', 0.8, 1, '')"
        )
    for code, evidence in (("undated", "no date"), ("seo-padded", "one tail"), ("seo-padded", "another tail")):
        warehouse.execute("insert into flags values ('padded', ?, ?)", [code, evidence])
    found = rows(
        warehouse,
        "select article_id, title, quality, seo_padding, flags, text, published_on "
        "from clean_articles order by article_id",
    )
    assert found == [
        {
            "article_id": "padded",
            "title": "Title of padded",
            "quality": 0.4,
            "seo_padding": 0.8,
            "flags": ["seo-padded", "undated"],
            "text": "",
            "published_on": date(2025, 3, 1),
        },
        {
            "article_id": "plain",
            "title": "Title of plain",
            "quality": None,
            "seo_padding": None,
            "flags": [],
            "text": "Rain.",
            "published_on": None,
        },
    ]


def test_flagged_articles_show_evidence(warehouse: duckdb.DuckDBPyConnection) -> None:
    add_article(warehouse, "one", url="https://harbour.example/one")
    add_article(warehouse, "two")
    warehouse.execute("insert into flags values ('one', 'undated', 'no date on the page')")
    assert rows(warehouse, "from flagged_articles") == [
        {
            "article_id": "one",
            "flag": "undated",
            "evidence": "no date on the page",
            "source": "harbour.example",
            "url": "https://harbour.example/one",
            "title": "Title of one",
            "published_on": None,
        }
    ]


def test_removal_summary(warehouse: duckdb.DuckDBPyConnection) -> None:
    add_edit(warehouse, "a", 1, 0, 12, removed_text="Share\n\n this ")
    add_edit(warehouse, "a", 2, 20, 25, removed_text="Tweet")
    add_edit(warehouse, "b", 1, 0, 100, removed_text="x" * 100, kind="advert", rule_id="ad-block")
    assert warehouse.execute("from removal_summary order by kind").fetchall() == [
        ("advert", "ad-block", 1, 1, 100, "x" * 80),
        ("share", "share-line", 2, 1, 17, "Share this"),
    ]


@pytest.mark.parametrize(
    ("status", "warnings", "criticals", "verdict"),
    [
        ("published", 0, 0, "published"),
        ("published", 2, 0, "published with 2 warnings"),
        ("failed", 1, 3, "nothing published: 3 critical checks failed"),
        ("interrupted", 0, 0, "nothing published: interrupted"),
    ],
)
def test_run_history_tells_the_verdict(
    warehouse: duckdb.DuckDBPyConnection, status: str, warnings: int | None, criticals: int | None, verdict: str
) -> None:
    started = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
    finished = None if status == "interrupted" else datetime(2026, 3, 1, 9, 0, 12, 500_000, tzinfo=UTC)
    run = {"run_id": "r", "run_name": "n", "started_at": started, "finished_at": finished, "status": status}
    counts = {"ruleset_version": "v", "warning_count": warnings, "critical_count": criticals}
    insert(warehouse, "runs", {**run, **counts})
    seconds = None if finished is None else 12.5
    found = warehouse.execute("select verdict, seconds, started_at from run_history").fetchall()
    assert found == [(verdict, seconds, started)]
