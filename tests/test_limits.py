"""Documents that would hold up a run: each ends in quarantine with a reason, and everything else gets through."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import NoReturn

import pyarrow.parquet as pq
import pytest

from flows.batch_cuts import batch_key
from flows.batches import BatchPool, BatchResult, BatchSettings, clean_batch, extract_batch
from flows.intake import Facts, Origin, Record, make_document
from flows.known import read_known
from flows.watch import Bounds, Stopped, Watch
from flows.watched_pool import WatchedPool
from tests.here import winnow_here
from tests.migrated import migrate
from tests.test_pipeline import NOW, article, raw
from transforms.pipeline import process
from transforms.types import MediaType, Quarantined
from warehouse.connect import connect_writer
from warehouse.load import publish
from warehouse.records import RunRecord
from warehouse.stage import consolidate

# The parser compares each attribute of a tag with all before it: minutes in C, where no signal is heard.
ENDLESS = f"<html><body><p {' '.join(f'a{n}=1' for n in range(400_000))}>The ferry left on time.</p></body></html>"
SHORT = Bounds(seconds=5)


def record(name: str, content: str, media_type: MediaType = "text/plain") -> Record:
    return make_document(Origin(f"/in/{name}", name, "in"), Facts(id=name), content, media_type)


RECORDS = (
    record("first", "The ferry left on time."),
    record("endless", ENDLESS, "text/html"),
    record("last", "The ferry came back at night."),
)


def fates(folder: Path) -> dict[str, str]:
    rows = pq.read_table(folder / "parts" / "inputs").to_pylist()
    assert len(rows) == len(RECORDS)  # nothing lost, nothing twice
    return {row["document_id"]: row["fate"] for row in rows}


def reasons(folder: Path) -> dict[str, str]:
    rows = pq.read_table(folder / "parts" / "quarantine").to_pylist()
    return {row["document_id"]: row["code"] for row in rows}


@pytest.mark.slow
@pytest.mark.usefixtures("forked")
def test_a_run_goes_on_past_an_endless_page(tmp_path: Path) -> None:
    pool = BatchPool(WatchedPool(1, SHORT), BatchSettings(tmp_path, NOW, "rules", bounds=SHORT))
    try:
        pool.extract(0, RECORDS)
        assert pool.extracted(0).record_count == 3
        pool.clean(0)
        assert (pool.cleaned(0).article_count, pool.cleaned(0).quarantine_count) == (2, 1)
    finally:
        pool.close()
    assert fates(tmp_path) == {"first": "article", "endless": "quarantine", "last": "article"}
    assert reasons(tmp_path) == {"endless": "too-slow"}


def hang(*_: object) -> NoReturn:
    while True:
        pass


def clean_and_hang(name: str, settings: BatchSettings, watch: Watch) -> BatchResult:
    """Step 2 in a worker in which cleaning the document "endless" has no end."""
    import transforms.pipeline as pipeline  # noqa: PLC0415, PLR0402 - patched in the worker alone

    clean = pipeline._clean

    def clean_or_hang(document, *rest):  # type: ignore[no-untyped-def]
        return hang() if document.raw.id == "endless" else clean(document, *rest)

    pipeline._clean = clean_or_hang
    try:
        return clean_batch(name, settings, watch)
    finally:
        pipeline._clean = clean


@pytest.mark.slow
@pytest.mark.usefixtures("forked")
def test_cleaning_goes_on_past_an_endless_text(tmp_path: Path) -> None:
    settings = BatchSettings(tmp_path, NOW, "rules", bounds=SHORT)
    records = tuple(record(name, f"The ferry {name} left on time.") for name in ("first", "endless", "last"))
    extracting = BatchPool(WatchedPool(1, SHORT), settings)
    extracting.extract(0, records)
    extracting.extracted(0)
    extracting.close()
    pool = WatchedPool(1, SHORT)
    try:
        assert pool.submit(partial(clean_and_hang, batch_key(records), settings)).result().article_count == 2
    finally:
        pool.close()
    assert fates(tmp_path) == {"first": "article", "endless": "quarantine", "last": "article"}
    assert reasons(tmp_path) == {"endless": "too-slow"}


def test_what_was_too_much_is_tried_again_with_other_bounds_and_after_a_crash(tmp_path: Path) -> None:
    warehouse = tmp_path / "w.duckdb"
    folder = tmp_path / "run"
    stopped = {0: Stopped("too-slow", "stopped after 5 s"), 1: Stopped("worker-died", "ended by signal 9")}
    settings = BatchSettings(folder, NOW, "rules", bounds=SHORT)
    records = RECORDS[:1] + RECORDS[2:] + (record("third", "Nobody came."),)
    extract_batch("0", records, settings, Watch(stopped=stopped))
    clean_batch("0", settings)
    consolidate(folder / "parts", folder / "staged")
    with connect_writer(warehouse) as connection:
        migrate(connection)
        publish(connection, folder / "staged", RunRecord("r", "r", NOW, NOW, "rules", 3), ())
    slow, _, good = (found.input_id for found in records)
    assert read_known(warehouse, "rules", SHORT).ids == {slow, good}
    assert read_known(warehouse, "rules", Bounds(seconds=60)).ids == {good}
    assert read_known(warehouse, "other rules", SHORT).ids == frozenset()


@pytest.mark.slow
def test_clean_prints_a_line_for_it_in_its_place(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("The ferry left on time.")
    (tmp_path / "b.html").write_text(ENDLESS)
    (tmp_path / "c.txt").write_text("The ferry came back at night.")
    done = winnow_here(tmp_path, "clean", "--max-seconds", "5", ".")
    assert done.returncode == 1, done.stderr
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [line["id"] for line in lines] == ["a", "b", "c"]
    assert lines[1]["error"]["code"] == "too-slow"
    assert "stopped after 5 s" in lines[1]["error"]["message"]
    assert [line["text"] for line in lines[::2]] == ["The ferry left on time.", "The ferry came back at night."]


@pytest.mark.parametrize("arguments", [("--max-seconds", "0"), ("--max-megabytes", "0")])
def test_bounds_of_nothing_are_a_wrong_call(tmp_path: Path, arguments: tuple[str, str]) -> None:
    assert winnow_here(tmp_path, "clean", *arguments, "-").returncode == 2


def nested(depth: int) -> str:
    inside = "<p>The harbour council voted on Tuesday to rebuild the northern pier, which a storm broke in two.</p>" * 4
    return f"<html><body>{'<div>' * depth}{inside}{'</div>' * depth}<p>The ferry left on time.</p></body></html>"


def test_a_page_nested_deeper_than_the_parser_goes_by_itself_is_read_whole() -> None:
    assert "harbour council" in article(raw(nested(1000), "text/html")).text


def test_a_page_nested_without_end_is_quarantined_with_the_bound() -> None:
    result = process(raw(nested(100_000), "text/html"), datetime(2026, 1, 31, tzinfo=UTC))
    assert isinstance(result, Quarantined)
    assert result.code == "nested-too-deep"
    assert "more than 2048 deep" in result.message


def test_an_entity_bomb_is_text() -> None:
    bomb = "<!DOCTYPE html [<!ENTITY a 'boom'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;'>]>"
    page = f"{bomb}<html><body><article><p>{'The ferry left on time, with its boats. ' * 9}&b;</p></article></body>"
    assert "boom" * 4 not in article(raw(page, "text/html")).original
