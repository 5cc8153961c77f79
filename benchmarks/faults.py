"""Faults, one after the other, over whole runs: what is lost, what is there twice, what the next run says.

    python benchmarks/faults.py [KILLS] [NAME...]     # all, or those named; 100 kills: half schedulers, 25 loaders

Each fault is done to the same `winnow run` in a folder of its own; then an undisturbed run follows, and the warehouse
must hold what it holds without the fault, and its promises. Full and read-only disks are small tmpfs in a mount name
space of their own (`unshare -rm`), a clock that jumps needs `faketime`, S3 needs `moto[server]` and `s3fs`: what is not
there is skipped, and said so.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
from benchmarks import fault_disks, fault_kills, fault_mail, fault_services
from benchmarks.fault_runs import FaultError, Scene, set_scene
from flows.embedded_server import EmbeddedServer

FAULTS: dict[str, Callable[[Scene, int], str]] = {
    "smtp refuses": lambda scene, _: fault_mail.refused(scene),
    "smtp greylists": lambda scene, _: fault_mail.greylisted(scene),
    "smtp greylists for long": lambda scene, _: fault_mail.greylisted_for_long(scene),
    "smtp drops in mid-message": lambda scene, _: fault_mail.dropped(scene),
    "smtp hangs": lambda scene, _: fault_mail.hung(scene),
    "smtp hangs after the message": lambda scene, _: fault_mail.hung_after_data(scene),
    "smtp drips": lambda scene, _: fault_mail.dripped(scene),
    "disk full, from staging on": lambda scene, _: fault_disks.full_warehouse(scene, (0, 60)),
    "disk full, publishing": lambda scene, _: fault_disks.full_warehouse(scene, (400, 1000, 1600)),
    "disk full, mailing": lambda scene, _: fault_disks.full_for_mail(scene, (4, 40, 100)),
    "read-only disk": lambda scene, _: fault_disks.read_only_disk(scene),
    "read-only warehouse": lambda scene, _: fault_disks.read_only_file(scene),
    "warehouse locked for 60 s": lambda scene, _: fault_services.locked(scene, 60),
    "warehouse locked for long": lambda scene, _: fault_services.locked_for_long(scene),
    "clock set back before a run": lambda scene, _: fault_services.clock_was_ahead(scene),
    "clock jumps back in a run": lambda scene, _: fault_services.clock_jumps(scene),
    "prefect restarted": lambda scene, _: fault_services.prefect_restarted(scene),
    "prefect goes away": lambda scene, _: fault_services.prefect_gone(scene),
    "s3 answers 500 at first": lambda scene, _: fault_services.s3_fails_at_first(scene),
    "s3 answers 500": lambda scene, _: fault_services.s3_fails(scene),
    "s3 is slow": lambda scene, _: fault_services.s3_is_slow(scene),
    "s3 hangs": lambda scene, _: fault_services.s3_hangs(scene),
    "killed schedulers": lambda scene, kills: fault_kills.killed_schedulers(scene, kills // 2),
    "killed loaders": lambda scene, kills: fault_kills.killed_loaders(scene, kills // 4),
    "killed workers": lambda scene, kills: fault_kills.killed_workers(scene, kills // 4),
}
_DISKS = "disk full", "read-only"


def main() -> None:
    """Every fault; ends with 1 where a promise did not hold."""
    kills = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    names = sys.argv[2:] or list(FAULTS)
    failed = 0
    with tempfile.TemporaryDirectory() as made:
        os.environ |= {"PREFECT_HOME": f"{made}/prefect", "PREFECT_LOGGING_LEVEL": "CRITICAL"}
        server = EmbeddedServer()
        server.start()
        try:
            os.environ["PREFECT_API_URL"] = server.wait()
            scene = set_scene(Path(made))
            print(f"an undisturbed run takes {scene.seconds:.0f} s", flush=True)
            for name in names:
                failed += not _happens(name, scene, kills)
        finally:
            server.stop()
    sys.exit(failed > 0)


def _happens(name: str, scene: Scene, kills: int) -> bool:
    if name.startswith(_DISKS) and not fault_disks.can_mount():
        print(f"{name:28} skipped: unshare -rm may not mount a tmpfs here", flush=True)
        return True
    began = time.monotonic()
    try:
        came = FAULTS[name](scene, kills)
    except FaultError as error:
        print(f"{name:28} BROKEN ({time.monotonic() - began:.0f} s): {error}", flush=True)
        return False
    print(f"{name:28} held ({time.monotonic() - began:.0f} s): {came}", flush=True)
    return True


if __name__ == "__main__":
    main()
