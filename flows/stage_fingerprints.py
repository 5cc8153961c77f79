"""What the first step stages of a batch, beside its extracted documents: what its sources may repeat.

`parts/article_signatures` and `parts/line_fingerprints` go into the warehouse with the articles; `template_texts` has
each text once, to show what a number stands for when it becomes a template.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

import pyarrow as pa

from flows.staging import CHILD, UTC, Row, write_table
from transforms.fingerprints import find_units
from transforms.mask import is_masked
from transforms.minhash import signature
from transforms.page import Page
from transforms.pipeline import article_id_of
from transforms.types import ExtractedDocument

SHOWN_CHARS = 300  # of a template's text; enough to recognise it
_SIGNATURES = pa.schema(
    [*CHILD, ("source", pa.string()), ("seen_at", UTC), ("signature", pa.list_(pa.uint8()))],
)
_FINGERPRINTS = pa.schema(
    [*CHILD, *((f"{name}_fingerprint", pa.uint64()) for name in ("text", "frame", "line"))],
)
_TEXTS = pa.schema(
    [
        ("source", pa.string()),
        *((f"{name}_fingerprint", pa.uint64()) for name in ("text", "frame")),
        ("is_masked", pa.bool_()),
        ("example_text", pa.string()),
    ]
)


def write_fingerprints(documents: Iterable[ExtractedDocument], folder: Path, name: str, seen_at: datetime) -> None:
    """Write the three files of a batch; rows in the order of the documents."""
    signatures: list[Row] = []
    fingerprints: list[Row] = []
    texts: dict[tuple[str, int, int | None], Row] = {}
    for document in documents:
        original = document.page.text
        ids = (article_id_of(original), document.raw.input_id)
        signatures.append((*ids, document.source, seen_at, signature(original)))
        units = tuple(find_units(Page(original)))
        fingerprints += dict.fromkeys((*ids, unit.text, unit.frame, unit.line_text) for unit in units)
        for unit in units:
            example = folded(original[unit.start : unit.end])[:SHOWN_CHARS]
            key = (document.source, unit.text, unit.frame)  # a long name can part two texts of one mask by frame
            known = texts.get(key)
            if known is None or example < str(known[-1]):  # the same example whatever the order of documents
                texts[key] = (*key, is_masked(unit.masked), example)
    write_table(folder / "parts" / "article_signatures" / f"{name}.parquet", _SIGNATURES, signatures)
    write_table(folder / "parts" / "line_fingerprints" / f"{name}.parquet", _FINGERPRINTS, fingerprints)
    write_table(folder / "template_texts" / f"{name}.parquet", _TEXTS, list(texts.values()))


def folded(text: str) -> str:
    """A line or sentence with its white space folded; most have none but single spaces, and are printable as it is."""
    return text if text.isprintable() and "  " not in text else " ".join(text.split())
