"""WARC: pages come out with what their headers say, everything else is counted, broken places cost only themselves."""

import io
import zlib
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import brotli
import pytest

from flows.sources import ReadSettings, read_stream
from flows.warc_blocks import BrokenBlock, read_warc_blocks
from tests.reading import PAGE, document, fates, gzipped, members, read, sha1, warc_record, zstd
from transforms.extract import extract

WARC = ReadSettings(format="warc")
TEXT = PAGE.decode()
ONE, TWO, THREE = (
    warc_record(word, url=f"http://courier.example/{word.decode()}") for word in (b"one", b"two", b"three")
)
CHUNKED = b"%x\r\n%b\r\n5;name=value\r\nagain\r\n0\r\n\r\n" % (len(PAGE), PAGE)


def read_warc(content: bytes, settings: ReadSettings = WARC) -> tuple[list[str], dict[str, int]]:
    left_out: Counter[str] = Counter()
    return fates(list(read_stream(io.BytesIO(content), "x.warc", settings, left_out))), dict(left_out)


def test_a_page_has_the_facts_of_its_headers(tmp_path: Path) -> None:
    body = "<html><body><p>Мост закрыт до весны, сказал мэр города.</p></body></html>".encode("cp1251")
    record = warc_record(
        body, url="<https://www.courier.example.co.uk/a>", http="content-type:text/html;charset=windows-1251"
    )
    (tmp_path / "crawl.warc.gz").write_bytes(members(record))
    page = document(read(tmp_path)[0])
    assert page.id == page.url == page.record_key == "https://www.courier.example.co.uk/a"
    assert page.source == "example.co.uk"
    assert page.fetched_at == datetime(2025, 3, 4, 10, tzinfo=UTC)
    assert page.media_type == "text/html"
    assert extract(page).text == "Мост закрыт до весны, сказал мэр города."


@pytest.mark.parametrize(
    ("record", "left_out"),
    [
        (warc_record(kind="request"), "WARC request"),
        (warc_record(kind="warcinfo"), "WARC warcinfo"),
        (warc_record(kind="revisit"), "WARC revisit"),
        (warc_record(kind="resource"), "WARC resource"),
        (warc_record(status="404 Not Found"), "WARC response without status 2xx"),
        (warc_record(status="301 Moved", body=b""), "WARC response without status 2xx"),
        (warc_record(status="206 Partial Content"), "WARC response without status 2xx"),
        (warc_record(http="Content-Type: image/png"), "WARC response, not HTML"),
        (warc_record(b'{"a": 1}', http="Content-Type: text/plain"), "WARC response, not HTML"),
        (warc_record(b"no page", http="Server: x"), "WARC response, not HTML"),
    ],
)
def test_what_is_no_page_is_counted(record: bytes, left_out: str) -> None:
    assert read_warc(record + ONE) == (["one"], {left_out: 1})


@pytest.mark.parametrize(
    "http",
    [
        "Content-Type: application/xhtml+xml",
        "CONTENT-TYPE: Text/HTML ; charset=utf-8",
        "Content-Type: text/plain",
        "X: y",
    ],
)
def test_a_page_is_known_by_its_type_or_its_beginning(http: str) -> None:
    assert read_warc(warc_record(http=http)) == ([TEXT], {})


@pytest.mark.parametrize(
    ("body", "http", "text"),
    [
        (gzipped(PAGE), "Content-Encoding: gzip", TEXT),
        (zlib.compress(PAGE), "Content-Encoding: deflate", TEXT),
        (zlib.compress(PAGE)[2:-4], "Content-Encoding: deflate", TEXT),
        (brotli.compress(PAGE), "Content-Encoding: br", TEXT),
        (zstd(PAGE), "Content-Encoding: zstd", TEXT),
        (gzipped(brotli.compress(PAGE)), "Content-Encoding: br, gzip", TEXT),
        (CHUNKED, "Transfer-Encoding: chunked", TEXT + "again"),
        (b"%x\r\n" % len(gzipped(PAGE)) + gzipped(PAGE) + b"\r\n0\r\n\r\n",
         "Transfer-Encoding: chunked\r\nContent-Encoding: gzip", TEXT),
        # Crawlers undo encodings and leave the headers.
        (PAGE, "Content-Encoding: gzip", TEXT),
        (PAGE, "Content-Encoding: br", TEXT),
        (PAGE, "Content-Encoding: deflate", TEXT),
        (PAGE, "Content-Encoding: zstd\r\nTransfer-Encoding: chunked", TEXT),
        (gzipped(PAGE)[:-9], "Content-Encoding: gzip", "bad-encoding"),
        (b"\x1f\x8b\x08 no gzip", "Content-Encoding: gzip", "bad-encoding"),
        (brotli.compress(PAGE)[:-4], "Content-Encoding: br", "bad-encoding"),
        (PAGE, "Content-Encoding: rot13", "bad-encoding"),
        (PAGE, "Content-Encoding: gzip, gzip, gzip, gzip", "bad-encoding"),
    ],
)  # fmt: skip
def test_encodings_are_undone(body: bytes, http: str, text: str) -> None:
    assert read_warc(warc_record(body, http=f"Content-Type: text/html\r\n{http}")) == ([text], {})


@pytest.mark.parametrize("pack", [gzipped, zlib.compress, brotli.compress, zstd])
def test_a_body_that_unpacks_without_end_is_stopped(pack: object) -> None:
    assert callable(pack)
    names = {gzipped: "gzip", zlib.compress: "deflate", brotli.compress: "br", zstd: "zstd"}
    record = warc_record(pack(b"x" * 5_000_000), http=f"Content-Type: text/html\r\nContent-Encoding: {names[pack]}")
    assert read_warc(record + ONE, ReadSettings("warc", max_bytes=100_000)) == (["too-large", "one"], {})


