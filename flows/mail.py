"""The report as a mail: built with the standard library, sent by SMTP, else kept in the outbox (flows/outbox.py).

Never twice: a mail lies in the outbox, claimed, while it is being sent. When a run dies in between, nobody can know
whether the server took it, so it is not sent again; the file stays, and the next run says so.
"""

from __future__ import annotations

import re
import smtplib
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, getaddresses
from pathlib import Path
from typing import Literal

from flows import outbox as waiting
from flows.mail_settings import MailSettings
from flows.smtp import UnsureError, is_passing, send

PAUSES_SECONDS = (1.0, 4.0)  # before the second and third try: a busy or restarting server, not an outage


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of a mail: sent, kept in the outbox, failed (and then in the outbox too where possible), or not
    wanted (skipped)."""

    status: Literal["sent", "outbox", "failed", "skipped"]
    detail: str


@dataclass(frozen=True, slots=True)
class Sending:
    """What became of a run's mail, and of those of earlier runs that it sent: run id and delivery."""

    delivery: Delivery
    earlier: tuple[tuple[str, Delivery], ...] = ()


@dataclass(frozen=True, slots=True)
class Image:
    """A PNG that the HTML shows as `cid:name`, and what it shows in words."""

    name: str
    alt: str
    png: bytes


@dataclass(frozen=True, slots=True)
class CsvFile:
    """An attachment."""

    name: str
    text: str


def build_message(
    *,
    subject: str,
    html: str,
    text: str,
    sender: str,
    recipients: tuple[str, ...],
    message_id: str,
    date: datetime,
    images: Sequence[Image] = (),
    files: Sequence[CsvFile] = (),
) -> EmailMessage:
    """Text, then HTML with its images, then attachments. Line breaks in headers become spaces, so none is added.

    multipart/alternative; with attachments within multipart/mixed, with images the HTML within multipart/related.
    """
    message = EmailMessage(policy=SMTP)
    message["Subject"] = _one_line(subject)
    message["From"] = _one_line(sender)
    message["To"] = ", ".join(_one_line(recipient) for recipient in recipients)
    message["Date"] = format_datetime(date)
    message["Message-ID"] = _one_line(message_id)
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office answers
    message.set_content(text)
    message.add_alternative(html, subtype="html")
    page = message.get_payload()[1]  # type: ignore[index]
    assert isinstance(page, EmailMessage)
    for image in images:
        page.add_related(
            image.png, "image", "png", cid=f"<{image.name}>", disposition="inline", filename=f"{image.name}.png"
        )
    for file in files:
        message.add_attachment(file.text.encode("utf-8"), "text", "csv", filename=file.name)
    return message


def deliver(
    message: EmailMessage, settings: MailSettings | None, outbox: Path, *, pause: Callable[[float], None] = time.sleep
) -> Delivery:
    """Send the mail; without a server, or when sending fails, keep it in the outbox. Never raises for a failed send.

    An address that the server refuses does not stop the others; the detail names it. What failed for a passing reason
    is tried three times, and then waits in the outbox for the next run.
    """
    recipients = _recipients(message)
    if settings is None:
        return _keep(message, outbox, "no mail server is configured (WINNOW_SMTP_HOST)")
    if not recipients:
        return _keep(message, outbox, "the mail has no recipient (WINNOW_MAIL_TO or --report-to)")
    try:
        claimed = waiting.claim_new(message, outbox, recipients)
    except OSError:
        claimed = None  # a mail that cannot be noted down is sent all the same
    sent = _send_patiently(message, recipients, settings, pause)
    return _settle(message, sent, outbox, claimed)


def send_waiting(
    settings: MailSettings, outbox: Path, *, pause: Callable[[float], None] = time.sleep
) -> tuple[tuple[str, Delivery], ...]:
    """Send what earlier runs could not, the oldest first: the run that each mail reports, and what became of it.

    Ends at the first that cannot be sent: the next run tries again.
    """
    done: list[tuple[str, Delivery]] = []
    for claimed in waiting.claim_waiting(outbox):
        sent = _send_patiently(claimed.message, list(claimed.addresses), settings, pause)
        delivery = _settle(claimed.message, sent, outbox, claimed.path)
        done.append((claimed.run_id, delivery))
        if delivery.status == "failed":
            break
    return tuple(done)


@dataclass(frozen=True, slots=True)
class _Sent:
    """Who took the mail, who never will, who may later and why not now; or that nobody can know."""

    accepted: tuple[str, ...] = ()
    refused: tuple[tuple[str, int, bytes], ...] = ()
    left: tuple[str, ...] = ()
    problem: str = ""
    is_unsure: bool = False


