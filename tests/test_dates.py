"""Publication dates: what is taken from text and mark-up, and what is left alone."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest
from babel.dates import get_month_names
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from transforms.date_names import (
    LOCALES,
    LOCALES_IN_FULL,
    MONTHS,
    find_written_dates,
    may_need_order,
    month_comes_first,
)
from transforms.date_values import EVIDENCE_CHARS
from transforms.dates_html import find_html_dates
from transforms.dates_relative import find_relative_dates
from transforms.dates_text import find_text_dates
from transforms.types import DateRole

BODY = (
    "The town council agreed to repair the old harbour wall after a long debate about its cost.\n\n"
    "Builders will start at the northern end, where the stones have moved most, and close one lane of the road. "
    "Residents were told that the noise should end before the summer guests arrive.\n"
)


def found(text: str) -> list[tuple[str, str]]:
    return [(c.origin, c.date) for c in find_text_dates(text)]


def page(head: str = "", body: str = "", before: str = "") -> str:
    return (
        f"<html><head><title>Harbour wall to be repaired</title>{head}</head><body>{before}"
        f"<h1>Harbour wall to be repaired</h1>{body}<p>{BODY}</p></body></html>"
    )


def html_found(source: str, url: str | None = None) -> list[tuple[str, DateRole, str]]:
    return [(c.origin, c.role, c.date) for c in find_html_dates(html.fromstring(source), url)]


# Written dates


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("March 4, 2025", "2025-03-04"),
        ("4 March 2025", "2025-03-04"),
        ("the 4th of March, 2025", "2025-03-04"),
        ("Sept. 4, 2025", "2025-09-04"),
        ("4. März 2025", "2025-03-04"),
        ("4. Jänner 2025", "2025-01-04"),
        ("4 de marzo de 2025", "2025-03-04"),
        ("1er août 2025", "2025-08-01"),
        ("4 de março de 2025", "2025-03-04"),
        ("4 febbraio 2025", "2025-02-04"),
        ("4 maart 2025", "2025-03-04"),
        ("4 września 2025 r.", "2025-09-04"),
        ("4 мая 2025 года", "2025-05-04"),
        ("4 مارس 2025", "2025-03-04"),
        ("٤ مارس ٢٠٢٥", "2025-03-04"),
        ("4 كانون الثاني 2025", "2025-01-04"),
        ("2025年3月4日", "2025-03-04"),
        ("2025년 3월 4일", "2025-03-04"),
        ("2025. március 4.", "2025-03-04"),
        ("2025-03-04T08:10+02:00", "2025-03-04"),
        ("2025/03/04", "2025-03-04"),
        ("04.03.2025", "2025-03-04"),
        ("04.03.25", "2025-03-04"),
        ("25/4/2025", "2025-04-25"),
        ("4/25/2025", "2025-04-25"),
        ("3/4/2025", "2025"),
        ("3/4/2025 5:01 pm", "2025-03-04"),
        ("5 min readMar 4, 2025", "2025-03-04"),
        ("March 2025", "2025-03"),
        ("2025年3月", "2025-03"),
    ],
)
def test_written_date_is_read(text: str, expected: str) -> None:
    [written] = find_written_dates(text)
    assert written.date == expected
    assert text[written.start : written.end].strip()


@pytest.mark.parametrize(
    "text",
    [
        "31 June 2025",
        "2025-13-40",
        "They march 2000 miles",
        "Pro 15, 2019",
        "$2019",
        "version 10.2025.3",
        "in 2025",
        "120252",
    ],
)
def test_no_written_date(text: str) -> None:
    assert list(find_written_dates(text)) == []


def test_written_date_has_its_place() -> None:
    text = "Signed on 4 March 2025 in Oslo"
    [written] = find_written_dates(text)
    assert text[written.start : written.end] == "4 March 2025"


def test_no_month_name_means_two_months() -> None:
    for locale in LOCALES + LOCALES_IN_FULL:
        for number, name in get_month_names("wide", "format", locale).items():
            assert MONTHS[name.lower().strip(" .")] == number, (locale, name)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Opened 25/04/2025, closes 03/05/2025", False),
        ("Opened 04/25/2025, closes 05/03/2025", True),
        ("The end of the road and the start of the path " * 3, None),
        ("Der Hafen wird im Sommer wegen der Arbeiten an der Mauer gesperrt, sagt die Stadt, und zwar " * 3, False),
        ("03/04/2025", None),
    ],
)
def test_order_of_numbers(text: str, expected: bool | None) -> None:
    assert month_comes_first(text) is expected


@given(st.lists(st.sampled_from([*"1239/-. ٣", "2025", "/2025", "/4/"]), max_size=12).map("".join))
def test_the_order_is_asked_for_only_where_it_matters(text: str) -> None:
    read = [list(find_written_dates(text, month_first=order)) for order in (None, True, False)]
    assert may_need_order(text) or read[0] == read[1] == read[2]


# Text


@pytest.mark.parametrize(
    ("line", "origin", "expected"),
    [
        ("Published: March 4, 2025", "published-line", "2025-03-04"),
        ("Published 2:16 AM EST Mar 4, 2025", "published-line", "2025-03-04"),
        ("Posted by Ann Lee on March 4, 2025", "published-line", "2025-03-04"),
        ("Posted on\nMarch 4, 2025", "published-line", "2025-03-04"),
        ("This article was originally published on 4 March 2025.", "published-line", "2025-03-04"),
        ("FOR IMMEDIATE RELEASE March 4, 2025", "published-line", "2025-03-04"),
        ("FOR IMMEDIATE RELEASE\n\nMarch 4, 2025", "published-line", "2025-03-04"),
        ("Veröffentlicht am Dienstag, 4. März 2025 um 10:31 Uhr", "published-line", "2025-03-04"),
        ("Publicado el 4 de marzo de 2025", "published-line", "2025-03-04"),
        ("Publié le mardi 4 mars 2025 à 10h31", "published-line", "2025-03-04"),
        ("Publicado em 4 de março de 2025 às 10h31", "published-line", "2025-03-04"),
        ("Pubblicato il 4 marzo 2025", "published-line", "2025-03-04"),
        ("Gepubliceerd op 4 maart 2025 om 10:31", "published-line", "2025-03-04"),
        ("Opublikowano: 4 marca 2025, 10:31", "published-line", "2025-03-04"),
        ("Опубликовано: 4 марта 2025 г., 10:31", "published-line", "2025-03-04"),
        ("تاريخ النشر: 4 مارس 2025", "published-line", "2025-03-04"),
        ("发布时间：2025年3月4日 10:31", "published-line", "2025-03-04"),
        ("公開日：2025年3月4日", "published-line", "2025-03-04"),
        ("Last updated: March 4, 2025", "modified-line", "2025-03-04"),
        ("Updated: March 4, 2025If you own a boat, read on", "modified-line", "2025-03-04"),
        ("Last reviewed March 2025", "modified-line", "2025-03"),
        ("Zuletzt aktualisiert am 4. März 2025", "modified-line", "2025-03-04"),
        ("Última actualización: 4 de marzo de 2025", "modified-line", "2025-03-04"),
        ("Mis à jour le 4 mars 2025", "modified-line", "2025-03-04"),
        ("Обновлено: 4 марта 2025", "modified-line", "2025-03-04"),
        ("更新日：2025年3月4日", "modified-line", "2025-03-04"),
        ("By Ann Lee | 4 March 2025", "byline", "2025-03-04"),
        ("Von Anna Lehmann, 4. März 2025", "byline", "2025-03-04"),
        ("Par Anne Leroy - 4 mars 2025", "byline", "2025-03-04"),
        ("Ann Lee, March 4, 2025 - 10:31", "byline", "2025-03-04"),
        ("03/25/2025 by Ann Lee", "byline", "2025-03-25"),
        ("Ann Lee, 4 March 2025", "byline", "2025-03-04"),
        ("Tuesday, March 4, 2025", "date-line", "2025-03-04"),
        ("Tue, 4th Mar 2025 | 5 min read", "date-line", "2025-03-04"),
        ("Вторник, 4 марта 2025", "date-line", "2025-03-04"),
        ("2025年3月4日 10:31", "date-line", "2025-03-04"),
        ("March 2025", "date-line", "2025-03"),
        ("LONDON, March 4, 2025 (Newswire) - The harbour will close.", "dateline", "2025-03-04"),
        ("Hamburg, 4. März 2025 – Der Hafen wird gesperrt.", "dateline", "2025-03-04"),
        ("March 4, 2025 Ann Lee Harbour 2", "head-line", "2025-03-04"),
        ("Words by Ann Lee March 4, 2025", "byline", "2025-03-04"),
        ("VON ANN LEE am 4. März 2025", "byline", "2025-03-04"),
        ("by | Mar 4, 2025 | Harbour, Town News, Repairs", "byline", "2025-03-04"),
        ("Ann LeeUpdated on Mar 4, 2025 5 min read", "modified-line", "2025-03-04"),
        (
            "This article was originally published on 4 March 2025 but has been updated since",
            "published-line",
            "2025-03-04",
        ),
        ("On Tuesday, March 4, 2025, the harbour was closed.", "opening", "2025-03-04"),
        ("Am Dienstag, 4. März 2025, wurde der Hafen gesperrt.", "opening", "2025-03-04"),
        ("Here is what is known today, March 4, 2025, about the wall.", "today", "2025-03-04"),
        ("These are the main points as of March 4, 2025:", "as-of", "2025-03-04"),
        ("As of now, March 2025, the wall still leans a little to the left.", "as-of", "2025-03"),
        ("As of March 4, 2025, the wall stands. A hearing is set for March 20, 2025.", "as-of", "2025-03-04"),
        ("We stand before a hard choice on March 4, 2025.", "we-now", "2025-03-04"),
        ("We are asked to vote on March 4, 2025. The work ends in May 2026.", "we-now", "2025-03-04"),
    ],
)
def test_text_date_is_taken(line: str, origin: str, expected: str) -> None:
    assert (origin, expected) in found(f"{line}\n\n{BODY}")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(f"{BODY}The wall fell on March 4, 2020, in a storm.", id="event"),
        pytest.param(f"{BODY}The study, published online March 4, 2020, by a small journal, found cracks.", id="study"),
        pytest.param(f"{BODY}The report was published on March 4, 2020 and soon forgotten.", id="report"),
        pytest.param("On Monday, March 4, 2025, the harbour was closed.\n" + BODY, id="weekday does not fit"),
        pytest.param(
            "On Tuesday, September 11, 2001, the harbour was closed.\nIt opened again in May 2003.",
            id="later day named",
        ),
        pytest.param(
            f"{BODY}As of March 4, 2020, nine boats were left. In May 2021 there were ten.", id="as of the past"
        ),
        pytest.param(f"{BODY}The builder has 40 staff (as of March 4, 2020).", id="as of a figure"),
        pytest.param(f"{BODY}© March 4, 2020 Harbour Press. All rights reserved.", id="copyright"),
        pytest.param(f"{BODY}\n3 Comments\n\nTom says:\nMarch 4, 2020 at 5:01 pm\nNice wall.", id="comments"),
        pytest.param(f"Tom says:\nMarch 4, 2020 at 5:01 pm\n{BODY}", id="comment without heading"),
        pytest.param(f"{BODY}\nRelated posts\n\nOld bridge sold\nPosted on March 4, 2020\n", id="related"),
        pytest.param(f"{BODY}\nReferences\nPublished: March 4, 2020\n", id="references"),
        pytest.param(f"{BODY * 8}\nMarch 4, 2020\n", id="date line far from the top"),
        pytest.param(f"— Harbour Office (@harbour) March 4, 2020\n{BODY}", id="post of another"),
        pytest.param(f"The wall seen from the sea, March 4, 2020. AP Photo/Tom Ray\n{BODY}", id="caption"),
        pytest.param(f"Deadline: March 4, 2020\n{BODY}", id="deadline"),
        pytest.param(f"March 4 - March 9, 2020\n{BODY}", id="range"),
        pytest.param(f"The sale is valid November 26 – December 3, 2020.\n{BODY}", id="range in a sentence"),
        pytest.param("Wir trafen uns am 4. März 2020 im Hafen und redeten lange über die Mauer.", id="German event"),
        pytest.param("El muro cayó el 4 de marzo de 2020 durante una tormenta muy fuerte.", id="Spanish event"),
        pytest.param("Стена упала 4 марта 2020 года во время сильного шторма.", id="Russian event"),
        pytest.param("2020年3月4日，港口的墙在暴风雨中倒塌了，没有人受伤。", id="Chinese event"),
        pytest.param("سقط الجدار في 4 مارس 2020 خلال عاصفة قوية في المدينة.", id="Arabic event"),
        pytest.param("", id="empty"),
    ],
)
def test_text_date_is_not_taken(text: str) -> None:
    assert find_text_dates(text) == ()


@pytest.mark.parametrize("notice", ["© 2025 Harbour Press", "Copyright © 2025", "copyright 2025 by the town"])
def test_copyright_year_is_shown_as_what_it_is(notice: str) -> None:
    assert found(f"{BODY}{notice}") == [("copyright", "2025")]
    assert found(f"March 4, 2025\n{BODY}{notice}") == [("date-line", "2025-03-04")]
    assert html_found(page(body=f"<footer>{notice.replace('copyright', '©')}</footer>"))[0][0] == "copyright"


def test_evidence_is_the_line_and_bounded() -> None:
    [candidate] = find_text_dates(f"Posted on March 4, 2025\n{BODY}")
    assert candidate.evidence == "Posted on March 4, 2025"
    [candidate] = find_text_dates("LONDON, March 4, 2025 (Newswire) - " + "The harbour will close. " * 40)
    assert len(candidate.evidence) <= EVIDENCE_CHARS


def test_published_and_updated_on_one_line_keep_their_roles() -> None:
    candidates = find_text_dates(f"Published March 4, 2025 | Updated March 9, 2025\n{BODY}")
    assert [(c.role, c.date) for c in candidates] == [("published", "2025-03-04"), ("modified", "2025-03-09")]


@pytest.mark.parametrize(
    "text",
    [
        "March 4, 2025 " * 20_000,
        "Published " * 30_000 + "March 4, 2025",
        "2025 " * 50_000,
        "-" * 200_000 + " 4 March 2025",
        " " * 200_000 + "4 March 2025" + " " * 200_000,
        "a, " * 70_000 + "March 4, 2025 -",
        "\n".join(["3 Comments"] * 20_000) + "\nMarch 4, 2025",
    ],
)
def test_long_line_ends_in_bounded_time(text: str) -> None:
    start = time.process_time()
    find_text_dates(text)
    assert time.process_time() - start < 10


# HTML


@pytest.mark.parametrize(
    ("source", "url", "expected"),
    [
        pytest.param(
            page('<script type="application/ld+json">{"@type": "NewsArticle", "datePublished": "2025-03-04"}</script>'),
            None,
            ("json-ld", "published", "2025-03-04"),
            id="json-ld",
        ),
        pytest.param(
            page(
                '<script type="application/ld+json">{"@graph": [{"@type": "WebPage",'
                '"datePublished": "2025-03-04T09:00Z"}]}</script>'
            ),
            None,
            ("json-ld-page", "published", "2025-03-04"),
            id="json-ld graph",
        ),
        pytest.param(
            page('<script type="application/ld+json">{"@type": ["Article"], "datePublished": "2025-03-04",}</script>'),
            None,
            ("json-ld", "published", "2025-03-04"),
            id="broken json-ld",
        ),
        pytest.param(
            page('<script type="application/ld+json">{"@type": "Article", "dateModified": "2025-03-04"}</script>'),
            None,
            ("json-ld", "modified", "2025-03-04"),
            id="json-ld modified",
        ),
        pytest.param(
            page('<meta property="article:published_time" content="2025-03-04T09:00:00Z">'),
            None,
            ("meta", "published", "2025-03-04"),
            id="meta",
        ),
        pytest.param(
            page('<meta name="parsely-pub-date" content="20250304T090000">'),
            None,
            ("meta", "published", "2025-03-04"),
            id="meta compact",
        ),
        pytest.param(
            page('<meta property="og:updated_time" content="2025-03-04">'),
            None,
            ("meta", "modified", "2025-03-04"),
            id="meta modified",
        ),
        pytest.param(
            page(body='<span itemprop="datePublished" content="2025-03-04">a while ago</span>'),
            None,
            ("microdata", "published", "2025-03-04"),
            id="microdata",
        ),
        pytest.param(
            page(body='<time datetime="2025-03-04T09:00">Tuesday</time>'),
            None,
            ("time", "published", "2025-03-04"),
            id="time",
        ),
        pytest.param(
            page(body='<time class="updated" datetime="2025-03-04">Tuesday</time>'),
            None,
            ("time", "modified", "2025-03-04"),
            id="time modified",
        ),
        pytest.param(
            page(before='<div class="post-date">Harbour news, 4.3.2025</div>'),
            None,
            ("visible", "published", "2025-03-04"),
            id="date element",
        ),
        pytest.param(
            page(body="<p><b>Ann Lee</b> <i>4 March 2025</i></p>"),
            None,
            ("byline", "published", "2025-03-04"),
            id="line at the headline",
        ),
        pytest.param(
            page(body="<p>Updated: 4 March 2025</p>"),
            None,
            ("modified-line", "modified", "2025-03-04"),
            id="updated line at the headline",
        ),
        pytest.param(
            page(body='<article><footer class="meta"><time datetime="2025-03-04">4.3.</time></footer></article>'),
            None,
            ("time", "published", "2025-03-04"),
            id="footer of the article",
        ),
        pytest.param(page(), "https://news.example/2025/03/04/wall/", ("url", "published", "2025-03-04"), id="url"),
        pytest.param(page(), "https://news.example/2025-03-04-wall", ("url", "published", "2025-03-04"), id="url slug"),
        pytest.param(page(), "https://news.example/2025/03/wall", ("url", "published", "2025-03"), id="url month"),
        pytest.param(
            page('<link rel="canonical" href="https://news.example/2025/03/04/wall">'),
            None,
            ("url", "published", "2025-03-04"),
            id="canonical address",
        ),
    ],
)
def test_html_date_is_taken(source: str, url: str | None, expected: tuple[str, DateRole, str]) -> None:
    assert html_found(source, url) == [expected]


@pytest.mark.parametrize(
    ("source", "url"),
    [
        pytest.param(
            page(
                '<script type="application/ld+json">{"@type": "Article", "comment": [{"@type": "BlogPosting",'
                '"datePublished": "2020-03-04"}]}</script>'
            ),
            None,
            id="comment in json-ld",
        ),
        pytest.param(
            page('<script type="application/ld+json">{"@type": "VideoObject", "datePublished": "2020-03-04"}</script>'),
            None,
            id="video",
        ),
        pytest.param(page('<script type="application/ld+json">[[[[{"@type":</script>'), None, id="hopeless json"),
        pytest.param(page('<meta property="article:expiration_time" content="2020-03-04">'), None, id="expiry"),
        pytest.param(page('<meta name="description" content="The wall fell on 2020-03-04">'), None, id="description"),
        pytest.param(page("<script>var built = '4 March 2020';</script>"), None, id="script"),
        pytest.param(page("<style>/* 4 March 2020 */</style>"), None, id="style"),
        pytest.param(
            page(body="<p>The wall fell on 4 March 2020 in a storm, and nobody was hurt.</p>"), None, id="event"
        ),
        pytest.param(page(), "https://news.example/product/20251345/wall", id="number in the address"),
        pytest.param("<p></p>", None, id="empty page"),
    ],
)
def test_html_date_is_not_taken(source: str, url: str | None) -> None:
    assert html_found(source, url) == []


@pytest.mark.parametrize(
    ("source", "fact"),
    [
        (page(body='<div class="comments"><time datetime="2020-03-04">4 March</time></div>'), "comments"),
        (page(body='<div id="leserKommentare"><p>4. März 2020</p></div>'), None),
        (page(body='<aside><time datetime="2020-03-04">4 March</time></aside>'), "side"),
        (page(body='<ul class="related-posts"><li class="post-date">4 March 2020</li></ul>'), "teasers"),
        (page(body='<footer><p class="date">4 March 2020</p></footer>'), "footer"),
        (page(before='<nav><span class="date">4 March 2020</span></nav>'), "menu"),
        (page(body='<div><h3><a href="/x">Old bridge</a></h3><p>4 March 2020</p></div>'), "card"),
        (page(body='<p class="post-date">4 March 2020</p>'), "class-date"),
        (page(body="<p>4 March 2020</p>"), "after-first"),
        (page(before="<p>4 March 2020</p>"), "before-first"),
    ],
)
def test_place_of_a_date_is_a_fact(source: str, fact: str | None) -> None:
    candidates = find_html_dates(html.fromstring(source), None)
    assert {c.date for c in candidates} == {"2020-03-04"}
    assert fact is None or all(fact in c.facts for c in candidates)


def test_facts_on_the_page_ride_on_the_first_candidate() -> None:
    source = page(
        '<meta property="og:type" content="article"><meta name="author" content="Ann Lee">', "<p>4 March 2025</p>"
    )
    first, *others = find_html_dates(html.fromstring(source), "https://news.example/harbour-wall-to-be-repaired")
    assert {"page-og-article", "page-author", "page-address-slug"} <= set(first.facts)
    assert not any(fact.startswith("page-") for other in others for fact in other.facts)


@pytest.mark.parametrize(
    ("language", "written", "expected"),
    [
        ("en-US", "3/4/2025", "2025-03-04"),
        ("en-GB", "3/4/2025", "2025-04-03"),
        ("en", "3/4/2025", "2025-03-04"),
        ("fr", "03/04/2025", "2025-04-03"),
        ("de", "3.4.2025", "2025-04-03"),
        ("", "3/4/2025", None),
    ],
)
def test_order_of_numbers_follows_the_language_of_the_page(language: str, written: str, expected: str | None) -> None:
    source = page(body=f'<p class="date">{written}</p>').replace("<html>", f'<html lang="{language}">')
    assert [c.date for c in find_html_dates(html.fromstring(source), None)] == ([expected] if expected else [])


def test_order_of_numbers_follows_what_the_page_states() -> None:
    stated = '<meta property="article:published_time" content="2025-04-03">'
    for language, written in (("en-US", "3/4/2025"), ("en", "04.03.2025")):
        source = page(stated, f'<p class="date">{written}</p>').replace("<html>", f'<html lang="{language}">')
        assert {c.date for c in find_html_dates(html.fromstring(source), None)} == {"2025-04-03"}


def test_date_set_in_pieces_is_put_together() -> None:
    source = page(body='<div class="day"><b>4</b> <b>March</b> <b>2025</b></div>')
    assert html_found(source) == [("date-line", "published", "2025-03-04")]


@pytest.mark.parametrize("written", ["04.03.25", "4 March 1998", "٤ مارس ٢٠٢٥", "２０２５年３月４日"])
def test_other_forms_are_looked_for_where_nothing_else_is(written: str) -> None:
    assert [date[-5:] for _, _, date in html_found(page(body=f"<p>{written}</p>"))] == ["03-04"]


def test_data_of_scripts_is_read_where_nothing_is_stated() -> None:
    script = '<script>window.state = {"id": 7, "publishedAt": "2025-03-04T09:00:00Z"}</script>'
    assert html_found(page(script)) == [("script", "published", "2025-03-04")]
    stated = '<meta property="article:published_time" content="2025-03-05">'
    assert html_found(page(script + stated)) == [("meta", "published", "2025-03-05")]


def test_articles_of_other_addresses_are_told_apart() -> None:
    source = page(
        '<script type="application/ld+json">{"@graph": ['
        '{"@type": "NewsArticle", "url": "https://news.example/bridge", "datePublished": "2025-01-01"},'
        '{"@type": "NewsArticle", "url": "https://news.example/wall", "datePublished": "2025-03-04"}]}</script>'
    )
    found = find_html_dates(html.fromstring(source), "https://news.example/wall")
    assert [(c.date, c.facts[1]) for c in found] == [("2025-01-01", "other-address"), ("2025-03-04", "own-address")]


RELATIVE = datetime(2025, 3, 4, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3 hours ago", "2025-03-04"),
        ("13 hours ago", "2025-03-03"),
        ("a day ago", "2025-03-03"),
        ("vor 2 Tagen", "2025-03-02"),
        ("vor einer Stunde", "2025-03-04"),
        ("il y a 3 jours", "2025-03-01"),
        ("hace 5 horas", "2025-03-04"),
        ("há uma hora", "2025-03-04"),
        ("2 giorni fa", "2025-03-02"),
        ("3 dagen geleden", "2025-03-01"),
        ("2 dni temu", "2025-03-02"),
        ("2 дня назад", "2025-03-02"),
        ("منذ 3 أيام", "2025-03-01"),
        ("3小时前", "2025-03-04"),
        ("2日前", "2025-03-02"),
        ("3 weeks ago", "2025-02"),
        ("2 years ago", "2023"),
    ],
)
def test_relative_date_needs_the_time_of_the_fetch(text: str, expected: str) -> None:
    assert [found.date for found in find_relative_dates(text, RELATIVE)] == [expected]
    source = page(body=f"<p>Ann Lee, {text}</p>")
    assert html_found(source) == []
    [on_page] = find_html_dates(html.fromstring(source), None, RELATIVE)
    [in_text] = find_text_dates(f"{text}\n\n{BODY}", RELATIVE)
    assert (on_page.date, on_page.origin, in_text.date, in_text.origin) == (expected, "relative") * 2


@pytest.mark.parametrize("text", ["vor 5 Menschen", "3 boats ago", "hace 2 mil", "long ago", "ago 3 hours"])
def test_no_relative_date(text: str) -> None:
    assert list(find_relative_dates(text, RELATIVE)) == []


def test_tree_is_left_as_it_was() -> None:
    tree = html.fromstring(page(body='<p class="date">4 March <b>2025</b></p><!-- x -->'))
    before = html.tostring(tree)
    find_html_dates(tree, None, RELATIVE)
    assert html.tostring(tree) == before


@pytest.mark.parametrize(
    "source",
    [
        page(body="<p>4 March 2025</p>" * 30_000),
        page(body="<time datetime='2025-03-04'>x</time>" * 30_000),
        page(body="<div class='date'>" * 250 + "4 March 2025" * 2_000),
        page(body="<p>" + "2025 " * 200_000 + "</p>"),
        page("<script>" + '"publishedAt": "' * 100_000 + "</script>"),
        page("".join('<meta property="article:published_time" content="2025">' for _ in range(20_000))),
    ],
)
def test_large_page_ends_in_bounded_time(source: str) -> None:
    tree = html.fromstring(source)
    start = time.process_time()
    find_html_dates(tree, None)
    assert time.process_time() - start < 10


def test_deep_and_broken_markup_is_no_error() -> None:
    source = "<html><body><h1>Harbour wall to be repaired</h1>" + "<div><!-- x -->" * 3000 + "4 March 2025"
    tree = html.fromstring(source, parser=html.HTMLParser(huge_tree=True))
    assert isinstance(find_html_dates(tree, None), tuple)
