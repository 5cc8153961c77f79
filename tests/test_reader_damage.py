"""Whatever is done to a file, its reader comes to an end, raises nothing, and gives records that can be stored."""

import hashlib
import io
import json
import zlib
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flows.inbox import find_files
from flows.sources import Format, ReadSettings, read_documents, read_stream
from tests.reading import PAGE, gzipped, members, sha1, warc_record, zstd
from transforms.types import Quarantined

RECORD = {
    "text": 'The ferry "left"\non time',
    "url": "http://a.example/",
    "author": [{"name": "A"}],
    "date": 1741082400,
}
LINES = b"\n".join([json.dumps(RECORD).encode()] * 5)
TABLE = b"text,url,date\n" + b'"The ferry, ""left""\non time",http://a.example,2025\n' * 5
CRAWL = (
    warc_record(header=sha1(PAGE))
    + warc_record(gzipped(PAGE), http="Content-Type: text/html\r\nContent-Encoding: gzip")
    + warc_record(b"5\r\n<p>on\r\n0\r\n\r\n", http="Content-Type: text/html\r\nTransfer-Encoding: chunked")
    + warc_record(kind="request")
)
PIECES = (b'"', b"\n", b"\r", b"{", b"]", b",", b"\\", b"\0", b"\xff\xfe", b"\x1f\x8b\x08", b"WARC/1.0\r\nA", b"9" * 20)


def _parquet() -> bytes:
    file = io.BytesIO()
    table = pa.table({"text": [f"The ferry {n} left on time." for n in range(30)], "metadata": [{"url": "x"}] * 30})
    pq.write_table(table, file, row_group_size=10)
    return file.getvalue()


SOURCES: tuple[tuple[Format, bytes], ...] = (
    ("warc", CRAWL),
    ("auto", members(CRAWL, CRAWL)),
    ("auto", zstd(CRAWL)),
    ("jsonl", LINES),
    ("json", b"[" + LINES.replace(b"\n", b",") + b"]"),
    ("auto", gzipped(LINES)),
    ("csv", TABLE),
    ("tsv", TABLE.replace(b",", b"\t")),
    ("parquet", _parquet()),
)
# Where (as a share of the file), how many bytes go, what comes instead.
DAMAGE = st.tuples(st.floats(0, 1), st.integers(0, 60), st.sampled_from(PIECES) | st.binary(max_size=8))
DAMAGES = st.lists(DAMAGE, min_size=1, max_size=8)


@given(st.sampled_from(SOURCES), DAMAGES, st.sampled_from([50, 2000, 1_000_000]))
@settings(max_examples=300, deadline=5000, suppress_health_check=[HealthCheck.too_slow])
def test_a_damaged_file_is_read_to_its_end(
    source: tuple[Format, bytes], damages: list[tuple[float, int, bytes]], max_bytes: int
) -> None:
    kind, content = source
    for share, length, piece in damages:
        at = int(share * len(content))
        content = content[:at] + piece + content[at + length :]
    for record in read_stream(io.BytesIO(content), "x", ReadSettings(kind, max_bytes)):
        assert record.input_id
        "".join((record.id, record.record_key, record.url or "", getattr(record, "message", ""))).encode()


@pytest.mark.parametrize("kind", ["jsonl", "json", "csv"])
def test_what_stands_before_a_cut_is_not_lost(kind: str, tmp_path: Path) -> None:
    records = [{"id": str(n), "text": f"The ferry {hashlib.sha256(bytes([n])).hexdigest()} left."} for n in range(200)]
    if kind == "csv":
        lines = [b"id,text", *(",".join(record.values()).encode() for record in records)]
    else:
        lines = [json.dumps(record).encode() for record in records]
    packed = gzipped(b"\n".join(lines))[:-300]
    there = zlib.decompressobj(wbits=31).decompress(packed).splitlines()
    assert 100 < len(there) < 200
    path = tmp_path / f"x.{kind}.gz"
    path.write_bytes(packed)
    *whole, cut = read_documents(find_files([str(path)]).files)
    assert isinstance(cut, Quarantined)
    assert cut.code == "bad-gzip"
    assert len(whole) == len(there) - 1 - (kind == "csv")  # without the line that is cut, and the names of columns
