"""Verified originals: rebuilt and compared while staging, so that the writer's window need not rebuild them again.

`stage_verified` rebuilds every staged article from clean text and ledger, with the macro of the warehouse, and notes a
digest of both for each whose original has its hash. Publishing asks the warehouse for the same digests of what it has
just loaded: an article with another one, or with none, is unverified and is rebuilt there. So what is published is what
was verified, whoever wrote the staged files and whatever happened to them since.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from warehouse.parquet import write_rows

_AT_ONCE = 10_000  # articles in memory: 100 MB of originals of 5 kB, and of what they are made from
_RESTORE = Path(__file__).parent / "views" / "restore_originals.sql"
_FILE = "verified.parquet"
# Not a check for an enemy: who can write the staged files can write the hashes too.
_DIGESTS = """
select a.article_id, hash(a.text, a.original_hash) as text_digest, edit_count, ledger_digest
from {articles} as a
left join (
  select
    article_id, count(*) as edit_count,
    bit_xor(hash(edit_number, start_char, end_char, removed_text, replacement)) as ledger_digest
  from edits semi join {articles} using (article_id)
  group by article_id
) as ledgers using (article_id)
"""
_PART = """
create or replace temp table articles as
select article_id, text, original_hash, '' as run_id
from read_parquet($articles, hive_partitioning = false, file_row_number = true)
where file_row_number >= $first and file_row_number < $end
"""
_VERIFIED = """
insert into verified
from ({digests})
semi join (
  select article_id
  from restore_originals(null, null) join articles using (article_id)
  where sha256(original) = original_hash
) using (article_id)
"""
_LOADED = "(select article_id, text, original_hash from articles where run_id = $run_id)"
_UNVERIFIED = """
select count(*)
from ({digests}) as found
anti join read_parquet($verified) as v
  on v.article_id = found.article_id and v.text_digest = found.text_digest
  and v.edit_count is not distinct from found.edit_count
  and v.ledger_digest is not distinct from found.ledger_digest
"""


def stage_verified(staged: Path) -> None:
    """Write `staged/verified.parquet` of the staged articles and edits: a row an article whose original comes back."""
    articles = str(staged / "articles.parquet")
    with duckdb.connect(config={"temp_directory": str(staged / "verify.spill")}) as memory:
        memory.execute("set preserve_insertion_order = false")
        memory.read_parquet(str(staged / "edits.parquet"), hive_partitioning=False).create_view("edits")
        memory.execute(
            "create table verified (article_id varchar, text_digest ubigint, edit_count bigint, ledger_digest ubigint)"
        )
        count = len(memory.read_parquet(articles, hive_partitioning=False))
        for first in range(0, count, _AT_ONCE):
            memory.execute(_PART, {"articles": articles, "first": first, "end": first + _AT_ONCE})
            if not first:
                memory.execute(_RESTORE.read_text(encoding="utf-8"))
            memory.execute(_VERIFIED.format(digests=_DIGESTS.format(articles="articles")))
        write_rows(memory.table("verified"), staged / _FILE)


def has_unverified(connection: duckdb.DuckDBPyConnection, staged: Path, run_id: str) -> bool:
    """Whether an article that the run has loaded differs from all that were verified, in text or ledger."""
    if not (staged / _FILE).exists():
        return True
    values = {"verified": str(staged / _FILE), "run_id": run_id}
    query = _UNVERIFIED.format(digests=_DIGESTS.format(articles=_LOADED))
    row = connection.execute(query, values).fetchone()
    return row != (0,)
