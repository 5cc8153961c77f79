"""What a process that cleans documents may take of the machine."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

_COUNT_THREADS = """
import flows, os
import numpy
square = numpy.ones((900, 900), numpy.float32)
square @ square
print(len(os.listdir("/proc/self/task")))
"""


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="threads are counted in /proc")
@pytest.mark.skipif(os.cpu_count() == 1, reason="on one core there is one thread in any case")
@pytest.mark.parametrize(("set_by_user", "threads"), [({}, 1), ({"OPENBLAS_NUM_THREADS": "2"}, 2)])
def test_a_process_computes_in_one_thread_unless_told_otherwise(set_by_user: dict[str, str], threads: int) -> None:
    kept = {name: value for name, value in os.environ.items() if not name.endswith("_NUM_THREADS")}
    done = subprocess.run(
        [sys.executable, "-c", _COUNT_THREADS], env=kept | set_by_user, capture_output=True, text=True, check=True
    )
    assert int(done.stdout) == threads
