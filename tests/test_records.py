"""Records in JSON, CSV and Parquet: names of fields, broken records, bounds, and memory that goes with the record."""

import csv
import gzip
import io
import json
import tracemalloc
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from random import Random
from typing import IO, cast

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from flows.record_fields import ColumnsError, parse_columns, read_moment
from flows.seen import Seen
from flows.sources import Format, ReadSettings, read_stream
from tests.reading import document, fates, read
from transforms.dates_record import read_record_date
from transforms.pipeline import process
from transforms.types import Article, RawDocument

FETCHED = datetime(2025, 3, 4, 10, tzinfo=UTC)
URL = "https://www.courier.example.co.uk/1"
# One record of each maker, and what it says: id, url, title, author, published, fetched_at. The text is "Text".
MAKERS: dict[str, tuple[dict[str, object], tuple[object, ...]]] = {
    "news-please": (
        {"maintext": "Text", "url": URL, "title": "T", "authors": ["Ana Ruiz", "Bo Li"], "filename": "1.json",
         "date_publish": "2025-03-03 17:03:00", "date_download": "2025-03-04 10:00:00", "source_domain": "x.example"},
        (URL, URL, "T", "Ana Ruiz, Bo Li", "2025-03-03 17:03:00", FETCHED),
    ),
    "scrapy": (
        {"link": URL, "headline": ["T"], "body": ["Te", "xt"], "date": "3 March 2025"},
        (URL, URL, "T", None, "3 March 2025", None),
    ),
    "trafilatura": (
        {"title": "T", "author": "Ana Ruiz", "hostname": "courier.example.co.uk", "date": "2025-03-03", "id": None,
         "fingerprint": "f0", "raw_text": "Text raw", "text": "Text", "source": URL, "source-hostname": "Courier",
         "filedate": "2025-03-04"},
        (URL, URL, "T", "Ana Ruiz", "2025-03-03", datetime(2025, 3, 4, tzinfo=UTC)),
    ),
    "trafilatura without text": (
        {"raw_text": "Text", "text": "", "source": "Courier", "source-hostname": "Courier"},
        ("x-1", None, None, None, None, None),
    ),
    "datatrove": (
        {"text": "Text", "id": "<urn:uuid:1>", "metadata": {"url": URL, "date": "2025-03-04T10:00:00Z", "dump": "d"}},
        ("<urn:uuid:1>", URL, None, None, None, FETCHED),
    ),
    "fineweb": (
        {"text": "Text", "id": "a", "dump": "CC-MAIN", "url": URL, "date": "2025-03-04T10:00:00Z"},
        ("a", URL, None, None, None, FETCHED),
    ),
    "oscar": (
        {"content": "Text", "warc_headers": {"warc-target-uri": URL, "warc-date": "2025-03-04T10:00:00Z",
                                             "warc-record-id": "<urn:uuid:2>"}},
        ("<urn:uuid:2>", URL, None, None, None, FETCHED),
    ),
    "common crawl": (
        {"WARC-Target-URI": URL, "plain_text": "Text", "fetch_time": "20250304100000"},
        (URL, URL, None, None, None, FETCHED),
    ),
    "schema.org": (
        {"@type": "NewsArticle", "articleBody": "Text", "headline": "T", "url": URL, "datePublished": "2025-03-03",
         "author": {"@type": "Person", "name": "Ana Ruiz"}},
        (URL, URL, "T", "Ana Ruiz", "2025-03-03", None),
    ),
    "fundus": (
        {"plaintext": "Text", "authors": ["Ana Ruiz"], "publishing_date": "2025-03-03 08:00:00+01:00", "title": "T",
         "html": {"requested_url": URL, "content": "<p>Text</p>", "crawl_date": "2025-03-04 10:00:00"}},
        (URL, URL, "T", "Ana Ruiz", "2025-03-03 08:00:00+01:00", FETCHED),
    ),
    "numbers": (
        {"id": 7, "text": "Text", "timestamp": 1741082400, "date": 1740960000000, "author": None, "url": False},
        ("7", None, None, None, "2025-03-03T00:00:00+00:00", FETCHED),
    ),
}  # fmt: skip


