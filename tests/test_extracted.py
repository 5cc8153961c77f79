"""The extracted documents that lie between a run's two steps come back as they were."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.extracted import Result, read_extracted, write_extracted
from flows.templates_in_use import group_templates, read_templates
from tests.template_runs import document
from tests.test_pipeline import NOW, PAGE, raw
from transforms.outlines import outlines_of
from transforms.pipeline import clean_document, extract_document, process
from transforms.templates import Templates
from transforms.types import ExtractedDocument, Quarantined, RawDocument


def extracted(record: RawDocument) -> Result:
    return extract_document(record)


@pytest.mark.parametrize(
    "record",
    [
        raw(PAGE.encode(), "text/html"),
        replace(raw("Rain fell.\u2028Wind rose.\r\n\x85End\x00"), fetched_at=datetime(2026, 1, 2, 3, tzinfo=UTC)),
        replace(raw("Rain fell."), title="A lone \ud800 surrogate", author=None),
        raw(b""),
    ],
    ids=["page", "line ends", "surrogate", "quarantined"],
)
def test_what_was_extracted_comes_back(tmp_path: Path, record: RawDocument) -> None:
    results = (extracted(record), extracted(raw("Another.")))
    write_extracted(results, tmp_path / "some" / "0.jsonl.zst")
    assert read_extracted(tmp_path / "some" / "0.jsonl.zst") == results
    assert [path.name for path in (tmp_path / "some").iterdir()] == ["0.jsonl.zst"]


@given(st.text(min_size=1))
def test_any_text_comes_back(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    path = tmp_path_factory.mktemp("extracted") / "0.jsonl.zst"
    result = extracted(raw(text.encode()))
    write_extracted([result], path)
    assert read_extracted(path) == (result,)


def test_the_two_halves_are_the_whole() -> None:
    for record in (raw(PAGE.encode(), "text/html"), raw("Rain fell."), raw(b"\x89PNG\x00")):
        first = extract_document(record)
        whole = first if isinstance(first, Quarantined) else clean_document(first, NOW)
        assert whole == process(record, NOW)
        assert not isinstance(first, ExtractedDocument) or first.raw.content == ""  # nothing travels twice


def test_templates_are_those_of_the_source() -> None:
    text = "Rain fell on the harbour all night, and nobody came to see it but the gulls.\nPier cameras"
    record = document("a", text)
    assert isinstance(record, RawDocument)
    row = ("courier", "line", unit_of("Pier cameras"), "0" * 16, "pier cameras")
    for source, is_removed in (("courier", True), ("island", False)):
        templates = group_templates([(source, *row[1:])])
        result = process(record, NOW, templates=templates)
        assert not isinstance(result, Quarantined)
        assert (result.text != text) == is_removed


def unit_of(line: str) -> int:
    from transforms.fingerprints import fingerprint  # noqa: PLC0415
    from transforms.mask import mask  # noqa: PLC0415

    return fingerprint("text", mask(line).text)


def test_scopes_are_kept_apart(tmp_path: Path) -> None:
    rows = [
        ("a", "line", 1, "l", "pier cameras"),
        ("a", "frame", 2, "f", "find out more about … guide"),
        ("b", "sentence", 2**64 - 1, "s", "@ and the rest"),
    ]
    assert group_templates(rows) == {
        "a": Templates({1: "l"}, {2: "f"}, outlines_of(["pier cameras", "find out more about … guide"])),
        "b": Templates({2**64 - 1: "s"}, {}, outlines_of(["@ and the rest"])),
    }
    assert read_templates(tmp_path / "none.parquet", {"a"}) == {}
