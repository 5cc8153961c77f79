"""The outbox: a folder of mails as .eml files. Some are its only copies, some wait to be sent by the next run.

`DATE-RUN.eml` is a mail to be opened by a person; one with the header X-Winnow-Waiting waits, for these addresses.
`DATE-RUN.PID.sending` is being sent by the process PID. One whose process is gone is a mail of which nobody knows
whether it arrived: it becomes an .eml that does not wait, so that no mail is sent twice.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import getaddresses, parsedate_to_datetime
from pathlib import Path

WAITING = "X-Winnow-Waiting"
MOST_A_RUN = 20  # mails of earlier runs that one run sends: a server that was down for days is not flooded
_SENDING = re.compile(r"(?P<stem>.+)\.(?P<process>\d+)\.sending")


@dataclass(frozen=True, slots=True)
class Claimed:
    """A waiting mail that this process sends and no other; `path` is to be removed afterwards."""

    path: Path
    run_id: str
    message: EmailMessage
    addresses: tuple[str, ...]


def keep(message: EmailMessage, outbox: Path, addresses: Sequence[str] = ()) -> Path:
    """Write the mail, waiting for `addresses` if any. A repeat replaces its own. Raises OSError."""
    del message[WAITING]
    if addresses:
        message[WAITING] = ", ".join(addresses)
    path = outbox / f"{_stem(message)}.eml"
    _write(message, path)
    return path


def claim_new(message: EmailMessage, outbox: Path, addresses: Sequence[str]) -> Path:
    """Note down that this process is about to send the mail to `addresses`. Raises OSError."""
    path = outbox / f"{_stem(message)}.{os.getpid()}.sending"
    message[WAITING] = ", ".join(addresses)
    try:
        _write(message, path)
    finally:
        del message[WAITING]
    return path


def give_back(claimed: Path) -> Path:
    """Let a claimed mail wait for all its addresses, as it stands there: no room is needed. Returns its new path."""
    found = _SENDING.fullmatch(claimed.name)
    assert found is not None
    return claimed.replace(claimed.with_name(f"{found['stem']}.eml"))


def claim_waiting(outbox: Path) -> Iterator[Claimed]:
    """The mails that wait, the oldest first, each claimed when it is asked for."""
    files = sorted(outbox.glob("*.eml"))
    claimed_count = 0
    for path in files:
        message = _read(path)
        addresses = tuple(address for _, address in getaddresses([str(message[WAITING] or "")]) if address)
        if not addresses:
            continue
        claimed = path.with_name(f"{path.stem}.{os.getpid()}.sending")
        try:
            path.rename(claimed)
        except FileNotFoundError:  # another process was quicker
            continue
        del message[WAITING]
        yield Claimed(claimed, _run_of(message), message, addresses)
        claimed_count += 1
        if claimed_count == MOST_A_RUN:
            return


def release_lost(outbox: Path) -> tuple[Path, ...]:
    """Mails that a process was sending when it ended: kept, not sent again. Returns their new paths.

    Where there is no room to write them anew they stay as they are, for a later run.
    """
    released = []
    for path in sorted(outbox.glob("*.sending")):
        found = _SENDING.fullmatch(path.name)
        if found and not _is_alive(int(found["process"])):
            with suppress(OSError):
                released.append(keep(_read(path), outbox))
                path.unlink(missing_ok=True)
    return tuple(released)


def _read(path: Path) -> EmailMessage:
    message = message_from_bytes(path.read_bytes(), policy=SMTP)
    assert isinstance(message, EmailMessage)
    return message


def _write(message: EmailMessage, path: Path) -> None:
    """Under another name and renamed, so that nobody reads half a mail."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f"{path.name}.{os.getpid()}.partial")
    try:
        partial.write_bytes(message.as_bytes())
        partial.replace(path)
    except OSError:
        partial.unlink(missing_ok=True)
        raise


def _stem(message: EmailMessage) -> str:
    date = parsedate_to_datetime(str(message["Date"]))
    return f"{date:%Y%m%dT%H%M%S}-{_run_of(message)}"


def _run_of(message: EmailMessage) -> str:
    return re.sub(r"[^A-Za-z0-9-]", "", str(message["Message-ID"]).partition("@")[0])[:64]


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # somebody else's, so alive
        return True
    return True
