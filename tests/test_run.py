"""The main job, with real parts: worker processes, a Prefect server, Great Expectations, DuckDB and a mail server."""

import gzip
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from flows.embedded_server import free_port
from tests.conftest import SAMPLES, winnow
from tests.here import winnow_here
from tests.reading import members, warc_record
from warehouse.records import StagedCounts
from warehouse.stage import consolidate

pytestmark = pytest.mark.slow
TRUTH = json.loads((Path(__file__).parent / "samples_truth.json").read_text(encoding="utf-8"))
# What a second run over the same input may change.
HISTORY = {"runs", "check_results", "left_out"}


def query(folder: Path, sql: str) -> list[tuple[object, ...]]:
    with duckdb.connect(folder / "winnow.duckdb", read_only=True) as connection:
        return connection.sql(sql).fetchall()


def tables(folder: Path) -> dict[str, list[tuple[object, ...]]]:
    with duckdb.connect(folder / "winnow.duckdb", read_only=True) as connection:
        names = connection.sql("select table_name from duckdb_tables()").fetchall()
        return {name: sorted(connection.table(name).fetchall(), key=repr) for (name,) in names if name not in HISTORY}


def test_every_sample_ends_where_it_should(ran: Path) -> None:
    rows = query(
        ran,
        """
        select i.location, i.record_key, i.fate, a.language, a.published_on, a.text,
               coalesce(list_contains(c.flags, 'seo-padded'), false),
               (select count(*) from flags f where f.article_id = i.article_id and f.code = 'content-gap')
        from inputs i left join articles a on a.article_id = i.article_id
        left join clean_articles c on c.article_id = i.article_id
        """,
    )
    found = {(str(Path(str(row[0])).relative_to(SAMPLES)), row[1] or None): row[2:] for row in rows}
    assert len(found) == len(rows) == len(TRUTH)
    for truth in TRUTH:
        fate, language, published_on, text, is_padded, gaps = found[truth["location"], truth["record"]]
        where = (truth["location"], truth["record"])
        assert fate == truth["fate"], where
        if fate == "quarantine":
            continue
        assert language == truth["language"], where
        assert (str(published_on) if published_on else None) == truth["published"], where
        assert is_padded == truth["padded"], where
        assert int(str(gaps)) <= truth["gaps"], where
        assert [artifact for artifact in truth["artifacts"] if artifact in str(text)] == [], where
        assert [kept for kept in truth["keeps"] if kept not in str(text)] == [], where
    assert sum(int(str(row[-1])) for row in found.values()) >= 2  # lost lists found


def test_every_fact_of_an_article_has_its_origin(ran: Path) -> None:
    for fact in ("title", "author", "site_name", "url", "page_language", "section"):
        ((known, unexplained),) = query(
            ran, f"select count({fact}), count(*) filter (({fact} is null) <> ({fact}_origin is null)) from articles"
        )
        assert known, fact
        assert unexplained == 0, fact
    courier = "select title_origin, author_origin, url_origin from articles where document_id = 'ferry-timetable'"
    assert query(ran, courier) == [("heading", "json-ld", "canonical")]


def test_originals_can_be_restored_in_sql(ran: Path) -> None:
    ((broken, checked),) = query(
        ran,
        "select count(*) filter (sha256(original) <> original_hash), count(*) "
        "from restored_originals join articles using (article_id)",
    )
    assert (broken, checked) == (0, 27)


def test_the_report_and_its_mail_are_left_behind(ran: Path) -> None:
    assert "<html" in (ran / "report.html").read_text(encoding="utf-8")
    (mail,) = (ran / "outbox").glob("*.eml")
    assert "Subject: Winnow:" in mail.read_text(encoding="utf-8")
    ((status, detail),) = query(ran, "select report_status, report_detail from runs")
    assert status == "outbox"
    assert "outbox" in str(detail)


