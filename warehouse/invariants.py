"""The promises of the warehouse, asked of the warehouse itself inside the publishing transaction.

1. Reversible: clean text and ledger give back the original, to the character (checked on the articles of the run).
2. Nothing lost, nothing twice: every input is exactly one article, duplicate or quarantine row, and no row belongs
   to an article that is not there (checked on the whole warehouse; these columns are narrow).
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import duckdb

from warehouse.errors import InvariantError

_MOST_REBUILT = 20_000  # articles at a time: 200 MB of originals of 5 kB, and of what they are made from
# Each query gives the keys of the rows that break the promise.
_PROMISES = (
    (
        "the original text cannot be rebuilt from clean text and ledger",
        """
        select article_id
        from restore_originals($run_id, null, of_prefix := $prefix) join articles using (article_id)
        where sha256(original) <> original_hash
        """,
    ),
    (
        "an input does not end in exactly one place, the one that its fate says",
        """
        with places as (
          select input_id, 'article' as place, article_id from articles
          union all
          select input_id, 'duplicate', article_id from duplicates
          union all
          select input_id, 'quarantine', null from quarantine
        )
        select input_id
        from inputs full join places using (input_id)
        group by input_id
        having count(*) <> 1
          or not bool_and(coalesce(fate = place and inputs.article_id is not distinct from places.article_id, false))
        """,
    ),
    ("an article is there twice", "select article_id from articles group by article_id having count(*) > 1"),
    (
        "an article is not in the search index, or not once",
        """
        select article_id
        from articles full join search_articles using (article_id)
        group by article_id
        having count(articles.text_chars) <> 1 or count(segment) <> 1
        """,
    ),
    ("a template is there twice", "select template_id from templates group by template_id having count(*) > 1"),
    (
        "a removal names a template that is not there, or whose evidence does not suffice",
        """
        select distinct rule_id
        from edits semi join (from articles where run_id = $run_id) using (article_id)
        where starts_with(rule_id, 'template:')
          and rule_id not in (select 'template:' || template_id from templates where is_sufficient)
        """,
    ),
    (
        "a near-duplicate gives way to an article that is not kept, or is there twice",
        """
        select d.article_id
        from near_duplicates as d
        left join (from near_duplicates where is_kept) as k on k.article_id = d.kept_article_id
        where k.cluster_id is distinct from d.cluster_id or d.is_kept <> (d.article_id = d.kept_article_id)
        union all
        select article_id from near_duplicates group by article_id having count(*) > 1
        """,
    ),
    (
        "a row belongs to an article that is not there",
        """
        with owned as (
          select article_id from duplicates
          union select article_id from edits
          union select article_id from signals
          union select article_id from scores
          union select article_id from flags
          union select article_id from date_candidates
          union select article_id from article_signatures
          union select article_id from line_fingerprints
          union select article_id from page_facts
          union select article_id from text_signatures
          union select article_id from near_duplicates
          union select kept_article_id from near_duplicates
        )
        select article_id from owned anti join articles using (article_id)
        """,
    ),
)


def check_invariants(connection: duckdb.DuckDBPyConnection, *run_ids: str) -> None:
    """Raise InvariantError with up to five keys when a promise is broken; `run_ids` name the articles to rebuild.

    The articles of one run are rebuilt at a time, of a large one in parts, which bounds the memory.
    """
    for promise, query in _PROMISES:
        for run_id, prefix in _parts(connection, run_ids) if "$prefix" in query else _whole(run_ids, query):
            values = {"run_id": run_id, "prefix": prefix}
            named = {name: value for name, value in values.items() if f"${name}" in query}
            broken = connection.execute(query, named).fetchmany(5)
            if broken:
                keys = ", ".join(str(key) for (key,) in broken)
                raise InvariantError(
                    f"{promise}: {keys}. Nothing was changed ({run_id or run_ids[-1]}). "
                    "Report this with the staged files; they are still there."
                )


def _whole(run_ids: tuple[str, ...], query: str) -> list[tuple[str | None, str]]:
    return [(run_id, "") for run_id in run_ids] if "$run_id" in query else [(None, "")]


def _parts(connection: duckdb.DuckDBPyConnection, run_ids: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Each run with the prefixes of article ids, which are hex, that part its articles."""
    for run_id in run_ids:
        row = connection.execute("select count(*) from articles where run_id = $run_id", {"run_id": run_id}).fetchone()
        assert row is not None
        digits = next((digits for digits in range(3) if row[0] <= _MOST_REBUILT * 16**digits), 3)
        yield from ((run_id, "".join(prefix)) for prefix in product("0123456789abcdef", repeat=digits))
