"""`winnow thresholds`: the bounds of all filters with how many articles fail them, and moving one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from warehouse.connect import connect_reader, connect_writer, transaction
from warehouse.errors import WarehouseError
from warehouse.lake import is_there
from warehouse.migrate import migrate
from warehouse.set_threshold import set_threshold
from warehouse.snapshot import renew_snapshot

_CHANGE = re.compile(r"([a-z0-9_]+\.[a-z0-9_]+)(<=|>=|<|>|=)(-?[0-9.]+)")
_SHOWN = """
select t.filter, t.measure, t.fails_when, t.bound, t.languages, t.source,
  count(*) filter (verdict = 'failed'), count(*) filter (verdict in ('passed', 'failed'))
from thresholds as t
left join filter_verdicts as v using (filter, measure, fails_when)
group by all
order by t.filter, t.measure, t.fails_when
"""


def show_thresholds(warehouse: Path) -> None:
    """Print every threshold and how many articles fail it. Raises what opening the warehouse raises."""
    with connect_reader(warehouse) as connection:
        if ("thresholds",) not in connection.execute("select table_name from duckdb_tables()").fetchall():
            raise WarehouseError(f"{warehouse}: it has no thresholds yet. The next `winnow run` into it makes them.")
        rows = connection.execute(_SHOWN).fetchall()
    table = Table("filter", "measure", "fails when", "languages", "articles that fail", "of", "source")
    for name, measure, fails_when, bound, languages, source, failed, judged in rows:
        table.add_row(name, measure, f"{fails_when} {bound:g}", languages, f"{failed:,}", f"{judged:,}", source)
    console = Console(highlight=False)
    console.print(table)
    console.print('Move one: winnow thresholds --set "gopher_quality.words<30"')


def change_thresholds(warehouse: Path, changes: Sequence[str]) -> None:
    """Move bounds, such as "fineweb.short_line_ratio>=0.8", all or none; the views follow at once.

    Raises WarehouseError for a change that cannot be read or names no threshold.
    """
    if not is_there(warehouse):
        raise WarehouseError(f"{warehouse}: there is no warehouse. Make one with `winnow run PATH...`.")
    with connect_writer(warehouse) as connection:
        migrate(connection)
        with transaction(connection):
            for change in changes:
                rule, fails_when, bound = _read_change(change)
                before = set_threshold(connection, rule, fails_when=fails_when, bound=bound)
                print(f"{rule}: {before:g} -> {bound:g}")
    renew_snapshot(warehouse)


def _read_change(change: str) -> tuple[str, str | None, float]:
    found = _CHANGE.fullmatch(change.replace(" ", ""))
    try:
        bound = float(found[3]) if found else None
    except ValueError:
        bound = None
    if not found or bound is None:
        raise WarehouseError(f'threshold {change!r} cannot be read; write it as "gopher_quality.words<30".')
    return found[1], None if found[2] == "=" else found[2], bound
