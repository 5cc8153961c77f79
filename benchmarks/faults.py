"""Faults, one after the other, over whole runs: what is lost, what is there twice, what the next run says.

    python benchmarks/faults.py [KILLS]        # all of it; 20 kills of a run and of a worker each

Each fault is done to `winnow run` over a few samples in a folder of its own; then an undisturbed run follows, and the
warehouse must hold what a warehouse holds that never saw a fault. Full and read-only disks are small tmpfs in a mount
name space of their own (`unshare -rm`); where that is not allowed, they are skipped and said so.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

import duckdb

sys.path.insert(0, str(Path(__file__).parents[1]))
from flows.embedded_server import EmbeddedServer

ROOT = Path(__file__).parents[1]
SAMPLES = str(ROOT / "samples" / "world-desk")  # small: the faults are to take the time, not the work
WINNOW = str(Path(sys.executable).with_name("winnow"))
# What a run writes of itself, and when.
TIMES = ("_at", "run_id", "run_name", "_run_id", "extractor_version")
COMPARED = ("inputs", "articles", "edits", "flags", "scores", "quarantine", "duplicates")
PUBLISHED = (0, 1)


class FaultError(AssertionError):
    """A promise that did not hold."""


def run(folder: Path, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """One run to its end."""
    return subprocess.run(
        [WINNOW, "run", SAMPLES, *arguments],
        cwd=folder,
        env={**os.environ, **environ},
        capture_output=True,
        text=True,
        check=False,
    )


def start(folder: Path) -> subprocess.Popen[bytes]:
    """One run under way."""
    return subprocess.Popen([WINNOW, "run", SAMPLES], cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def contents(warehouse: Path) -> dict[str, list[str]]:
    """What a warehouse holds, without when and by which run. Raises FaultError where a promise is broken."""
    with duckdb.connect(warehouse, read_only=True) as connection:
        broken = connection.execute(
            "select count(*) from restored_originals join articles using (article_id)"
            " where sha256(original) <> original_hash"
        ).fetchall()
        homeless = connection.execute(
            "select count(*) from inputs i where (i.fate = 'article' and not exists"
            " (from articles a where a.article_id = i.article_id))"
            " or (i.fate = 'quarantine' and not exists (from quarantine q where q.input_id = i.input_id))"
        ).fetchall()
        twice = connection.execute(
            "select count(*) - count(distinct input_id) from inputs"
            " union all select count(*) - count(distinct article_id) from articles"
        ).fetchall()
        if (broken, homeless, twice) != ([(0,)], [(0,)], [(0,), (0,)]):
            raise FaultError(f"originals {broken}, homeless {homeless}, twice {twice}")
        known = {name for (name,) in connection.execute("select table_name from duckdb_tables()").fetchall()}
        found = {}
        for table in sorted(known & set(COMPARED)):
            columns = connection.execute(f"select * from {table} limit 0").description or ()
            names = [column[0] for column in columns if not column[0].endswith(TIMES)]
            rows = connection.execute(f"select {', '.join(names)} from {table}").fetchall()
            found[table] = sorted(map(repr, rows))
        return found


def statuses(folder: Path) -> list[str]:
    """How the runs of a warehouse ended, in order."""
    with duckdb.connect(folder / "winnow.duckdb", read_only=True) as connection:
        return [
            str(status) for (status,) in connection.execute("select status from runs order by started_at").fetchall()
        ]


def expect(what: str, *, holds: bool) -> None:
    if not holds:
        raise FaultError(what)


def settle(folder: Path, reference: dict[str, list[str]]) -> None:
    """An undisturbed run, after which nothing tells of the fault but the history."""
    done = run(folder)
    expect(f"the next run ended with {done.returncode}: {done.stderr[-500:]}", holds=done.returncode in PUBLISHED)
    expect("the warehouse differs from one without faults", holds=contents(folder / "winnow.duckdb") == reference)
    expect("staged files are left", holds=not (folder / "winnow.duckdb.staging").exists())


def children(process: int) -> list[int]:
    """The workers of a run: processes that Python's own pool started."""
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(status.read_text().rpartition(")")[2].split()[1])
            command = status.with_name("cmdline").read_bytes()
        except (OSError, ValueError):
            continue
        if parent == process and b"spawn_main" in command:
            found.append(int(status.parent.name))
    return found


def killed_runs(folder: Path, reference: dict[str, list[str]], kills: int, seconds: float) -> str:
    """kill -9 of the whole run, at random points of its way."""
    published = 0
    for number in range(kills):
        process = start(folder)
        try:
            process.wait(random.Random(number).uniform(0, seconds * 1.1))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if (folder / "winnow.duckdb").exists() and (folder / "winnow.duckdb").stat().st_size > 100_000:
            published += bool(contents(folder / "winnow.duckdb"))
    settle(folder, reference)
    told = statuses(folder).count("running")  # and no end: that is how a killed run stands there
    return f"{kills} kills, {published} of them with a warehouse already, {told} told by later runs"


