"""kill -9 at twenty points of a run, then the same run again: the warehouse is that of an undisturbed one."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.killed_runs import POINTS


@pytest.mark.slow
def test_a_killed_run_that_is_run_again_leaves_what_an_undisturbed_one_leaves(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.killed_runs", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    *points, last = (json.loads(line) for line in done.stdout.splitlines())
    assert [point for point in points if point["differing"]] == []
    assert len({point["at"] for point in points}) == POINTS
    assert all(point["signal"] == signal.SIGKILL for point in points)
    places = {point["step"].partition(".")[0] for point in points}
    assert {"load", "stage", "templates"} & places >= {"load"}, places
    assert last["tables"]["articles"] == 7
    assert last["tables"]["templates"] == 1
    assert all(last["tables"][name] for name in ("edits", "search", "removal_history", "quarantine", "duplicates"))
