"""The report: what it reads, what it shows, and that nothing hostile gets through."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from html.parser import HTMLParser

import duckdb
import pytest

from flows import report_queries
from flows.report import MAX_BYTES, ReportError, RunReport, read_run_report, render_html, render_text, subject
from flows.report_queries import Query
from flows.run_report import (
    Check,
    Duplicate,
    FlaggedArticle,
    PublishedLanguage,
    QuarantinedRecord,
    RemovedKind,
    RemovedRule,
    Run,
    SourceCard,
)
from warehouse.migrate import migrate

RUN_ID = "0af3"
QUERIES = tuple(value for value in vars(report_queries).values() if isinstance(value, Query))

RUN = Run(
    run_id=RUN_ID,
    run_name="clean-20260305-0630",
    status="published",
    started_at=datetime(2026, 3, 5, 6, 30, tzinfo=UTC),
    finished_at=datetime(2026, 3, 5, 6, 31, 30, tzinfo=UTC),
    ruleset_version="rules-1",
    input_count=1300,
    unchanged_count=10,
    article_count=1284,
    duplicate_count=4,
    quarantine_count=2,
    edit_count=3,
    removed_chars=45,
    warning_count=0,
    critical_count=0,
)
BROKEN = Check(
    "articles",
    "expect_column_values_to_be_in_set",
    "is_restored",
    "critical",
    False,
    2,
    "2 of 3 rows",
    '[{"article_id": "aaaa"}, {"article_id": "cccc"}]',
    "Reversible: clean text and ledger give back the original.",
)
HELD = replace(BROKEN, is_success=True, unexpected_count=0, observed="0 of 3 rows", unexpected_sample="[]")

FILL = (
    """insert into runs by name select 'RUN' as run_id, 'clean-1' as run_name,
        timestamptz '2026-03-05 06:30:00+00' as started_at, timestamptz '2026-03-05 06:31:30+00' as finished_at,
        'published' as status, 'rules-1' as ruleset_version, 12 as input_count, 8 as article_count,
        1 as duplicate_count, 3 as quarantine_count, null as warning_count""",
    """insert into articles by name select 'art-' || n as article_id, 'in-' || n as input_id,
        case when n = 9 then 'older' else 'RUN' end as run_id, 'doc-' || n as document_id,
        case when n < 4 then 'good.example' else 'poor.example' end as source,
        'https://good.example/' || n as url, 'Headline ' || n as title,
        case when n < 6 then 'en' else 'de' end as language,
        case when n < 4 then date '2026-03-01' end as published_on,
        'dated' as published_status, 'Text.' as text, 5 as text_chars, 100 as text_words, 20 as original_chars,
        '' as original_hash, 5 as removed_chars, 0.25 as removed_ratio, 'text' as extractor,
        'rules-1' as ruleset_version
    from range(1, 10) as r (n)""",
    """insert into scores select article_id, 'quality', 'total', if(source = 'good.example', 0.9, 0.3), 1, ''
    from articles""",
    """insert into flags select article_id, 'undated', 'No date in ' || document_id from articles
    where published_on is null""",
    """insert into edits values ('art-1', 1, 0, 10, 'share', 'share-line', 'Share this', '', 1.0),
        ('art-1', 2, 15, 16, 'tidy', 'space', ' ', '', 1.0), ('art-2', 1, 0, 34, 'share', 'share-line',
        'Share it with a friend, or with two', '', 1.0),
        ('art-9', 1, 0, 9, 'advert', 'ad-label', 'Advertise', '', 1.0)""",
    """insert into quarantine by name select 'q-' || n as input_id, 'RUN' as run_id, 'bad-' || n as document_id,
        '/in/bad-' || n as location, '' as record_key, if(n = 1, 'binary', 'empty') as code,
        'The payload is of no use.' as message, now() as quarantined_at from range(1, 4) as r (n)""",
    """insert into inputs by name select 'd-1' as input_id, 'RUN' as run_id, 'copy' as document_id,
        '/in/copy' as location,
        '' as record_key, 'good.example' as source, 'duplicate' as fate, 'art-1' as article_id,
        'rules-1' as ruleset_version""",
    "insert into duplicates values ('d-1', 'art-1', 'RUN', 'exact', 1)",
    """insert into check_results (run_id, suite, check_name, column_name, severity, is_success, unexpected_count,
        observed, unexpected_sample, notes) values
        ('RUN', 'edits', 'unique', 'a', 'critical', true, 0, '0 of 3 rows', '[]', 'Held.'),
        ('RUN', 'edits', 'kinds', 'kind', 'warning', false, 1, '1 of 3 rows', '[{"article_id": "art-1"}]', 'Odd kind.'),
        ('RUN', 'articles', 'restored', 'b', 'critical', false, 1, '1 of 8 rows', '[]', 'Broken.'),
        ('older', 'articles', 'restored', 'b', 'critical', false, 1, '1 of 8 rows', '[]', 'Another run.')""",
)


@pytest.fixture
def warehouse() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        migrate(connection)
        for statement in FILL:
            connection.execute(statement.replace("'RUN'", f"'{RUN_ID}'"))
        yield connection


@dataclass
class Page(HTMLParser):
    """What a browser would see: open tags must be closed in order."""

    links: list[str] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)
    tags: set[str] = field(default_factory=set)
    attributes: set[str] = field(default_factory=set)
    text: str = ""
    open_tags: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.links += [value or "" for name, value in attrs if name == "href"]
        self.ids |= {value or "" for name, value in attrs if name == "id"}
        if tag != "meta":
            self.open_tags.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open_tags.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def page_of(report: RunReport) -> Page:
    page = Page()
    page.feed(render_html(report))
    page.close()
    assert page.open_tags == []
    return page


SUBJECTS = (
    ("clean", RUN, "Winnow: 1,284 articles published"),
    ("one", replace(RUN, article_count=1, warning_count=1), "Winnow: 1 article published, 1 warning"),
    ("warnings", replace(RUN, warning_count=2), "Winnow: 1,284 articles published, 2 warnings"),
    ("nothing new", replace(RUN, article_count=0), "Winnow: nothing new to publish"),
    ("failed", replace(RUN, status="failed", critical_count=1), "Winnow: nothing published, 1 critical check failed"),
    (
        "failed twice",
        replace(RUN, status="failed", critical_count=2),
        "Winnow: nothing published, 2 critical checks failed",
    ),
    ("failed otherwise", replace(RUN, status="failed"), "Winnow: nothing published, the run failed"),
    ("running", replace(RUN, status="running"), "Winnow: run is running"),
)


@pytest.mark.parametrize(("run", "expected"), [case[1:] for case in SUBJECTS], ids=[case[0] for case in SUBJECTS])
def test_subject(run: Run, expected: str) -> None:
    assert subject(RunReport(run)) == expected


def test_reading_gives_the_rows_of_this_run(warehouse: duckdb.DuckDBPyConnection) -> None:
    report = read_run_report(warehouse, RUN_ID)
    assert (report.run.input_count, report.run.article_count, report.run.warning_count) == (12, 8, 0)
    assert report.run.seconds == 90
    assert [(c.suite, c.severity, c.is_success) for c in report.checks] == [
        ("articles", "critical", False),
        ("edits", "warning", False),
        ("edits", "critical", True),
    ]
    assert [check.notes for check in report.failed_checks] == ["Broken.", "Odd kind."]
    assert [(r.code, r.group_count, r.document_id) for r in report.quarantined] == [
        ("empty", 2, "bad-2"),
        ("empty", 2, "bad-3"),
        ("binary", 1, "bad-1"),
    ]
    assert [(f.code, f.group_count, f.title, f.evidence) for f in report.flagged] == [
        ("undated", 5, f"Headline {n}", f"No date in doc-{n}") for n in range(4, 9)
    ]
    assert report.removed_kinds == (RemovedKind("share", 2, 2, 44), RemovedKind("tidy", 1, 1, 1))
    assert report.removed_rules == (
        RemovedRule("share-line", "share", 2, 44, "Share this"),
        RemovedRule("space", "tidy", 1, 1, " "),
    )
    assert [(row.language, row.articles, row.words, row.dated_ratio) for row in report.published] == [
        ("en", 5, 500, 0.6),
        ("de", 3, 300, 0.0),
    ]
    cards = [replace(card, mean_quality=round(card.mean_quality or 0, 6)) for card in report.sources]
    assert cards == [
        SourceCard("good.example", 3, 0.9, 0.25, 0, 2),
        SourceCard("poor.example", 5, 0.3, 0.25, 1, 2),
    ]
    assert report.duplicates == (
        Duplicate("copy", "good.example", "/in/copy", "doc-1", "Headline 1", "https://good.example/1"),
    )


def test_five_examples_of_a_flag_and_how_many_there_are(warehouse: duckdb.DuckDBPyConnection) -> None:
    warehouse.execute("insert into flags select article_id, 'content-gap', 'Gap.' from articles")
    flagged = read_run_report(warehouse, RUN_ID).flagged
    assert [(f.code, f.group_count) for f in flagged] == [("content-gap", 8)] * 5 + [("undated", 5)] * 5


def test_the_five_best_and_the_five_worst_sources(warehouse: duckdb.DuckDBPyConnection) -> None:
    warehouse.execute("delete from scores; delete from articles where run_id = 'older'")
    warehouse.execute(
        """insert into articles by name
        select * exclude (n) replace ('more-' || n as article_id, printf('s%02d.example', n) as source)
        from (from articles where article_id = 'art-1') cross join range(20) as r (n)"""
    )
    warehouse.execute(
        """insert into scores select article_id, 'quality', 'total', substr(source, 2, 2)::integer / 100, 1, ''
        from articles where article_id like 'more-%'"""
    )
    report = read_run_report(warehouse, RUN_ID)
    best, worst = [f"s{n}.example" for n in (19, 18, 17, 16, 15)], ["s02.example", "s01.example", "s00.example"]
    assert [s.source for s in report.sources] == [*best, *worst, "good.example", "poor.example"]
    assert report.sources[0].source_count == 22
    page = page_of(report)
    assert "12 more between" in page.text


def test_a_run_that_is_not_there(warehouse: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(ReportError, match=r"run 'gone' is not in the warehouse; .* lists its runs"):
        read_run_report(warehouse, "gone")


@pytest.mark.parametrize("query", QUERIES, ids=[query.anchor for query in QUERIES])
def test_a_query_can_be_pasted_into_a_shell(warehouse: duckdb.DuckDBPyConnection, query: Query) -> None:
    command = query.command(RUN_ID)
    winnow, word, sql = shlex.split(command)
    assert (winnow, word) == ("winnow", "sql")
    assert not set(sql) & set('"\\`!$\n')
    rows = warehouse.execute(query.sql, {"run_id": RUN_ID}).fetchall()
    assert warehouse.execute(sql).fetchall() == rows
    assert rows


def test_each_section_links_to_its_query(warehouse: duckdb.DuckDBPyConnection) -> None:
    report = read_run_report(warehouse, RUN_ID)
    page = page_of(report)
    inner = {link[1:] for link in page.links if link.startswith("#")}
    assert inner == page.ids == {f"query-{query.anchor}" for query in QUERIES}
    for query in QUERIES:
        assert query.command(RUN_ID) in page.text
        assert query.command(RUN_ID) in render_text(report)


def test_the_page_shows_what_was_read(warehouse: duckdb.DuckDBPyConnection) -> None:
    report = read_run_report(warehouse, RUN_ID)
    page, text = page_of(report), render_text(report)
    shown = ("8 articles published", "The payload is of no use.", "Headline 4", "No date in doc-4", "share-line")
    for words in (*shown, "Odd kind.", "article_id art-1", "poor.example", "copy", "60%", "0.90"):
        assert words in page.text
        assert words in text
    assert "https://good.example/4" in page.links
    assert "Another run." not in page.text


def test_nothing_is_loaded_from_elsewhere(warehouse: duckdb.DuckDBPyConnection) -> None:
    page = page_of(read_run_report(warehouse, RUN_ID))
    assert not page.tags & {"img", "link", "script", "iframe", "object", "form", "base"}
    assert not page.attributes & {"src", "background", "onclick"}


def test_a_failed_run_names_the_rows() -> None:
    run = replace(RUN, status="failed", article_count=0, critical_count=1)
    report = RunReport(run, checks=(BROKEN, HELD))
    page, text = page_of(report), render_text(report)
    for words in (
        "othing published, 1 critical check failed",
        "The warehouse is as it was before.",
        "Reversible: clean text and ledger give back the original.",
        "2 of 3 rows",
        "article_id aaaa; article_id cccc",
        "articles.is_restored",
    ):
        assert words in page.text
        assert words in text
    assert "Flagged" not in page.text
    assert "#query-checks" in page.links
    assert "#query-flags" not in page.links


def test_a_run_without_news_or_end_renders() -> None:
    run = replace(RUN, article_count=0, input_count=0, finished_at=None, status="running")
    assert "run is running" in render_text(RunReport(run))
    assert "Run is running" in page_of(RunReport(run)).text


def flagged(**changes: str | None) -> RunReport:
    article = FlaggedArticle("undated", 1, "art-1", "doc-1", "Headline", "https://a.example/", "a.example", "No date.")
    return RunReport(RUN, flagged=(replace(article, **changes),))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "</div></td></table><h1>Taken over</h1>",
        '"><img src=x onerror=alert(1)>',
        "<!--",
        "{{ 7 * 7 }}{% raw %}",
        "&lt;b&gt;",
    ],
)
def test_what_a_page_says_is_text(hostile: str) -> None:
    report = flagged(title=hostile, evidence=hostile, source=hostile, document_id=hostile)
    report = replace(
        report,
        quarantined=(QuarantinedRecord(hostile, 1, hostile, hostile, hostile),),
        removed_rules=(RemovedRule(hostile, "share", 1, 1, hostile),),
        removed_kinds=(RemovedKind(hostile, 1, 1, 1),),
        published=(PublishedLanguage(hostile, 1, 1, 1, None),),
        sources=(SourceCard(hostile, 1, None, None, 0, 1),),
        duplicates=(Duplicate(hostile, hostile, hostile, hostile, hostile, hostile),),
        checks=(replace(BROKEN, suite=hostile, notes=hostile, observed=hostile, unexpected_sample=hostile),),
    )
    page = page_of(report)
    assert not page.tags & {"script", "img"}
    assert page.text.count(hostile) >= 10


@pytest.mark.parametrize(
    ("url", "is_link"),
    [
        ("https://a.example/b?c=d&e=f#g", True),
        ("http://a.example/", True),
        ("https://xn--fsq.example/日本", True),
        ("javascript:alert(1)", False),
        ("JavaScript:alert(1)", False),
        ("java\nscript:alert(1)", False),
        (" javascript:alert(1)", False),
        ("data:text/html,<script>", False),
        ("ftp://a.example/", False),
        ("//a.example/", False),
        ("https:///no-host", False),
        ("https://[broken", False),
        ('https://a.example/" onmouseover="x', False),
        ("https://a.example/\x00", False),
        ("https://a.example/" + "a" * 400, False),
        ("", False),
        (None, False),
    ],
)
def test_only_web_addresses_become_links(url: str | None, is_link: bool) -> None:
    page = page_of(flagged(url=url))
    assert [link for link in page.links if not link.startswith("#")] == ([url] if is_link else [])
    assert "Headline" in page.text


def test_invisible_characters_are_dropped() -> None:
    title = "Safe\x00\x1b[31m \u202etxt.exe\u2066\u200b\ufeff\ud800 \u2028end"
    for rendered in (page_of(flagged(title=title)).text, render_text(flagged(title=title))):
        assert "Safe [31m txt.exe end" in rendered
        rendered.encode()


def test_joiners_of_scripts_and_emoji_stay() -> None:
    title = "می\u200cخواهم 👩\u200d🚀"
    assert title in page_of(flagged(title=title)).text


def test_a_value_cannot_forge_a_line_of_the_text() -> None:
    text = render_text(flagged(title="Headline\n\nFLAGGED\n* fake: 9 times", evidence="a\r\nb\u2029c\x85d"))
    assert "Headline FLAGGED * fake: 9 times (a.example)" in text
    assert "    a b c d\n" in text
    assert text.count("\nFLAGGED\n") == 1


def test_long_values_are_cut() -> None:
    page = page_of(flagged(evidence="word " * 1000))
    assert "word word…" in page.text
    assert len(page.text) < 6000


@pytest.mark.parametrize("character", ["x", "<", '"', "中", "🦊"])
def test_the_page_stays_under_the_limit(character: str) -> None:
    long = character * 600
    url = "https://a.example/" + "é" * 270
    codes = [f"{n:02}{long}" for n in range(60)]
    report = RunReport(
        replace(RUN, run_name=long, ruleset_version=long),
        checks=tuple(
            Check(long, long, long, long, False, 9, long, f'[{{"article_id": "{n}{"y" * 600}"}}]', long)
            for n in range(200)
        ),
        quarantined=tuple(QuarantinedRecord(code, 9, long, long, long) for code in codes for _ in range(5)),
        flagged=tuple(FlaggedArticle(code, 9, long, long, long, url, long, long) for code in codes for _ in range(5)),
        removed_kinds=(RemovedKind(long, 1, 1, 1),) * 20,
        removed_rules=(RemovedRule(long, long, 1, 1, long),) * 20,
        published=(PublishedLanguage(long, 10**9, 10**9, 0.5, 0.5),) * 12,
        sources=(SourceCard(long, 10**9, 0.5, 0.5, 0.5, 10**6),) * 10,
        duplicates=(Duplicate(long, long, long, long, long, url),) * 5,
    )
    html = render_html(report)
    assert len(html.encode()) <= MAX_BYTES
    page_of(report)
    assert len(render_text(report).encode()) <= MAX_BYTES
