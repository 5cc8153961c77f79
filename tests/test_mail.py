"""The mail: built, sent to real SMTP servers on loopback, and written to the outbox when it cannot be sent."""

from __future__ import annotations

import json
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

import httpx
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from flows import mail_settings as mail
from flows.embedded_server import free_port
from flows.mail import Delivery, build_message, deliver
from flows.mail_settings import (
    MailSettings,
    MailSettingsError,
    Security,
    parse_block,
    read_recipients,
    read_settings,
)

NOW = datetime(2026, 3, 5, 6, 30, tzinfo=UTC)
PASSWORD = "river-Stone-41"


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
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if address.startswith("no-"):
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        assert isinstance(envelope.content, bytes)
        self.mails.append((list(envelope.rcpt_tos), message_from_bytes(envelope.content, policy=default)))
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
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return made


@contextmanager
def smtp_server(security: Security, certificate: Certificate) -> Iterator[tuple[Inbox, MailSettings]]:
    """A server on a free port of loopback, and settings that reach it."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate.cert, certificate.key)
    inbox = Inbox()
    controller = Controller(
        inbox,
        hostname="127.0.0.1",
        port=free_port(),
        ssl_context=context if security == "tls" else None,
        tls_context=context if security == "starttls" else None,
        require_starttls=security == "starttls",
        authenticator=check_login,
        auth_require_tls=security == "starttls",  # of a connection in TLS from the start, aiosmtpd does not know
    )
    controller.start()
    try:
        yield (
            inbox,
            MailSettings("127.0.0.1", controller.port, security, "reporter", PASSWORD, ca_file=str(certificate.cert)),
        )
    finally:
        controller.stop()


@pytest.mark.parametrize("security", ["starttls", "tls", "none"])
def test_a_mail_is_sent(security: Security, certificate: Certificate, tmp_path: Path) -> None:
    with smtp_server(security, certificate) as (inbox, settings):
        delivery = deliver(make_message(), settings, tmp_path / "outbox")
    assert delivery == Delivery("sent", "ana@example.org, bo@example.org")
    ((addresses, mail),) = inbox.mails
    assert addresses == ["ana@example.org", "bo@example.org"]
    assert mail["Subject"] == "Winnow: 3 articles published"
    assert mail.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    assert [part.get_content().strip() for part in mail.iter_parts()] == ["Drei Füchse", "<p>Drei <b>Füchse</b></p>"]
    assert list((tmp_path / "outbox").iterdir()) == []


def test_a_refused_address_does_not_stop_the_others(certificate: Certificate, tmp_path: Path) -> None:
    message = make_message(recipients=("no-one@example.org", "bo@example.org"))
    with smtp_server("starttls", certificate) as (inbox, settings):
        delivery = deliver(message, settings, tmp_path)
    assert delivery == Delivery("sent", "bo@example.org; refused: no-one@example.org (550 no such mailbox)")
    assert [addresses for addresses, _ in inbox.mails] == [["bo@example.org"]]


Change = dict[str, str]


@dataclass(frozen=True)
class Failure:
    """What is wrong, the server's security, what to change of settings that work, and words of the detail."""

    fault: str
    security: Security
    change: Change
    words: str
    recipient: str = "bo@example.org"

    def __str__(self) -> str:
        return f"{self.fault}, {self.security}"


FAILURES = (
    Failure("wrong password", "starttls", {"password": "another-one"}, "login as 'reporter' was refused"),
    Failure("all refused", "starttls", {}, "every address was refused: no-one@example.org (550", "no-one@example.org"),
    Failure("certificate not trusted", "starttls", {"ca_file": ""}, "SSLCertVerificationError"),
    Failure("certificate not trusted", "tls", {"ca_file": ""}, "SSLCertVerificationError"),
    Failure("certificate file missing", "tls", {"ca_file": "no-such.pem"}, "FileNotFoundError"),
    Failure("server without STARTTLS", "none", {"security": "starttls"}, "SMTPNotSupportedError"),
    Failure("server that wants STARTTLS", "starttls", {"security": "none"}, "SMTP"),
    Failure("host that cannot be a name", "none", {"host": "x" * 64}, "characters that SMTP cannot carry"),
    Failure("password beyond ASCII", "none", {"password": "Füchse"}, "characters that SMTP cannot carry"),
)


