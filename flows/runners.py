"""Choosing a runner for a run."""

from __future__ import annotations

from pathlib import Path

from flows.runner import RUNNERS, Runner, RunnerError
from flows.watch import Bounds
from flows.watched_pool import WatchedPool
from flows.workers import default_workers


def check_runner(name: str, dask_address: str) -> None:
    """Raise RunnerError for a name that is not in RUNNERS, and for an address that nobody would use."""
    if name not in RUNNERS:
        raise RunnerError(f"--runner {name!r} is not one of {', '.join(RUNNERS)}")
    if dask_address and name == "local":
        raise RunnerError(f"--dask-address {dask_address!r} is for --runner dask or auto, not local")


def make_runner(name: str, dask_address: str, workers: int, bounds: Bounds, folder: Path) -> Runner:
    """`auto` is `dask` where there is an address of a cluster, else `local`; `workers` 0 means one a core.

    A local pool starts a process when there is a batch for it, so a small job has one. Raises RunnerError.
    """
    check_runner(name, dask_address)
    count = workers or default_workers()
    if name == "dask" or dask_address:
        from flows.dask_runner import DaskRunner  # noqa: PLC0415 - an extra

        return DaskRunner(dask_address, count, bounds, folder)
    return WatchedPool(count, bounds)
