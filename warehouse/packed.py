"""Tables of many short rows an article, kept as one row an article: a third of the bytes, and of the time to write.

Staged rows of `signals`, `scores` and `line_fingerprints` are packed into `article_signals`, `article_scores` and
`article_fingerprints`. What all articles have alike, the names of signals and the names and weights of components, is
a *layout*, stored once. The views `signals` and `scores` show the rows again.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from warehouse.parquet import write_rows

# As staged, and as the views show them.
LONG_TABLES = (
    "create table signals (article_id varchar, name varchar, value double)",
    """
    create table scores (
      article_id varchar, score varchar, component varchar, value_ratio double, weight_ratio double, evidence varchar
    )
    """,
    """
    create table line_fingerprints (
      article_id varchar, text_fingerprint ubigint, frame_fingerprint ubigint, line_fingerprint ubigint
    )
    """,
)
LAYOUTS = (("signal_layouts", "article_signals"), ("score_layouts", "article_scores"))
# Sorted as structs: aggregates with an order of their own take a hundred times the memory.
_LAID_OUT_SIGNALS = """
with gathered as (
  select article_id, list_sort(list({{'name': name, 'value': value}})) as signals from {rows} group by article_id
), named as (
  select *, [each.name for each in signals] as names from gathered
)
select
  article_id, md5_number_lower(array_to_string(names, chr(10))) >> 16 as layout, names,
  [each.value for each in signals] as signal_values
from named
"""
# Evidence as one text, of which DuckDB makes a third of the bytes of a list.
_LAID_OUT_SCORES = """
with gathered as (
  select
    article_id,
    list_sort(list({{
      'score': score, 'component': component, 'weight': weight_ratio, 'value': value_ratio,
      'evidence': replace(evidence, chr(31), ' ')
    }})) as components
  from {rows}
  group by article_id
)
select
  article_id,
  md5_number_lower(array_to_string(
    [concat_ws(chr(9), each.score, each.component, each.weight) for each in components], chr(10)
  )) >> 16 as layout,
  [each.score for each in components] as score_names, [each.component for each in components] as components,
  [each.weight for each in components] as weights, [each.value for each in components] as score_values,
  array_to_string([each.evidence for each in components], chr(31)) as evidences
from gathered
"""
# Half of a fingerprint tells texts of one source apart: of ten million lines, two in a thousand have another's half,
# and a template needs five articles. Those with a frame come first, and the list of frames ends with the last. A
# sentence names its line by its place, from 1 on: 0 is a line, and -1 a sentence of a line that may be no template.
_FINGERPRINTS = """
with numbered as (
  select
    article_id, text_fingerprint, frame_fingerprint, line_fingerprint,
    row_number() over (
      partition by article_id
      order by
        coalesce(frame_fingerprint >> 32, 0) = 0, line_fingerprint is not null,
        text_fingerprint, line_fingerprint, frame_fingerprint
    )::integer as place
  from {rows}
), lines as (
  select article_id, text_fingerprint as line_fingerprint, min(place) as line_place
  from numbered
  where line_fingerprint is null
  group by all
), gathered as (
  select
    article_id,
    list_sort(list({{
      'place': place, 'text': (text_fingerprint >> 32)::uinteger,
      'frame': coalesce(frame_fingerprint >> 32, 0)::uinteger,
      'line': if(line_fingerprint is null, 0, coalesce(line_place, -1))
    }})) as units
  from numbered left join lines using (article_id, line_fingerprint)
  group by article_id
)
select
  article_id, [each.text for each in units] as texts,
  [each.frame for each in units if each.frame <> 0] as frames,
  [each.line for each in units] as line_places
from gathered
"""


def pack_rows(
    memory: duckdb.DuckDBPyConnection, signals: str, scores: str, fingerprints: str
) -> dict[str, duckdb.DuckDBPyRelation]:
    """The packed tables and layouts, by name, of three relations in `memory` with the columns of LONG_TABLES."""
    memory.execute(f"create or replace temp table laid_signals as {_LAID_OUT_SIGNALS.format(rows=signals)}")
    memory.execute(f"create or replace temp table laid_scores as {_LAID_OUT_SCORES.format(rows=scores)}")
    return {
        "article_signals": memory.sql("select article_id, layout, signal_values from laid_signals"),
        "signal_layouts": memory.sql("select distinct layout, names from laid_signals"),
        "article_scores": memory.sql("select article_id, layout, score_values, evidences from laid_scores"),
        "score_layouts": memory.sql("select distinct layout, score_names, components, weights from laid_scores"),
        "article_fingerprints": memory.sql(_FINGERPRINTS.format(rows=fingerprints)),
    }


def stage_packed(memory: duckdb.DuckDBPyConnection, staged: Path) -> None:
    """Write `staged/<table>.parquet` of each packed table and of the layouts, from the staged long ones beside them."""
    for table in ("signals", "scores", "line_fingerprints"):
        rows = memory.read_parquet(str(staged / f"{table}.parquet"), hive_partitioning=False)
        rows.create_view(f"long_{table}", replace=True)
    for table, rows in pack_rows(memory, "long_signals", "long_scores", "long_line_fingerprints").items():
        write_rows(rows, staged / f"{table}.parquet")


def publish_layouts(connection: duckdb.DuckDBPyConnection, staged: Path) -> None:
    """Keep the layouts that articles have: those of the run come in, those that nothing uses any more go."""
    for layouts, packed in LAYOUTS:  # the only names that are put into SQL, and they are ours
        connection.execute(
            f"insert into {layouts} by name "
            f"from read_parquet($staged, hive_partitioning = false) anti join {layouts} using (layout)",
            {"staged": str(staged / f"{layouts}.parquet")},
        )
        connection.execute(f"delete from {layouts} where layout not in (select layout from {packed})")  # noqa: S608