@pytest.mark.parametrize("case", FAILURES, ids=str)
def test_a_failed_send_goes_to_the_outbox(certificate: Certificate, tmp_path: Path, case: Failure) -> None:
    with smtp_server(case.security, certificate) as (inbox, working):
        settings = replace(working, **case.change)  # type: ignore[arg-type]
        delivery = deliver(make_message(recipients=(case.recipient,)), settings, tmp_path)
    assert delivery.status == "failed"
    assert case.words in delivery.detail
    assert settings.password not in delivery.detail
    assert inbox.mails == []
    assert [file.name for file in tmp_path.iterdir()] == ["20260305T063000-0af3.eml"]


def test_nobody_listens(tmp_path: Path) -> None:
    delivery = deliver(make_message(), MailSettings("127.0.0.1", free_port(), "none"), tmp_path)
    assert delivery.status == "failed"
    assert "ConnectionRefusedError" in delivery.detail
    assert len(list(tmp_path.glob("*.eml"))) == 1


def test_without_a_server_the_mail_is_in_the_outbox_and_can_be_read_again(tmp_path: Path) -> None:
    outbox = tmp_path / "deep" / "outbox"
    first = deliver(make_message(text="first"), None, outbox)
    again = deliver(make_message(text="again"), None, outbox)
    (file,) = outbox.iterdir()
    assert first == again == Delivery("outbox", f"{file} (no mail server is configured (WINNOW_SMTP_HOST))")
    mail = message_from_bytes(file.read_bytes(), policy=default)
    assert mail["To"] == "ana@example.org, bo@example.org"
    assert mail["Date"] == "Thu, 05 Mar 2026 06:30:00 +0000"
    body = mail.get_body(("plain",))
    assert body is not None
    assert body.get_content().strip() == "again"


def test_without_a_recipient_it_stays_in_the_outbox(tmp_path: Path) -> None:
    delivery = deliver(make_message(recipients=()), MailSettings("127.0.0.1", 1, "none"), tmp_path)
    assert delivery.status == "outbox"
    assert "no recipient" in delivery.detail


def test_an_outbox_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    delivery = deliver(make_message(), None, tmp_path / "file")
    assert delivery.status == "failed"
    assert "not written to the outbox either" in delivery.detail


@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\r", "\x85", "\u2028", "\x0b"])
@pytest.mark.parametrize("header", ["subject", "sender", "message_id", "recipients"])
def test_no_header_can_be_added(header: str, line_break: str, tmp_path: Path) -> None:
    value = f"a@example.org{line_break}Bcc: eve@example.org"
    message = make_message(**{header: (value,) if header == "recipients" else value})
    deliver(message, None, tmp_path)
    (file,) = tmp_path.iterdir()
    mail = message_from_bytes(file.read_bytes(), policy=default)
    assert mail["Bcc"] is None
    assert mail.get_content_type() == "multipart/alternative"


def test_settings_of_the_environment() -> None:
    environ = {
        "WINNOW_SMTP_HOST": "mail.example.org",
        "WINNOW_SMTP_USER": "reporter",
        "WINNOW_SMTP_PASSWORD": PASSWORD,
        "WINNOW_MAIL_FROM": "winnow@example.org",
        "WINNOW_MAIL_TO": "ana@example.org, bo@example.org,",
    }
    expected = MailSettings(
        host="mail.example.org",
        port=587,
        security="starttls",
        user="reporter",
        password=PASSWORD,
        sender="winnow@example.org",
        recipients=("ana@example.org", "bo@example.org"),
    )
    assert read_settings(environ) == expected
    assert read_settings(environ | {"WINNOW_SMTP_SECURITY": "TLS"}) == replace(expected, security="tls", port=465)
    assert read_settings(environ | {"WINNOW_SMTP_PORT": "2525"}) == replace(expected, port=2525)
    assert read_settings(environ | {"WINNOW_SMTP_HOST": " "}) is None
    assert read_settings({}) is None
    assert PASSWORD not in repr(expected)


