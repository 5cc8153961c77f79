"""Files behind URLs (s3://, memory://, https://, zip://...), by fsspec; its extras bring the systems of each scheme.

Errors of a hundred libraries become OSError here, as if the file were local; names and passwords within a URL go no
further than the connection.
"""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import IO, cast
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit
from urllib.request import url2pathname

import fsspec

from flows.inbox import PathError, Selection, choose
from flows.intake import InputFile

_SECRET_WORDS = ("signature", "token", "credential", "password", "secret", "key", "sig")
_BLOCK_BYTES = 1_048_576
# The loops of s3fs and botocore stand within each other: with these bounds a file that hangs is asked for 20 times, for
# up to 15 seconds each, and more than 100 times without. Patience (flows/patience.py) bounds the files.
_S3_TRIES = 2
_S3_OPTIONS = {"config_kwargs": {"retries": {"mode": "standard", "total_max_attempts": 5}}}


def local_path(url: str) -> str | None:
    """The path of a file:// URL, None for others."""
    parts = urlsplit(url)
    return url2pathname(parts.path) if parts.scheme == "file" and parts.netloc in {"", "localhost"} else None


def find_remote(url: str, selection: Selection, left_out: Counter[str]) -> Iterator[InputFile]:
    """The files behind a URL: one, those of a folder, or the matches of a glob. Raises PathError."""
    shown = without_secrets(url)
    try:
        is_s3 = url.startswith(("s3://", "s3a://"))
        system, path = fsspec.core.url_to_fs(url, **(_S3_OPTIONS if is_s3 else {}))
        if is_s3:
            system.retries = _S3_TRIES
        is_glob = fsspec.core.has_magic(path) and not system.exists(path)
        is_folder = not is_glob and system.isdir(path)
        found = system.glob(path) if is_glob else system.find(path) if is_folder else [path] * system.exists(path)
        files = sorted(file for file in found if not is_glob or not system.isdir(file))
    except ImportError as error:
        raise PathError(f"{shown!r} needs a package that is not installed: {error} (s3: winnow[s3])") from error
    except Exception as error:  # each scheme's library has its own errors; the cause is shown
        raise PathError(f"{shown!r} cannot be reached: {_reason(error, url)}") from error
    if not files and not is_folder:
        raise PathError(f"nothing at {shown!r}; give a file, a folder or a quoted glob such as 's3://bucket/**/*.html'")
    for file in files:
        relative = file[len(path) :].strip("/") if is_folder else PurePosixPath(file).name
        reason = choose(relative, selection, by_suffix=is_folder) if is_folder or is_glob else None
        if reason:
            left_out[reason] += 1
            continue
        place = PurePosixPath(file)
        location = without_secrets(system.unstrip_protocol(file))
        yield InputFile(file, location, place.name, place.parent.name, relative, remote=system)


def open_remote(file: InputFile) -> IO[bytes]:
    """The file, opened to be read; it and its reads raise OSError whatever the scheme."""
    assert file.remote is not None
    try:
        opened = file.remote.open(file.path, "rb")
    except Exception as error:
        raise OSError(_reason(error, file.path)) from error
    return cast("IO[bytes]", io.BufferedReader(_Remote(opened, file.path), _BLOCK_BYTES))


def without_secrets(url: str) -> str:
    """The URL without a user's name and password, and without the values of parameters that look like keys."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    if any(word in name.lower() for name, _ in pairs for word in _SECRET_WORDS):
        kept = [(name, value) for name, value in pairs if not any(word in name.lower() for word in _SECRET_WORDS)]
        return urlunsplit(parts._replace(netloc=host, query=urlencode(kept)))
    return urlunsplit(parts._replace(netloc=host)) if host != parts.netloc else url


def _reason(error: Exception, url: str) -> str:
    """What an error says, which may quote the URL."""
    shown, query = without_secrets(url), urlsplit(url).query
    text = str(error).replace(url, shown)
    return f"{type(error).__name__}: {text.replace(query, urlsplit(shown).query) if query else text}"


class _Remote(io.RawIOBase):
    def __init__(self, opened: IO[bytes], path: str) -> None:
        self._file, self._path = opened, path

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return bool(self._file.seekable())

    def seek(self, offset: int, whence: int = 0) -> int:
        return int(self._file.seek(offset, whence))

    def tell(self) -> int:
        return int(self._file.tell())

    def readinto(self, buffer) -> int:  # type: ignore[no-untyped-def]
        try:
            data = self._file.read(len(buffer))
        except Exception as error:
            raise OSError(_reason(error, self._path)) from error
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        if not self.closed:
            self._file.close()
        super().close()
