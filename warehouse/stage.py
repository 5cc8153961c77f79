"""Staging: make one clean set of a run's parts, before the checks and before the warehouse is touched.

Workers write Parquet parts, `parts/<table>/*.parquet`; a killed and repeated batch may have written records twice.
Here each record is kept once, and of several articles with the same original text one is kept. It all happens in a
DuckDB in memory; the wide columns (texts) only stream through it.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from warehouse.errors import WarehouseError, first_line
from warehouse.migrate import lay_tables
from warehouse.packed import LONG_TABLES, stage_packed
from warehouse.parquet import write_rows
from warehouse.records import StagedCounts
from warehouse.search import stage_index
from warehouse.verify import stage_verified

# The tables that are staged, each with the columns that only publishing knows.
STAGED_TABLES = (
    ("inputs", ("run_id", "seen_at")),
    ("articles", ("run_id",)),
    ("edits", ()),
    ("signals", ()),
    ("scores", ()),
    ("flags", ()),
    ("date_candidates", ()),
    ("quarantine", ("run_id", "quarantined_at")),
    ("article_signatures", ()),
    ("line_fingerprints", ()),
    ("page_facts", ()),
    ("text_signatures", ()),
)
# What tells the rows of one article apart, by child table.
CHILD_KEYS = (
    ("edits", "edit_number"),
    ("signals", "name"),
    ("scores", "score, component"),
    ("flags", "code, evidence"),
    ("date_candidates", "candidate_number"),
    ("article_signatures", "source"),
    ("line_fingerprints", "text_fingerprint, line_fingerprint"),
    ("page_facts", "article_id"),
    ("text_signatures", "article_id"),
)
_STAGED_CHILDREN = tuple(table for table, _ in CHILD_KEYS)
# The tables of the warehouse with rows of articles. Some staged tables are packed into others: `warehouse.packed`.
CHILDREN = (
    "edits",
    "article_signals",
    "article_scores",
    "flags",
    "date_candidates",
    "article_signatures",
    "article_fingerprints",
    "page_facts",
    "text_signatures",
)

# A record staged twice is the same record; if its fates differ, the repeated batch was the luckier one: article first.
_INPUTS = """
create temp table staged_inputs as
with one_each as (
  select distinct on (input_id) * exclude (filename, file_row_number)
  from inputs_parts
  order by input_id, fate, article_id
), with_keeper as (
  select
    *,
    first_value(input_id) over (partition by fate, article_id order by location, record_key, input_id) as keeper
  from one_each
)
select * exclude (keeper)
  replace (case when fate = 'article' and keeper <> input_id then 'duplicate' else fate end as fate)
from with_keeper
"""
# One row of the parts for each article that is kept, named by file and row so that no text is sorted or hashed.
_KEPT = """
create temp table kept_articles as
select distinct on (input_id) article_id, input_id, filename, file_row_number
from articles_parts semi join (from staged_inputs where fate = 'article') using (article_id, input_id)
order by input_id, filename, file_row_number
"""
_BROKEN = """
select 'an article is staged without its input', input_id
from articles_parts anti join staged_inputs using (input_id)
union all
select 'an input is staged as article without the article', input_id
from staged_inputs anti join kept_articles using (input_id)
where fate = 'article'
union all
select 'an input is staged as quarantine without the reason', input_id
from staged_inputs anti join quarantine_parts using (input_id)
where fate = 'quarantine'
order by all
limit 1
"""
_ARTICLES = """
select * exclude (filename, file_row_number)
from articles_parts semi join kept_articles using (filename, file_row_number)
"""
# The same text can come with another headline or date from another page: children belong to the record kept.
_CHILD = """
select distinct on (article_id, {key}) * exclude (input_id, filename, file_row_number)
from {child}_parts semi join kept_articles using (article_id, input_id)
"""
_QUARANTINE = """
select distinct on (input_id) * exclude (filename, file_row_number)
from quarantine_parts semi join (from staged_inputs where fate = 'quarantine') using (input_id)
order by input_id, code, message
"""
_COUNTS = """
select
  count(*),
  count(*) filter (fate = 'article'),
  count(*) filter (fate = 'duplicate'),
  count(*) filter (fate = 'quarantine'),
  (select count(distinct (article_id, edit_number))
    from edits_parts semi join kept_articles using (article_id, input_id))
