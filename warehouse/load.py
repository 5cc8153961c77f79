"""The one loader: publish what a run staged, in one transaction, and record how the run went.

Every input record has one fate. A record that this ruleset has already decided is left as it is, so publishing the
same staged files again changes nothing but the history of runs. No primary keys and no ON CONFLICT: rows are deduped
while staging, then old ones are deleted and new ones inserted, which runs on a DuckLake as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import duckdb

from warehouse.changes import restate_changes
from warehouse.connect import in_transaction
from warehouse.history import note_changes, restate_history
from warehouse.invariants import check_published, is_sound
from warehouse.lake import is_attached
from warehouse.near_duplicates import note_near_duplicates, publish_near_duplicates
from warehouse.packed import publish_layouts
from warehouse.records import CheckResult, PublishCounts, RunRecord
from warehouse.run_history import record_comparison
from warehouse.run_records import record_run
from warehouse.search import publish_index
from warehouse.stage import CHILDREN
from warehouse.versions import note_pages, restate_versions

# Staged records that are still to be decided, with their fate. A record is settled when this ruleset has decided it;
# one that could not be read is tried again each time, and settled when it failed in the same way.
# An article whose own record is not decided anew here stays: the staged records with that text are its duplicates.
_INCOMING = """
create or replace temp table incoming as
with staged as (
  from read_parquet($inputs, hive_partitioning = false)
), failing_alike as (
  select s.input_id
  from read_parquet($quarantine, hive_partitioning = false) as s join quarantine as q using (input_id)
  where s.code = q.code and s.message = q.message
), settled as (
  select i.input_id
  from inputs as i
  join staged as s using (input_id, ruleset_version)
  where (i.content_hash is not null or (s.fate = 'quarantine' and input_id in (from failing_alike)))
    and input_id not in (from retried)
), unsettled as (
  select * from staged anti join settled using (input_id)
), staying as (
  select article_id from articles semi join unsettled using (article_id) anti join unsettled using (input_id)
)
select * replace (if(fate = 'article' and article_id in (from staying), 'duplicate', fate) as fate)
from unsettled
"""
_RETRIED = "create or replace temp table retried as select unnest($retried::varchar[]) as input_id"
_REREAD = "create or replace temp table reread as select unnest($reread::varchar[]) as location"
# What could not be read has another id once it can. It leaves where its file can be read now, or gives the same part,
# and does not fail in the same way again: this run has met its file and not it. Of a record that somebody has retried,
# an article of its file takes the place too.
_SUPERSEDED = """
create or replace temp table superseded_inputs as
select q.input_id
from quarantine as q
anti join read_parquet($inputs, hive_partitioning = false) as staged using (input_id)
where
  (q.input_id in (from retried) or (q.content_hash is null and q.code <> 'worker-died'))
  and (
    (q.content_hash is null and q.location in (from reread))
    or exists (
      from incoming as i
      where i.location = q.location
        and (i.record_key = q.record_key or (q.input_id in (from retried) and i.fate in ('article', 'duplicate')))
    )
  )
"""
_LOADED = "create or replace temp table loaded as select article_id, input_id from incoming where fate = 'article'"
# When the record of an article turned into something else, the first of its duplicates takes its place.
_HEIRS = """
create or replace temp table heirs as
select distinct on (d.article_id) d.article_id, i.input_id, i.document_id, i.source, i.url, i.fetched_at
from duplicates as d
join (from articles semi join incoming using (input_id)) as leaving on leaving.article_id = d.article_id
join inputs as i on i.input_id = d.input_id
where d.input_id not in (select input_id from incoming)
  and d.article_id not in (select article_id from loaded)
