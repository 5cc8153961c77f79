"""Checks of a rule that a user wrote, before it may touch a text: its pattern, its examples, its reach."""

from __future__ import annotations

import re2

from transforms.page import Page
from transforms.rule import Pattern, Rule, RuleError, RuleSet, compile_rules, find_spans

MOST_PATTERN_CHARS = 1_000
MOST_EXAMPLE_CHARS = 500  # longer sentences no rule looks at
_PATTERN_BYTES = 1 << 20  # what RE2 may need for one; all of them share a set with a bound of its own

# The page that an example is set in. A pattern that takes any of these lines takes articles.
_BEFORE = "\n\n".join(
    (
        "A new pier for the north",
        "The harbour council met on Tuesday to vote on the budget. It took six hours, and the hall was full.",
        "“We have waited long enough,” said Brigid Moll, who has sold tickets there for thirty years.",
    )
)
_AFTER = "\n\n".join(
    (
        "The last boat leaves at 21:40",
        "Work on the northern pier begins in 2027 and costs 9.5 million crowns. The harbour master expects no delay.",
    )
)


def check_rule(rule: Rule, written: str) -> None:
    """Raise RuleError, naming the field and the value, unless pattern and examples of `rule` prove it fit for use.

    `written` is the pattern as the user wrote it; that of `rule` has what its scope puts around it.

    Set in a page of neutral lines, each of `removes` is taken out to the character (white space aside) and nothing
    beside it; each of `keeps`, as a line of its own and inside a paragraph, is left alone by this rule.
    """
    assert isinstance(rule.look, Pattern)
    _check_pattern("pattern", written)
    if rule.look.unless:
        _check_pattern("unless", rule.look.unless)
    _check_sizes("removes", rule.removes)
    _check_sizes("keeps", rule.keeps)
    compiled = compile_rules((rule,))
    page = f"{_BEFORE}\n\n{_AFTER}"
    if taken := _taken(page, compiled):
        raise RuleError(f"field pattern: it takes ordinary text too: {_pieces(page, taken)}; make it narrower")
    for example in rule.removes:
        page = f"{_BEFORE}\n\n{example}\n\n{_AFTER}"
        start = len(_BEFORE) + 2
        wanted = {at for at in range(start, start + len(example)) if not page[at].isspace()}
        taken = _taken(page, compiled)
        if taken != wanted:
            got = _pieces(page, taken) if taken else "nothing"
            raise RuleError(
                f"field removes: {example!r} must be taken out whole, but the rule takes {got}; "
                f"change the pattern{_hint(rule.look)} or the example"
            )
    for example in rule.keeps:
        for page in (f"{_BEFORE}\n\n{example}\n\n{_AFTER}", f"{_BEFORE} {example}\n\n{_AFTER}"):
            if taken := _taken(page, compiled):
                raise RuleError(
                    f"field keeps: {example!r} must be left alone, but the rule takes {_pieces(page, taken)}; "
                    "make the pattern narrower, use unless, or change the example"
                )


def compile_together(rules: tuple[Rule, ...]) -> RuleSet:
    """Rules made ready to use. Raises RuleError where the rules, each fit by itself, do not fit into one set."""
    try:
        return compile_rules(rules)
    except re2.error as error:
        raise RuleError(
            f"the {len(rules)} rules are too large together ({error}); shorten counted repetitions such as {{1,500}}"
        ) from error


def _check_pattern(field: str, regex: str) -> None:
    if len(regex) > MOST_PATTERN_CHARS:
        raise RuleError(
            f"field {field}: it has {len(regex)} characters, at most {MOST_PATTERN_CHARS} are allowed; make two rules"
        )
    options = re2.Options()
    options.log_errors = False
    options.max_mem = _PATTERN_BYTES
    try:
        empty = re2.compile(regex, options).fullmatch("")
    except re2.error as error:
        reason = error.args[0].decode(errors="replace") if isinstance(error.args[0], bytes) else str(error)
        raise RuleError(
            f"field {field}: RE2 does not take {regex!r}: {reason}; it has no look-around and no back-references"
        ) from error
    if empty:
        raise RuleError(f"field {field}: {regex!r} matches the empty text, so it would match anywhere; require a word")


def _check_sizes(field: str, examples: tuple[str, ...]) -> None:
    for example in examples:
        if not example.strip():
            raise RuleError(f"field {field}: {example!r} is an empty example; give text such as a page shows")
        if len(example) > MOST_EXAMPLE_CHARS:
            raise RuleError(
                f"field {field}: the example {example[:40]!r}… has {len(example)} characters, "
                f"at most {MOST_EXAMPLE_CHARS} are allowed; shorten it"
            )


def _taken(page: str, rules: RuleSet) -> set[int]:
    """The places of `page`, white space aside, that the rules take."""
    spans = find_spans(Page(page), rules)
    return {at for span in spans for at in range(span.start, span.end) if not page[at].isspace()}


def _pieces(page: str, taken: set[int]) -> str:
    """The text at these places, shortened; gaps of white space only are bridged."""
    pieces: list[str] = []
    start = end = min(taken)
    for at in sorted(taken):
        if page[end:at].strip():
            pieces.append(page[start:end])
            start = at
        end = at + 1
    pieces.append(page[start:end])
    shown = " … ".join(pieces)
    return repr(shown if len(shown) <= 120 else shown[:120] + "…")


def _hint(look: Pattern) -> str:
    whole = {"line": "the whole line", "sentence": "the whole sentence"}.get(look.scope)
    return f" (scope {look.scope!r} means that it matches {whole})" if whole else ""
