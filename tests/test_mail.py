"""The mail: built, sent to real SMTP servers on loopback, and written to the outbox when it cannot be sent."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from ipaddress import ip_address
from pathlib import Path
from typing import Literal

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from flows import mail
from flows.mail import (
    Delivery,
    MailSettings,
    MailSettingsError,
    build_message,
    deliver,
    parse_block,
    read_recipients,
    read_settings,
)

NOW = datetime(2026, 3, 5, 6, 30, tzinfo=UTC)
PASSWORD = "hunter2-é".encode("ascii", "ignore").decode() + "-secret"


def make_message(**changes: object) -> EmailMessage:
    values: dict[str, object] = {
        "subject": "Winnow: 3 articles published",
        "html": "<p>Drei <b>Füchse</b></p>",
        "text": "Drei Füchse",
        "sender": "Winnow <winnow@example.org>",
        "recipients": ("ana@example.org", "bo@example.org"),
        "message_id": "<0af3@winnow.invalid>",
        "date": NOW,
    }
    return build_message(**(values | changes))  # type: ignore[arg-type]


@dataclass
class Inbox:
    """Takes every mail, except for addresses that begin with `no-`."""

    mails: list[tuple[list[str], EmailMessage]] = field(default_factory=list)

    async def handle_RCPT(  # noqa: N802  # aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, rcpt_options: list[str]
    ) -> str:
        if address.startswith("no-"):
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        assert isinstance(envelope.content, bytes)
        self.mails.append((list(envelope.rcpt_tos), message_from_bytes(envelope.content, policy=default)))  # type: ignore[arg-type]
        return "250 OK"


def check_login(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: LoginPassword) -> AuthResult:
    is_right = (data.login, data.password) == (b"reporter", PASSWORD.encode())
    return AuthResult(success=is_right, handled=False)


@dataclass(frozen=True)
class Certificate:
    cert: Path
    key: Path


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    """A certificate of our own for 127.0.0.1, signed by itself."""
    folder = tmp_path_factory.mktemp("tls")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "loopback")])
    now = datetime.now(UTC)
    cert = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    made = Certificate(folder / "cert.pem", folder / "key.pem")
    made.cert.write_bytes(cert.public_bytes(serialization.Encoding.PEM))
    made.key.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return made


@contextmanager
def smtp_server(
    security: Literal["starttls", "tls", "none"], certificate: Certificate
) -> Iterator[tuple[Inbox, MailSettings]]:
    """A server on a free port of loopback, and settings that reach it."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate.cert, certificate.key)
    inbox = Inbox()
    controller = Controller(
        inbox,
        hostname="127.0.0.1",
        port=0,
        ssl_context=context if security == "tls" else None,
        tls_context=context if security == "starttls" else None,
        require_starttls=security == "starttls",
        authenticator=check_login,
        auth_require_tls=security == "starttls",  # of a connection in TLS from the start, aiosmtpd does not know
    )
    controller.start()
    try:
        assert controller.server is not None
        port = controller.server.sockets[0].getsockname()[1]
        yield inbox, MailSettings("127.0.0.1", port, security, "reporter", PASSWORD, ca_file=str(certificate.cert))
    finally:
        controller.stop()