order by d.article_id, i.location, i.record_key, i.input_id
"""
_RETIRED = """
create or replace temp table retired as
select article_id
from articles semi join incoming using (input_id) anti join heirs using (article_id)
"""
_INHERIT = (
    """
    update articles
    set
      input_id = h.input_id, document_id = h.document_id, source = h.source, url = h.url, fetched_at = h.fetched_at,
      url_origin = case when h.url = articles.url then url_origin end
    from heirs as h
    where articles.article_id = h.article_id
    """,
    """
    update article_signatures
    set source = h.source
    from heirs as h
    where article_signatures.article_id = h.article_id
    """,
    "update inputs set fate = 'article' where input_id in (select input_id from heirs)",
    "delete from duplicates where input_id in (select input_id from heirs)",
)
_CLEAR = (
    "delete from articles where article_id in (from retired)",
    "delete from search_articles where article_id in (from retired)",
    "delete from inputs where input_id in (select input_id from incoming)",
    "delete from duplicates where input_id in (select input_id from incoming)",
    "delete from inputs where input_id in (from superseded_inputs)",
    "delete from quarantine where input_id in (from superseded_inputs)",
)
# The same failure again keeps its row, so that quarantined_at says since when.
_CLEAR_QUARANTINE = """
delete from quarantine
where input_id in (select input_id from incoming)
  and (input_id, code, message) not in (
    select (input_id, code, message) from read_parquet($quarantine, hive_partitioning = false)
  )
"""
# An article that is cleaned anew has been seen since its first time, under another name of its source too.
_SEEN = """
create or replace temp table seen as
select article_id, min(seen_at) as seen_at
from article_signatures
where article_id in (from retired)
group by article_id
"""
# So has a record that is decided anew.
_SEEN_INPUTS = """
create or replace temp table seen_inputs as
select input_id, seen_at from inputs semi join incoming using (input_id)
"""
_KEEP_SEEN = """
update article_signatures
set seen_at = seen.seen_at
from seen
where article_signatures.article_id = seen.article_id and seen.seen_at < article_signatures.seen_at
"""
# Counts and dates are the run's; whether a template is switched off is the user's, who may have said so meanwhile.
_TEMPLATES = (
    """
    create or replace temp table staged_templates as
    select staged.*, coalesce(t.is_active, true) as is_active, t.switched_off_at, t.switched_off_reason
    from read_parquet($templates, hive_partitioning = false) as staged
    left join templates as t using (template_id)
    """,
    "delete from templates where template_id in (select template_id from staged_templates)",
    "insert into templates by name from staged_templates",
)
_CLEAR_CHILD = "delete from {child} where article_id in (from retired)"
_INSERT_INPUTS = """
insert into inputs by name
select incoming.*, $run_id as run_id, coalesce(s.seen_at, $started_at) as seen_at
from incoming left join seen_inputs as s using (input_id)
"""
_INSERT_DUPLICATES = """
insert into duplicates by name
select input_id, article_id, $run_id as run_id, 'exact' as duplicate_kind, 1.0 as similarity_ratio
from incoming
where fate = 'duplicate'
"""
_INSERT_ARTICLES = """
insert into articles by name
select *, $run_id as run_id
from read_parquet($articles, hive_partitioning = false) semi join loaded using (article_id, input_id)
"""
_INSERT_CHILD = """
insert into {child} by name
from read_parquet($staged, hive_partitioning = false) semi join loaded using (article_id)
"""
_INSERT_QUARANTINE = """
insert into quarantine by name
select *, $run_id as run_id, $now as quarantined_at
from read_parquet($quarantine, hive_partitioning = false)
semi join (from incoming where fate = 'quarantine') using (input_id)
anti join quarantine using (input_id)
"""
_COUNTS = """
select
  (select count(*) from loaded),
  (select count(*) from incoming where fate = 'duplicate'),
  (select count(*) from incoming where fate = 'quarantine'),
  (select count(*) from edits semi join loaded using (article_id)),
  (select coalesce(sum(removed_chars), 0)::bigint from articles semi join loaded using (article_id)),
  (select count(*) from read_parquet($inputs, hive_partitioning = false)) - (select count(*) from incoming)
