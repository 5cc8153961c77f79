"""How fast Winnow is beside its peers, and where the time of a run goes.

    python benchmarks/throughput.py DATA [--pages 200] [--texts 2000] [--rounds 3] [--peers FOLDER] [--ratios 1 2 3 4 5]

DATA holds `wcxb-dev/html/*.html.gz` and `wcxb-dev/truth.jsonl.gz`. Peers are installed into an environment of their own
in FOLDER, once. Each work is run over one document and over all, in alternating order, and what one document more costs
is the difference by the count: starts, imports and fixed steps of all sides are left out alike. By the clock, and in
processor time of all processes together, which others on the machine disturb less; ratios are medians over rounds. The
peers' filters get a tenth of the texts: they take as long over each.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

_WINNOW = Path(sys.executable).with_name("winnow")
_PEERS = Path(__file__).with_name("throughput_peers.py")
_TEXT_CHARS = (4_000, 6_000)
# Trafilatura last and by itself: datatrove pins an older one; with a newer lxml it needs what its wheel does not name.
_INSTALLS = (("datatrove[processing]==0.10.0", "spacy", "orjson"), ("trafilatura==2.3.1", "lxml_html_clean"))


@dataclass(frozen=True, slots=True)
class Work:
    """A named command over `{input}`; `reads` says which input."""

    name: str
    command: tuple[str, ...]
    reads: str


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds that one document more takes, by the clock and of processors."""

    clock: float
    processor: float


