"""What a rule is, and the scopes it can have.

A rule is data: an id (permanent, since ledgers hold it), the kind of artifact, what to look for, and its examples,
which are its tests: each of `removes`, set in a page, is taken out exactly; each of `keeps` is left alone by
every rule. Patterns are RE2 (linear in the text, whatever the text), case-insensitive.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import re2

from transforms.page import Page, find_sentences
from transforms.types import Kind, Span, WinnowError

# Longer lines and sentences are prose, not furniture; the bound lets patterns say `.*` and not `.{0,300}`, which would
# make large automata.
_LONGEST_LINE_CHARS = 1_500
_LONGEST_SENTENCE_CHARS = 500
_LONGEST_OPENING_CHARS = 300

Scope = Literal["line", "sentence", "inline"]
Range = tuple[int, int]  # [start, end) in page.text
Finder = Callable[[Page], Iterable[Range]]

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
class Block:
    """Lines that belong together, found from the line that opens them: a heading, a label, a name.

    `opens` is an RE2 pattern for the whole opening line, of _LONGEST_OPENING_CHARS at most. `find` gets the page and
    the numbers of the lines that `opens` matches, in order; there may be none.
    """

    opens: str
    find: Callable[[Page, Sequence[int]], Iterable[Range]]


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of artifact, how it is found, and the examples that prove it."""

    id: str
    kind: Kind
    look: Pattern | Block | Finder
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

    `matching` gives the rules whose pattern matches a text and whose veto does not.
    """

    rules: tuple[Rule, ...]
    matching: Callable[[str], Sequence[Rule]]


@dataclass(frozen=True, slots=True)
class RuleSet:
    """Rules made ready to use, and whether the line model follows them."""

    rules: tuple[Rule, ...]
    line_rules: PatternSet
    sentence_rules: PatternSet
    inline_rules: PatternSet
    inline_patterns: dict[str, re2._Regexp]
    opening_rules: PatternSet
    finders: tuple[Rule, ...]
    uses_model: bool = True


@dataclass(frozen=True, slots=True)
class LineFinds:
    """What patterns find in a line, whatever page it stands on: ranges within it, and rules whose block it opens."""

    ranges: tuple[tuple[int, int, Rule], ...] = ()
    opens: tuple[Rule, ...] = ()


KnownLines = dict[str, LineFinds]
_NOTHING = LineFinds()


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
    of_scope: dict[str, list[tuple[Rule, str, str]]] = {"line": [], "sentence": [], "inline": [], "opening": []}
    for rule in rules:
        if isinstance(rule.look, Pattern):
            of_scope[rule.look.scope].append((rule, rule.look.regex, rule.look.unless))
        elif isinstance(rule.look, Block):
            of_scope["opening"].append((rule, rule.look.opens, ""))
    return RuleSet(
        rules=rules,
        line_rules=_pattern_set(of_scope["line"], re2.Set.FullMatchSet),
        sentence_rules=_pattern_set(of_scope["sentence"], re2.Set.FullMatchSet),
        inline_rules=_pattern_set(of_scope["inline"], re2.Set.SearchSet),
        inline_patterns={rule.id: _compile(rule, regex) for rule, regex, _ in of_scope["inline"]},
        opening_rules=_pattern_set(of_scope["opening"], re2.Set.FullMatchSet),
        finders=tuple(rule for rule in rules if not isinstance(rule.look, Pattern)),
    )


def find_spans(
    page: Page, rules: RuleSet, *, patterns_only: bool = False, known: KnownLines | None = None
) -> Iterator[Span]:
    """All spans that the rules find on a page; they may overlap, and their order means nothing.

    `patterns_only` leaves out what looks at whole blocks. `known` remembers, from one page to the next with the same
    rules, what was found in a line: most lines stand on both.
    """
    known = {} if known is None else known
    opened: dict[str, list[int]] = {}
    for line in page.lines:
        found = known.get(line.text)
        if found is None:
            found = known[line.text] = _find_in_line(line.text, rules)
        if found is _NOTHING:
            continue
        for start, end, rule in found.ranges:
            yield Span(line.start + start, line.start + end, rule.kind, rule.id)
        for rule in found.opens:
            opened.setdefault(rule.id, []).append(line.number)
    if patterns_only:
        return
    for rule in rules.finders:
        assert not isinstance(rule.look, Pattern)
        ranges = rule.look.find(page, opened.get(rule.id, ())) if isinstance(rule.look, Block) else rule.look(page)
        for start, end in ranges:
            yield Span(start, end, rule.kind, rule.id)


def _find_in_line(text: str, rules: RuleSet) -> LineFinds:
    ranges: list[tuple[int, int, Rule]] = []
    opens: Sequence[Rule] = ()
    if len(text) <= _LONGEST_LINE_CHARS:
        ranges += ((0, len(text), rule) for rule in rules.line_rules.matching(text))
    if len(text) <= _LONGEST_OPENING_CHARS:
        opens = rules.opening_rules.matching(text)
    for start, end in find_sentences(text):
        if end - start <= _LONGEST_SENTENCE_CHARS:
            ranges += ((start, end, rule) for rule in rules.sentence_rules.matching(text[start:end]))
    for rule in rules.inline_rules.matching(text):
        matches = rules.inline_patterns[rule.id].finditer(text)
        ranges += ((match.start(), match.end(), rule) for match in matches if match.end() > match.start())
    return LineFinds(tuple(ranges), tuple(opens)) if ranges or opens else _NOTHING


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


def _pattern_set(patterns: Sequence[tuple[Rule, str, str]], make: Callable[[re2.Options], re2.Set]) -> PatternSet:
    """One set of rules with their patterns and vetoes."""
    rules = tuple(rule for rule, _, _ in patterns)
    if not rules:
        return PatternSet((), lambda _: ())
    matcher = make(_options())
    for rule, regex, _ in patterns:
        _compile(rule, regex)  # names the rule where the pattern is bad
        matcher.Add(regex)
    matcher.Compile()
    vetoes = tuple(_compile(rule, unless) if unless else None for rule, _, unless in patterns)

    def matching(text: str) -> Sequence[Rule]:
        hits = matcher.Match(text)
        if not hits:
            return ()
        return tuple(rules[i] for i in hits if (veto := vetoes[i]) is None or not veto.search(text))

    return PatternSet(rules, matching)