@pytest.mark.parametrize(
    ("body", "digest", "text"),
    [
        (PAGE, sha1(PAGE), TEXT),
        (PAGE, sha1(PAGE).lower(), TEXT),
        (PAGE, "WARC-Payload-Digest: sha256:" + "0" * 64, "bad-digest"),
        (PAGE, sha1(b"another page"), "bad-digest"),
        (PAGE, sha1(b"another page") + "\r\nWARC-Truncated: length", TEXT),
        (PAGE, "WARC-Payload-Digest: crc32:123", TEXT),
        (PAGE, "WARC-Block-Digest: sha1:AAAA", "bad-digest"),
    ],
)
def test_a_payload_is_the_one_of_its_digest(body: bytes, digest: str, text: str) -> None:
    assert read_warc(warc_record(body, header=digest)) == ([text], {})


@pytest.mark.parametrize("form", [CHUNKED, PAGE + b"again"])
def test_a_digest_may_be_of_any_form_of_the_body(form: bytes) -> None:
    record = warc_record(CHUNKED, http="Content-Type: text/html\r\nTransfer-Encoding: chunked", header=sha1(form))
    assert read_warc(record) == ([TEXT + "again"], {})


BROKEN = {
    "nothing": (b"", []),
    "nul": (b"\0" * 1000, ["bad-warc"]),
    "garbage before": (b"\x00garbage" + ONE, ["bad-warc", "one"]),
    "garbage between": (ONE + b"GARBAGE\xff\r\n\r\n" + TWO, ["one", "bad-warc", "two"]),
    "length too short": (warc_record(length=60) + TWO, ["bad-warc", "two"]),
    "length too long": (warc_record(length=300) + TWO + THREE, ["bad-warc", "two", "three"]),
    "length over all": (warc_record(length=40_000_000) + TWO + THREE, ["bad-warc", "two", "three"]),
    "length over bounds": (warc_record(length=10**13) + TWO + THREE, ["bad-warc", "two", "three"]),
    "length absurd": (warc_record(length=10**40) + TWO, ["bad-warc", "two"]),
    "length negative": (warc_record(length=-5) + TWO, ["bad-warc", "two"]),
    "no length": (ONE.replace(b"Content-Length", b"X-Length") + TWO, ["bad-warc", "two"]),
    "header without end": (b"WARC/1.0\r\nA: " + b"x" * 100_000 + TWO, ["bad-warc", "two"]),
    "cut off": (ONE + TWO[:-8], ["one", "bad-warc"]),
    "cut off in a header": (ONE + TWO[:50], ["one", "bad-warc"]),
    "line feeds only": (ONE.replace(b"\r\n", b"\n", 6) + TWO, ["one", "two"]),
    "no blank between": (ONE.rstrip(b"\r\n") + TWO, ["one", "two"]),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_place_costs_only_itself(name: str) -> None:
    content, expected = BROKEN[name]
    assert read_warc(content) == (expected, {})


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (members(ONE, TWO), ["one", "two"]),
        (gzipped(ONE + TWO), ["one", "two"]),
        (members(ONE) + members(TWO)[:60] + b"\xff" * 30 + members(THREE), ["one", "bad-gzip", "three"]),
        (members(ONE) + members(TWO)[:-6] + members(THREE), ["one", "bad-gzip", "three"]),
        (members(ONE) + members(TWO)[:-20], ["one", "bad-gzip"]),
        (members(ONE, b"no record", THREE), ["one", "bad-warc", "three"]),
        (b"no gzip", ["bad-gzip"]),
    ],
)
def test_a_damaged_gzip_member_costs_only_itself(tmp_path: Path, content: bytes, expected: list[str]) -> None:
    (tmp_path / "x.warc.gz").write_bytes(content)
    assert fates(read(tmp_path)) == expected


def test_zstd_and_plain_files_and_unknown_names(tmp_path: Path) -> None:
    (tmp_path / "a.warc.zst").write_bytes(zstd(ONE) + zstd(TWO))
    (tmp_path / "b.warc").write_bytes(THREE)
    assert fates(read(tmp_path)) == ["one", "two", "three"]
    (tmp_path / "c").write_bytes(members(ONE))
    assert fates(read(tmp_path / "c")) == ["one"]  # named outright: read by its content


def test_a_record_that_is_too_large_is_told_only_where_it_is_a_page() -> None:
    image = warc_record(b"x" * 300_000, http="Content-Type: image/png")
    found = read_warc(image + warc_record(b"x" * 300_000) + ONE, ReadSettings("warc", max_bytes=100_000))
    assert found == (["too-large", "one"], {"WARC response, not HTML": 1})


def test_records_that_hide_others_are_not_read_again_for_ever() -> None:
    liar = warc_record(b"x", length=90_000)
    blocks = list(read_warc_blocks(io.BytesIO(liar * 2_000), max_bytes=100_000))
    assert all(isinstance(block, BrokenBlock) for block in blocks)
    assert len(blocks) < 20  # each of them would else read the same 90,000 bytes
    last = blocks[-1]
    assert isinstance(last, BrokenBlock)
    assert "the rest of the file is not read" in last.reason


def test_equal_captures_are_told_apart_and_stable() -> None:
    first, second = (r.input_id for r in read_stream(io.BytesIO(ONE + ONE), "x.warc", WARC))
    assert first != second
    assert [r.input_id for r in read_stream(io.BytesIO(TWO + ONE + ONE), "x.warc", WARC)][1:] == [first, second]
