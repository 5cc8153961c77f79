"""The report as a mail: built with the standard library, sent by SMTP, else written to the outbox folder.

Settings come from the environment:

    WINNOW_SMTP_HOST, WINNOW_SMTP_PORT, WINNOW_SMTP_SECURITY (starttls, tls or none), WINNOW_SMTP_USER,
    WINNOW_SMTP_PASSWORD, WINNOW_SMTP_CA_FILE (to trust a server's own certificate), WINNOW_MAIL_FROM,
    WINNOW_MAIL_TO (addresses separated by commas)

or, where that names no host, from the Prefect Secret block `winnow-smtp`: a JSON object with the keys host, port,
security, user, password, ca_file, sender, recipients. Without either, mails go to the outbox.

Reading settings raises MailSettingsError where they are wrong; a run must not fail for that: the caller records it.
"""

from __future__ import annotations

import json
import os
import re
import smtplib
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, getaddresses, parsedate_to_datetime
from pathlib import Path
from typing import Literal, cast

from transforms.types import WinnowError

SECRET_BLOCK = "winnow-smtp"  # noqa: S105  # a name, not a secret
TIMEOUT_SECONDS = 30.0
DEFAULT_PORTS = {"starttls": 587, "tls": 465, "none": 25}
VARIABLES = {
    "host": "WINNOW_SMTP_HOST",
    "port": "WINNOW_SMTP_PORT",
    "security": "WINNOW_SMTP_SECURITY",
    "user": "WINNOW_SMTP_USER",
    "password": "WINNOW_SMTP_PASSWORD",
    "ca_file": "WINNOW_SMTP_CA_FILE",
    "sender": "WINNOW_MAIL_FROM",
    "recipients": "WINNOW_MAIL_TO",
}

Security = Literal["starttls", "tls", "none"]


class MailSettingsError(WinnowError):
    """A mail setting is wrong: names the setting, its value, what is allowed and the remedy."""


@dataclass(frozen=True, slots=True)
class MailSettings:
    """How to reach the mail server, who writes, and to whom when the run names nobody."""

    host: str
    port: int
    security: Security
    user: str = ""
    password: str = field(default="", repr=False)
    sender: str = ""
    recipients: tuple[str, ...] = ()
    ca_file: str = ""


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of a mail: sent, written to the outbox, or failed (and then in the outbox too where possible)."""

    status: Literal["sent", "outbox", "failed"]
    detail: str


def read_settings(environ: Mapping[str, str]) -> MailSettings | None:
    """Settings of the environment; None where WINNOW_SMTP_HOST is unset or blank. Raises MailSettingsError."""
    values = {name: environ.get(variable, "") for name, variable in VARIABLES.items()}
    return _settings(values, VARIABLES) if values["host"].strip() else None


def read_recipients(environ: Mapping[str, str]) -> tuple[str, ...]:
    """Addresses of WINNOW_MAIL_TO, for a mail that goes to the outbox. Raises MailSettingsError."""
    return _addresses(environ.get(VARIABLES["recipients"], ""), VARIABLES["recipients"])


def read_block_settings() -> MailSettings | None:
    """Settings of the Prefect Secret block; None where there is no such block.

    Call it within a flow: it asks the Prefect server. Raises MailSettingsError when the block cannot be read.
    """
    import httpx  # noqa: PLC0415  # Prefect's client
    from prefect.blocks.system import Secret  # noqa: PLC0415  # takes a second, and only flows need it
    from prefect.exceptions import PrefectException  # noqa: PLC0415

    try:
        secret = cast("Secret[str]", Secret.load(SECRET_BLOCK)).get()
    except ValueError as error:  # Prefect's answer for a block that is not there
        if "Unable to find block" in str(error):
            return None
        raise MailSettingsError(f"Secret block {SECRET_BLOCK!r} cannot be read; save it again as JSON") from None
    except (PrefectException, httpx.HTTPError, RuntimeError, OSError) as error:
        raise MailSettingsError(
            f"Secret block {SECRET_BLOCK!r} cannot be read ({type(error).__name__}); is the Prefect server up?"
        ) from None
    return parse_block(secret)


def parse_block(secret: object) -> MailSettings:
    """Settings of a JSON object, as text or as Prefect parsed it. Raises MailSettingsError, never quoting the text."""
    try:
        found = json.loads(secret) if isinstance(secret, str) else secret
    except json.JSONDecodeError:
        found = None
    if not isinstance(found, dict) or not str(found.get("host") or "").strip():
        raise MailSettingsError(
            f"Secret block {SECRET_BLOCK!r} is not a JSON object with at least a host; "
            f"save one with these keys: {', '.join(VARIABLES)}"
        )
    values = {name: _text(found.get(name)) for name in VARIABLES}
    return _settings(values, {name: f"{name!r} of Secret block {SECRET_BLOCK!r}" for name in VARIABLES})


def build_message(
    *,
    subject: str,
    html: str,
    text: str,
    sender: str,
    recipients: tuple[str, ...],
    message_id: str,
    date: datetime,
) -> EmailMessage:
    """A multipart/alternative mail: text first, then HTML. Line breaks in headers become spaces, so none is added."""
    message = EmailMessage(policy=SMTP)
    message["Subject"] = _one_line(subject)
    message["From"] = _one_line(sender)
    message["To"] = ", ".join(_one_line(recipient) for recipient in recipients)
    message["Date"] = format_datetime(date)
    message["Message-ID"] = _one_line(message_id)
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office answers
    message.set_content(text)
    message.add_alternative(html, subtype="html")
    return message


def deliver(message: EmailMessage, settings: MailSettings | None, outbox: Path) -> Delivery:
    """Send the mail; without a server, or when sending fails, write it to the outbox. Never raises for a failed send.

    An address that the server refuses does not stop the others; the detail names it.
    """
    if settings is None:
        return _to_outbox(message, outbox, "outbox", "no mail server is configured (WINNOW_SMTP_HOST)")
    if not _recipients(message):
        return _to_outbox(message, outbox, "outbox", "the mail has no recipient (WINNOW_MAIL_TO or --report-to)")
    try:
        refused = _send(message, settings)
    except (smtplib.SMTPException, OSError, UnicodeError) as error:
        where = f"{settings.host}:{settings.port} ({settings.security})"
        return _to_outbox(message, outbox, "failed", f"{where}: {_reason(error, settings)}")
    accepted = [address for address in _recipients(message) if address not in refused]
    detail = ", ".join(accepted)
    return Delivery("sent", f"{detail}; refused: {_replies(refused)}" if refused else detail)


def _send(message: EmailMessage, settings: MailSettings) -> dict[str, tuple[int, bytes]]:
    """Returns the refused addresses with the server's replies."""
    context = ssl.create_default_context(cafile=settings.ca_file or None)
    if settings.security == "tls":
        server: smtplib.SMTP = smtplib.SMTP_SSL(settings.host, settings.port, timeout=TIMEOUT_SECONDS, context=context)
    else:
        server = smtplib.SMTP(settings.host, settings.port, timeout=TIMEOUT_SECONDS)
    with server:
        if settings.security == "starttls":
            server.starttls(context=context)
        if settings.user:
            server.login(settings.user, settings.password)
        return server.send_message(message)


