"""Staging and publishing: the warehouse keeps its promises whatever happens to the input."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.migrated import migrate
from tests.template_runs import INDEX
from warehouse.connect import connect_writer
from warehouse.errors import InvariantError, WarehouseError
from warehouse.load import publish
from warehouse.records import CheckResult, PublishCounts, RunRecord, StagedCounts
from warehouse.run_records import record_failed_run, record_report
from warehouse.settled import known_inputs
from warehouse.stage import consolidate

Row = dict[str, object]
NOW = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
AT_FIRST = ("thresholds", "grade_bounds", "publish_turns")  # what a new warehouse begins with
HISTORY = ("runs", "check_results", "schema_migrations")


@dataclass(frozen=True)
class Record:
    """One input record as a worker stages it: an article, or with `code` a quarantined one. `cut` is taken out."""

    location: str
    original: str = "Rain fell on the harbour. Share this"
    cut: str = "Share this"
    flags: tuple[str, ...] = ()
    code: str | None = None
    message: str = "The file is empty. Remove it."
    is_readable: bool = True
    ruleset: str = "rules-1"
    source: str = "harbour.example"
    seen_at: datetime = NOW

    @property
    def input_id(self) -> str:
        return f"input of {self.location}"

    @property
    def article_id(self) -> str:
        return hashlib.sha256(self.original.encode()).hexdigest()[:16]


def parts_of(record: Record) -> dict[str, list[Row]]:
    content_hash = hashlib.sha256(record.original.encode()).hexdigest() if record.is_readable else None
    found: Row = {"input_id": record.input_id, "document_id": "d", "location": record.location, "record_key": ""}
    payload: Row = {"content_hash": content_hash, "content_bytes": 9}
    page: Row = {"source": record.source, "url": None, "fetched_at": NOW}
    decided: Row = {
        "fate": "quarantine" if record.code else "article",
        "article_id": None if record.code else record.article_id,
        "ruleset_version": record.ruleset,
    }
    inputs: list[Row] = [found | payload | page | decided]
    if record.code:
        return {"inputs": inputs, "quarantine": [found | payload | {"code": record.code, "message": record.message}]}
    start = record.original.index(record.cut)
    child: Row = {"input_id": record.input_id, "article_id": record.article_id}
    edit = {"edit_number": 1, "start_char": start, "end_char": start + len(record.cut), "kind": "share"}
    total = {"score": "quality", "component": "total", "value_ratio": 0.5, "weight_ratio": 1.0, "evidence": ""}
    date = {"date_text": "2025", "precision": "year", "role": "published", "origin": "meta", "evidence": "2025"}
    return {
        "inputs": inputs,
        "articles": [article_of(record) | page],
        "edits": [
            child
            | edit
            | {"rule_id": "share-line", "removed_text": record.cut, "replacement": "", "probability_ratio": 1.0}
        ],
        "signals": [child | {"name": "word_count", "value": 5.0}],
        "scores": [child | total],
        "flags": [child | {"code": code, "evidence": record.location} for code in record.flags],
        "date_candidates": [child | {"candidate_number": 1} | date],
        "article_signatures": [child | {"source": record.source, "seen_at": record.seen_at, "signature": [1]}],
    }


def article_of(record: Record) -> Row:
    text = record.original.replace(record.cut, "", 1)
    return {
        **dict.fromkeys(("title", "author", "site_name", "published_on", "published_precision")),
        **dict.fromkeys(("published_origin", "published_evidence", "page_language", "page_language_origin")),
        **dict.fromkeys(
            ("section", "section_origin", "title_origin", "author_origin", "site_name_origin", "url_origin")
        ),
        "article_id": record.article_id,
        "input_id": record.input_id,
        "document_id": "d",
        "language": "en",
        "language_probability_ratio": 0.9,
        "language_detector": "test",
        "published_status": "undated",
        "text": text,
        "text_chars": len(text),
        "text_words": len(text.split()),
        "original_chars": len(record.original),
        "original_hash": hashlib.sha256(record.original.encode()).hexdigest(),
        "removed_chars": len(record.cut),
        "removed_ratio": len(record.cut) / len(record.original),
        "extractor": "text",
        "ruleset_version": record.ruleset,
    }


def stage(folder: Path, *batches: Iterable[Record]) -> tuple[Path, StagedCounts]:
    """Write one part a batch and table, as the workers do, and consolidate them."""
    for number, batch in enumerate(batches):
        tables: dict[str, list[Row]] = {}
        for record in batch:
            for table, rows in parts_of(record).items():
                tables.setdefault(table, []).extend(rows)
        for table, rows in tables.items():
            if rows:
                (folder / "parts" / table).mkdir(parents=True, exist_ok=True)
                pq.write_table(pa.Table.from_pylist(rows), folder / "parts" / table / f"{number:05}.parquet")
    return folder / "staged", consolidate(folder / "parts", folder / "staged")


def run_record(run_id: str, ruleset: str = "rules-1") -> RunRecord:
    return RunRecord(run_id, f"name of {run_id}", NOW, NOW, ruleset, input_count=1)


def contents(warehouse: duckdb.DuckDBPyConnection) -> dict[str, list[str]]:
    """Every row of every table but the history of runs and what a new warehouse begins with.

    Of the search index its sense: how it numbers articles means nothing.
    """
    tables = warehouse.execute("select table_name from duckdb_tables() where not internal and not temporary").fetchall()
    return {
        name: sorted(map(repr, warehouse.table(name).fetchall()))
        for (name,) in tables
        if name not in {*HISTORY, *AT_FIRST, "search_articles", "search_postings"}
    } | {"search": sorted(map(repr, warehouse.execute(INDEX).fetchall()))}


COUNTED = """
with taken as (
  select article_id, rule_id, sum(end_char - start_char) as chars from edits where kind <> 'tidy' group by all
)
select
  source, seen_at, rule_id, count(distinct article_id), count(rule_id),
  round(coalesce(sum(chars / original_chars), 0), 6)