def read_json(content: bytes, kind: Format = "jsonl", max_bytes: int = 10_000, *columns: str) -> list[RawDocument]:
    settings = ReadSettings(kind, max_bytes, parse_columns(columns))
    return [document(r) for r in read_stream(io.BytesIO(content), "x.jsonl", settings)]


def facts(found: RawDocument) -> tuple[object, ...]:
    return found.id, found.url, found.title, found.author, found.published, found.fetched_at


@pytest.mark.parametrize("maker", MAKERS)
def test_the_fields_of_common_makers_are_recognised(maker: str) -> None:
    record, expected = MAKERS[maker]
    (found,) = read_json(json.dumps(record).encode())
    assert facts(found) == expected
    assert str(found.content).replace("\n", "") == "Text"
    assert found.media_type == "text/plain"
    assert found.source == ("example.co.uk" if found.url else "x")


@pytest.mark.parametrize(
    ("text", "media_type"),
    [
        ("Plain < text", "text/plain"),
        ("<3 is a heart", "text/plain"),
        ("\ufeff <!DOCTYPE html><p>x", "text/html"),
        ("<div class='body'>x</div>", "text/html"),
        ("<pre>a listing</pre>", "text/plain"),
    ],
)
def test_a_text_field_may_hold_a_page(text: str, media_type: str) -> None:
    assert read_json(json.dumps({"content": text}).encode())[0].media_type == media_type


def test_columns_of_the_user_go_before_those_that_are_known() -> None:
    record = b'{"text": "teaser", "payload": {"main": "Text"}, "link": "a", "url": "b"}'
    (found,) = read_json(record, "jsonl", 10_000, "text=payload.main,url=link")
    assert (found.content, found.url) == ("Text", "a")
    assert parse_columns(["text=a,text=b", "id = c"]) == (("text", ("a", "b")), ("id", ("c",)))
    for wrong in ("body", "words=body", "text="):
        with pytest.raises(ColumnsError, match=r"is no FIELD=NAME with a field of id, url, text.*text=body"):
            parse_columns([wrong])


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        ("2025-03-04T12:00:00+02:00", FETCHED),
        ("Tue, 04 Mar 2025 10:00:00 GMT", FETCHED),
        ("20250304100000", FETCHED),
        ("1741082400", FETCHED),
        (1741082400000, FETCHED),
        (1741082400.0, FETCHED),
        (datetime(2025, 3, 4, 10), FETCHED),  # noqa: DTZ001 - as Parquet has it
        ("Tuesday", None),
        (10**40, None),
        (float("nan"), None),
        (True, None),
        (["2025-03-04"], None),
    ],
)
def test_moments(value: object, moment: datetime | None) -> None:
    assert read_moment(value) == moment


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("2025-03-03T23:00:00Z", "2025-03-03"),
        ("Mon, 03 Mar 2025 10:00:00 GMT", "2025-03-03"),
        ("3 March 2025", "2025-03-03"),
        ("20250303", "2025-03-03"),
        ("20250303100000", "2025-03-03"),
        ("20251399", None),
        ("recently", None),
        ("x" * 100_000, None),
    ],
)
def test_the_date_of_a_record(value: str, day: str | None) -> None:
    found = read_record_date(value)
    assert (found.date if found else None) == day
    assert found is None or (found.origin, found.role) == ("record", "published")


def test_the_date_of_a_record_is_a_candidate_of_its_article() -> None:
    record = {"text": "The ferry left on time, the harbour office said.", "date": "2025-03-03"}
    article = process(read_json(json.dumps(record).encode())[0], datetime(2026, 1, 1, tzinfo=UTC))
    assert isinstance(article, Article)
    assert (article.published.date, article.published.origin) == ("2025-03-03", "record")


