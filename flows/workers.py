"""How worker processes live: started afresh ("spawn"), tied to the process that started them, gone quickly.

Extraction holds the interpreter's lock, so work goes to processes; the starting process has threads, so not by fork.
"""

from __future__ import annotations

import atexit
import gc
import logging
import multiprocessing
import os
import threading
from concurrent.futures import ProcessPoolExecutor

SPAWN = multiprocessing.get_context("spawn")  # afresh: the process that starts them has threads


def make_workers(count: int, *, warm: bool = True) -> ProcessPoolExecutor:
    """A pool of `count` processes, ready for documents where `warm`; each starts when it is first needed."""
    start = start_document_worker if warm else tie_to_parent
    return ProcessPoolExecutor(count, SPAWN, initializer=start)


def default_workers() -> int:
    """One worker a core that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def tie_to_parent() -> None:
    """End when the parent ends, however that ends; and at the own end do not take hundreds of modules apart.

    A pool's processes outlive a killed parent otherwise: each holds the other end of the pipe that it waits on.
    """
    parent = multiprocessing.parent_process()
    assert parent is not None

    def follow() -> None:
        parent.join()
        os._exit(1)

    threading.Thread(target=follow, daemon=True).start()
    atexit.register(os._exit, 0)


def start_document_worker() -> None:
    """What a worker that cleans documents does first."""
    tie_to_parent()
    warm_up()
    collect_rarely()


def collect_rarely() -> None:
    """Do not look for garbage in circles again and again: documents leave next to none, and looking takes 5 % of a run.

    What is loaded by now is not looked at any more, the young a few times a batch, the old hardly ever.
    """
    gc.freeze()
    gc.set_threshold(20_000, 20, 100)


def warm_up() -> None:
    """Load what every document needs, and silence what libraries say of a page: it stands in quarantine or flags."""
    from transforms.language import warm_languages  # noqa: PLC0415 - the workers' to load

    for name in ("trafilatura", "htmldate", "charset_normalizer"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    warm_languages()
