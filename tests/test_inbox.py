"""The inbox: which files are taken, which wait, which are told of, and where they go when they are published."""

import errno
import gzip
import os
import shutil
import socket
from collections import Counter
from dataclasses import replace
from pathlib import Path

import fsspec
import pytest

from flows.inbox import EVERYTHING, PathError, Selection, find_files
from flows.intake import InputFile
from flows.known import note_read
from flows.patience import Patience
from flows.remote import without_secrets
from flows.settle import move_inputs
from flows.sources import read_documents
from tests.reading import fates, read, reason

NOW = 1_760_000_000.0


def put(folder: Path, *names: str, age: float = 3600) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"Text of {name}")
        os.utime(path, (NOW - age, NOW - age))


def found(folder: Path | str, selection: Selection = EVERYTHING) -> tuple[list[str], dict[str, int]]:
    files = find_files([str(folder)], selection, now=NOW)
    return [file.relative for file in files.files], dict(files.left_out)


def test_known_suffixes_are_taken_and_others_counted(tmp_path: Path) -> None:
    put(
        tmp_path,
        "a.md",
        "b.HTML",
        "README.md",
        "LICENSE.txt",
        "c.warc.gz",
        "d.parquet",
        "e.tsv.zst",
        "f.json",
        "sub/g.csv",
        "sub/h.xhtml.gz",
    )
    put(tmp_path, "README.md", "LICENSE.txt", "i.png", "j", "k.PNG", ".hidden.txt", ".git/l.txt", "m.tar.gz")
    assert found(tmp_path) == (
        ["a.md", "b.HTML", "c.warc.gz", "d.parquet", "e.tsv.zst", "f.json", "sub/g.csv", "sub/h.xhtml.gz"],
        {"suffix .png": 2, "suffix missing": 1, "hidden": 1, "suffix .gz": 1, "about the folder by its name": 2},
    )


@pytest.mark.parametrize(
    "name",
    [
        "a.html.part",
        "a.txt.tmp",
        "a.crdownload",
        "a.txt~",
        "~$a.txt",
        "crawl.warc.gz.open",
        "a.txt.filepart",
        "A.HTML.PART",
    ],
)
def test_half_written_files_are_left_alone_by_their_names(tmp_path: Path, name: str) -> None:
    put(tmp_path, name, "b.txt")
    assert found(tmp_path) == (["b.txt"], {"half-written by its name": 1})
    # Also where a pattern would take them; not where they are named outright.
    assert found(tmp_path, Selection(include=("*",))) == (["b.txt"], {"half-written by its name": 1})
    assert found(tmp_path / name) == ([name], {})


@pytest.mark.parametrize(("age", "is_taken"), [(0, False), (29, False), (31, True), (-29, False), (-86_400, True)])
def test_a_file_that_changed_a_moment_ago_waits(tmp_path: Path, age: float, *, is_taken: bool) -> None:
    put(tmp_path, "a.txt", age=age)
    settled = Selection(settle_seconds=30)
    assert found(tmp_path, settled) == ((["a.txt"], {}) if is_taken else ([], {"changed a moment ago": 1}))
    assert found(tmp_path)[0] == found(tmp_path / "a.txt", settled)[0] == ["a.txt"]


def test_patterns_choose_by_name_or_path(tmp_path: Path) -> None:
    put(tmp_path, "a.txt", "b.log", "drafts/c.txt", "drafts/d.html", "live/e.html")
    assert found(tmp_path, Selection(exclude=("drafts/*",))) == (
        ["a.txt", "live/e.html"],
        {"suffix .log": 1, "excluded": 2},
    )
    assert found(tmp_path, Selection(include=("*.log", "live/*"))) == (["b.log", "live/e.html"], {"not included": 3})
    both = Selection(include=("*.html",), exclude=("drafts/*",))
    assert found(tmp_path, both) == (["live/e.html"], {"excluded": 2, "not included": 2})


