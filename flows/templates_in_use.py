"""The templates that a run cleans with, as a worker reads them; and those of a warehouse, for one document."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from pathlib import Path

from transforms.outlines import outlines_of
from transforms.templates import Templates, TemplatesBySource

_Row = tuple[str, str, int, str, str]  # source, scope, fingerprint, template id, masked text


def read_templates(path: Path, sources: Collection[str]) -> TemplatesBySource:
    """Those of `sources`, from the file that `warehouse.templates.find_templates` wrote; no file, no templates."""
    import pyarrow.parquet as pq  # noqa: PLC0415 - the workers' to load

    if not path.exists() or not sources:
        return {}
    columns = ["source", "scope", "fingerprint", "template_id", "masked_text"]
    table = pq.read_table(path, columns=columns, filters=[("source", "in", sorted(sources))])
    return group_templates(zip(*(table.column(name).to_pylist() for name in columns), strict=True))


def read_warehouse_templates(warehouse: Path) -> TemplatesBySource:
    """All that are in use in a warehouse. Raises what opening it raises."""
    from warehouse.connect import connect_reader  # noqa: PLC0415 - DuckDB is loaded only where there is a warehouse
    from warehouse.templates import in_use  # noqa: PLC0415

    with connect_reader(warehouse) as connection:
        return group_templates(in_use(connection))


def group_templates(rows: Iterable[_Row]) -> TemplatesBySource:
    """By source; texts and frames apart."""
    found: dict[str, tuple[dict[int, str], dict[int, str], list[str]]] = {}
    for source, scope, fingerprint, template_id, masked in rows:
        texts, frames, begin = found.setdefault(source, ({}, {}, []))
        (frames if scope == "frame" else texts)[fingerprint] = template_id
        begin.append(masked)
    return {source: Templates(texts, frames, outlines_of(begin)) for source, (texts, frames, begin) in found.items()}
