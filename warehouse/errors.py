"""What can go wrong with the warehouse. Every text names the thing, the value, the bound and the remedy."""

from __future__ import annotations

from transforms.types import WinnowError


class WarehouseError(WinnowError):
    """The warehouse, or what is staged for it, cannot be used as it is."""


class WarehouseBusyError(WarehouseError):
    """Another process held the warehouse for longer than we were told to wait."""


class SchemaError(WarehouseError):
    """The tables are newer than this version of Winnow, or a migration did not go through."""


class InvariantError(WarehouseError):
    """Publishing would have broken a promise of the warehouse. Nothing was published."""


class QueryError(WarehouseError):
    """A query of the user cannot be run. One line."""


def first_line(error: Exception) -> str:
    """DuckDB's sentence without the query and the pointer that follow it."""
    return str(error).strip().partition("\n")[0].strip()
