"""The report site: built of a real warehouse full of hostile text, and clicked through in a real browser."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup
from playwright.sync_api import Browser, Page, expect, sync_playwright

from flows.report_site import MARKER, SiteError, build_site, page_of
from flows.site_charts import Point, Unit, draw_bar, draw_line
from flows.site_marks import LedgerEdit, cut_pieces, mark_original
from tests.hostile import HOSTILE_TEXTS, HOSTILE_URLS
from tests.migrated import migrate
from tests.unpacked import unpacked
from warehouse.snapshot import snapshot_of, take_snapshot

BEGAN = datetime(2026, 3, 1, 6, tzinfo=UTC)
RUNS = tuple(f"{number:032x}" for number in (1, 2, 3))
# Every hostile text is title, author, source, evidence, ... of something. Of 120 articles, 15 are older versions of a
# page, since addresses repeat: they have a page and stand in no list.
FILL = """
insert into runs by name
select run_id, 'clean-' || n as run_name, $began + n * interval 1 day as started_at,
  $began + n * interval 1 day + interval 90 second as finished_at,
  if(n = 3, 'failed', 'published') as status, 'rules-1' as ruleset_version, 40 as input_count, 0 as unchanged_count,
  30 + n as article_count, 1 as duplicate_count, 1 as quarantine_count, 20 as edit_count, 100 as removed_chars,
  n - 1 as warning_count, if(n = 3, 1, 0) as critical_count, 'sent' as report_status
from (select unnest($runs) as run_id, generate_subscripts($runs, 1) as n);
insert into articles by name
select printf('%016x', n) as article_id, 'in-' || n as input_id, $runs[1 + n % 2] as run_id, 'doc-' || n as document_id,
  if(n % 4 = 0, $texts[1 + n % len($texts)], 'courier.example') as source, $urls[1 + n % len($urls)] as url,
  if(n = 1, 'The ferry leaves at noon', $texts[1 + n % len($texts)]) as title, 'given' as title_origin,
  $texts[1 + n % len($texts)] as author, if(n % 3 = 0, 'de', 'en') as language, 0.9 as language_probability_ratio,
  if(n % 5 = 0, null, date '2026-02-01' + n::integer) as published_on, 'day' as published_precision,
  if(n % 5 = 0, 'undated', 'dated') as published_status, 'json-ld' as published_origin, 'seen' as published_evidence,
  'First line.' || chr(10) || 'Second <b>line</b> ' || n || '.' as text, 40 as text_chars, 6 as text_words,
  70 as original_chars, '' as original_hash, 25 as removed_chars, 0.25 as removed_ratio, 'text' as extractor,
  'rules-1' as ruleset_version
from range(1, 121) as r (n);
insert into article_signatures
select article_id, source, $began + (article_id[-1:] in ('1', '3', '5', '7'))::integer * interval 1 day, []
from articles;
insert into superseded_versions select article_id from article_versions where not is_latest;
insert into inputs by name
select input_id, run_id, document_id, '/in/' || document_id as location, '' as record_key, source, 'article' as fate,
  article_id, 'rules-1' as ruleset_version from articles;
insert into edits
select article_id, 1, 0, 11, 'share', 'share-line', 'Share this' || chr(10), '', 1.0 from articles
union all select article_id, 2, 23, 24, 'tidy', 'space', ' ', '', 1.0 from articles
union all
select article_id, 3, 24, 24 + length(t), 'advert', 'line-model', t, '', 0.93
from (select article_id, title as t from articles where title is not null);
insert into long_scores
select article_id, 'quality', 'total', (hash(article_id) % 100) / 100, 1, '' from articles
union all select article_id, 'quality', 'length', 0.5, 0.15, $texts[3] from articles
union all select article_id, 'seo_padding', 'total', 0.2, 1, '' from articles;
insert into flags select article_id, 'undated', $texts[4] from articles where published_on is null;
insert into flags select article_id, $texts[1], $texts[5] from articles where article_id like '%7';
insert into date_candidates
select article_id, 1, published_on::varchar, 'day', 'published', 'json-ld', 'seen' from articles
where published_on is not null
union all select article_id, 2, '2019-01-01', 'day', 'modified', 'visible', $texts[2] from articles;
insert into long_signals select article_id, 'words', 6 from articles;
insert into quarantine by name
select 'q-' || n as input_id, $runs[1] as run_id, $texts[n] as document_id, $texts[n] as location, '' as record_key,
  $texts[n] as code, $texts[n] as message, $began as quarantined_at from range(1, len($texts) + 1) as r (n);
