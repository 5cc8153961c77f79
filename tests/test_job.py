"""Batches and jobs: what is done before and beside Prefect."""

import os
import select
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from flows.batches import BatchPool, BatchSettings
from flows.embedded_server import EmbeddedServer, ServerError
from flows.inbox import PathError
from flows.intake import Facts, Origin, make_document
from flows.job import drop_prepared, prepare_job, take_job
from flows.job_settings import JobSettings
from flows.ruleset import ruleset_version
from flows.watch import DEFAULT_BOUNDS
from flows.watched_pool import WatchedPool
from transforms.types import RawDocument

NOW = datetime(2026, 1, 31, tzinfo=UTC)


def document(number: int, size: int = 10) -> RawDocument:
    text = f"Ferry {number} left on time. " + "x" * size
    return make_document(Origin("/in/x.txt", "x.txt", "in"), Facts(id=str(number)), text, "text/plain")


@pytest.mark.parametrize("step", ["extract", "clean"])
def test_a_killed_worker_costs_a_retry(tmp_path: Path, step: str) -> None:
    pool = BatchPool(WatchedPool(1, DEFAULT_BOUNDS), BatchSettings(tmp_path, NOW, "rules"))

    def kill_worker() -> None:
        (worker,) = pool.process_ids
        os.kill(worker, signal.SIGKILL)

    try:
        pool.extract(0, (document(0),))
        assert pool.extracted(0).record_count == 1
        if step == "extract":
            kill_worker()
        pool.extract(1, (document(1),))
        assert pool.extracted(1).record_count == 1
        pool.clean(0)
        assert pool.cleaned(0).article_count == 1
        if step == "clean":
            kill_worker()
        pool.clean(1)
        assert pool.cleaned(1).article_count == 1
    finally:
        pool.close()
    for table in ("inputs", "article_signatures", "line_fingerprints"):
        parts = sorted(path.name for path in (tmp_path / "parts" / table).iterdir())
        assert len(parts) == 2
    assert pq.read_table(tmp_path / "parts" / "articles").num_rows == 2


def test_a_task_gets_the_job_itself_whatever_other_threads_change(tmp_path: Path) -> None:
    from prefect.utilities.collections import visit_collection  # noqa: PLC0415 - takes a second

    (tmp_path / "a.txt").write_text("The ferry left on time.")
    job = prepare_job(JobSettings((str(tmp_path / "a.txt"),), str(tmp_path / "w.duckdb"), workers=1))
    seen: list[object] = []

    def resolve(value: object) -> object:
        """As Prefect does with what a task gets; meanwhile the run goes on."""
        seen.append(value)
        job.progress.done_count += 1
        job.next_to_extract()
        return value

    try:
        assert visit_collection(job, visit_fn=resolve, return_data=True) is job
    finally:
        drop_prepared()
    assert seen == [job]


HOLDS_WORKERS = """
import os, sys, time
from flows.workers import make_workers

if __name__ == "__main__":
    with make_workers(1, warm=False) as pool:
        print(pool.submit(os.getpid).result(), flush=True)
        sys.stdin.read()
"""


@pytest.mark.skipif(
    not hasattr(os, "pidfd_open"), reason="waits for a process of others with pidfd, which is Linux only"
)
def test_workers_end_when_their_parent_is_killed(tmp_path: Path) -> None:
    script = tmp_path / "holds.py"
    script.write_text(HOLDS_WORKERS)
    with subprocess.Popen([sys.executable, script], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        worker = os.pidfd_open(int(parent.stdout.readline()))
        parent.kill()
    ended, _, _ = select.select([worker], [], [], 30)
    os.close(worker)
    assert ended


@pytest.mark.usefixtures("forked")
def test_a_prepared_job_is_taken_once_and_only_for_its_settings(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("The ferry left on time.")
    (tmp_path / "report.html").write_text("<p>The report of an earlier run.</p>")
    settings = JobSettings(
        paths=(str(tmp_path),),
        warehouse=str(tmp_path / "w.duckdb"),
        report_path=str(tmp_path / "report.html"),
        workers=1,
    )
    job = prepare_job(settings)
    assert job.progress.file_count == 1  # not its own report
    assert take_job(settings) is job
    assert job.next_to_extract() == 0
    assert job.pool.extracted(0).record_count == 1
    assert job.next_to_extract() is None
    assert job.next_to_clean() == 0
    assert job.pool.cleaned(0).record_count == 1
    assert job.next_to_clean() is None
    assert job.folder.exists()
    job.close()
    assert not (tmp_path / "w.duckdb.staging").exists()
    prepare_job(settings)
    drop_prepared()
    assert not (tmp_path / "w.duckdb.staging").exists()
    with pytest.raises(PathError):
        take_job(JobSettings(paths=(str(tmp_path / "missing"),)))


def test_the_ruleset_version_tells_settings_apart_and_is_stable() -> None:
    assert ruleset_version() == ruleset_version()
    assert ruleset_version() != ruleset_version(langdetect_only=True)


def test_a_server_that_keeps_dying_is_given_up_with_its_words(monkeypatch: pytest.MonkeyPatch) -> None:
    # The server's process starts and ends at once: uvicorn cannot be imported.
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent / "no_server"))
    server = EmbeddedServer()
    server.start()
    with pytest.raises(ServerError, match=r"(?s)ended 3 times .*no server here.*PREFECT_API_URL"):
        server.wait(sleep=lambda _: None)
    server.stop()
