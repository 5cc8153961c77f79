"""What a run needs and gives away: no network beyond what the user named, no secret in what it leaves, nothing run."""

from __future__ import annotations

import functools
import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from flows.job import drop_prepared, prepare_job
from flows.job_settings import JobSettings
from tests.conftest import WINNOW
from tests.hostile_corpus import cases, page, prose

CALLS = Path(__file__).parent / "watched_calls"
SECRETS = {
    "WINNOW_SMTP_PASSWORD": "planted-smtp-f00dfeed",
    "AWS_SECRET_ACCESS_KEY": "planted-s3-c0ffee01",
    "WINNOW_TEST_DSN": "postgresql://u:planted-dsn-5eed@db.invalid/x",
}


LOOPBACK = "ip link set lo up 2>/dev/null || ifconfig lo up"


def run(folder: Path, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """`winnow` with its calls watched, and, where the system allows it, with no network but loopback."""
    command = [str(WINNOW), *arguments]
    if can_close_network():
        command = [
            "unshare",
            "-rn",
            "sh",
            "-c",
            'ip link set lo up 2>/dev/null || ifconfig lo up; exec "$@"',
            "-",
            *command,
        ]
    env = {
        **os.environ,
        "PYTHONPATH": str(CALLS),
        "WINNOW_CALLS": str(folder / "calls"),
        "PREFECT_HOME": str(folder / "prefect"),
        **environ,
    }
    return subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False)


@functools.cache
def can_close_network() -> bool:
    """Whether a name space without network, but with loopback, can be made here."""
    if not shutil.which("unshare"):
        return False
    return subprocess.run(["unshare", "-rn", "sh", "-c", LOOPBACK], capture_output=True, check=False).returncode == 0


def calls(folder: Path) -> set[str]:
    return set((folder / "calls").read_text(encoding="utf-8").splitlines())


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    """A whole run in a hostile inbox with secrets in its environment, watched: its folder, and what it said."""
    folder = tmp_path_factory.mktemp("watched")
    inbox = folder / "inbox"
    inbox.mkdir()
    modules = ("sitecustomize.py", "flows.py", "json.py", "multiprocessing.py", "signal.py", "uvicorn.py")
    for name in ("run.html", "conftest.py", "prefect.yaml", *modules):
        (inbox / name).write_text("#!/bin/sh\ntouch taken\n" if name.endswith("html") else "open('taken', 'w')\n")
        (inbox / name).chmod(0o755)
    (inbox / "a.html").write_text(
        page("inbox", head="<script src='http://a.invalid/x.js'></script><base href='http://b.invalid'>")
    )
    (inbox / "b.txt").write_text(prose("http://c.invalid/feed"))
    for case in cases():
        if case.path.startswith("entities/"):  # DTDs that lie elsewhere
            (inbox / Path(case.path).name).write_bytes(case.content)
    done = run(
        inbox,
        *("run", ".", "--warehouse", "../w.duckdb", "--verbose", "--keep-raw", "--snapshot"),
        *("--report-to", "desk@courier.example"),
        WINNOW_CALLS=str(folder / "calls"),
        PREFECT_HOME=str(folder / "prefect"),
        WINNOW_SMTP_HOST="127.0.0.1",
        WINNOW_SMTP_PORT="9",  # nobody answers, so the error is reported too
        WINNOW_SMTP_SECURITY="none",
        WINNOW_SMTP_USER="winnow",
        WINNOW_MAIL_FROM="winnow@courier.example",
        **SECRETS,
    )
    assert done.returncode in (0, 1), done.stderr
    assert "articles published" in done.stderr
    return folder, done


@pytest.mark.slow
def test_a_run_needs_no_network_and_runs_nothing_of_its_inbox(
    watched: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    folder, _ = watched
    found = calls(folder)
    assert {call for call in found if call.startswith(("connect", "look-up"))} == set()
    started = {call for call in found if call.startswith("program")}
    assert f"program {sys.executable}" in started  # its own processes; platform and Prefect ask uname, git and others
    assert not {call for call in started if str(folder / "inbox") in call or "run.html" in call}
    assert not list(folder.rglob("taken"))


def test_the_watch_sees_a_connection_a_look_up_and_a_program(tmp_path: Path) -> None:
    script = """
import contextlib, os, socket, subprocess
with contextlib.suppress(OSError):
    socket.create_connection(("192.0.2.1", 9), timeout=0.01)
with contextlib.suppress(OSError):
    socket.getaddrinfo("a.invalid", 80)
subprocess.run(["true"])
"""
    env = {**os.environ, "PYTHONPATH": str(CALLS), "WINNOW_CALLS": str(tmp_path / "calls")}
    subprocess.run([sys.executable, "-c", script], env=env, check=True)
    assert {"connect 192.0.2.1", "look-up 'a.invalid'", "program true"} <= calls(tmp_path)


def holding(folder: Path, secret: bytes) -> list[str]:
    """Files below a folder that hold it, also in UTF-16."""
    needles = (secret, secret.decode().encode("utf-16-le"))
    files = (path for path in folder.rglob("*") if path.is_file())
    return [str(path.relative_to(folder)) for path in files if any(needle in path.read_bytes() for needle in needles)]


@pytest.mark.slow
def test_planted_secrets_stand_nowhere(watched: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    folder, done = watched
    assert "mail failed" in done.stderr
    assert holding(folder, b"desk@courier.example")  # the search finds what is there
    for secret in SECRETS.values():
        assert secret not in done.stdout + done.stderr
        assert holding(folder, secret.encode()) == []


def test_the_password_of_an_address_that_cannot_be_reached_is_not_shown(tmp_path: Path) -> None:
    done = run(tmp_path, "run", "ftp://ana:planted-ftp-0dd@127.0.0.1:9/a.html?token=planted-token-0dd")
    assert done.returncode == 2, done.stderr
    assert "127.0.0.1:9" in done.stderr
    assert "planted" not in done.stdout + done.stderr


@pytest.mark.usefixtures("forked")
def test_what_a_run_stages_is_readable_by_its_user_alone(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(prose("private"))
    job = prepare_job(JobSettings(paths=(str(tmp_path / "a.txt"),), warehouse=str(tmp_path / "w.duckdb"), workers=1))
    try:
        assert stat.S_IMODE(job.folder.stat().st_mode) == 0o700
    finally:
        drop_prepared()
