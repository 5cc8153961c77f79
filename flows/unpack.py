"""Unpacking .gz and .zst as they are read, in pieces, with a bound on what a small file may become.

Between the file and its reader (flows/sources.py). Gzip goes member by member, so that a WARC file with one damaged
record is read on at the next; zstd frame by frame, by the library that pyarrow carries.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable
from typing import IO, Literal, cast

from transforms.types import WinnowError

Packing = Literal["gz", "zst"]
GZIP_MAGIC, ZSTD_MAGIC = b"\x1f\x8b\x08", b"\x28\xb5\x2f\xfd"
# Text packs 3 to 10 times, pages of one site with much in common 60 times; a bomb of zeros 1,000 (gzip) to 30,000
# times (zstd). What unpacks to less than FREE_BYTES does no harm, however it was packed.
MOST_RATIO = 200
FREE_BYTES = 64_000_000
_CHUNK = 65_536
# A member that is cut off reads on into the next one, mostly for some hundred bytes, until those make no sense.
_LOOK_BACK = 65_536


class UnpackError(WinnowError):
    """A packed stream that is damaged, cut off or a bomb; `code` is the quarantine's."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code


def open_unpacked(raw: IO[bytes], packing: Packing, on_damage: Callable[[str], bytes] | None = None) -> IO[bytes]:
    """The unpacked stream of `raw`; reading from it raises UnpackError and what reading `raw` raises.

    With `on_damage`, a damaged gzip member is passed over, up to the next that begins; what it makes of the reason
    stands in the stream instead.
    """
    counted = _Counted(raw)
    source = _GzipMembers(counted, on_damage) if packing == "gz" else _Zstd(counted)
    return cast("IO[bytes]", io.BufferedReader(_Bounded(source, counted), _CHUNK))


class _Counted(io.RawIOBase):
    """The packed bytes, counted."""

    def __init__(self, raw: IO[bytes]) -> None:
        self._raw, self.count = raw, 0

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        data = self._raw.read(size)
        self.count += len(data)
        return data


class _Bounded(io.RawIOBase):
    """What comes out, stopped where it is more than any text can be of what went in."""

    def __init__(self, source: _GzipMembers | _Zstd, packed: _Counted) -> None:
        self._source, self._packed, self._count = source, packed, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:  # type: ignore[no-untyped-def]
        data = self._source.read(len(buffer))
        self._count += len(data)
        if self._count > FREE_BYTES and self._count > MOST_RATIO * self._packed.count:
            reason = (
                f"{self._packed.count:,} bytes unpack to more than {self._count:,}, over {MOST_RATIO} times as much, "
                "as no text does; unpack it yourself if you trust it"
            )
            raise UnpackError("bomb", reason)
        buffer[: len(data)] = data
        return len(data)


class _GzipMembers:
    def __init__(self, raw: _Counted, on_damage: Callable[[str], bytes] | None) -> None:
        self._raw, self._on_damage = raw, on_damage
        self._pending, self._is_end = b"", False
        self._passed = b""  # the last bytes that the member has taken
        self._member = zlib.decompressobj(wbits=31)
        self._is_fresh, self._is_first = True, True

    def read(self, size: int) -> bytes:
        """Up to `size` bytes; none at the end."""
        while True:
            if not self._pending and not self._is_end:
                self._pending = self._raw.read(_CHUNK)
                self._is_end = not self._pending
            if self._is_fresh and not self._is_first:
                self._pending = self._pending.lstrip(b"\0")  # tapes and old tools pad with zeros
                if not self._pending and not self._is_end:
                    continue
            if not self._pending:
                return b"" if self._is_fresh else self._damaged("it ends in the middle")
            try:
                data = self._member.decompress(self._pending, size)
            except zlib.error as error:
                return self._damaged(str(error))
            self._is_fresh = self._is_first = False
            taken = len(self._pending) - len(self._member.unconsumed_tail)
            self._passed = (self._passed + self._pending[max(0, taken - _LOOK_BACK) : taken])[-_LOOK_BACK:]
            self._pending = self._member.unconsumed_tail
            if self._member.eof:
                self._pending = self._member.unused_data
                self._restart()
            if data:
                return data

    def _restart(self) -> None:
        self._member, self._is_fresh, self._passed = zlib.decompressobj(wbits=31), True, b""

    def _damaged(self, reason: str) -> bytes:
        if self._on_damage is None:
            raise UnpackError("bad-gzip", f"it is no complete gzip file ({reason}); fetch it again")
        # The next member may begin in what this one has taken; but the bytes that begin this one begin no other.
        self._pending = (self._passed + self._pending)[1:]
        while (at := self._pending.find(GZIP_MAGIC)) < 0:
            more = self._raw.read(_CHUNK)
            if not more:
                self._pending, self._is_end = b"", True
                break
            self._pending = self._pending[-len(GZIP_MAGIC) + 1 :] + more
        else:
            self._pending = self._pending[at:]
        self._restart()
        return self._on_damage(reason)


class _Zstd:
    """Frames follow each other; a window over 128 MB is refused by the library."""

    def __init__(self, raw: _Counted) -> None:
        import pyarrow as pa  # noqa: PLC0415 - 0.3 s, for those files only

        self._stream = pa.CompressedInputStream(pa.PythonFile(raw, mode="r"), "zstd")

    def read(self, size: int) -> bytes:
        """Up to `size` bytes; none at the end."""
        try:
            data: bytes = self._stream.read(size)
        except OSError as error:
            if error.errno is not None:  # the file's own, not the format's
                raise
            raise UnpackError("bad-zstd", f"it is no complete zstd file ({error}); fetch it again") from error
        return data
