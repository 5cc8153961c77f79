"""Clusters of near-duplicates: the articles of a run and those that the warehouse has of the same sources.

The first thing that `warehouse.templates` asks: copies of an article prove nothing, so a cluster counts once. No step
is quadratic in the articles, whatever they have in common, and their order changes nothing.
"""

from __future__ import annotations

import duckdb

from transforms.template_bounds import BAND_VALUES, BANDS, LEAST_SIMILARITY

# An article of the run that the warehouse has too is read anew, and seen since when it was first seen.
_MEMBERS = """
create table members as
select source, article_id, least(r.seen_at, h.seen_at) as seen_at, r.signature
from run_articles as r left join article_signatures as h using (source, article_id)
union all
select source, article_id, seen_at, signature
from article_signatures anti join run_articles using (source, article_id)
"""
# Candidates for near-duplicates share a band. Each article is compared with the first and with the next one of its
# band and not with all of them, so a band with many articles costs no square.
_PAIRS = """
create table pairs as
with banded as (
  select
    source, article_id, band, signature,
    signature[band * $values + 1 : (band + 1) * $values] as shared
  from members, range($bands) as bands (band)
), neighbours as (
  select
    source, article_id, signature,
    first_value(article_id) over (band order by article_id) as first_id,
    first_value(signature) over (band order by article_id) as first_signature,
    lag(article_id) over (band order by signature, article_id) as next_id,
    lag(signature) over (band order by signature, article_id) as next_signature
  from banded
  window band as (partition by source, band, shared)
), candidates as (
  select distinct source, article_id, first_id as other_id, signature, first_signature as other from neighbours
  union
  select distinct source, article_id, next_id, signature, next_signature from neighbours where next_id is not null
)
select source, article_id, other_id
from candidates
where article_id <> other_id
  and len([1 for pair in list_zip(signature, other) if pair[1] = pair[2]]) >= $least * len(signature)
"""
# Each article takes the smallest id that its neighbours have, and that article's own, until nothing changes.
_CLUSTERS = "create table clusters as select source, article_id, article_id as cluster_id from members"
_JOIN_CLUSTERS = """
with edges as (
  select source, article_id, other_id from pairs
  union all
  select source, other_id, article_id from pairs
), smaller as (
  select b.source, b.article_id, min(least(c.cluster_id, further.cluster_id)) as cluster_id
  from edges as b
  join clusters as c on c.source = b.source and c.article_id = b.other_id
  join clusters as further on further.source = c.source and further.article_id = c.cluster_id
  group by b.source, b.article_id
)
update clusters
set cluster_id = smaller.cluster_id
from smaller
where clusters.source = smaller.source and clusters.article_id = smaller.article_id
  and smaller.cluster_id < clusters.cluster_id
"""


def make_clusters(memory: duckdb.DuckDBPyConnection) -> None:
    """Make `members` (source, article_id, seen_at, signature) and `clusters` (source, article_id, cluster_id).

    Of `run_articles`, the articles of the run, and `article_signatures`, those of the warehouse. A cluster is named by
    the smallest id of its articles.
    """
    memory.execute(_MEMBERS)
    memory.execute(_PAIRS, {"bands": BANDS, "values": BAND_VALUES, "least": LEAST_SIMILARITY})
    memory.execute(_CLUSTERS)
    while (memory.execute(_JOIN_CLUSTERS).fetchone() or (0,))[0]:
        pass
