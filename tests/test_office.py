"""The process that stages, checks and publishes: killed, and replaced."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from flows.office import Office, OfficeError
from flows.run_folder import ending_of


@pytest.fixture
def office(forked: None) -> Iterator[Office]:
    office = Office()
    yield office
    office.close()


def die(deaths: Path, most: int) -> int:
    """As many times as `most`, each noted in the file; then returns how many."""
    with deaths.open("a") as file:
        file.write(".")
    if len(deaths.read_text()) <= most:
        os.kill(os.getpid(), signal.SIGKILL)
    return len(deaths.read_text()) - 1


def die_while_sending(deaths: Path) -> bytes:
    """More than a pipe holds; whoever is the first to send it dies of it, sooner or later."""
    if not deaths.exists():
        deaths.touch()
        threading.Timer(0.001, os.kill, (os.getpid(), signal.SIGKILL)).start()
    return b"x" * 20_000_000


def test_a_step_that_its_process_died_of_is_done_again(office: Office, tmp_path: Path) -> None:
    assert office.do(die, tmp_path / "deaths", 1) == 1
    assert office.do(die, tmp_path / "others", most=0) == 0


def test_a_process_that_dies_while_it_sends_its_result_is_not_waited_for(office: Office, tmp_path: Path) -> None:
    assert len(office.do(die_while_sending, tmp_path / "deaths")) == 20_000_000


def test_a_process_that_is_killed_between_two_steps_is_replaced(office: Office) -> None:
    first = office.do(os.getpid)
    os.kill(first, signal.SIGKILL)
    assert office.do(os.getpid) != first


def test_a_step_that_ends_each_process_ends_the_run_and_not_its_data(office: Office, tmp_path: Path) -> None:
    with pytest.raises(OfficeError, match=r"died at die, and those after it too\. Is memory short") as raised:
        office.do(die, tmp_path / "deaths", 9)
    assert ending_of(raised.value) == "interrupted"
    assert office.do(os.getpid)
