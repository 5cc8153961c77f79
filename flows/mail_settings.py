"""Mail settings, from the environment or from a Prefect Secret block.

    WINNOW_SMTP_HOST, WINNOW_SMTP_PORT, WINNOW_SMTP_SECURITY (starttls, tls or none), WINNOW_SMTP_USER,
    WINNOW_SMTP_PASSWORD, WINNOW_SMTP_CA_FILE (to trust a server's own certificate), WINNOW_MAIL_FROM,
    WINNOW_MAIL_TO (addresses separated by commas)

or, where that names no host, from the block `winnow-smtp`: a JSON object with the keys host, port, security, user,
password, ca_file, sender, recipients. Without either, mails go to the outbox. What is mailed when, and with what, is
set in the environment alone:

    WINNOW_MAIL_WHEN (always, or change: only where a run changed something or went otherwise than the one before),
    WINNOW_MAIL_SEVERITY (info, warning or critical: only where a check of at least that severity failed),
    WINNOW_MAIL_ATTACH (flagged, quarantine: CSV files of all of them)

Reading settings raises MailSettingsError where they are wrong; a run must not fail for that: the caller records it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, cast

from transforms.types import WinnowError

SECRET_BLOCK = "winnow-smtp"  # noqa: S105  # a name, not a secret
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
When = Literal["always", "change"]
Severity = Literal["info", "warning", "critical"]
Attachment = Literal["flagged", "quarantine"]


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
class MailChoice:
    """Which runs are mailed, and what goes with the mail. `severity` None: whatever the checks say."""

    when: When = "always"
    severity: Severity | None = None
    attach: tuple[Attachment, ...] = ()


def read_choice(environ: Mapping[str, str]) -> MailChoice:
    """What the environment asks to be mailed. Raises MailSettingsError."""
    when = _one_of("WINNOW_MAIL_WHEN", environ, ("always", "change")) or "always"
    severity = _one_of("WINNOW_MAIL_SEVERITY", environ, ("info", "warning", "critical"))
    names = tuple(part.strip().lower() for part in environ.get("WINNOW_MAIL_ATTACH", "").split(",") if part.strip())
    unknown = [name for name in names if name not in {"flagged", "quarantine"}]
    if unknown:
        raise MailSettingsError(f"WINNOW_MAIL_ATTACH has {unknown[0]!r}; allowed are flagged, quarantine, or both")
    return MailChoice(
        cast("When", when), cast("Severity | None", severity or None), cast("tuple[Attachment, ...]", names)
    )


def _one_of(name: str, environ: Mapping[str, str], allowed: tuple[str, ...]) -> str:
    value = environ.get(name, "").strip().lower()
    if value and value not in allowed:
        raise MailSettingsError(f"{name} is {environ[name]!r}; allowed are {', '.join(allowed)}, or leave it out")
    return value


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