insert into inputs by name
select input_id, run_id, document_id, location, '' as record_key, $texts[1] as source, 'quarantine' as fate,
  'rules-1' as ruleset_version from quarantine;
insert into check_results
  (run_id, suite, check_name, column_name, severity, is_success, unexpected_count, observed, unexpected_sample, notes)
select $runs[3], $texts[n], $texts[n], $texts[n], if(n = 1, 'critical', 'info'), n > 3, 1, $texts[n],
  '[{"article_id": "0000000000000001"}, {"article_id": "gone"}]', $texts[n] from range(1, len($texts) + 1) as r (n);
insert into left_out select $runs[1], $texts[2], 3;
insert into templates by name
select '0123456789abcdef' as template_id, 'courier.example' as source, 'line' as scope, 1::ubigint as fingerprint,
  'navigation' as kind, '#' as masked_text, $texts[1] as example_text, 9 as cluster_count, 20 as source_cluster_count,
  0.45 as share_ratio, $began as first_seen_at, $began as last_seen_at, true as is_sufficient, true as is_active;
"""


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("warehouse") / "winnow.duckdb"
    bound = {"began": BEGAN, "runs": list(RUNS), "texts": list(HOSTILE_TEXTS), "urls": list(HOSTILE_URLS)}
    with duckdb.connect(path) as connection:
        connection.execute("set TimeZone = 'UTC'")
        migrate(connection)
        with unpacked(connection):
            for statement in FILL.split(";\n"):
                used = {name: value for name, value in bound.items() if f"${name}" in statement}
                if statement.strip():
                    connection.execute(statement, used)
    return path


@pytest.fixture(scope="module")
def site(warehouse: Path) -> Path:
    folder = warehouse.parent / "site"
    built = build_site(warehouse, folder, workers=1)
    assert (built.articles, built.runs, built.articles_without_page) == (120, 3, 0)
    return folder


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        pytest.skip("no Chromium on this machine: apt-get install chromium")
    flags = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
    flags += ["--disable-component-update", "--disable-sync"]
    with sync_playwright() as driver:
        found = driver.chromium.launch(executable_path=chromium, args=flags)
        yield found
        found.close()


@pytest.fixture
def page(browser: Browser, site: Path) -> Iterator[Page]:
    """A page that fails the test when a script throws, asks, or when anything but a file of the site is loaded."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, service_workers="block")
    opened = context.new_page()
    trouble: list[str] = []
    opened.on("pageerror", lambda error: trouble.append(str(error)))
    opened.on("console", lambda message: trouble.append(message.text) if message.type == "error" else None)
    opened.on("dialog", lambda dialog: trouble.append(dialog.message))
    opened.on("request", lambda request: None if is_of(site, request.url) else trouble.append(request.url))
    yield opened
    context.close()
    assert trouble == []


def is_of(site: Path, url: str) -> bool:
    return url.startswith((site.as_uri() + "/", "data:,"))


