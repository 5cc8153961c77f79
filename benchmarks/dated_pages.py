"""Pages and texts with a known date of publication, and the count of what a finder makes of them.

A folder of pages has `truth.jsonl.gz` (`url`, `published`: YYYY-MM-DD, YYYY-MM or null, and `file` or `id`) and
`html/*.html.gz`. A file of texts is JSON lines with `key`, `text`, `url` and `published`, the
date that the text itself shows.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from transforms.types import RawDocument


@dataclass(frozen=True, slots=True)
class Dated:
    """One document with the date that is true of it, or None where it has none."""

    group: str
    key: str
    url: str | None
    page_type: str | None
    published: str | None
    content: bytes | str

    @property
    def is_even(self) -> bool:
        """The half on which rules are developed; the other measures them."""
        return zlib.crc32((self.url or self.key).encode()) % 2 == 0

    def raw(self) -> RawDocument:
        """The document as a reader would hand it on."""
        content = self.content if isinstance(self.content, bytes) else self.content.encode()
        return RawDocument(
            id=self.key,
            location=self.key,
            record_key="",
            source=self.group,
            url=self.url,
            fetched_at=None,
            media_type="text/html" if isinstance(self.content, bytes) else "text/plain",
            content=self.content,
            content_hash=hashlib.sha256(content).hexdigest(),
            content_bytes=len(content),
            input_id=self.key,
        )


def read_dated(path: Path) -> Iterator[Dated]:
    """The texts of a JSON lines file, or the pages of all folders in a folder that have such a truth."""
    if path.is_file():
        for line in path.read_text(encoding="utf-8").splitlines():
            record = json.loads(line)
            yield Dated(path.stem, record["key"], record.get("url"), None, record["published"], record["text"])
        return
    for truth in sorted(path.glob("*/truth.jsonl.gz")):
        with gzip.open(truth, "rt", encoding="utf-8") as lines:
            records = [json.loads(line) for line in lines]
        for record in records:
            if "published" in record:
                name = record.get("file") or f"{record['id']}.html.gz"
                content = gzip.decompress((truth.parent / "html" / name).read_bytes())
                kind = record.get("page_type")
                yield Dated(truth.parent.name, name, record["url"], kind, record["published"], content)


@dataclass
class Tally:
    """How often a finder was right (to the precision of the truth), wrong, silent on a date, loud on none."""

    right: int = 0
    wrong: int = 0
    missed: int = 0
    false: int = 0
    undated: int = 0
    seconds: float = 0.0

    def add(self, truth: str | None, found: str | None) -> None:
        """Count one document."""
        if truth and found:
            self.right += found.startswith(truth)
            self.wrong += not found.startswith(truth)
        elif truth:
            self.missed += 1
        elif found:
            self.false += 1
        else:
            self.undated += 1

    @property
    def documents(self) -> int:
        """How many were counted."""
        return self.right + self.wrong + self.missed + self.false + self.undated

    def line(self) -> str:
        """The counts, F1 of the dates and the share of documents rightly told dated or undated."""
        found, true = self.right + self.wrong + self.false, self.right + self.wrong + self.missed
        f1 = 2 * self.right / (found + true or 1)
        told = (self.right + self.wrong + self.undated) / (self.documents or 1)
        return (
            f"right {self.right:4d}  wrong {self.wrong:3d}  missed {self.missed:3d}  false {self.false:3d}  "
            f"undated {self.undated:3d}  F1 {f1:.3f}  undated accuracy {told:.3f}"
        )
