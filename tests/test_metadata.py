"""What pages say of themselves: values, origins and the ranking between them; bad mark-up is no error."""

from __future__ import annotations

import json
import time
from dataclasses import asdict, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from tests.test_pipeline import PAGE, PARAGRAPHS, article, raw
from transforms.metadata import read_metadata
from transforms.parse import parse_page
from transforms.types import Extracted

URL = "https://www.courier.example.com/harbour/pier"
BODY = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)


def read(head: str = "", body: str = "", url: str | None = URL) -> Extracted:
    tree = parse_page(f"<!doctype html><html><head>{head}</head><body>{body}{BODY}</body></html>")
    assert tree is not None
    before = etree.tostring(tree)
    found = read_metadata(tree, url)
    assert etree.tostring(tree) == before  # others look at the same tree
    return found


def linked(value: object) -> str:
    return f'<script type="application/ld+json">{value if isinstance(value, str) else json.dumps(value)}</script>'


def meta(name: str, value: str) -> str:
    return f'<meta {"property" if ":" in name else "name"}="{name}" content="{value}">'


SITE = meta("og:site_name", "Harbour Courier")
ANA = {"@type": "Person", "name": "Ana Ruiz"}
PIER = {"@type": "NewsArticle", "headline": "Pier to be rebuilt", "author": ANA}


@pytest.mark.parametrize(
    ("head", "body", "title", "origin"),
    [
        ("<title>Pier to be rebuilt</title>", "", "Pier to be rebuilt", "title-tag"),
        (SITE + "<title>Pier to be rebuilt | Harbour Courier</title>", "", "Pier to be rebuilt", "title-tag"),
        (SITE + "<title>Harbour Courier: the pier</title>", "", "Harbour Courier: the pier", "title-tag"),
        (SITE + "<title>Harbour Courier – Pier to be rebuilt</title>", "", "Pier to be rebuilt", "title-tag"),
        ("<title>Pier to be rebuilt - example.com</title>", "", "Pier to be rebuilt", "title-tag"),
        ("<title>Pier to be rebuilt - half by spring</title>", "", "Pier to be rebuilt - half by spring", "title-tag"),
        (meta("og:title", "Pier &amp;amp; quay | Courier") + SITE, "", "Pier & quay", "og"),
        (meta("twitter:title", "Pier to be rebuilt"), "", "Pier to be rebuilt", "twitter"),
        (meta("citation_title", "On piers"), "", "On piers", "citation"),
        (meta("DC.title", "On piers"), "", "On piers", "dublin-core"),
        (meta("parsely-title", "On piers"), "", "On piers", "meta"),
        (linked(PIER), "", "Pier to be rebuilt", "json-ld"),
        (linked(PIER) + meta("og:title", "What a pier costs"), "", "Pier to be rebuilt", "json-ld"),
        (linked({"@type": "Product", "name": "Rope, 20 m"}), "", "Rope, 20 m", "json-ld"),
        # The headline is the h1, as long as the tags know it.
        (meta("og:title", "Pier To Be Rebuilt"), "<h1>Pier to be rebuilt</h1>", "Pier to be rebuilt", "heading"),
        (meta("og:title", "Pier to be rebuilt by May"), "<h1>Pier to be rebuilt</h1>", "Pier to be rebuilt", "heading"),
        (meta("og:title", "Pier to be built"), "<h1>Pier to be new again</h1>", "Pier to be new again", "heading"),
        (meta("og:title", "Pier to be rebuilt"), "<h1>News you can use</h1>", "Pier to be rebuilt", "og"),
        (SITE + meta("og:title", "Pier rebuilt"), "<h1>Harbour Courier</h1>", "Pier rebuilt", "og"),
        (meta("og:title", "Two piers"), "<h1>All news</h1><h1>Two piers</h1>", "Two piers", "heading"),
        ("", "<h1>Pier to be rebuilt</h1>", "Pier to be rebuilt", "heading"),
        ("", "<h1>Pier to\n be <em>re</em>built ¶</h1>", "Pier to be rebuilt", "heading"),
        ("", "<h1><span>The long pier</span><span>Of Northport</span></h1>", "The long pier Of Northport", "heading"),
        ("", "<h1>Pier re&shy;built</h1>", "Pier rebuilt", "heading"),
        (SITE + "<title>Harbour Courier</title>", "", "Harbour Courier", "title-tag"),
        ("<title> </title>", "<h1></h1>", None, None),
    ],
)  # fmt: skip
def test_titles(head: str, body: str, title: str | None, origin: str | None) -> None:
    found = read(head, body)
    assert (found.title, found.origins.title) == (title, origin)


