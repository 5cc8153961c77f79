"""How fast each format is read (processor time), and whether memory stays where it is when files grow.

    python benchmarks/readers.py [MEGABYTES]

makes one file of that size (200 by default) of each format in a temporary folder, reads it in a process of its own, and
prints megabytes (unpacked) a second and the process's largest memory, beside those for a file of a tenth the size.
Formats with addresses take up to 15 MB more: the domains of the last 65,536 are kept.
"""

from __future__ import annotations

import gzip
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from flows.inbox import find_files
from flows.sources import read_documents
from transforms.types import RawDocument

_PARAGRAPHS = 8
_ROWS = 1000


def main(megabytes: int) -> None:
    """Print the table."""
    print(f"{'format':12} {'MB/s':>7} {'records':>8} {'MB memory':>10} {'at a tenth':>11}")
    with tempfile.TemporaryDirectory() as folder:
        for name, write in _WRITERS.items():
            figures: list[str] = []
            for size in (megabytes // 10, megabytes):
                path = Path(folder) / name
                unpacked = write(path, size * 1_000_000)
                command = [sys.executable, __file__, "--read", str(path)]
                seconds, records, memory = subprocess.run(
                    command, capture_output=True, text=True, check=True
                ).stdout.split()
                figures = [f"{unpacked / 1e6 / float(seconds):7.0f} {records:>8} {memory:>10}", *figures[:1]]
                path.unlink()
            print(f"{name:12} {figures[0]} {figures[1].split()[-1]:>11}", flush=True)


def measure(path: str) -> None:
    """Read one file and print seconds, records and megabytes of memory."""
    start = time.process_time()  # of this process: other work on the machine does not count
    records = sum(isinstance(record, RawDocument) for record in read_documents(find_files([path]).files))
    seconds = time.process_time() - start
    print(seconds, records, _most_memory())


def _most_memory() -> int:
    """Megabytes; from /proc where there is one, since getrusage also counts what the parent had."""
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1000
    (line,) = (line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) // 1000


def _texts(size: int) -> Iterator[str]:
    chosen, made = random.Random(1), 0
    while made < size:
        words = (f"ferry{chosen.randrange(5000)}" for _ in range(80))
        text = "\n".join([" ".join(words)] * _PARAGRAPHS)
        made += len(text)
        yield text


def _json_lines(path: Path, size: int) -> int:
    with path.open("w") as file:
        return sum(
            file.write(json.dumps({"url": f"http://a.example/{n}", "text": t}) + "\n") for n, t in _counted(size)
        )


def _json_list(path: Path, size: int) -> int:
    with path.open("w") as file:
        start = file.write("[{}")
        return start + sum(file.write(",\n" + json.dumps({"id": n, "text": t})) for n, t in _counted(size))


def _csv(path: Path, size: int) -> int:
    with path.open("w") as file:
        return file.write("id,text\n") + sum(file.write(f'{n},"{t}"\n') for n, t in _counted(size))


def _packed_lines(path: Path, size: int) -> int:
    with gzip.open(path, "wt", compresslevel=1) as file:
        return sum(file.write(json.dumps({"id": n, "text": t}) + "\n") for n, t in _counted(size))


def _parquet(path: Path, size: int) -> int:
    schema, made = pa.schema({"url": pa.string(), "text": pa.string()}), 0
    with pq.ParquetWriter(path, schema, compression="zstd") as file:  # one row group for all, the worst case
        texts = [t for _, t in _counted(size)]
        made = sum(map(len, texts))
        file.write_table(pa.table([[f"http://a.example/{n}" for n in range(len(texts))], texts], schema), len(texts))
    return made


def _warc(path: Path, size: int) -> int:
    with path.open("wb") as file:
        return sum(file.write(_record(n, t)) for n, t in _counted(size))


def _packed_warc(path: Path, size: int) -> int:
    made = 0
    with path.open("wb") as file:
        for number, text in _counted(size):
            record = _record(number, text)
            made += len(record)
            file.write(gzip.compress(record, 1))
    return made


def _record(number: int, text: str) -> bytes:
    page = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html><body><p>{text}</p></body></html>".encode()
    head = f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: http://a.example/{number}\r\n"
    return f"{head}Content-Length: {len(page)}\r\n\r\n".encode() + page + b"\r\n\r\n"


def _counted(size: int) -> Iterator[tuple[int, str]]:
    yield from enumerate(_texts(size))


_WRITERS: dict[str, Callable[[Path, int], int]] = {
    "a.jsonl": _json_lines,
    "a.jsonl.gz": _packed_lines,
    "a.json": _json_list,
    "a.csv": _csv,
    "a.parquet": _parquet,
    "a.warc": _warc,
    "a.warc.gz": _packed_warc,
}

if __name__ == "__main__":
    if sys.argv[1:2] == ["--read"]:
        measure(sys.argv[2])
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 200)
