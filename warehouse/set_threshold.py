"""Moving the bound of a filter: the user's word, which later runs keep and the views follow at once."""

from __future__ import annotations

import math

import duckdb

from warehouse.errors import WarehouseError

_BOUNDS = "select fails_when, bound from thresholds where filter = $filter and measure = $measure order by all"
_MOVE = """
update thresholds
set bound = $bound
where filter = $filter and measure = $measure and fails_when = $fails_when
"""


def set_threshold(
    connection: duckdb.DuckDBPyConnection, rule: str, *, fails_when: str | None = None, bound: float
) -> float:
    """Set the bound of `rule`, a filter and a measure such as "gopher_quality.words"; returns the bound it had.

    `fails_when` (<, <=, > or >=) is needed where a measure has a bound on either side. Raises WarehouseError for a
    rule that is not there, for one of two bounds without its side, and for a bound that is no finite number.
    """
    name, _, measure = rule.partition(".")
    found = connection.execute(_BOUNDS, {"filter": name, "measure": measure}).fetchall()
    sides = [side for side, _ in found]
    if not found:
        raise WarehouseError(
            f"threshold {rule!r} is not there: `winnow thresholds` shows them all. Nothing was changed."
        )
    if fails_when not in (sides if len(sides) > 1 else (None, *sides)):
        raise WarehouseError(
            f"threshold {rule!r} has a bound for each of {', '.join(sides)}, not for {fails_when or 'no sign'}: "
            f"write it as {rule}{sides[0]}{bound:g}. Nothing was changed."
        )
    if not math.isfinite(bound):
        raise WarehouseError(f"threshold {rule!r}: {bound} is no finite number. Nothing was changed.")
    side, before = next(pair for pair in found if fails_when in (None, pair[0]))
    connection.execute(_MOVE, {"filter": name, "measure": measure, "fails_when": side, "bound": bound})
    return float(before)