@pytest.mark.parametrize(
    ("head", "body", "author", "origin"),
    [
        (linked(PIER), "", "Ana Ruiz", "json-ld"),
        (linked([{"@type": "WebSite", "name": "x"}, PIER]), "", "Ana Ruiz", "json-ld"),
        (linked({"@graph": [PIER]}), "", "Ana Ruiz", "json-ld"),
        (linked({"@type": ["NewsArticle"], "author": [ANA, {"name": "Bo Li"}]}), "", "Ana Ruiz; Bo Li", "json-ld"),
        (linked({"@type": "Article", "author": "By Ana Ruiz and Bo Li"}), "", "Ana Ruiz; Bo Li", "json-ld"),
        (linked({"@type": "Article", "author": {"name": ["Ana Ruiz"]}}), "", "Ana Ruiz", "json-ld"),
        (linked({"@type": "Article", "author": {"name": "Ana &amp; Bo"}}), "", "Ana; Bo", "json-ld"),
        (linked({"@graph": [PIER | {"author": {"@id": "#a"}}, {"@id": "#a"} | ANA]}), "", "Ana Ruiz", "json-ld"),
        (linked({"@type": "WebPage", "author": ANA}), "", "Ana Ruiz", "json-ld"),
        (linked({"@type": "WebPage", "mainEntity": {"@type": "Question", "author": ANA}}), "", "Ana Ruiz", "json-ld"),
        # Broken JSON, and JSON in wrappings.
        (linked('{"@type": "Article", "author": {"@type": "Person", "name": "Ana Ruiz"},}'), "", "Ana Ruiz", "json-ld"),
        (linked('{"@type": "Article", "name": "A "no"", "author": {"name": "Ana Ruiz"}}'), "", "Ana Ruiz", "json-ld"),
        (linked('{"@type": "Article", "articleBody": "One\ntwo", "author": "Ana Ruiz"}'), "", "Ana Ruiz", "json-ld"),
        (linked("<!--" + json.dumps(PIER) + "-->"), "", "Ana Ruiz", "json-ld"),
        (linked("//<![CDATA[\n" + json.dumps(PIER) + "\n//]]>"), "", "Ana Ruiz", "json-ld"),
        (linked(json.dumps({"@type": "WebSite"}) + json.dumps(PIER) + ";"), "", "Ana Ruiz", "json-ld"),
        # Nodes about something else do not count.
        (linked({"@type": "Article", "comment": [{"@type": "Article", "author": ANA}]}), "", None, None),
        (linked({"@type": "ItemList", "itemListElement": [PIER]}), "", None, None),
        # Tags.
        (meta("author", "Ana Ruiz"), "", "Ana Ruiz", "meta"),
        (meta("author", "Ana Ruiz") + meta("author", "Bo Li"), "", "Ana Ruiz; Bo Li", "meta"),
        (meta("article:author", "https://social.example/ana") + meta("byl", "By ANA RUIZ"), "", "ANA RUIZ", "meta"),
        (meta("citation_author", "Ruiz, Ana") + meta("citation_author", "Li, Bo"), "", "Ana Ruiz; Bo Li", "citation"),
        (meta("dc.creator", "Ruiz, Ana"), "", "Ana Ruiz", "dublin-core"),
        (meta("twitter:label1", "Written by") + meta("twitter:data1", "Ana Ruiz"), "", "Ana Ruiz", "twitter"),
        (meta("twitter:label1", "Est. reading time") + meta("twitter:data1", "5 minutes"), "", None, None),
        (meta("author", "admin"), "", None, None),
        # The site is its own author only where nobody else is named.
        (SITE + meta("author", "Harbour Courier"), "<p class='byline'>By Ana Ruiz</p>", "Ana Ruiz", "byline"),
        (SITE + meta("author", "Harbour Courier"), "", "Harbour Courier", "meta"),
        # What is shown.
        ("", "<span itemprop='author'><a itemprop='name'>Ana Ruiz</a> 12 badges</span>", "Ana Ruiz", "microdata"),
        ("", "<a rel='author' href='/a'>Ana Ruiz</a>", "Ana Ruiz", "rel-author"),
        ("", "<p class='post-author'><b>Written by</b> <i>Ana Ruiz</i> <i>Editor</i></p>", "Ana Ruiz", "byline"),
        ("", "<div class='AuthorBox'>3 March 2025 <i>Ana Ruiz</i></div>", "Ana Ruiz", "byline"),
        ("", "<p class='byline'>Von Ana Ruiz und Bo Li, 3. März 2025</p>", "Ana Ruiz; Bo Li", "byline"),
        ("", "<p class='byline'>Par Ana Ruiz, publié le 3 mars</p>", "Ana Ruiz", "byline"),
        ("", "<p class='byline'>By <a>Ana Ruiz</a>, <a>Bo Li</a> and <a>Cy Oz</a>", "Ana Ruiz; Bo Li; Cy Oz", "byline"),
        ("", "<p class='byline'>By Ana Ruiz. Reviewed by Bo Li</p>", "Ana Ruiz", "byline"),
        ("", "<p class='byline'>Photo: Bo Li</p>", None, None),
        ("", "<h1>Pier to be rebuilt</h1><p>By Ana Ruiz | 3 March 2025</p>", "Ana Ruiz", "byline"),
        ("", "<h1>Pier to be rebuilt</h1><p>By the time the boats came back, Ana Ruiz was asleep.</p>", None, None),
        ("", "<div class='comments'><span class='comment-author'>Bo Li</span></div>", None, None),
        ("", "<aside><p class='byline'>By Bo Li</p></aside>", None, None),
        ("", "".join(f"<p class='byline'>By {name} Li</p>" for name in ("Al", "Bo", "Cy", "Ed")), None, None),
    ],
)  # fmt: skip
def test_authors(head: str, body: str, author: str | None, origin: str | None) -> None:
    found = read(head, body)
    assert (found.author, found.origins.author) == (author, origin)


