"""What bounds a run with many workers: the rates of everything that one process does for all of them.

    python benchmarks/scaling.py DATA [--pages 300] [--batches 60] [--after-ms 2.0]

prints pages and batches a second for reading, for Prefect's tasks and for Dask (batches of their real size to workers
that answer at once), each in processor time of this process; and, with the seconds that a worker takes for a page, how
many workers that supplies. Reading takes `wcxb-dev/html` of DATA. From these a model says how long a million pages take
with 1 to 1,000 workers, and what bounds them; `--after-ms` is what one page costs in the steps that one process does
for the whole run (templates, staging, checks, publishing: the stages that benchmarks/memory.py prints).
"""

from __future__ import annotations

import argparse
import logging
import os
import pickle
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, cast

import trafilatura

from flows.batch_cuts import batch_key, make_batches
from flows.batches import BatchSettings, clean_batch, extract_batch
from flows.dask_runner import DaskRunner
from flows.embedded_server import EmbeddedServer
from flows.inbox import find_files
from flows.sources import read_documents
from flows.watch import Bounds, Watch
from flows.workers import warm_up
from transforms.types import RawDocument

_MILLION = 1_000_000


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("data", type=Path)
    parser.add_argument("--pages", type=int, default=300)
    parser.add_argument("--batches", type=int, default=60)
    parser.add_argument("--after-ms", type=float, default=2.0)
    options = parser.parse_args()
    paths = [str(path) for path in sorted((options.data / "wcxb-dev" / "html").glob("*.html.gz"))[: options.pages]]
    read, batches = timed(lambda: list(make_batches(read_documents(find_files(paths).files))))
    named, _ = timed(lambda: [batch_key(batch) for batch in batches])
    records = [record for batch in batches for record in batch if isinstance(record, RawDocument)]
    with tempfile.TemporaryDirectory() as folder:
        page_seconds = work_on(records[:64], Path(folder))
    bare, _ = timed(lambda: [trafilatura.extract(record.content, with_metadata=True) for record in records[:64]])
    bare /= len(records[:64])
    payload = pickle.dumps(records[:64])  # as bytes, which pickling again copies
    print(f"a worker: {page_seconds:.3f} s of processor a page; a batch of 64 pages: {len(payload) / 1e6:.1f} MB")
    print(f"trafilatura alone, with metadata: {bare:.3f} s, {bare / page_seconds:.2f} of a worker's\n")
    print(f"{'one process does for all':40} {'ms a page':>10} {'pages/s':>9} {'workers it supplies':>20}")
    costs = {
        "reads, cuts and names batches": (read + named) / len(records),
        "Prefect: two tasks a batch": 2 * prefect_task_seconds(options.batches) / 64,
        "Dask: a batch out and back": dask_seconds(options.batches, payload) / 64,
    }
    for name, page in costs.items():
        print(f"{name:40} {1000 * page:10.3f} {1 / page:9.0f} {page_seconds / page:20.0f}")
    show_model(page_seconds, sum(costs.values()), options.after_ms / 1000)


def show_model(work: float, supply: float, after: float) -> None:
    """Hours for a million pages: the workers and what supplies them side by side, then what is done for all."""
    print(f"\n{'workers':>7} {'hours for a million':>20} {'of which after':>15}   bound by")
    for workers in (1, 2, 10, 100, 1000):
        steps = max(work / workers, supply)
        bound = "workers" if steps > supply else "the process that supplies them"
        print(f"{workers:7} {_MILLION * (steps + after) / 3600:20.2f} {_MILLION * after / 3600:15.2f}   {bound}")


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """Processor seconds of this process, and the result."""
    began = time.process_time()
    result = work()
    return time.process_time() - began, result


def work_on(records: list[RawDocument], folder: Path) -> float:
    """Processor seconds a page of both steps, after a first page that loads everything."""
    from datetime import UTC, datetime  # noqa: PLC0415

    settings = BatchSettings(folder, datetime.now(UTC), "rules")
    logging.disable(logging.CRITICAL)
    warm_up()
    extract_batch("first", tuple(records[:1]), settings)
    clean_batch("first", settings)
    began = time.process_time()
    extract_batch("rest", tuple(records), settings)
    clean_batch("rest", settings)
    return (time.process_time() - began) / len(records)


def prefect_task_seconds(count: int) -> float:
    """Processor seconds of this process for one task in a thread, as the flow submits them."""
    server = EmbeddedServer()
    with tempfile.TemporaryDirectory() as home:
        os.environ |= {"PREFECT_HOME": home, "PREFECT_LOGGING_LEVEL": "CRITICAL"}
        server.start()
        os.environ["PREFECT_API_URL"] = server.wait()
        from prefect import flow, task  # noqa: PLC0415 - the server starts meanwhile
        from prefect.cache_policies import NO_CACHE  # noqa: PLC0415
        from prefect.task_runners import ThreadPoolTaskRunner  # noqa: PLC0415

        @task(cache_policy=NO_CACHE, persist_result=False)
        def nothing() -> None: ...

        @flow(task_runner=cast("Any", ThreadPoolTaskRunner(max_workers=8)))
        def tasks(number: int) -> None:
            for future in [nothing.submit() for _ in range(number)]:
                future.result()

        tasks(1)
        seconds, _ = timed(lambda: tasks(count))
        server.stop()
    return seconds / count


def measure_bytes(content: bytes, watch: Watch) -> int:
    """What a worker does that answers at once."""
    del watch
    return len(content)


def dask_seconds(count: int, content: bytes) -> float:
    """Processor seconds of this process, client and scheduler, for one batch."""
    with tempfile.TemporaryDirectory() as folder:
        runner = DaskRunner("", 1, Bounds(), Path(folder))
        runner.submit(partial(measure_bytes, content)).result()
        seconds, _ = timed(
            lambda: [f.result() for f in [runner.submit(partial(measure_bytes, content)) for _ in range(count)]]
        )
        runner.close()
    return seconds / count


if __name__ == "__main__":
    main()
