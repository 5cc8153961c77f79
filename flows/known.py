"""What the warehouse knows of its inputs: which are decided, and which files a run could not read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from flows.intake import Record
from flows.watch import Bounds
from transforms.types import Quarantined


@dataclass(frozen=True, slots=True)
class Known:
    """`ids` of inputs that this ruleset has decided; `unread` are locations with something that could not be read."""

    ids: frozenset[str] = frozenset()
    unread: frozenset[str] = frozenset()


def read_known(warehouse: Path, ruleset: str, bounds: Bounds) -> Known:
    """Inputs that the warehouse already has under this ruleset, and those that were too much for these bounds.

    The first that a run asks of the warehouse, so one of an earlier version is brought up to date here.
    """
    from warehouse.connect import connect_reader  # noqa: PLC0415 - not needed to print --help
    from warehouse.lake import is_there  # noqa: PLC0415
    from warehouse.migrate import bring_up_to_date  # noqa: PLC0415
    from warehouse.settled import known_inputs, unread_locations  # noqa: PLC0415

    if not is_there(warehouse):
        return Known()
    bring_up_to_date(warehouse)
    with connect_reader(warehouse) as connection:
        return Known(known_inputs(connection, ruleset, bounds.deciding(ruleset)), unread_locations(connection))


def note_read(records: Iterable[Record], unread: frozenset[str], reread: set[str]) -> Iterator[Record]:
    """The records as they are; those locations of `unread` that can be read now are put into `reread`."""
    for record in records:
        if record.location in unread and not (isinstance(record, Quarantined) and record.content_hash is None):
            reread.add(record.location)
        yield record
