"""Full and read-only disks, as small tmpfs in a mount name space of their own; for benchmarks/faults.py."""

from __future__ import annotations

import shlex
import shutil
import subprocess
from collections import Counter
from pathlib import Path

from benchmarks.fault_runs import FIRST, PUBLISHED, SECOND, WINNOW, Scene, begun, contents, expect, settle

# Whoever made the name space sees the small disk; what is on it when the run is over is copied out.
_FULL = """
mount -t tmpfs -o size={size}k none {disk} && cp {kept}/* {disk}/ 2>/dev/null
cd {work} && {command}
code=$?
ls -la {disk} >&2
cp -r {disk}/. {kept}/
exit $code
"""


def can_mount() -> bool:
    """Whether a small disk of our own can be made here."""
    probe = ["unshare", "-rm", "mount", "-t", "tmpfs", "-o", "size=64k", "none", "/mnt"]
    return shutil.which("unshare") is not None and subprocess.run(probe, check=False).returncode == 0


def full_warehouse(scene: Scene, spare: tuple[int, ...]) -> str:
    """The disk of warehouse and staging has so many kB to spare: it is full while staging, or while publishing."""
    came = Counter[str]()
    for kilobytes in spare:
        folder = scene.folder("full")
        kept = folder / "kept"
        kept.mkdir()
        (folder / "winnow.duckdb").rename(kept / "winnow.duckdb")
        size = kilobytes + (kept / "winnow.duckdb").stat().st_size // 1024
        place = folder / "disk"
        done = _on_small_disk(folder, kept, size, warehouse=place / "winnow.duckdb", rest=folder)
        for path in kept.iterdir():
            shutil.move(path, folder)
        contents(folder / "winnow.duckdb")  # sound, whatever happened
        if done.returncode in PUBLISHED:
            came[f"{kilobytes} kB: published"] += 1
            continue
        lost = begun(folder)
        expect(f"{kilobytes} kB: it does not name the cause: {done.stderr[-800:]}", holds="space" in done.stderr)
        mails = len(list((folder / "outbox").glob("*.eml")))
        expect(f"{kilobytes} kB: {mails} mails", holds=mails == 1 or not lost)
        said = settle(scene, folder)
        expect(f"{kilobytes} kB: the next run does not tell of it: {said}", holds=_tells(said) or not mails)
        came[f"{kilobytes} kB: exit {done.returncode}, {mails} mail, next: {said[:160]}"] += 1
    return " | ".join(came)


def _tells(said: str) -> bool:
    return "broke off" in said or "was failed" in said or "did not end" in said


def full_for_mail(scene: Scene, spare: tuple[int, ...]) -> str:
    """The disk of report and outbox has so many kB; nobody takes mail. The run is published, whatever fits."""
    came = []
    for kilobytes in spare:
        folder = scene.folder("full")
        kept = folder / "kept"
        kept.mkdir()
        done = _on_small_disk(folder, kept, kilobytes, warehouse=folder / "winnow.duckdb", rest=folder / "disk")
        expect(f"{kilobytes} kB: exit {done.returncode}: {done.stderr[-800:]}", holds=done.returncode in PUBLISHED)
        expect(f"{kilobytes} kB: unpublished", holds=contents(folder / "winnow.duckdb") == scene.expected)
        left = sorted(path.suffix for path in kept.rglob("*") if path.is_file())
        expect(f"{kilobytes} kB: half-written files {left}", holds=not {".partial", ".sending"} & set(left))
        said = " ".join(done.stderr.partition("warehouse ")[2].partition("total ")[0].split())
        came.append(f"{kilobytes} kB: published; {', '.join(left) or 'nothing'} written; said: ...{said[-160:]}")
        settle(scene, folder)
    return " | ".join(came)


def _on_small_disk(
    folder: Path, kept: Path, kilobytes: int, *, warehouse: Path, rest: Path
) -> subprocess.CompletedProcess[str]:
    disk = folder / "disk"
    disk.mkdir()
    command = _command(warehouse, rest)
    return _in_name_space(_FULL.format(size=kilobytes, disk=disk, kept=kept, work=folder, command=command))


def read_only_disk(scene: Scene) -> str:
    """The whole folder of the warehouse can be read alone."""
    folder = scene.folder("read-only")
    done = _in_name_space(
        f"mount --bind {folder} {folder} && mount -o remount,bind,ro {folder} && {_from_elsewhere(folder)}"
    )
    return _refused(scene, folder, done)


def read_only_file(scene: Scene) -> str:
    """The warehouse's file alone can only be read: staging goes well, publishing does not."""
    folder = scene.folder("read-only")
    file = folder / "winnow.duckdb"
    done = _in_name_space(f"mount --bind {file} {file} && mount -o remount,bind,ro {file} && {_from_elsewhere(folder)}")
    return _refused(scene, folder, done)


def _refused(scene: Scene, folder: Path, done: subprocess.CompletedProcess[str]) -> str:
    expect(f"exit {done.returncode}: {done.stderr[-500:]}", holds=done.returncode == 4)
    mails = len(list((folder / "outbox").glob("*.eml")))
    said = settle(scene, folder)
    return f"exit 4, {mails} mail: {done.stderr.strip().splitlines()[-1][-160:]}; next: {said[:160]}"


def _from_elsewhere(folder: Path) -> str:
    return f"cd / && {_command(folder / 'winnow.duckdb', folder)}"


def _command(warehouse: Path, rest: Path) -> str:
    command = [WINNOW, "run", FIRST, SECOND, "--warehouse", warehouse]
    command += ["--report", rest / "report.html", "--outbox", rest / "outbox"]
    return shlex.join(map(str, command))


def _in_name_space(script: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["unshare", "-rm", "sh", "-c", script], capture_output=True, text=True, check=False)
