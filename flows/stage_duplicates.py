"""What the second step stages of a batch to find near-duplicates: the signature of each clean text."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pyarrow as pa

from flows.staging import CHILD, Row, write_table
from transforms.types import Article

_SIGNATURES = pa.schema([*CHILD, ("text_hash", pa.uint64()), ("signature", pa.list_(pa.uint8()))])


def write_text_signatures(articles: Iterable[Article], folder: Path, name: str) -> None:
    """Write `parts/text_signatures/<name>.parquet`, a row an article that may be compared."""
    rows: list[Row] = [
        (article.article_id, article.raw.input_id, signed.text_hash, signed.signature)
        for article in articles
        if (signed := article.signed)
    ]
    write_table(folder / "parts" / "text_signatures" / f"{name}.parquet", _SIGNATURES, rows)
