"""A killed run, restarted, does only what is missing, and the warehouse is that of a run which nobody disturbed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.batch_cuts import BATCH_BYTES, LEAST_PAGES, MOST_PAGES, TEXTS_TO_A_PAGE, batch_key, make_batches
from flows.batches import BatchSettings, keep_cleaned_alike, keep_only
from flows.intake import Facts, Origin, Record, make_document, make_unread
from flows.job import Job, drop_prepared, prepare_job
from flows.job_settings import JobSettings
from flows.run_folder import Owner, claim_folder, ending_of
from flows.watched_pool import WorkerError
from tests.conftest import ROOT
from tests.here import winnow_here
from tests.template_runs import INDEX
from transforms.types import MediaType, RawDocument
from warehouse.errors import WarehouseBusyError, WarehouseError

NOW = datetime(2026, 1, 31, 10, tzinfo=UTC)
POINTS = ("extracted 2", "compared", "cleaned 2", "published")
# Times of the run, and its name.
OF_THE_RUN = {"run_id", "quarantined_at", "seen_at", "first_seen_at", "last_seen_at"}
LAST_OF_A_STEP = ("extracted", "parts/inputs")
OF_STEP_1 = {"extracted", "template_texts", "article_signatures", "line_fingerprints", "page_facts"}
HISTORY = {"runs", "check_results", "left_out", "schema_migrations"}


def document(number: int, size: int = 10, media_type: MediaType = "text/html") -> RawDocument:
    text = f"Ferry {number} left on time. " + "x" * size
    return make_document(Origin("/in/x.html", "x.html", "in"), Facts(id=str(number)), text, media_type)


def fill(inbox: Path, numbers: range) -> None:
    """An inbox with an artifact, a template, a duplicate and a broken line."""
    inbox.mkdir(exist_ok=True)
    lines = [
        {"id": str(n), "text": f"Ferry {n} left at {n % 12} o'clock. Read more: Island ferries\n\nThe Northport desk."}
        for n in numbers
    ]
    text = "\n".join([*map(json.dumps, lines), json.dumps(lines[0] | {"id": "again"}), "{broken"])
    (inbox / f"{numbers[0]:06d}.jsonl").write_text(text, encoding="utf-8")


def run(inbox: Path, warehouse: Path, point: str = "end") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tests.resumed_runs", str(inbox), str(warehouse), *point.split()]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def tables(warehouse: Path) -> dict[str, list[tuple[object, ...]]]:
    found = {}
    with duckdb.connect(warehouse, read_only=True) as connection:
        for (name,) in connection.sql("select table_name from duckdb_tables()").fetchall():
            if name not in {*HISTORY, "search_articles", "search_postings"}:
                table = connection.table(name)
                columns = [column for column in table.columns if column not in OF_THE_RUN]
                found[name] = sorted(table.project(*columns).fetchall(), key=repr)
        # Its segments have the names of runs.
        found["search"] = sorted(connection.execute(INDEX).fetchall(), key=repr)
    return found


def files(warehouse: Path) -> dict[str, int]:
    """Each file of a finished batch with its time of change, ns.

    A step is finished when its last file is there. The worker may be in the midst of the next batch when the run is
    killed; what it had written of that is made again.
    """
    (folder,) = Path(f"{warehouse}.staging").iterdir()
    extracted, cleaned = (
        {path.name.split(".")[0] for path in (folder / kind).glob("[!.]*")} for kind in LAST_OF_A_STEP
    )
    return {
        str(path.relative_to(folder)): path.stat().st_mtime_ns
        for kind in ("extracted", "parts", "template_texts")
        for path in (folder / kind).rglob("[!.]*.*")
        if path.name.split(".")[0] in (extracted if path.parent.name in OF_STEP_1 else cleaned)
    }


@pytest.mark.slow
def test_killed_at_every_point_the_run_goes_on_and_ends_as_if_undisturbed(tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    fill(inbox, range(300))
    warehouse, undisturbed = tmp_path / "w.duckdb", tmp_path / "u.duckdb"
    before: dict[str, int] = {}
    for point in POINTS:
        done = run(inbox, warehouse, point)
        assert done.returncode == -signal.SIGKILL, (point, done.stderr)
        now = files(warehouse)
        assert {name: now.get(name) for name in before} == before, point  # nothing that was there was done again
        before = now
    done = run(inbox, warehouse)
    assert done.returncode == 0, done.stderr
    assert not Path(f"{warehouse}.staging").exists()
    assert run(inbox, undisturbed).returncode == 0
    assert tables(warehouse) == tables(undisturbed)
    with duckdb.connect(warehouse, read_only=True) as connection:
        statuses = connection.sql("select status, count(*), count(finished_at) from runs group by 1 order by 1")
        assert statuses.fetchall() == [("interrupted", 3, 0), ("published", 2, 2)]
        assert connection.sql("select count(*) from run_history where verdict like '%interrupted'").fetchall() == [(3,)]


@pytest.mark.slow
def test_what_came_changed_and_went_meanwhile_is_as_it_is_now(tmp_path: Path) -> None:
    inbox, warehouse, undisturbed = tmp_path / "inbox", tmp_path / "w.duckdb", tmp_path / "u.duckdb"
    for first in (100, 400, 700):
        fill(inbox, range(first, first + 150))
    assert run(inbox, warehouse, "cleaned 2").returncode == -signal.SIGKILL
    fill(inbox, range(50))  # the first of all files now
    (inbox / "000700.jsonl").unlink()
    done = run(inbox, warehouse)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) >= 1  # batches of the two files that stayed
    assert run(inbox, undisturbed).returncode == 0
    assert tables(warehouse) == tables(undisturbed)


KILLED_RUN = """
import os, signal, sys
from flows import clean_articles
from flows.job_settings import JobSettings
from flows.run_command import run_and_show