def test_prefect_has_the_run_its_tasks_and_artifacts(ran: Path, prefect_api: str) -> None:
    import httpx  # noqa: PLC0415

    ((run_name,),) = query(ran, "select run_name from runs")
    by_name = {"flow_runs": {"name": {"any_": [run_name]}}}
    (flow_run,) = httpx.post(f"{prefect_api}/flow_runs/filter", json=by_name).json()
    assert flow_run["state_type"] == "COMPLETED"
    tasks = httpx.post(f"{prefect_api}/task_runs/filter", json=by_name).json()
    assert {"batch-0"} <= {task["name"] for task in tasks}
    artifacts = httpx.post(f"{prefect_api}/artifacts/filter", json=by_name).json()
    kinds = {artifact["key"]: artifact["type"] for artifact in artifacts}
    # Prefect keeps a link as Markdown.
    assert kinds == {"run-counts": "table", "run-stages": "table", "run-report": "markdown", "run-page": "markdown"}
    assert run_name == flow_run["name"]
    assert str(run_name).endswith("-winnow-6-sources-30-records")
    assert {"records:30", "sources:6", "source:harbour-courier"} <= set(flow_run["tags"])


def test_a_second_run_changes_nothing_but_the_history(ran: Path, tmp_path: Path, prefect_api: str) -> None:
    shutil.copy(ran / "winnow.duckdb", tmp_path)
    before = tables(tmp_path)
    done = winnow_here(tmp_path, "run", str(SAMPLES), api=prefect_api)
    assert done.returncode == 0, done.stderr
    assert tables(tmp_path) == before
    assert query(tmp_path, "select article_count, unchanged_count, status from runs order by started_at") == [
        (27, 0, "published"),
        (0, 30, "published"),
    ]


def test_an_inbox_of_all_formats_is_emptied_and_every_record_has_its_place(tmp_path: Path, prefect_api: str) -> None:
    inbox = tmp_path / "inbox"
    (inbox / "desk").mkdir(parents=True)
    texts = [f"The ferry of the year {year} left on time, the harbour office said." for year in range(1901, 1906)]
    page = f"<html><body><article><h1>Ferry</h1><p>{texts[0]}</p></article></body></html>".encode()
    image = warc_record(b"x", http="Content-Type: image/png")
    (inbox / "crawl.warc.gz").write_bytes(members(warc_record(page), image, warc_record(kind="request")))
    (inbox / "desk" / "list.jsonl").write_text(json.dumps({"maintext": texts[1]}) + "\n{broken\n")
    (inbox / "table.csv").write_text(f'headline,story\nFerry,"{texts[2]}"\n')
    pq.write_table(pa.table({"text": [texts[3], texts[3]]}), inbox / "table.parquet")
    (inbox / "broken.html").write_bytes(b"\x89PNG\r\n")
    (inbox / "coming.html.part").write_text(texts[4])
    (inbox / "draft.txt").write_text(texts[4])
    arguments = ("run", "inbox", "--exclude", "draft*", "--columns", "text=story", "--move-to", "inbox/archive")
    done = winnow_here(tmp_path, *arguments, api=prefect_api)
    assert done.returncode == 1, done.stderr
    assert {str(p.relative_to(inbox)) for p in inbox.rglob("*") if p.is_file()} == {
        "archive/done/crawl.warc.gz", "archive/done/table.csv", "archive/done/desk/list.jsonl",
        "archive/done/table.parquet", "archive/failed/broken.html", "coming.html.part", "draft.txt",
    }  # fmt: skip
    fates = query(tmp_path, "select fate, count(*) from inputs group by all order by all")
    assert fates == [("article", 4), ("duplicate", 1), ("quarantine", 2)]
    assert query(tmp_path, "select sum(input_count) from runs") == [(7,)]
    left_out = query(tmp_path, "select reason, left_out_count from left_out order by all")
    assert left_out == [
        ("WARC request", 1), ("WARC response, not HTML", 1), ("excluded", 1), ("half-written by its name", 1),
    ]  # fmt: skip
    assert "files moved: done" in done.stderr
    # What was moved is not taken in again, and what waits is taken when it is there.
    (inbox / "coming.html.part").rename(inbox / "coming.txt")
    done = winnow_here(tmp_path, *arguments, api=prefect_api)
    assert done.returncode == 0, done.stderr
    assert (inbox / "archive" / "done" / "coming.txt").exists()
    assert query(tmp_path, "select count(*) from articles") == [(5,)]


def stage_damaged(parts: Path, staged: Path) -> StagedCounts:
    """Staging that puts one score out of its bounds after the fact."""
    counts = consolidate(parts, staged)
    path = staged / "scores.parquet"
    with duckdb.connect() as memory:
        memory.execute(f"create table s as from '{path}'")
        first = "select min(rowid) from s where component <> 'total'"
        memory.execute(f"update s set value_ratio = 7 where rowid = ({first})")
        memory.execute(f"copy s to '{path}' (format parquet)")
    return counts


