"""The quarantine, to be asked: which records wait, why, and where their payload came from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import duckdb

from warehouse.errors import WarehouseError

# The source stands in the ledger of inputs. Ids may be shortened to what tells them apart.
_FOUND = """
select q.input_id, q.code, i.source, q.document_id, q.location, q.record_key, q.content_hash, q.content_bytes,
  q.message, q.run_id, q.quarantined_at
from quarantine as q join inputs as i using (input_id)
where (len($ids::varchar[]) = 0 or len(list_filter($ids::varchar[], lambda id: starts_with(q.input_id, id))) > 0)
  and coalesce(q.code = $code, true) and coalesce(i.source = $source, true) and coalesce(q.run_id = $run_id, true)
order by q.quarantined_at desc, q.code, q.location, q.record_key, q.input_id
"""


@dataclass(frozen=True, slots=True)
class Selected:
    """Which records of the quarantine are meant: all that match every one given.

    `ids` are input ids or beginnings of them; `code` is the reason, `run_id` the run that put them there.
    """

    ids: tuple[str, ...] = ()
    code: str | None = None
    source: str | None = None
    run_id: str | None = None


@dataclass(frozen=True, slots=True)
class QuarantinedInput:
    """A record in quarantine; `content_hash` is None for one that could not be read. Times are UTC."""

    input_id: str
    code: str
    source: str
    document_id: str
    location: str
    record_key: str
    content_hash: str | None
    content_bytes: int | None
    message: str
    run_id: str
    quarantined_at: datetime


def find_quarantined(connection: duckdb.DuckDBPyConnection, selected: Selected) -> tuple[QuarantinedInput, ...]:
    """The records selected, the latest first. Raises WarehouseError for an id that names none, or several."""
    values = {"ids": list(selected.ids), "code": selected.code, "source": selected.source, "run_id": selected.run_id}
    found = tuple(QuarantinedInput(*row) for row in connection.execute(_FOUND, values).fetchall())
    for given in selected.ids:
        matching = {record.input_id for record in found if record.input_id.startswith(given)}
        if len(matching) != 1:
            named = f"names {len(matching)} records; write more of it" if matching else "names no record like that"
            raise WarehouseError(f"quarantine: {given!r} {named}. `winnow quarantine list` shows them.")
    return found


def locations_of(connection: duckdb.DuckDBPyConnection, input_ids: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Input id and location of those that are in quarantine now."""
    query = "select input_id, location from quarantine where list_contains($ids, input_id) order by location, input_id"
    return tuple((i, location) for i, location in connection.execute(query, {"ids": list(input_ids)}).fetchall())
