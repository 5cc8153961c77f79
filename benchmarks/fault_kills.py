"""kill -9 at random points of a run: of the scheduler, the loader or a worker; for benchmarks/faults.py."""

from __future__ import annotations

import os
import random
import signal
import time
from collections import Counter
from contextlib import suppress
from functools import cache, partial
from pathlib import Path

import duckdb

from benchmarks import fault_forks
from benchmarks.fault_runs import PUBLISHED, Scene, begun, check, contents, expect

_PATIENCE_SECONDS = 300


def killed_schedulers(scene: Scene, kills: int) -> str:
    """The process that hands out the batches, which is the run itself: its others end with it, the next run has all."""
    came = Counter[str]()
    for number in range(kills):
        folder = scene.folder("killed")
        started = fault_forks.start(folder)
        if started.wait(random.Random(number).uniform(0, _seconds(scene))) is None:
            others = started.processes("loader") + started.processes("worker")
            os.kill(started.pid, signal.SIGKILL)
            started.wait(_PATIENCE_SECONDS)
            _expect_gone(others)
        else:
            came["had ended"] += 1
        lost = begun(folder)
        came[fault_forks.do(partial(_state, folder)) if lost else "left nothing"] += 1
        (folder / "processes").unlink(missing_ok=True)
        came["told by the next"] += "was ended from outside" in _settle(scene, folder)
    return f"{kills} kills: {_words(came)}"


def killed_loaders(scene: Scene, kills: int) -> str:
    """The process that stages, checks and publishes: another one takes its place, and the run goes on."""
    return _killed_helpers(scene, kills, "loader")


def killed_workers(scene: Scene, kills: int) -> str:
    """A process that extracts and cleans: another one takes its place, and the run goes on."""
    return _killed_helpers(scene, kills, "worker")


def _killed_helpers(scene: Scene, kills: int, role: str) -> str:
    came = Counter[str]()
    hits = number = 0
    while hits < kills:
        number += 1
        folder = scene.folder("killed")
        started = fault_forks.start(folder)
        at = random.Random(number).uniform(0.3, _seconds(scene))
        code = started.wait(at)
        if code is None and (found := started.processes(role)):
            with suppress(ProcessLookupError):  # it has ended by itself just now
                os.kill(random.Random(number).choice(found), signal.SIGKILL)
                hits += 1
        if code is None:
            code = started.wait(_PATIENCE_SECONDS)
        expect(f"the run does not end ({at:.2f} s)", holds=code is not None)
        came[f"exit {code}"] += 1
        if code in PUBLISHED:
            fault_forks.do(partial(check, scene, folder))
        else:
            (folder / "processes").unlink(missing_ok=True)
            said = (folder / "said").read_text().strip().splitlines() or [""]
            came[f"after {at:.2f} s it said {said[-1][-300:]!r}, and the next: {_settle(scene, folder)}"] += 1
    return f"{hits} kills in {number} runs: {_words(came)}"


@cache
def _seconds(scene: Scene) -> float:
    """How long the undisturbed run takes, forked."""
    fault_forks.load()
    folder = scene.folder("timed")
    done = fault_forks.run(folder)
    expect(f"the undisturbed run ended with {done.returncode}: {done.stderr}", holds=done.returncode in PUBLISHED)
    began = time.monotonic()
    fault_forks.run(scene.folder("timed"))
    return time.monotonic() - began


def _settle(scene: Scene, folder: Path) -> str:
    lost = begun(folder)
    done = fault_forks.run(folder)
    expect(f"the next run ended with {done.returncode}: {done.stderr[-500:]}", holds=done.returncode in PUBLISHED)
    expect("staged files are left", holds=not (folder / "winnow.duckdb.staging").exists())
    return fault_forks.do(partial(check, scene, folder, lost))


def _state(folder: Path) -> str:
    """How far the killed run was."""
    if len(contents(folder / "winnow.duckdb")["articles"]) <= 6:
        return "under way"
    with duckdb.connect(folder / "winnow.duckdb", read_only=True) as connection:
        ((reported,),) = connection.execute("select report_status from runs order by rowid desc limit 1").fetchall()
    return "published and reported" if reported else "published, not reported"


def _expect_gone(processes: list[int]) -> None:
    deadline = time.monotonic() + 20
    while left := [number for number in processes if Path(f"/proc/{number}").exists()]:
        expect(f"processes outlive the run that started them: {left}", holds=time.monotonic() < deadline)
        time.sleep(0.05)


def _words(came: Counter[str]) -> str:
    return ", ".join(f"{count} {what}" for what, count in came.items())
