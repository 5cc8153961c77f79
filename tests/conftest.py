"""Shared by the tests: one Prefect server for the session, and no setting of the user's."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

ROOT = Path(__file__).parents[1]
SAMPLES = ROOT / "samples"
WINNOW = Path(sys.executable).with_name("winnow")

# A busy machine is no fault of a property; and no test is timed.
settings.register_profile("winnow", deadline=None)
settings.load_profile("winnow")

# Before anything imports Prefect: the tests neither see nor touch the user's profile, history or mail settings.
for name in [n for n in os.environ if n.startswith(("PREFECT_", "WINNOW_"))]:
    del os.environ[name]
os.environ["PREFECT_LOGGING_LEVEL"] = "CRITICAL"

import flows  # noqa: E402, F401 - sets its variables now, and not when the first test module imports it

# With this one, Python does not import what lies in the folder of a run. Scripts that tests start are found by their
# folder, as a user starts them; and `winnow` sets it for itself.
del os.environ["PYTHONSAFEPATH"]


@pytest.fixture(scope="session", autouse=True)
def prefect_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty Prefect home; also that of every process the tests start."""
    home = tmp_path_factory.mktemp("prefect")
    os.environ["PREFECT_HOME"] = str(home)
    return home


@pytest.fixture(scope="session")
def prefect_api(prefect_home: Path) -> Iterator[str]:
    """The address of a real Prefect server: it takes seconds to start, so one serves all tests."""
    from flows.embedded_server import EmbeddedServer  # noqa: PLC0415

    server = EmbeddedServer()
    server.start()
    yield server.wait()
    server.stop()


def winnow(folder: Path, *arguments: str, api: str | None = None, **environ: str) -> subprocess.CompletedProcess[str]:
    """Run the command in `folder`."""
    env = {**os.environ, **environ, **({"PREFECT_API_URL": api} if api else {}), "COLUMNS": "200"}
    return subprocess.run([WINNOW, *arguments], cwd=folder, env=env, capture_output=True, text=True, check=False)


@pytest.fixture
def forked() -> Iterator[None]:
    """Worker processes have loaded what they need: for tests in which their start is not the point."""
    from tests.here import forked_processes  # noqa: PLC0415 - which imports this module

    with forked_processes():
        yield


@pytest.fixture(scope="session")
def ran(tmp_path_factory: pytest.TempPathFactory, prefect_api: str) -> Path:
    """A folder in which the samples were run once; to be read only."""
    folder = tmp_path_factory.mktemp("ran")
    from tests.here import winnow_here  # noqa: PLC0415 - which imports this module

    done = winnow_here(folder, "run", str(SAMPLES), api=prefect_api)
    assert done.returncode == 1, done.stderr  # one sample is broken on purpose
    assert "articles published" in done.stderr
    return folder