# JSON: lists, one object, values one after the other


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ('{\n "text": "one"\n}\n', ["one"]),
        ('[{"text": "one"}, {"text": "two"}]', ["one", "two"]),
        ('\ufeff [\n{"text": "one"},\n{"text": "two"}\n]\n', ["one", "two"]),
        ('{"text": "one"}\n{"text": "two"}', ["one", "two"]),
        ('{"text": "one"}{"text": "two"}', ["one", "two"]),
        ("", []),
        ("[]", []),
        ('[{"text": "a ] , } \\" \\\\"}, {"text": "two"}]', ['a ] , } " \\', "two"]),
        ('[{"text": "one"}, {broken}, 5, {"text": "two"}]', ["one", "bad-json", "bad-json", "two"]),
        ('[{"text": "one"}, {"text": "cut', ["one", "bad-json"]),
        ('[{"text": "one"}] trailing', ["one", "bad-json"]),
        ('[[{"text": "one"}]]', ["bad-json"]),
        ('[{"text": "' + "x" * 400 + '"}, {"text": "two"}]', ["too-large", "two"]),
        ("[" * 100_000, ["too-large"]),
        ("}" * 5 + '{"text": "one"}', ["bad-json"] * 5 + ["one"]),
    ],
)
def test_json_values(tmp_path: Path, content: str, expected: list[str]) -> None:
    (tmp_path / "x.json").write_text(content, encoding="utf-8")
    assert fates(read(tmp_path, settings=ReadSettings(max_bytes=200))) == expected


@pytest.mark.parametrize("step", [1, 2, 3, 7])
def test_json_values_do_not_depend_on_how_they_are_cut(step: int) -> None:
    content = json.dumps([{"text": 'a "quoted\\" {word}'}, {"text": "Brücke"}, {"text": "x" * 300}])

    class Dripping(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            return super().read(step)

    found = read_stream(Dripping(content.encode()), "x", ReadSettings("json", max_bytes=200))
    assert fates(list(found)) == ['a "quoted\\" {word}', "Brücke", "too-large"]


def test_json_in_utf_16_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes('{"text": "Brücke"}\r\n'.encode("utf-16"))
    (tmp_path / "b.json").write_bytes('[{"text": "桥"}]'.encode("utf-16"))
    assert fates(read(tmp_path)) == ["Brücke", "桥"]


def test_a_line_without_end_is_given_up() -> None:
    zeros = Repeated(b"x" * 1000, 10_000)
    found = list(read_stream(zeros.stream, "x", ReadSettings("jsonl", max_bytes=2000)))
    assert fates(found) == ["endless-line"]
    assert zeros.given < 100_000


# CSV


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("text\none\ntwo\n", ["one", "two"]),
        ("id;Body;x\n1;one, and;2\n", ["one, and"]),
        ("id\ttext\n1\tone\n", ["one"]),
        ('text,url\n"one\n\nand ""more""",u\n', ['one\n\nand "more"']),
        ("text,url\r\none,u\r\n\r\n", ["one"]),
        ("text,url,x\none\n", ["one"]),
        ("text,url\none,u,,\n", ["one"]),
        ("url,text\nu,one, and what a comma cuts off\nu,two\n", ["bad-csv", "two"]),
        ('text,url\none,u\n"tw"o,u\nthree,u\n', ["one", "bad-csv", "three"]),
        ('text,url\none,u\n"two,u\nthree,u\nfour,u\n', ["one", "bad-csv", "three", "four"]),
        ("text,url\n,u\none,u\n", ["no-content", "one"]),
        ("a,b\n1,2\n", ["no-content"]),
        ("", []),
        ("text\n", []),
        ("text,url\n" + "x" * 300 + ",u\none,u\n", ["too-large", "one"]),
        ('text,url\n"' + "x\n" * 150 + '",u\none,u\n', None),
        ("text\n\0one\n", ["\0one"]),
    ],
)
def test_csv_rows(tmp_path: Path, content: str, expected: list[str] | None) -> None:
    (tmp_path / "x.csv").write_text(content, encoding="utf-8", newline="")
    found = fates(read(tmp_path, settings=ReadSettings(max_bytes=200)))
    if expected is None:  # a row too long in all: its first line goes, and the lines within are rows again
        assert (found[0], found[-1]) == ("bad-csv", "one")
    else:
        assert found == expected


