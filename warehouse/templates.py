"""Templates by source: what a run's articles and the warehouse's repeat, counted by cluster of near-duplicates.

Between the two steps of a run. Read from the warehouse, decided in a DuckDB in memory that spills into the run's
folder, written to two files there: `staged/templates.parquet`, the rows that publishing will write, and
`templates_in_use.parquet` for the workers. The warehouse is not changed here. The result depends on the sets of
articles alone: not on their order, the batches or the workers. Only fingerprints and signatures are read, no texts.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import duckdb

from transforms.fingerprints import masked_text
from transforms.template_bounds import (
    LEAST_CLUSTERS,
    LEAST_FRAME_SHARE,
    LEAST_FRAME_TEXTS,
    LEAST_SENTENCE_SHARE,
    LEAST_SHARE,
)
from transforms.templates import KIND
from warehouse.clusters import make_clusters
from warehouse.excerpt import load_excerpt
from warehouse.migrate import lay_tables
from warehouse.parquet import write_rows

# What the warehouse knows of the run's sources. Lines only where the run has the same text or frame: others cannot
# become templates by this run.
_HISTORY = {
    "article_signatures": "from article_signatures where source in (select source from run_sources)",
    "article_fingerprints": """
        with units as (
          select
            article_id, unnest(texts) as text, unnest(frames) as frame,
            unnest([case when n = 0 then null when n = -1 then 0 else texts[n] end for n in line_places]) as line
          from article_fingerprints
          where article_id in (
              select article_id from article_signatures where source in (select source from run_sources)
            )
        ), halves as (
          select distinct (fingerprint >> 32)::uinteger as half from run_fingerprints
        )
        from units where text in (from halves) or frame in (from halves)
        """,
    "templates": "from templates where source in (select source from run_sources)",
}
# Rows of lines in place of the packed table.
_UNITS = """
drop table article_fingerprints;
create table article_fingerprints (article_id varchar, text ubigint, frame ubigint, line ubigint)
"""
_RUN = (
    """
    create table run_articles as
    select source, article_id, min(seen_at) as seen_at, any_value(signature) as signature
    from signature_parts
    group by source, article_id
    """,
    "create table run_sources as select distinct source from run_articles",
    """
    create table run_fingerprints as
    select text_fingerprint as fingerprint from fingerprint_parts
    union
    select frame_fingerprint from fingerprint_parts where frame_fingerprint is not null
    """,
)
# The warehouse keeps the upper half of each fingerprint, and of the articles' own lines nothing else. What the run or a
# template has the same half of is that; what is left has a number that no text of the run has.
_OCCURRENCES = """
create table occurrences as
with wholes as (
  select fingerprint >> 32 as half, min(fingerprint) as fingerprint
  from (select fingerprint from run_fingerprints union select fingerprint from templates)
  group by half
), lines as (
  select source, article_id, text_fingerprint, frame_fingerprint, line_fingerprint
  from fingerprint_parts join (select distinct source, article_id, input_id from signature_parts)
    using (article_id, input_id)
  union
  select
    source, article_id,
    coalesce(t.fingerprint, text * 4294967296::ubigint),
    nullif(coalesce(f.fingerprint, frame * 4294967296::ubigint), 0),
    coalesce(l.fingerprint, line * 4294967296::ubigint)
  from article_fingerprints
  join (from article_signatures anti join run_articles using (source, article_id)) using (article_id)
  left join wholes as t on t.half = text
  left join wholes as f on f.half = frame
  left join wholes as l on l.half = line
)
select source, cluster_id, seen_at, text_fingerprint, frame_fingerprint, line_fingerprint
from lines join members using (source, article_id) join clusters using (source, article_id)
"""
_FOUND = """
create table found (
  source varchar, scope varchar, fingerprint ubigint, cluster_count bigint, source_cluster_count bigint,
  share_ratio double, first_seen_at timestamptz, last_seen_at timestamptz, is_sufficient boolean
)
"""
# What a scope counts: from the widest to the narrowest, each without what an earlier one explains. A sentence of a
# template line, or a frame that one template text fills, is that template and not another.
_COUNTED = {
    "line": "select *, text_fingerprint as fingerprint from occurrences where line_fingerprint is null",
    "sentence": """
        select *, text_fingerprint as fingerprint
        from occurrences
        where (source, text_fingerprint) not in (from explained)
          and (line_fingerprint is null or (source, line_fingerprint) not in (from explained))
        """,
    "frame": """
        select *, frame_fingerprint as fingerprint
        from occurrences
        where frame_fingerprint is not null
          and (source, text_fingerprint) not in (from explained)
          and (line_fingerprint is null or (source, line_fingerprint) not in (from explained))
        """,
}
_EXPLAINED = """
create or replace temp view explained as
select (source, fingerprint) as text from found where is_sufficient and scope <> 'frame'
union
select (source, fingerprint)
from templates
where is_sufficient and scope = 'line' and fingerprint not in (select fingerprint from run_fingerprints)
"""
_FIND = """
insert into found by name
with counted as (
  select
    source, fingerprint,
    count(distinct cluster_id) as cluster_count,
    count(distinct text_fingerprint) as text_count,
    min(seen_at) as first_seen_at, max(seen_at) as last_seen_at
  from ({counted})
  group by source, fingerprint
  having count(distinct cluster_id) >= $least_clusters
    or (source, fingerprint) in (select (source, fingerprint) from templates where scope = $scope)
), periods as (
  select p.source, p.first_seen_at, p.last_seen_at, count(distinct cluster_id) as source_cluster_count
  from (select distinct source, first_seen_at, last_seen_at from counted) as p
  join members as m on m.source = p.source and m.seen_at between p.first_seen_at and p.last_seen_at
  join clusters as c on c.source = m.source and c.article_id = m.article_id
  group by all
)
select
  source, $scope as scope, fingerprint, cluster_count, source_cluster_count,
  cluster_count / source_cluster_count as share_ratio, first_seen_at, last_seen_at,
  cluster_count >= $least_clusters
    and text_count >= $least_texts
    and share_ratio >= if($scope = 'line' and not is_masked, $least_share, $least_sentence_share) as is_sufficient
