"""Faults that a test can do quickly; benchmarks/faults.py does more of them, to whole runs (docs/reliability.md)."""

from __future__ import annotations

import functools
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from flows import mail
from flows.mail import deliver
from flows.mail_settings import MailSettings
from tests.test_mail import make_message


def test_a_mail_server_that_says_nothing_ends_in_a_mail_that_waits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail, "TIMEOUT_SECONDS", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as silent:  # takes connections and never speaks
        settings = MailSettings("127.0.0.1", silent.getsockname()[1], "none")
        delivery = deliver(make_message(), settings, tmp_path, pause=lambda _: None)
    assert delivery.status == "failed"
    assert "timed out" in delivery.detail
    (kept,) = tmp_path.iterdir()
    assert b"X-Winnow-Waiting: ana@example.org, bo@example.org" in kept.read_bytes()


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


def test_a_full_disk_while_publishing_leaves_the_warehouse_as_it_was(tmp_path: Path) -> None:
    done = on_small_disk(tmp_path / "disk", 9000, WAREHOUSE)
    assert "refused" in done.stdout, done.stderr
    assert "rows [(0,)]" in done.stdout, done.stdout
