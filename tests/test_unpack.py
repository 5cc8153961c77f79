"""Unpacking: whole files, damaged ones and bombs, in pieces."""

import io
from collections.abc import Iterator
from random import Random

import pytest

from flows import unpack
from flows.unpack import Packing, UnpackError, open_unpacked
from tests.reading import gzipped, zstd

TEXT = b"The ferry left on time, the harbour office said. " * 5000


def unpacked(content: bytes, packing: Packing) -> bytes:
    return open_unpacked(io.BytesIO(content), packing).read()


@pytest.mark.parametrize(
    ("content", "packing", "expected"),
    [
        (gzipped(TEXT), "gz", TEXT),
        (gzipped(TEXT) + gzipped(b"more"), "gz", TEXT + b"more"),
        (gzipped(TEXT) + b"\0" * 200_000, "gz", TEXT),
        (gzipped(b"") + gzipped(TEXT), "gz", TEXT),
        (b"", "gz", b""),
        (zstd(TEXT), "zst", TEXT),
        (zstd(TEXT) + zstd(b"more"), "zst", TEXT + b"more"),
        (b"\x50\x2a\x4d\x18\x04\0\0\0skip" + zstd(TEXT), "zst", TEXT),
        (b"", "zst", b""),
    ],
)
def test_whole_files(content: bytes, packing: Packing, expected: bytes) -> None:
    assert unpacked(content, packing) == expected


@pytest.mark.parametrize(
    ("content", "packing", "code"),
    [
        (gzipped(TEXT)[:-1], "gz", "bad-gzip"),
        (gzipped(TEXT) + b"no gzip", "gz", "bad-gzip"),
        (gzipped(TEXT)[:-8] + b"\0" * 8, "gz", "bad-gzip"),
        (TEXT, "gz", "bad-gzip"),
        (zstd(TEXT)[:-1], "zst", "bad-zstd"),
        (zstd(TEXT) + b"no zstd", "zst", "bad-zstd"),
        (TEXT, "zst", "bad-zstd"),
    ],
)
def test_damaged_files(content: bytes, packing: Packing, code: str) -> None:
    with pytest.raises(UnpackError) as caught:
        unpacked(content, packing)
    assert caught.value.code == code


@pytest.mark.parametrize(("packing", "pack"), [("gz", gzipped), ("zst", zstd)])
def test_a_bomb_is_stopped_before_it_unpacks(packing: Packing, pack: object, monkeypatch: pytest.MonkeyPatch) -> None:
    assert callable(pack)
    monkeypatch.setattr(unpack, "FREE_BYTES", 1_000_000)
    bomb = pack(b"\0" * 50_000_000)
    stream, pieces = open_unpacked(io.BytesIO(bomb), packing), list[int]()
    with pytest.raises(UnpackError, match="over 200 times as much, as no text does") as caught:
        pieces.extend(map(len, iter(lambda: stream.read(65_536), b"")))
    assert caught.value.code == "bomb"
    assert sum(pieces) < 25_000_000
    varied = Random(1).randbytes(1_000_000).hex().encode()  # as large, but not from nothing
    assert unpacked(pack(varied), packing) == varied


def test_an_error_of_the_disk_is_none_of_the_format() -> None:
    class Failing(io.RawIOBase):
        def readable(self) -> bool:
            return True

        def read(self, size: int = -1) -> bytes:
            raise OSError(5, "Input/output error")

    packings: Iterator[Packing] = iter(("gz", "zst"))
    for packing in packings:
        with pytest.raises(OSError, match="Input/output error"):
            open_unpacked(Failing(), packing).read()  # type: ignore[arg-type]
