"""Evidence: no flag, no component and no total without a reason that a person can check, in the parts and on screen."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import pytest
from rich.console import Console

from flows.explain_command import explain_paths
from flows.inbox import find_files
from flows.sources import ReadSettings, read_documents
from flows.workers import warm_up
from tests.conftest import SAMPLES
from transforms.explain_score import explain_score
from transforms.pipeline import process
from transforms.types import Article, Quarantined


@pytest.fixture(scope="module")
def articles() -> list[Article]:
    warm_up()
    records = read_documents(find_files([str(SAMPLES)]).files, ReadSettings(max_bytes=10**6))
    results = [process(r, datetime(2026, 11, 1, tzinfo=UTC)) for r in records if not isinstance(r, Quarantined)]
    return [result for result in results if isinstance(result, Article)]


def test_every_flag_and_component_has_evidence(articles: list[Article]) -> None:
    assert {flag.code for article in articles for flag in article.flags} >= {"undated", "seo-padded"}
    for article in articles:
        assert all(flag.evidence.strip() for flag in article.flags)
        assert [score.name for score in article.scores] == ["quality", "seo_padding"]
        for score in article.scores:
            assert explain_score(score)
            assert all(part.evidence.strip() for part in score.components)
            assert sum(part.weight for part in score.components) == pytest.approx(1)


def test_the_flag_of_padding_says_what_its_total_says(articles: list[Article]) -> None:
    padded = [a for a in articles if any(flag.code == "seo-padded" for flag in a.flags)]
    assert padded
    for article in padded:
        (evidence,) = (flag.evidence for flag in article.flags if flag.code == "seo-padded")
        assert evidence == explain_score(article.scores[1])


def test_explain_shows_all_of_it(articles: list[Article]) -> None:
    path = SAMPLES / "growth-blog/standing-desk-benefits.txt"
    (article,) = (a for a in articles if a.raw.location == str(path))
    console = Console(file=io.StringIO(), width=2000)
    explain_paths([str(path)], most=1, max_bytes=10**6, console=console)
    shown = console.file.getvalue()  # type: ignore[attr-defined]
    for flag in article.flags:
        assert f"flag {flag.code}: {flag.evidence}" in shown
    for score in article.scores:
        assert f"score {score.name} {score.value:.2f}: {explain_score(score)}" in shown
        for part in score.components:
            assert f"{part.name} {part.value:.2f} x {part.weight:.2f}  {part.evidence}" in shown
