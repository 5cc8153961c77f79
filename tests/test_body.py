"""From a page to its main content: what stays and what goes, which way is taken, and which pages hold no article."""

from __future__ import annotations

import json

import numpy as np
import pytest
from lxml.html import HtmlElement
from trafilatura import load_html

from transforms.block_rules import leave_out
from transforms.blocks import read_blocks
from transforms.body import Body, extract_body
from transforms.json_body import find_json_body

# By language: two paragraphs and a heading that stay, words of a menu and a teaser that go.
PAGES = {
    "en": (
        "The harbour board voted on Tuesday to keep the old ferry running until the new pier is ready next summer.",
        "What it will cost",
        "Keeping the boat afloat costs 40,000 a month, said Mira Holt, who chairs the board, and fares will not rise.",
        ("Home", "Weather", "Sport", "Opinion"),
        "Ten beaches you must see before autumn",
    ),
    "de": (
        "Der Hafenrat beschloss am Dienstag, die alte Fähre bis zur Fertigstellung des neuen Anlegers zu behalten.",
        "Was es kosten wird",
        "Der Betrieb kostet im Monat 40.000, sagte die Vorsitzende Mira Holt, und die Fahrpreise sollen nicht steigen.",
        ("Start", "Wetter", "Sport", "Meinung"),
        "Zehn Strände, die Sie vor dem Herbst sehen müssen",
    ),
    "tr": (
        "Liman kurulu salı günü, yeni iskele gelecek yaz hazır olana kadar eski vapurun çalışmasına karar verdi.",
        "Ne kadar tutacak",
        "Kurul başkanı Mira Holt, vapurun ayda 40.000 tuttuğunu, bilet fiyatlarının artmayacağını söyledi.",
        ("Ana sayfa", "Hava", "Spor", "Görüş"),
        "Sonbahardan önce görülmesi gereken on plaj",
    ),
    "ru": (
        "Портовый совет во вторник решил оставить старый паром в работе, пока к лету не будет готов новый причал.",
        "Сколько это будет стоить",
        "Содержание парома обходится в 40 000 в месяц, сказала глава совета Мира Холт, и билеты дорожать не будут.",
        ("Главная", "Погода", "Спорт", "Мнения"),
        "Десять пляжей, которые стоит увидеть до осени",
    ),
    "ja": (
        "港湾委員会は火曜日、新しい桟橋が来年の夏に完成するまで、古い渡し船の運航を続けることを決めた。",
        "費用の見通し",
        "委員長のミラ・ホルト氏によると、運航には月に四万かかるが、運賃は上がらないという。住民からは歓迎の声が上がっている。",
        ("ホーム", "天気", "スポーツ", "意見"),
        "秋までに見ておきたい十の浜辺",
    ),
    "ar": (
        "قرر مجلس الميناء يوم الثلاثاء إبقاء العبّارة القديمة في الخدمة حتى يصبح الرصيف الجديد جاهزا في الصيف المقبل.",
        "كم ستكون الكلفة",
        "وقالت رئيسة المجلس ميرا هولت إن تشغيل العبّارة يكلف أربعين ألفا في الشهر وإن أسعار التذاكر لن ترتفع هذا العام.",
        ("الرئيسية", "الطقس", "الرياضة", "الرأي"),
        "عشرة شواطئ يجب أن تراها قبل الخريف",
    ),
}


def tree(html: str) -> HtmlElement:
    found = load_html(html)
    assert found is not None
    return found


def news_page(language: str) -> str:
    first, heading, second, menu, teaser = PAGES[language]
    items = "".join(f"<li><a href='/{n}'>{name}</a></li>" for n, name in enumerate(menu))
    teasers = "".join(f"<li><a href='/story/{n}'>{teaser}</a></li>" for n in range(5))
    body = "".join(f"<p>{first}</p><p>{second}</p>" if n == 0 else f"<p>{second} {n}. {first}</p>" for n in range(4))
    return f"""<html lang="{language}"><head><title>{first[:40]}</title></head><body>
<header class="site-header"><nav class="main-menu"><ul>{items}</ul></nav></header>
<main><article class="post"><h1>{first[:40]}</h1>
<figure><img src="a.jpg"><figcaption>{teaser} / M. H.</figcaption></figure>
<div class="entry-content">{body}<h2>{heading}</h2><p>{second}</p></div>
<div class="share-buttons"><a href="https://www.facebook.com/sharer">Facebook</a> <a href="mailto:">E-mail</a></div>
</article><aside class="related-posts"><ul>{teasers}</ul></aside></main>
<footer class="site-footer"><a href="/privacy">2031 example</a></footer></body></html>"""


@pytest.mark.parametrize("language", PAGES)
def test_the_article_stays_and_the_rest_goes(language: str) -> None:
    first, heading, second, menu, teaser = PAGES[language]
    body = extract_body(tree(news_page(language)))
    lines = body.text.split("\n")
    assert body.extractor == "blocks"
    assert {first, second} <= set(lines)
    assert heading in lines
    assert heading in body.headings
    assert not {*menu, teaser, "Facebook", "2031 example"} & set(lines)
    assert teaser not in body.text


def with_comments(kind: str, count: int) -> str:
    prose = "".join(f"<p>{PROSE * 2}{number}</p>" for number in range(count))
    remarks = "".join(f"<li class='comment'><p>I saw the ferry too, and it was late. {PROSE}{n}</p>" for n in range(9))
    return (
        f"<html><head><title>Ferry</title><meta property='og:type' content='{kind}'></head><body><h1>Ferry</h1>"
        f"<div class='post'>{prose}</div><ol class='commentlist'>{remarks}</ol></body></html>"
    )


