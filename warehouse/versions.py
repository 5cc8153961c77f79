"""Versions of pages in the publishing transaction: which articles are not the latest, for the pages that it touches."""

from __future__ import annotations

import duckdb

# Before anything is changed: the pages that the run takes articles from.
_NOTE = """
create or replace temp table changed_pages as
select distinct url
from articles
where url is not null and article_id in (select article_id from retired union all select article_id from heirs)
"""
# What the view article_versions says of all articles, for those of the changed pages: it cannot be asked for a few
# without numbering all. Maintenance compares both (`warehouse.invariants`).
_RESTATE = (
    """
    insert into changed_pages
    select distinct url
    from articles
    where url is not null and article_id in (select article_id from loaded union all select article_id from heirs)
    """,
    """
    create or replace temp table articles_of_pages as
    select article_id, source, url, url_origin, title, fetched_at
    from articles
    where url in (from changed_pages)
    """,
    """
    delete from superseded_versions
    where article_id in (select article_id from articles_of_pages union all from retired)
    """,
    """
    insert into superseded_versions
    with placed as (
      select
        a.article_id, a.url, if(url_origin = 'given', '', coalesce(title, a.article_id)) as told_by,
        coalesce(a.fetched_at, s.seen_at) as as_of, s.seen_at
      from articles_of_pages as a left join article_signatures as s using (article_id, source)
      where regexp_matches(a.url, '^[a-zA-Z]+://[^/]+/.')
    )
    select article_id
    from placed
    qualify row_number() over (partition by url, told_by order by as_of desc, seen_at desc, article_id desc) > 1
    """,
)


def note_pages(connection: duckdb.DuckDBPyConnection) -> None:
    """Remember which pages a publish is about to change: after `retired` and `heirs` are known, before the changes."""
    connection.execute(_NOTE)


def restate_versions(connection: duckdb.DuckDBPyConnection) -> None:
    """Number the versions of the changed pages again, and leave their articles in `articles_of_pages`."""
    for statement in _RESTATE:
        connection.execute(statement)
