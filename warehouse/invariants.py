"""The promises of the warehouse, asked of the warehouse itself inside the publishing transaction.

1. Reversible: clean text and ledger give back the original, to the character (checked on the articles of the run).
2. Nothing lost, nothing twice: every input is exactly one article, duplicate or quarantine row, and no row belongs
   to an article that is not there (checked on the whole warehouse; these columns are narrow).
"""

from __future__ import annotations

import duckdb

from warehouse.errors import InvariantError

# Each query gives the keys of the rows that break the promise.
_PROMISES = (
    (
        "the original text cannot be rebuilt from clean text and ledger",
        """
        select article_id
        from restore_originals($run_id, null) join articles using (article_id)
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
        )
        select article_id from owned anti join articles using (article_id)
        """,
    ),
)


def check_invariants(connection: duckdb.DuckDBPyConnection, *run_ids: str) -> None:
    """Raise InvariantError with up to five keys when a promise is broken; `run_ids` name the articles to rebuild.

    The articles of one run are rebuilt at a time, which bounds the memory.
    """
    for promise, query in _PROMISES:
        for run_id in run_ids if "$run_id" in query else (None,):
            broken = connection.execute(query, {"run_id": run_id} if run_id else {}).fetchmany(5)
            if broken:
                keys = ", ".join(str(key) for (key,) in broken)
                raise InvariantError(
                    f"{promise}: {keys}. Nothing was changed ({run_id or run_ids[-1]}). "
                    "Report this with the staged files; they are still there."
                )
