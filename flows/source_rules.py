"""A user's own sources: `[[source]]` tables of the rule file, checked whole before anything is read."""

from __future__ import annotations

import re
import tomllib
from reprlib import repr as shown

import re2

from transforms.check_rules import MOST_PATTERN_CHARS
from transforms.rule import RuleError
from transforms.source import MOST_NAME_CHARS, SourceRule, compiled

MOST_SOURCES = 1_000  # as many patterns are kept compiled
_FIELDS = ("name", "pattern")
_GROUP = re.compile(r"\\(\d)")


def parse_source_rules(text: str) -> tuple[SourceRule, ...]:
    """The `[[source]]` tables of a TOML text, in order; the first that matches a document names its source.

    Raises RuleError, naming table, field, value and what would be allowed. The text is valid TOML.
    """
    tables = tomllib.loads(text).get("source", [])
    if not isinstance(tables, list):
        raise RuleError("[source] must be [[source]], one such table a source")
    if len(tables) > MOST_SOURCES:
        raise RuleError(f"has {len(tables)} sources, at most {MOST_SOURCES} are allowed; join patterns with |")
    return tuple(_source(number, table) for number, table in enumerate(tables, 1))


def _source(number: int, table: object) -> SourceRule:
    if not isinstance(table, dict):
        raise RuleError(f"source {number}: {shown(table)} is no table; write [[source]] and its fields below")
    for name in (*table, *_FIELDS):
        if name not in _FIELDS or name not in table:
            what = "it is missing" if name in _FIELDS else "there is no such field"
            raise RuleError(f"source {number}, field {name}: {what}; give {' and '.join(_FIELDS)}, and nothing else")
        if not isinstance(table[name], str) or not table[name].strip():
            raise RuleError(f"source {number}, field {name}: {shown(table[name])} is not allowed; give text in quotes")
    name, pattern = table["name"], table["pattern"]
    for field, value, most in (("name", name, MOST_NAME_CHARS), ("pattern", pattern, MOST_PATTERN_CHARS)):
        if len(value) > most:
            raise RuleError(
                f"source {number}, field {field}: it has {len(value)} characters, at most {most} are allowed"
            )
    if not name.isprintable():
        raise RuleError(f"source {number}, field name: {name!r} has control characters; leave them out")
    _check_groups(number, name, groups=_groups(number, pattern))
    return SourceRule(pattern, name)


def _groups(number: int, pattern: str) -> int:
    try:
        groups = int(compiled(pattern).groups)
    except re2.error as error:
        reason = error.args[0].decode(errors="replace") if isinstance(error.args[0], bytes) else str(error)
        raise RuleError(
            f"source {number}, field pattern: RE2 does not take {pattern!r}: {reason}; "
            "it has no look-around and no back-references"
        ) from error
    if compiled(pattern).fullmatch(""):
        raise RuleError(f"source {number}, field pattern: {pattern!r} matches the empty text; require a word")
    return groups


def _check_groups(number: int, name: str, *, groups: int) -> None:
    used = [int(group) for group in _GROUP.findall(name)]
    if used and max(used) > groups:
        raise RuleError(
            f"source {number}, field name: {name!r} uses group {max(used)}, the pattern has {groups}; put (...) into it"
        )
    if "\\" in _GROUP.sub("", name):
        raise RuleError(f"source {number}, field name: {name!r} has a backslash; only \\0 to \\9 are allowed")