# Left over right: how many times as fast the left is.
_RATIOS = (
    ("winnow, 2 workers", "trafilatura, 2 processes", "at least 1.0"),
    ("winnow, 2 workers", "datatrove, 2 processes", "at least 3"),
    ("winnow text, 1 worker", "datatrove filters, 1 process", "at least 10"),
    ("winnow, 2 workers", "winnow, 1 worker", "at least 1.7, by the clock"),
    ("winnow, Dask cluster of 2", "winnow, 2 workers", "at least 0.9"),
)


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser()
    parser.add_argument("data", type=Path)
    parser.add_argument("--pages", type=int, default=200)
    parser.add_argument("--texts", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--peers", type=Path, default=Path.home() / ".cache" / "winnow-peers")
    parser.add_argument("--ratios", type=int, nargs="+", default=[1, 2, 3, 4, 5])
    options = parser.parse_args()
    ratios = [_RATIOS[number - 1] for number in options.ratios]
    python = install_peers(options.peers)
    with tempfile.TemporaryDirectory() as folder:
        inputs = make_inputs(options.data / "wcxb-dev", Path(folder), options.pages, options.texts)
        counts = {"pages": options.pages, "texts": options.texts, "few texts": options.texts // 10}
        measured: dict[str, list[Cost]] = {}
        named = {name for ours, theirs, _ in ratios for name in (ours, theirs)}
        works = [work for work in make_works(python) if work.name in named]
        for number in range(options.rounds):
            for work in works if number % 2 == 0 else reversed(works):
                cost = cost_of(work, inputs, counts[work.reads])
                measured.setdefault(work.name, []).append(cost)
                print(f"round {number + 1}  {work.name:30} {show(cost)}", flush=True)
        show_ratios(measured, ratios)
        show_shares(inputs["pages"][1])


def install_peers(folder: Path) -> str:
    """The peers' Python; installed where it is not there yet."""
    python = folder / "bin" / "python"
    if not (folder / "complete").exists():
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        for packages in _INSTALLS:
            subprocess.run([python, "-m", "pip", "install", "--quiet", *packages], check=True)
        (folder / "complete").touch()
    return str(python)


def make_works(python: str) -> tuple[Work, ...]:
    """What is compared."""

    def winnow(*arguments: str) -> tuple[str, ...]:
        return (str(_WINNOW), "run", "{input}", *arguments)

    def peer(what: str, workers: int) -> tuple[str, ...]:
        return (python, str(_PEERS), what, "{input}", str(workers))

    return (
        Work("winnow, 2 workers", winnow("--workers", "2"), "pages"),
        Work("trafilatura, 2 processes", peer("trafilatura", 2), "pages"),
        Work("datatrove, 2 processes", peer("datatrove", 2), "pages"),
        Work("winnow, 1 worker", winnow("--workers", "1"), "pages"),
        Work("winnow, Dask cluster of 2", winnow("--runner", "dask", "--workers", "2"), "pages"),
        Work("winnow text, 1 worker", winnow("--workers", "1"), "texts"),
        Work("datatrove filters, 1 process", peer("filters", 1), "few texts"),
    )


def make_inputs(data: Path, folder: Path, pages: int, texts: int) -> dict[str, tuple[Path, Path]]:
    """Per kind an input of one document and one of all: every n-th page, and the texts of about 5 kB."""
    paths = sorted((data / "html").glob("*.html.gz"))
    chosen = [paths[number * len(paths) // pages] for number in range(pages)]
    for name, some in (("one", chosen[:1]), ("all", chosen)):
        (folder / name).mkdir()
        for path in some:
            (folder / name / path.name).write_bytes(path.read_bytes())
    with gzip.open(data / "truth.jsonl.gz", "rt", encoding="utf-8") as lines:
        records = [json.loads(line) for line in lines]
    least, most = _TEXT_CHARS
    fitting = [r["text"] for r in records if least <= len(r["text"] or "") <= most]
    # Each once more with a number, until there are enough: a text that was seen is not cleaned again.
    lines = [json.dumps({"id": str(n), "text": f"{fitting[n % len(fitting)]}\n\nNumber {n}."}) for n in range(texts)]
    for name, some in (("one", lines[:1]), ("few", lines[: texts // 10]), ("all", lines)):
        (folder / f"{name}.jsonl").write_text("\n".join(some) + "\n", encoding="utf-8")
    return {
        "pages": (folder / "one", folder / "all"),
        "texts": (folder / "one.jsonl", folder / "all.jsonl"),
        "few texts": (folder / "one.jsonl", folder / "few.jsonl"),
    }


def cost_of(work: Work, inputs: dict[str, tuple[Path, Path]], count: int) -> Cost:
    """What one document more costs."""
    one, every = (timed(work, source) for source in inputs[work.reads])
    return Cost((every.clock - one.clock) / (count - 1), (every.processor - one.processor) / (count - 1))


def timed(work: Work, source: Path) -> Cost:
    """The whole command."""
    with tempfile.TemporaryDirectory() as folder:
        command = [part.replace("{input}", str(source)) for part in work.command]
        env = {**os.environ, "PREFECT_HOME": f"{folder}/prefect"}
        before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
        done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False)
        clock, after = time.monotonic() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
        good = {0, 1} if command[0] == str(_WINNOW) else {0}  # 1: some were quarantined
        assert done.returncode in good, f"{command} ended with {done.returncode}: {done.stderr}"
    return Cost(clock, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def show(cost: Cost) -> str:
    """Both rates, a document a second."""
    return f"{1 / cost.clock:8.2f} a second by the clock, {1 / cost.processor:8.2f} a second of processor"


def show_ratios(measured: dict[str, list[Cost]], ratios: list[tuple[str, str, str]]) -> None:
    """Medians over the rounds, each of two works of the same round."""
    print(f"\n{'how many times as fast':62} {'clock':>6} {'processor':>10}   to reach")
    for ours, theirs, reach in ratios:
        pairs = list(zip(measured[ours], measured[theirs], strict=True))
        clock = statistics.median(their.clock / our.clock for our, their in pairs)
        processor = statistics.median(their.processor / our.processor for our, their in pairs)
        print(f"{ours:28} as {theirs:30} {clock:6.2f} {processor:10.2f}   {reach}")


def show_shares(pages: Path) -> None:
    """Where the time of one run goes."""
    print("\nshares of a run over the pages, 2 workers")
    with tempfile.TemporaryDirectory() as folder:
        env = {**os.environ, "PREFECT_HOME": f"{folder}/prefect"}
        command = [_WINNOW, "run", str(pages), "--workers", "2", "--verbose"]
        done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False)
    print("\n".join(line for line in done.stderr.splitlines() if line.endswith("%")))


if __name__ == "__main__":
    main()