def _reason(error: Exception, settings: MailSettings) -> str:
    """Why sending failed, without the password."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return f"every address was refused: {_replies(error.recipients)}"
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return f"login as {settings.user!r} was refused (code {error.smtp_code}); check user and password"
    if isinstance(error, UnicodeError):  # its text would quote what it could not encode
        return "host, user, password or an address has characters that SMTP cannot carry"
    reason = _one_line(f"{type(error).__name__}: {error}")[:300]
    return reason.replace(settings.password, "***") if settings.password else reason


def _to_outbox(message: EmailMessage, outbox: Path, status: Literal["outbox", "failed"], reason: str) -> Delivery:
    """Write the mail as .eml under another name and rename it. The name: date and run, so a repeat replaces its own."""
    date = parsedate_to_datetime(str(message["Date"]))
    run = re.sub(r"[^A-Za-z0-9-]", "", str(message["Message-ID"]).partition("@")[0])[:64]
    path = outbox / f"{date:%Y%m%dT%H%M%S}-{run}.eml"
    partial = path.with_suffix(f".{os.getpid()}.partial")
    try:
        outbox.mkdir(parents=True, exist_ok=True)
        partial.write_bytes(message.as_bytes())
        partial.replace(path)
    except OSError as error:
        return Delivery("failed", f"{reason}; not written to the outbox either: {error}")
    return Delivery(status, f"{path} ({reason})")


def _settings(values: Mapping[str, str], names: Mapping[str, str]) -> MailSettings:
    """Check the values; `names` says how the user calls each."""
    security = values["security"].strip().lower() or "starttls"
    if security not in DEFAULT_PORTS:
        raise MailSettingsError(
            f"{names['security']} is {values['security']!r}; allowed are {', '.join(DEFAULT_PORTS)} (default starttls)"
        )
    port = values["port"].strip() or str(DEFAULT_PORTS[security])
    if not re.fullmatch(r"[0-9]{1,5}", port) or not 1 <= int(port) <= 65535:
        raise MailSettingsError(
            f"{names['port']} is {values['port']!r}; allowed is a whole number from 1 to 65535, "
            f"or leave it out for {DEFAULT_PORTS[security]}"
        )
    user, password = values["user"].strip(), values["password"]
    if bool(user) != bool(password):
        missing, given = ("password", "user") if user else ("user", "password")
        raise MailSettingsError(f"{names[missing]} is empty but {names[given]} is set; set both, or neither")
    sender = values["sender"].strip() or (user if "@" in user else "")
    if "@" not in sender:
        raise MailSettingsError(
            f"{names['sender']} is {values['sender']!r}; set it to the address that the report comes from"
        )
    return MailSettings(
        host=values["host"].strip(),
        port=int(port),
        security=cast("Security", security),
        user=user,
        password=password,
        sender=sender,
        recipients=_addresses(values["recipients"], names["recipients"]),
        ca_file=values["ca_file"].strip(),
    )


def _addresses(value: str, name: str) -> tuple[str, ...]:
    addresses = tuple(part.strip() for part in value.split(",") if part.strip())
    for address in addresses:
        if "@" not in address:
            raise MailSettingsError(f"{name} has {address!r}; set mail addresses, separated by commas")
    return addresses


def _text(value: object) -> str:
    """A value of a JSON object as the environment would have it."""
    if isinstance(value, list):
        return ",".join(str(part) for part in value)
    return "" if value is None else str(value)


def _one_line(value: str) -> str:
    return " ".join(re.sub(r"[\x00-\x1f\x7f\x85\u2028\u2029]+", " ", value).split())


def _recipients(message: EmailMessage) -> list[str]:
    return [address for _, address in getaddresses([str(message["To"] or "")]) if address]


def _replies(refused: Mapping[str, tuple[int, bytes]]) -> str:
    return ", ".join(
        f"{address} ({code} {_one_line(reply.decode(errors='replace'))[:100]})"
        for address, (code, reply) in sorted(refused.items())
    )
