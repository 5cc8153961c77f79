"""Workers that are watched: real processes that hang, hoard, crash and are killed."""

from __future__ import annotations

import os
import re
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import CancelledError, Future
from functools import partial
from pathlib import Path

import pytest

from flows.runner import Work
from flows.watch import NOWHERE, UNWATCHED, Bounds, Stopped, Watch
from flows.watched_pool import WatchedPool, WorkerError

TIGHT = Bounds(seconds=2, megabytes=300)
PATIENT = Bounds(seconds=300, megabytes=300)
Seen = list[tuple[str, str | None]]


@pytest.fixture
def pool(request: pytest.FixtureRequest) -> Iterator[WatchedPool]:
    made = WatchedPool(1, getattr(request, "param", TIGHT), warm=False)
    yield made
    made.close()


def look_at(documents: tuple[str, ...], watch: Watch) -> Seen:
    """What a batch does, with documents that do what they are called."""
    seen: Seen = []
    for document, stopped in watch.over(documents):
        if stopped is None:
            misbehave(document)
        seen.append((document, stopped.code if stopped else None))
    return seen


def misbehave(document: str) -> None:
    if document == "hang":
        threading.Event().wait()
    elif document == "loop in C":
        sum(range(10**15))  # holds the lock of the interpreter, and hears no signal
    elif document == "hoard":
        hoard = [bytearray(b"x" * 50_000_000) for _ in range(20)]
        threading.Event().wait(len(hoard))
    elif document == "exit":
        os._exit(3)
    elif document == "crash":
        os.kill(os.getpid(), signal.SIGSEGV)
    elif document == "raise":
        raise LookupError("no such harbour")
    elif document.startswith("exit once "):  # as when somebody ends the process
        mark = Path(document.removeprefix("exit once "))
        if not mark.exists():
            mark.touch()
            os._exit(3)


def batch(*documents: str) -> Work[Seen]:
    return partial(look_at, documents)


@pytest.mark.parametrize(
    ("pool", "document", "code"),
    [
        (TIGHT, "hang", "too-slow"),
        (TIGHT, "loop in C", "too-slow"),
        (PATIENT, "hoard", "too-much-memory"),
        (PATIENT, "exit", "worker-died"),
        (PATIENT, "crash", "worker-died"),
    ],
    indirect=["pool"],
)
def test_one_document_costs_itself_and_nothing_else(pool: WatchedPool, document: str, code: str) -> None:
    first, second = pool.submit(batch("a", document, "b")), pool.submit(batch("c"))
    assert first.result() == [("a", None), (document, code), ("b", None)]
    assert second.result() == [("c", None)]


def test_several_in_one_batch(pool: WatchedPool) -> None:
    assert pool.submit(batch("hang", "exit", "a", "exit")).result() == [
        ("hang", "too-slow"), ("exit", "worker-died"), ("a", None), ("exit", "worker-died"),
    ]  # fmt: skip


def test_a_worker_that_is_killed_costs_a_retry_and_no_document(pool: WatchedPool, tmp_path: Path) -> None:
    once = f"exit once {tmp_path / 'mark'}"
    assert pool.submit(batch("a", once, "b")).result() == [("a", None), (once, None), ("b", None)]
    (worker,) = pool.process_ids
    os.kill(worker, signal.SIGKILL)
    assert pool.submit(batch("c")).result() == [("c", None)]


def explain(documents: tuple[str, ...], watch: Watch) -> list[str]:
    look_at(documents, watch)
    return [stopped.message for stopped in watch.stopped.values()]


@pytest.mark.parametrize(
    ("pool", "document", "message"),
    [
        (TIGHT, "hang", r"^stopped after 2 s, the most that one document may take; .*raise --max-seconds"),
        (
            PATIENT,
            "hoard",
            r"^stopped at [\d,]+ MB of memory, of 300 MB that one document may take; .*raise --max-megabytes",
        ),
        (PATIENT, "exit", r"^a worker process ended with exit code 3 at this document, twice; leave it out"),
        (PATIENT, "crash", r"^a worker process ended by signal 11 at this document, twice; leave it out"),
    ],
    indirect=["pool"],
)
def test_the_reason_names_bound_value_and_remedy(pool: WatchedPool, document: str, message: str) -> None:
    (reason,) = pool.submit(partial(explain, (document,))).result()
    assert re.search(message, reason), reason


def test_an_error_is_that_of_its_batch_and_the_worker_lives(pool: WatchedPool) -> None:
    failed = pool.submit(batch("raise"))
    with pytest.raises(LookupError, match="no such harbour") as caught:
        failed.result()
    assert "misbehave" in caught.value.__notes__[0]  # where it was raised, over there
    before = pool.process_ids
    assert pool.submit(batch("a")).result() == [("a", None)]
    assert pool.process_ids == before


def leave_at_once(watch: Watch) -> None:
    watch.mark(NOWHERE)
    os._exit(4)


def test_workers_that_die_at_no_document_are_an_error(pool: WatchedPool) -> None:
    with pytest.raises(WorkerError, match=r"3 workers in a row ended .*exit code 4.*--workers"):
        pool.submit(leave_at_once).result()


def test_what_cannot_be_sent_is_told(pool: WatchedPool) -> None:
    with pytest.raises(TypeError, match="pickle"):
        pool.submit(partial(meet, threading.Lock(), "a")).result()  # type: ignore[arg-type]
    assert pool.submit(batch("a")).result() == [("a", None)]


def test_closing_ends_what_is_at_work_and_cancels_the_rest() -> None:
    pool = WatchedPool(1, Bounds(seconds=600), warm=False)
    at_work, waiting = pool.submit(batch("hang")), pool.submit(batch("a"))
    while not at_work.running() or not pool.process_ids:
        threading.Event().wait(0.01)
    pool.close()
    for future in (at_work, waiting):
        with pytest.raises(CancelledError):
            future.result()
    assert pool.process_ids == ()


def test_batches_go_to_all_workers_at_once(tmp_path: Path) -> None:
    pool = WatchedPool(2, Bounds(seconds=60), warm=False)
    try:
        ours: list[Future[str]] = [pool.submit(partial(meet, tmp_path, name)) for name in ("a", "b")]
        assert [future.result() for future in ours] == ["a", "b"]  # neither would end without the other
        assert len(pool.process_ids) == 2
    finally:
        pool.close()


def meet(folder: Path, name: str, watch: Watch) -> str:
    watch.mark(0)
    (folder / name).touch()
    while len(list(folder.iterdir())) < 2:
        threading.Event().wait(0.01)
    return name


def test_a_watch_marks_each_item_while_it_is_under_way() -> None:
    marks: list[int] = []
    stopped = Stopped("too-slow", "stopped")
    watch = Watch(marks.append, {1: stopped})
    assert [(item, why, marks[-1]) for item, why in watch.over("ab")] == [("a", None, 0), ("b", stopped, 1)]
    assert marks == [0, 1, NOWHERE]
    assert list(UNWATCHED.over("a")) == [("a", None)]
