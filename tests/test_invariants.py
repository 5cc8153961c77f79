"""Invariants under any input: mark-up soup, characters beyond 16 bits, spans in any order, rule files of any text."""

from __future__ import annotations

import random
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.intake import Facts, Origin, make_document
from flows.user_rules import parse_rules
from transforms.check_rules import compile_together
from transforms.clean import find_edits, find_rule_edits
from transforms.decode import replace_surrogates
from transforms.edits import apply_edits, edits_from_spans, merge_spans, revert_edits
from transforms.guard import guard_edits
from transforms.pipeline import process
from transforms.rule import RuleError, compile_rules
from transforms.rules import RULES
from transforms.types import Article, Quarantined, Span

NOW = datetime(2026, 1, 31, tzinfo=UTC)
BUILT_IN = tuple(rule.id for rule in RULES)
EXAMPLES = [example for rule in RULES for example in (*rule.removes, *rule.keeps)]
ASTRAL = st.text(st.characters(min_codepoint=0x10000, exclude_categories=["Cs"]), max_size=4)
LINES = st.lists(
    st.tuples(ASTRAL, st.sampled_from(EXAMPLES), ASTRAL).map("".join) | st.sampled_from(EXAMPLES), max_size=8
)
TAGS = (
    "html",
    "head",
    "title",
    "body",
    "article",
    "p",
    "div",
    "span",
    "a href='/x'",
    "b",
    "table",
    "tr",
    "td",
    "ul",
    "li",
)
MARK_UP = st.one_of(
    st.sampled_from([f"<{tag}>" for tag in TAGS]),
    st.sampled_from([f"</{tag.split()[0]}>" for tag in TAGS]),
    st.sampled_from(
        ["<!--", "-->", "<![CDATA[", "]]>", "<br>", "<", ">", "&", "&amp;", "&#0;", "&#xD800;", "\0", "<?x "]
    ),
    st.sampled_from(["<meta property='og:title' content='", "<time datetime='2025-03-04'>", "<h1>", "<script>", "'"]),
    st.sampled_from(EXAMPLES),
    st.text(max_size=10),
)


@settings(max_examples=300)
@given(st.lists(MARK_UP, min_size=1, max_size=25).map("".join))
def test_any_mark_up_is_an_article_or_has_a_reason_that_is_no_error_of_ours(page: str) -> None:
    content = page.encode("utf-8", "surrogatepass")
    raw = make_document(Origin("/in/x.html", "x.html", "in"), Facts(id="x"), content, "text/html")
    result = process(raw, NOW)
    if isinstance(result, Quarantined):
        assert result.code in {"empty", "no-text", "binary"}, result.message
        return
    assert isinstance(result, Article)
    assert revert_edits(result.text, result.edits) == result.original
    assert "".join(edit.text for edit in result.edits) == "".join(
        result.original[edit.start : edit.end] for edit in result.edits
    )
    for fact in (result.original, result.title, result.author, result.url, result.site_name):
        (fact or "").encode()


@settings(max_examples=150)
@given(LINES.map("\n".join))
def test_offsets_count_characters_and_not_their_bytes(text: str) -> None:
    edits = find_edits(text)
    assert all(text[edit.start : edit.end] == edit.text for edit in edits)
    clean = apply_edits(text, edits)
    assert revert_edits(clean, edits) == text
    assert len(text) - len(clean) == sum(len(edit.text) - len(edit.replacement) for edit in edits)


@settings(max_examples=100)
@given(LINES.map("\n".join), st.text(max_size=60))
def test_the_rules_change_nothing_in_what_they_have_cleaned(text: str, more: str) -> None:
    whole = replace_surrogates(f"{text}\n{more}")
    clean = apply_edits(whole, find_rule_edits(whole))
    assert find_rule_edits(clean) == ()


@pytest.mark.parametrize("seed", range(5))
def test_the_order_of_rules_changes_nothing(seed: int) -> None:
    drawn = random.Random(seed)
    shuffled = compile_rules(drawn.sample(RULES, len(RULES)))
    for _ in range(20):
        text = "\n".join(drawn.choices(EXAMPLES, k=8))
        assert find_rule_edits(text, shuffled) == find_rule_edits(text)


SPANS = st.lists(
    st.tuples(st.integers(0, 40), st.integers(0, 15), st.sampled_from("abc"), st.sampled_from([0.5, 1.0])).map(
        lambda drawn: Span(drawn[0], drawn[0] + drawn[1], "widget", drawn[2], drawn[3])
    ),
    max_size=12,
)


@given(SPANS, st.text(min_size=60, max_size=80))
def test_merged_spans_stand_apart_and_merging_again_changes_nothing(spans: list[Span], text: str) -> None:
    merged = merge_spans(spans)
    assert merge_spans(merged) == merged
    ends = 0
    for span in merged:
        assert ends <= span.start < span.end
        ends = span.end
    edits = edits_from_spans(text, spans)
    assert revert_edits(apply_edits(text, edits), edits) == text


@given(st.lists(st.sampled_from(EXAMPLES), min_size=1, max_size=6).map("\n\n".join))
def test_the_guard_keeps_a_text_or_lets_the_ledger_be(text: str) -> None:
    edits = find_edits(text)
    kept, flag = guard_edits(text, edits)
    assert (kept == edits) if flag is None else (kept == ())
    again = guard_edits(text, kept)
    assert again[0] == kept


FIELDS = ("id", "kind", "scope", "pattern", "unless", "removes", "keeps", "rules", "host", "folder")
VALUES = st.one_of(
    st.text(max_size=12).map(repr),
    st.sampled_from(
        ['"line"', '"inline"', '"share"', '["x"]', "[]", "1", "true", "{}", "[[", "1979-05-27", "'''", '"(a|b"']
    ),
    st.sampled_from(['"(?:a+)+$"', '"(?P<n>x)"', '"[a-z]{1000}{1000}"', '"\\\\1"', '"(?i)x"', '"\\u0000"', '"🚢.*"']),
)
TOML = st.lists(
    st.one_of(
        st.sampled_from(["[[rule]]", "[switch_off]", "[[source]]", "[rule]", "", "#", "[rule.rule]", "[[rule.x]]"]),
        st.tuples(st.sampled_from(FIELDS), VALUES).map(" = ".join),
        st.text(max_size=20),
    ),
    max_size=12,
)


@settings(max_examples=300)
@given(TOML.map("\n".join))
def test_any_rule_file_gives_rules_or_a_reason(text: str) -> None:
    try:
        rules, switched_off = parse_rules(text, built_in=BUILT_IN)
        compile_together(rules)
    except RuleError:
        return
    assert switched_off <= {*BUILT_IN, "line-model"}
