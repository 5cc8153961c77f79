"""Documents labelled by hand, as benchmarks/cleaning.py measures on them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Labelled:
    """One document, its artifacts as [start, end) with kind, and for each character whose it is.

    None is neutral or white space, "" content, else the artifact's kind.
    """

    key: str
    text: str
    labels: tuple[str | None, ...]
    artifacts: tuple[tuple[int, int, str], ...]


def read_labelled(path: Path) -> list[Labelled]:
    """The documents of one file."""
    documents = []
    for line in path.read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        text = record["text"]
        labels: list[str | None] = ["" for _ in text]
        for start, end, _ in record["neutral"]:
            labels[start:end] = [None] * (end - start)
        for start, end, kind in record["artifacts"]:
            labels[start:end] = [kind] * (end - start)
        labels = [None if char.isspace() else label for char, label in zip(text, labels, strict=True)]
        spans = tuple((start, end, kind) for start, end, kind in record["artifacts"])
        documents.append(Labelled(str(record.get("key", len(documents))), text, tuple(labels), spans))
    return documents
