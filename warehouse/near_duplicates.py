"""Near-duplicates in the publishing transaction: links in, clusters of what changed anew, the change of ids on record.

Links are found before (`warehouse.text_links`). Here the clusters that the run touches are made again from links alone,
no text is read; so the window grows with what changed and not with the warehouse. A cluster is touched when an article
of it came, went, was cleaned anew or moved to another address, or is another version of a page that did.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import duckdb
import pyarrow as pa

from transforms.duplicate_clusters import Candidate, Member, find_clusters, gather_links
from warehouse.text_links import lay_table, link_texts

# Before anything is changed: the texts that the run takes articles from.
_NOTE = (
    """
    create or replace temp table left_texts as
    select distinct text_hash from text_signatures where article_id in (select article_id from retired)
    """,
)
# What a link was looked for among: a run that this one did not see when it compared has published meanwhile.
_UNCOMPARED = """
select text_hash, any_value(signature) as signature
from text_signatures join articles using (article_id)
where run_id <> $run_id and run_id not in (select run_id from read_parquet($runs, hive_partitioning = false))
group by text_hash
"""
_RUN_TEXTS = """
select text_hash, any_value(signature) as signature
from text_signatures semi join loaded using (article_id)
group by text_hash
"""
_INSERT_LINKS = """
insert into text_links by name
select text_hash, other_text_hash, similarity_ratio
from ({found})
where text_hash in (select text_hash from text_signatures)
  and other_text_hash in (select text_hash from text_signatures)
  and (text_hash, other_text_hash) not in (select (text_hash, other_text_hash) from text_links)
"""
_STAGED = "from read_parquet($links, hive_partitioning = false)"
_FORGET_LINKS = """
delete from text_links
where text_hash in (from left_texts anti join text_signatures using (text_hash))
  or other_text_hash in (from left_texts anti join text_signatures using (text_hash))
"""
# The articles of every cluster that may be another one now. Links come and go with texts of the run, so what is linked
# with none of them is in no other cluster than before.
_TOUCHED = (
    """
    create or replace temp table changed_articles_and_versions as
    select article_id from loaded
    union select article_id from retired
    union select article_id from heirs
    union select article_id from articles_of_pages
    """,
    """
    create or replace temp table touched as
    with texts as (
      select text_hash from text_signatures semi join changed_articles_and_versions using (article_id)
    ), alike as (
      select text_hash from texts
      union select other_text_hash from text_links semi join texts using (text_hash)
      union select l.text_hash from text_links as l semi join texts on texts.text_hash = l.other_text_hash
    ), reached as (
      select article_id from changed_articles_and_versions
      union select article_id from text_signatures semi join alike using (text_hash)
    ), clusters as (
      select distinct cluster_id from near_duplicates semi join reached using (article_id)
    )
    select article_id from reached
    union select article_id from near_duplicates semi join clusters using (cluster_id)
    """,
    """
    create or replace temp table clusters_before as
    select article_id, cluster_id from near_duplicates semi join touched using (article_id)
    """,
)
# Earlier versions of a page are shown to no reader, so they are copies of nothing and stand for nothing. A month or a
# year is no credible day: its first day would come before every day in it.
_CANDIDATES = """
with candidates as (
  select article_id, text_hash, a.published_status, a.published_precision, a.published_on, a.text_chars
  from touched
  join text_signatures using (article_id)
  join articles as a using (article_id)
  anti join superseded_versions using (article_id)
)
select
  article_id, text_hash,
  case when published_status = 'dated' and published_precision = 'day' then published_on end as dated,
  text_chars
from candidates
qualify count(*) over (partition by text_hash) > 1
  or text_hash in (select text_hash from text_links union all select other_text_hash from text_links)
"""
_LINKS_WITHIN = """
with texts as (
  select distinct text_hash from text_signatures semi join touched using (article_id)
)
select text_hash, other_text_hash, similarity_ratio
from text_links semi join texts using (text_hash)
where other_text_hash in (from texts)
"""
_REPLACE = (
    "delete from near_duplicates where article_id in (from touched)",
    """
    insert into near_duplicates by name
    select article_id, cluster_id, article_id = kept_article_id as is_kept, kept_article_id, similarity_ratio
    from new_members
    """,
)
_CHANGES = """
insert into cluster_changes by name
select
  $run_id as run_id, $changed_at as changed_at, b.cluster_id as old_cluster_id,
  coalesce(n.cluster_id, b.article_id) as cluster_id, count(*) as article_count
from clusters_before as b
semi join articles using (article_id)
anti join superseded_versions using (article_id)
left join near_duplicates as n using (article_id)
where b.cluster_id <> coalesce(n.cluster_id, b.article_id)
group by all
"""


def note_near_duplicates(connection: duckdb.DuckDBPyConnection) -> None:
    """Remember what a publish is about to change: after `retired` and `heirs` are known, before the changes."""
    for statement in _NOTE:
        connection.execute(statement)


def publish_near_duplicates(
    connection: duckdb.DuckDBPyConnection, staged: Path, run_id: str, changed_at: datetime
) -> None:
    """Take in the links of a run and make the clusters that it touches again, in its transaction."""
    _insert_links(connection, staged, run_id)
    connection.execute(_FORGET_LINKS)
    for statement in _TOUCHED:
        connection.execute(statement)
    candidates = [Candidate(*row) for row in connection.execute(_CANDIDATES).fetchall()]
    links = gather_links(connection.execute(_LINKS_WITHIN).fetchall() if candidates else ())
    lay_table(connection, "new_members", _table(find_clusters(candidates, links)))
    for statement in _REPLACE:
        connection.execute(statement)
    connection.execute(_CHANGES, {"run_id": run_id, "changed_at": changed_at})


def _insert_links(connection: duckdb.DuckDBPyConnection, staged: Path, run_id: str) -> None:
    """Those that were found before, and those of texts that were not compared then: all, where nothing was."""
    files = {"links": str(staged / "text_links.parquet"), "runs": str(staged / "compared_runs.parquet")}
    if Path(files["links"]).exists():
        connection.execute(_INSERT_LINKS.format(found=_STAGED), {"links": files["links"]})
        uncompared = connection.execute(_UNCOMPARED, {"run_id": run_id, "runs": files["runs"]}).to_arrow_table()
    else:
        uncompared = connection.execute(_RUN_TEXTS).to_arrow_table()
    links = link_texts(connection, uncompared)
    if links.num_rows:
        lay_table(connection, "late_links", links)
        connection.execute(_INSERT_LINKS.format(found="from late_links"))


def _table(members: list[Member]) -> pa.Table:
    return pa.table(
        {
            "article_id": pa.array([m.article_id for m in members], pa.string()),
            "cluster_id": pa.array([m.cluster_id for m in members], pa.string()),
            "kept_article_id": pa.array([m.kept_article_id for m in members], pa.string()),
            "similarity_ratio": pa.array([m.similarity for m in members], pa.float64()),
        }
    )
