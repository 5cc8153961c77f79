"""What a run tells of itself and of others: events in Prefect, runs that were killed, runs that broke off."""

from __future__ import annotations

import os
import shutil
import subprocess
import threading
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

import httpx
import pytest

from flows.crash_report import report_crash
from flows.embedded_server import EmbeddedServer
from flows.job import Job
from flows.job_settings import JobSettings
from flows.loading import record_crash
from flows.prefect_record import unless_away
from flows.report_news import find_needs
from flows.run_folder import Owner, claim_folder
from flows.run_report import read_run_report
from tests.conftest import SAMPLES, WINNOW
from tests.here import winnow_here
from tests.test_run import query
from warehouse.connect import connect_reader
from warehouse.records import RunRecord

pytestmark = pytest.mark.slow


def mail_of(folder: Path) -> tuple[str, str]:
    """Subject and text of the last mail in the outbox."""
    path = max((folder / "outbox").glob("*.eml"))
    message = message_from_bytes(path.read_bytes(), policy=default)
    text = message.get_body(("plain",))
    assert text is not None
    return str(message["Subject"]), text.get_content()


def stored_events(api: str, asked: object) -> list[dict[str, Any]]:
    """What the server answers: it takes events in at once, and stores them a moment later."""
    never = threading.Event()
    for _ in range(240):
        events: list[dict[str, Any]] = httpx.post(f"{api}/events/filter", json=asked).json()["events"]
        if events:
            return events
        never.wait(0.25)
    return []


def test_events_tell_how_a_run_ended(ran: Path, prefect_api: str) -> None:
    ((run_id, run_name),) = query(ran, "select run_id, run_name from runs")
    asked = {"filter": {"event": {"name": ["winnow.run.published"]}, "resource": {"id": [f"winnow.run.{run_id}"]}}}
    (event,) = stored_events(prefect_api, asked)
    assert event["resource"]["prefect.resource.name"] == run_name
    assert event["payload"]["articles"] == 27
    assert event["payload"]["verdict"] == "27 articles published"
    assert event["related"][0]["prefect.resource.role"] == "flow-run"


def test_the_next_run_tells_of_a_killed_one(ran: Path, tmp_path: Path, prefect_api: str) -> None:
    shutil.copy(ran / "winnow.duckdb", tmp_path)
    began = datetime.now(UTC)
    owner = Owner("b" * 32, began, began, began, "rules-1", "another work", run_name="clean-killed")
    left = claim_folder(tmp_path / "winnow.duckdb.staging", owner)
    left.end("interrupted")  # as a kill leaves it: unlocked, and there
    done = winnow_here(tmp_path, "run", str(SAMPLES), api=prefect_api, WINNOW_MAIL_WHEN="change")
    assert done.returncode == 0, done.stderr
    assert not left.path.exists()
    killed = "select run_name, finished_at from runs where status = 'interrupted'"
    assert query(tmp_path, killed) == [("clean-killed", None)]
    subject, text = mail_of(tmp_path)
    assert subject == "Winnow: nothing new to publish, 1 earlier run did not end"
    assert "clean-killed was ended from outside; it published nothing" in text
    again = winnow_here(tmp_path, "run", str(SAMPLES), api=prefect_api, WINNOW_MAIL_WHEN="change")
    assert again.returncode == 0, again.stderr
    assert len(list((tmp_path / "outbox").glob("*.eml"))) == 1  # the second had nothing to tell
    assert query(tmp_path, killed) == [("clean-killed", None)]
    last = "select report_status, report_detail from runs order by started_at desc limit 1"
    assert query(tmp_path, last) == [("skipped", "nothing changed (WINNOW_MAIL_WHEN=change)")]


@pytest.fixture
def job(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, forked: None) -> Job:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "page.txt").write_text("The ferry left on time.")
    return Job.start(JobSettings(paths=("page.txt",), workers=1))


def test_a_run_that_broke_off_is_recorded_and_mailed_once(job: Job, tmp_path: Path) -> None:
    try:
        report_crash(job, "clean-broken", OSError(28, "No space left on <device>"))
        subject, text = mail_of(tmp_path)
        assert subject == "Winnow: nothing published, the run failed"
        assert "The run broke off: OSError: [Errno 28] No space left on <device>" in text
        assert "&lt;device&gt;" in (tmp_path / "report.html").read_text()
        assert query(tmp_path, "select run_name, verdict, report_status from run_history") == [
            ("clean-broken", "nothing published: the run broke off", "outbox")
        ]
        job.progress.is_reported = True
        for path in (tmp_path / "outbox").iterdir():
            path.unlink()
        report_crash(job, "clean-broken", OSError("again"))
        assert list((tmp_path / "outbox").iterdir()) == []
    finally:
        job.close()


def test_a_warehouse_that_broke_does_not_keep_the_mail(job: Job, tmp_path: Path) -> None:
    try:
        (tmp_path / "winnow.duckdb").write_bytes(b"no database")
        assert not report_crash(job, "clean-broken", OSError("broken"))
        assert mail_of(tmp_path)[0] == "Winnow: nothing published, the run failed"
    finally:
        job.close("untold")
    assert [path.name for path in job.folder.iterdir()] == ["owner.json"]
    # The warehouse was never told; the next run tells it, and the reader.
    began = datetime.now(UTC)
    owner = Owner("b" * 32, began, began, began, "rules-1", "another work")
    claimed = claim_folder(tmp_path / "winnow.duckdb.staging", owner)
    claimed.end("done")
    (lost,) = claimed.owner.interrupted
    assert lost.problem == "OSError: broken"
    run = RunRecord(owner.run_id, "clean-next", began, began, "rules-1", 0, interrupted=(lost,))
    (tmp_path / "winnow.duckdb").unlink()
    record_crash(tmp_path / "winnow.duckdb", run)
    with connect_reader(tmp_path / "winnow.duckdb") as connection:
        report = read_run_report(connection, owner.run_id)
    told = (
        f"{lost.run_name or f'interrupted {lost.run_id[:8]}'} published nothing; it broke off, and could not write so"
    )
    assert f"{told}: OSError: broken" in [need for need, _ in find_needs(report)]
    verdict = "select verdict from run_history where finished_at is null"
    assert query(tmp_path, verdict) == [("nothing published: the run broke off",)]


def test_what_prefect_cannot_be_told_ends_no_run(caplog: pytest.LogCaptureFixture) -> None:
    with unless_away("name and tags"):
        raise httpx.ConnectError("All connection attempts failed")
    assert "could not be told name and tags: All connection attempts failed" in caplog.text


def test_a_run_whose_prefect_server_goes_away_for_good_publishes_and_ends_well(
    prefect_home: Path, tmp_path: Path
) -> None:
    (tmp_path / "a.txt").write_text("Rain fell on the harbour for a whole day.\n" * 5)
    server = EmbeddedServer()
    server.start()
    environ = {**os.environ, "PREFECT_API_URL": server.wait(), "PREFECT_CLIENT_MAX_RETRIES": "0"}
    command = [str(WINNOW), "run", "a.txt"]
    with subprocess.Popen(command, cwd=tmp_path, env=environ, stderr=subprocess.PIPE, text=True) as run:
        never = threading.Event()
        while run.poll() is None and not list(tmp_path.glob("winnow.duckdb.staging/*/staged")):
            never.wait(0.01)
        server.stop()
        _, said = run.communicate()
    assert run.returncode == 0, said
    assert "the run is over, and Prefect could not be told so" in said
    assert query(tmp_path, "select status, article_count from runs") == [("published", 1)]
    assert (tmp_path / "report.html").exists()