def test_a_critical_failure_publishes_nothing_and_says_which_rows(
    tmp_path: Path, prefect_api: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("flows.run_tasks.consolidate", stage_damaged)
    done = winnow_here(tmp_path, "run", str(SAMPLES / "growth-blog"), api=prefect_api)
    assert done.returncode == 3, done.stderr
    assert query(tmp_path, "select count(*) from articles") == [(0,)]
    ((status, critical),) = query(tmp_path, "select status, critical_count from runs")
    assert (status, critical) == ("failed", 1)
    ((suite, sample),) = query(
        tmp_path, "select suite, unexpected_sample from check_results where severity = 'critical' and not is_success"
    )
    assert suite == "scores"
    (staged,) = tmp_path.glob("winnow.duckdb.staging/*/staged/scores.parquet")
    damaged = duckdb.sql(f"select article_id from '{staged}' where value_ratio > 1").fetchone()
    assert damaged is not None
    assert str(damaged[0]) in str(sample)
    assert "nothing published" in done.stderr


@contextmanager
def mail_server(answer: str = "250 OK") -> Iterator[tuple[int, list[Envelope]]]:
    received: list[Envelope] = []

    class Handler:
        async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
            received.append(envelope)
            return answer

    controller = Controller(Handler(), hostname="127.0.0.1", port=free_port())
    controller.start()
    try:
        yield controller.port, received
    finally:
        controller.stop()


@pytest.mark.parametrize(("answer", "status"), [("250 OK", "sent"), ("554 no thanks", "failed")])
def test_the_report_is_mailed_and_a_failed_mail_fails_nothing(
    tmp_path: Path, prefect_api: str, answer: str, status: str
) -> None:
    with mail_server(answer) as (port, received):
        done = winnow_here(
            tmp_path, "run", str(SAMPLES / "world-desk"), "--report-to", "desk@courier.example", api=prefect_api,
            WINNOW_SMTP_HOST="127.0.0.1", WINNOW_SMTP_PORT=str(port), WINNOW_SMTP_SECURITY="none",
            WINNOW_MAIL_FROM="winnow@courier.example",
        )  # fmt: skip
    assert done.returncode == 0, done.stderr
    (envelope,) = received
    assert envelope.rcpt_tos == ["desk@courier.example"]
    assert b"multipart/alternative" in (envelope.content or b"")
    assert query(tmp_path, "select status, report_status from runs") == [("published", status)]
    assert status in done.stderr


def test_started_without_a_server_it_uses_the_embedded_one_and_does_the_same(ran: Path, tmp_path: Path) -> None:
    done = winnow(tmp_path, "run", str(SAMPLES), PREFECT_HOME=str(tmp_path / "home"))
    assert done.returncode == 1, done.stderr
    assert "leaked" not in done.stderr, done.stderr
    assert query(tmp_path, "select status from runs") == [("published",)]
    for table in ("articles", "edits", "duplicates", "quarantine"):
        counted = f"select count(*) from {table}"
        assert query(tmp_path, counted) == query(ran, counted) != [(0,)], table


def test_a_path_that_leads_nowhere_is_a_usage_error(tmp_path: Path) -> None:
    done = winnow(tmp_path, "run", "nowhere")
    assert done.returncode == 2
    assert "no file or folder at 'nowhere'" in done.stderr
    assert not (tmp_path / "winnow.duckdb").exists()


def test_a_file_that_a_later_run_can_read_to_its_end_leaves_the_quarantine(tmp_path: Path, prefect_api: str) -> None:
    whole = gzip.compress(b'{"id": "1", "text": "Rain fell on the harbour for a whole day."}\n' * 50, mtime=0)
    inbox = tmp_path / "in"
    inbox.mkdir()
    fates = []
    for payload in (whole[:-4], whole):
        (inbox / "wire.jsonl.gz").write_bytes(payload)
        done = winnow_here(tmp_path, "run", "in", api=prefect_api)
        fates.append((done.returncode, query(tmp_path, "select code from quarantine")))
    assert [(code, len(codes)) for code, codes in fates] == [(1, 1), (0, 0)], fates
    assert query(tmp_path, "select count(*) from inputs") == [(50,)]
