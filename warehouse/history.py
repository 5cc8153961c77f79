"""The history of sources: what they gave run by run, and what each rule took of it.

Written in the publishing transaction, and only for the groups of articles that it changes; a group is the articles of
one source that one run took in first. An article counts once, in its group and by its ledger of today: cleaned anew,
it changes the figures of that group and adds none, so a run over known articles is no second sample of them.

Read before the audit, in one short visit: `stage_baselines` leaves what is usual for the sources of a run beside the
staged tables, for the checks.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from warehouse.excerpt import load_excerpt
from warehouse.migrate import lay_tables, make_views
from warehouse.parquet import write_rows

# Before anything is changed: the groups that lose an article, or have one whose ledger may change.
_NOTE = """
create or replace temp table changed_groups as
select distinct source, seen_at
from article_signatures
where article_id in (select article_id from retired union all select article_id from heirs)
"""
# After everything is in: the groups that articles have come into.
_NOTE_NEW = """
insert into changed_groups
select distinct source, seen_at
from article_signatures
where article_id in (select article_id from loaded union all select article_id from heirs)
"""
_RESTATE = (
    "delete from source_history where (source, seen_at) in (select (source, seen_at) from changed_groups)",
    "delete from removal_history where (source, seen_at) in (select (source, seen_at) from changed_groups)",
    """
    create or replace temp table changed_articles as
    select
      article_id, source, seen_at, original_chars, removed_chars, removed_ratio, text_words, published_status
    from articles
    join (from article_signatures semi join changed_groups using (source, seen_at)) using (article_id, source)
    """,
    # Decimals, because their sum is the same in any order.
    """
    insert into source_history by name
    with flagged as (
      select
        article_id, bool_or(code = 'seo-padded') as is_padded,
        bool_or(code in ('extraction-doubtful', 'not-an-article')) as is_doubtful
      from flags semi join changed_articles using (article_id)
      group by article_id
    ), artifacts as (
      select article_id, count(*) as artifact_count
      from edits semi join changed_articles using (article_id)
      where kind <> 'tidy'
      group by article_id
    ), quality as (
      select article_id, quality::decimal(18, 9) as quality
      from article_totals semi join changed_articles using (article_id)
    )
    select
      source, seen_at, count(*) as article_count,
      sum(text_words)::bigint as word_count,
      count(*) filter (published_status in ('undated', 'implausible')) as undated_count,
      count(*) filter (published_status = 'conflicting') as conflicting_count,
      count(*) filter (is_padded) as padded_count,
      count(*) filter (is_doubtful) as doubtful_count,
      coalesce(sum(artifact_count), 0)::bigint as artifact_count,
      sum(removed_chars)::bigint as removed_chars,
      sum(original_chars)::bigint as original_chars,
      sum(removed_ratio::decimal(18, 9))::double as removed_share_sum,
      sum((removed_ratio * removed_ratio)::decimal(18, 9))::double as removed_share_square_sum,
      coalesce(sum(quality), 0)::double as quality_sum,
      coalesce(sum((quality::double * quality::double)::decimal(18, 9)), 0)::double as quality_square_sum
    from changed_articles
    left join flagged using (article_id)
    left join artifacts using (article_id)
    left join quality using (article_id)
    group by source, seen_at
    """,
    """
    insert into removal_history by name
    with taken as (
      select
        article_id, if(starts_with(rule_id, 'template:'), 'template', rule_id) as rule_id,
        sum(end_char - start_char) as removed_chars
      from edits semi join changed_articles using (article_id)
      where kind <> 'tidy'
      group by all
    )
    select
      source, seen_at, rule_id, count(*) as article_count,
      sum((taken.removed_chars / original_chars)::decimal(18, 9))::double as removed_ratio_sum
    from taken join changed_articles using (article_id)
    group by source, seen_at, rule_id
    """,
)
# More groups of a source than the last 200 are never looked at: see the view source_periods.
_RECENT = """
from source_history
where source in (select source from run_sources)
qualify row_number() over (partition by source order by seen_at desc) <= 200
"""
_HISTORY = {
    "source_history": _RECENT,
    "removal_history": f"from removal_history semi join ({_RECENT}) using (source, seen_at)",
}
_BASELINES = ("source_baselines", "removal_baselines")


def note_changes(connection: duckdb.DuckDBPyConnection) -> None:
    """Remember which groups a publish is about to change: after `retired` and `heirs` are known, before the changes."""
    connection.execute(_NOTE)


def restate_history(connection: duckdb.DuckDBPyConnection) -> None:
    """Count anew the groups that the publish has changed, in its transaction."""
    for statement in (_NOTE_NEW, *_RESTATE):
        connection.execute(statement)


def stage_baselines(warehouse: Path, staged: Path) -> bool:
    """Write `staged/source_baselines.parquet` and `removal_baselines.parquet`: what is usual for the run's sources.

    The rows of the views of these names. False, and no file, where the warehouse is not there or has no history yet.
    Raises what opening the warehouse raises.
    """
    with duckdb.connect(config={"temp_directory": str(staged / "baselines.spill")}) as memory:
        memory.execute("set TimeZone = 'UTC'")
        lay_tables(memory)
        make_views(memory)
        articles = memory.read_parquet(str(staged / "articles.parquet"), hive_partitioning=False)
        articles.project("source").distinct().create("run_sources")
        if not load_excerpt(memory, warehouse, staged.parent, _HISTORY, wanted=("run_sources",)):
            return False
        for view in _BASELINES:
            write_rows(memory.view(view), staged / f"{view}.parquet")
    return True
