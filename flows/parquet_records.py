"""Reading Parquet: row group by row group and a few rows at a time, and only the columns that mean something.

A row group that cannot be read is quarantined and the next one read. Rows are taken in numbers that keep a batch near
`_BATCH_BYTES` by what the file says of its columns.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, TYPE_CHECKING

from flows.intake import Record, make_unread
from flows.record_fields import Fields, plain_field, read_record

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.parquet as pq

_BATCH_BYTES = 16_000_000
_MOST_ROWS = 256
_READ_AHEAD = 1_048_576  # of a column at once, so that a row group of gigabytes is never held whole


def read_parquet(file: IO[bytes], fields: Fields, max_bytes: int) -> Iterator[Record]:
    """A record for each row; `file` must be seekable."""
    import pyarrow as pa  # noqa: PLC0415 - 0.4 s, for those files only
    import pyarrow.parquet as pq  # noqa: PLC0415

    origin = fields.origin
    try:
        table = pq.ParquetFile(file, buffer_size=_READ_AHEAD, pre_buffer=False)
        columns = _wanted(table, fields)
    except (pa.ArrowException, OSError, ValueError) as error:
        yield make_unread(origin, "bad-parquet", f"{origin.name} is no complete Parquet file: {error}; fetch it again")
        return
    if columns is None:
        names = ", ".join(table.schema_arrow.names)[:200]
        message = f"{origin.name} has none of the known columns for text: {names!r}; name it with --columns text=NAME"
        yield make_unread(origin, "no-content", message, payload=names.encode())
        return
    number = 0
    for group in range(table.metadata.num_row_groups):
        facts = table.metadata.row_group(group)
        group_end = number + facts.num_rows
        try:
            for batch in table.iter_batches(_rows_at_once(facts), row_groups=[group], columns=columns):
                for at in range(batch.num_rows):
                    number += 1
                    yield _read_row(batch.slice(at, 1), number, fields, max_bytes)
        except (pa.ArrowException, OSError, ValueError) as error:
            message = (
                f"rows {number + 1} to {group_end} of {origin.name} (row group {group}) cannot be read: {error}; "
                "fetch the file again"
            )
            yield make_unread(origin, "bad-parquet", message, part=f"row {number + 1}")
        number = group_end


def _read_row(row: pa.RecordBatch, number: int, fields: Fields, max_bytes: int) -> Record:
    part, name = f"row {number}", fields.origin.name
    try:
        (record,) = row.to_pylist()
    except (ValueError, OverflowError) as error:  # no UTF-8, a time beyond the calendar
        message = f"{part} of {name} holds a value that cannot be read: {error}; write the file again"
        return make_unread(fields.origin, "bad-parquet", message, part=part)
    size = sum(len(value) for value in record.values() if isinstance(value, str | bytes))
    if size > max_bytes:
        message = f"{part} of {name} has {size} bytes, over {max_bytes}; raise --max-bytes to take it in"
        return make_unread(fields.origin, "too-large", message, part=part)
    return read_record(record, number, fields, lambda: repr(record).encode("utf-8", "replace"))


def _wanted(table: pq.ParquetFile, fields: Fields) -> list[str] | None:
    """The columns to read, None where there is none with text."""
    names = fields.names
    heads = {plain_field(name.partition(".")[0]) for group in names.values() for name in group} | {"dump"}
    heads |= {plain_field(name) for group in names.values() for name in group}
    texts = {plain_field(name.partition(".")[0]) for kind in ("text", "html") for name in names[kind]}
    columns: list[str] = [name for name in table.schema_arrow.names if plain_field(name) in heads]
    return columns if any(plain_field(name) in texts for name in columns) else None


def _rows_at_once(facts: pq.RowGroupMetaData) -> int:
    per_row: int = facts.total_byte_size // max(facts.num_rows, 1)
    return max(1, min(_MOST_ROWS, _BATCH_BYTES // max(per_row, 1)))
