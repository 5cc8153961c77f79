"""Switching templates off and on: the user's word, which later runs keep."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import duckdb

from warehouse.connect import transaction
from warehouse.errors import WarehouseError

_SWITCH = """
update templates
set is_active = $is_active, switched_off_at = $switched_off_at, switched_off_reason = $reason
where template_id = $template_id
"""


def switch_templates(
    connection: duckdb.DuckDBPyConnection,
    *,
    off: Sequence[str],
    on: Sequence[str],
    reason: str | None,
    now: datetime,
) -> None:
    """Switch templates by their ids: all of them, or none.

    Raises WarehouseError for an id that is not in the warehouse, or that is in both lists.
    """
    if both := sorted(set(off) & set(on)):
        raise WarehouseError(f"template {both[0]!r} is to be switched off and on: give it once. Nothing was changed.")
    with transaction(connection):
        for is_active, ids in ((False, off), (True, on)):
            for template_id in ids:
                switched = connection.execute(
                    _SWITCH,
                    {
                        "template_id": template_id,
                        "is_active": is_active,
                        "switched_off_at": None if is_active else now,
                        "reason": None if is_active else reason,
                    },
                ).fetchone()
                if switched == (0,):
                    raise WarehouseError(
                        f"template {template_id!r} is not in the warehouse: `winnow templates` shows the 16 hex digits "
                        "of each. Nothing was changed."
                    )
