"""Servers that behave badly, on loopback: of mail, of Prefect, and of S3; for benchmarks/faults.py."""

from __future__ import annotations

import http.client
import http.server
import os
import signal
import socket
import socketserver
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus

from flows.embedded_server import free_port

Behaviour = Callable[[socket.socket, int], None]


# Mail


@contextmanager
def mail_server(behave: Behaviour) -> Iterator[dict[str, str]]:
    """A mail server; yields the settings that lead to it. `behave` gets each connection, and its number."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=_serve, args=(server, behave), daemon=True).start()
        yield {
            "WINNOW_SMTP_HOST": "127.0.0.1",
            "WINNOW_SMTP_PORT": str(server.getsockname()[1]),
            "WINNOW_SMTP_SECURITY": "none",
            "WINNOW_MAIL_FROM": "winnow@courier.example",
            "WINNOW_MAIL_TO": "desk@courier.example",
        }


def _serve(server: socket.socket, behave: Behaviour) -> None:
    number = 0
    while True:
        try:
            client, _ = server.accept()
        except OSError:  # closed
            return
        threading.Thread(target=_behave, args=(client, behave, number), daemon=True).start()
        number += 1


def _behave(client: socket.socket, behave: Behaviour, number: int) -> None:
    with client:
        try:
            behave(client, number)
        except OSError:
            return


def takes(mails: list[bytes], *, rcpt: Callable[[int], bytes] = lambda _: b"250 fine") -> Behaviour:
    """A server that takes mails into a list, and answers an address of the n-th connection as `rcpt` says."""

    def talk(client: socket.socket, number: int) -> None:
        client.sendall(b"220 here\r\n")
        mail: list[bytes] | None = None
        for line in client.makefile("rb"):
            if mail is not None and line != b".\r\n":
                mail.append(line)
            elif mail is not None:
                mails.append(b"".join(mail))
                mail = None
                client.sendall(b"250 taken\r\n")
            elif line.upper().startswith(b"DATA"):
                mail = []
                client.sendall(b"354 go on\r\n")
            else:
                client.sendall((rcpt(number) if line.upper().startswith(b"RCPT") else b"250 fine") + b"\r\n")

    return talk


def refuses(client: socket.socket, _number: int) -> None:
    """Wants nobody's mail."""
    client.sendall(b"554 go away\r\n")


def hangs(client: socket.socket, _number: int) -> None:
    """Never says anything, and listens until the client gives up."""
    while client.recv(4096):
        pass


def hangs_after_data(client: socket.socket, _number: int) -> None:
    """Takes all of the mail and never says so."""
    client.sendall(b"220 here\r\n")
    for line in client.makefile("rb"):
        if line.upper().startswith(b"DATA"):
            client.sendall(b"354 go on\r\n")
            hangs(client, _number)
            return
        client.sendall(b"250 fine\r\n")


def drips(client: socket.socket, _number: int) -> None:
    """Says something every second and never comes to an end of it."""
    while True:
        client.sendall(b"220-wait\r\n")
        time.sleep(1)


def drops(client: socket.socket, _number: int) -> None:
    """Hangs up in mid-message."""
    client.sendall(b"220 here\r\n")
    stream = client.makefile("rb")
    for line in stream:
        if line.upper().startswith(b"DATA"):
            client.sendall(b"354 go on\r\n")
            stream.read(500)
            client.shutdown(socket.SHUT_RDWR)
            return
        client.sendall(b"250 fine\r\n")


# Prefect


@dataclass
class PrefectServer:
    """A Prefect server as users start one: on one port and database, killed and started again at will."""

    home: str
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/api"

    def start(self) -> None:
        """Start it, and wait until it answers."""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "flows.embedded_server", str(self.port)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PREFECT_HOME": self.home, "PREFECT_UI_ENABLED": "0"},
        )
        while not self._answers():
            time.sleep(0.1)

    def kill(self) -> None:
        """kill -9; of one that is dead already too."""
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def _answers(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/api/health")
            return connection.getresponse().status == HTTPStatus.OK
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()


# S3


@dataclass
class Mood:
    """How a way to S3 behaves: fails the first `failing` requests with 500 (-1: all), answers others `slow` seconds
    late, for ever where `silent`; and that only where `only` is part of the path and the file itself is asked for."""

    failing: int = 0
    slow: float = 0.0
    silent: bool = False
    only: str = ""
    asked: int = 0


@contextmanager
def bad_way(to: str, mood: Mood) -> Iterator[str]:
    """A proxy before an HTTP server at host:port `to`; yields its own address."""
    lock = threading.Lock()

    class Way(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _pass(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            with lock:
                mood.asked += 1
                is_meant = mood.only in self.path and (self.command == "GET" or not mood.only)
                fails = is_meant and (mood.failing < 0 or mood.asked <= mood.failing)
            if mood.silent and is_meant:
                time.sleep(3600)
            time.sleep(mood.slow)
            status, headers, answer = (
                500,
                [("Content-Type", "application/xml")],
                b"<Error><Code>InternalError</Code></Error>",
            )
            if not fails:
                way = http.client.HTTPConnection(to, timeout=60)
                way.request(self.command, self.path, body or None, dict(self.headers.items()))
                response = way.getresponse()
                status, answer = response.status, response.read()
                dropped = _HOP if self.command == "HEAD" else _HOP | {"content-length"}
                headers = [(name, value) for name, value in response.getheaders() if name.lower() not in dropped]
                way.close()
            self.send_response(status)
            for name, value in headers:
                self.send_header(name, value)
            if self.command != "HEAD" or fails:
                self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(answer)

        do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = _pass  # noqa: N815 - names of http.server

        def log_message(self, *_: object) -> None:
            pass

    class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
        daemon_threads = True

        def handle_error(self, *_: object) -> None:
            """A client that gave up is what we wanted."""

    with Server(("127.0.0.1", 0), Way) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()


_INTERNAL = b"<Error><Code>InternalError</Code><Message>We met an error.</Message></Error>"
_HOP = frozenset({"connection", "transfer-encoding", "date", "server"})
