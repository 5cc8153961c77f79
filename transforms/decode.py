"""Bytes to text: never fails, and never trusts a declaration that the bytes contradict."""

from __future__ import annotations

import codecs
import re

from charset_normalizer import from_bytes
from w3lib.encoding import html_body_declared_encoding, read_bom, resolve_encoding

_DETECT_BYTES = 64_000  # the detector's cost grows with the sample, its answer hardly changes
_SURROGATES = re.compile("[\ud800-\udfff]")
_MAGIC = (
    b"%PDF-",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF87a",
    b"GIF89a",
    b"PK\x03\x04",
    b"\x7fELF",
    b"MZ\x90",
    b"RIFF",
    b"OggS",
    b"ID3",
    b"SQLite format 3",
    b"PAR1",
    b"7z\xbc\xaf",
    b"Rar!",
    b"\xca\xfe\xba\xbe",
    b"\xd0\xcf\x11\xe0",
    b"\x00\x00\x01\x00",
)


def is_binary(content: bytes) -> bool:
    """Whether the bytes are a known binary format, or hold NULs without being UTF-16 or UTF-32."""
    head = content[:_DETECT_BYTES]
    if head.startswith(_MAGIC):
        return True
    return b"\x00" in head and read_bom(head)[0] is None and _utf16_without_bom(head) is None


def decode_text(content: bytes) -> str:
    """Plain text: byte-order mark, else UTF-8, else UTF-16 by its NULs, else the detector's best guess."""
    return _decode(content, declared=None)


def decode_html(content: bytes, charset: str | None = None) -> str:
    """A page: byte-order mark, else UTF-8 where the bytes are valid UTF-8, else what is declared, else a guess.

    Valid UTF-8 beyond ASCII is hardly ever an accident, so it beats a wrong declaration. `charset` is what the server
    declared; it goes before what the page declares, as in browsers, where it names an encoding at all.
    """
    known = resolve_encoding(charset) if charset else None
    declared = None if known else html_body_declared_encoding(content[:_DETECT_BYTES])
    return _decode(content, declared=resolve_encoding(declared) if declared else known)


def replace_surrogates(text: str) -> str:
    """Lone surrogates (from JSON escapes) cannot be stored anywhere; each becomes U+FFFD."""
    return _SURROGATES.sub("\ufffd", text) if not text.isascii() else text


def _decode(content: bytes, declared: str | None) -> str:
    bom_encoding, bom = read_bom(content)
    if bom_encoding is not None and bom is not None:
        return content[len(bom) :].decode(bom_encoding, "replace")
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        pass
    else:
        wide = _utf16_without_bom(content) if "\x00" in text else None
        return text if wide is None else content.decode(wide, "replace")
    encoding = _utf16_without_bom(content)
    if encoding is None and declared is not None and codecs.lookup(declared).name != "utf-8":
        encoding = declared
    return replace_surrogates(content.decode(encoding or _guess(content), "replace"))


def _utf16_without_bom(content: bytes) -> str | None:
    """Text of Latin letters in UTF-16 has a NUL at nearly every other byte."""
    sample = content[:4000]
    if len(sample) < 4:
        return None
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    half = len(sample) / 2
    if odd > 0.4 * half and even < 0.05 * half:
        return "utf-16-le"
    if even > 0.4 * half and odd < 0.05 * half:
        return "utf-16-be"
    return None


def _guess(content: bytes) -> str:
    best = from_bytes(content[:_DETECT_BYTES]).best()
    return best.encoding if best is not None else "cp1252"
