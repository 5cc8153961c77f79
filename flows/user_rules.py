"""A user's own rules, from a TOML file: read once, checked whole, then used beside the built-in ones.

Workers get the text of the file, not its path, so that all of them use the same rules, and those that the ruleset
version names, even where the file is changed while they run.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from reprlib import repr as shown
from typing import cast, get_args

from flows.source_rules import parse_source_rules
from transforms.check_rules import check_rule, compile_together
from transforms.rule import Pattern, Rule, RuleError, RuleSet, line, sentence
from transforms.types import Kind

# Bounds: far beyond what a person writes, far below what would slow cleaning down.
MOST_RULES = 200
MOST_EXAMPLES = 50
MOST_ID_CHARS = 60
MOST_FILE_BYTES = 1_000_000

KINDS: tuple[str, ...] = tuple(kind for kind in get_args(Kind) if kind != "tidy")
SCOPES = ("line", "sentence", "inline")
_NEEDED = ("id", "kind", "scope", "pattern", "removes", "keeps")
_FIELDS = (*_NEEDED, "unless")
LINE_MODEL = "line-model"  # can be switched off like a rule
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_RESERVED = ("tidy-", "line-model", "template")  # what writes ledger entries without being a rule


@dataclass(frozen=True, slots=True)
class RuleFile:
    """What a rule file holds; its path is for messages."""

    path: str
    text: str


def read_rule_file(path: str | Path) -> RuleFile:
    """Read a rule file; nothing is checked yet. Raises RuleError where it cannot be read as text."""
    try:
        with Path(path).open("rb") as stream:
            content = stream.read(MOST_FILE_BYTES + 1)
    except OSError as error:
        raise RuleError(f"{path}: cannot be read: {error.strerror or error}; name a TOML file of rules") from error
    if len(content) > MOST_FILE_BYTES:
        raise RuleError(f"{path}: has more than {MOST_FILE_BYTES} bytes; is it a file of rules?")
    try:
        return RuleFile(str(path), content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise RuleError(f"{path}: is no UTF-8 text (byte {error.start}); save it as UTF-8") from error


def load_rules(path: str | Path) -> RuleSet:
    """The built-in rules, less those that the file switches off, and the file's own. Raises RuleError."""
    return rules_of(read_rule_file(path))


@cache
def rules_of(file: RuleFile | None) -> RuleSet:
    """Ready to use: the rules with `file`, or the built-in ones. Made once a process. Raises RuleError."""
    from transforms.rules import COMPILED, RULES  # noqa: PLC0415 - compiling them is the workers' to do

    if file is None:
        return COMPILED
    try:
        own, switched_off = parse_rules(file.text, built_in=tuple(rule.id for rule in RULES))
        rules = compile_together((*(rule for rule in RULES if rule.id not in switched_off), *own))
        return replace(rules, uses_model=LINE_MODEL not in switched_off, sources=parse_source_rules(file.text))
    except RuleError as error:
        raise RuleError(f"{file.path}: {error}") from error


def parse_rules(text: str, *, built_in: tuple[str, ...]) -> tuple[tuple[Rule, ...], frozenset[str]]:
    """The rules that a TOML text defines, checked against their examples, and the built-in ids it switches off.

    Raises RuleError, naming rule, field, value and what would be allowed.
    """
    try:
        given = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise RuleError(f"is no TOML: {error}") from error
    if unknown := sorted(given.keys() - {"rule", "source", "switch_off"}):
        raise RuleError(f"table {unknown[0]!r} is unknown; allowed are [[rule]], [[source]] and [switch_off]")
    tables = given.get("rule", [])
    if not isinstance(tables, list):
        raise RuleError("[rule] must be [[rule]], one such table a rule")
    if len(tables) > MOST_RULES:
        raise RuleError(f"has {len(tables)} rules, at most {MOST_RULES} are allowed; join patterns with |")
    rules: list[Rule] = []
    for number, table in enumerate(tables, 1):
        try:
            rules.append(_rule(table, taken=(*built_in, *(rule.id for rule in rules))))
        except RuleError as error:
            name = table.get("id") if isinstance(table, dict) else None
            raise RuleError(f"rule {number}{f' ({str(name)[:MOST_ID_CHARS]!r})' if name else ''}, {error}") from error
    return tuple(rules), _switched_off(given.get("switch_off", {}), (*built_in, LINE_MODEL))


