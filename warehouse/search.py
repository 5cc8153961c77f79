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
# Postings of articles that are not loaded come in with the others: without a row of search_articles nothing finds them.
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
    where exists (from loaded)
    """,
)
# Blocks of articles that have a term. Numbers within a block are small, and blocks of one width lie together, so DuckDB
# packs them into half of the bits that whole numbers take. By width and then by term, a term is found by zone maps.
_BLOCKS = """
insert into made_blocks by name
with spreads as (
  select term, least(greatest(ceil(log2(32 * $article_count / count(*))), 5), 31)::utinyint as spread
  from part_postings
  group by term
), blocks as (
  select
    spread, term, (article_number >> spread)::uinteger as block,
    list_sort(list(((article_number & ((1::ubigint << spread) - 1)) * 256 + occurrences)::ubigint)) as packed
  from part_postings join spreads using (term)
  group by all
)
select
  spread, term, block, [(each // 256)::uinteger for each in packed] as offsets,
  [(each % 256)::utinyint for each in packed] as occurrences
from blocks
order by spread, term, block
"""
_MADE_BLOCKS = """
create or replace temp table made_blocks (
  spread utinyint, term ubigint, block uinteger, offsets uinteger[], occurrences utinyint[]
)
"""
# A sixteenth of the terms at a time, by their first four bits of 48, which bounds the memory.
_PARTS = 16
_PART = "create or replace temp table part_postings as from term_postings where term >> 44 = $part"
# All articles in one segment again; what articles that are gone had in the old ones is left behind.
_MERGED_ARTICLES = """
create or replace temp table merged_articles as
select
  segment as old_segment, article_number as old_number,
  (row_number() over (order by article_id) - 1)::uinteger as article_number, article_id, words
from search_articles
"""
_MERGED_PART = """
create or replace temp table part_postings as
select term, m.article_number, occurrences
from (
  select
    segment, term, ((block::ubigint << spread) + unnest(offsets))::uinteger as number,
    unnest(occurrences) as occurrences
  from search_postings
  where term >> 44 = $part
)
join merged_articles as m on segment = old_segment and number = old_number
"""


_MACROS = tuple(Path(__file__).parent / "views" / f"{name}.sql" for name in ("page_words", "index_terms"))


def stage_index(memory: duckdb.DuckDBPyConnection, staged: Path) -> None:
    """Write `search_articles.parquet` and `search_postings.parquet` beside `articles.parquet` in `staged`."""
    for macro in _MACROS:
        memory.execute(macro.read_text(encoding="utf-8"))
    memory.read_parquet(str(staged / "articles.parquet"), hive_partitioning=False).create_view("indexed_articles")
    _index(memory, "indexed_articles")
    write_rows(memory.table("index_numbers"), staged / "search_articles.parquet")
    write_rows(memory.table("made_blocks"), staged / "search_postings.parquet")
    memory.execute("drop table made_blocks")


def publish_index(connection: duckdb.DuckDBPyConnection, staged: Path, run_id: str) -> None:
    """Add the articles of `loaded` to the index, in the publishing transaction."""
    files = {name: str(staged / f"search_{name}.parquet") for name in ("articles", "postings")}
    for statement in _PUBLISH:
        used = {name: path for name, path in files.items() if f"${name}" in statement}
        connection.execute(statement, {"run_id": run_id, **used})


def rebuild_index(connection: duckdb.DuckDBPyConnection) -> None:
    """Index all articles from their texts, as one segment: once, for a warehouse that has none yet."""
    _index(connection, "articles")
    _replace(connection, "from index_numbers")
    connection.execute("drop table index_numbers")


def merge_index(connection: duckdb.DuckDBPyConnection) -> None:
    """Make one segment of all, which is smaller and quicker to ask: part of maintenance."""
    connection.execute(_MERGED_ARTICLES)
    _make_blocks(connection, _MERGED_PART, len(connection.table("merged_articles")))
    _replace(connection, "select article_number, article_id, words from merged_articles")
    connection.execute("drop table merged_articles")


def _index(connection: duckdb.DuckDBPyConnection, articles: str) -> None:
    """Make `index_numbers`, the articles numbered, and `made_blocks` of their terms."""
    connection.execute(f"create or replace temp table index_numbers as {_NUMBERS.format(articles=articles)}")
    terms = _TERMS.format(articles=articles, numbers="index_numbers")
    connection.execute(f"create or replace temp table term_postings as {terms}")
    _make_blocks(connection, _PART, len(connection.table("index_numbers")))
    connection.execute("drop table term_postings")


def _make_blocks(connection: duckdb.DuckDBPyConnection, part_postings: str, article_count: int) -> None:
    """Make `made_blocks` of what `part_postings` gives for each part of the terms."""
    connection.execute(_MADE_BLOCKS)
    for part in range(_PARTS):
        connection.execute(part_postings, {"part": part})
        connection.execute(_BLOCKS, {"article_count": article_count})
    connection.execute("drop table part_postings")


def _replace(connection: duckdb.DuckDBPyConnection, articles: str) -> None:
    connection.execute("delete from search_articles")
    connection.execute(f"insert into search_articles by name select 0 as segment, * from ({articles})")  # noqa: S608
    connection.execute("delete from search_postings")
    connection.execute("insert into search_postings by name select 0 as segment, * from made_blocks")
    connection.execute("drop table made_blocks")
