"""Whether memory and time a document stay where they are when the input grows.

    python benchmarks/memory.py [DOCUMENTS ...]

runs Winnow over made-up documents of about 1 kB, 1,000 and 10,000 by default, and prints for each the stages by the
clock, the processor time a document, and the largest memory of the main process, of a worker, of the office (staging,
checks, warehouse) and of Prefect's server. Processor time is that of all processes together: other work on the machine
does not count.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

_WORDS = [
    "ferry",
    "harbour",
    "council",
    "pier",
    "crane",
    "ticket",
    "island",
    "storm",
    "captain",
    "timetable",
    "budget",
    "engineer",
    "lighthouse",
    "cargo",
    "vote",
    "morning",
    "repair",
    "channel",
    "fuel",
    "crew",
    "passenger",
    "bridge",
    "signal",
    "market",
    "tide",
    "weather",
    "office",
    "report",
    "plan",
    "season",
]
_SITES = 40
_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")


def main(counts: list[int]) -> None:
    """Print the table."""
    print(f"{'documents':>9} {'ms each':>8} {'main':>6} {'worker':>7} {'office':>7} {'server':>7}  MB", flush=True)
    for count in counts:
        with tempfile.TemporaryDirectory() as folder:
            write_documents(Path(folder) / "documents.jsonl", count)
            seconds, largest = measure(Path(folder))
            print("  ".join(f"{role} {1000 * used / count:.2f} ms" for role, used in seconds.items()), flush=True)
            memory = " ".join(f"{largest.get(role, 0) / 1e6:7.0f}" for role in ("main", "worker", "office", "server"))
            print(f"{count:>9} {1000 * sum(seconds.values()) / count:8.1f} {memory}", flush=True)


def write_documents(path: Path, count: int) -> None:
    """Articles of a few paragraphs, with an artifact each and a line that its site repeats."""
    chance = random.Random(7)
    with path.open("w", encoding="utf-8") as file:
        for number in range(count):
            site = number % _SITES
            paragraphs = [" ".join(_sentences(chance)) for _ in range(4)]
            text = "\n\n".join([*paragraphs, "Read more: Island ferries", f"Written at the desk of harbour {site}."])
            url = f"https://site{site}.example/2026/01/{number}"
            file.write(json.dumps({"id": str(number), "url": url, "text": text}) + "\n")


def _sentences(chance: random.Random) -> Iterator[str]:
    for _ in range(3):
        words = chance.choices(_WORDS, k=14)
        yield f"The {words[0]} {' '.join(words[1:])} {chance.randrange(10_000)}."


def measure(folder: Path) -> tuple[dict[str, float], dict[str, int]]:
    """Processor seconds of a whole run and the largest resident bytes, each by role."""
    command = [Path(sys.executable).with_name("winnow"), "run", "documents.jsonl", "--workers", "2", "--verbose"]
    env = {**os.environ, "PREFECT_HOME": str(folder / "prefect")}
    largest: dict[str, int] = {}
    used: dict[tuple[str, int], float] = {}
    with (folder / "said").open("wb") as said, subprocess.Popen(command, cwd=folder, env=env, stderr=said) as run:
        while run.poll() is None:
            for role, process in _processes(run.pid):
                try:
                    held = int(Path(f"/proc/{process}/statm").read_bytes().split()[1]) * _PAGE
                    times = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
                except OSError:  # it has just ended
                    continue
                largest[role] = max(largest.get(role, 0), held)
                used[role, process] = (int(times[11]) + int(times[12])) / _TICKS
            time.sleep(0.3)
    lines = (folder / "said").read_text(encoding="utf-8").splitlines()
    assert run.returncode in {0, 1}, lines[-20:]
    print("\n".join(line for line in lines if line.endswith("%")))
    seconds: dict[str, float] = {}
    for (role, process), most in used.items():
        # A worker becomes the office when it has loaded DuckDB: what was counted before is in what is counted now.
        if role != "worker" or ("office", process) not in used:
            seconds[role] = seconds.get(role, 0) + most
    return seconds, largest


def _processes(main_process: int) -> list[tuple[str, int]]:
    """The run's processes with what they are for: workers are all but the first that the main process spawned."""
    found, spawned = [("main", main_process)], []
    for child in _children(main_process):
        try:
            command = Path(f"/proc/{child}/cmdline").read_bytes()
        except OSError:
            continue
        if b"embedded_server" in command:
            found.append(("server", child))
        elif b"spawn_main" in command:
            spawned.append(child)
    return found + [("office" if _is_office(child) else "worker", child) for child in sorted(spawned)]


def _is_office(process: int) -> bool:
    """The process that has loaded what checks and publishes."""
    try:
        return b"_duckdb" in Path(f"/proc/{process}/maps").read_bytes()
    except OSError:
        return False


def _children(process: int) -> list[int]:
    try:
        threads = list(Path(f"/proc/{process}/task").iterdir())
        return [int(child) for thread in threads for child in (thread / "children").read_text().split()]
    except OSError:
        return []


if __name__ == "__main__":
    main([int(count) for count in sys.argv[1:]] or [1_000, 10_000])
