"""What a run keeps between its two steps: the extracted documents of a batch, as JSON lines in zstd.

Written under another name and renamed, so a file that is there is whole. Plain text and not pickled objects: it can
be looked at when a run was stopped, and reading it runs nothing.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import fields
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from transforms.types import DateCandidate, Extracted, ExtractedDocument, Flag, Origins, Quarantined, RawDocument

Result = ExtractedDocument | Quarantined
_FACTS = tuple(field for field in fields(Extracted) if field.name != "text")


def write_extracted(results: Iterable[Result], path: Path) -> None:
    """Write one line a record, in order."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    with pa.OSFile(str(partial), "wb") as file, pa.CompressedOutputStream(file, "zstd") as stream:
        for result in results:
            stream.write(_line(result))
    partial.replace(path)


def read_extracted(path: Path) -> tuple[Result, ...]:
    """The records that `write_extracted` wrote, in order."""
    with pa.OSFile(str(path), "rb") as file, pa.CompressedInputStream(file, "zstd") as stream:
        content: bytes = stream.read()
    return tuple(_result(json.loads(line)) for line in content.splitlines())


def _line(result: Result) -> bytes:
    # ASCII, so that no character of a text is a line end, and a lone surrogate in a given title does no harm.
    return json.dumps(result, default=_plain).encode() + b"\n"


def _plain(value: Any) -> object:
    """A dataclass as its fields, one level at a time: `asdict` copies every leaf before it is written."""
    if isinstance(value, datetime):
        return value.isoformat()
    return {field.name: getattr(value, field.name) for field in fields(value)}


def _result(record: dict[str, Any]) -> Result:
    if "code" in record:
        return Quarantined(**record)
    raw = record["raw"]
    if raw["fetched_at"] is not None:
        raw["fetched_at"] = datetime.fromisoformat(raw["fetched_at"])
    return ExtractedDocument(RawDocument(**raw), record["source"], _page(record["page"]))


def render_facts(page: Extracted) -> str:
    """What was extracted beside the text, as JSON: the warehouse keeps it with the article."""
    return json.dumps({field.name: getattr(page, field.name) for field in _FACTS}, default=_plain)


def read_facts(text: str, facts: str) -> Extracted:
    """What `render_facts` wrote, with its text again. Facts that a later version added have their defaults."""
    return _page({"text": text, **json.loads(facts)})


def _page(page: dict[str, Any]) -> Extracted:
    page["dates"] = tuple(DateCandidate(**found | {"facts": tuple(found["facts"])}) for found in page["dates"])
    page["headings"] = tuple(page["headings"])
    page["origins"] = Origins(**page["origins"])
    page["flags"] = tuple(Flag(**flag) for flag in page["flags"])
    return Extracted(**page)
