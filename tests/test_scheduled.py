"""From nothing to a scheduled run: a real Prefect server, worker and mail server on loopback."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import httpx
import pytest

from flows.embedded_server import free_port
from tests.conftest import ROOT
from tests.test_run import mail_server

PREFECT = Path(sys.executable).with_name("prefect")
POOL, DEPLOY, WORKER = (
    ("work-pool", "create", "winnow", "--type", "process"),
    ("--no-prompt", "deploy", "--all"),
    ("worker", "start", "--pool", "winnow", "--limit", "1"),
)
PATIENCE_SECONDS = 400  # on a busy machine


def wait_until(is_done: Callable[[], bool], process: subprocess.Popen[bytes]) -> None:
    """Look four times a second, as long as `process` lives."""
    never = threading.Event()
    for _ in range(4 * PATIENCE_SECONDS):
        assert process.poll() is None, "the process ended"
        if is_done():
            return
        never.wait(0.25)
    raise AssertionError("waited in vain")


@contextmanager
def running(command: tuple[str, ...], env: dict[str, str], folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A process, ended with all that it started."""
    with (folder / f"{command[0]}.log").open("wb") as log:
        process = subprocess.Popen(
            [PREFECT, *command], cwd=folder, env=env, stdout=log, stderr=log, start_new_session=True
        )
        try:
            yield process
        finally:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def is_healthy(api: str) -> bool:
    try:
        return httpx.get(f"{api}/health").status_code == 200
    except httpx.TransportError:
        return False


@pytest.mark.slow
def test_four_commands_lead_to_a_scheduled_run_and_its_mail(tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    (inbox / "ferry.txt").write_text("The ferry left on time, the harbour office said on Tuesday.")
    os.utime(inbox / "ferry.txt", (1_700_000_000, 1_700_000_000))  # settled long ago
    hourly = (ROOT / "prefect.yaml").read_text(encoding="utf-8")
    soon = hourly.replace('cron: "0 * * * *"\n        timezone: UTC', "interval: 10")
    assert soon != hourly
    (tmp_path / "prefect.yaml").write_text(soon, encoding="utf-8")
    port = str(free_port())
    api = f"http://127.0.0.1:{port}/api"
    with mail_server() as (smtp, received):
        env = {
            **os.environ,
            "PREFECT_HOME": str(tmp_path / "home"),
            "PREFECT_API_URL": api,
            "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
            "WINNOW_HOME": str(tmp_path),
            "WINNOW_SMTP_HOST": "127.0.0.1",
            "WINNOW_SMTP_PORT": str(smtp),
            "WINNOW_SMTP_SECURITY": "none",
            "WINNOW_MAIL_FROM": "winnow@courier.example",
            "WINNOW_MAIL_TO": "desk@courier.example",
        }
        with running(("server", "start", "--host", "127.0.0.1", "--port", port), env, tmp_path) as server:
            wait_until(lambda: is_healthy(api), server)
            for command in (POOL, DEPLOY):
                done = subprocess.run([PREFECT, *command], cwd=tmp_path, env=env, capture_output=True, check=False)
                assert done.returncode == 0, done.stdout + done.stderr
            deployments = httpx.post(f"{api}/deployments/filter", json={}).json()
            assert {d["name"] for d in deployments} == {"clean-articles", "refresh-sources", "maintain"}
            for found in deployments:
                assert found["global_concurrency_limit"]["limit"] == 1, found["name"]
                assert found["concurrency_options"]["collision_strategy"] == "ENQUEUE", found["name"]
                assert found["description"], found["name"]
                assert "writer" in found["tags"], found["name"]
            with running(WORKER, env, tmp_path) as worker:
                wait_until(lambda: bool(received), worker)
            by_deployment = {"deployments": {"name": {"any_": ["clean-articles"]}}}
            runs = httpx.post(f"{api}/flow_runs/filter", json=by_deployment).json()
            assert all(run["auto_scheduled"] for run in runs)
    assert received[0].rcpt_tos == ["desk@courier.example"]
    assert b"Subject: Winnow" in (received[0].content or b"")
    with duckdb.connect(tmp_path / "winnow.duckdb") as connection:
        assert connection.sql("select document_id from clean_articles").fetchall() == [("ferry",)]


def test_the_docs_name_the_commands_that_work() -> None:
    for page in ("README.md", "docs/scheduling.md"):
        text = (ROOT / page).read_text(encoding="utf-8")
        for command in (POOL, DEPLOY, WORKER):
            assert re.search(rf"prefect {re.escape(' '.join(command))}\b", text), (page, command)
