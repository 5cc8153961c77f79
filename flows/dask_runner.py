"""Batches on a Dask cluster: one that is there (`--dask-address`), or one of processes on this machine.

Through dask.distributed's Client and not prefect-dask: a task on its runner makes every worker import Prefect and talk
to its server, 0.3 s a task, where a batch through the Client costs a few milliseconds; and Prefect sees the batches
anyway, as tasks that wait for them (flows/clean_articles.py).

A Dask worker does not touch documents itself: it hands its batch to a watched process (flows/watched_pool.py). So a
document that hangs, hoards or crashes is found there, as on one machine, and costs neither the Dask worker nor the
rest of its batch. A Dask worker that is killed costs a retry elsewhere; a batch that Dask gives up, because every
worker that had it died, is done in a watched process here.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import pickle
import threading
import time
import uuid
from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import pyarrow as pa

from flows.ruleset import ruleset_version
from flows.runner import RunnerError, Work
from flows.watch import Bounds
from flows.watched_pool import WatchedPool

if TYPE_CHECKING:
    import distributed

_Result = TypeVar("_Result")
_CONNECT_SECONDS = 30
_ABANDONED_SECONDS = 3600.0  # a pool on a worker that no batch came to for so long is that of a killed run
_LARGEST_BATCH = "64MB"  # Dask warns from 10 MB on; a batch has about 16, and half of what was packed tightly


@dataclass(frozen=True, slots=True)
class _Place:
    """What a batch must find where it is done: our code, and the run's folder."""

    run: str
    folder: Path
    ruleset: str
    bounds: Bounds


class DaskRunner:
    """A Runner on Dask. `folder` is the run's, which every worker must see under the same path."""

    def __init__(self, address: str, workers: int, bounds: Bounds, folder: Path) -> None:
        try:
            import dask  # noqa: PLC0415 - an extra
            import distributed  # noqa: PLC0415
        except ImportError as error:
            raise RunnerError("the dask runner needs dask.distributed: pip install 'winnow[dask]'") from error
        dask.config.set({"distributed.admin.large-graph-warning-threshold": _LARGEST_BATCH})
        self._cluster: distributed.LocalCluster | None = None
        self._place = _Place(uuid.uuid4().hex, folder, ruleset_version(), bounds)
        self._here = WatchedPool(1, bounds)
        self._open: dict[distributed.Future, Future[Any]] = {}
        self._lock = threading.Lock()
        if not address:
            self._cluster = distributed.LocalCluster(
                n_workers=workers, threads_per_worker=1, dashboard_address="127.0.0.1:0", protocol="tcp://"
            )
        try:
            self._client = distributed.Client(
                self._cluster or address, timeout=_CONNECT_SECONDS, set_as_default=False, name="winnow"
            )
        except (OSError, ValueError) as error:
            raise RunnerError(
                f"no Dask scheduler answers at {address!r} within {_CONNECT_SECONDS} s ({error}); "
                "start one with `dask scheduler`, or leave --dask-address out"
            ) from error
        if address:
            self._wait_for_workers(address)
        self._client.run(_close_abandoned)

    @property
    def workers(self) -> int:
        """Threads of all Dask workers; each does a batch at a time."""
        return max(1, sum(map(int, self._client.nthreads().values())))

    @property
    def process_ids(self) -> tuple[int, ...]:
        """None: what happens on the cluster is its own."""
        return ()

    def submit(self, work: Work[_Result]) -> Future[_Result]:
        """Hand `work` to the cluster; RunnerError where a worker has other code or does not see the folder."""
        future: Future[_Result] = Future()
        future.set_running_or_notify_cancel()
        # By value: what is scattered is lost with the worker that holds it, and could not be done again.
        done = self._client.submit(_do_there, _pack(work), self._place, pure=False)
        with self._lock:
            self._open[done] = future
        done.add_done_callback(partial(self._settle, work))
        return future

    def close(self) -> None:
        """End the watched processes on the workers, and the cluster where it is ours."""
        with self._lock:
            unfinished = tuple(self._open.items())
        for done, future in unfinished:
            done.cancel()
            _end(future, lambda: _raise(CancelledError()))
        with contextlib.suppress(OSError, TimeoutError):  # a scheduler that is gone has no workers to tell
            self._client.run(_close_there, self._place.run)
        self._client.close()
        if self._cluster:
            self._cluster.close()
        self._here.close()

    def _settle(self, work: Work[Any], done: distributed.Future) -> None:
        from distributed import KilledWorker  # noqa: PLC0415

        with self._lock:
            future = self._open.pop(done, None)
        if future is None:
            return
        if done.cancelled():  # not by us: those are settled already
            _end(future, lambda: _raise(RunnerError("the Dask scheduler has lost a batch; is it still there?")))
        elif isinstance(done.exception(), KilledWorker):
            self._here.submit(work).add_done_callback(lambda here: _end(future, here.result))
        else:
            _end(future, done.result)

    def _wait_for_workers(self, address: str) -> None:
        try:
            self._client.wait_for_workers(1, timeout=_CONNECT_SECONDS)
        except TimeoutError as error:
            raise RunnerError(
                f"the Dask scheduler at {address!r} has had no workers for {_CONNECT_SECONDS} s; "
                f"start some with `dask worker {address}`"
            ) from error


def _pack(work: Work[Any]) -> tuple[bytes, int]:
    """Pages shrink to a fifth, which costs less than their way through the scheduler."""
    plain = pickle.dumps(work)
    return pa.Codec("zstd").compress(plain, asbytes=True), len(plain)


def _end(future: Future[_Result], outcome: Callable[[], _Result]) -> None:
    if future.done():
        return
    try:
        future.set_result(outcome())
    except BaseException as error:  # noqa: BLE001 - it belongs to whoever waits for the future
        future.set_exception(error)


def _raise(error: BaseException) -> Any:
    raise error


# Below: on the workers.

_pools: dict[str, tuple[WatchedPool, float]] = {}
_lock = threading.Lock()


def _do_there(packed: tuple[bytes, int], place: _Place) -> Any:
    """Do a batch in a watched process beside this worker, one a thread of it."""
    work = pa.Codec("zstd").decompress(packed[0], packed[1], asbytes=True)
    return _pool_of(place).submit(pickle.loads(work)).result()  # noqa: S301 - from our own client


def _pool_of(place: _Place) -> WatchedPool:
    with _lock:
        pool, _ = _pools.get(place.run) or (_new_pool(place), 0.0)
        _pools[place.run] = (pool, time.monotonic())
        return pool


def _new_pool(place: _Place) -> WatchedPool:
    from distributed import get_worker  # noqa: PLC0415

    worker = get_worker()
    if (found := ruleset_version()) != place.ruleset:
        raise RunnerError(
            f"Dask worker {worker.address} has the rules {found}, this run {place.ruleset}; "
            "install the same version of Winnow and its libraries on every worker"
        )
    if not place.folder.is_dir():
        raise RunnerError(
            f"Dask worker {worker.address} does not see {place.folder}; put the warehouse into a folder that all "
            "workers share under one path"
        )
    # Dask starts its workers as daemons, which may have no children. Ours end with their parent by themselves.
    multiprocessing.current_process()._config["daemon"] = False  # type: ignore[attr-defined]  # noqa: SLF001
    return WatchedPool(worker.state.nthreads, place.bounds)


def _close_there(run: str) -> None:
    with _lock:
        found = _pools.pop(run, None)
    if found:
        found[0].close()


def _close_abandoned() -> None:
    for run, (_, used) in tuple(_pools.items()):
        if time.monotonic() - used > _ABANDONED_SECONDS:
            _close_there(run)
