"""Runs of `winnow` that a fault is done to, and what must hold afterwards; for benchmarks/faults.py.

Every fault is done to the same scripted run: a warehouse that holds the pages of one desk takes in those of a second.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from flows.report_news import find_needs
from flows.run_report import read_run_report
from warehouse.connect import connect_writer
from warehouse.invariants import check_invariants

ROOT = Path(__file__).parents[1]
FIRST = str(ROOT / "samples" / "world-desk")
SECOND = str(ROOT / "samples" / "press-room")
WINNOW = str(Path(sys.executable).with_name("winnow"))
PUBLISHED = (0, 1)
# What a run writes of itself, and when.
_TIMES = ("_at", "run_id", "run_name", "_run_id", "extractor_version")
_COMPARED = ("inputs", "articles", "edits", "flags", "article_scores", "quarantine", "duplicates")


class FaultError(AssertionError):
    """A promise that did not hold."""


def expect(what: str, *, holds: bool) -> None:
    """Raise FaultError unless it holds."""
    if not holds:
        raise FaultError(what)


@dataclass(frozen=True, eq=False)
class Scene:
    """The warehouse that every fault begins with, what an undisturbed run makes of it, and how long that takes."""

    base: Path
    expected: dict[str, list[str]] = field(default_factory=dict)
    seconds: float = 0.0

    def folder(self, name: str) -> Path:
        """A new folder with a copy of the warehouse as it was before the run."""
        folder = self.base / name.replace(" ", "-")
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        shutil.copy(self.base / "first" / "winnow.duckdb", folder)
        return folder


def set_scene(base: Path) -> Scene:
    """Make the warehouse, and see what the undisturbed run leaves."""
    (base / "first").mkdir()
    done = run(base / "first", FIRST)
    expect(f"the first run ended with {done.returncode}: {done.stderr[-500:]}", holds=done.returncode in PUBLISHED)
    whole = Scene(base).folder("whole")
    began = time.monotonic()
    done = run(whole)
    seconds = time.monotonic() - began
    expect(f"the undisturbed run ended with {done.returncode}", holds=done.returncode in PUBLISHED)
    return Scene(base, contents(whole / "winnow.duckdb"), seconds)


def run(folder: Path, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """One run to its end."""
    return subprocess.run(
        command(arguments), cwd=folder, env={**os.environ, **environ}, capture_output=True, text=True, check=False
    )


def start(folder: Path, *arguments: str, **environ: str) -> subprocess.Popen[str]:
    """The same run, under way; what it says goes to `said` in its folder."""
    with (folder / "said").open("w") as said:
        return subprocess.Popen(
            command(arguments),
            cwd=folder,
            env={**os.environ, **environ},
            stdout=subprocess.DEVNULL,
            stderr=said,
            text=True,
        )


def command(arguments: tuple[str, ...]) -> list[str]:
    """The command line of the scripted run: over both desks, unless the arguments name others."""
    named = [value for value in arguments if not value.startswith("--")]
    return [WINNOW, "run", *(() if named and not arguments[0].startswith("--") else (FIRST, SECOND)), *arguments]


def contents(warehouse: Path) -> dict[str, list[str]]:
    """What a warehouse holds, without when and by which run. Raises FaultError where a promise is broken."""
    try:
        with connect_writer(warehouse) as connection:
            runs = [str(run_id) for (run_id,) in connection.execute("select run_id from runs").fetchall()]
            check_invariants(connection, *runs)
            found = {}
            for table in _COMPARED:
                columns = connection.execute(f"select * from {table} limit 0").description or ()
                names = [column[0] for column in columns if not column[0].endswith(_TIMES)]
                rows = connection.execute(f"select {', '.join(names)} from {table}").fetchall()
                found[table] = sorted(map(repr, rows))
            return found
    except Exception as error:
        raise FaultError(f"the warehouse is not sound: {error}") from error


def begun(folder: Path) -> list[str]:
    """The ids of runs that left a folder behind: those that the next run has to tell of."""
    owners = (folder / "winnow.duckdb.staging").glob("*/owner.json")
    return [json.loads(owner.read_text())["run_id"] for owner in owners if owner.stat().st_size]


def settle(scene: Scene, folder: Path) -> str:
    """An undisturbed run, after which the warehouse is as if there had been no fault, and the report says what was.

    Returns what its report says; raises FaultError where it names not each run that left a folder.
    """
    lost = begun(folder)
    done = run(folder)
    expect(f"the next run ended with {done.returncode}: {done.stderr[-500:]}", holds=done.returncode in PUBLISHED)
    expect("staged files are left", holds=not (folder / "winnow.duckdb.staging").exists())
    return check(scene, folder, lost)


def check(scene: Scene, folder: Path, lost: Sequence[str] = ()) -> str:
    """Raise FaultError unless the warehouse is as if there had been no fault, and its last run tells of those `lost`.

    Of a run that was killed when its report was out already there is nothing to tell. Returns what the report of the
    last run says.
    """
    found = contents(folder / "winnow.duckdb")
    other = [
        f"{table}: {_first_difference(found[table], rows)}"
        for table, rows in scene.expected.items()
        if found[table] != rows
    ]
    expect(f"the warehouse differs from one without faults: {'; '.join(other)}", holds=not other)
    with duckdb.connect(folder / "winnow.duckdb", read_only=True) as connection:
        # By the table's own order: the clock may have been set back.
        runs = connection.execute("select run_id from runs where status <> 'interrupted' order by rowid").fetchall()
        reported = dict(connection.execute("select run_id, report_status from runs").fetchall())
        report = read_run_report(connection, str(runs[-1][0]))
    unknown = set(lost) - set(reported)
    expect(f"{unknown} are not in the history", holds=not unknown)
    untold = {run_id for run_id in lost if not reported[run_id]} - {run.run_id for run in report.unfinished}
    expect(f"the report tells not of {untold}", holds=not untold)
    return "; ".join(need for need, _ in find_needs(report) if "could not be used" not in need)


def _first_difference(found: list[str], expected: list[str]) -> str:
    more, less = sorted(set(found) - set(expected)), sorted(set(expected) - set(found))
    return f"{len(found)} rows for {len(expected)}, more {str(more[:1])[:300]}, less {str(less[:1])[:300]}"
