"""What a rule is, and the scopes it can have.

A rule is data: an id (permanent, since ledgers hold it), the kind of artifact, what to look for, and its examples,
which are its tests: each of `removes`, set in a page, is taken out exactly; each of `keeps` is left alone by
every rule. Patterns are RE2 (linear in the text, whatever the text), case-insensitive.
"""

from __future__ import annotations

import re
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

# What stands before a sentence, in a text or a line, as find_sentences has it; white space as Python's \s, not RE2's.
_SPACE = r"[\s\v\x1c-\x1f\x85\pZ]*"
_SENTENCE_BEGINS = rf"(?:(?:^|\n){_SPACE}|[.!?…。！？][\"”’»)\]」』）]*{_SPACE})"
_ANCHOR = re.compile(r"[\^$]|\\[AzB]")
_NO_ANCHOR = re.compile(r"\\[^AzB]|\[\^?\]?(?:\\.|[^\]\\])*\]")  # an escaped character, a class

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


# The rules whose patterns match a text: many at once as one RE2 set, a single pass over the text.
Matcher = Callable[[str], Sequence[Rule]]


@dataclass(frozen=True, slots=True)
class RuleSet:
    """Rules made ready to use, whether the line model follows them, and the user's names of sources.

    `of_lines` has the patterns for whole lines and for places within one; `inline` has the latter alone, which are
    looked for in the longest lines too. `may_have_sentence` is a quick look at a line, or at a text of many: most have
    no sentence that is worth cutting out. `finders` look at whole pages; `openings` and `opening_tests` tell which
    lines those of them start from that are blocks.
    """

    rules: tuple[Rule, ...]
    of_lines: Matcher
    inline: Matcher
    of_sentences: Matcher
    may_have_sentence: Callable[[str], bool]
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
    lines, sentences, inline = (
        tuple((rule, rule.look) for rule in rules if isinstance(rule.look, Pattern) and rule.look.scope == scope)
        for scope in ("line", "sentence", "inline")
    )
    blocks = tuple((rule, rule.look) for rule in rules if isinstance(rule.look, Block))
    openings = tuple((rule, Pattern("line", look.opens)) for rule, look in blocks if isinstance(look.opens, str))
    return RuleSet(
        rules=rules,
        of_lines=_matcher((*lines, *inline)),
        inline=_matcher(inline),
        of_sentences=_matcher(sentences),
        may_have_sentence=_quick_look([look.regex for _, look in sentences]),
        inline_patterns={rule.id: _compile(rule, look.regex) for rule, look in inline},
        finders=tuple(rule for rule in rules if not isinstance(rule.look, Pattern)),
        openings=_matcher(openings),
        opening_tests=tuple((rule, look.opens) for rule, look in blocks if not isinstance(look.opens, str)),
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
    has_sentence: bool | None = None
    for line in page.lines:
        found = known.get(line.text)
        if found is None:
            if has_sentence is None:  # one look at the text spares most pages one at each line
                has_sentence = rules.may_have_sentence(page.text)
            found = known[line.text] = _find_in_line(line.text, rules, has_sentence=has_sentence)
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


def _find_in_line(text: str, rules: RuleSet, *, has_sentence: bool) -> LineFinds:
    ranges: list[tuple[int, int, Rule]] = []
    opens = [rule.id for rule, test in rules.opening_tests if test(text)]
    matching = rules.of_lines if len(text) <= _LONGEST_LINE_CHARS else rules.inline
    if len(text) <= _LONGEST_OPENING_CHARS:
        opens += (rule.id for rule in rules.openings(text))
    for rule in matching(text):
        if rule.id in rules.inline_patterns:
            matches = rules.inline_patterns[rule.id].finditer(text)
            ranges += ((match.start(), match.end(), rule) for match in matches if match.end() > match.start())
        else:
            ranges.append((0, len(text), rule))
    if has_sentence and rules.may_have_sentence(text):
        for start, end in find_sentences(text):
            if end - start <= _LONGEST_SENTENCE_CHARS:
                ranges += ((start, end, rule) for rule in rules.of_sentences(text[start:end]))
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


def _matcher(patterns: Sequence[tuple[Rule, Pattern]]) -> Matcher:
    """Tells which of these rules match a text and are not vetoed: all of it, or for inline patterns any place."""
    if not patterns:
        return lambda _: ()
    one = re2.Set.SearchSet(_options())
    for rule, look in patterns:
        _compile(rule, look.regex)  # names the rule where the pattern is bad
        one.Add(look.regex if look.scope == "inline" else f"^(?:{look.regex})$")
    one.Compile()
    rules = tuple(rule for rule, _ in patterns)
    vetoes = tuple(_compile(rule, look.unless) if look.unless else None for rule, look in patterns)

    def matching(text: str) -> Sequence[Rule]:
        hits = one.Match(text)
        if not hits:
            return ()
        return tuple(rules[i] for i in hits if (veto := vetoes[i]) is None or not veto.search(text))

    return matching


def _quick_look(regexes: Sequence[str]) -> Callable[[str], bool]:
    """Whether one of these patterns matches where a sentence may begin; it is sometimes wrong in yes, never in no."""
    if not regexes:
        return lambda _: False
    # An anchor means the sentence, and where that begins and ends is not known here.
    if any(_ANCHOR.search(_NO_ANCHOR.sub("", regex)) for regex in regexes):
        return lambda _: True
    # Many states of one automaton are pairs of states of its patterns: two automata have a third of them, and what is
    # read first, while states are made, is read in less time.
    halves = [re2.Set.SearchSet(_options()) for _ in range(2)]
    for at, half in enumerate(halves):
        half.Add(f"{_SENTENCE_BEGINS}(?:{'|'.join(f'(?:{regex})' for regex in regexes[at::2])})")
        half.Compile()
    return lambda text: halves[0].Match(text) is not None or halves[1].Match(text) is not None
