"""What a run leans on and loses: the warehouse's lock, the clock, Prefect's server, S3; for benchmarks/faults.py."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

import duckdb

from benchmarks.fault_runs import (
    FIRST,
    PUBLISHED,
    SECOND,
    FaultError,
    Scene,
    check,
    contents,
    expect,
    run,
    settle,
    start,
)
from benchmarks.fault_servers import Mood, PrefectServer, bad_way

_PATIENCE_SECONDS = 900
_S3 = "s3://lake/in/"


def locked(scene: Scene, seconds: float) -> str:
    """Another process holds the warehouse for so long when the run begins; and again when it has staged."""
    folder = scene.folder("locked")
    with _holder(folder, seconds):
        began = time.monotonic()
        done = run(folder)
        took = time.monotonic() - began
    expect(f"the run ended with {done.returncode}: {done.stderr[-300:]}", holds=done.returncode in PUBLISHED)
    check(scene, folder)
    folder = scene.folder("locked")
    came = _disturbed(scene, folder, _has_staged, lambda: _holder(folder, seconds))
    return f"at the start: published after {took:.0f} s; in mid-run: {came}"


def locked_for_long(scene: Scene) -> str:
    """Another process takes the warehouse when the run has staged, and does not give it back."""
    folder = scene.folder("locked")
    return _disturbed(scene, folder, _has_staged, lambda: _holder(folder, _PATIENCE_SECONDS))


@contextmanager
def _holder(folder: Path, seconds: float) -> Iterator[None]:
    script = (
        "import sys, time; from pathlib import Path; from warehouse.connect import connect_writer\n"
        "connection = connect_writer(Path(sys.argv[1])); print(flush=True); time.sleep(float(sys.argv[2]))"
    )
    command = [sys.executable, "-c", script, str(folder / "winnow.duckdb"), str(seconds)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        try:
            yield
        finally:
            holder.kill()


def _disturbed(
    scene: Scene, folder: Path, sign: Callable[[Path], bool], fault: Callable[[], object], **environ: str
) -> str:
    """A run to which `fault` happens as soon as its folder shows `sign`; a context manager lasts until it ends."""
    process = start(folder, **environ)
    began = time.monotonic()
    while not any(map(sign, (folder / "winnow.duckdb.staging").glob("*/"))):
        expect("the run ended before the fault", holds=process.poll() is None)
        time.sleep(0.01)
    happening = fault()
    try:
        if hasattr(happening, "__enter__"):
            with happening:
                code = process.wait(_PATIENCE_SECONDS)
        else:
            code = process.wait(_PATIENCE_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        raise FaultError(f"the run did not end within {_PATIENCE_SECONDS} s") from None
    took = time.monotonic() - began
    said = [line for line in (folder / "said").read_text().splitlines() if line.strip()][-1:]
    if code in PUBLISHED:
        return f"exit {code} after {took:.0f} s, says {check(scene, folder) or 'nothing of it'!r}"
    mails = len(list((folder / "outbox").glob("*.eml")))
    told = settle(scene, folder)
    return f"exit {code} after {took:.0f} s, {mails} mail, {said[0][-160:] if said else ''!r}; next: {told[:250]}"


def _has_flow(run_folder: Path) -> bool:
    """Prefect runs the flow by now: until then nothing is begun that could be lost."""
    try:
        return json.loads((run_folder / "owner.json").read_text())["flow_run_id"] is not None
    except (FileNotFoundError, json.JSONDecodeError):
        return False


def _has_staged(run_folder: Path) -> bool:
    return (run_folder / "staged").exists()


def clock_was_ahead(scene: Scene) -> str:
    """The clock was a day ahead for the run before: all that the warehouse knows lies in the future."""
    folder = scene.folder("clock")
    with duckdb.connect(folder / "winnow.duckdb") as connection:
        for column in ("started_at", "finished_at"):
            connection.execute(f"update runs set {column} = {column} + interval 1 day")
    return f"says {settle(scene, folder)!r}, and again {settle(scene, folder)!r}"


def clock_jumps(scene: Scene) -> str:
    """The clock is set back by a day while the run is under way."""
    library = next(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"), None)
    if library is None:
        return "skipped: faketime is not installed"
    folder = scene.folder("clock")
    now = folder / "now"
    now.write_text("+0")
    faked = {"LD_PRELOAD": str(library), "FAKETIME_TIMESTAMP_FILE": str(now), "FAKETIME_NO_CACHE": "1"}
    return _disturbed(
        scene, folder, _has_flow, lambda: now.write_text("-1d"), **faked, FAKETIME_DONT_FAKE_MONOTONIC="1"
    )


def prefect_restarted(scene: Scene) -> str:
    """Prefect's server dies in mid-run and is there again, on the same database, five seconds later."""

    def fail(server: PrefectServer) -> None:
        server.kill()
        time.sleep(5)
        server.start()

    return _without_prefect(scene, fail)


