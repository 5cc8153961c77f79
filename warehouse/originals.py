"""Originals for cleaning anew: what a run needs of each article, restored from clean text and ledger.

Read in a short visit before a `--reclean` run begins, a run's articles at a time, so that memory is bounded by the
largest run and not by the warehouse. Nothing is written to the warehouse here.
"""

from __future__ import annotations

from pathlib import Path

from warehouse.connect import connect_reader
from warehouse.errors import WarehouseError
from warehouse.excerpt import copy_rows

_STALE = """
select run_id, count(*), count(f.article_id)
from articles left join page_facts as f using (article_id)
where ruleset_version <> $ruleset
group by run_id
order by run_id
"""
_ORIGINALS = """
select
  i.input_id, i.document_id, i.location, i.record_key, a.source, i.url, i.fetched_at, i.content_hash, i.content_bytes,
  original, facts
from restore_originals($run_id, null)
join articles as a using (article_id)
join inputs as i using (input_id)
join page_facts using (article_id)
where a.ruleset_version <> $ruleset
order by article_id
"""


def stage_originals(warehouse: Path, folder: Path, ruleset: str) -> int:
    """Write `folder/originals/*.parquet`, one a run, of the articles that another ruleset cleaned; how many there are.

    Raises WarehouseError when some were published by a version of Winnow that did not keep what re-cleaning needs,
    and what opening the warehouse raises.
    """
    place = folder / "originals"
    place.mkdir(parents=True, exist_ok=True)
    with connect_reader(warehouse) as connection:
        tables = connection.execute("select table_name from duckdb_tables()").fetchall()
        runs = connection.execute(_STALE, {"ruleset": ruleset}).fetchall() if ("page_facts",) in tables else None
        lacking = None if runs is None else sum(articles - known for _, articles, known in runs)
        if runs is None or lacking:
            raise WarehouseError(
                f"{warehouse}: {f'{lacking} of its articles were' if lacking else 'it was'} published by an earlier "
                "version, which did not keep what cleaning anew needs. Run over the sources once: winnow run PATH..."
            )
        for number, (run_id, _, _) in enumerate(runs):
            rows = connection.execute(_ORIGINALS, {"run_id": run_id, "ruleset": ruleset})
            copy_rows(rows, place / f"{number:06d}.parquet")
    return sum(articles for _, articles, _ in runs)