from counted
join periods using (source, first_seen_at, last_seen_at)
join shown using (source, fingerprint)
"""
_SHOWN = """
create table shown as
select source, text_fingerprint as fingerprint, any_value(is_masked) as is_masked, min(example_text) as example_text
from text_parts
group by source, text_fingerprint
union all
select source, frame_fingerprint, true, min(example_text)
from text_parts
where frame_fingerprint is not null
group by source, frame_fingerprint
"""
_MASKED = "create table masked (source varchar, fingerprint ubigint, masked_text varchar)"
# The rows that change. A template that its own scope does not find again keeps its figures and is not used.
_STAGED = """
create table staged as
with sufficient as (
  select * from found where is_sufficient
), known as (
  select * from templates where fingerprint in (select fingerprint from run_fingerprints)
), insufficient as (
  select * from found where not is_sufficient
), rows as (
  select
    left(sha256(source || chr(10) || fingerprint), 16) as template_id, source, f.scope, fingerprint,
    coalesce(k.kind, $kind) as kind,
    if(k.scope = f.scope, k.masked_text, masked.masked_text) as masked_text,
    if(k.scope = f.scope, k.example_text, shown.example_text) as example_text,
    f.cluster_count, f.source_cluster_count, f.share_ratio, f.first_seen_at, f.last_seen_at, true as is_sufficient
  from sufficient as f
  join shown using (source, fingerprint)
  join masked using (source, fingerprint)
  left join known as k using (source, fingerprint)
  union all by name
  select
    k.template_id, source, k.scope, fingerprint, k.kind, k.masked_text, k.example_text,
    coalesce(f.cluster_count, k.cluster_count) as cluster_count,
    coalesce(f.source_cluster_count, k.source_cluster_count) as source_cluster_count,
    coalesce(f.share_ratio, k.share_ratio) as share_ratio,
    coalesce(f.first_seen_at, k.first_seen_at) as first_seen_at,
    coalesce(f.last_seen_at, k.last_seen_at) as last_seen_at,
    false as is_sufficient
  from known as k
  left join insufficient as f using (source, fingerprint, scope)
  anti join sufficient using (source, fingerprint)
)
from rows
"""
_IN_USE = """
with now as (
  from staged
  union all by name
  from (select * exclude (is_active, switched_off_at, switched_off_reason) from templates)
    anti join staged using (template_id)
)
select source, scope, fingerprint, template_id, masked_text
from now
where is_sufficient and template_id not in (select template_id from templates where not is_active)
order by source, template_id
"""


def find_templates(warehouse: Path, folder: Path) -> int:
    """Decide the templates of the sources that a run has articles of; returns how many are in use for them.

    `folder` holds the parts of step 1. A warehouse that is not there, or has no templates yet, has no history.
    Raises what opening the warehouse raises.
    """
    (folder / "staged").mkdir(parents=True, exist_ok=True)
    with duckdb.connect(config={"temp_directory": str(folder / "templates.spill")}) as memory:
        memory.execute("set TimeZone = 'UTC'; set preserve_insertion_order = false")
        lay_tables(memory)  # for history's columns; the rows come from files
        memory.execute(_UNITS)
        if not _view_parts(memory, folder):
            return 0
        for statement in _RUN:
            memory.execute(statement)
        load_excerpt(memory, warehouse, folder, _HISTORY, wanted=("run_sources", "run_fingerprints"))
        make_clusters(memory)
        for statement in (_OCCURRENCES, _SHOWN, _FOUND, _EXPLAINED):
            memory.execute(statement)
        for scope, counted in _COUNTED.items():
            memory.execute(_FIND.format(counted=counted), _bounds(scope))
        _show(memory)
        memory.execute(_STAGED, {"kind": KIND})
        write_rows(memory.table("staged"), folder / "staged" / "templates.parquet")
        in_use = memory.sql(_IN_USE)
        write_rows(in_use, folder / "templates_in_use.parquet")
        return len(in_use)


def in_use(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, str, int, str, str]]:
    """Source, scope, fingerprint, id and masked text of every template that a run would use now."""
    return connection.execute(
        "select source, scope, fingerprint, template_id, masked_text from templates where is_active and is_sufficient"
    ).fetchall()


def _bounds(scope: str) -> Mapping[str, str | int | float]:
    return {
        "scope": scope,
        "least_clusters": LEAST_CLUSTERS,
        "least_texts": LEAST_FRAME_TEXTS if scope == "frame" else 1,
        "least_share": LEAST_SHARE,
        "least_sentence_share": LEAST_FRAME_SHARE if scope == "frame" else LEAST_SENTENCE_SHARE,
    }


def _view_parts(memory: duckdb.DuckDBPyConnection, folder: Path) -> bool:
    """Views on the parts of step 1; False where there are none."""
    for name, place in (
        ("signature_parts", folder / "parts" / "article_signatures"),
        ("fingerprint_parts", folder / "parts" / "line_fingerprints"),
        ("text_parts", folder / "template_texts"),
    ):
        files = sorted(str(path) for path in place.glob("*.parquet"))
        if not files:
            return False
        memory.read_parquet(files, hive_partitioning=False).create_view(name)
    return True


def _show(memory: duckdb.DuckDBPyConnection) -> None:
    """Mask the examples of what was found, to show what is compared; there are few."""
    memory.execute(_MASKED)
    found = memory.execute(
        "select source, fingerprint, scope, example_text from found join shown using (source, fingerprint) "
        "where is_sufficient"
    )
    rows = [(source, number, masked_text(example, scope)) for source, number, scope, example in found.fetchall()]
    if rows:
        memory.executemany("insert into masked values (?, ?, ?)", rows)