"""
_PUBLISHED = """
select article_count, duplicate_count, quarantine_count, edit_count, removed_chars
from runs
where run_id = $run_id and status = 'published'
"""
_LARGE_RUN = 2_048  # articles: DuckDB's vector, of which a row group is made
_TAKE_TURN = "update publish_turns set turn = 0"


def publish(
    connection: duckdb.DuckDBPyConnection, staged: Path, run: RunRecord, check_results: Sequence[CheckResult]
) -> PublishCounts:
    """Load the files that `consolidate` wrote, the run and its checks: all in one transaction, or nothing.

    Calling it again for a run that is published returns that run's counts and changes nothing.
    Raises InvariantError, with the warehouse unchanged, when the result would break a promise.
    """
    # Two threads take half as much processor again and no less time: most of it is packing the texts of the run, which
    # are one row group, and each thread gathers rows of its own that are then copied together.
    if not is_attached(connection):
        connection.execute("set threads = 1")
        # Row groups of a large run are not merged with those before: DuckDB would pack their texts again within the
        # window, which doubles it. Those of small runs are, so that they do not pile up.
        if len(connection.read_parquet(str(staged / "articles.parquet"), hive_partitioning=False)) >= _LARGE_RUN:
            connection.execute("set max_vacuum_tasks = 0")
    try:
        return in_transaction(connection, lambda: _publish(connection, staged, run, check_results))
    finally:
        connection.execute("reset threads; reset max_vacuum_tasks")


def _publish(
    connection: duckdb.DuckDBPyConnection, staged: Path, run: RunRecord, check_results: Sequence[CheckResult]
) -> PublishCounts:
    if published := connection.execute(_PUBLISHED, {"run_id": run.run_id}).fetchone():
        return PublishCounts(*published)
    files = {table: str(staged / f"{table}.parquet") for table in ("inputs", "articles", "quarantine")}
    quarantine = {"quarantine": files["quarantine"]}
    run_id = {"run_id": run.run_id}
    connection.execute(_TAKE_TURN)
    is_known_sound = is_sound(connection, staged)
    connection.execute(_RETRIED, {"retried": list(run.retried)})
    connection.execute(_INCOMING, {"inputs": files["inputs"], **quarantine})
    connection.execute(_REREAD, {"reread": list(run.reread)})
    connection.execute(_SUPERSEDED, {"inputs": files["inputs"]})
    for statement in (_LOADED, _HEIRS, _RETIRED, _SEEN, _SEEN_INPUTS):
        connection.execute(statement)
    note_changes(connection)
    note_pages(connection)
    note_near_duplicates(connection)
    for statement in (*_INHERIT, *_CLEAR):
        connection.execute(statement)
    connection.execute(_CLEAR_QUARANTINE, quarantine)
    connection.execute(_INSERT_INPUTS, {**run_id, "started_at": run.started_at})
    connection.execute(_INSERT_DUPLICATES, run_id)
    connection.execute(_INSERT_QUARANTINE, {**quarantine, **run_id, "now": run.finished_at})
    connection.execute(_INSERT_ARTICLES, {"articles": files["articles"], **run_id})
    for child in CHILDREN:  # the only names that are put into SQL, and they are ours
        connection.execute(_CLEAR_CHILD.format(child=child))
        connection.execute(_INSERT_CHILD.format(child=child), {"staged": str(staged / f"{child}.parquet")})
    publish_layouts(connection, staged)
    publish_index(connection, staged, run.run_id)
    connection.execute(_KEEP_SEEN)
    restate_versions(connection)
    restate_history(connection)
    _publish_templates(connection, staged / "templates.parquet")
    publish_near_duplicates(connection, staged, run.run_id, run.started_at)
    record_comparison(connection, staged, run)
    row = connection.execute(_COUNTS, {"inputs": files["inputs"]}).fetchone()
    assert row is not None
    counts = PublishCounts(*row)
    record_run(connection, run, "published", counts, check_results)
    restate_changes(connection)
    check_published(connection, staged, run.run_id, is_known_sound=is_known_sound)
    return counts


def _publish_templates(connection: duckdb.DuckDBPyConnection, staged: Path) -> None:
    if not staged.exists():  # a run in which every record was unchanged decides nothing about templates
        return
    keep, *replace = _TEMPLATES
    connection.execute(keep, {"templates": str(staged)})
    for statement in replace:
        connection.execute(statement)
