"""Every rule both ways, generated from the rules' own examples."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.clean import find_rule_edits
from transforms.edits import apply_edits, revert_edits
from transforms.page import Page
from transforms.rule import Pattern, Rule, RuleError, compile_rules, find_spans, line, sentence
from transforms.rules import COMPILED, RULES

# The first paragraph is the one that the rule for repeated paragraphs looks for.
FIRST = "The harbour office will stay closed until the end of March while the new cranes are tested and paid for."
BODY = "The council met on Tuesday to vote on the budget. It took six hours, and the hall was full to the end."
LAST = "Work on the northern pier begins in spring. The harbour master expects no delay."

REMOVES = [pytest.param(rule, text, id=f"{rule.id}-{n}") for rule in RULES for n, text in enumerate(rule.removes)]
KEEPS = [pytest.param(rule, text, id=f"{rule.id}-{n}") for rule in RULES for n, text in enumerate(rule.keeps)]
SENTENCE_RULES = {r.id for r in RULES if isinstance(r.look, Pattern) and r.look.scope == "sentence"}


AT_END = (
    "author-box",
    "author-line",
    "author-introduction",
    "company-box",
    "press-contact",
    "comment-thread",
    "comment-posts",
    "comment-count",
)
AT_START = ("news-ticker", "section-trail", "stock-caption")


def around(rule: Rule) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The paragraphs before and after the place where such artifacts stand."""
    if rule.id in AT_END:
        return (FIRST, BODY, LAST), ()
    if rule.id in AT_START:
        return (), (FIRST, BODY, LAST)
    return (FIRST, BODY), (LAST,)


def page_with(example: str, rule: Rule) -> str:
    """A page that holds the example where such artifacts stand."""
    before, after = around(rule)
    return "\n\n".join((*before, example, *after))


@pytest.mark.parametrize(("rule", "example"), REMOVES)
def test_removes_exactly_its_example(rule: Rule, example: str) -> None:
    text = page_with(example, rule)
    before, after = around(rule)
    start = text.rindex(example)
    covered = {i for s in find_spans(Page(text), COMPILED) if s.rule == rule.id for i in range(s.start, s.end)}
    wanted = {i for i in range(start, start + len(example)) if not text[i].isspace()}
    assert {i for i in covered if not text[i].isspace()} == wanted
    edits = find_rule_edits(text)
    clean = apply_edits(text, edits)
    assert example not in clean or rule.id == "repeated-paragraph"
    assert clean == "\n\n".join((*before, *after))
    assert revert_edits(clean, edits) == text


@pytest.mark.parametrize(("rule", "example"), KEEPS)
def test_keeps_its_counter_example(rule: Rule, example: str) -> None:
    for text in (page_with(example, rule), f"{FIRST}\n\n{BODY} {example}\n\n{LAST}"):
        assert find_rule_edits(text) == ()


@pytest.mark.parametrize("rule", [r for r in RULES if r.id in SENTENCE_RULES], ids=lambda r: r.id)
def test_sentence_rules_reach_into_paragraphs(rule: Rule) -> None:
    example = rule.removes[0]
    closed = example if example[-1] in ".!?*" else example + "."
    text = f"{FIRST}\n{BODY} {closed} {LAST}\n{BODY[:40]}"
    clean = apply_edits(text, find_rule_edits(text))
    assert clean == f"{FIRST}\n{BODY} {LAST}\n{BODY[:40]}"


def test_ids_are_unique_and_every_rule_has_both_examples() -> None:
    assert len({rule.id for rule in RULES}) == len(RULES)
    assert all(rule.removes and rule.keeps for rule in RULES)


@pytest.mark.parametrize(
    ("rules", "message"),
    [
        ((Rule("a", "share", line("x"), ("x",), ("y",)), Rule("a", "share", line("z"), ("z",), ("y",))), "used twice"),
        ((Rule("a", "share", line("x"), ("x",), ()),), "at least one example"),
        ((Rule("a", "share", line(r"(x"), ("x",), ("y",)),), "RE2 does not take"),
        ((Rule("a", "share", sentence(r"(?=x)"), ("x",), ("y",)),), "RE2 does not take"),
    ],
)
def test_bad_rules_are_named(rules: tuple[Rule, ...], message: str) -> None:
    with pytest.raises(RuleError, match=message):
        compile_rules(rules)


def test_rule_order_does_not_matter() -> None:
    text = "\n\n".join(page_with(rule.removes[0], rule) for rule in RULES)
    assert find_rule_edits(text, compile_rules(reversed(RULES))) == find_rule_edits(text)


PIECES = (
    *(
        "The pier.",
        "Read more: Ferries",
        "Sign up!",
        "Dr. Moll",
        "ä",
        "”",
        ")",
        "。",
        "港口",
        "(AP)",
        "…",
        "\u3000",
        " ",
        "\n",
    ),
    *(text for rule in RULES for text in rule.removes[:1] if isinstance(rule.look, Pattern)),
)


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=6).map("".join))
def test_the_quick_look_misses_no_sentence(text: str) -> None:
    rules = replace(COMPILED, may_have_sentence=lambda _: True)
    assert list(find_spans(Page(text), COMPILED)) == list(find_spans(Page(text), rules))


@pytest.mark.parametrize("pattern", ["^read on.*", "read on.*$", r"\Aread on.*", r"read on.*\z"])
def test_anchors_of_a_sentence_are_its_own(pattern: str) -> None:
    rules = compile_rules((Rule("anchored", "navigation", sentence(pattern), ("Read on.",), ("Read.",)),))
    (found,) = find_spans(Page("The pier is old. Read on at noon. It rained."), rules)
    assert (found.start, found.end) == (17, 33)