def test_comments_do_not_enter_an_article() -> None:
    assert "I saw the ferry" not in extract_body(tree(with_comments("article", 8))).text


@pytest.mark.parametrize(
    ("kind", "count", "stay"),
    [("article", 8, False), ("website", 8, True), ("article", 1, True)],
    ids=["an article", "a page that does not say so", "hardly anything but comments"],
)
def test_comments_are_left_out_of_articles_only(kind: str, count: int, stay: bool) -> None:
    found = read_blocks(tree(with_comments(kind, count)))
    kept = leave_out(found, "Ferry", np.ones(len(found.blocks), np.bool_))
    assert any(is_kept and "I saw" in block.text for block, is_kept in zip(found.blocks, kept, strict=True)) is stay


def test_captions_and_the_headline_do_not_enter_the_text() -> None:
    prose = "".join(f"<p>{PROSE * 2}{number}</p>" for number in range(6))
    figure = "<figure><img src=a><figcaption>The gulls, seen from the pier in the morning.</figcaption></figure>"
    head = "<head><title>Gulls at dawn - Harbour News</title></head>"
    more = prose.replace("ferry", "barge")
    article = f"<article><h1>Gulls at dawn</h1>{prose}{figure}<h2>What the barge did</h2>{more}</article>"
    body = extract_body(tree(f"<html>{head}<body>{article}</body></html>"))
    assert "seen from the pier" not in body.text
    assert "Gulls at dawn" not in body.text
    assert "What the barge did" in body.headings


PROSE = "The ferry left at dawn, and the gulls followed it as far as the second buoy before they turned. "


def json_ld(**fields: object) -> str:
    return f"<script type='application/ld+json'>{json.dumps(fields)}</script>"


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        (json_ld(articleBody="One. &amp; two.<br>Three."), "One. & two.\nThree."),
        (
            json_ld(**{"@graph": [{"articleBody": "Short"}, {"mainEntity": {"articleBody": "The longer one"}}]}),
            "The longer one",
        ),
        (json_ld(articleBody=["no", "text"]), None),
        (json_ld(headline="No body"), None),
        ("<script type='application/ld+json'>{\"articleBody\": </script>", None),
        ("<script type='application/ld+json'>" + '{"a":' * 100_000 + '"articleBody"</script>', None),
        ("", None),
    ],
    ids=["markup", "nested", "list", "none", "broken", "deep", "no data"],
)
def test_the_body_that_the_data_gives(script: str, expected: str | None) -> None:
    assert find_json_body(tree(f"<html><body>{script}<p>x</p></body></html>")) == expected


def test_a_page_that_loads_its_text_by_script_has_it_from_its_data() -> None:
    text = "\n".join(PROSE * 3 for _ in range(8))
    body = extract_body(
        tree(f"<html><body><div id='app'></div>{json_ld(articleBody=text)}<p>Loading</p></body></html>")
    )
    assert body.extractor == "json-ld"
    assert body.text.count("second buoy") == 24


def test_data_does_not_replace_a_text_that_is_shown() -> None:
    shown = "".join(f"<p>{PROSE * 2}{number}</p>" for number in range(6))
    body = extract_body(tree(f"<html><body><article>{shown}</article>{json_ld(articleBody=PROSE)}</body></html>"))
    assert body.extractor == "blocks"


def codes(body: Body) -> set[str]:
    return {flag.code for flag in body.flags}


def no_article(title: str, html: str) -> str | None:
    body = extract_body(tree(f"<html><head><title>{title}</title></head><body>{html}</body></html>"))
    return next((flag.evidence for flag in body.flags if flag.code == "not-an-article"), None)


@pytest.mark.parametrize(
    ("title", "html", "evidence"),
    [
        ("404 Not Found", "<h1>Not Found</h1><p>The requested address was not found.</p>", "error page"),
        ("Harbour News", "<h1>Page not found</h1><p>Sorry, try the search or go home.</p>", "error page"),
        ("Hafenblatt", "<h1>Seite nicht gefunden</h1><p>Bitte prüfen Sie die Adresse.</p>", "error page"),
        ("Le Port", "<h1>Page introuvable</h1><p>Cette page a disparu.</p>", "error page"),
        ("Gazeta", "<h1>Страница не найдена</h1><p>Вернитесь на главную.</p>", "error page"),
        ("Access denied", "<p>You have no permission to see this page.</p>", "error page"),
        (
            "App",
            "<noscript>You need to enable JavaScript to run this app.</noscript><div id=root></div>",
            "needs a browser",
        ),
        ("One moment", "<p>Checking your browser before you go on.</p>", "needs a browser"),
        ("Sign in", "<form><p>Sign in to go on</p><input name=u><input type=password></form>", "login wall"),
        ("Anmelden", "<form><p>Bitte einloggen</p><input name=u><input type=password></form>", "login wall"),
    ],
)
def test_a_page_without_an_article_is_told(title: str, html: str, evidence: str) -> None:
    found = no_article(title, html)
    assert found is not None
    assert evidence in found


@pytest.mark.parametrize(
    ("title", "extra"),
    [
        ("Why so many pages are 404 not found", "<p>Page not found: the three words that nobody likes to read.</p>"),
        ("How to enable JavaScript", "<p>You need to enable JavaScript in the settings of your browser.</p>"),
        ("Members", "<form>Log in <input type=password></form>"),
    ],
)
def test_an_article_is_none_of_them(title: str, extra: str) -> None:
    prose = "".join(f"<p>{PROSE * 2}{number}</p>" for number in range(5))
    assert no_article(title, f"<article><h1>{title}</h1>{extra}{prose}</article>") is None