@pytest.mark.slow
def test_a_person_finds_out_why_a_text_was_removed(page: Page, site: Path) -> None:
    page.goto((site / "index.html").as_uri())
    assert page.locator("h1").inner_text() == "Overview"
    assert "Nothing published, 1 critical check failed".lower() in page.locator(".verdict").inner_text().lower()
    assert page.locator("svg.chart").count() >= 6
    page.get_by_role("link", name="Articles", exact=True).click()
    assert page.locator("#found").inner_text() == "105 articles"
    page.get_by_label("Search titles").fill("ferry noon")
    assert page.locator("#found").inner_text() == "1 of 105 articles"
    assert page.url.endswith("#q=ferry+noon")
    page.get_by_role("link", name="The ferry leaves at noon").click()
    removed = page.locator("del[tabindex]")
    assert removed.count() == 2
    assert page.locator("#tip").is_hidden()
    box = removed.nth(1).evaluate("span => span.getClientRects()[0].toJSON()")  # its first line, where it has two
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    assert page.locator("#tip").inner_text() == "advert, line-model, probability 0.93"
    page.mouse.move(0, 0)
    assert page.locator("#tip").is_hidden()
    page.keyboard.press("j")
    assert page.locator("#tip").inner_text() == "share, share-line, certain by rule"
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.id") == "edit-3"
    page.get_by_label("clean text only").check()
    clean = "First line.\nSecond <b>line</b> 1."
    assert page.locator(".original").inner_text() == clean
    page.get_by_label("clean text only").uncheck()
    page.locator("[data-kind='k-advert']").uncheck()
    assert [removed.nth(at).is_visible() for at in (0, 1)] == [True, False]
    assert page.locator(".dates .chosen").inner_text().startswith("2026-02-02")
    page.get_by_role("link", name="courier.example").first.click()
    assert page.locator("h1").inner_text() == "courier.example"
    assert page.locator("#template-0123456789abcdef").is_visible()
    page.get_by_role("link", name="Runs").click()
    page.get_by_role("link", name="clean-3").click()
    assert page.locator("tr.failed").count() == 3
    broken = page.locator("tr.failed").first
    assert "article_id gone" in broken.inner_text()
    broken.get_by_role("link", name="article_id 0000000000000001").click()
    assert page.locator("h1").inner_text() == "The ferry leaves at noon"


@pytest.mark.slow
def test_lists_filter_sort_and_can_be_linked_to(page: Page, site: Path) -> None:
    page.goto((site / "articles.html").as_uri() + "#status=undated&language=de&order=best")
    assert page.locator("#found").inner_text() == "7 of 105 articles"
    scores = [float(text) for text in page.locator("#articles tbody td:nth-child(6)").all_inner_texts()]
    assert scores == sorted(scores, reverse=True)
    page.get_by_role("button", name="Clear").click()
    expect(page.locator("#found")).to_have_text("105 articles")
    assert page.locator("#articles tbody tr").count() == 100
    page.get_by_role("button", name="Show more").click()
    assert page.locator("#articles tbody tr").count() == 105
    page.goto((site / "sources.html").as_uri())
    articles = page.locator("#sources tbody td:nth-child(2)")
    page.get_by_role("button", name="Articles").click()
    assert page.locator("#sources th[aria-sort]").get_attribute("aria-sort") == "descending"
    counts = [int(text) for text in articles.all_inner_texts()]
    assert counts == sorted(counts, reverse=True)
    page.get_by_role("link", name="courier.example").click()
    page.locator("[data-filter]").fill("FERRY noon")
    assert page.locator("#articles tbody tr:visible").count() == 1
    assert page.locator("#articles-count").inner_text().startswith("1 of ")


PAGES = ("index.html", "articles.html", "sources.html", "runs.html", f"run/{RUNS[2]}.html", f"article/{9:016x}.html")


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing_serious_and_nothing_is_cut_off(
    browser: Browser, site: Path, width: int, scheme: str
) -> None:
    from axe_playwright_python.sync_playwright import Axe  # noqa: PLC0415

    pages = (*PAGES, f"source/{page_of('courier.example')}")
    context = browser.new_context(
        viewport={"width": width, "height": 800}, color_scheme="dark" if scheme == "dark" else "light", bypass_csp=True
    )
    opened = context.new_page()
    for name in pages:
        opened.goto((site / name).as_uri())
        found = Axe().run(opened).response["violations"]
        serious = {v["id"]: v["nodes"][0]["html"] for v in found if v["impact"] in {"serious", "critical"}}
        assert serious == {}, name
        assert opened.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
    context.close()


