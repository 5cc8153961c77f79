"""The hostile corpus through the readers, the pipeline, the watched pool and a whole run: every file has its fate."""

from __future__ import annotations

import io
import os
import socket
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest

from flows.batches import BatchPool, BatchSettings
from flows.sources import Format, ReadSettings, read_stream
from flows.watch import Bounds
from flows.watched_pool import WatchedPool
from tests.here import winnow_here
from tests.hostile_corpus import Case, cases, page, prose, write_corpus
from tests.reading import document, members, read, reason, warc_record
from transforms.edits import revert_edits
from transforms.pipeline import process
from transforms.types import Quarantined, RawDocument

NOW = datetime(2026, 1, 31, tzinfo=UTC)
TELLING = {"over-removal", "all-removed", "not-an-article", "extraction-doubtful", "content-gap"}
CASES = cases()
GROUPS = sorted({case.path.partition("/")[0] for case in CASES})


def fate(record: RawDocument | Quarantined) -> str:
    """What becomes of a record; what an article promises is checked on the way."""
    result = process(record, NOW) if isinstance(record, RawDocument) else record
    if isinstance(result, Quarantined):
        assert result.message
        assert result.code != "processing-error", result.message  # an error of ours, not of the page
        "".join((result.id, result.location, result.record_key, result.message)).encode()
        return result.code
    assert revert_edits(result.text, result.edits) == result.original
    facts = (result.id, result.title, result.author, result.url, result.original, result.text)
    "".join(fact or "" for fact in facts).encode()  # no lone surrogate
    return "flagged" if {flag.code for flag in result.flags} & TELLING else "article"


def is_as_expected(found: list[str], case: Case) -> bool:
    return len(found) == len(case.fates) and all(
        got in wanted.split(" or ") for got, wanted in zip(found, case.fates, strict=True)
    )


@pytest.mark.slow
@pytest.mark.parametrize("group", GROUPS)
def test_every_file_of_the_corpus_has_its_fate(tmp_path: Path, group: str) -> None:
    wrong = []
    for case in CASES:
        if case.path.startswith(f"{group}/"):
            path = tmp_path / case.path
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(case.content)
            left_out: Counter[str] = Counter()
            found = [fate(record) for record in read(path, left_out=left_out)]
            if not is_as_expected(found, case) or (not found and not left_out):  # never silence
                wrong.append((case.path, found, case.fates))
    assert wrong == []


def test_the_corpus_is_as_large_as_it_says() -> None:
    assert len({case.path for case in CASES}) == len(CASES) > 650


@pytest.mark.parametrize("cut", range(1, 30))
def test_the_member_after_one_that_is_cut_off_is_read(tmp_path: Path, cut: int) -> None:
    first, second, third = (members(warc_record(page(f"member-{n}").encode())) for n in range(3))
    (tmp_path / "x.warc.gz").write_bytes(first + second[:-cut] + third)
    found = read(tmp_path)
    assert "bad-gzip" in {record.code for record in found if isinstance(record, Quarantined)}
    assert document(found[0]).content == page("member-0").encode()
    assert document(found[-1]).content == page("member-2").encode()


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["text", "jsonl", "json", "csv"])
def test_a_line_of_100_megabytes_is_too_large(kind: Format) -> None:
    start = {"jsonl": b'{"text": "', "json": b'{"text": "', "csv": b"text\n"}.get(kind, b"")
    found = list(read_stream(io.BytesIO(start + b"x" * 100_000_000), "x", ReadSettings(kind)))
    assert [reason(record) for record in found] == ["too-large"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "content", "fates"),
    [
        ("lines.txt", "ferry\n" * 1_000_000, {"article", "too-slow", "too-much-memory"}),
        ("paragraphs.html", page("paragraphs", after="<p>x" * 300_000), {"article", "too-slow", "too-much-memory"}),
        ("word.txt", "ferry" * 4_000_000, {"article", "too-slow", "too-much-memory"}),
        ("nested.html", page("nested", before="<div>" * 100_000), {"nested-too-deep"}),
        ("attributes.html", f"<p {' '.join(f'a{n}=1' for n in range(500_000))}>x", {"too-slow"}),
        ("entities.html", page("many", after="&amp;" * 3_000_000), {"article", "too-slow", "too-much-memory"}),
    ],
)
@pytest.mark.usefixtures("forked")
def test_large_pages_cost_themselves_and_not_their_neighbours(
    tmp_path: Path, name: str, content: str, fates: set[str]
) -> None:
    source = tmp_path / "in"
    source.mkdir()
    (source / name).write_text(content)
    (source / "z.txt").write_text(prose("neighbour"))
    # Where time may run out, it may as well soon.
    bounds = Bounds(seconds=5 if "too-slow" in fates else 60, megabytes=1000)
    pool = BatchPool(WatchedPool(1, bounds), BatchSettings(tmp_path / "run", NOW, "rules", bounds=bounds))
    try:
        pool.extract(0, tuple(read(source)))
        pool.extracted(0)
        pool.clean(0)
        pool.cleaned(0)
    finally:
        pool.close()
    parts = tmp_path / "run" / "parts"
    rows = {row["document_id"]: row for row in pq.read_table(parts / "inputs").to_pylist()}
    codes = {row["document_id"]: row["code"] for row in pq.read_table(parts / "quarantine").to_pylist()}
    assert rows["z"]["fate"] == "article"
    stem = name.partition(".")[0]
    assert codes.get(stem, rows[stem]["fate"]) in fates


