"""Trying records of the quarantine again: their payload is taken from where it came, or from the raw archive."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from flows.raw_archive import archive_of, read_raw
from transforms.types import RawDocument, WinnowError


class RetryError(WinnowError):
    """None of the records can be tried again: their payload is gone."""


@dataclass(frozen=True, slots=True)
class Retry:
    """What a run tries again: `ids` of inputs, `paths` to read anew, `archived` ids to take from the archive.

    A record whose file is gone and that the archive does not have either stays in quarantine.
    """

    ids: frozenset[str] = frozenset()
    paths: tuple[str, ...] = ()
    archived: frozenset[str] = frozenset()

    def read_archived(self, warehouse: str) -> Iterator[RawDocument]:
        """The payloads that only the archive has."""
        if self.archived and any(archive_of(warehouse).glob("*/*.parquet")):
            yield from (raw for raw in read_raw(archive_of(warehouse)) if raw.input_id in self.archived)


NO_RETRY = Retry()


def plan_retry(warehouse: Path, input_ids: tuple[str, ...]) -> Retry:
    """Where the payloads of these records are. Raises RetryError where there is none of them."""
    from warehouse.connect import connect_reader  # noqa: PLC0415 - not needed to print --help
    from warehouse.quarantine import locations_of  # noqa: PLC0415

    with connect_reader(warehouse) as connection:
        locations = locations_of(connection, input_ids)
    there = {location for _, location in locations if "://" in location or Path(location).exists()}
    archived = frozenset(input_id for input_id, location in locations if location not in there)
    retry = Retry(frozenset(input_id for input_id, _ in locations), tuple(sorted(there)), archived)
    if not there and next(retry.read_archived(str(warehouse)), None) is None:
        raise RetryError(
            f"{warehouse}: none of {len(input_ids)} records can be tried again: their files are gone, and "
            f"{archive_of(str(warehouse))} does not have them. Put the files back, or run with --keep-raw next time."
        )
    return retry