def killed_workers(folder: Path, reference: dict[str, list[str]], kills: int, seconds: float) -> str:
    """kill -9 of one worker of a run, at random points; the run goes on, or the next one does."""
    hit = ended_well = 0
    for number in range(kills):
        shutil.rmtree(folder / "winnow.duckdb.staging", ignore_errors=True)
        (folder / "winnow.duckdb").unlink(missing_ok=True)
        process = start(folder)
        time.sleep(random.Random(number).uniform(0.3, seconds))
        workers = children(process.pid)
        if workers:
            os.kill(random.Random(number).choice(workers), signal.SIGKILL)
            hit += 1
        ended_well += process.wait(300) in PUBLISHED
        settle(folder, reference)
    return f"{hit} of {kills} hit a worker or the office, {ended_well} runs published all the same"


def locked_warehouse(folder: Path, reference: dict[str, list[str]], seconds: float) -> str:
    """Another process holds the warehouse while the run wants to publish."""
    run(folder)
    script = f"import duckdb, time; c = duckdb.connect({str(folder / 'winnow.duckdb')!r}); time.sleep({seconds})"
    with subprocess.Popen([sys.executable, "-c", script]) as holder:
        time.sleep(1)
        began = time.monotonic()
        done = run(folder)
        waited = time.monotonic() - began
        holder.wait()
    expect(f"the run ended with {done.returncode}: {done.stderr[-300:]}", holds=done.returncode in PUBLISHED)
    settle(folder, reference)
    return f"waited for a holder of {seconds:.0f} s, published after {waited:.0f} s"


def clock_back(folder: Path, reference: dict[str, list[str]]) -> str:
    """The clock was set back by a day: all that the warehouse knows lies in the future."""
    run(folder)
    with duckdb.connect(folder / "winnow.duckdb") as connection:
        connection.execute("update runs set started_at = started_at + interval 1 day")
        connection.execute("update runs set finished_at = finished_at + interval 1 day")
    settle(folder, reference)
    return f"{len(statuses(folder))} runs, the later one first by its time"


