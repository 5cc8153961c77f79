"""What a rule is, and the scopes it can have.

A rule is data: an id (permanent, since ledgers hold it), the kind of artifact, what to look for, and its examples,
which are its tests: each of `removes`, set in a page, is taken out exactly; each of `keeps` is left alone by
every rule. Patterns are RE2 (linear in the text, whatever the text), case-insensitive.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import re2

from transforms.page import Line, Page
from transforms.types import Kind, Span, WinnowError

# Longer lines and sentences are prose, not furniture; the bound lets patterns say `.*` and not `.{0,300}`, which would
# make large automata.
_LONGEST_LINE_CHARS = 1_500
_LONGEST_SENTENCE_CHARS = 500
_REMEMBERED_TEXTS = 4096

Scope = Literal["line", "sentence", "inline"]
# (start, end) ranges in page.text
Finder = Callable[[Page], Iterable[tuple[int, int]]]

# What scrapers leave around a line or sentence: list marks, brackets, arrows.
# No quotation marks: what stands in them, somebody said.
_BEFORE = r"[\s\-–—•*·►▶»→>(\[{|#✓✅☞👉📨🔥]*"
_AFTER = r"[\s.!…。:：;)\]}→»›>|*]*"


class RuleError(WinnowError):
    """A rule that cannot be used."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """An RE2 pattern for a whole line, a whole sentence, or any place within a line.

    Text in which `unless` is found is left alone (RE2 has no look-ahead, on purpose).
    """

    scope: Scope
    regex: str
    unless: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of artifact, how it is found, and the examples that prove it."""

    id: str
    kind: Kind
    look: Pattern | Finder
    removes: tuple[str, ...]
    keeps: tuple[str, ...]


def line(*alternatives: str, unless: str = "") -> Pattern:
    """The whole line, list marks and closing punctuation aside."""
    return Pattern("line", f"{_BEFORE}(?:{'|'.join(alternatives)}){_AFTER}", unless)


def sentence(*alternatives: str, unless: str = "") -> Pattern:
    """A whole sentence, in mid-paragraph too."""
    return Pattern("sentence", f"{_BEFORE}(?:{'|'.join(alternatives)}){_AFTER}", unless)


def inline(regex: str) -> Pattern:
    """Every match within a line."""
    return Pattern("inline", regex)


@dataclass(frozen=True, slots=True)
class PatternSet:
    """The patterns of one scope as one RE2 set: a single pass over a text tells which of them match.

    `matching` gives the rules whose pattern matches a text and whose veto does not. It remembers recent texts: a
    cleaned page is looked at more than once, and lines of one site come again.
    """

    rules: tuple[Rule, ...]
    matching: Callable[[str], tuple[Rule, ...]]


@dataclass(frozen=True, slots=True)
class RuleSet:
    """Rules made ready to use, and whether the line model follows them."""

    rules: tuple[Rule, ...]
    line_rules: PatternSet | None
    sentence_rules: PatternSet | None
    inline_rules: PatternSet | None
    inline_patterns: dict[str, re2._Regexp]
    finders: tuple[tuple[Rule, Finder], ...]
    uses_model: bool = True


def compile_rules(rules: Iterable[Rule]) -> RuleSet:
    """Check and compile. Raises RuleError for a doubled id, a rule without examples, or a bad pattern."""
    rules = tuple(rules)
    seen: set[str] = set()
    for rule in rules:
        if rule.id in seen:
            raise RuleError(f"rule id {rule.id!r} is used twice; ids are permanent, give the newer rule another one")
        if not rule.removes or not rule.keeps:
            raise RuleError(f"rule {rule.id!r} needs at least one example in removes and one in keeps")
        seen.add(rule.id)
    return RuleSet(
        rules=rules,
        line_rules=_pattern_set(rules, "line", re2.Set.FullMatchSet),
        sentence_rules=_pattern_set(rules, "sentence", re2.Set.FullMatchSet),
        inline_rules=_pattern_set(rules, "inline", re2.Set.SearchSet),
        inline_patterns={
            rule.id: _compile(rule, rule.look.regex)
            for rule in rules
            if isinstance(rule.look, Pattern) and rule.look.scope == "inline"
        },
        finders=tuple((rule, rule.look) for rule in rules if not isinstance(rule.look, Pattern)),
    )


def find_spans(page: Page, rules: RuleSet, *, patterns_only: bool = False) -> Iterator[Span]:
    """All spans that the rules find on a page; they may overlap, and their order means nothing.

    `patterns_only` leaves out the finders, which look at whole blocks.
    """
    for block, sentences in zip(page.lines, page.sentences, strict=True):
        if rules.line_rules is not None and len(block.text) <= _LONGEST_LINE_CHARS:
            yield from _whole(block, rules.line_rules)
        if rules.sentence_rules is not None:
            for part in sentences:
                if len(part.text) <= _LONGEST_SENTENCE_CHARS:
                    yield from _whole(part, rules.sentence_rules)
        if rules.inline_rules is not None:
            yield from _inside(block, rules)
    if patterns_only:
        return
    for rule, find in rules.finders:
        for start, end in find(page):
            yield Span(start, end, rule.kind, rule.id)


def _whole(part: Line, patterns: PatternSet) -> Iterator[Span]:
    for rule in patterns.matching(part.text):
        yield Span(part.start, part.end, rule.kind, rule.id)


def _inside(block: Line, rules: RuleSet) -> Iterator[Span]:
    assert rules.inline_rules is not None
    for rule in rules.inline_rules.matching(block.text):
        for match in rules.inline_patterns[rule.id].finditer(block.text):
            if match.end() > match.start():
                yield Span(block.start + match.start(), block.start + match.end(), rule.kind, rule.id)


def _options() -> re2.Options:
    options = re2.Options()
    options.case_sensitive = False
    options.log_errors = False
    options.max_mem = 128 << 20  # the sets' automata are built lazily; the default of 8 MB makes RE2 start over
    return options


def _compile(rule: Rule, regex: str) -> re2._Regexp:
    try:
        return re2.compile(regex, _options())
    except re2.error as error:
        raise RuleError(f"rule {rule.id!r} has a pattern that RE2 does not take: {regex!r} ({error})") from error


def _pattern_set(rules: tuple[Rule, ...], scope: Scope, make: Callable[[re2.Options], re2.Set]) -> PatternSet | None:
    chosen = tuple((r, r.look) for r in rules if isinstance(r.look, Pattern) and r.look.scope == scope)
    if not chosen:
        return None
    matcher = make(_options())
    for rule, look in chosen:
        _compile(rule, look.regex)  # names the rule where the pattern is bad
        matcher.Add(look.regex)
    matcher.Compile()
    vetoes = tuple(_compile(rule, look.unless) if look.unless else None for rule, look in chosen)
    found = tuple(rule for rule, _ in chosen)

    @lru_cache(maxsize=_REMEMBERED_TEXTS)
    def matching(text: str) -> tuple[Rule, ...]:
        hits = matcher.Match(text) or ()  # None when nothing matches
        return tuple(found[i] for i in hits if (veto := vetoes[i]) is None or not veto.search(text))

    return PatternSet(found, matching)
