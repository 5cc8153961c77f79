"""Runners: the same warehouse from each, and what killed workers and killing documents cost on a real Dask cluster."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import dask
import distributed
import pytest

from flows import dask_runner
from flows.dask_runner import DaskRunner
from flows.embedded_server import free_port
from flows.job import Job
from flows.job_settings import JobSettings
from flows.runner import RunnerError
from flows.runners import make_runner
from flows.watch import Bounds, Watch
from flows.watched_pool import WatchedPool
from tests.resumed_runs import steps
from tests.test_resume import fill, tables
from tests.test_watched_pool import batch
from transforms.types import WinnowError

PATIENT = Bounds(seconds=300)


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """A Dask cluster of two worker processes on loopback."""
    settings = {"distributed.scheduler.allowed-failures": 1, "distributed.admin.log-length": 0}
    with (
        dask.config.set(settings),
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, dashboard_address="127.0.0.1:0", silence_logs=50
        ) as cluster,
    ):
        yield str(cluster.scheduler_address)


@pytest.fixture
def runner(address: str, tmp_path: Path) -> Iterator[DaskRunner]:
    made = DaskRunner(address, 0, PATIENT, tmp_path)
    yield made
    made.close()


def kill_parent(mark: Path, spared: int, watch: Watch) -> str:
    """Kill the Dask worker that started this process; once where `mark` is a path to leave, else each time."""
    parent = os.getppid()
    if parent == spared:
        return "done here"
    if mark.name == "each time" or not mark.exists():
        mark.touch()
        os.kill(parent, signal.SIGKILL)
        threading.Event().wait()  # until the end of the parent ends this process too
    return "done elsewhere"


@pytest.mark.slow
@pytest.mark.usefixtures("forked")
def test_the_warehouse_is_the_same_with_any_runner_and_number_of_workers(
    tmp_path: Path, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("flows.office.warm", os.getpid)  # the checks, which take seconds to load, are not used
    monkeypatch.setattr("flows.batch_cuts.TEXTS_TO_A_PAGE", 1)  # more batches of few texts
    inbox = tmp_path / "inbox"
    fill(inbox, range(300))
    seen = []
    for number, (runner, workers, at) in enumerate((("local", 1, ""), ("local", 2, ""), ("auto", 0, address))):
        warehouse = tmp_path / f"{number}.duckdb"
        settings = JobSettings((str(inbox),), str(warehouse), workers=workers, runner=runner, dask_address=at)
        job = Job.start(settings)
        try:
            for _ in steps(job):
                pass
        finally:
            job.close()
        seen.append(tables(warehouse))
    assert seen[0] == seen[1] == seen[2]
    assert len(seen[0]["articles"]) == 300
    assert len(seen[0]["templates"]) >= 1


@pytest.mark.slow
def test_on_a_cluster_a_document_costs_itself_and_nothing_else(runner: DaskRunner) -> None:
    assert runner.workers == 2
    first, second = runner.submit(batch("a", "crash", "b")), runner.submit(batch("c"))
    assert first.result() == [("a", None), ("crash", "worker-died"), ("b", None)]
    assert second.result() == [("c", None)]
    with pytest.raises(LookupError, match="no such harbour"):
        runner.submit(batch("raise")).result()


@pytest.mark.slow
def test_a_killed_dask_worker_costs_a_retry(runner: DaskRunner, tmp_path: Path) -> None:
    work = partial(kill_parent, tmp_path / "once", os.getpid())
    assert runner.submit(work).result() == "done elsewhere"


@pytest.mark.slow
def test_a_batch_that_dask_gives_up_is_done_here(runner: DaskRunner, tmp_path: Path) -> None:
    work = partial(kill_parent, tmp_path / "each time", os.getpid())
    assert runner.submit(work).result() == "done here"


@pytest.mark.slow
def test_a_scheduler_that_goes_away_is_an_error_and_closing_goes_on(tmp_path: Path) -> None:
    with distributed.LocalCluster(
        n_workers=1, threads_per_worker=1, dashboard_address="127.0.0.1:0", silence_logs=50
    ) as cluster:
        runner = DaskRunner(str(cluster.scheduler_address), 0, PATIENT, tmp_path)
        waiting = runner.submit(batch("hang"))
    with pytest.raises(RunnerError, match="the Dask scheduler has lost a batch"):
        waiting.result(timeout=300)
    runner.close()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"ruleset": "older"}, r"Dask worker tcp://.* has the rules \w+, this run older; install the same version"),
        ({"folder": Path("/nowhere")}, r"Dask worker tcp://.* does not see /nowhere; put the warehouse into a folder"),
    ],
)
def test_a_worker_that_cannot_do_the_same_says_so(
    runner: DaskRunner, change: dict[str, str | Path], message: str
) -> None:
    runner._place = replace(runner._place, **change)  # type: ignore[arg-type]
    with pytest.raises(RunnerError, match=message):
        runner.submit(batch("a")).result()


@pytest.mark.slow
def test_a_scheduler_that_does_not_answer_is_an_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(dask_runner, "_CONNECT_SECONDS", 0.5)
    with pytest.raises(RunnerError, match=r"no Dask scheduler answers at 'tcp://127.0.0.1:\d+' .*`dask scheduler`"):
        DaskRunner(f"tcp://127.0.0.1:{free_port()}", 1, PATIENT, tmp_path)


@pytest.mark.parametrize(
    ("name", "dask_address", "message"),
    [
        ("ray", "", "--runner 'ray' is not one of auto, local, dask"),
        ("local", "tcp://head:8786", "--dask-address 'tcp://head:8786' is for --runner dask or auto"),
    ],
)
def test_a_wrong_runner_is_told(name: str, dask_address: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(WinnowError, match=message):
        Job.start(JobSettings((str(tmp_path),), str(tmp_path / "w.duckdb"), runner=name, dask_address=dask_address))
    assert not list(tmp_path.iterdir())


def test_auto_without_an_address_is_this_machine(tmp_path: Path) -> None:
    made = make_runner("auto", "", 3, PATIENT, tmp_path)
    assert isinstance(made, WatchedPool)
    assert made.workers == 3
    assert made.process_ids == ()  # none before there is work
    made.close()