@pytest.mark.slow
def test_nothing_hostile_runs_or_leads_away(page: Page, site: Path) -> None:
    for path in sorted(site.rglob("*.html")):
        if path.parent.name == "article" and int(path.stem, 16) > len(HOSTILE_TEXTS) * 3:
            continue
        page.goto(path.as_uri())
        assert page.locator("main script, main iframe, main img, main object, main form:not(#search)").count() == 0
        links = page.eval_on_selector_all("a[href]", "found => found.map(a => a.protocol)")
        assert set(links) <= {"file:", "http:", "https:"}, path
        assert page.evaluate("window.taken") is None
    page.goto((site / "articles.html").as_uri())
    page.get_by_role("button", name="Show more").click()
    assert page.locator("#articles img, #articles script").count() == 0
    titles = page.locator("#articles tbody th").all_inner_texts()
    assert "<script>window.taken=1</script>" in titles


@pytest.mark.slow
def test_without_scripts_every_article_can_be_reached(browser: Browser, site: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    opened = context.new_page()
    opened.goto((site / "articles.html").as_uri())
    opened.get_by_role("link", name="each source").click()
    opened.get_by_role("link", name="courier.example").click()
    opened.locator("#articles a").first.click()
    assert opened.locator("del[title]").count() == 2
    context.close()


def test_the_site_is_replaced_whole_and_nothing_else_is(
    warehouse: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "deep" / "site"
    build_site(warehouse, folder)
    (folder / "article" / "stale.html").write_text("old")
    built = build_site(warehouse, folder, most_articles=10)
    assert (built.articles, built.articles_without_page) == (10, 95)
    assert len(list((folder / "article").iterdir())) == 10
    assert json.loads((folder / MARKER).read_text())["articles"] == 10
    data = (folder / "articles.js").read_text()
    rows = json.loads(data.removeprefix("window.winnow = ").removesuffix(";\n"))["rows"]
    assert (len(rows), sum(bool(row[0]) for row in rows)) == (105, 10)
    assert [path.name for path in folder.parent.iterdir()] == ["site"]
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "thesis.txt").write_text("years of work")
    with pytest.raises(SiteError, match="is no site of ours to be replaced"):
        build_site(warehouse, mine)
    assert (mine / "thesis.txt").read_text() == "years of work"
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path / "empty")
    with pytest.raises(SiteError, match="cannot be put there"):
        build_site(warehouse, Path(), most_articles=1)
    with pytest.raises(SiteError, match="is a file"):
        build_site(warehouse, mine / "thesis.txt")


def test_the_snapshot_is_read_while_a_run_holds_the_warehouse(warehouse: Path, tmp_path: Path) -> None:
    own = tmp_path / "winnow.duckdb"
    shutil.copyfile(warehouse, own)
    take_snapshot(own)
    own.unlink()  # so that nothing but the snapshot can be read
    assert snapshot_of(own).is_file()
    assert build_site(own, tmp_path / "site", most_articles=3).articles == 3


