"""Readers: every file and record comes out once, as a document or in quarantine with a reason."""

import io
import json
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from flows.inbox import PathError, find_files
from flows.sources import ReadSettings, read_stream
from tests.reading import document, gzipped, read, reason
from transforms.types import Quarantined

SMALL = ReadSettings(max_bytes=200)


def test_a_folder_is_searched_in_order_and_unknown_suffixes_are_left_out(tmp_path: Path) -> None:
    for name in ("b.txt", "a.html", "c.htm.gz", "d.jsonl", "e.png", ".hidden.txt", "sub/f.txt", ".git/g.txt"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(gzipped(b"<p>x</p>") if name.endswith(".gz") else b'{"text": "x"}')
    assert [r.id for r in read(tmp_path)] == ["a", "b", "c", "d-1", "f"]
    assert [document(r).media_type for r in read(tmp_path)] == [
        "text/html", "text/plain", "text/html", "text/plain", "text/plain",
    ]  # fmt: skip


def test_globs_files_and_folders_name_a_file_once(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x")
    files = find_files([str(tmp_path), str(tmp_path / "*.txt"), str(tmp_path / "a.txt")])
    assert [file.path for file in files.files] == [str(tmp_path / "a.txt")]


def test_a_path_that_leads_nowhere_is_an_error_of_the_call(tmp_path: Path) -> None:
    with pytest.raises(PathError, match=r"no file or folder at '.*missing'; give a file"):
        find_files([str(tmp_path / "missing")])


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("large.txt", b"x" * 201, "too-large"),
        ("bomb.txt.gz", gzipped(b"x" * 100_000), "too-large"),
        ("cut.txt.gz", gzipped(b"some text " * 9)[:-12], "bad-gzip"),
        ("not.txt.gz", b"plain", "bad-gzip"),
        ("noise.html.gz", b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\xff\xff\xff\xff", "bad-gzip"),
        ("broken.jsonl", b'{"text": "cut', "bad-json"),
        ("list.jsonl", b"[1, 2]", "bad-json"),
        ("other.jsonl", b'{"id": 1, "words": "x"}', "no-content"),
        ("number.jsonl", b'{"text": 5}', "no-content"),
        ("bytes.jsonl", b'{"text": "\xff"}', "bad-json"),
        ("long.jsonl", b'{"text": "' + b"x" * 300 + b'"}', "too-large"),
    ],
)
def test_what_cannot_be_read_is_quarantined(tmp_path: Path, name: str, content: bytes, code: str) -> None:
    (tmp_path / name).write_bytes(content)
    (record,) = read(tmp_path, settings=SMALL)
    assert reason(record) == code
    assert isinstance(record, Quarantined)
    assert name in record.message


def test_a_file_without_rights_is_quarantined_not_raised(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.txt").write_text("x")

    def refuse(self: Path, *_: object) -> object:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)  # the tests may run as root, whom no mode bits stop
    (record,) = read(tmp_path)
    assert reason(record) == "unreadable"
    assert "Permission denied" in record.message  # type: ignore[union-attr]


def test_a_pipe_is_quarantined_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.txt")
    (tmp_path / "b.html").mkdir()
    (tmp_path / "c.txt").symlink_to(tmp_path / "missing.txt")
    assert [(r.id, reason(r)) for r in read(tmp_path)] == [("a", "unreadable"), ("c", "unreadable")]


def test_odd_file_names_can_be_stored(tmp_path: Path) -> None:
    for name in (b"bad\xff.txt", "new\nline\u202e.txt".encode(), b"quote'.txt"):
        Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name)).write_text("x")
    assert sorted(r.id for r in read(tmp_path)) == ["bad\\xff", "new\nline\u202e", "quote'"]
    assert all(r.location.encode() for r in read(tmp_path))


def test_good_records_around_a_broken_line_survive(tmp_path: Path) -> None:
    lines = ['{"id": "a", "text": "one"}', "{broken", "", '{"id": "b", "html": "<p>two</p>"}']
    (tmp_path / "x.jsonl").write_text("\n".join(lines))
    assert [(r.id, type(r).__name__) for r in read(tmp_path)] == [
        ("a", "RawDocument"),
        ("x.jsonl:2", "Quarantined"),
        ("b", "RawDocument"),
    ]


def test_fields_of_a_record(tmp_path: Path) -> None:
    record = {
        "key": "k1",
        "url": "https://www.courier.example.co.uk/a?b=1",
        "text": "Ferries \ud800 wait.",
        "fetched_at": "2025-03-04T10:00:00+02:00",
        "title": "Ferries",
        "author": "Ana Ruiz",
    }
    (tmp_path / "x.jsonl.gz").write_bytes(gzipped(json.dumps(record).encode()))
    found = document(read(tmp_path)[0])
    assert found.id == "k1"
    assert found.content == "Ferries \ufffd wait."
    assert found.source == "example.co.uk"
    assert found.fetched_at == datetime(2025, 3, 4, 8, tzinfo=UTC)
    assert (found.title, found.author) == ("Ferries", "Ana Ruiz")


@pytest.mark.parametrize("value", ["not a time", "", 5, None, "0001-01-01T00:00:00+14:00"])
def test_a_time_that_cannot_be_read_is_left_out(tmp_path: Path, value: object) -> None:
    (tmp_path / "x.jsonl").write_text(json.dumps({"text": "x", "fetched_at": value}))
    assert document(read(tmp_path)[0]).fetched_at is None


def test_input_ids_are_stable_and_tell_records_apart(tmp_path: Path) -> None:
    (tmp_path / "x.jsonl").write_text('{"text": "same"}\n{"text": "same"}\n{"id": "c", "text": "same"}\n')
    first = [r.input_id for r in read(tmp_path)]
    assert len(set(first)) == 3
    # A line put in front does not make the others new.
    (tmp_path / "x.jsonl").write_text(
        '{"text": "new"}\n{"text": "same"}\n{"text": "same"}\n{"id": "c", "text": "same"}\n'
    )
    assert [r.input_id for r in read(tmp_path)][1:] == first


@pytest.mark.parametrize(
    ("content", "ids", "media_type"),
    [
        (b'{"id": 7, "text": "x"}\n', ["7"], "text/plain"),
        (b"  <html><p>x</p></html>", ["stdin"], "text/html"),
        (b"Plain words.", ["stdin"], "text/plain"),
    ],
)
def test_standard_input_is_read_by_its_content(content: bytes, ids: list[str], media_type: str) -> None:
    found = [document(r) for r in read_stream(io.BytesIO(content), "stdin")]
    assert [r.id for r in found] == ids
    assert {r.media_type for r in found} == {media_type}