def add_odd_files(folder: Path, outside: Path) -> dict[str, str]:
    """Links, pipes, sockets and the like, and the code of each."""
    folder.mkdir(parents=True)
    outside.write_text(prose("outside"))
    (folder / "folder.html").mkdir()
    (folder / "loop").symlink_to(folder)
    (folder / "self.txt").symlink_to("self.txt")
    (folder / "gone.txt").symlink_to("missing.txt")
    (folder / "outside.txt").symlink_to(outside)
    (folder / "device.txt").symlink_to("/dev/zero")
    os.mkfifo(folder / "pipe.txt")
    with socket.socket(socket.AF_UNIX) as server:
        here = Path.cwd()
        os.chdir(folder)  # the path of a socket has at most 107 bytes
        try:
            server.bind("socket.txt")
        finally:
            os.chdir(here)
    return {
        "self.txt": "unreadable",
        "gone.txt": "unreadable",
        "outside.txt": "outside-link",
        "device.txt": "outside-link",
        "pipe.txt": "unreadable",
        "socket.txt": "unreadable",
    }


def test_odd_files_have_a_reason_and_are_not_waited_for(tmp_path: Path) -> None:
    expected = add_odd_files(tmp_path / "in", tmp_path / "outside.txt")
    left_out: Counter[str] = Counter()
    found = {Path(r.location).name: reason(r) for r in read(tmp_path / "in", left_out=left_out)}
    assert found == expected


def test_a_file_that_changes_while_it_is_read_is_for_the_next_run(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(prose("changing"))
    from flows.inbox import find_files  # noqa: PLC0415
    from flows.sources import read_documents  # noqa: PLC0415

    files = find_files([str(path)]).files
    path.write_text(prose("changing") + "more")
    (record,) = read_documents(files)
    assert reason(record) == "changing"
    assert document(read(path)[0]).content.endswith(b"more")  # type: ignore[arg-type]


@pytest.mark.slow
def test_a_run_over_all_of_it_loses_nothing_and_runs_again(tmp_path: Path, prefect_api: str) -> None:
    folder = tmp_path / "in"
    written = write_corpus(folder)
    odd = add_odd_files(folder / "odd", tmp_path / "outside.txt")
    done = winnow_here(tmp_path, "run", "in", api=prefect_api)
    assert done.returncode == 1, done.stderr
    by_file: dict[str, list[str]] = {}
    with duckdb.connect(tmp_path / "winnow.duckdb", read_only=True) as connection:
        rows = connection.execute(
            "select i.location, coalesce(q.code, i.fate) from inputs i left join quarantine q using (input_id)"
        ).fetchall()
        broken = connection.execute(
            "select count(*) from restored_originals join articles using (article_id)"
            " where sha256(original) <> original_hash"
        ).fetchall()
        ((found_count, unchanged),) = connection.execute("select input_count, unchanged_count from runs").fetchall()
    for location, code in rows:
        by_file.setdefault(location, []).append(code)
    assert broken == [(0,)]
    assert (len(rows), unchanged) == (found_count, 0)
    articles = {"article", "duplicate", "flagged"}
    wrong = []
    for case in written:
        got = sorted("article" if code in articles else code for code in by_file.pop(str(folder / case.path), []))
        wanted = sorted("article" if articles & set(f.split(" or ")) else f for f in case.fates)
        if got != wanted:
            wrong.append((case.path, got, wanted))
    assert wrong == []
    assert {Path(location).name: codes for location, codes in by_file.items()} == {n: [c] for n, c in odd.items()}
    again = winnow_here(tmp_path, "run", "in", api=prefect_api)
    assert again.returncode in (0, 1), again.stderr
    with duckdb.connect(tmp_path / "winnow.duckdb", read_only=True) as connection:
        same = connection.execute(
            "select i.location, coalesce(q.code, i.fate) from inputs i left join quarantine q using (input_id)"
        ).fetchall()
    assert sorted(same) == sorted(rows)