def test_globs_take_what_they_match(tmp_path: Path) -> None:
    put(tmp_path, "a.txt", "b.log", "sub/c.txt", "sub/[d].txt", "sub/e.txt.part")
    assert found(f"{tmp_path}/**/*.txt")[0] == ["a.txt", "[d].txt", "c.txt"]
    assert found(f"{tmp_path}/**")[0] == ["a.txt", "b.log", "[d].txt", "c.txt"]
    assert found(f"{tmp_path}/su*/") == (["[d].txt", "c.txt"], {"half-written by its name": 1})
    assert found(f"{tmp_path}/sub/[d].txt")[0] == ["[d].txt"]  # a file of that name goes before the pattern
    with pytest.raises(PathError, match="matches nothing; quote it"):
        found(f"{tmp_path}/*.html")


def test_what_is_ours_is_skipped(tmp_path: Path) -> None:
    put(tmp_path, "a.html", "report.html", "archive/done/b.html")
    own = frozenset({str(tmp_path / "report.html"), str(tmp_path / "archive")})
    assert found(tmp_path, Selection(skip=own)) == (["a.html"], {})


def test_links_out_of_the_folder_are_told_and_not_followed(tmp_path: Path) -> None:
    inbox, outside = tmp_path / "inbox", tmp_path / "outside"
    put(inbox, "a.txt", "sub/b.txt")
    put(outside, "secret.txt", "folder/c.txt")
    (inbox / "inner.txt").symlink_to("a.txt")
    (inbox / "inner-folder").symlink_to("sub")
    (inbox / "loop").symlink_to(".")
    (inbox / "out.txt").symlink_to("../outside/secret.txt")
    (inbox / "out-folder").symlink_to(outside / "folder")
    (inbox / "out.png").symlink_to(outside / "secret.txt")
    files = find_files([str(inbox)], now=NOW)
    assert files.left_out == Counter({"link to a folder that is searched anyway": 2})
    records = {r.id: r for r in read_documents(files.files)}
    assert fates(list(records.values())).count("outside-link") == 2
    assert {name for name, r in records.items() if fates([r]) == ["outside-link"]} == {"out", "out-folder"}
    assert set(records) == {"a", "b", "inner", "out", "out-folder"}
    assert fates(read(inbox / "out.txt")) == ["Text of secret.txt"]  # named outright


def test_pipes_sockets_and_folders_with_a_files_name(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.txt")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(os.path.relpath(tmp_path / "b.html"))
        put(tmp_path, "c.html/d.txt")
        records = read(tmp_path)
    assert [(r.id, fates([r])) for r in records] == [
        ("a", ["unreadable"]),
        ("b", ["unreadable"]),
        ("d", ["Text of c.html/d.txt"]),
    ]


def test_a_folder_that_cannot_be_listed_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path, "a.txt", "closed/b.txt")
    listing = os.scandir

    def refuse(path: str) -> object:
        if str(path).endswith("closed"):
            raise PermissionError(13, "Permission denied", path)
        return listing(path)

    monkeypatch.setattr(os, "scandir", refuse)  # the tests may run as root, whom no mode bits stop
    records = read(tmp_path)
    assert [(r.id, fates([r])) for r in records] == [("a", ["Text of a.txt"]), ("closed", ["unreadable"])]


def test_a_file_that_changes_while_it_is_read_waits(tmp_path: Path) -> None:
    put(tmp_path, "a.txt")
    files = find_files([str(tmp_path)], now=NOW).files
    (tmp_path / "a.txt").write_text("Text of a.txt, and more of it")
    (record,) = read_documents(files)
    assert reason(record) == "changing"
    assert record.content_hash is None  # so the next run reads it again
    assert fates(read(tmp_path)) == ["Text of a.txt, and more of it"]


