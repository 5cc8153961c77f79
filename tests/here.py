"""`winnow` without a start: the command in this process, and what it starts forked from one that has loaded everything.

A run of a few texts takes ten seconds of processor time, nine of them for importing Prefect, Great Expectations and the
models. Here it does the same work in as many processes, with the same server. The ways in which a user starts it are
proved by `tests.conftest.winnow`: a command, workers that start afresh, an embedded server.
"""

from __future__ import annotations

import contextlib
import io
import multiprocessing
import os
import subprocess
import sys
from collections.abc import Iterator
from multiprocessing import process
from pathlib import Path

import pytest

from flows import cli, watched_pool, workers
from tests.conftest import ROOT

_FORKED = multiprocessing.get_context("forkserver")
_FORKED.set_forkserver_preload(["tests.warm"])


def winnow_here(
    folder: Path, *arguments: str, api: str | None = None, **environ: str
) -> subprocess.CompletedProcess[str]:
    """Do as `winnow ARGUMENTS` does in `folder`. Worker processes do not see `environ`."""
    said, told = io.StringIO(), io.StringIO()
    if api:
        environ["PREFECT_API_URL"] = api
    with (
        _as_if_started(folder, environ, arguments),
        contextlib.redirect_stdout(said),
        contextlib.redirect_stderr(told),
    ):
        code = _exit_code()
    return subprocess.CompletedProcess(arguments, code, said.getvalue(), told.getvalue())


def _exit_code() -> int:
    try:
        cli.main()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 0
    return 0


@contextlib.contextmanager
def _as_if_started(folder: Path, environ: dict[str, str], arguments: tuple[str, ...]) -> Iterator[None]:
    from prefect.settings import PREFECT_API_URL, temporary_settings  # noqa: PLC0415 - takes a second

    with contextlib.chdir(ROOT):  # or tests.warm is not found
        from multiprocessing.forkserver import ensure_running  # noqa: PLC0415

        ensure_running()
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {**environ, "COLUMNS": "200"}.items():
            patch.setenv(name, value)
        patch.setattr(sys, "argv", ["winnow", *arguments])
        patch.setattr(process, "ORIGINAL_DIR", str(folder))  # where new processes begin
        patch.setattr(workers, "SPAWN", _FORKED)
        patch.setattr(watched_pool, "SPAWN", _FORKED)
        patch.chdir(folder)
        with temporary_settings({PREFECT_API_URL: os.environ.get("PREFECT_API_URL")}):
            yield
