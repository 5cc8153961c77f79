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
_RESTATE = (
    """
    insert into changed_pages
    select distinct url
    from articles
    where url is not null and article_id in (select article_id from loaded union all select article_id from heirs)
    """,
    """
    create or replace temp table articles_of_pages as
    select article_id, source, url, url_origin, title, text_chars, fetched_at, run_id, ruleset_version
    from articles
    where url in (from changed_pages)
    """,
    """
    delete from superseded_versions
    where article_id in (select article_id from articles_of_pages union all from retired)
    """,
    """
    insert into superseded_versions
    select article_id from versions_among('articles_of_pages') where not is_latest
    """,
)


def note_pages(connection: duckdb.DuckDBPyConnection) -> None:
    """Remember which pages a publish is about to change: after `retired` and `heirs` are known, before the changes."""
    connection.execute(_NOTE)


def restate_versions(connection: duckdb.DuckDBPyConnection) -> None:
    """Number the versions of the changed pages again, and leave their articles in `articles_of_pages`."""
    for statement in _RESTATE:
        connection.execute(statement)