if __name__ == "__main__":
    clean_articles.stage_parts = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
    run_and_show(JobSettings(paths=(sys.argv[1],)), verbose=False)
"""


@pytest.mark.slow
def test_a_killed_flow_is_closed_in_prefect_and_named(tmp_path: Path, prefect_api: str) -> None:
    import httpx  # noqa: PLC0415

    inbox, script = tmp_path / "inbox", tmp_path / "killed.py"
    fill(inbox, range(30))
    script.write_text(KILLED_RUN, encoding="utf-8")
    env = {**os.environ, "PREFECT_API_URL": prefect_api}
    killed = subprocess.run([sys.executable, script, inbox], cwd=tmp_path, env=env, capture_output=True, check=False)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    (owner,) = tmp_path.glob("winnow.duckdb.staging/*/owner.json")
    found = json.loads(owner.read_text())
    state = f"{prefect_api}/flow_runs/{found['flow_run_id']}"
    assert httpx.get(state).json()["state_type"] == "RUNNING"
    done = winnow_here(tmp_path, "run", str(inbox), api=prefect_api)
    assert done.returncode == 1, done.stderr  # the broken line
    assert httpx.get(state).json()["state_type"] == "CRASHED"
    assert f"run {found['run_id']} was interrupted" in done.stderr
    assert "taken over from interrupted runs  32" in " ".join(done.stderr.split()).replace("runs 32", "runs  32")


def owner(run_id: str, *, work: str = "rules", started_at: datetime = NOW) -> Owner:
    return Owner(run_id, started_at, started_at, started_at, "rules", work)


def abandon(staging: Path, run_id: str, *, work: str = "rules", started_at: datetime = NOW) -> None:
    """What a killed run leaves: its folder, and no lock."""
    claimed = claim_folder(staging / run_id, owner(run_id, work=work, started_at=started_at))
    (claimed.path / "extracted").mkdir()
    (claimed.path / "extracted" / run_id).touch()
    (claimed.path / "staged").mkdir()
    claimed.path.rename(staging / f"{run_id}-folder")
    (staging / run_id).rmdir()
    claimed.end("interrupted")


def test_the_newest_folder_of_the_same_work_is_taken_over_and_others_go(tmp_path: Path) -> None:
    for name, work, hours in (("old", "rules", 1), ("new", "rules", 2), ("other", "other rules", 3)):
        abandon(tmp_path, name, work=work, started_at=NOW + timedelta(hours=hours))
    at_work = claim_folder(tmp_path / "w", owner("at-work"))
    at_work.path.rename(tmp_path / "at-work")
    kept = claim_folder(tmp_path / "k", owner("kept"))
    kept.path.rename(tmp_path / "kept")
    (tmp_path / "kept" / "kept").touch()
    kept.end("interrupted")
    (tmp_path / "w").rmdir()
    (tmp_path / "k").rmdir()
    claimed = claim_folder(tmp_path, owner("next", started_at=NOW + timedelta(hours=9)))
    assert claimed.is_taken_over
    assert {path.name for path in tmp_path.iterdir()} == {"at-work", "kept", "next"}
    assert [path.name for path in (claimed.path / "extracted").iterdir()] == ["new"]
    assert not (claimed.path / "staged").exists()  # of the whole run: made anew
    assert [run.run_id for run in claimed.owner.interrupted] == ["old", "new", "other"]
    assert claimed.owner.began_at == claimed.owner.judged_at == NOW + timedelta(hours=2)
    # Killed again before it could name them, it hands them on.
    claimed.end("interrupted")
    last = claim_folder(tmp_path, owner("last", started_at=NOW + timedelta(days=3)))
    assert [run.run_id for run in last.owner.interrupted] == ["old", "new", "other", "next"]
    assert last.owner.began_at == NOW + timedelta(hours=2)  # when its articles were first seen
    assert last.owner.judged_at == NOW + timedelta(days=3)  # dates of three days later may be right by now
    last.end("done")
    assert {path.name for path in tmp_path.iterdir()} == {"at-work", "kept"}
    at_work.end("interrupted")


def test_a_job_that_no_flow_takes_leaves_what_it_had_taken_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("flows.office.warm", os.getpid)  # the checks, which take seconds to load, are not used
    staging = tmp_path / "w.duckdb.staging"
    settings = JobSettings((str(tmp_path / "empty"),), str(tmp_path / "w.duckdb"), workers=1)
    (tmp_path / "empty").mkdir()
    killed = Job.start(settings)
    (killed.folder / "extracted").mkdir()
    killed.close("interrupted")
    assert prepare_job(settings).claimed.is_taken_over
    drop_prepared()
    assert [path.name for path in staging.glob("*/extracted")] == ["extracted"]


@pytest.mark.parametrize(
    ("error", "ending"),
    [
        (KeyboardInterrupt(), "interrupted"),
        (WorkerError("3 workers in a row ended"), "interrupted"),
        (WarehouseBusyError("held"), "interrupted"),
        (WarehouseError("a part cannot be read"), "done"),
        (ValueError("whatever"), "done"),
    ],
)
def test_only_what_is_no_fault_of_the_data_leaves_it_to_the_next_run(error: BaseException, ending: str) -> None:
    assert ending_of(error) == ending


def test_a_folder_whose_owner_is_unreadable_is_removed(tmp_path: Path) -> None:
    (tmp_path / "torn").mkdir()
    (tmp_path / "torn" / "owner.json").write_text('{"run_id": "to')
    claimed = claim_folder(tmp_path, owner("next"))
    assert not claimed.is_taken_over
    assert {path.name for path in tmp_path.iterdir()} == {"next"}
    claimed.end("done")
    assert not tmp_path.exists()


@given(st.lists(st.integers(0, 10_000), unique=True, max_size=400), st.sampled_from(("text/html", "text/plain")))
def test_batches_hold_all_records_in_order_within_bounds(numbers: list[int], media_type: MediaType) -> None:
    records = [document(n, media_type=media_type) for n in numbers]
    made = list(make_batches(records))
    times = 1 if media_type == "text/html" else TEXTS_TO_A_PAGE
    assert [record for batch in made for record in batch] == records
    assert all(len(batch) <= times * MOST_PAGES for batch in made)
    assert all(len(batch) >= times * LEAST_PAGES for batch in made[:-1])


def test_batches_are_bounded_in_bytes() -> None:
    records = [document(n, size) for n, size in enumerate((BATCH_BYTES, 10, 10))]
    assert [len(batch) for batch in make_batches(records)] == [1, 2]


def test_one_record_more_changes_the_batches_around_it_and_no_others() -> None:
    records = [document(n) for n in range(3000)]
    before = {batch_key(batch) for batch in make_batches(records)}
    for at in (0, 700, 1500):
        after = {batch_key(batch) for batch in make_batches([*records[:at], document(9999), *records[at:]])}
        assert len(before - after) <= 6, at
    assert 35 < len(before) < 65


def test_the_key_of_a_batch_tells_apart_whatever_could_change_its_result() -> None:
    origin = Origin("/in/x.txt", "x.txt", "in")
    plain = make_document(origin, Facts(id="a"), "The ferry.", "text/plain")
    others: tuple[tuple[Record, ...], ...] = (
        (make_document(origin, Facts(id="a"), "The ferry!", "text/plain"),),
        (make_document(origin, Facts(id="a", title="Ferry"), "The ferry.", "text/plain"),),
        (make_document(origin, Facts(id="a", published="2026-01-31"), "The ferry.", "text/plain"),),
        (make_document(origin, Facts(id="a"), "The ferry.", "text/html"),),
        (make_unread(origin, "unreadable", "no"),),
        (plain, plain),
        (),
    )
    assert batch_key((plain,)) == batch_key([plain])
    assert len({batch_key((plain,)), *(batch_key(other) for other in others)}) == len(others) + 1


def test_parts_of_other_batches_templates_or_days_are_not_used(tmp_path: Path) -> None:
    settings = BatchSettings(tmp_path, NOW, "rules")
    for name in ("extracted/a.jsonl.zst", "parts/inputs/a.parquet", "parts/edits/b.parquet", "extracted/b.jsonl.zst"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    keep_only({"a"}, settings)
    left = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*.*")}
    assert left == {"extracted/a.jsonl.zst", "parts/inputs/a.parquet"}
    keep_cleaned_alike(settings)
    assert not settings.cleaned("a").exists()  # nothing says by what it was cleaned
    settings.cleaned("a").touch()
    keep_cleaned_alike(settings)
    assert settings.cleaned("a").exists()
    settings.templates.write_bytes(b"other templates")
    keep_cleaned_alike(settings)
    assert not settings.cleaned("a").exists()
