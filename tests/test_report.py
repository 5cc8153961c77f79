"""The report: what it reads, what it shows, and that nothing hostile gets through."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser

import duckdb
import pytest

from flows import report_queries
from flows.mail import Image
from flows.report import MAX_BYTES, ReportError, RunReport, embed_images, read_run_report, render_html, render_text
from flows.report import subject as subject_of
from flows.report_charts import draw_charts
from flows.report_news import find_needs, find_news, is_change
from flows.report_queries import Query
from flows.run_report import (
    Check,
    CheckNews,
    Duplicate,
    FlaggedArticle,
    LostRun,
    NewTemplate,
    PublishedLanguage,
    QuarantinedRecord,
    RemovedKind,
    RemovedRule,
    Run,
    SourceCard,
    SourceChange,
)
from tests.migrated import migrate
from tests.unpacked import unpacked

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
    """insert into long_scores select article_id, 'quality', 'total', if(source = 'good.example', 0.9, 0.3), 1, ''
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
    # The run before, one that was killed between the two, and what poor.example was like before.
    """insert into runs by name select 'older' as run_id, 'clean-0' as run_name,
        timestamptz '2026-03-04 06:30:00+00' as started_at, timestamptz '2026-03-04 06:31:00+00' as finished_at,
        'published' as status, 'rules-0' as ruleset_version, 14 as input_count, 13 as article_count,
        'sent' as report_status""",
    """insert into runs by name select 'killed' as run_id, 'clean-killed' as run_name,
        timestamptz '2026-03-04 18:30:00+00' as started_at, 'interrupted' as status, 'rules-1' as ruleset_version""",
    """insert into articles by name select * exclude (n) replace ('before-' || n as article_id, 'older' as run_id,
        'before-' || n as document_id, 'https://poor.example/before/' || n as url, date '2026-02-01' as published_on)
    from (from articles where article_id = 'art-8') cross join range(1, 13) as r (n)""",
    """insert into long_scores select article_id, 'quality', 'total', 0.9, 1, '' from articles
    where article_id like 'before-%'""",
    """insert into article_signatures select article_id, source,
        if(run_id = 'older', timestamptz '2026-03-04 06:30:00+00', timestamptz '2026-03-05 06:30:00+00'), []
    from articles""",
    """insert into edits
    values ('art-2', 2, 40, 49, 'navigation', 'template:0123456789abcdef', 'All ports', '', 1.0)""",
    """insert into templates by name select '0123456789abcdef' as template_id, 'good.example' as source,
        'line' as scope, 1::ubigint as fingerprint, 'navigation' as kind, 'all ports' as masked_text,
        'All ports' as example_text, 6 as cluster_count, 10 as source_cluster_count, 0.6 as share_ratio,
        now() as first_seen_at, now() as last_seen_at, true as is_sufficient, true as is_active""",
)


@pytest.fixture
def warehouse() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        migrate(connection)
        with unpacked(connection):
            for statement in FILL:
                connection.execute(statement.replace("'RUN'", f"'{RUN_ID}'"))
        yield connection


@dataclass
class Page(HTMLParser):
    """What a browser would see: open tags must be closed in order."""

    sources: list[str] = field(default_factory=list)
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
        self.sources += [value or "" for name, value in attrs if name == "src"]
        self.links += [value or "" for name, value in attrs if name == "href"]
        self.ids |= {value or "" for name, value in attrs if name == "id"}
        if tag not in {"meta", "img"}:
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
    ("interrupted", replace(RUN, status="interrupted"), "Winnow: run is interrupted"),
)


