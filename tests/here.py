"""`winnow` without a start: the command in this process, and what it starts forked from one that has loaded everything.

A run of a few texts takes ten seconds of processor time, nine of them for importing Prefect, Great Expectations and the
models. Here it does the same work in as many processes, with the same server. The ways in which a user starts it are
proved by `tests.conftest.winnow`: a command, workers that start afresh, an embedded server.
"""

from __future__ import annotations

import contextlib
import io
import multiprocessing
import subprocess
import sys
from collections.abc import Iterator
from multiprocessing import forkserver, process
from pathlib import Path

import pytest

from flows import cli, watched_pool, workers
from tests.conftest import ROOT

_FORKED = multiprocessing.get_context("forkserver")
_FORKED.set_forkserver_preload(["tests.warm"])


def winnow_here(
    folder: Path, *arguments: str, api: str | None = None, given: bytes = b"", **environ: str
) -> subprocess.CompletedProcess[str]:
    """Do as `winnow ARGUMENTS` does in `folder`; `given` is its standard input. Its workers do not see `environ`."""
    said, told = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="") for _ in range(2))
    with (
        _as_if_started(folder, arguments, given, {**environ, "COLUMNS": "200"}),
        _server(api),
        contextlib.redirect_stdout(said),
        contextlib.redirect_stderr(told),
    ):
        code = _exit_code()
    return subprocess.CompletedProcess(arguments, code, _text_of(said), _text_of(told))


def _exit_code() -> int:
    try:
        cli.main()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 0
    return 0


def _text_of(stream: io.TextIOWrapper) -> str:
    stream.seek(0)
    return stream.read()


@contextlib.contextmanager
def _as_if_started(folder: Path, arguments: tuple[str, ...], given: bytes, environ: dict[str, str]) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch, forked_processes():
        for name, value in environ.items():
            patch.setenv(name, value)
        patch.setattr(sys, "argv", ["winnow", *arguments])
        patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given)))
        patch.setattr(process, "ORIGINAL_DIR", str(folder))  # where new processes begin
        patch.chdir(folder)
        yield


@contextlib.contextmanager
def forked_processes() -> Iterator[None]:
    """Within this, workers and the office are forked from the process that has loaded tests.warm."""
    with contextlib.chdir(ROOT):  # where it is found
        forkserver.ensure_running()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(workers, "SPAWN", _FORKED)
        patch.setattr(watched_pool, "SPAWN", _FORKED)
        yield


@contextlib.contextmanager
def _server(api: str | None) -> Iterator[None]:
    if api is None:
        yield
        return
    from prefect.settings import PREFECT_API_URL, temporary_settings  # noqa: PLC0415 - takes a second

    with pytest.MonkeyPatch.context() as patch, temporary_settings({PREFECT_API_URL: api}):
        patch.setenv("PREFECT_API_URL", api)
        yield
