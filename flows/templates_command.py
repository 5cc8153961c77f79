"""`winnow templates`: what each source repeats, to review, and to switch off."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from warehouse.connect import connect_reader, connect_writer
from warehouse.errors import WarehouseError
from warehouse.lake import is_there
from warehouse.migrate import migrate
from warehouse.snapshot import renew_snapshot
from warehouse.switch import switch_templates as switch

_SHOWN = """
select source, template_id, is_in_use, is_active, scope, cluster_count, share_ratio, articles, last_seen_at::date,
  if(scope = 'frame', masked_text, example_text)
from templates_by_source
where $source is null or source = $source
"""


def show_templates(warehouse: Path, source: str | None) -> None:
    """Print the templates of one source, or of all. Raises what opening the warehouse raises."""
    with connect_reader(warehouse) as connection:
        relations = connection.execute("select view_name from duckdb_views()").fetchall()
        if ("templates_by_source",) not in relations:
            raise WarehouseError(f"{warehouse}: it has no templates yet. The next `winnow run` into it finds them.")
        rows = connection.execute(_SHOWN, {"source": source}).fetchall()
    console = Console(highlight=False)
    table = Table()
    for heading in ("source", "template", "state", "scope"):
        table.add_column(heading)
    for heading in ("articles with it", "share", "removed from"):
        table.add_column(heading, justify="right")
    table.add_column("last seen")
    table.add_column("text", overflow="fold")
    for where, template_id, is_in_use, is_active, scope, clusters, share, articles, last_seen, text in rows:
        state = "in use" if is_in_use else "too rare now" if is_active else "switched off"
        table.add_row(
            Text(where),
            template_id,
            state,
            scope,
            f"{clusters:,}",
            f"{share:.0%}",
            f"{articles:,}",
            str(last_seen),
            Text(text),
        )
    console.print(table)
    console.print(f"{len(rows):,} templates; switch one off: winnow templates --off TEMPLATE")


def switch_templates(warehouse: Path, *, off: Sequence[str], on: Sequence[str], reason: str | None) -> None:
    """Switch templates off or on, all or none. Raises WarehouseError for an id that is not there."""
    if not is_there(warehouse):
        raise WarehouseError(f"{warehouse}: there is no warehouse. Make one with `winnow run PATH...`.")
    with connect_writer(warehouse) as connection:
        migrate(connection)
        switch(connection, off=off, on=on, reason=reason, now=datetime.now(UTC))
    renew_snapshot(warehouse)
    print(f"{len(off)} switched off, {len(on)} switched on; later runs keep to it.")
