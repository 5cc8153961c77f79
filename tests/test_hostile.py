"""The hostile corpus goes through everything that prints, mails or writes: page, mail, CSV, Markdown, names."""

from __future__ import annotations

import csv
import io
from email import message_from_bytes
from email.policy import default

import duckdb
import pytest
from markupsafe import escape

from expectations.outcome import CheckOutcome
from flows.loading import render
from flows.mail import build_message
from flows.outcome import RunOutcome
from flows.prefect_record import name_run, write_markdown
from flows.printed import link, visible
from flows.report_files import neutralise, read_files, write_csv
from flows.run_report import RunReport
from tests.hostile import HOSTILE_TEXTS, HOSTILE_URLS
from tests.migrated import migrate
from tests.test_mail import NOW
from tests.test_report import CHANGE, RUN, TEMPLATE, Page, flagged
from warehouse.records import PublishCounts

SHOWN = [text for text in HOSTILE_TEXTS if len(text) < 100]


@pytest.mark.parametrize("text", HOSTILE_TEXTS, ids=range(len(HOSTILE_TEXTS)))
def test_the_mail_shows_it_as_text_and_has_the_parts_and_headers_it_had(text: str) -> None:
    report = RunReport(
        RUN,
        flagged=flagged(title=text, evidence=text, source=text).flagged,
        changed_sources=(type(CHANGE)(text, *[getattr(CHANGE, name) for name in CHANGE.__slots__[1:]]),),
        new_templates=(type(TEMPLATE)(text, *[getattr(TEMPLATE, name) for name in TEMPLATE.__slots__[1:]]),),
        problem=text,
    )
    rendered = render(report)
    message = build_message(
        subject=f"{rendered.subject} {text}",
        html=rendered.html,
        text=rendered.text,
        sender="winnow@example.org",
        recipients=("ana@example.org",),
        message_id="<0af3@winnow>",
        date=NOW,
    )
    mail = message_from_bytes(message.as_bytes(), policy=default)
    assert mail["Bcc"] is None
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    page = Page()
    page.feed(rendered.html)
    assert page.open_tags == []
    assert not page.tags & {"script", "img", "svg", "iframe", "object", "form"}
    assert not {name for name in page.attributes if name.startswith("on")}
    assert "{{ 7 * 7 }}" in page.text or "{{" not in text
    if text in SHOWN:
        shown = str(visible(text))
        assert str(escape(shown)) in rendered.html
        assert shown in rendered.text


@pytest.mark.parametrize("url", HOSTILE_URLS)
def test_only_what_is_surely_an_address_becomes_a_link(url: str | None) -> None:
    safe = {"https://courier.example/ok"}
    assert link(url) == (url if url in safe else None)


FORMULAS = ("=1", "+1", "-1", "@a", "\t=1", "\r=1", "\n=1", "  =1", "＝1", "＋1", "－1", "＠a")
PLAIN = ("a=1", "1-1", "", "(=1)", "'=1", "日本")


@pytest.mark.parametrize("cell", FORMULAS)
def test_a_cell_that_would_be_a_formula_becomes_text(cell: str) -> None:
    assert neutralise(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", [*PLAIN, -5, 0.5, None, NOW])
def test_other_cells_stay(cell: object) -> None:
    assert neutralise(cell) == cell


def test_a_csv_gives_back_every_cell_in_its_place() -> None:
    rows = [(number, text) for number, text in enumerate(HOSTILE_TEXTS)]
    read = list(csv.reader(io.StringIO(write_csv(("n", "text"), rows), newline="")))
    assert read[0] == ["n", "text"]
    assert [row[1].removeprefix("'") for row in read[1:]] == [text.removeprefix("'") for text in HOSTILE_TEXTS]
    assert not [cell for row in read for cell in row if cell.lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r"))]


def test_a_lone_surrogate_does_not_stop_the_file() -> None:
    assert write_csv(("a",), [("\ud800x",)]) == '"a"\r\n"?x"\r\n'


def test_the_attachments_hold_all_of_the_run_and_nothing_of_others() -> None:
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        migrate(connection)
        connection.execute(
            """insert into quarantine by name select 'q-' || n as input_id, if(n < 3, 'r', 'other') as run_id,
            '=doc' as document_id, '/in' as location, '' as record_key, 'empty' as code, 'Nothing.' as message,
            $now as quarantined_at from range(4) as t (n)""",
            {"now": NOW},
        )
        (file,) = read_files(connection, "r", ("flagged", "quarantine"))
        assert read_files(connection, "r", ()) == ()
    assert file.name == "quarantine.csv"
    read = list(csv.DictReader(io.StringIO(file.text)))
    assert [row["document_id"] for row in read] == ["'=doc"] * 3


def outcome_of(text: str) -> RunOutcome:
    check = CheckOutcome(text, text, text, "warning", False, 1, text, "[]", text)
    return RunOutcome(
        run_id="0af3",
        run_name="clean",
        status="published",
        seconds=1,
        input_count=1,
        unchanged_count=0,
        resumed_count=0,
        interrupted=(),
        stage_seconds=(),
        left_out=(),
        moved=(),
        counts=PublishCounts(1, 0, 0, 0, 0),
        failed_checks=(check,),
        critical=(),
        report_path=text,
        report_status="failed",
        report_detail=text,
        staged=None,
    )


@pytest.mark.parametrize("text", SHOWN)
def test_markdown_has_neither_mark_up_nor_further_cells(text: str) -> None:
    markdown = write_markdown(outcome_of(text), text)
    bare = markdown.replace("\\\\", "")
    for mark in ("<", "`", "[", "]"):
        assert bare.count(mark) == bare.count(f"\\{mark}")
    (row,) = [line for line in markdown.splitlines() if line.startswith("| warning")]
    assert row.replace("\\|", "").count("|") == 7


@pytest.mark.parametrize("text", HOSTILE_TEXTS)
def test_a_name_is_of_letters_digits_dots_and_hyphens(text: str) -> None:
    name = name_run("clean-1-winnow", [(text, 3)])
    assert name.startswith("clean-1-winnow-")
    assert name.endswith("-3-records")
    assert len(name) < 100
    assert all(letter.isalnum() or letter in ".-" for letter in name)


@pytest.mark.parametrize(
    ("sources", "name"),
    [
        ([], "c-nothing-new"),
        ([("courier.example", 1)], "c-courier.example-1-record"),
        ([("a", 1200), ("b", 34)], "c-2-sources-1234-records"),
    ],
)
def test_a_name_tells_source_and_count(sources: list[tuple[str, int]], name: str) -> None:
    assert name_run("c", sources) == name
