"""The search index: which article has which word how often, made while staging and added to by the publish.

An inverted index in plain tables, so that it works in every DuckDB client and on a DuckLake. The fts extension was
measured and left: its index cannot be added to, only made anew from all texts (docs/warehouse.md has the figures).
What a word is, the macro `index_terms` says, for the index and for the question alike.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from warehouse.parquet import write_rows

# One histogram a page, so that no more than a page's words are in memory before they are sorted.
_TERMS = """
with counted as (
  select article_number, unnest(map_entries(list_histogram(index_terms(concat_ws(' ', title, text))))) as entry
  from {articles} join {numbers} using (article_id)
)
select
  md5_number_lower(entry.key) >> 16 as term, article_number, least(entry.value, 255)::utinyint as occurrences
from counted
where entry.key <> ''
"""
_NUMBERS = """
select
  (row_number() over (order by article_id) - 1)::uinteger as article_number, article_id, text_words::uinteger as words
from {articles}
"""
_PUBLISH = (
    """
    insert into search_articles by name
    select md5_number_lower($run_id) >> 16 as segment, *
    from read_parquet($articles, hive_partitioning = false) semi join loaded using (article_id)
    """,
    """
    insert into search_postings by name
    select md5_number_lower($run_id) >> 16 as segment, *
    from read_parquet($postings, hive_partitioning = false)
    semi join (
      from read_parquet($articles, hive_partitioning = false) semi join loaded using (article_id)
    ) using (article_number)
    """,
)
# All articles in one segment again; what articles that are gone had in the old ones is left behind.
_MERGE = (
    """
    create or replace temp table merged_articles as
    select
      segment as old_segment, article_number as old_number,
      (row_number() over (order by article_id) - 1)::uinteger as article_number, article_id, words
    from search_articles
    """,
    """
    create or replace temp table merged_postings as
    select term, m.article_number, occurrences
    from search_postings as p join merged_articles as m on p.segment = old_segment and p.article_number = old_number
    order by term, m.article_number
    """,
)


_MACROS = tuple(Path(__file__).parent / "views" / f"{name}.sql" for name in ("page_words", "index_terms"))


def stage_index(memory: duckdb.DuckDBPyConnection, staged: Path) -> None:
    """Write `search_articles.parquet` and `search_postings.parquet` beside `articles.parquet` in `staged`."""
    for macro in _MACROS:
        memory.execute(macro.read_text(encoding="utf-8"))
    memory.read_parquet(str(staged / "articles.parquet"), hive_partitioning=False).create_view("indexed_articles")
    memory.execute(f"create table index_numbers as {_NUMBERS.format(articles='indexed_articles')}")
    write_rows(memory.table("index_numbers"), staged / "search_articles.parquet")
    postings = memory.sql(_TERMS.format(articles="indexed_articles", numbers="index_numbers"))
    write_rows(postings.order("term, article_number"), staged / "search_postings.parquet")


def publish_index(connection: duckdb.DuckDBPyConnection, staged: Path, run_id: str) -> None:
    """Add the articles of `loaded` to the index, in the publishing transaction."""
    files = {name: str(staged / f"search_{name}.parquet") for name in ("articles", "postings")}
    for statement in _PUBLISH:
        used = {name: path for name, path in files.items() if f"${name}" in statement}
        connection.execute(statement, {"run_id": run_id, **used})


def rebuild_index(connection: duckdb.DuckDBPyConnection) -> None:
    """Index all articles from their texts, as one segment: once, for a warehouse that has none yet."""
    connection.execute(f"create or replace temp table index_numbers as {_NUMBERS.format(articles='articles')}")
    postings = _TERMS.format(articles="articles", numbers="index_numbers")
    _replace(connection, "from index_numbers", f"from ({postings}) order by term, article_number")
    connection.execute("drop table index_numbers")


def merge_index(connection: duckdb.DuckDBPyConnection) -> None:
    """Make one segment of all, which is smaller and quicker to ask: part of maintenance."""
    for statement in _MERGE:
        connection.execute(statement)
    _replace(connection, "select article_number, article_id, words from merged_articles", "from merged_postings")
    connection.execute("drop table merged_postings; drop table merged_articles")


def _replace(connection: duckdb.DuckDBPyConnection, articles: str, postings: str) -> None:
    connection.execute("delete from search_articles")
    connection.execute(f"insert into search_articles by name select 0 as segment, * from ({articles})")  # noqa: S608
    connection.execute("delete from search_postings")
    connection.execute(f"insert into search_postings by name select 0 as segment, * from ({postings})")  # noqa: S608