@pytest.mark.parametrize(
    ("unread", "read_again"),
    [
        (set(), set()),
        ({"whole.txt", "gone.txt"}, {"whole.txt"}),  # also where it says nothing new: it is asked before that is known
        ({"cut.txt.gz", "empty.txt"}, {"empty.txt"}),  # in quarantine again, by what it holds
    ],
)
def test_what_could_not_be_read_and_can_be_now_is_noted(tmp_path: Path, unread: set[str], read_again: set[str]) -> None:
    put(tmp_path, "whole.txt")
    (tmp_path / "cut.txt.gz").write_bytes(gzip.compress(b"Rain fell on the harbour.")[:-4])
    (tmp_path / "empty.txt").touch()
    reread: set[str] = set()
    records = list(read_documents(find_files([str(tmp_path)], now=NOW).files))
    noted = list(note_read(records, frozenset(str(tmp_path / name) for name in unread), reread))
    assert noted == records
    assert reread == {str(tmp_path / name) for name in read_again}


# URLs


@pytest.fixture
def bucket() -> str:
    system = fsspec.filesystem("memory")
    for name in ("a.txt", "b.html", "sub/c.txt", "sub/d.png", "sub/e.txt.part"):
        system.pipe(f"/bucket/{name}", f"Text of {name}".encode())
    return "memory://bucket"


def test_urls_are_searched_as_folders_are(bucket: str) -> None:
    assert found(bucket) == (["a.txt", "b.html", "sub/c.txt"], {"suffix .png": 1, "half-written by its name": 1})
    assert found(f"{bucket}/**/*.txt")[0] == ["a.txt", "c.txt"]
    assert found(f"{bucket}/a.txt")[0] == ["a.txt"]
    (first, *_) = read(bucket)
    assert (first.location, first.source) == ("memory:///bucket/a.txt", "bucket")
    assert fates([first]) == ["Text of a.txt"]


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("memory://bucket/none.txt", "nothing at"),
        ("memory://bucket/*.none", "nothing at"),
        ("nosuch://bucket/a", "cannot be reached: ValueError: Protocol not known: nosuch"),
        ("file:///no/such/place", "no file or folder at '/no/such/place'"),
    ],
)
def test_urls_that_lead_nowhere(bucket: str, url: str, message: str) -> None:
    with pytest.raises(PathError, match=message):
        find_files([url])


def test_a_file_url_is_the_path(tmp_path: Path) -> None:
    put(tmp_path, "a b.txt")
    by_url = find_files([f"file://{tmp_path}/a%20b.txt", str(tmp_path)], now=NOW).files
    assert [file.location for file in by_url] == [str(tmp_path / "a b.txt")]


def test_a_connection_that_breaks_is_quarantined(bucket: str, monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken:
        def seekable(self) -> bool:
            return False

        def read(self, size: int) -> bytes:
            raise RuntimeError("500 Internal Server Error at https://a.example/b?token=f00")

        def close(self) -> None:
            pass

    (file,) = find_files([f"{bucket}/a.txt"]).files
    files = (replace(file, path="https://a.example/b?token=f00"),)
    monkeypatch.setattr(fsspec.filesystem("memory"), "open", lambda *_: Broken())
    (record,) = read_documents(files)
    assert reason(record) == "unreadable"
    assert "RuntimeError: 500 Internal Server Error at https://a.example/b;" in record.message  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("fails", "seconds", "asked"),
    [
        ("aaaaaaaa", 20, "aaa"),  # three files, a minute: the rest is not asked for
        ("aaaaaaaa", 10, "aaaaaa"),  # six files, a minute
        ("aaaaaaaa", 0, "aaaaaaaa"),  # a store that says no at once costs nothing
        ("aabaabaa", 90, "aabaabaa"),  # sick files of a sound store
        ("baaaaaab", 90, "baaa"),
    ],
)
def test_a_store_that_gives_nothing_is_not_asked_for_ever(
    bucket: str, monkeypatch: pytest.MonkeyPatch, fails: str, seconds: float, asked: str
) -> None:
    system = fsspec.filesystem("memory")
    passed, opened = [0.0], list[str]()
    whole = system.open

    def open_slowly(path: str, *arguments: object) -> object:
        state = fails[len(opened)]
        opened.append(state)
        if state == "a":
            passed[0] += seconds
            raise TimeoutError("Read timeout")
        return whole(path, *arguments)

    (file,) = find_files([f"{bucket}/a.txt"]).files
    files = [replace(file, location=f"memory:///{number}.txt") for number in range(len(fails))]
    monkeypatch.setattr(system, "open", open_slowly)
    records = list(read_documents(files, patience=Patience(lambda: passed[0])))
    assert "".join(opened) == asked
    assert len({r.location for r in records}) == len(fails)  # each has its place
    assert [reason(r) for r in records[len(asked) :]] == ["unreadable"] * (len(fails) - len(asked))
    assert all("check the store" in r.message for r in records[len(asked) :])  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("s3://bucket/a.txt", "s3://bucket/a.txt"),
        ("ftp://ana:secret@courier.example/a", "ftp://courier.example/a"),
        ("https://courier.example/a?id=3", "https://courier.example/a?id=3"),
        ("https://courier.example/a?id=3&X-Amz-Signature=f00&X-Amz-Credential=b", "https://courier.example/a?id=3"),
    ],
)
def test_secrets_of_a_url_stay_out_of_the_warehouse(url: str, shown: str) -> None:
    assert without_secrets(url) == shown