@pytest.mark.parametrize(("run", "expected"), [case[1:] for case in SUBJECTS], ids=[case[0] for case in SUBJECTS])
def test_subject(run: Run, expected: str) -> None:
    assert subject_of(RunReport(run)) == expected


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
    assert report.removed_kinds == (
        RemovedKind("share", 2, 2, 44),
        RemovedKind("navigation", 1, 1, 9),
        RemovedKind("tidy", 1, 1, 1),
    )
    assert report.removed_rules == (
        RemovedRule("share-line", "share", 2, 44, "Share this"),
        RemovedRule("template", "navigation", 1, 9, "All ports"),
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


def test_reading_compares_with_the_run_before(warehouse: duckdb.DuckDBPyConnection) -> None:
    report = read_run_report(warehouse, RUN_ID)
    assert report.previous is not None
    assert (report.previous.run_id, report.previous.article_count) == ("older", 13)
    assert [(lost.run_name, lost.status) for lost in report.unfinished] == [("clean-killed", "interrupted")]
    assert [(volume.articles, volume.quarantined) for volume in report.history] == [(13, 0), (8, 3)]
    assert report.check_news == (CheckNews("edits kind kinds", True),)
    changes = {(c.source, c.measure): (round(c.before, 3), round(c.now, 3), c.articles) for c in report.changed_sources}
    assert changes == {("poor.example", "mean_quality"): (0.854, 0.3, 5)}
    assert [round(point.mean_quality or 0, 3) for point in report.trends] == [0.854, 0.3]
    assert [(row.template_id, row.articles, row.example) for row in report.new_templates] == [
        ("0123456789abcdef", 1, "All ports")
    ]


def test_a_change_must_be_visible_and_more_than_chance(warehouse: duckdb.DuckDBPyConnection) -> None:
    now = "select article_id from articles where run_id = $run and source = 'poor.example'"
    with unpacked(warehouse):
        warehouse.execute(f"update long_scores set value_ratio = 0.85 where article_id in ({now})", {"run": RUN_ID})
    assert read_run_report(warehouse, RUN_ID).changed_sources == ()
    spread = "update long_scores set value_ratio = (hash(article_id) % 100) / 100 where score = 'quality'"
    with unpacked(warehouse):
        warehouse.execute(spread)
    assert read_run_report(warehouse, RUN_ID).changed_sources == ()


def test_a_run_killed_before_its_report_is_told_once(warehouse: duckdb.DuckDBPyConnection) -> None:
    warehouse.execute("update runs set status = 'published', report_status = null where run_id in ('killed', 'older')")
    lost = read_run_report(warehouse, RUN_ID).unfinished
    assert [(run.run_name, run.status) for run in lost] == [("clean-0", "published"), ("clean-killed", "published")]
    warehouse.execute("update runs set report_status = 'sent' where run_id = 'killed'")
    assert read_run_report(warehouse, RUN_ID).unfinished == ()


def test_a_clock_that_was_set_back_is_told(warehouse: duckdb.DuckDBPyConnection) -> None:
    at = datetime.now(UTC)
    warehouse.execute("update runs set started_at = $at where run_id = $run", {"at": at, "run": RUN_ID})
    assert read_run_report(warehouse, RUN_ID).ahead == ()
    tomorrow = at + timedelta(days=1)
    others = "update runs set started_at = $at where run_id <> $run and status <> 'interrupted'"
    warehouse.execute(others, {"at": tomorrow, "run": RUN_ID})
    report = read_run_report(warehouse, RUN_ID)
    until = f"{tomorrow:%Y-%m-%d %H:%M} UTC"
    runs = f"{len(report.ahead)} runs" if len(report.ahead) > 1 else "1 run"
    told = f"{runs} of the warehouse began in the future, up to {until}: was the clock set back?"
    assert told in [need for need, _ in find_needs(report)]
    assert find_news(report) == ("No run began before this one",)


def test_five_examples_of_a_flag_and_how_many_there_are(warehouse: duckdb.DuckDBPyConnection) -> None:
    warehouse.execute("insert into flags select article_id, 'content-gap', 'Gap.' from articles")
    flagged = read_run_report(warehouse, RUN_ID).flagged
    assert [(f.code, f.group_count) for f in flagged] == [("content-gap", 8)] * 5 + [("undated", 5)] * 5


def test_the_five_best_and_the_five_worst_sources(warehouse: duckdb.DuckDBPyConnection) -> None:
    warehouse.execute("delete from article_scores; delete from articles where run_id = 'older'")
    warehouse.execute(
        """insert into articles by name
        select * exclude (n) replace ('more-' || n as article_id, printf('s%02d.example', n) as source)
        from (from articles where article_id = 'art-1') cross join range(20) as r (n)"""
    )
    with unpacked(warehouse):
        warehouse.execute(
            """insert into long_scores
            select article_id, 'quality', 'total', substr(source, 2, 2)::integer / 100, 1, ''
            from articles where article_id like 'more-%'"""
        )
    report = read_run_report(warehouse, RUN_ID)
    best, worst = [f"s{n}.example" for n in (19, 18, 17, 16, 15)], ["s02.example", "s01.example", "s00.example"]
    assert [s.source for s in report.sources] == [*best, *worst, "good.example", "poor.example"]
    assert report.sources[0].source_count == 22
    page = page_of(report)
    assert "12 more between" in page.text


CHANGE = SourceChange("poor.example", "undated_ratio", 0.1, 0.6, 12, 1)
LOST = LostRun("k", "clean-killed", "interrupted", RUN.started_at)
TEMPLATE = NewTemplate("good.example", "0123456789abcdef", "navigation", 0.6, 3, "All ports", 1)
GUARDED = FlaggedArticle("over-removal", 2, "art-1", "doc-1", "Headline", None, "a.example", "would lose all prose")


def test_the_subject_tells_what_else_is_news() -> None:
    report = RunReport(replace(RUN, warning_count=2), changed_sources=(CHANGE,), unfinished=(LOST,))
    words = "Winnow: 1,284 articles published, 2 warnings, 1 source changed, 1 earlier run did not end"
    assert subject_of(report) == words


NEWS = (
    ("the first run", RunReport(RUN), ("This is the first run",)),
    (
        "as before",
        RunReport(RUN, previous=RUN),
        ("1,284 articles published, as many as before", "2 records quarantined, as many as before"),
    ),
    (
        "more and fewer",
        RunReport(RUN, previous=replace(RUN, article_count=1000, quarantine_count=3)),
        ("1,284 articles published, 284 more than before", "2 records quarantined, 1 fewer than before"),
    ),
    (
        "checks and rules",
        RunReport(
            RUN,
            previous=replace(RUN, ruleset_version="rules-0", status="failed"),
            check_news=(CheckNews("edits kind", True), CheckNews("flags code", False)),
        ),
        (
            "1,284 articles published, as many as before",
            "2 records quarantined, as many as before",
            "The run before was failed, this one published",
            "Fails now and held before: edits kind",
            "Holds again: flags code",
            "Rules or program are others than in the run before",
        ),
    ),
    (
        "slower",
        RunReport(RUN, previous=replace(RUN, finished_at=RUN.started_at + timedelta(seconds=30))),
        (
            "1,284 articles published, as many as before",
            "2 records quarantined, as many as before",
            "Slower: 1 min 30 s for 1,290 new records; before 30.0 s for 1,290",
        ),
    ),
)


@pytest.mark.parametrize(("report", "news"), [case[1:] for case in NEWS], ids=[case[0] for case in NEWS])
def test_what_changed_since_the_run_before(report: RunReport, news: tuple[str, ...]) -> None:
    assert find_news(report) == news
    assert all(words in render_text(report) and words in page_of(report).text for words in news)


def test_what_needs_a_person_comes_first_and_leads_to_its_section() -> None:
    report = RunReport(
        replace(RUN, status="failed", critical_count=1),
        checks=(BROKEN, replace(BROKEN, severity="warning")),
        quarantined=(QuarantinedRecord("empty", 2, "doc", "/in/doc", "Nothing in it."),),
        flagged=(GUARDED, replace(GUARDED, code="extraction-doubtful", group_count=1)),
        unfinished=(LOST, replace(LOST, status="published")),
        changed_sources=(CHANGE,),
        new_templates=(TEMPLATE,),
        problem="DiskError: full",
    )
    needs = find_needs(report)
    assert [words for words, _ in needs] == [
        "The run broke off: DiskError: full",
        "1 critical check failed, so nothing was published",
        "clean-killed was ended from outside; it published nothing, and what it had begun is done by later runs",
        "clean-killed was ended from outside after it had published, before its report was sent",
        "1 check gave a warning",
        "2 records could not be used (empty)",
        "2 documents kept whole, because too much would have been removed",
        "1 page whose text may be chosen wrongly",
        "Changed: poor.example",
        "1 template took text out for the first time",
    ]
    page = page_of(report)
    assert {anchor for _, anchor in needs if anchor} <= page.ids
    assert page.text.index("Needs a person") < page.text.index("Checks that failed")
    assert "kept whole by the guard" in page.text.lower()
    assert find_needs(RunReport(replace(RUN, quarantine_count=0))) == ()


@pytest.mark.parametrize(
    ("report", "changed"),
    [
        (RunReport(RUN), True),
        (RunReport(replace(RUN, article_count=0), previous=RUN), False),
        (RunReport(RUN, previous=RUN), True),
        (RunReport(replace(RUN, article_count=0, quarantine_count=5), previous=RUN), True),
        (RunReport(replace(RUN, article_count=0, status="failed"), previous=RUN), True),
        (RunReport(replace(RUN, article_count=0), previous=RUN, unfinished=(LOST,)), True),
        (RunReport(replace(RUN, article_count=0), previous=RUN, check_news=(CheckNews("a", False),)), True),
    ],
)
def test_which_runs_changed_something(report: RunReport, changed: bool) -> None:
    assert is_change(report) is changed


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
    assert inner <= page.ids
    assert {name for name in inner if name.startswith("query-")} == {f"query-{query.anchor}" for query in QUERIES}
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
    report = read_run_report(warehouse, RUN_ID)
    images = draw_charts(report)
    page = Page()
    page.feed(embed_images(render_html(report, images), images))
    assert len(page.sources) == len(images) == 2
    assert all(source.startswith("data:image/png;base64,iVBOR") for source in page.sources)
    assert not page.tags & {"link", "script", "iframe", "object", "form", "base"}
    assert not page.attributes & {"background", "onclick", "srcset"}


def test_charts_are_said_in_words(warehouse: duckdb.DuckDBPyConnection) -> None:
    report = read_run_report(warehouse, RUN_ID)
    volumes, change = draw_charts(report)
    assert volumes.alt == (
        "Articles published in the last 2 runs: 8 to 13, 8 in this one; 3 records quarantined in all of them"
    )
    assert change.alt == "mean quality over the last 2 runs, ending 0.85, 0.30"
    for image in (volumes, change):
        assert image.png.startswith(b"\x89PNG")
        assert f'src="cid:{image.name}" alt="{image.alt}"' in render_html(report, (volumes, change))
    assert draw_charts(RunReport(RUN)) == ()


def test_a_page_cannot_put_an_image_into_the_report() -> None:
    image = Image("volumes", "Volumes", b"png")
    html = embed_images(render_html(flagged(title='<img src="cid:volumes">'), (image,)), (image,))
    assert "base64" not in html


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
    run = replace(RUN, article_count=0, input_count=0, finished_at=None, status="interrupted")
    assert "run is interrupted" in render_text(RunReport(run))
    assert "Run is interrupted" in page_of(RunReport(run)).text


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
        check_news=(CheckNews(hostile, True),),
        previous=RUN,
        unfinished=(LostRun(hostile, hostile, "interrupted", RUN.started_at),),
        changed_sources=(replace(CHANGE, source=hostile),),
        new_templates=(replace(TEMPLATE, source=hostile, example=hostile),),
        problem=hostile,
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
        previous=replace(RUN, ruleset_version="rules-0", status="failed"),
        unfinished=(LostRun(long, long, "interrupted", RUN.started_at),) * 10,
        check_news=tuple(CheckNews(long, number < 10) for number in range(20)),
        changed_sources=(replace(CHANGE, source=long),) * 12,
        new_templates=(replace(TEMPLATE, source=long, template_id=long, example=long),) * 10,
        problem=long,
    )
    html = render_html(report)
    assert len(html.encode()) <= MAX_BYTES
    page_of(report)
    assert len(render_text(report).encode()) <= MAX_BYTES
