"""Put on PYTHONPATH by tests/test_supply.py: writes down, from every Python process of a run, what must not happen.

A line a call to `$WINNOW_CALLS`: connections and name look-ups beyond loopback, and programs that were started.
"""

import os
import sys
from pathlib import Path

_FILE = os.environ.get("WINNOW_CALLS")
_LOOPBACK = ("127.", "::1", "localhost", "0.0.0.0")


def _note(event: str, arguments: tuple[object, ...]) -> None:
    if event == "socket.connect":
        address = arguments[1]
        if isinstance(address, tuple) and not str(address[0]).startswith(_LOOPBACK):
            _write(f"connect {address[0]}")
    elif event == "socket.getaddrinfo":
        if arguments[0] is not None and not str(arguments[0]).startswith(_LOOPBACK):
            _write(f"look-up {arguments[0]!r}")
    elif event in {"subprocess.Popen", "os.exec", "os.posix_spawn", "os.system"}:
        _write(f"program {arguments[0]}")
    elif event == "pickle.find_class":
        _write(f"unpickle {arguments[0]}.{arguments[1]}")


def _write(line: str) -> None:
    with Path(str(_FILE)).open("a", encoding="utf-8", errors="backslashreplace") as file:
        file.write(f"{line}\n")


if _FILE:
    sys.addaudithook(_note)
