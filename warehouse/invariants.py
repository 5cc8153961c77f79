"""The promises of the warehouse, asked of the warehouse itself.

1. Reversible: clean text and ledger give back the original, to the character.
2. Nothing lost, nothing twice: every input is exactly one article, duplicate or quarantine row, and no row belongs
   to an article that is not there.

All of it is asked of the whole warehouse before a run opens it to write (`note_soundness`), so that the writer's window
does not grow with the warehouse; in the publishing transaction it is asked of what the run touches. Where the state
that was asked is not the one that the writer finds, because another run published meanwhile or nobody asked, the
transaction asks the whole warehouse itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product
from pathlib import Path

import duckdb

from warehouse.connect import connect_reader
from warehouse.errors import InvariantError
from warehouse.lake import is_there
from warehouse.parquet import write_rows
from warehouse.verify import has_unverified

_MOST_REBUILT = 20_000  # articles at a time: 200 MB of originals of 5 kB, and of what they are made from
_FILE = "sound_state.parquet"
# Every publish, and every run that fails, adds a row of `runs`.
_STATE = "select count(*) as run_count, bit_xor(hash(run_id)) as run_digest from runs"
_RESTORED = (
    "the original text cannot be rebuilt from clean text and ledger",
    """
    select article_id
    from restore_originals($run_id, null, of_prefix := $prefix) join articles using (article_id)
    where sha256(original) <> original_hash
    """,
)
# Each query gives the keys of the rows that break the promise. {inputs}, {articles} and {gone} say of which rows it is
# asked: of all, or of those that a run touches, and of the articles that it took out.
_PROMISES = (
    (
        "an input does not end in exactly one place, the one that its fate says",
        """
        with places as (
          select input_id, 'article' as place, article_id from articles
          union all
          select input_id, 'duplicate', article_id from duplicates
          union all
          select input_id, 'quarantine', null from quarantine
        )
        select input_id
        from (from inputs {inputs}) as i full join (from places {inputs}) as p using (input_id)
        group by input_id
        having count(*) <> 1
          or not bool_and(coalesce(fate = place and i.article_id is not distinct from p.article_id, false))
        """,
    ),
    (
        "an article is there twice",
        "select article_id from articles {articles} group by article_id having count(*) > 1",
    ),
    (
        "an article is not in the search index, or not once",
        """
        select article_id
        from (select article_id, text_chars from articles {articles}) as a
        full join (select article_id, segment from search_articles {articles}) as s using (article_id)
        group by article_id
        having count(text_chars) <> 1 or count(segment) <> 1
        """,
    ),
    ("a template is there twice", "select template_id from templates group by template_id having count(*) > 1"),
    (
        "a near-duplicate gives way to an article that is not kept, or is there twice",
        """
        select d.article_id
        from near_duplicates as d
        left join (from near_duplicates where is_kept) as k on k.article_id = d.kept_article_id
        where k.cluster_id is distinct from d.cluster_id or d.is_kept <> (d.article_id = d.kept_article_id)
        union all
        select article_id from near_duplicates group by article_id having count(*) > 1
        """,
    ),
    (
        "a row belongs to an article that is not there",
        """
        with owned as (
          select article_id from duplicates {gone}
          union all select article_id from edits {gone}
          union all select article_id from article_signals {gone}
          union all select article_id from article_scores {gone}
          union all select article_id from flags {gone}
          union all select article_id from date_candidates {gone}
          union all select article_id from article_signatures {gone}
          union all select article_id from article_fingerprints {gone}
          union all select article_id from page_facts {gone}
          union all select article_id from text_signatures {gone}
          union all select article_id from near_duplicates {gone}
          union all select kept_article_id from near_duplicates
          union all select article_id from superseded_versions
        )
        select distinct article_id from owned anti join articles using (article_id)
        """,
    ),
)
_VERSIONS = (
    "an article is hidden behind a later version of its page that is not there, or is not hidden",
    """
    select article_id
    from (select article_id, true as is_superseded from article_versions where not is_latest) as v
    full join (select article_id, true as is_hidden from superseded_versions) as s using (article_id)
    group by article_id
    having count(is_superseded) <> 1 or count(is_hidden) <> 1
    """,
)
_TEMPLATES = (
    "a removal names a template that is not there, or whose evidence does not suffice",
    """
    select distinct rule_id
    from edits semi join (from articles where run_id = $run_id) using (article_id)
    where starts_with(rule_id, 'template:')
      and rule_id not in (select 'template:' || template_id from templates where is_sufficient)
    """,
)
_ALL = {"inputs": "", "articles": "", "gone": ""}
_TOUCHED = {
    "inputs": "semi join touched_inputs using (input_id)",
    "articles": "semi join touched_articles using (article_id)",
    "gone": "semi join gone_articles using (article_id)",
}
_TOUCH = (
    """
    create or replace temp table touched_inputs as
    select input_id from incoming union select input_id from superseded_inputs union select input_id from heirs
    """,
    """
    create or replace temp table touched_articles as
    select article_id from loaded union select article_id from retired union select article_id from heirs
    union select article_id from touched
    """,
    "create or replace temp table gone_articles as from touched_articles anti join articles using (article_id)",
)


def note_soundness(warehouse: Path, staged: Path) -> None:
    """Check the whole warehouse as it is, and note beside the staged tables which state was sound.

    Raises InvariantError where it is not, and what opening the warehouse raises. One that is not there, or that an
    earlier version wrote, is checked when it is there and brought up to date: in the publishing transaction.
    """
    if not is_there(warehouse):
        return
    with connect_reader(warehouse) as connection:
        try:
            state = connection.execute(_STATE).to_arrow_table()
            _ask(connection, _PROMISES, _ALL)
        except (duckdb.CatalogException, duckdb.BinderException):
            return
    with duckdb.connect() as memory:
        write_rows(memory.from_arrow(state), staged / _FILE)


def is_sound(connection: duckdb.DuckDBPyConnection, staged: Path) -> bool:
    """Whether `note_soundness` found the warehouse sound in just this state: asked before anything is changed."""
    file = staged / _FILE
    if not file.exists():
        return False
    noted = connection.read_parquet(str(file)).fetchall()
    return noted == connection.execute(_STATE).fetchall()


def check_published(connection: duckdb.DuckDBPyConnection, staged: Path, run_id: str, *, is_known_sound: bool) -> None:
    """The promises for what a publish has changed, in its transaction; for the whole warehouse unless it was sound.

    Raises InvariantError when one is broken.
    """
    if has_unverified(connection, staged, run_id):
        _check_restored(connection, run_id)
    if is_known_sound:
        for statement in _TOUCH:
            connection.execute(statement)
    _ask(connection, _PROMISES, _TOUCHED if is_known_sound else _ALL, run_id)
    _ask(connection, (_TEMPLATES,), _ALL, run_id)


def check_invariants(connection: duckdb.DuckDBPyConnection, *run_ids: str) -> None:
    """Raise InvariantError with up to five keys when a promise is broken; `run_ids` name the articles to rebuild.

    The articles of one run are rebuilt at a time, of a large one in parts, which bounds the memory.
    """
    for run_id in run_ids:
        _check_restored(connection, run_id)
        _ask(connection, (_TEMPLATES,), _ALL, run_id)
    _ask(connection, (*_PROMISES, _VERSIONS), _ALL)


def _check_restored(connection: duckdb.DuckDBPyConnection, run_id: str) -> None:
    promise, query = _RESTORED
    for prefix in _prefixes(connection, run_id):
        _refuse(promise, connection.execute(query, {"run_id": run_id, "prefix": prefix}).fetchmany(5), run_id)


def _ask(
    connection: duckdb.DuckDBPyConnection,
    promises: tuple[tuple[str, str], ...],
    rows: Mapping[str, str],
    run_id: str = "the warehouse as it was",
) -> None:
    for promise, query in promises:
        named = {"run_id": run_id} if "$run_id" in query else {}
        _refuse(promise, connection.execute(query.format(**rows), named).fetchmany(5), run_id)


def _refuse(promise: str, broken: list[tuple[object, ...]], run_id: str) -> None:
    if broken:
        keys = ", ".join(str(key) for (key,) in broken)
        raise InvariantError(
            f"{promise}: {keys}. Nothing was changed ({run_id}). "
            "Report this with the staged files; they are still there."
        )


def _prefixes(connection: duckdb.DuckDBPyConnection, run_id: str) -> Iterator[str]:
    """The prefixes of article ids, which are hex, that part the articles of a run."""
    row = connection.execute("select count(*) from articles where run_id = $run_id", {"run_id": run_id}).fetchone()
    assert row is not None
    digits = next((digits for digits in range(3) if row[0] <= _MOST_REBUILT * 16**digits), 3)
    yield from map("".join, product("0123456789abcdef", repeat=digits))
