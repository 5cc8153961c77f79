"""What a rule is, and the scopes it can have.

A rule is data: an id (permanent, since ledgers hold it), the kind of artifact, what to look for, and its examples,
which are its tests: each of `removes`, set in a page, is taken out exactly; each of `keeps` is left alone by
every rule. Patterns are RE2 (linear in the text, whatever the text), case-insensitive.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

import re2

from transforms.page import Page, find_sentences
from transforms.source import SourceRule
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

    `opens` is an RE2 pattern for the whole opening line, of _LONGEST_OPENING_CHARS at most, or tells of any line by
    its text alone. `find` gets the page and the numbers of the lines that open, in order; there may be none.
    """

    opens: str | Callable[[str], bool]
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


# The rules whose patterns match a text: those of one scope as one RE2 set, a single pass over the text.
Matcher = Callable[[str], Sequence[Rule]]


@dataclass(frozen=True, slots=True)
class RuleSet:
    """Rules made ready to use, whether the line model follows them, and the user's names of sources.

    `finders` look at whole pages; `openings` and `opening_tests` tell which lines those of them start from that are
    blocks.
    """

    rules: tuple[Rule, ...]
    of_lines: Matcher
    of_sentences: Matcher
    inline: Matcher
    inline_patterns: dict[str, re2._Regexp]
    finders: tuple[Rule, ...]
    openings: Matcher
    opening_tests: tuple[tuple[Rule, Callable[[str], bool]], ...]
    uses_model: bool = True
    sources: tuple[SourceRule, ...] = ()


@dataclass(frozen=True, slots=True)
class LineFinds:
    """What is found in a line, whatever page it stands on: ranges within it, and the rules whose block it opens."""

    ranges: tuple[tuple[int, int, Rule], ...]
    opens: tuple[str, ...]


KnownLines = dict[str, LineFinds]
_NOTHING = LineFinds((), ())


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
    patterns = tuple((rule, rule.look) for rule in rules if isinstance(rule.look, Pattern))
    lines, sentences, inline = (
        tuple((rule, look.regex, look.unless) for rule, look in patterns if look.scope == scope)
        for scope in ("line", "sentence", "inline")
    )
    openings = tuple((rule, rule.look.opens) for rule in rules if isinstance(rule.look, Block))
    return RuleSet(
        rules=rules,
        of_lines=_matcher(lines, re2.Set.FullMatchSet),
        of_sentences=_matcher(sentences, re2.Set.FullMatchSet),
        inline=_matcher(inline, re2.Set.SearchSet),
        inline_patterns={rule.id: _compile(rule, regex) for rule, regex, _ in inline},
        finders=tuple(rule for rule in rules if not isinstance(rule.look, Pattern)),
        openings=_matcher([(r, opens, "") for r, opens in openings if isinstance(opens, str)], re2.Set.FullMatchSet),
        opening_tests=tuple((rule, opens) for rule, opens in openings if not isinstance(opens, str)),
    )


def find_spans(
    page: Page, rules: RuleSet, *, patterns_only: bool = False, known: KnownLines | None = None
) -> Iterator[Span]:
    """All spans that the rules find on a page; they may overlap, and their order means nothing.

    `patterns_only` leaves out what looks at whole blocks. `known` remembers, from one page to the next with the same
    rules, what was found in a line: most lines stand on both.
    """
    known = {} if known is None else known
    opened: dict[str, list[int]] = {rule.id: [] for rule in rules.finders}
    for line in page.lines:
        found = known.get(line.text)
        if found is None:
            found = known[line.text] = _find_in_line(line.text, rules)
        if found is _NOTHING:
            continue
        for start, end, rule in found.ranges:
            yield Span(line.start + start, line.start + end, rule.kind, rule.id)
        for rule_id in found.opens:
            opened[rule_id].append(line.number)
    if patterns_only:
        return
    for rule in rules.finders:
        assert not isinstance(rule.look, Pattern)
        ranges = rule.look.find(page, opened[rule.id]) if isinstance(rule.look, Block) else rule.look(page)
        for start, end in ranges:
            yield Span(start, end, rule.kind, rule.id)


def _find_in_line(text: str, rules: RuleSet) -> LineFinds:
    ranges: list[tuple[int, int, Rule]] = []
    opens = [rule.id for rule, test in rules.opening_tests if test(text)]
    if len(text) <= _LONGEST_OPENING_CHARS:
        opens += (rule.id for rule in rules.openings(text))
    if len(text) <= _LONGEST_LINE_CHARS:
        ranges += ((0, len(text), rule) for rule in rules.of_lines(text))
    for start, end in find_sentences(text):
        if end - start <= _LONGEST_SENTENCE_CHARS:
            ranges += ((start, end, rule) for rule in rules.of_sentences(text[start:end]))
    for rule in rules.inline(text):
        matches = rules.inline_patterns[rule.id].finditer(text)
        ranges += ((match.start(), match.end(), rule) for match in matches if match.end() > match.start())
    if ranges:
        return LineFinds(tuple(ranges), tuple(opens))
    return _opens_only(tuple(opens)) if opens else _NOTHING


@cache  # a few for all lines: on a page of a million labels each would take memory of its own
def _opens_only(ids: tuple[str, ...]) -> LineFinds:
    return LineFinds((), ids)


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


def _matcher(patterns: Sequence[tuple[Rule, str, str]], make: Callable[[re2.Options], re2.Set]) -> Matcher:
    """Tells which of these rules match a text and are not vetoed; each with its pattern and its veto, or nothing."""
    if not patterns:
        return lambda _: ()
    one = make(_options())
    for rule, regex, _ in patterns:
        _compile(rule, regex)  # names the rule where the pattern is bad
        one.Add(regex)
    one.Compile()
    rules = tuple(rule for rule, _, _ in patterns)
    vetoes = tuple(_compile(rule, unless) if unless else None for rule, _, unless in patterns)

    def matching(text: str) -> Sequence[Rule]:
        hits = one.Match(text)
        if not hits:
            return ()
        return tuple(rules[i] for i in hits if (veto := vetoes[i]) is None or not veto.search(text))

    return matching