@pytest.mark.parametrize(("encoding", "name"), [("cp1252", "x.csv"), ("utf-16", "x.tsv"), ("utf-8-sig", "x.csv")])
def test_csv_encodings(tmp_path: Path, encoding: str, name: str) -> None:
    delimiter = "\t" if name.endswith("tsv") else ","
    text = "Die Brücke über den Fluß bleibt gesperrt, sagte der Bürgermeister."
    lines = io.StringIO()
    csv.writer(lines, delimiter=delimiter).writerows([["text", "title"], [text, "Brücke"]])
    (tmp_path / name).write_bytes(lines.getvalue().encode(encoding))
    article = process(document(read(tmp_path)[0]), datetime(2026, 1, 1, tzinfo=UTC))
    assert isinstance(article, Article)
    assert (article.original, article.title) == (text, "Brücke")


def test_broken_quotes_all_over_take_bounded_time() -> None:
    content = b"text,url\n" + b'"open\n' * 30_000
    found = list(read_stream(io.BytesIO(content), "x", ReadSettings("csv", max_bytes=10**6)))
    assert set(fates(found)) == {"bad-csv"}
    assert len(found) <= 30_000


# Parquet


def parquet(path: Path, columns: dict[str, object], **settings: object) -> None:
    pq.write_table(pa.table(columns), path, **settings)


def test_parquet_rows_have_times_bytes_and_structs(tmp_path: Path) -> None:
    path = tmp_path / "x.parquet"
    parquet(
        path,
        {
            "html": ["<p>Brücke</p>".encode(), None, None],
            "text": [None, "two", None],
            "date": [date(2025, 3, 3), None, None],
            "fetch_time": pa.array([FETCHED, None, None], pa.timestamp("ns", "UTC")),
            "metadata": [{"url": URL}, None, None],
            "vector": [[1.0] * 9] * 3,
        },
    )
    found = read(path)
    assert fates(found) == ["<p>Brücke</p>", "two", "no-content"]
    first = document(found[0])
    assert facts(first) == (URL, URL, None, None, "2025-03-03", FETCHED)
    assert (first.media_type, first.source) == ("text/html", "example.co.uk")
    assert found[2].id == "x.parquet:3"


def test_parquet_from_packed_files_and_streams(tmp_path: Path) -> None:
    parquet(tmp_path / "x.parquet", {"body": ["one", "two"]})
    (tmp_path / "x.parquet.gz").write_bytes(gzip.compress((tmp_path / "x.parquet").read_bytes()))
    assert fates(read(tmp_path)) == ["one", "two"] * 2

    class Pipe(io.BytesIO):
        def seekable(self) -> bool:
            return False

    assert fates(list(read_stream(Pipe((tmp_path / "x.parquet").read_bytes()), "stdin"))) == ["one", "two"]