# Moving


def inputs(folder: Path) -> tuple[InputFile, ...]:
    return find_files([str(folder)], now=NOW).files


def tree(folder: Path) -> dict[str, str]:
    return {str(p.relative_to(folder)): p.read_text() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_files_go_to_done_or_failed_with_their_path(tmp_path: Path) -> None:
    inbox, archive = tmp_path / "inbox", tmp_path / "archive"
    put(inbox, "a.txt", "sub/b.jsonl.gz", "new\nline.txt", "c.txt")
    failed = {str(inbox / "c.txt")}
    assert move_inputs(inputs(inbox), failed, archive) == Counter(done=3, failed=1)
    assert set(tree(archive)) == {"done/a.txt", "done/sub/b.jsonl.gz", "done/new\nline.txt", "failed/c.txt"}
    assert tree(inbox) == {}


def test_nothing_is_ever_replaced(tmp_path: Path) -> None:
    inbox, archive = tmp_path / "inbox", tmp_path / "archive"
    put(archive, "done/a.html.gz", "done/a-1.html.gz")
    put(inbox, "a.html.gz")
    before = tree(archive)
    move_inputs(inputs(inbox), set(), archive)
    assert tree(archive) == before | {"done/a-2.html.gz": "Text of a.html.gz"}


def test_what_cannot_or_must_not_be_moved_stays(tmp_path: Path, bucket: str) -> None:
    inbox, archive = tmp_path / "inbox", tmp_path / "archive"
    put(inbox, "a.txt", "b.txt")
    os.mkfifo(inbox / "c.txt")
    files = (*inputs(inbox), *find_files([f"{bucket}/a.txt"]).files)
    (inbox / "a.txt").write_text("changed since")
    (inbox / "b.txt").unlink()
    counts = move_inputs(files, set(), archive)
    assert counts == Counter({
        "left: behind a URL": 1, "left: changed since it was read": 1, "left: No such file or directory": 1,
        "left: no file to move": 1,
    })  # fmt: skip
    assert tree(archive) == {}


def test_to_another_file_system_it_is_copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inbox, archive = tmp_path / "inbox", tmp_path / "archive"
    put(inbox, "a.txt")
    rename = Path.replace

    def across(self: Path, target: Path) -> Path:
        if inbox in self.parents:
            raise OSError(errno.EXDEV, "Invalid cross-device link")
        return rename(self, target)

    monkeypatch.setattr(Path, "replace", across)
    assert move_inputs(inputs(inbox), set(), archive) == Counter(done=1)
    assert (tree(archive), tree(inbox)) == ({"done/a.txt": "Text of a.txt"}, {})
    put(inbox, "b.txt")

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(shutil, "copy2", full)
    assert move_inputs(inputs(inbox), set(), archive) == Counter({"left: No space left on device": 1})
    assert (set(tree(archive)), set(tree(inbox))) == ({"done/a.txt"}, {"b.txt"})