from staged_inputs
"""


def consolidate(parts: Path, staged: Path) -> StagedCounts:
    """Write `staged/<table>.parquet`, one file a staged table, from `parts/<table>/*.parquet` (any may be missing).

    Parts have the columns of their tables without those of STAGED_TABLES; parts of CHILDREN also have `input_id`, the
    record that the row came with. Of several articles with one article_id, that of the smallest (location,
    record_key, input_id) is kept; the other inputs become duplicates. The order and the names of parts do not matter.
    Beside them: the search index of the articles, and which originals were verified (`warehouse.verify`).
    Raises WarehouseError when a part lacks a column, or an input and its outcome are not both there.
    """
    staged.mkdir(parents=True, exist_ok=True)
    spill = str(staged / "consolidate.spill")  # without a folder of its own, it spills into the working directory
    with duckdb.connect(config={"autoinstall_known_extensions": "false", "temp_directory": spill}) as memory:
        memory.execute("set TimeZone = 'UTC'; set preserve_insertion_order = false")
        lay_tables(memory)
        for statement in LONG_TABLES:
            memory.execute(statement)
        for table, decided_later in STAGED_TABLES:
            _view_parts(memory, table, decided_later, sorted((parts / table).glob("*.parquet")))
        memory.execute(_INPUTS)
        memory.execute(_KEPT)
        broken = memory.sql(_BROKEN).fetchone()
        if broken:
            raise WarehouseError(f"{parts}: {broken[0]} ({broken[1]}). Remove the parts and run again.")
        queries = {"inputs": "from staged_inputs", "articles": _ARTICLES, "quarantine": _QUARANTINE} | {
            child: _CHILD.format(child=child, key=key) for child, key in CHILD_KEYS
        }
        for table, _ in STAGED_TABLES:
            write_rows(memory.sql(queries[table]), staged / f"{table}.parquet")
        stage_packed(memory, staged)
        stage_index(memory, staged)
        counts = memory.sql(_COUNTS).fetchone()
    stage_verified(staged)
    assert counts is not None
    return StagedCounts(*counts)


def _view_parts(
    memory: duckdb.DuckDBPyConnection, table: str, decided_later: tuple[str, ...], files: list[Path]
) -> None:
    """Make the view `<table>_parts`: all parts with the column types of the table, and where each row stands."""
    template = memory.table(table)
    wanted = [pair for pair in zip(template.columns, template.types, strict=True) if pair[0] not in decided_later]
    wanted += [("input_id", duckdb.sqltype("varchar"))] if table in _STAGED_CHILDREN else []
    wanted += [("filename", duckdb.sqltype("varchar")), ("file_row_number", duckdb.sqltype("bigint"))]
    if not files:
        nothing = [duckdb.ConstantExpression(None).cast(kind).alias(name) for name, kind in wanted]
        memory.sql("select 1 as one where false").select(*nothing).create_view(f"{table}_parts")
        return
    try:
        found = memory.read_parquet(
            [str(file) for file in files],
            union_by_name=True,
            filename=True,
            file_row_number=True,
            hive_partitioning=False,
        )
    except duckdb.Error as error:
        raise WarehouseError(
            f"{files[0].parent}: cannot be read as Parquet. {first_line(error)}. Remove the parts and run again."
        ) from error
    if difference := {name for name, _ in wanted} ^ set(found.columns):
        raise WarehouseError(
            f"{files[0].parent}: these columns are missing or unknown: {', '.join(sorted(difference))}. "
            "Write parts with the columns of the table; see consolidate."
        )
    typed = [duckdb.ColumnExpression(name).cast(kind).alias(name) for name, kind in wanted]
    found.select(*typed).create_view(f"{table}_parts")