@pytest.mark.parametrize(
    ("head", "field", "value", "origin"),
    [
        (SITE, "site_name", "Harbour Courier", "og"),
        (linked({"@type": "WebSite", "name": "Harbour Courier"}), "site_name", "Harbour Courier", "json-ld"),
        (linked(PIER | {"publisher": {"name": "Harbour Courier"}}), "site_name", "Harbour Courier", "json-ld"),
        (meta("application-name", "Harbour Courier"), "site_name", "Harbour Courier", "meta"),
        ("", "site_name", None, None),
        ('<link rel="canonical" href="https://a.example/b">', "url", "https://a.example/b", "canonical"),
        ('<link rel="canonical" href="/b">', "url", "https://www.courier.example.com/b", "canonical"),
        ('<link rel="canonical" href="//a.example/b">', "url", "https://a.example/b", "canonical"),
        ('<link rel="canonical" href="b">' + meta("og:url", "https://a.example/b"), "url", "https://a.example/b", "og"),
        ('<link rel="canonical" href="http://[bad">', "url", URL, "given"),
        ('<link rel="canonical" href="javascript:alert(1)">', "url", URL, "given"),
        ("", "url", URL, "given"),
        (meta("og:locale", "de_DE"), "page_language", "de-DE", "og"),
        (linked(PIER | {"inLanguage": "en-GB"}), "page_language", "en-GB", "json-ld"),
        ('<meta http-equiv="content-language" content="sv">', "page_language", "sv", "meta"),
        (meta("og:locale", "the best language"), "page_language", None, None),
        (meta("article:section", "Harbour"), "section", "Harbour", "og"),
        (linked(PIER | {"articleSection": ["Harbour", "News"]}), "section", "Harbour", "json-ld"),
        (meta("parsely-section", "Harbour"), "section", "Harbour", "meta"),
    ],
)
def test_other_facts(head: str, field: str, value: str | None, origin: str | None) -> None:
    found = read(head)
    assert (getattr(found, field), getattr(found.origins, field)) == (value, origin)


