"""What the peers do in benchmarks/throughput.py; runs in their own environment, which has nothing of Winnow.

    python throughput_peers.py trafilatura|datatrove|filters INPUT WORKERS

`trafilatura` extracts the pages of a folder with metadata; `datatrove` extracts, filters and writes them; `filters` are
its filters alone, over a file of JSON lines. Prints how many documents came out.
"""

import gzip
import json
import multiprocessing
import sys
import tempfile
from pathlib import Path

EXTRACT_SECONDS = 60  # datatrove's default of 1 drops everything on a slow machine


def read(path: Path) -> str:
    return gzip.decompress(path.read_bytes()).decode("utf-8", "replace")


def extract(path: Path) -> bool:
    from trafilatura import extract as extract_text

    return bool(extract_text(read(path), with_metadata=True))


def share(paths: list[Path], done: "multiprocessing.SimpleQueue[int]") -> None:
    """One worker's part of datatrove's pipeline."""
    from datatrove.data import Document
    from datatrove.pipeline.extractors import Trafilatura
    from datatrove.pipeline.writers import JsonlWriter

    documents = (Document(text=read(path), id=path.name) for path in paths)
    with tempfile.TemporaryDirectory() as folder:
        steps = (Trafilatura(timeout=EXTRACT_SECONDS), *filters(), JsonlWriter(folder))
        done.put(run(documents, steps))


def filters():
    from datatrove.pipeline.filters import C4QualityFilter, FineWebQualityFilter, GopherQualityFilter

    return GopherQualityFilter(), C4QualityFilter(), FineWebQualityFilter()


def run(documents, steps) -> int:
    for step in steps:
        documents = step(documents, 0, 1)
    return sum(1 for _ in documents)


def main(what: str, source: Path, workers: int) -> None:
    if what == "filters":
        from datatrove.data import Document

        with source.open(encoding="utf-8") as lines:
            records = (json.loads(line) for line in lines)
            print(run((Document(text=r["text"], id=r["id"]) for r in records), filters()))
        return
    paths = sorted(source.iterdir())
    if what == "trafilatura":
        with multiprocessing.Pool(workers) as pool:
            print(sum(pool.imap_unordered(extract, paths, chunksize=4)))
            pool.close()
            pool.join()
        return
    done: multiprocessing.SimpleQueue[int] = multiprocessing.SimpleQueue()
    parts = [multiprocessing.Process(target=share, args=(paths[n::workers], done)) for n in range(workers)]
    for part in parts:
        part.start()
    for part in parts:
        part.join()
    if any(part.exitcode for part in parts):
        sys.exit("a part of datatrove's pipeline failed")
    print(sum(done.get() for _ in parts))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))
