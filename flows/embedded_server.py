"""A Prefect server of our own for a run without one: started early, in its own process, beside the work.

Prefect starts its embedded server when a flow begins, imports it into the flow's process first and gives up after a
fixed time. Here the process starts before anything else is imported and is waited for as long as it lives. It is the
same server on the same database (PREFECT_HOME), so the runs it records are seen by `prefect server start` later.
It ends when the process that started it ends, however that ends: it watches its standard input.
"""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping

from transforms.types import WinnowError

_STARTS = 3  # another process may take the port between choosing and binding it, or hold the database
_PATIENCE_SECONDS = 900.0


class ServerError(WinnowError):
    """The embedded Prefect server did not come up."""


def has_configured_server(environ: Mapping[str, str]) -> bool:
    """Whether the environment names a server. Profiles are looked at later, by Prefect itself."""
    return bool(environ.get("PREFECT_API_URL"))


class EmbeddedServer:
    """The server process; `start` returns at once, `wait` when it answers."""

    def __init__(self) -> None:
        self.port = 0
        self._process: subprocess.Popen[bytes] | None = None
        self._said = tempfile.TemporaryFile()  # noqa: SIM115 - a pipe that nobody reads would fill and block the server

    @property
    def api_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/api"

    def start(self) -> None:
        """Start the process on a free loopback port."""
        self.port = free_port()
        self._process = subprocess.Popen(  # noqa: S603 - our own module
            [sys.executable, "-m", "flows.embedded_server", str(self.port)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=self._said,
            env={
                **os.environ,
                "PREFECT_UI_ENABLED": "0",
                "PREFECT__SERVER_EPHEMERAL": "1",
                "PREFECT__SERVER_FINAL": "1",
            },
        )

    def wait(
        self,
        patience_seconds: float = _PATIENCE_SECONDS,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> str:
        """The server's API address, once it is healthy. Raises ServerError if it dies repeatedly or never answers."""
        deadline = clock() + patience_seconds
        starts = 1
        while True:
            assert self._process is not None
            if _is_healthy(self.port):
                return self.api_url
            if self._process.poll() is not None:
                self._said.seek(0)
                said = self._said.read().decode("utf-8", "replace")
                if starts == _STARTS:
                    raise ServerError(
                        f"the embedded Prefect server ended {starts} times (exit code {self._process.returncode}): "
                        f"{said.strip()[-400:]}; start one with `prefect server start` and set PREFECT_API_URL"
                    )
                starts += 1
                self._end_process()
                self.start()
            if clock() > deadline:
                self.stop()
                raise ServerError(
                    f"the embedded Prefect server did not answer within {patience_seconds:.0f} s; "
                    "start one with `prefect server start` and set PREFECT_API_URL"
                )
            sleep(0.1)

    def stop(self) -> None:
        """End the process and wait for its end."""
        self._end_process()
        self._said.close()

    def _end_process(self) -> None:
        if self._process is None:
            return
        if self._process.stdin:
            self._process.stdin.close()
        self._process.terminate()
        try:
            self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None


def free_port() -> int:
    """A loopback port that nobody listens on just now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _is_healthy(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/api/health")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _serve(port: int) -> None:
    def end_with_parent() -> None:
        while os.read(0, 4096):  # sys.stdin would hold a lock that the interpreter's own end waits for
            pass
        os._exit(0)

    threading.Thread(target=end_with_parent, daemon=True).start()
    import uvicorn  # noqa: PLC0415 - in the server's process only

    uvicorn.run(
        "prefect.server.api.server:create_app",
        factory=True,
        host="127.0.0.1",
        port=port,
        log_level="error",
        lifespan="on",
    )


if __name__ == "__main__":
    _serve(int(sys.argv[1]))