def _send_patiently(
    message: EmailMessage, addresses: list[str], settings: MailSettings, pause: Callable[[float], None]
) -> _Sent:
    accepted: list[str] = []
    refused: list[tuple[str, int, bytes]] = []
    left, problem = list(addresses), ""
    for wait in (0.0, *PAUSES_SECONDS):
        if wait:
            pause(wait)
        try:
            replies = send(message, left, settings)
        except UnsureError as error:
            return _Sent(tuple(accepted), tuple(refused), tuple(left), _reason(error, settings), is_unsure=True)
        except (smtplib.SMTPException, OSError, UnicodeError) as error:
            problem = _reason(error, settings)
            if isinstance(error, smtplib.SMTPDataError) and error.smtp_code >= 500:
                left = []  # it will never take this mail, which must not stand in the way of others
            if not is_passing(error):
                break
            continue
        accepted += [address for address in left if address not in replies]
        refused += [(address, *reply) for address, reply in sorted(replies.items()) if reply[0] >= 500]
        left = [address for address in left if address in replies and replies[address][0] < 500]
        problem = f"for now refused: {_replies((address, *replies[address]) for address in left)}"
        if not left:
            break
    return _Sent(tuple(accepted), tuple(refused), tuple(left), problem)


def _settle(message: EmailMessage, sent: _Sent, outbox: Path, claimed: Path | None) -> Delivery:
    """What became of it in words; the outbox keeps what was not sent, marked as waiting where trying again may help.

    Where there is no room to write it there, it stays as it was claimed, and waits only if nobody can have it.
    """
    try:
        delivery = _keep_unsent(message, sent, outbox)
    except OSError as error:
        if claimed is None:
            where = "not written to the outbox either"
        elif sent.accepted or sent.is_unsure:
            where = f"{claimed} stays, to be looked at, since it cannot be written anew"
        else:
            where = f"{waiting.give_back(claimed)} waits as it is, since it cannot be written anew"
        accepted = f"{', '.join(sent.accepted)}; " if sent.accepted else ""
        return Delivery("sent" if accepted else "failed", f"{accepted}{sent.problem}; {where}: {error}")
    if claimed:
        claimed.unlink(missing_ok=True)
    return delivery


def _keep_unsent(message: EmailMessage, sent: _Sent, outbox: Path) -> Delivery:
    """Raises OSError where the outbox cannot be written."""

    def keep(reason: str, addresses: Sequence[str] = ()) -> Delivery:
        return Delivery("failed", f"{waiting.keep(message, outbox, addresses)} ({reason})")

    refused = f"refused: {_replies(sent.refused)}" if sent.refused else ""
    if sent.is_unsure:
        return keep(f"{sent.problem}; it may have arrived, so it is not sent again")
    if not sent.left and not sent.accepted:
        return keep(f"every address was {refused}" if refused else sent.problem)
    if sent.left and not sent.accepted:
        return keep("; ".join(filter(None, (sent.problem, refused))), sent.left)
    later = keep(sent.problem, sent.left).detail if sent.left else ""
    return Delivery("sent", "; ".join(filter(None, (", ".join(sent.accepted), refused, later))))


def _keep(message: EmailMessage, outbox: Path, reason: str) -> Delivery:
    """Of a mail that nobody sends."""
    try:
        return Delivery("outbox", f"{waiting.keep(message, outbox)} ({reason})")
    except OSError as error:
        return Delivery("failed", f"{reason}; not written to the outbox either: {error}")


def _reason(error: Exception, settings: MailSettings) -> str:
    """Where and why sending failed, without the password."""
    where = f"{settings.host}:{settings.port} ({settings.security})"
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return f"{where}: login as {settings.user!r} was refused (code {error.smtp_code}); check user and password"
    if isinstance(error, UnicodeError):  # its text would quote what it could not encode
        return f"{where}: host, user, password or an address has characters that SMTP cannot carry"
    name = "" if isinstance(error, UnsureError) else f"{type(error).__name__}: "
    reason = _one_line(f"{name}{error}")[:300]
    return f"{where}: {reason.replace(settings.password, '***') if settings.password else reason}"


def _one_line(value: str) -> str:
    return " ".join(re.sub(r"[\x00-\x1f\x7f\x85\u2028\u2029]+", " ", value).split())


def _recipients(message: EmailMessage) -> list[str]:
    return [address for _, address in getaddresses([str(message["To"] or "")]) if address]


def _replies(refused: Iterable[tuple[str, int, bytes]]) -> str:
    return ", ".join(
        f"{address} ({code} {_one_line(reply.decode(errors='replace'))[:100]})" for address, code, reply in refused
    )