def test_the_language_of_the_html_element_comes_first() -> None:
    tree = parse_page(f'<html lang="en-GB"><head>{meta("og:locale", "de_DE")}</head><body>{BODY}</body></html>')
    assert tree is not None
    found = read_metadata(tree, None)
    assert (found.page_language, found.origins.page_language) == ("en-GB", "html")


def test_what_the_record_gives_comes_before_what_the_page_says() -> None:
    found = article(replace(raw(PAGE.encode(), "text/html"), title="Given title"))
    assert (found.title, found.origins.title) == ("Given title", "given")
    assert (found.author, found.origins.author) == ("Ana Ruiz", "json-ld")
    assert (found.url, found.origins.url) == ("https://www.courier.example.com/pier", "canonical")
    assert (found.page_language, found.origins.page_language) == ("en", "html")


def test_values_are_one_line_that_can_be_stored() -> None:
    found = read(meta("og:title", "Pier \n rebuilt" + " x" * 600) + meta("og:site_name", "A &#xD800; B"))
    assert found.title is not None
    assert len(found.title) == 500
    assert "\n" not in found.title
    for value in asdict(found).values():
        json.dumps(value, ensure_ascii=False).encode()


@given(st.text(), st.text())
def test_nothing_on_a_page_is_an_error(head: str, body: str) -> None:
    tree = parse_page(f"<html><head>{head}<title>{body}</title></head><body><h1>{head}</h1><p>{body}</p></body></html>")
    if tree is not None:
        read_metadata(tree, head)


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(
        st.sampled_from(("@type", "@id", "@graph", "author", "name", "headline", "publisher", "articleSection", "x")),
        inner | st.sampled_from(("Article", "WebPage", "#a")),
    ),
)  # fmt: skip


@given(JSON, st.integers(0, 40))
def test_nothing_in_json_ld_is_an_error(value: object, cut: int) -> None:
    text = json.dumps(value).replace("<", "\\u003c")
    for script in (text, text[:cut], text + text):
        read(linked(script))


@pytest.mark.parametrize(
    "hostile",
    [
        linked("[" * 100_000),
        linked('{"author": ' * 20_000),
        linked('{"@type":"Article","author":[' + '"A B",' * 100_000 + '"C D"]'),
        linked('"author": {' * 50_000),
        linked("<!-- " * 50_000),
        linked("{" + ", " * 300_000),
        meta("author", "a@" * 200_000),
        meta("author", ", by " * 100_000),
        "<title>" + " | x" * 50_000 + "</title>",
        "".join(f"<meta name='author' content='A{n} B'>" for n in range(20_000)),
        "<p class='author'>" * 200 + "By " * 50_000,
    ],
    ids=range(11),
)
def test_hostile_pages_take_time_in_proportion(hostile: str) -> None:
    start = time.process_time()
    read(hostile)
    assert time.process_time() - start < 5  # each is a second at most; what is quadratic here takes minutes
