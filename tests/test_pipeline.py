"""One document through all of it: what comes out for pages, texts and bad input."""

import hashlib
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from transforms.edits import apply_edits, revert_edits
from transforms.pipeline import process
from transforms.types import Article, Edit, MediaType, Quarantined, RawDocument

NOW = datetime(2026, 1, 31, tzinfo=UTC)
PARAGRAPHS = (
    "The harbour council voted on Tuesday to rebuild the northern pier, which a storm broke in two last winter.",
    "Work begins in April and costs nine million crowns, half of it from the island's own fund, the treasurer said.",
    "“We have waited long enough,” said Brigid Moll, who has sold tickets at the pier for thirty years.",
    "The ferry will land at the fish market until the new pier opens, and the last boat leaves an hour earlier.",
)
PAGE = f"""<!doctype html><html lang="en"><head><title>Pier to be rebuilt | Harbour Courier</title>
<link rel="canonical" href="https://www.courier.example.com/pier">
<meta property="article:published_time" content="2025-11-04T08:00:00Z">
<script type="application/ld+json">{{"@context": "https://schema.org", "@type": "NewsArticle",
 "headline": "Pier to be rebuilt",
 "author": {{"@type": "Person", "name": "Ana Ruiz"}}, "datePublished": "2025-11-04T08:00:00Z"}}</script></head>
<body><nav><a href="/">Home</a> <a href="/news">News</a></nav><article><h1>Pier to be rebuilt</h1>
{"".join(f"<p>{p}</p>" for p in PARAGRAPHS)}<p>Find out more about northern pier rebuilding tips.</p></article>
<footer>© 2025 Harbour Courier</footer></body></html>"""


def raw(content: bytes | str, media_type: MediaType = "text/plain", url: str | None = None) -> RawDocument:
    payload = content.encode() if isinstance(content, str) else content
    digest = hashlib.sha256(payload).hexdigest()
    return RawDocument(
        id="doc",
        location="/in/doc",
        record_key="",
        source="in",
        url=url,
        fetched_at=None,
        media_type=media_type,
        content=content,
        content_hash=digest,
        content_bytes=len(payload),
        input_id=digest[:16],
    )


def article(document: RawDocument) -> Article:
    result = process(document, NOW)
    assert isinstance(result, Article), result
    assert apply_edits(result.original, result.edits) == result.text
    assert revert_edits(result.text, result.edits) == result.original
    return result


def test_a_page() -> None:
    found = article(raw(PAGE.encode(), "text/html"))
    assert (found.title, found.author) == ("Pier to be rebuilt", "Ana Ruiz")
    assert (found.url, found.source) == ("https://www.courier.example.com/pier", "example.com")
    assert (found.published.date, found.published.status) == ("2025-11-04", "dated")
    assert all(p in found.text for p in PARAGRAPHS)
    assert "Find out more" not in found.text
    assert [e.rule for e in found.edits if e.kind == "promo_link"] == ["find-out-more"]
    assert found.language.code == "en"


def test_text_is_its_own_original() -> None:
    text = "\n\n".join((*PARAGRAPHS, "Leave a Reply", "")) + "  "
    found = article(raw(text))
    assert found.original == text
    assert found.extractor == "text"
    assert [flag.code for flag in found.flags] == ["undated"]


def test_scores_are_between_0_and_1_and_their_weights_sum_to_1() -> None:
    found = article(raw("\n\n".join(PARAGRAPHS)))
    assert {score.name for score in found.scores} == {"quality", "seo_padding"}
    for score in found.scores:
        assert 0 <= score.value <= 1
        assert sum(c.weight for c in score.components) == pytest.approx(1)


@pytest.mark.parametrize(
    ("content", "media_type", "code"),
    [
        (b"", "text/plain", "empty"),
        ("", "text/html", "empty"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "text/html", "binary"),
        (b" \n\n \t", "text/plain", "no-text"),
        (b"<html><body><script>var a;</script></body></html>", "text/html", "no-text"),
    ],
)
def test_bad_input_has_a_reason(content: bytes | str, media_type: MediaType, code: str) -> None:
    result = process(raw(content, media_type), NOW)
    assert isinstance(result, Quarantined)
    assert result.code == code


@pytest.mark.parametrize(
    ("content", "media_type", "is_chosen"),
    [
        (PAGE, "text/html", True),
        ("\n".join(PARAGRAPHS), "text/plain", False),
    ],
)
def test_cleaning_knows_whether_the_text_was_chosen_from_a_tree(
    monkeypatch: pytest.MonkeyPatch, content: str, media_type: MediaType, *, is_chosen: bool
) -> None:
    asked: list[object] = []

    def note(*_: object, is_chosen: bool) -> tuple[Edit, ...]:
        asked.append(is_chosen)
        return ()

    monkeypatch.setattr("transforms.pipeline.find_edits", note)
    process(raw(content, media_type), NOW)
    assert asked == [is_chosen]


def test_an_error_in_a_library_is_quarantined_with_its_cause(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("parser gave up")

    monkeypatch.setattr("transforms.pipeline.find_edits", fail)
    result = process(raw("Some text."), NOW)
    assert isinstance(result, Quarantined)
    assert (result.code, result.message) == ("processing-error", "RuntimeError: parser gave up")


def test_a_text_of_artifacts_only_is_flagged() -> None:
    found = article(raw("Leave a Reply\n\nSkip to content"))
    assert found.text == ""
    assert "all-removed" in [flag.code for flag in found.flags]


@pytest.mark.parametrize("media_type", ["text/plain", "text/html"])
def test_time_of_the_fetch_dates_what_was_hours_ago(media_type: MediaType) -> None:
    lines = ("Harbour wall to be repaired", "Ann Lee, 30 hours ago", "The council agreed to repair the wall. " * 8)
    content = (
        "\n\n".join(lines)
        if media_type == "text/plain"
        else f"<html><title>{lines[0]}</title><body><article><h1>{lines[0]}</h1>"
        + "".join(f"<p>{line}</p>" for line in lines[1:])
        + "</article></body></html>"
    )
    fetched_at = datetime(2025, 3, 4, 12, tzinfo=UTC)
    dated = process(replace(raw(content, media_type), fetched_at=fetched_at), NOW)
    undated = process(raw(content, media_type), NOW)
    assert isinstance(dated, Article)
    assert isinstance(undated, Article)
    assert (dated.published.date, dated.published.origin) == ("2025-03-03", "relative")
    assert undated.published.status == "undated"
