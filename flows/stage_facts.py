"""What the first step stages of a batch for later: the facts that extraction found, from which `--reclean` starts."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pyarrow as pa

from flows.extracted import render_facts
from flows.staging import CHILD, write_table
from transforms.pipeline import article_id_of
from transforms.types import ExtractedDocument

_FACTS = pa.schema([*CHILD, ("facts", pa.string())])


def write_facts(documents: Iterable[ExtractedDocument], folder: Path, name: str) -> None:
    """Write `parts/page_facts/<name>.parquet`, a row a document."""
    rows = [(article_id_of(d.page.text), d.raw.input_id, render_facts(d.page)) for d in documents]
    write_table(folder / "parts" / "page_facts" / f"{name}.parquet", _FACTS, list(rows))