def test_several_workers_write_the_same_site(
    warehouse: Path, site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("flows.report_site.ARTICLES_A_TASK", 40)
    build_site(warehouse, tmp_path / "site", workers=2)
    for path in sorted(site.rglob("*.html")):
        assert (tmp_path / "site" / path.relative_to(site)).read_bytes() == path.read_bytes()


EDIT = LedgerEdit(1, 0, 0, "share", "share-line", "", "", 1.0)
PIECES = st.lists(st.tuples(st.text(max_size=5), st.text(max_size=5), st.text(max_size=3)), max_size=6)


@given(PIECES, st.text(max_size=5))
def test_the_pieces_are_the_original(parts: list[tuple[str, str, str]], tail: str) -> None:
    original = clean = ""
    edits: list[LedgerEdit] = []
    for kept, removed, put in parts:
        start = len(original) + len(kept)
        edits.append(
            replace(EDIT, start_char=start, end_char=start + len(removed), removed_text=removed, replacement=put)
        )
        original += kept + removed
        clean += kept + put
    pieces = tuple(cut_pieces(clean + tail, edits))
    assert "".join(piece.text for piece in pieces) == original + tail
    assert [piece.edit for piece in pieces if piece.edit] == edits


def test_marks_are_escaped_and_say_what_took_them() -> None:
    edit = LedgerEdit(4, 2, 12, 'share"><x', "<rule>", "<i>&\u202e</i>", "…", 0.5)
    assert mark_original("a\n…b", [edit]) == Markup(
        'a\n<del class="k-sharex" id="edit-4" tabindex="0" title="share&#34;&gt;&lt;x, &lt;rule&gt;, probability 0.50">'
        '<span class="heard">[removed: share&#34;&gt;&lt;x, &lt;rule&gt;, probability 0.50] </span>'
        "&lt;i&gt;&amp;&lt;/i&gt;</del><ins>…</ins>b"
    )


POINTS = [Point(BEGAN + timedelta(days=day), value) for day, value in enumerate((4.0, None, 10.0))]


def test_a_chart_says_in_words_what_it_shows() -> None:
    chart = draw_line("Articles <b>", "count", POINTS)
    assert 'aria-label="Articles &lt;b&gt;, 2 runs: last 10, first 4, lowest 4, highest 10"' in chart
    assert chart.count("<circle") == 2
    assert draw_line("None", "score", [Point(BEGAN, None)]) == ""
    assert "NaN" not in draw_line("Zero", "ratio", [Point(BEGAN, 0.0)])


@given(
    st.sampled_from(["count", "ratio", "score"]),
    st.lists(st.none() | st.floats(0, 1), min_size=1, max_size=200),
    st.sampled_from([1, 7, 10_000_000]),
)
def test_a_chart_stays_in_its_frame(unit: Unit, values: list[float | None], scale: int) -> None:
    factor = scale if unit == "count" else 1
    points = [Point(BEGAN, None if value is None else value * factor) for value in values]
    chart = draw_line("Any", unit, points)
    places = [(float(x), float(y)) for x, y in re.findall(r'<circle cx="([\d.-]+)" cy="([\d.-]+)"', chart)]
    assert all(0 <= x <= 320 and 0 <= y <= 120 for x, y in places)
    assert len(places) == sum(value is not None for value in values[-120:])


@pytest.mark.parametrize(("ratio", "width"), [(0.5, "50.0"), (-1, "0.0"), (7, "100.0")])
def test_a_bar_stays_in_its_track(ratio: float, width: str) -> None:
    assert f'width="{width}" height="4"/></svg>' in draw_bar(ratio)


def test_names_of_pages_are_safe_and_differ() -> None:
    keys = ("../../etc/passwd", "a/b", "a b", "A B", "con", "", ".", "x" * 400, "日本", "\ud800", "%2e%2e", "0" * 16)
    names = [page_of(key) for key in keys]
    assert len(set(names)) == len(keys)
    assert all(re.fullmatch(r"[a-z0-9-]{1,70}\.html", name) for name in names)
    assert page_of("0" * 16) == f"{'0' * 16}.html"


def test_an_empty_warehouse_has_a_site_too(tmp_path: Path) -> None:
    with duckdb.connect(tmp_path / "empty.duckdb") as connection:
        migrate(connection)
    built = build_site(tmp_path / "empty.duckdb", tmp_path / "site")
    assert (built.articles, built.sources, built.runs) == (0, 0, 0)
    assert "no run" in (tmp_path / "site" / "index.html").read_text()