def _rule(table: object, *, taken: tuple[str, ...]) -> Rule:
    if not isinstance(table, dict):
        raise RuleError(f"field rule: {shown(table)} is no table; write [[rule]] and its fields below")
    if unknown := [name for name in table if name not in _FIELDS]:
        raise RuleError(f"field {unknown[0]}: there is no such field; allowed are {', '.join(_FIELDS)}")
    if missing := [name for name in _NEEDED if name not in table]:
        raise RuleError(f"field {missing[0]}: it is missing; needed are {', '.join(_NEEDED)}")
    rule_id = _id(_text(table, "id"), taken)
    kind, scope, regex = table["kind"], table["scope"], _text(table, "pattern")
    if kind not in KINDS:
        raise RuleError(f"field kind: {shown(kind)} is not allowed; allowed are {', '.join(KINDS)}")
    unless = _text(table, "unless") if table.get("unless", "") != "" else ""
    if scope == "line":
        look = line(regex, unless=unless)
    elif scope == "sentence":
        look = sentence(regex, unless=unless)
    elif scope == "inline":
        look = Pattern("inline", regex, unless)
    else:
        raise RuleError(f"field scope: {shown(scope)} is not allowed; allowed are {', '.join(SCOPES)}")
    rule = Rule(rule_id, cast("Kind", kind), look, _examples(table, "removes"), _examples(table, "keeps"))
    check_rule(rule, written=regex)
    return rule


def _id(given: str, taken: tuple[str, ...]) -> str:
    if not _ID.fullmatch(given) or len(given) > MOST_ID_CHARS:
        raise RuleError(
            f"field id: {given[:80]!r} is not allowed; at most {MOST_ID_CHARS} of a-z and 0-9, in words joined by -"
        )
    if given in taken:
        raise RuleError(f"field id: {given!r} is the id of another rule; ids are permanent, choose a new one")
    if given.startswith(_RESERVED):
        raise RuleError(f"field id: {given!r} begins with one of {', '.join(_RESERVED)}, which are Winnow's; change it")
    return given


def _text(table: dict[str, object], name: str) -> str:
    value = table[name]
    if not isinstance(value, str) or not value:
        raise RuleError(f"field {name}: {shown(value)} is not allowed; give text in quotes")
    return value


def _examples(table: dict[str, object], name: str) -> tuple[str, ...]:
    value = table[name]
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise RuleError(
            f'field {name}: {shown(value)} is not allowed; give a list of texts, such as ["Markets live: up"]'
        )
    if not 0 < len(value) <= MOST_EXAMPLES:
        raise RuleError(f"field {name}: {len(value)} examples; give 1 to {MOST_EXAMPLES}")
    return tuple(value)


def _switched_off(table: object, built_in: tuple[str, ...]) -> frozenset[str]:
    if not isinstance(table, dict) or set(table) - {"rules"}:
        raise RuleError("[switch_off] holds one field: rules, a list of ids of built-in rules")
    ids = table.get("rules", [])
    if not isinstance(ids, list) or not all(isinstance(item, str) for item in ids):
        raise RuleError(f"[switch_off], field rules: {shown(ids)} is not allowed; give a list of ids of built-in rules")
    if unknown := sorted(set(ids) - set(built_in)):
        raise RuleError(
            f"[switch_off], field rules: {unknown[0]!r} is no built-in rule; built-in are {', '.join(sorted(built_in))}"
        )
    return frozenset(ids)
