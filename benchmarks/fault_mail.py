"""Mail servers that behave badly; for benchmarks/faults.py. Nothing is lost, nothing comes twice, and the run ends."""

from __future__ import annotations

import time
from collections import Counter
from email import message_from_bytes
from functools import partial
from pathlib import Path

import duckdb

from benchmarks import fault_forks
from benchmarks.fault_runs import PUBLISHED, Scene, check, expect
from benchmarks.fault_servers import Behaviour, drips, drops, hangs, hangs_after_data, mail_server, refuses, takes


def refused(scene: Scene) -> str:
    """A server that wants nobody's mail."""
    return _bear(scene, refuses, (), comes_later=True)


def greylisted(scene: Scene) -> str:
    """A server that is busy the first time."""
    taken: list[bytes] = []
    return _bear(scene, takes(taken, rcpt=lambda number: b"451 later" if number == 0 else b"250 fine"), taken)


def greylisted_for_long(scene: Scene) -> str:
    """A server that is busy for all of the run."""
    return _bear(scene, takes([], rcpt=lambda _: b"451 later"), (), comes_later=True)


def dropped(scene: Scene) -> str:
    """A server that hangs up in mid-message: it may have the mail."""
    return _bear(scene, drops, (), comes_later=False)


def hung(scene: Scene) -> str:
    """A server that says nothing."""
    return _bear(scene, hangs, (), comes_later=True)


def hung_after_data(scene: Scene) -> str:
    """A server that takes the mail and does not say so: it may have it."""
    return _bear(scene, hangs_after_data, (), comes_later=False)


def dripped(scene: Scene) -> str:
    """A server that talks for ever, before it has been told of the mail."""
    return _bear(scene, drips, (), comes_later=True)


def _bear(scene: Scene, behave: Behaviour, taken: list[bytes] | tuple[()], *, comes_later: bool = False) -> str:
    """A run that mails to such a server, and the next one, with a server that takes all."""
    fault_forks.load()
    folder = scene.folder("mail")
    with mail_server(behave) as settings:
        began = time.monotonic()
        done = fault_forks.run(folder, **settings)
        took = time.monotonic() - began
    expect(f"the run ended with {done.returncode}: {done.stderr[-300:]}", holds=done.returncode in PUBLISHED)
    status, detail = fault_forks.do(partial(_last_report, folder))
    # The first run of the warehouse has a mail there too, which nobody wanted.
    kept = len(list((folder / "outbox").glob("*.eml")))
    expect("the mail is neither sent nor kept", holds=(status == "sent" and len(taken) == 1) or kept == 1)
    later: list[bytes] = []
    with mail_server(takes(later)) as settings:
        fault_forks.run(folder, **settings)
    fault_forks.do(partial(check, scene, folder))
    copies = Counter(str(message_from_bytes(mail)["Message-ID"]) for mail in (*taken, *later))
    expect(f"mails that came twice: {copies}", holds=max(copies.values()) == 1)
    expect(f"the next run sent {len(later)} mails", holds=len(later) == 1 + comes_later)
    return f"{status} in {took:.0f} s: {detail[-110:]!r}; the next run sent {len(later)}"


def _last_report(folder: Path) -> tuple[str, str]:
    with duckdb.connect(folder / "winnow.duckdb", read_only=True) as connection:
        rows = connection.execute("select report_status, report_detail from runs order by rowid").fetchall()
    status, detail = rows[-1]
    return str(status), str(detail)
