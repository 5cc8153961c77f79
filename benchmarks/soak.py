"""A run a minute in one process, with a reader that queries all the while: what grows, and how long each waits.

    python benchmarks/soak.py [MINUTES] [ARTICLES A RUN]     # 30 minutes of 100 articles

Prints a line a run: seconds, memory, open files, sockets and threads of the process that runs them, its children, the
files beside the warehouse that are left when a run is over, the warehouse's size, and how long its processes waited for
the warehouse's lock. At the end what came of it: slopes over the runs after the first five, in which modules are loaded
and caches filled, and what the reader saw.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from statistics import fmean, linear_regression

sys.path.insert(0, str(Path(__file__).parents[1]))
from flows.embedded_server import EmbeddedServer
from flows.job_settings import JobSettings
from flows.office import Office
from flows.run_command import run_and_show

READER = """
import sys, time
from pathlib import Path
from warehouse.connect import connect_reader
from warehouse.errors import WarehouseError

path, stop = Path(sys.argv[1]), Path(sys.argv[2])
waits, failed, last = [], 0, 0
while not stop.exists():
    began = time.monotonic()
    try:
        with connect_reader(path) as connection:
            ((count,),) = connection.execute("select count(*) from clean_articles").fetchall()
            assert count >= last, "articles went away"
            last = count
        waits.append(time.monotonic() - began)
    except WarehouseError as error:
        if path.exists():
            failed += 1
            print(error, file=sys.stderr)
    time.sleep(0.2)
waits.sort()
print(f"the reader: {len(waits)} queries, {failed} failed; waited {waits[len(waits) // 2]:.3f} s in the middle, "
      f"{waits[-1 - len(waits) // 1000]:.2f} s at 99.9 %, {waits[-1]:.2f} s at most; {last} articles at the end")
"""
TEXT = (
    "The harbour council of {0} voted on day {1} to rebuild pier {0}, which the storm of {1} broke. It costs {2} euros."
)
_SETTLED = 5  # runs in which memory may still grow
_WAITS = "lock_waits"


@dataclass(frozen=True)
class Load:
    """What the process holds after a run, and what the run took. Memory in MB, of it and of the Prefect server."""

    seconds: float
    memory: float
    server: float
    files: int
    sockets: int
    threads: int
    children: int
    beside: int
    warehouse: float
    waited: float


def main() -> None:
    """Run, measure, print; ends with 1 where a run failed."""
    minutes = int(sys.argv[1]) if len(sys.argv) > 1 else 30
    articles = int(sys.argv[2]) if len(sys.argv) > 2 else 100
    server = EmbeddedServer()
    server.start()
    do = Office.do
    Office.do = lambda office, step, *given: do(office, _note_waits, step, *given)  # type: ignore[method-assign]
    loads: list[Load] = []
    codes: list[int] = []
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        os.environ |= {"PREFECT_HOME": str(folder / "prefect"), "PREFECT_API_URL": server.wait()}
        os.environ[_WAITS] = str(folder / _WAITS)
        os.chdir(folder)
        inbox, stop = folder / "in", folder / "stop"
        inbox.mkdir()
        reader = subprocess.Popen([sys.executable, "-c", READER, "winnow.duckdb", str(stop)], stdout=subprocess.PIPE)
        began = time.monotonic()
        while (at := time.monotonic()) - began < minutes * 60:
            for number in range(articles):
                text = TEXT.format(len(loads) * articles + number, len(loads), number * 7919)
                (inbox / f"{len(loads)}-{number}.txt").write_text(f"{text}\n" * 5)
            codes.append(run_and_show(JobSettings(paths=("in",)), verbose=False))
            loads.append(_measure(folder, time.monotonic() - at))
            print(f"run {len(loads)}: code {codes[-1]}, {loads[-1]}", flush=True)
            time.sleep(max(0.0, 60 - (time.monotonic() - at)))
        stop.touch()
        print(_summary(loads, codes))
        print(reader.communicate()[0].decode().strip(), flush=True)
    server.stop()
    sys.exit(any(code not in {0, 1} for code in codes))


def _summary(loads: Sequence[Load], codes: Sequence[int]) -> str:
    lines = [f"{len(loads)} runs, codes {sorted(set(codes))}; first, after {_SETTLED} runs, last, slope a run since:"]
    settled = loads[_SETTLED:]
    for name in (field.name for field in fields(Load)):
        values = [float(getattr(load, name)) for load in loads]
        slope = linear_regression(range(len(settled)), values[_SETTLED:]).slope if len(settled) > 1 else 0.0
        after = values[min(_SETTLED, len(values) - 1)]
        lines.append(
            f"{name:10} {values[0]:8.2f} {after:8.2f} {values[-1]:8.2f} {slope:+8.3f}"
            f"   mean {fmean(values):.2f}, most {max(values):.2f}"
        )
    return "\n".join(lines)


def _measure(folder: Path, seconds: float) -> Load:
    left = [path for path in folder.glob("winnow.duckdb*") if path.name != "winnow.duckdb"]
    files = [_target(path) for path in Path("/proc/self/fd").iterdir()]
    children = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
    servers = [child for child in children if b"embedded_server" in Path(f"/proc/{child}/cmdline").read_bytes()]
    waits = Path(os.environ[_WAITS])
    waited = max(map(float, waits.read_text().split()), default=0.0) if waits.exists() else 0.0
    waits.unlink(missing_ok=True)
    return Load(
        seconds=round(seconds, 1),
        memory=_resident("self"),
        server=sum(map(_resident, servers)),
        files=len(files),
        sockets=sum(target.startswith("socket:") for target in files),
        threads=len(list(Path("/proc/self/task").iterdir())),
        children=len(children) - 2,  # beside the server and the reader
        beside=len(left),
        warehouse=round(Path("winnow.duckdb").stat().st_size / 1e6, 1),
        waited=waited,
    )


def _target(path: Path) -> str:
    try:
        return str(path.readlink())
    except FileNotFoundError:
        return ""


def _resident(process: str) -> float:
    return round(int(Path(f"/proc/{process}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6, 1)


def _note_waits(step: Callable[..., object], *given: object) -> object:
    """A step as it is, in the office, which notes how long it waits for the warehouse."""
    from warehouse import connect  # noqa: PLC0415 - in the office

    opened = connect._open  # noqa: SLF001

    def timed(*arguments, **named):  # type: ignore[no-untyped-def]
        began = time.monotonic()
        try:
            return opened(*arguments, **named)
        finally:
            with Path(os.environ[_WAITS]).open("a") as waits:
                waits.write(f"{time.monotonic() - began:.3f}\n")

    connect._open = timed  # noqa: SLF001
    try:
        return step(*given)
    finally:
        connect._open = opened  # noqa: SLF001


if __name__ == "__main__":
    main()
