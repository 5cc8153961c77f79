"""Runs that are killed, in processes of their own: `python -m tests.killed_runs FOLDER`; for tests/test_kill.py.

The second run into a warehouse dies by SIGKILL just before its n-th step, where a step is a call into DuckDB or the
renaming of a finished file, so that the points lie in staging, templates, publish and history alike. Then it is run
again. This process itself opens no warehouse: it forks, so that each run has what is imported here for nothing.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
import tempfile
import traceback
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from types import FrameType

import pandas as pd  # noqa: F401 - DuckDB imports it with the first bound value
import pyarrow.parquet as pq  # noqa: F401

from flows.intake import Facts, Origin, make_document
from tests.template_runs import FIRST as AT
from tests.template_runs import Newsroom, document, prose
from transforms.pipeline import clean_document, extract_document
from transforms.types import ExtractedDocument, RawDocument

POINTS = 20
_STEPS = frozenset({"execute", "sql", "commit", "write_parquet", "insert_into"})
SLOGAN = "Harbour News, first on the quay since 1911."
FIRST = [document(f"first-{n}", f"{prose(n, 1)}\n{SLOGAN}") for n in range(3)]
EMPTY = make_document(Origin("/in/empty.txt", "empty.txt", "courier"), Facts(id="empty"), "", "text/plain")
# New articles that make a template of the slogan, known ones under new rules, a copy, and one that fails.
SECOND = [
    *FIRST, *(document(f"second-{n}", f"{prose(10 + n, 1)}\n{SLOGAN}") for n in range(4)),
    document("copy", f"{prose(10, 1)}\n{SLOGAN}"), EMPTY,
]  # fmt: skip


def main(folder: Path) -> None:
    """Print what an undisturbed run leaves, and what each killed one leaves once it is run again."""
    tempfile.tempdir = str(folder)  # what a killed process leaves is the test's to remove
    for record in FIRST[:1]:  # so that the models are read once and not by every child
        assert isinstance(record, RawDocument)
        found = extract_document(record)
        assert isinstance(found, ExtractedDocument)
        clean_document(found, AT)
    base = folder / "base"
    base.mkdir()
    in_child(lambda: Newsroom(base).run(FIRST, "run-1"))
    whole = copied(base, folder / "whole")
    in_child(lambda: (folder / "steps.json").write_text(json.dumps(counted_steps(whole))))
    steps = json.loads((folder / "steps.json").read_text())
    expected = tables(whole)
    for number in range(POINTS):
        at = 1 + number * (len(steps) - 1) // (POINTS - 1)
        newsroom = copied(base, folder / f"killed-{number}")
        status = in_child(lambda at=at, newsroom=newsroom: killed(newsroom, at))  # type: ignore[misc]
        in_child(lambda newsroom=newsroom: second_run(newsroom))  # type: ignore[misc]
        left = tables(newsroom)
        differing = sorted(name for name in expected if left.get(name) != expected[name])
        print(json.dumps({"at": at, "step": steps[at - 1], "signal": status, "differing": differing}), flush=True)
    print(json.dumps({"tables": {name: len(rows) for name, rows in expected.items()}}))


def second_run(newsroom: Newsroom) -> None:
    newsroom.run(SECOND, "run-2", batch=4, ruleset="rules-2")


def copied(base: Path, to: Path) -> Newsroom:
    to.mkdir()
    shutil.copy(base / "winnow.duckdb", to)
    return Newsroom(to)


def counted_steps(newsroom: Newsroom) -> list[str]:
    """Run it undisturbed, and name its steps."""
    steps: list[str] = []
    watch(steps.append)
    second_run(newsroom)
    sys.setprofile(None)
    return steps


def killed(newsroom: Newsroom, at: int) -> None:
    seen = Counter[str]()

    def count(_: str) -> None:
        seen["steps"] += 1
        if seen["steps"] == at:
            os.kill(os.getpid(), signal.SIGKILL)

    watch(count)
    second_run(newsroom)


def watch(note: Callable[[str], None]) -> None:
    def look(frame: FrameType, event: str, called: object) -> None:
        if event != "c_call":
            return
        name = getattr(called, "__name__", "")
        file = Path(frame.f_code.co_filename)
        if (name in _STEPS and file.parent.name == "warehouse" and file.stem != "migrate") or (
            name == "replace" and getattr(called, "__module__", "") == "posix"
        ):
            note(f"{file.stem}.{frame.f_code.co_name}: {name}")

    sys.setprofile(look)


def tables(newsroom: Newsroom) -> dict[str, list[str]]:
    """Every table, read in a child."""
    file = newsroom.folder / "tables.json"
    in_child(lambda: file.write_text(json.dumps(all_tables(newsroom))))
    found: dict[str, list[str]] = json.loads(file.read_text())
    return found


def all_tables(newsroom: Newsroom) -> dict[str, list[str]]:
    runs = newsroom.query("select * exclude (finished_at) from runs")
    return {**newsroom.tables(), "runs": sorted(map(repr, runs))}


def in_child(work: Callable[[], object]) -> int:
    """Do it in a fork of this process; the number of the signal that it died of, 0 if of none."""
    child = os.fork()
    if child == 0:
        try:
            work()
        except BaseException:  # noqa: BLE001 - shown, and told to the parent
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    status = os.waitpid(child, 0)[1]
    if os.WIFEXITED(status) and os.WEXITSTATUS(status):
        sys.exit("a run failed; see above")
    return os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0


if __name__ == "__main__":
    main(Path(sys.argv[1]))