def prefect_gone(scene: Scene) -> str:
    """Prefect's server dies in mid-run and stays away."""
    return _without_prefect(scene, PrefectServer.kill)


def _without_prefect(scene: Scene, fail: Callable[[PrefectServer], None]) -> str:
    """The fault as soon as the flow has begun, and in another run when all is staged."""
    came = []
    for when, sign in (("begun", _has_flow), ("staged", _has_staged)):
        server = _server(scene)
        folder = scene.folder("prefect")
        try:
            said = _disturbed(scene, folder, sign, partial(fail, server), PREFECT_API_URL=server.url)
        finally:
            server.kill()
        came.append(f"{when}: {said}")
    return "; ".join(came)


def _server(scene: Scene) -> PrefectServer:
    home = scene.base / "prefect-of-its-own"
    home.mkdir(exist_ok=True)
    server = PrefectServer(str(home))
    server.start()
    return server


def s3_fails_at_first(scene: Scene) -> str:
    """S3 answers its first three requests with 500."""
    return _from_s3(scene, Mood(failing=3))


def s3_fails(scene: Scene) -> str:
    """S3 answers with 500 whatever it is asked; and whatever file it is asked for."""
    return f"all: {_from_s3(scene, Mood(failing=-1))}; files: {_from_s3(scene, Mood(failing=-1, only='/in/'))}"


def s3_is_slow(scene: Scene) -> str:
    """S3 takes three seconds for each answer."""
    return _from_s3(scene, Mood(slow=3))


def s3_hangs(scene: Scene) -> str:
    """S3 says nothing when it is asked for a file."""
    return _from_s3(scene, Mood(silent=True, only="/in/"))


def _from_s3(scene: Scene, mood: Mood) -> str:
    """The second desk lies in S3: a run by a bad way, and then one by a good one."""
    try:
        import boto3  # noqa: PLC0415 - not of the project
        import s3fs  # noqa: F401, PLC0415
        from moto.server import ThreadedMotoServer  # noqa: PLC0415
    except ImportError as error:
        return f"skipped: {error}"
    keys = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_DEFAULT_REGION": "us-east-1"}
    os.environ |= keys
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        good = f"{host}:{port}"
        client = boto3.client("s3", endpoint_url=f"http://{good}")
        client.create_bucket(Bucket="lake")
        for path in Path(SECOND).iterdir():
            client.upload_file(str(path), "lake", f"in/{path.name}")
        whole = scene.folder("s3-whole")
        done = run(whole, FIRST, _S3, AWS_ENDPOINT_URL=f"http://{good}")
        expect(
            f"the run from S3 ended with {done.returncode}: {done.stderr[-300:]}", holds=done.returncode in PUBLISHED
        )
        expected = replace(scene, expected=contents(whole / "winnow.duckdb"))
        folder = scene.folder("s3")
        with bad_way(good, mood) as bad:
            began = time.monotonic()
            done = run(folder, FIRST, _S3, AWS_ENDPOINT_URL=f"http://{bad}")
            took = time.monotonic() - began
        said = done.stderr.strip().splitlines()[-1][-160:]
        with duckdb.connect(folder / "winnow.duckdb", read_only=True) as connection:
            rows = connection.execute("select code, count(*) from quarantine group by all").fetchall()
        again = run(folder, FIRST, _S3, AWS_ENDPOINT_URL=f"http://{good}")
        expect(f"the next run ended with {again.returncode}", holds=again.returncode in PUBLISHED)
        check(expected, folder)
        shutil.rmtree(folder)
        return f"exit {done.returncode} after {took:.0f} s, {mood.asked} requests, quarantine {rows}: {said!r}"
    finally:
        server.stop()
