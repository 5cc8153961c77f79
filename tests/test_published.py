"""The judged publication date: which of the dates shown is chosen, how sure that is, and when there is none."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from transforms.date_evidence import gather_evidence, page_facts
from transforms.date_weights import THRESHOLD, WEIGHTS
from transforms.dates_html import find_html_dates
from transforms.dates_text import find_text_dates
from transforms.published import CONFLICT_DAYS, judge_published, rank_candidates, weigh_dates
from transforms.types import DateCandidate, DateRole, Precision, Published

NOW = datetime(2025, 6, 1, 12, tzinfo=UTC)
BODY = "<p>The town council agreed to repair the old harbour wall after a long debate about its cost.</p>"
ADDRESS = "https://news.example/harbour-wall-to-be-repaired-at-last"


def candidate(
    day: str,
    origin: str = "meta",
    role: DateRole = "published",
    precision: Precision = "day",
    facts: tuple[str, ...] = ("page-og-article",),
) -> DateCandidate:
    return DateCandidate(day, precision, role, origin, f"{origin}: {day}", facts)


def judge_page(head: str, body: str, url: str | None = ADDRESS, fetched_at: datetime | None = None) -> Published:
    source = (
        f"<html><head><title>Harbour wall to be repaired</title>{head}</head><body>"
        f"<div><h1>Harbour wall to be repaired</h1>{body}{BODY}</div></body></html>"
    )
    return judge_published(find_html_dates(html.fromstring(source), url, fetched_at), fetched_at, NOW)


ARTICLE = (
    '<meta property="og:type" content="article"><meta property="article:published_time" content="2025-03-04T09:00">'
)
LD = '<script type="application/ld+json">{"@type": "%s", "datePublished": "%s"}</script>'


@pytest.mark.parametrize(
    ("head", "body", "expected"),
    [
        pytest.param(ARTICLE, "", "2025-03-04", id="stated"),
        pytest.param(ARTICLE, "<p>4 March 2025</p>", "2025-03-04", id="stated and seen"),
        pytest.param("", '<p class="byline">By Ann Lee, 4 March 2025</p>', "2025-03-04", id="byline"),
        pytest.param("", "<p>Veröffentlicht am 4. März 2025</p>", "2025-03-04", id="labelled"),
        pytest.param("", "<p>发布时间：2025年3月4日</p>", "2025-03-04", id="labelled in Chinese"),
        pytest.param(LD % ("NewsArticle", "2025-03-04"), "<p>4 March 2025</p>", "2025-03-04", id="json-ld"),
        pytest.param(
            ARTICLE,
            '<div class="comments"><p>Tom, 9 May 2025</p></div><aside><time datetime="2025-05-10">May</time></aside>',
            "2025-03-04",
            id="comments and side column",
        ),
        pytest.param(
            "",
            '<p class="byline">By Ann Lee, 4 March 2025</p><ul class="related"><li><time datetime="2025-05-09">.</time>'
            "</ul>",
            "2025-03-04",
            id="related",
        ),
        pytest.param(
            ARTICLE,
            "<p>The wall was built on 9 May 1997 by the town and its people.</p>",
            "2025-03-04",
            id="event",
        ),
        pytest.param(ARTICLE, "<p>Updated: 9 May 2025</p>", "2025-03-04", id="published before modified"),
        pytest.param("", '<div class="comments"><p>Tom, 9 May 2025 at 10:31</p></div>', None, id="only a comment"),
        pytest.param(
            "",
            '<ul class="related"><li><a href="/x">Bridge</a> <time datetime="2025-05-09">x</time>',
            None,
            id="only related",
        ),
        pytest.param('<meta property="og:updated_time" content="2025-05-09">', "", None, id="only a change stamp"),
        pytest.param("", "", None, id="nothing"),
    ],
)
def test_page_is_dated_by_what_it_shows(head: str, body: str, expected: str | None) -> None:
    assert judge_page(head, body).date == expected


def test_age_of_a_page_of_services_is_no_publication() -> None:
    head = (
        '<meta property="og:type" content="website">' + LD % ("WebPage", "2018-05-09") + LD % ("Product", "2018-05-09")
    )
    assert judge_page(head, "", "https://news.example/services/").date is None


def test_front_page_is_undated_though_its_teasers_have_dates() -> None:
    teasers = "".join(
        f'<div class="teaser"><h3><a href="/{day}">Harbour</a></h3><time datetime="2025-05-{day:02d}">x</time></div>'
        for day in range(1, 15)
    )
    published = judge_page('<meta property="og:type" content="website">', teasers, "https://news.example/")
    assert (published.status, published.date) == ("undated", None)
    assert published.probability is not None
    assert published.probability < THRESHOLD


def test_change_is_kept_apart() -> None:
    published = judge_page(ARTICLE + '<meta property="article:modified_time" content="2025-04-01">', "")
    assert (published.date, published.modified) == ("2025-03-04", "2025-04-01")


@pytest.mark.parametrize(
    ("candidates", "expected", "status"),
    [
        pytest.param((), None, "undated", id="none"),
        pytest.param((candidate("2025-03-04"),), "2025-03-04", "dated", id="one"),
        pytest.param((candidate("2025-03-04", "meta", "modified"),), None, "undated", id="only a change stamp"),
        pytest.param(
            (candidate("2025-03", "url", precision="month"), candidate("2025-03-04", "byline")),
            "2025-03-04",
            "dated",
            id="day within the month of the address",
        ),
        pytest.param(
            (candidate("2025-03-04", "url"), candidate("2025-03-06", "json-ld"), candidate("2025-03-04", "byline")),
            "2025-03-04",
            "dated",
            id="two kinds agree",
        ),
        pytest.param(
            (candidate("2025-03-04", "meta"), candidate("2020-01-01", "published-line")),
            None,
            "conflicting",
            id="credible dates apart",
        ),
        pytest.param(
            (candidate("2025-03-04", "meta"), candidate("2020-01-01", "visible", facts=("comments",))),
            "2025-03-04",
            "dated",
            id="date of a comment apart",
        ),
        pytest.param((candidate("2031-03-04"),), None, "implausible", id="in the future"),
        pytest.param((candidate("1970-01-01"),), None, "implausible", id="epoch"),
        pytest.param((candidate("2024", "copyright", precision="year"),), None, "implausible", id="copyright"),
        pytest.param(
            (candidate("1970-01-01"), candidate("2025-03-04", "byline")), "2025-03-04", "dated", id="other plausible"
        ),
        pytest.param((candidate("2025-06-02"),), "2025-06-02", "dated", id="a day ahead by time zone"),
        pytest.param((candidate("2025-06-03"),), None, "implausible", id="two days ahead"),
    ],
)
def test_judged_date(candidates: tuple[DateCandidate, ...], expected: str | None, status: str) -> None:
    published = judge_published(candidates, None, NOW)
    assert published.status == status
    assert expected in (published.date, None)
    assert (published.date is None) == (published.precision is None) == (status in ("undated", "implausible"))


def test_date_after_the_fetch_is_implausible() -> None:
    fetched_at = datetime(2024, 1, 10, tzinfo=UTC)
    assert judge_published((candidate("2024-01-11"),), fetched_at, NOW).status == "dated"
    published = judge_published((candidate("2024-01-12"),), fetched_at, NOW)
    assert (published.status, published.evidence) == ("implausible", "meta: 2024-01-12")


def test_date_of_a_comment_is_not_called_implausible() -> None:
    assert judge_published((candidate("2025-03-04", "byline", facts=("comments",)),), None, NOW).status == "undated"


def test_clock_of_the_site_is_no_date() -> None:
    clock = candidate("2024-01-10", "date-line", facts=("before", "before-first"))
    fetched_at = datetime(2024, 1, 10, tzinfo=UTC)
    assert judge_published((clock,), fetched_at, NOW).status == "implausible"
    assert judge_published((clock,), datetime(2024, 1, 12, tzinfo=UTC), NOW).status == "dated"
    labelled = candidate("2024-01-10", "published-line", facts=("before", "before-first"))
    assert judge_published((labelled,), fetched_at, NOW).date == "2024-01-10"


@pytest.mark.parametrize(("gap", "status"), [(CONFLICT_DAYS, "dated"), (CONFLICT_DAYS + 1, "conflicting")])
def test_conflict_needs_more_days_than_time_zones_make(gap: int, status: str) -> None:
    other = (date(2025, 3, 4) + timedelta(days=gap)).isoformat()
    published = judge_published((candidate("2025-03-04"), candidate(other, "published-line")), None, NOW)
    assert published.status == status


def test_facts_on_the_page_count_though_their_candidate_is_implausible() -> None:
    home = ("page-address-home", "page-og-website")
    [with_facts] = weigh_dates((candidate("1970-01-01", facts=home), candidate("2025-03-04", facts=())), None, NOW)
    [without] = weigh_dates(
        (candidate("1970-01-01", facts=("page-address-slug",)), candidate("2025-03-04", facts=())), None, NOW
    )
    assert with_facts.probability < without.probability


def test_choice_can_be_explained() -> None:
    first, *others = weigh_dates((candidate("2025-03-04"), candidate("2020-01-01", "visible")), None, NOW)
    assert first.date == "2025-03-04"
    assert ("meta", WEIGHTS["meta"]) in first.reasons
    assert [abs(weight) for _, weight in first.reasons] == sorted((abs(w) for _, w in first.reasons), reverse=True)
    assert [other.date for other in others] == ["2020-01-01"]


def test_rank_has_the_chosen_date_first_and_keeps_all() -> None:
    candidates = (
        candidate("2025-05-01", "meta", "modified"),
        candidate("2020-01-01", "visible"),
        candidate("2025-03-04", "meta"),
    )
    ranked = rank_candidates(candidates, judge_published(candidates, None, NOW))
    assert [c.date for c in ranked] == ["2025-03-04", "2020-01-01", "2025-05-01"]


ORIGINS = (
    "meta",
    "json-ld",
    "json-ld-page",
    "url",
    "time",
    "visible",
    "byline",
    "published-line",
    "modified-line",
    "x",
)
DAYS = st.dates(date(1990, 1, 1), date(2026, 1, 1)).map(date.isoformat)
CANDIDATES = st.builds(
    candidate,
    st.one_of(DAYS, st.sampled_from(("2025-03-04", "2025-03-05"))),
    st.sampled_from(ORIGINS),
    st.sampled_from(("published", "modified")),
    facts=st.lists(st.sampled_from(("before", "comments", "page-og-article", "in-text")), max_size=3).map(tuple),
)


@given(st.lists(CANDIDATES, max_size=12))
def test_judgement_holds_whatever_is_shown(candidates: list[DateCandidate]) -> None:
    published = judge_published(candidates, None, NOW)
    weighed = weigh_dates(candidates, None, NOW)
    assert (published.date is None) == (published.status in ("undated", "implausible"))
    assert 0 <= sum(date.probability for date in weighed) <= 1 + 1e-9
    assert sorted(rank_candidates(candidates, published), key=repr) == sorted(candidates, key=repr)
    if published.date:
        assert rank_candidates(candidates, published)[0].evidence == published.evidence
        assert published.probability is not None
        assert published.probability >= THRESHOLD
        assert any(
            (c.date, c.precision, c.origin, c.evidence)
            == (published.date, published.precision, published.origin, published.evidence)
            for c in candidates
        )
        assert "1995" <= published.date <= "2025-06-02"


def test_each_weight_is_of_a_feature_that_can_be() -> None:
    """A weight of a name that nothing yields would be a slip of the pen: prefixes and forms are checked."""
    names = (name.removeprefix("text:").removeprefix("aside:") for name in WEIGHTS)
    origins = {name.removesuffix("-later").partition(":")[0] for name in names}
    relations = {
        *("earliest", "latest", "between", "also-modified", "after-modified", "after-stated", "before-stated"),
        *("seen-as-modified", "url-month-agrees", "url-month-differs", "zone-twin", "month", "year", "only-modified"),
        *(
            "in-text",
            "text-top",
            "seen",
            "stated",
            "unseen",
            "seen+stated",
            "seen+url",
            "stated+url",
            "seen+stated+url",
        ),
    }
    shown = {
        *(
            "json-ld",
            "json-ld-page",
            "meta",
            "script",
            "record",
            "url",
            "time",
            "microdata",
            "visible",
            "byline",
            "date-line",
        ),
        *(
            "dateline",
            "head-line",
            "opening",
            "today",
            "we-now",
            "as-of",
            "published-line",
            "modified-line",
            "relative",
        ),
    }
    assert {name for name in origins if not name.startswith("page-")} <= relations | shown


def test_text_and_page_are_weighed_apart() -> None:
    in_text = find_text_dates("By Ann Lee, March 4, 2025\n\nThe harbour wall will be repaired.\n")
    [evidence], none = gather_evidence(in_text, page_facts(in_text))
    assert "text:byline" in evidence.features
    assert none == {"page-text"}
