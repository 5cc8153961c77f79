"""Faults that a test can do quickly; benchmarks/faults.py does more of them, to whole runs (docs/reliability.md)."""

from __future__ import annotations

import contextlib
import functools
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from flows import mail, outbox, send_report, smtp
from flows.job_settings import JobSettings
from flows.loading import RenderedReport
from flows.mail import deliver, send_waiting
from flows.mail_settings import MailSettings
from flows.smtp import Replies, UnsureError
from tests.test_mail import make_message


def test_a_mail_server_that_says_nothing_ends_in_a_mail_that_waits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(smtp, "TIMEOUT_SECONDS", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as silent:  # takes connections and never speaks
        settings = MailSettings("127.0.0.1", silent.getsockname()[1], "none")
        delivery = deliver(make_message(), settings, tmp_path, pause=lambda _: None)
    assert delivery.status == "failed"
    assert "timed out" in delivery.detail
    (kept,) = tmp_path.iterdir()
    assert b"X-Winnow-Waiting: ana@example.org, bo@example.org" in kept.read_bytes()


@pytest.mark.parametrize(
    ("greeting", "words", "waits"),
    [
        (b"", "did not come to an end within 0.3 seconds", True),
        (
            b"220 here\r\n",
            "did not come to an end within 0.3 seconds; it may have arrived, so it is not sent again",
            False,
        ),
    ],
    ids=["before the mail", "in the mail"],
)
def test_a_mail_server_that_talks_for_ever_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, greeting: bytes, words: str, *, waits: bool
) -> None:
    def talk(server: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:  # each try of the client, until there is no server to come to
                client, _ = server.accept()
                with client, contextlib.suppress(OSError):
                    client.send(greeting)
                    while client.send(b"220-wait\r\n" * 10):
                        pass

    monkeypatch.setattr(smtp, "WHOLE_SECONDS", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=talk, args=(server,), daemon=True).start()
        settings = MailSettings("127.0.0.1", server.getsockname()[1], "none")
        delivery = deliver(make_message(), settings, tmp_path, pause=lambda _: None)
    assert delivery.status == "failed"
    assert words in delivery.detail
    (kept,) = tmp_path.iterdir()
    assert (outbox.WAITING.encode() in kept.read_bytes()) is waits


@dataclass(frozen=True)
class Full:
    """A mail of an outbox that cannot be written: what the server does, and what is there and told afterwards."""

    name: str
    sends: Callable[..., Replies]
    left: str
    status: str
    words: str

    def __str__(self) -> str:
        return self.name


def away(*_: object) -> Replies:
    raise ConnectionRefusedError(111, "Connection refused")


def breaks(*_: object) -> Replies:
    raise UnsureError("the connection broke while it was sent")


def takes_one(_message: object, addresses: list[str], _settings: object) -> Replies:
    return {address: (451, b"later") for address in addresses if address != "ana@example.org"}


@pytest.mark.parametrize("is_new", [True, False], ids=["of this run", "of an earlier run"])
@pytest.mark.parametrize(
    "full",
    [
        Full("nobody has it", away, ".eml", "failed", "waits as it is"),
        Full("somebody may have it", breaks, ".sending", "failed", "stays, to be looked at"),
        Full("one of two has it", takes_one, ".sending", "sent", "stays, to be looked at"),
    ],
    ids=str,
)
def test_a_mail_that_can_neither_be_sent_nor_written_anew_stays(
    full: Full, is_new: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    message, settings = make_message(), MailSettings("127.0.0.1", 1, "none")
    if not is_new:
        outbox.keep(message, tmp_path, ["ana@example.org", "bo@example.org"])
    monkeypatch.setattr(mail, "send", full.sends)
    keep = outbox.keep

    def no_room(*_: object) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(outbox, "keep", no_room)
    if is_new:
        delivery = deliver(message, settings, tmp_path, pause=lambda _: None)
    else:
        ((_, delivery),) = send_waiting(settings, tmp_path, pause=lambda _: None)
    assert delivery.status == full.status
    assert full.words in delivery.detail
    assert "No space left on device" in delivery.detail
    (left,) = tmp_path.iterdir()
    assert left.suffix == full.left
    # With room again, the next run sends the first to both, and keeps the others without sending them.
    monkeypatch.setattr(outbox, "keep", keep)
    monkeypatch.setattr(outbox, "_is_alive", lambda _: False)
    outbox.release_lost(tmp_path)
    sent: list[list[str]] = []

    def takes(_message: object, addresses: list[str], _settings: object) -> Replies:
        sent.append(list(addresses))
        return {}

    monkeypatch.setattr(mail, "send", takes)
    send_waiting(settings, tmp_path, pause=lambda _: None)
    assert sent == ([["ana@example.org", "bo@example.org"]] if full.left == ".eml" else [])
    assert [path.suffix for path in tmp_path.iterdir()] == ([] if full.left == ".eml" else [".eml"])


def test_a_page_that_cannot_be_written_keeps_no_mail_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setattr(send_report, "read_block_settings", lambda: None)
    settings = JobSettings(
        paths=(), report_path=str(tmp_path / "file" / "report.html"), outbox=str(tmp_path / "outbox")
    )
    sending = send_report.send_report(RenderedReport("subject", "html", "text", "page"), "0af3", settings)
    assert sending.delivery.status == "failed"
    assert "report.html could not be written" in sending.delivery.detail
    assert len(list((tmp_path / "outbox").glob("*.eml"))) == 1


@functools.cache
def can_mount() -> bool:
    """Whether a small disk of our own can be made here."""
    probe = ["unshare", "-rm", "mount", "-t", "tmpfs", "-o", "size=64k", "none", "/mnt"]
    return (
        shutil.which("unshare") is not None and subprocess.run(probe, capture_output=True, check=False).returncode == 0
    )


def on_small_disk(disk: Path, kilobytes: int, script: str) -> subprocess.CompletedProcess[str]:
    """Run Python with a disk of so many kilobytes at `disk`, and list afterwards what stands there."""
    if not can_mount():
        pytest.skip("unshare -rm may not mount a tmpfs here, and a full disk needs one")
    disk.mkdir()
    shell = f'mount -t tmpfs -o size={kilobytes}k none "$1" && "$2" -c "$3" "$1"; code=$?; ls -R "$1"; exit $code'
    command = ["unshare", "-rm", "sh", "-c", shell, "-", str(disk), sys.executable, script]
    return subprocess.run(command, capture_output=True, text=True, check=False)


STAGE = """
import random, sys
from datetime import UTC, datetime
from pathlib import Path
from flows.batches import BatchSettings, extract_batch
from flows.intake import Facts, Origin, make_document

words = random.Random(1)
text = " ".join(f"{words.random():.9f} ferries" for _ in range(20_000))
record = make_document(Origin("/in/a.txt", "a.txt", "in"), Facts(id="a"), text, "text/plain")
try:
    extract_batch(7, (record,), BatchSettings(Path(sys.argv[1]), datetime.now(UTC), "rules"))
except OSError as error:
    print(f"refused: {error}")
"""


def test_a_full_disk_while_staging_is_an_error_and_leaves_no_part_that_looks_whole(tmp_path: Path) -> None:
    done = on_small_disk(tmp_path / "disk", 60, STAGE)
    assert "refused" in done.stdout, done.stderr
    assert "No space left" in done.stdout
    assert "000007.jsonl.zst\n" not in done.stdout


WAREHOUSE = """
import sys
from pathlib import Path
import duckdb
from warehouse.connect import connect_writer
from warehouse.migrate import migrate

path = Path(sys.argv[1]) / "w.duckdb"
with connect_writer(path) as connection:
    migrate(connection)
try:
    with connect_writer(path) as connection:
        connection.begin()
        connection.execute("insert into quarantine by name select md5(n::varchar) as input_id, 'r' as run_id, "
                           "md5((n + 1)::varchar) as message from range(500_000) as t (n)")
        connection.commit()
except duckdb.Error as error:
    print(f"refused: {error}")
with connect_writer(path) as connection:
    print("rows", connection.execute("select count(*) from quarantine").fetchall())
"""


NEW_WAREHOUSE = """
import sys
from pathlib import Path
from warehouse.connect import connect_writer
from warehouse.errors import WarehouseError

try:
    connect_writer(Path(sys.argv[1]) / "w.duckdb")
except WarehouseError as error:
    print(f"refused: {error}")
"""


def test_a_full_disk_leaves_no_warehouse_that_nobody_can_open(tmp_path: Path) -> None:
    done = on_small_disk(tmp_path / "disk", 8, NEW_WAREHOUSE)
    assert "refused" in done.stdout, done.stderr
    said, _, listed = done.stdout.partition("disk:\n")
    assert "no warehouse can be made here" in said
    assert listed.strip() == ""


def test_a_full_disk_while_publishing_leaves_the_warehouse_as_it_was(tmp_path: Path) -> None:
    done = on_small_disk(tmp_path / "disk", 9000, WAREHOUSE)
    assert "refused" in done.stdout, done.stderr
    assert "rows [(0,)]" in done.stdout, done.stdout