def test_the_sender_can_be_the_user() -> None:
    environ = {"WINNOW_SMTP_HOST": "h", "WINNOW_SMTP_USER": "ana@example.org", "WINNOW_SMTP_PASSWORD": PASSWORD}
    settings = read_settings(environ)
    assert settings is not None
    assert settings.sender == "ana@example.org"


WRONG = (
    ({"WINNOW_SMTP_PORT": "smtp"}, ("WINNOW_SMTP_PORT", "'smtp'", "1 to 65535")),
    ({"WINNOW_SMTP_PORT": "0"}, ("WINNOW_SMTP_PORT", "'0'", "1 to 65535")),
    ({"WINNOW_SMTP_PORT": "65536"}, ("WINNOW_SMTP_PORT", "'65536'", "1 to 65535")),
    ({"WINNOW_SMTP_SECURITY": "ssl"}, ("WINNOW_SMTP_SECURITY", "'ssl'", "starttls, tls, none")),
    ({"WINNOW_SMTP_USER": "ana"}, ("WINNOW_SMTP_PASSWORD", "WINNOW_SMTP_USER is set")),
    ({"WINNOW_SMTP_PASSWORD": PASSWORD}, ("WINNOW_SMTP_USER", "WINNOW_SMTP_PASSWORD is set")),
    ({"WINNOW_MAIL_FROM": ""}, ("WINNOW_MAIL_FROM", "''")),
    ({"WINNOW_MAIL_TO": "ana"}, ("WINNOW_MAIL_TO", "'ana'", "separated by commas")),
)


@pytest.mark.parametrize(("change", "words"), WRONG, ids=[words[0] for _, words in WRONG])
def test_wrong_settings_say_what_is_allowed(change: Change, words: tuple[str, ...]) -> None:
    environ = {"WINNOW_SMTP_HOST": "mail.example.org", "WINNOW_MAIL_FROM": "winnow@example.org"} | change
    with pytest.raises(MailSettingsError) as raised:
        read_settings(environ)
    assert all(word in str(raised.value) for word in words)
    assert PASSWORD not in str(raised.value)


def test_recipients_without_a_server() -> None:
    assert read_recipients({"WINNOW_MAIL_TO": "ana@example.org"}) == ("ana@example.org",)
    assert read_recipients({}) == ()


BLOCK = f"""{{"host": "mail.example.org", "port": 465, "security": "tls", "user": "reporter",
    "password": "{PASSWORD}", "sender": "winnow@example.org"}}"""


@pytest.mark.parametrize("parsed", [False, True])
def test_settings_of_a_block(parsed: bool) -> None:
    settings = parse_block(json.loads(BLOCK) if parsed else BLOCK)
    assert settings == MailSettings("mail.example.org", 465, "tls", "reporter", PASSWORD, "winnow@example.org")


@pytest.mark.parametrize("secret", [f"{PASSWORD} is no JSON", "[]", "{}", '{"host": ""}', 7, None])
def test_a_block_that_is_no_object_is_refused_without_quoting_it(secret: object) -> None:
    with pytest.raises(MailSettingsError, match="JSON object with at least a host") as raised:
        parse_block(secret)
    assert PASSWORD not in str(raised.value)


class Block:
    """Stands in for prefect.blocks.system.Secret, which would ask a server."""

    answer: str | Exception

    @classmethod
    def load(cls, name: str) -> type[Block]:
        assert name == "winnow-smtp"
        if isinstance(cls.answer, Exception):
            raise cls.answer
        return cls

    @classmethod
    def get(cls) -> str:
        assert isinstance(cls.answer, str)
        return cls.answer


def test_a_block_is_loaded_or_missing_or_broken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("prefect.blocks.system.Secret", Block)
    Block.answer = BLOCK
    settings = mail.read_block_settings()
    assert settings is not None
    assert settings.host == "mail.example.org"
    Block.answer = ValueError("Unable to find block document named winnow-smtp for block type secret")
    assert mail.read_block_settings() is None
    for error in (RuntimeError("the server did not start"), httpx.ConnectError("refused")):
        Block.answer = error
        with pytest.raises(MailSettingsError, match="is the Prefect server up"):
            mail.read_block_settings()