from articles join article_signatures using (source, article_id) left join taken using (article_id)
group by all
order by all
"""
NOTED = """
select
  source, seen_at, rule_id, coalesce(r.article_count, s.article_count), coalesce(r.article_count, 0),
  round(coalesce(removed_ratio_sum, 0), 6)
from source_history as s left join removal_history as r using (source, seen_at)
order by all
"""


def assert_history_is_what_is_there(warehouse: duckdb.DuckDBPyConnection) -> None:
    """All articles counted from their ledgers; each has one edit by the same rule here."""
    counted = warehouse.execute(COUNTED).fetchall()
    assert warehouse.execute(NOTED).fetchall() == counted
    articles = warehouse.execute("select count(*) from articles").fetchall()
    assert (
        warehouse.execute("select coalesce(sum(article_count), 0)::bigint from source_history").fetchall() == articles
    )


def fates(warehouse: duckdb.DuckDBPyConnection) -> dict[str, tuple[str, str | None]]:
    rows = warehouse.execute("select location, fate, article_id from inputs").fetchall()
    return {location: (fate, article_id) for location, fate, article_id in rows}


@pytest.fixture
def warehouse() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        migrate(connection)
        yield connection


A = Record("/in/a.txt")
B = Record("/in/b.txt", "Wind rose at noon. Share this")
EMPTY = Record("/in/empty.txt", code="empty")
UNREADABLE = Record("/in/locked.txt", code="unreadable", is_readable=False)


# Staging


def test_each_record_is_staged_once(tmp_path: Path) -> None:
    same = Record("/in/0-same.txt", flags=("undated",))
    again = replace(A, flags=("seo-padded",))
    staged, counts = stage(tmp_path, [again, B, EMPTY], [same, again, EMPTY])
    assert counts == StagedCounts(input_count=4, article_count=2, duplicate_count=1, quarantine_count=1, edit_count=2)
    found = duckdb.read_parquet(str(staged / "inputs.parquet")).project("location, fate").order("all").fetchall()
    assert found == [
        ("/in/0-same.txt", "article"),
        ("/in/a.txt", "duplicate"),
        ("/in/b.txt", "article"),
        ("/in/empty.txt", "quarantine"),
    ]
    flags = duckdb.read_parquet(str(staged / "flags.parquet")).fetchall()
    assert flags == [(A.article_id, "undated", "/in/0-same.txt")]  # of the record kept, not of its duplicate
    tables = {"articles", "date_candidates", "edits", "flags", "inputs", "quarantine", "scores", "signals"}
    tables |= {"article_signatures", "line_fingerprints", "page_facts", "text_signatures"}
    tables |= {"article_signals", "article_scores", "article_fingerprints", "signal_layouts", "score_layouts"}
    tables |= {"search_articles", "search_postings", "verified"}
    assert {path.name for path in staged.iterdir()} == {f"{table}.parquet" for table in tables}


@pytest.mark.parametrize("name", ["day=1", "it's", "a[1]", "ü *"])
def test_any_folder_name_will_do(tmp_path: Path, warehouse: duckdb.DuckDBPyConnection, name: str) -> None:
    (tmp_path / name).mkdir()
    assert publish(warehouse, stage(tmp_path / name, [A])[0], run_record("r"), ()).article_count == 1


def test_nothing_staged_is_fine(tmp_path: Path, warehouse: duckdb.DuckDBPyConnection) -> None:
    staged, counts = stage(tmp_path)
    assert counts == StagedCounts(0, 0, 0, 0, 0)
    assert publish(warehouse, staged, run_record("r"), ()) == PublishCounts(0, 0, 0, 0, 0)


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ("inputs", r"an article is staged without its input \(input of /in/a.txt\)"),
        ("articles", r"an input is staged as article without the article \(input of /in/a.txt\)"),
        ("quarantine", r"an input is staged as quarantine without the reason \(input of /in/empty.txt\)"),
    ],
)
def test_half_a_record_is_refused(tmp_path: Path, table: str, message: str) -> None:
    stage(tmp_path, [A, EMPTY])
    (tmp_path / "parts" / table / "00000.parquet").unlink()
    with pytest.raises(WarehouseError, match=message):
        consolidate(tmp_path / "parts", tmp_path / "staged")


def test_parts_with_other_columns_are_refused(tmp_path: Path) -> None:
    stage(tmp_path, [A])
    part = tmp_path / "parts" / "flags" / "00000.parquet"
    part.parent.mkdir()
    pq.write_table(pa.table({"article_id": ["a"], "code": ["undated"], "why": [""]}), part)
    with pytest.raises(WarehouseError, match="missing or unknown: evidence, input_id, why"):
        consolidate(tmp_path / "parts", tmp_path / "staged")
    part.write_bytes(b"PAR1 and then nothing")
    with pytest.raises(WarehouseError, match="flags: cannot be read as Parquet"):
        consolidate(tmp_path / "parts", tmp_path / "staged")


# Publishing


def test_publishing_fills_the_warehouse(tmp_path: Path, warehouse: duckdb.DuckDBPyConnection) -> None:
    staged, _ = stage(tmp_path, [A, replace(A, location="/in/copy.txt"), B, EMPTY])
    checks = (
        CheckResult("articles", "row_count", None, "critical", is_success=True, observed="2"),
        CheckResult("scores", "in_range", "value_ratio", "warning", is_success=False, unexpected_count=1),
    )
    counts = publish(warehouse, staged, run_record("r"), checks)
    assert counts == PublishCounts(
        article_count=2, duplicate_count=1, quarantine_count=1, edit_count=2, removed_chars=20
    )
    assert fates(warehouse) == {
        "/in/a.txt": ("article", A.article_id),
        "/in/copy.txt": ("duplicate", A.article_id),
        "/in/b.txt": ("article", B.article_id),
        "/in/empty.txt": ("quarantine", None),
    }
    assert warehouse.execute("from duplicates").fetchall() == [
        ("input of /in/copy.txt", A.article_id, "r", "exact", 1.0)
    ]
    run = "select status, article_count, warning_count, critical_count, started_at from runs"
    assert warehouse.execute(run).fetchall() == [("published", 2, 1, 0, NOW)]
    assert warehouse.execute("select suite, is_success, observed from check_results order by suite").fetchall() == [
        ("articles", True, "2"),
        ("scores", False, None),
    ]
    assert known_inputs(warehouse, "rules-1") == {f"input of {location}" for location in fates(warehouse)}
    assert known_inputs(warehouse, "rules-2") == frozenset()


def test_publishing_again_changes_only_the_history(tmp_path: Path, warehouse: duckdb.DuckDBPyConnection) -> None:
    staged, _ = stage(tmp_path, [A, replace(A, location="/in/copy.txt"), B, EMPTY, UNREADABLE])
    first = publish(warehouse, staged, run_record("first"), ())
    before = contents(warehouse)
    assert publish(warehouse, staged, run_record("first"), ()) == first  # a task that was repeated
    assert publish(warehouse, staged, run_record("second"), ()) == PublishCounts(0, 0, 0, 0, 0, unchanged_count=5)
    assert contents(warehouse) == before
    assert warehouse.execute("select run_id, unchanged_count from runs order by run_id").fetchall() == [
        ("first", 0),
        ("second", 5),
    ]


def test_the_order_of_parts_does_not_matter(tmp_path: Path) -> None:
    records = [A, replace(A, location="/in/copy.txt"), B, replace(A, location="/in/0.txt"), EMPTY, UNREADABLE]
    seen = []
    for name, batches in {"forward": (records[:3], records[3:]), "back": (records[:2:-1], records[2::-1])}.items():
        (tmp_path / name).mkdir()
        staged, _ = stage(tmp_path / name, *batches)
        with connect_writer(tmp_path / name / "winnow.duckdb") as warehouse:
            migrate(warehouse)
            publish(warehouse, staged, run_record("r"), ())
            seen.append(contents(warehouse))
    assert seen[0] == seen[1]
    assert seen[0]["articles"]


@dataclass(frozen=True)
class Rerun:
    """What was published first, what is staged next, and where every record must then be."""

    first: tuple[Record, ...]
    then: tuple[Record, ...]
    fates: dict[str, tuple[str, str | None]]
    counts: tuple[int, int, int]


def under(record: Record, ruleset: str, **changes: object) -> Record:
    return replace(record, ruleset=ruleset, **changes)  # type: ignore[arg-type]


COPY = replace(A, location="/in/copy.txt")
EARLY = replace(A, location="/in/0.txt")
OTHER = "Snow fell in the hills. Share this"
OTHER_ID = Record("", OTHER).article_id
RERUNS = {
    "the text is there already": Rerun(
        (A,), (EARLY,), {A.location: ("article", A.article_id), EARLY.location: ("duplicate", A.article_id)}, (0, 1, 0)
    ),
    "the text is there and its record comes again": Rerun(
        (A,),
        (EARLY, A),
        {A.location: ("article", A.article_id), EARLY.location: ("duplicate", A.article_id)},
        (0, 1, 0),
    ),
    "cleaned anew by new rules": Rerun(
        (A, COPY),
        (under(A, "rules-2", cut="Share"), under(COPY, "rules-2", cut="Share")),
        {A.location: ("article", A.article_id), COPY.location: ("duplicate", A.article_id)},
        (1, 1, 0),
    ),
    "another record of the same text takes over": Rerun(
        (A,),
        (under(EARLY, "rules-2"), under(A, "rules-2")),
        {A.location: ("duplicate", A.article_id), EARLY.location: ("article", A.article_id)},
        (1, 1, 0),
    ),
    "quarantine becomes article": Rerun(
        (EMPTY,),
        (under(EMPTY, "rules-2", code=None),),
        {EMPTY.location: ("article", A.article_id)},
        (1, 0, 0),
    ),
    "article becomes quarantine": Rerun(
        (A, B),
        (under(A, "rules-2", code="too-short"),),
        {A.location: ("quarantine", None), B.location: ("article", B.article_id)},
        (0, 0, 1),
    ),
    "article becomes duplicate": Rerun(
        (A, B),
        (under(B, "rules-2", original=A.original),),
        {A.location: ("article", A.article_id), B.location: ("duplicate", A.article_id)},
        (0, 1, 0),
    ),
    "duplicate becomes article": Rerun(
        (A, COPY),
        (under(COPY, "rules-2", original=OTHER),),
        {A.location: ("article", A.article_id), COPY.location: ("article", OTHER_ID)},
        (1, 0, 0),
    ),
    "a duplicate inherits": Rerun(
        (A, COPY, replace(A, location="/in/z.txt")),
        (under(A, "rules-2", original=OTHER),),
        {
            A.location: ("article", OTHER_ID),
            COPY.location: ("article", A.article_id),
            "/in/z.txt": ("duplicate", A.article_id),
        },
        (1, 0, 0),
    ),
    "a duplicate of another source inherits": Rerun(
        (A, replace(A, location="/in/copy.txt", source="island.example")),
        (under(A, "rules-2", original=OTHER),),
        {A.location: ("article", OTHER_ID), COPY.location: ("article", A.article_id)},
        (1, 0, 0),
    ),
    "cleaned anew, with another article of its day": Rerun(
        (A, B),
        (under(B, "rules-2", cut="Share"), under(replace(B, original=OTHER, location="/in/new.txt"), "rules-2")),
        {
            A.location: ("article", A.article_id),
            B.location: ("article", B.article_id),
            "/in/new.txt": ("article", OTHER_ID),
        },
        (2, 0, 0),
    ),
    "quarantined for another reason": Rerun(
        (EMPTY,), (under(EMPTY, "rules-2", code="binary"),), {EMPTY.location: ("quarantine", None)}, (0, 0, 1)
    ),
}


@pytest.mark.parametrize("case", RERUNS.values(), ids=RERUNS.keys())
def test_every_record_has_one_fate(tmp_path: Path, warehouse: duckdb.DuckDBPyConnection, case: Rerun) -> None:
    for name in ("first", "then"):
        (tmp_path / name).mkdir()
    publish(warehouse, stage(tmp_path / "first", case.first)[0], run_record("first"), ())
    assert_history_is_what_is_there(warehouse)
    staged, _ = stage(tmp_path / "then", [replace(record, seen_at=NOW + timedelta(days=1)) for record in case.then])
    counts = publish(warehouse, staged, run_record("then"), ())  # checks both invariants
    assert_history_is_what_is_there(warehouse)
    assert fates(warehouse) == case.fates
    assert (counts.article_count, counts.duplicate_count, counts.quarantine_count) == case.counts
    after = contents(warehouse)
    publish(warehouse, staged, run_record("once more"), ())
    assert contents(warehouse) == after


def test_new_rules_replace_an_article_and_its_ledger(tmp_path: Path, warehouse: duckdb.DuckDBPyConnection) -> None:
    for name, record in {"old": replace(A, flags=("undated",)), "new": under(A, "rules-2", cut="Share")}.items():
        (tmp_path / name).mkdir()
        publish(warehouse, stage(tmp_path / name, [record])[0], run_record(name), ())
    found = warehouse.execute(
        "select text, flags, run_id, original from clean_articles natural join restored_originals"
    )
    assert found.fetchall() == [("Rain fell on the harbour.  this", [], "new", A.original)]
    assert warehouse.execute("select removed_text from edits").fetchall() == [("Share",)]


def test_the_same_failure_keeps_its_row(tmp_path: Path, warehouse: duckdb.DuckDBPyConnection) -> None:
    for number, record in enumerate(
        (UNREADABLE, under(UNREADABLE, "rules-2"), under(UNREADABLE, "rules-2", code="gone"))
    ):
        (tmp_path / str(number)).mkdir()
        publish(warehouse, stage(tmp_path / str(number), [record])[0], run_record(f"run {number}"), ())
        expected = ("unreadable", "run 0") if number < 2 else ("gone", "run 2")
        assert warehouse.execute("select code, run_id from quarantine").fetchall() == [expected]
        assert known_inputs(warehouse, record.ruleset) == frozenset()


@pytest.mark.parametrize("table", ["edits", "inputs"])
def test_broken_staged_rows_publish_nothing(tmp_path: Path, warehouse: duckdb.DuckDBPyConnection, table: str) -> None:
    changes = {"edits": "* replace ('Sharp this' as removed_text)", "inputs": "* replace ('article 9' as article_id)"}
    promises = {"edits": f"cannot be rebuilt.*: {B.article_id}", "inputs": "does not end in exactly one place"}
    (tmp_path / "good").mkdir()
    publish(warehouse, stage(tmp_path / "good", [A])[0], run_record("good"), ())
    staged, _ = stage(tmp_path, [B])
    broken = duckdb.read_parquet(str(staged / f"{table}.parquet")).project(changes[table])
    broken.write_parquet(str(staged / "broken.parquet"))
    (staged / "broken.parquet").replace(staged / f"{table}.parquet")
    before = contents(warehouse)
    with pytest.raises(InvariantError, match=promises[table]):
        publish(warehouse, staged, run_record("bad"), ())
    assert contents(warehouse) == before
    assert warehouse.execute("select run_id from runs").fetchall() == [("good",)]


@pytest.mark.parametrize(
    ("damage", "promise"),
    [
        ("insert into flags values ('nobody', 'undated', '')", "a row belongs to an article that is not there: nobody"),
        ("insert into articles from articles", "exactly one place.*: input of /in/a.txt"),
        ("delete from inputs", "exactly one place.*: input of /in/a.txt"),
        (
            """
            insert into articles select * replace ('other' as input_id) from articles;
            insert into inputs select * replace ('other' as input_id) from inputs
            """,
            f"an article is there twice: {A.article_id}",
        ),
        (
            "insert into quarantine select input_id, 'r', 'd', location, '', '', 1, 'c', 'm', now() from inputs",
            "one place",
        ),
    ],
)
def test_a_damaged_warehouse_takes_nothing_in(
    tmp_path: Path, warehouse: duckdb.DuckDBPyConnection, damage: str, promise: str
) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
    publish(warehouse, stage(tmp_path / "a", [A])[0], run_record("a"), ())
    warehouse.execute(damage)
    with pytest.raises(InvariantError, match=promise):
        publish(warehouse, stage(tmp_path / "b", [B])[0], run_record("b"), ())
    assert B.location not in fates(warehouse)


def test_a_failed_run_leaves_its_checks_only(tmp_path: Path, warehouse: duckdb.DuckDBPyConnection) -> None:
    check = CheckResult("articles", "text_not_empty", "text", "critical", is_success=False, unexpected_sample='["a"]')
    record_failed_run(warehouse, run_record("r"), (check,))
    assert warehouse.execute("select status, critical_count, article_count from runs").fetchall() == [("failed", 1, 0)]
    assert warehouse.execute("select unexpected_sample from check_results").fetchall() == [('["a"]',)]
    assert not any(contents(warehouse).values())


def test_the_report_is_recorded(warehouse: duckdb.DuckDBPyConnection) -> None:
    record_failed_run(warehouse, run_record("r"), ())
    record_report(warehouse, "r", "outbox", "outbox/report.eml")
    assert warehouse.execute("select report_status, report_detail from runs").fetchall() == [
        ("outbox", "outbox/report.eml")
    ]
    with pytest.raises(WarehouseError, match="run 'unknown' is not in the warehouse"):
        record_report(warehouse, "unknown", "sent", "")
