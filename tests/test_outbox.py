"""What cannot be sent is tried again, waits in the outbox for the next run, and is never sent twice."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from flows import outbox
from flows.embedded_server import free_port
from flows.mail import CsvFile, Image, build_message, deliver, send_waiting
from flows.mail_settings import MailChoice, MailSettings, MailSettingsError, read_choice
from tests.test_mail import NOW, make_message


@dataclass
class Moody:
    """Answers RCPT or DATA with what is next in its list for it; "" takes it, "drop" takes it and hangs up at once."""

    rcpt: list[str] = field(default_factory=list)
    data: list[str] = field(default_factory=list)
    mails: list[tuple[str, ...]] = field(default_factory=list)

    async def handle_RCPT(  # noqa: N802  # aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        answer = self.rcpt.pop(0) if self.rcpt else ""
        if not answer:
            envelope.rcpt_tos.append(address)
        return answer or "250 OK"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        answer = self.data.pop(0) if self.data else ""
        if answer in {"", "drop"}:
            self.mails.append(tuple(envelope.rcpt_tos))
        if answer == "drop":
            assert server.transport is not None
            server.transport.close()
        return answer if answer not in {"", "drop"} else "250 OK"


@contextmanager
def moody_server(moody: Moody) -> Iterator[MailSettings]:
    controller = Controller(moody, hostname="127.0.0.1", port=free_port())
    controller.start()
    try:
        yield MailSettings("127.0.0.1", controller.port, "none")
    finally:
        controller.stop()


def never(_seconds: float) -> None:
    """In place of a pause."""


BOTH = ("ana@example.org", "bo@example.org")
BUSY, FULL = "451 try later", "552 mailbox full"


@dataclass(frozen=True)
class Case:
    """What the server answers; who gets the mail, how often it is sent, and who waits for it afterwards."""

    name: str
    rcpt: tuple[str, ...] = ()
    data: tuple[str, ...] = ()
    mails: tuple[tuple[str, ...], ...] = (BOTH,)
    status: str = "sent"
    waits: str = ""
    words: str = ""

    def __str__(self) -> str:
        return self.name


CASES = (
    Case("at once"),
    Case("busy twice", data=(BUSY, BUSY)),
    Case("busy for long", data=(BUSY,) * 3, mails=(), status="failed", waits=", ".join(BOTH), words="try later"),
    Case("one busy, then not", rcpt=(BUSY,), mails=(BOTH[1:], BOTH[:1])),
    Case("one busy for long", rcpt=(BUSY, "", BUSY, BUSY), mails=(BOTH[1:],), waits=BOTH[0], words="for now refused"),
    Case("one full for ever", rcpt=(FULL,), mails=(BOTH[1:],), words="refused: ana@example.org (552 mailbox full)"),
    Case("one full, one busy", rcpt=(FULL, BUSY, BUSY, BUSY), mails=(), status="failed", waits=BOTH[1], words="552"),
    Case("both full", rcpt=(FULL, FULL), mails=(), status="failed", words="every address was refused"),
    Case("refused as it is", data=("554 spam",), mails=(), status="failed", words="spam"),
    Case("hung up on", data=("drop",), status="failed", words="it may have arrived, so it is not sent again"),
)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_who_gets_it_and_who_waits(case: Case, tmp_path: Path) -> None:
    moody = Moody(list(case.rcpt), list(case.data))
    with moody_server(moody) as settings:
        delivery = deliver(make_message(), settings, tmp_path, pause=never)
        assert (delivery.status, tuple(moody.mails)) == (case.status, case.mails)
        assert case.words in delivery.detail
        files = list(tmp_path.iterdir())
        waiting = [str(read(path)[outbox.WAITING] or "") for path in files]
        assert [addresses for addresses in waiting if addresses] == ([case.waits] if case.waits else [])
        assert all(path.suffix == ".eml" for path in files)
        # The next run sends what waits, to those who have not had it, and nothing else; the one after it nothing.
        moody.mails.clear()
        later = send_waiting(settings, tmp_path, pause=never)
        assert moody.mails == ([tuple(case.waits.split(", "))] if case.waits else [])
        assert [(run, sent.status) for run, sent in later] == ([("0af3", "sent")] if case.waits else [])
        assert send_waiting(settings, tmp_path, pause=never) == ()


def read(path: Path) -> EmailMessage:
    message = message_from_bytes(path.read_bytes(), policy=default)
    assert isinstance(message, EmailMessage)
    return message


def test_what_was_sent_later_is_the_same_mail(tmp_path: Path) -> None:
    sent = make_message(text="Drei Füchse")
    outbox.keep(sent, tmp_path, ["ana@example.org"])
    (claimed,) = outbox.claim_waiting(tmp_path)
    assert claimed.addresses == ("ana@example.org",)
    assert claimed.message["Message-ID"] == sent["Message-ID"]
    assert claimed.message[outbox.WAITING] is None
    body = claimed.message.get_body(("plain",))
    assert body is not None
    assert body.get_content().strip() == "Drei Füchse"


def test_a_server_that_stays_away_ends_the_attempts(tmp_path: Path) -> None:
    for number in range(3):
        outbox.keep(make_message(message_id=f"<run{number}@winnow>"), tmp_path, BOTH)
    nobody = MailSettings("127.0.0.1", free_port(), "none")
    later = send_waiting(nobody, tmp_path, pause=never)
    assert [(run, sent.status) for run, sent in later] == [("run0", "failed")]
    assert [read(path)[outbox.WAITING] for path in sorted(tmp_path.iterdir())] == [", ".join(BOTH)] * 3


def test_a_mail_that_only_lies_there_is_not_sent(tmp_path: Path) -> None:
    deliver(make_message(), None, tmp_path)
    moody = Moody()
    with moody_server(moody) as settings:
        assert send_waiting(settings, tmp_path, pause=never) == ()
    assert moody.mails == []


def test_two_runs_do_not_send_the_same_mail(tmp_path: Path) -> None:
    outbox.keep(make_message(), tmp_path, BOTH)
    first, second = outbox.claim_waiting(tmp_path), outbox.claim_waiting(tmp_path)
    assert next(first).addresses == BOTH
    assert list(second) == []


def test_a_run_killed_while_it_sent_leaves_a_mail_that_is_not_sent_again(tmp_path: Path) -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    outbox.keep(make_message(), tmp_path, BOTH)
    (mine,) = outbox.claim_waiting(tmp_path)
    assert outbox.release_lost(tmp_path) == ()  # its process, this one, is alive
    mine.path.rename(mine.path.with_name(mine.path.name.replace(f".{os.getpid()}.", f".{gone.pid}.")))
    (released,) = outbox.release_lost(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [released.name] == ["20260305T063000-0af3.eml"]
    assert list(outbox.claim_waiting(tmp_path)) == []


def test_images_and_files_are_parts_of_the_mail() -> None:
    message = build_message(
        subject="S",
        html='<img src="cid:volumes" alt="Volumes">',
        text="T",
        sender="a@example.org",
        recipients=("b@example.org",),
        message_id="<r@winnow>",
        date=NOW,
        images=(Image("volumes", "Volumes", b"\x89PNG"),),
        files=(CsvFile("flagged.csv", "a,b\r\n"),),
    )
    parts = [(part.get_content_type(), part.get_filename()) for part in message.walk()]
    assert parts == [
        ("multipart/mixed", None),
        ("multipart/alternative", None),
        ("text/plain", None),
        ("multipart/related", None),
        ("text/html", None),
        ("image/png", "volumes.png"),
        ("text/csv", "flagged.csv"),
    ]
    image = next(part for part in message.walk() if part.get_content_type() == "image/png")
    assert (image["Content-ID"], image.get_content_disposition()) == ("<volumes>", "inline")


def test_what_to_mail_is_read_from_the_environment() -> None:
    assert read_choice({}) == MailChoice("always", None, ())
    asked = {
        "WINNOW_MAIL_WHEN": "Change",
        "WINNOW_MAIL_SEVERITY": "warning",
        "WINNOW_MAIL_ATTACH": "flagged, quarantine",
    }
    assert read_choice(asked) == MailChoice("change", "warning", ("flagged", "quarantine"))


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        ("WINNOW_MAIL_WHEN", "never", "always, change"),
        ("WINNOW_MAIL_SEVERITY", "high", "info, warning, critical"),
        ("WINNOW_MAIL_ATTACH", "flagged,all", "flagged, quarantine"),
    ],
)
def test_a_wrong_choice_says_what_is_allowed(name: str, value: str, allowed: str) -> None:
    with pytest.raises(MailSettingsError, match=name) as raised:
        read_choice({name: value})
    assert allowed in str(raised.value)
