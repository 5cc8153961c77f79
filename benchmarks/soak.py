"""Runs in a row in one process, with a reader that queries all the while: what grows, and how long the reader waits.

    python benchmarks/soak.py [RUNS] [ARTICLES A RUN]

Prints a line a run: seconds, memory and open files of the process that runs them, its children and the files beside
the warehouse that are left when a run is over, the warehouse's size; and at the end what the reader saw.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
from flows.embedded_server import EmbeddedServer
from flows.job import JobSettings
from flows.run_command import run_and_show

READER = """
import sys, time
from pathlib import Path
from warehouse.connect import connect_reader
from warehouse.errors import WarehouseError

path, stop = Path(sys.argv[1]), Path(sys.argv[2])
queries = failed = 0
longest = last = 0.0
while not stop.exists():
    began = time.monotonic()
    try:
        with connect_reader(path) as connection:
            ((count,),) = connection.execute("select count(*) from clean_articles").fetchall()
            assert count >= last, "articles went away"
            last = count
        queries += 1
    except WarehouseError:
        failed += path.exists()
    longest = max(longest, time.monotonic() - began)
    time.sleep(0.05)
print(f"the reader: {queries} queries, {failed} failed, the longest waited {longest:.2f} s; {last} articles at the end")
"""
TEXT = (
    "The harbour council of {0} voted on day {1} to rebuild pier {0}, which the storm of {1} broke. It costs {2} euros."
)


def main() -> None:
    """Run, measure, print."""
    runs, articles = (int(value) for value in (*sys.argv[1:], "10", "100")[:2])
    server = EmbeddedServer()
    server.start()
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        os.environ |= {"PREFECT_HOME": str(folder / "prefect"), "PREFECT_API_URL": server.wait()}
        os.chdir(folder)
        inbox, stop = folder / "in", folder / "stop"
        inbox.mkdir()
        reader = subprocess.Popen([sys.executable, "-c", READER, "winnow.duckdb", str(stop)], stdout=subprocess.PIPE)
        for run in range(runs):
            for number in range(articles):
                text = TEXT.format(run * articles + number, run, number * 7919)
                (inbox / f"{run}-{number}.txt").write_text(f"{text}\n" * 5)
            began = time.monotonic()
            code = run_and_show(JobSettings(paths=("in",)), verbose=False)
            left = [path for path in folder.glob("winnow.duckdb*") if path.name != "winnow.duckdb"]
            files = len(list(Path("/proc/self/fd").iterdir()))
            print(
                f"run {run + 1}: code {code}, {time.monotonic() - began:.1f} s, {_resident():.0f} MB, "
                f"{files} files open, {_children()} children, {len(left)} files beside, "
                f"warehouse {Path('winnow.duckdb').stat().st_size / 1e6:.1f} MB",
                flush=True,
            )
        stop.touch()
        print(reader.communicate()[0].decode().strip())
    server.stop()


def _resident() -> float:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def _children() -> int:
    """Beside the server and the reader."""
    return len(Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()) - 2


if __name__ == "__main__":
    main()