def test_a_broken_row_group_costs_only_itself(tmp_path: Path) -> None:
    path = tmp_path / "x.parquet"
    texts = [f"The ferry {n} left on time. " * 20 for n in range(30)]
    parquet(path, {"text": texts}, row_group_size=10, compression="zstd", use_dictionary=False)
    chunk = pq.read_metadata(path).row_group(1).column(0)
    end = chunk.data_page_offset + chunk.total_compressed_size
    content = bytearray(path.read_bytes())
    content[end - 40 : end] = b"\xff" * 40
    path.write_bytes(content)
    found = read(path)
    assert fates(found) == [*texts[:10], "bad-parquet", *texts[20:]]
    assert "rows 11 to 20 of x.parquet (row group 1)" in found[10].message  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("content", "code"), [(b"PAR1", "bad-parquet"), (b"no parquet", "bad-parquet"), (b"", "bad-parquet")]
)
def test_no_parquet(tmp_path: Path, content: bytes, code: str) -> None:
    (tmp_path / "x.parquet").write_bytes(content)
    assert fates(read(tmp_path)) == [code]


def test_parquet_with_other_columns_other_types_and_too_much(tmp_path: Path) -> None:
    parquet(tmp_path / "a.parquet", {"words": ["one"]})
    parquet(tmp_path / "b.parquet", {"text": [5, 6]})
    parquet(tmp_path / "c.parquet", {"text": ["x" * 300, "one"]})
    invalid = pa.array([b"one", b"\xff\xfe", b"two"], pa.binary()).cast(pa.string(), safe=False)
    parquet(tmp_path / "d.parquet", {"text": invalid})
    found = fates(read(tmp_path, settings=ReadSettings(max_bytes=200)))
    assert found == ["no-content", "no-content", "no-content", "too-large", "one", "one", "bad-parquet", "two"]
    named = ReadSettings(columns=parse_columns(["text=words"]))
    assert fates(read(tmp_path / "a.parquet", settings=named)) == ["one"]


# Memory


@pytest.mark.parametrize("recent", [1, 2, 7, 1000])
def test_equal_records_are_counted_however_many_came_between(recent: int) -> None:
    chosen = Random(1)
    keys = [str(chosen.randrange(300)) for _ in range(1000)]
    seen, counted = Seen(recent), Counter[str]()
    for key in keys:
        assert seen.count_before(key, "hash") == counted[key]
        counted[key] += 1
    assert seen.count_before("1", "another hash") == 0


class Repeated(io.RawIOBase):
    """A long stream that is nowhere in memory."""

    def __init__(self, piece: bytes, times: int, head: bytes = b"") -> None:
        self._pieces: Iterator[bytes] = iter([head] * bool(head) + [piece] * times)
        self._left = b""
        self.given = 0

    @property
    def stream(self) -> IO[bytes]:
        return cast("IO[bytes]", io.BufferedReader(self))

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:  # type: ignore[no-untyped-def]
        self._left = self._left or next(self._pieces, b"")
        data, self._left = self._left[: len(buffer)], self._left[len(buffer) :]
        buffer[: len(data)] = data
        self.given += len(data)
        return len(data)


LONG = b"The ferry left on time, the harbour office said. " * 2000


@pytest.mark.parametrize(
    ("kind", "head", "piece"),
    [
        ("jsonl", b"", b'{"text": "' + LONG + b'"}\n'),
        ("json", b"[", b'{"text": "' + LONG + b'"},\n'),
        ("csv", b"text,url\n", b'"' + LONG + b'",u\n'),
        ("jsonl", b"", b"x" * 100_000),  # one line
        ("csv", b"text,url\n", b'"' + b"x" * 100_000 + b"\n"),  # quotes that are never closed
        ("warc", b"", b"WARC/1.0\r\nWARC-Type: metadata\r\nContent-Length: 98000\r\n\r\n" + LONG + b"\r\n\r\n"),
        ("warc", b"WARC/1.0\r\nContent-Length: 90000000000\r\n\r\n", LONG),
    ],
)
def test_memory_does_not_grow_with_the_file(kind: Format, head: bytes, piece: bytes) -> None:
    stream = Repeated(piece, 400, head)  # 40 MB
    tracemalloc.start()
    for _ in read_stream(stream.stream, "x", ReadSettings(kind, max_bytes=1_000_000)):
        pass
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 12_000_000
