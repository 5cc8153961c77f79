"""One mail, one connection: what the server said, or that nobody can know. It ends, whatever the server does."""

from __future__ import annotations

import smtplib
import socket
import ssl
import threading
import time
from contextlib import suppress
from email.message import EmailMessage
from typing import Any

from flows.mail_settings import MailSettings

TIMEOUT_SECONDS = 30.0  # for each byte of an answer
WHOLE_SECONDS = 100.0  # for all of them: a server that talks on and on would hold the run for ever
Replies = dict[str, tuple[int, bytes]]


class UnsureError(Exception):
    """The connection broke while the server was taking the mail: it may have it, or not."""


class _Bounded(smtplib.SMTP):
    """A connection of which the last answer has come by WHOLE_SECONDS, or it is cut."""

    def __init__(self, host: str, port: int, **settings: Any) -> None:
        self._until = time.monotonic() + WHOLE_SECONDS
        super().__init__(host, port, **settings)

    def getreply(self) -> tuple[int, bytes]:
        """The next answer. Raises SMTPServerDisconnected where the time is over."""
        cut = threading.Timer(max(0, self._until - time.monotonic()), self._cut)
        cut.daemon = True
        cut.start()
        try:
            return super().getreply()
        except smtplib.SMTPServerDisconnected as error:
            if time.monotonic() < self._until:
                raise
            raise smtplib.SMTPServerDisconnected(
                f"the server did not come to an end within {WHOLE_SECONDS:g} seconds"
            ) from error
        finally:
            cut.cancel()

    def _cut(self) -> None:
        with suppress(OSError):  # it is closed already
            if self.sock:
                self.sock.shutdown(socket.SHUT_RDWR)


class _BoundedTls(_Bounded, smtplib.SMTP_SSL):
    """The same, encrypted from its first byte."""


def send(message: EmailMessage, addresses: list[str], settings: MailSettings) -> Replies:
    """Returns the refused addresses with the server's replies.

    Raises UnsureError where the mail may have gone or may still go, SMTPException, OSError, and UnicodeError for
    characters that SMTP cannot carry.
    """
    context = ssl.create_default_context(cafile=settings.ca_file or None)
    if settings.security == "tls":
        server: smtplib.SMTP = _BoundedTls(settings.host, settings.port, timeout=TIMEOUT_SECONDS, context=context)
    else:
        server = _Bounded(settings.host, settings.port, timeout=TIMEOUT_SECONDS)
    try:
        if settings.security == "starttls":
            server.starttls(context=context)
        if settings.user:
            server.login(settings.user, settings.password)
        try:
            return server.send_message(message, to_addrs=addresses)
        except smtplib.SMTPRecipientsRefused as error:
            return error.recipients
        except (smtplib.SMTPServerDisconnected, OSError) as error:
            if isinstance(error, smtplib.SMTPException) and not isinstance(error, smtplib.SMTPServerDisconnected):
                raise  # a reply: the server has not taken it
            raise UnsureError(f"the connection broke while it was sent: {error}") from error
    finally:
        with suppress(smtplib.SMTPException, OSError):  # taken is taken, whatever comes of the farewell
            server.quit()
        server.close()


def is_passing(error: Exception) -> bool:
    """Whether to try again at once: a server that is busy or not there yet, not a setting that is wrong."""
    if isinstance(error, smtplib.SMTPResponseException):
        return 400 <= error.smtp_code < 500
    if isinstance(error, smtplib.SMTPServerDisconnected):
        return True
    if isinstance(error, smtplib.SMTPException | ssl.SSLError | FileNotFoundError | PermissionError):
        return False
    return isinstance(error, OSError)