def smtp(folder: Path, reference: dict[str, list[str]], behave: Callable[[socket.socket, int], None]) -> str:
    """A mail server that behaves badly; then one run without it."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=_serve, args=(server, behave), daemon=True).start()
        began = time.monotonic()
        done = run(
            folder,
            *("--report-to", "desk@courier.example"),
            WINNOW_SMTP_HOST="127.0.0.1",
            WINNOW_SMTP_PORT=str(server.getsockname()[1]),
            WINNOW_SMTP_SECURITY="none",
            WINNOW_MAIL_FROM="winnow@courier.example",
        )
        took = time.monotonic() - began
    expect(f"the run ended with {done.returncode}: {done.stderr[-300:]}", holds=done.returncode in PUBLISHED)
    with duckdb.connect(folder / "winnow.duckdb", read_only=True) as connection:
        rows = connection.execute("select report_status, report_detail from runs").fetchall()
    ((status, detail),) = rows
    mails = len(list((folder / "outbox").glob("*.eml"))) if (folder / "outbox").exists() else 0
    expect("the mail is neither sent nor kept", holds=status == "sent" or mails == 1)
    settle(folder, reference)
    return f"{status} in {took:.0f} s, {mails} kept: {str(detail)[-90:]}"


def _serve(server: socket.socket, behave: Callable[[socket.socket, int], None]) -> None:
    for number in range(20):
        try:
            client, _ = server.accept()
        except OSError:
            return
        with client:
            try:
                behave(client, number)
            except OSError:
                continue


def _talk(client: socket.socket, rcpt: bytes, data: bytes) -> None:
    """SMTP as far as a client that sends one mail needs it."""
    client.sendall(b"220 here\r\n")
    stream, in_data = client.makefile("rb"), False
    for line in stream:
        if in_data:
            if line == b".\r\n":
                in_data = False
                client.sendall(b"250 taken\r\n")
        elif line.upper().startswith(b"DATA"):
            client.sendall(data + b"\r\n")
            in_data = data.startswith(b"354")
        elif line.upper().startswith(b"RCPT"):
            client.sendall(rcpt + b"\r\n")
        else:
            client.sendall(b"250 fine\r\n")


def refuses(client: socket.socket, _number: int) -> None:
    client.sendall(b"554 go away\r\n")


def hangs(client: socket.socket, _number: int) -> None:
    client.recv(1)  # it never says anything, and the client waits until it gives up


def drops(client: socket.socket, _number: int) -> None:
    client.sendall(b"220 here\r\n")
    stream = client.makefile("rb")
    for line in stream:
        if line.upper().startswith(b"DATA"):
            client.sendall(b"354 go on\r\n")
            stream.read(500)
            client.shutdown(socket.SHUT_RDWR)
            return
        client.sendall(b"250 fine\r\n")


def greylists(client: socket.socket, number: int) -> None:
    _talk(client, b"451 try again later" if number == 0 else b"250 fine", b"354 go on")


FULL = """
mount -t tmpfs -o size={size}k none {disk} && cp -r {source}/. {disk}/ 2>/dev/null
cd {work} && {winnow} run {inbox} --warehouse {warehouse} --report {report} --outbox {outbox}
code=$?
cp -r {disk}/. {source}/ 2>/dev/null
exit $code
"""


def full_disk(folder: Path, reference: dict[str, list[str]], what: str, kilobytes: int) -> str:
    """The disk of the warehouse and its staging, or of report and outbox, is full; then there is room again."""
    disk, source = folder / "disk", folder / "kept"
    disk.mkdir()
    source.mkdir()
    of_mail = what == "mailing"
    place = folder if of_mail else disk
    out = disk if of_mail else folder
    script = FULL.format(
        size=kilobytes,
        disk=disk,
        source=source,
        work=folder,
        winnow=WINNOW,
        inbox=SAMPLES,
        warehouse=place / "winnow.duckdb",
        report=out / "report.html",
        outbox=out / "outbox",
    )
    done = subprocess.run(["unshare", "-rm", "sh", "-c", script], capture_output=True, text=True, check=False)
    said = [line for line in done.stderr.splitlines() if "winnow:" in line or "mail" in line or "rror" in line]
    if not of_mail and (source / "winnow.duckdb").exists():
        contents_or_empty(source / "winnow.duckdb")
        shutil.copy(source / "winnow.duckdb", folder / "winnow.duckdb")
    expect(f"it says nothing of the disk: {done.stderr[-400:]}", holds="space" in done.stderr or of_mail)
    settle(folder, reference)
    return f"exit {done.returncode}: {said[-1][:150] if said else ''}"


def contents_or_empty(warehouse: Path) -> None:
    """A warehouse that can be opened; its tables may not be made yet."""
    with duckdb.connect(warehouse, read_only=True) as connection:
        tables = connection.execute("select count(*) from duckdb_tables()").fetchall()
    if tables != [(0,)]:
        contents(warehouse)


def read_only(folder: Path, reference: dict[str, list[str]]) -> str:
    """The warehouse lies on a disk that cannot be written."""
    run(folder)
    script = (
        f"mount --bind {folder} {folder} && mount -o remount,bind,ro {folder} && "
        f"cd /tmp && {WINNOW} run {SAMPLES} --warehouse {folder / 'winnow.duckdb'} "
        f"--report {folder / 'report.html'} --outbox {folder / 'outbox'}"
    )
    done = subprocess.run(["unshare", "-rm", "sh", "-c", script], capture_output=True, text=True, check=False)
    expect(f"it went on: {done.returncode}", holds=done.returncode == 4)
    settle(folder, reference)
    return f"exit {done.returncode}: {done.stderr.strip().splitlines()[-1][-160:]}"


def main() -> None:
    """Every fault; ends with 1 where a promise did not hold."""
    kills = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    only = set(sys.argv[2:])
    server = EmbeddedServer()
    server.start()
    failed = 0
    with tempfile.TemporaryDirectory() as made:
        base = Path(made)
        os.environ |= {"PREFECT_HOME": str(base / "prefect"), "PREFECT_LOGGING_LEVEL": "CRITICAL"}
        os.environ["PREFECT_API_URL"] = server.wait()
        began = time.monotonic()
        clean = _folder(base, "reference")
        run(clean)
        seconds = time.monotonic() - began
        reference = contents(clean / "winnow.duckdb")
        faults: dict[str, Callable[[Path], str]] = {
            "smtp refuses": lambda f: smtp(f, reference, refuses),
            "smtp greylists": lambda f: smtp(f, reference, greylists),
            "smtp drops in mid-message": lambda f: smtp(f, reference, drops),
            "smtp hangs": lambda f: smtp(f, reference, hangs),
            "disk full while staging": lambda f: full_disk(f, reference, "staging", 40),
            "disk full while publishing": lambda f: full_disk(f, reference, "publishing", 1000),
            "disk full while mailing": lambda f: full_disk(f, reference, "mailing", 40),
            "read-only warehouse": lambda f: read_only(f, reference),
            "locked warehouse": lambda f: locked_warehouse(f, reference, 15),
            "clock set back": lambda f: clock_back(f, reference),
            "killed run": lambda f: killed_runs(f, reference, kills, seconds),
            "killed worker": lambda f: killed_workers(f, reference, kills, seconds),
        }
        for name, fault in faults.items():
            if only and name not in only:
                continue
            try:
                print(f"{name:28} held: {fault(_folder(base, name.replace(' ', '-')))}", flush=True)
            except FaultError as error:
                failed += 1
                print(f"{name:28} BROKEN: {error}", flush=True)
    server.stop()
    sys.exit(failed > 0)


def _folder(base: Path, name: str) -> Path:
    folder = base / name
    folder.mkdir()
    return folder


if __name__ == "__main__":
    main()
