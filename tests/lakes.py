"""Real lakes for the tests: catalogs in SQLite and PostgreSQL, data in a folder and on s3."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

_KEYS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test-secret", "AWS_DEFAULT_REGION": "eu-west-1"}


@contextmanager
def postgres() -> Iterator[str]:
    """A server of our own on a socket; its connection string."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not found:
        pytest.skip("PostgreSQL is not installed (apt-get install postgresql)")
    folder = tempfile.mkdtemp(prefix="winnow-pg-")  # short, as a socket's path must be
    as_owner: list[str] = []
    if os.geteuid() == 0:  # which PostgreSQL refuses
        shutil.chown(folder, "postgres")
        as_owner = ["runuser", "-u", "postgres", "--"]
    binaries, data = found[-1].parent, f"{folder}/data"

    def call(*command: str) -> None:
        subprocess.run([*as_owner, *command], check=True, capture_output=True, cwd=folder)

    call(f"{binaries}/initdb", "-D", data, "-A", "trust", "-U", "winnow", "--no-sync")
    options = f"-c listen_addresses='' -c unix_socket_directories={folder} -c fsync=off"
    call(f"{binaries}/pg_ctl", "-D", data, "-w", "-l", f"{folder}/log", "-o", options, "start")
    try:
        yield f"host={folder} user=winnow dbname=postgres"
    finally:
        call(f"{binaries}/pg_ctl", "-D", data, "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def s3() -> Iterator[dict[str, str]]:
    """A bucket on a server on loopback; the variables that lead there."""
    pytest.importorskip("moto.server", reason="moto is not installed (pip install 'moto[server]')")
    import boto3  # noqa: PLC0415 - comes with moto
    from moto.server import ThreadedMotoServer  # noqa: PLC0415

    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    try:
        endpoint = f"http://{host}:{port}"
        client = boto3.client(
            "s3", endpoint_url=endpoint, region_name="eu-west-1", aws_access_key_id="test", aws_secret_access_key="x"
        )
        client.create_bucket(Bucket="lake", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
        yield {**_KEYS, "AWS_ENDPOINT_URL": endpoint, "WINNOW_LAKE_DATA": "s3://lake/data/"}
    finally:
        server.stop()
