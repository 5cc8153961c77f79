"""A user's own data checks, from a TOML file: read and tried on empty tables before the run begins.

Every query is bound to the tables that there will be, so a wrong name or a slip in SQL is told now and not after an
hour of cleaning. What the checks find is for `warehouse.user_checks` to say.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from reprlib import repr as shown

import duckdb

from transforms.types import WinnowError
from warehouse.errors import QueryError
from warehouse.records import Severity
from warehouse.user_checks import UserCheck, bind, shapes

MOST_CHECKS = 200
MOST_FILE_BYTES = 1_000_000
MEASURES = (
    *("records", "articles", "quarantined_ratio", "duplicate_ratio", "undated_ratio", "padded_ratio", "quality"),
    *("median_words", "removed_ratio"),
)
_SEVERITIES: dict[str, Severity] = {"critical": "critical", "warning": "warning", "info": "info"}
_FIELDS = ("id", "severity", "note", "sql", "column", "metric", "min", "max", "mostly")
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_COLUMN = re.compile(r"([a-z_][a-z0-9_]*)\.([a-z_][a-z0-9_]*)")


class CheckFileError(WinnowError):
    """A file of checks that cannot be used: file, check, field, value, and what would be allowed."""


def load_checks(path: str | Path) -> tuple[UserCheck, ...]:
    """The checks of a file, each tried. Raises CheckFileError."""
    try:
        with Path(path).open("rb") as stream:
            content = stream.read(MOST_FILE_BYTES + 1)
    except OSError as error:
        reason = error.strerror or error
        raise CheckFileError(f"{path}: cannot be read: {reason}; name a TOML file of checks") from error
    if len(content) > MOST_FILE_BYTES:
        raise CheckFileError(f"{path}: has more than {MOST_FILE_BYTES} bytes; is it a file of checks?")
    try:
        return parse_checks(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise CheckFileError(f"{path}: is no UTF-8 text (byte {error.start}); save it as UTF-8") from error
    except CheckFileError as error:
        raise CheckFileError(f"{path}: {error}") from error


def parse_checks(text: str) -> tuple[UserCheck, ...]:
    """The checks that a TOML text defines. Raises CheckFileError, naming check, field, value and what is allowed."""
    try:
        given = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise CheckFileError(f"is no TOML: {error}") from error
    tables = given.get("check", [])
    if unknown := sorted(given.keys() - {"check"}):
        raise CheckFileError(f"table {unknown[0]!r} is unknown; allowed is [[check]]")
    if not isinstance(tables, list) or not tables:
        raise CheckFileError("has no check; write [[check]] and its fields below, once a check")
    if len(tables) > MOST_CHECKS:
        raise CheckFileError(f"has {len(tables)} checks, at most {MOST_CHECKS} are allowed; join queries")
    checks: list[UserCheck] = []
    with shapes() as connection:
        for number, table in enumerate(tables, 1):
            try:
                checks.append(_check(table, {check.id for check in checks}))
                _try(connection, checks[-1])
            except (CheckFileError, QueryError) as error:
                name = table.get("id") if isinstance(table, dict) else None
                raise CheckFileError(f"check {number}{f' ({str(name)[:60]!r})' if name else ''}, {error}") from error
    return tuple(checks)


def _check(table: object, taken: set[str]) -> UserCheck:
    if not isinstance(table, dict):
        raise CheckFileError(f"field check: {shown(table)} is no table; write [[check]] and its fields below")
    if unknown := [name for name in table if name not in _FIELDS]:
        raise CheckFileError(f"field {unknown[0]}: there is no such field; allowed are {', '.join(_FIELDS)}")
    kinds = [name for name in ("sql", "column", "metric") if name in table]
    if len(kinds) != 1:
        raise CheckFileError(f"give one of sql, column and metric; given are {', '.join(kinds) or 'none'}")
    check_id, severity = _text(table, "id"), _text(table, "severity")
    if not _ID.fullmatch(check_id) or len(check_id) > 60:
        raise CheckFileError(f"field id: {check_id[:80]!r} is not allowed; at most 60 of a-z and 0-9, joined by -")
    if check_id in taken:
        raise CheckFileError(f"field id: {check_id!r} is the id of another check; choose a new one")
    if severity not in _SEVERITIES:
        raise CheckFileError(f"field severity: {severity!r} is not allowed; allowed are {', '.join(_SEVERITIES)}")
    least, most, mostly = _bounds(table, kinds[0])
    check = UserCheck(
        id=check_id,
        severity=_SEVERITIES[severity],
        note=_text(table, "note"),
        least=least,
        most=most,
        mostly=mostly,
        sql=_text(table, "sql") if "sql" in table else "",
        column=_text(table, "column") if "column" in table else "",
        metric=_text(table, "metric") if "metric" in table else "",
    )
    if check.column and not _COLUMN.fullmatch(check.column):
        raise CheckFileError(f"field column: {check.column[:80]!r} is not allowed; write table.column")
    if check.metric.isidentifier() and check.metric not in MEASURES:
        raise CheckFileError(
            f"field metric: {check.metric[:80]!r} is not allowed; allowed are {', '.join(MEASURES)}, or a query"
        )
    return check


def _bounds(table: Mapping[str, object], kind: str) -> tuple[float | None, float | None, float]:
    """The least and the most that are allowed, and of what share of the values."""
    least, most, mostly = (_number(table, name) for name in ("min", "max", "mostly"))
    if kind == "sql":
        if (least, most, mostly) != (None, None, None):
            raise CheckFileError("field min: bounds are for column and metric; sql must give no rows")
    elif least is None and most is None:
        raise CheckFileError("field min: it is missing; give min, max or both")
    if least is not None and most is not None and least > most:
        raise CheckFileError(f"field min: {least:g} is more than max {most:g}; exchange them")
    if mostly is not None and (kind != "column" or not 0 < mostly <= 1):
        raise CheckFileError(f"field mostly: {mostly:g} is not allowed; a share over 0, up to 1, of a column's values")
    return least, most, 1.0 if mostly is None else mostly


def _try(connection: duckdb.DuckDBPyConnection, check: UserCheck) -> None:
    """Bind what the check names. Raises QueryError or CheckFileError."""
    if check.sql:
        bind(connection, check.sql)
    elif check.column:
        table, _, column = check.column.partition(".")
        found = bind(connection, f"select {column} from {table}")  # noqa: S608 - two names, matched above
        if str(found.types[0]) not in _NUMBERS:
            raise CheckFileError(f"field column: {check.column} is {found.types[0]}; bounds are for numbers")
    elif not check.metric.isidentifier():
        found = bind(connection, check.metric)
        if len(found.columns) != 1 or str(found.types[0]).partition("(")[0] not in _NUMBERS:
            raise CheckFileError(f"field metric: the query gives {_kinds(found)}; it must give one number")


def _kinds(found: duckdb.DuckDBPyRelation) -> str:
    return ", ".join(f"{name} ({kind})" for name, kind in zip(found.columns, found.types, strict=True))


_NUMBERS = (
    *("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT"),
    *("FLOAT", "DOUBLE", "DECIMAL"),
)


def _text(table: Mapping[str, object], name: str) -> str:
    if name not in table:
        raise CheckFileError(f"field {name}: it is missing; needed are id, severity, note, and sql, column or metric")
    value = table[name]
    if not isinstance(value, str) or not value.strip():
        raise CheckFileError(f"field {name}: {shown(value)} is not allowed; give text in quotes")
    return value


def _number(table: Mapping[str, object], name: str) -> float | None:
    value = table.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value:  # noqa: PLR0124 - nan
        raise CheckFileError(f"field {name}: {shown(value)} is not allowed; give a number")
    return float(value)
