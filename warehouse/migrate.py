"""Bring a warehouse to the tables, views and macros that this version of Winnow expects.

Migrations are numbered files, forward only, never edited once released. Each goes through in one transaction with
its row in `schema_migrations`. Views and macros hold no data: they are made anew on every call, in this order.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import duckdb

from warehouse.connect import connect_reader, connect_writer, in_transaction, transaction
from warehouse.errors import SchemaError, WarehouseError, first_line
from warehouse.lake import created_in_lake, is_attached, is_lake, is_there
from warehouse.search import rebuild_index

MIGRATIONS = Path(__file__).parent / "migrations"
_LATEST = max(int(path.stem.partition("_")[0]) for path in MIGRATIONS.glob("*.sql"))
VIEWS = Path(__file__).parent / "views"
# One file each. What another one reads comes first.
VIEW_ORDER = (
    "signals",
    "scores",
    "article_totals",
    "restore_originals",
    "restored_originals",
    "original_of",
    "what_was_removed",
    "article_versions",
    "clean_articles",
    "articles_by_source",
    "page_words",
    "index_terms",
    "index_postings",
    "search",
    "duplicate_links",
    "duplicate_clusters",
    "syndicated_articles",
    "flagged_articles",
    "filter_verdicts",
    "failed_filters",
    "source_measures",
    "source_scorecard",
    "source_days",
    "source_changes",
    "removal_summary",
    "templates_by_source",
    "source_periods",
    "source_baselines",
    "removal_baselines",
    "rule_effect",
    "run_history",
    "run_diff",
    "failed_checks",
    "check_history",
    "open_alarms",
)
_RECORD = """
create table if not exists schema_migrations (version integer not null, name varchar not null,
  applied_at timestamptz not null);
comment on table schema_migrations is 'One row a migration that this warehouse went through.';
comment on column schema_migrations.version is 'Number of the migration, from 1.';
comment on column schema_migrations.name is 'Its name: the file name without number and suffix.';
comment on column schema_migrations.applied_at is 'When it was applied, UTC.';
"""


def migrate(connection: duckdb.DuckDBPyConnection, *, folder: Path = MIGRATIONS) -> tuple[str, ...]:
    """Make the tables, then views and macros anew; returns the file stems of the migrations applied.

    Raises SchemaError, as make_tables does.
    """
    applied = make_tables(connection, folder=folder)
    make_views(connection)
    if "0011_search_and_turns" in applied:
        in_transaction(connection, lambda: rebuild_index(connection))
    return applied


def bring_up_to_date(warehouse: Path) -> tuple[str, ...]:
    """Migrate a warehouse that an earlier version wrote; returns the file stems of the migrations applied.

    Before a run reads of it what was before, and outside of the window in which it publishes. One that is not there, or
    of this version, is not opened to write. Raises what opening it raises, and SchemaError as make_tables does.
    """
    if not is_there(warehouse):
        return ()
    try:
        with connect_reader(warehouse) as connection:
            if _present_version(connection) >= _LATEST:
                return ()
    except WarehouseError:  # a lake whose tables its views do not fit: see what it is, or why not, by opening it
        if not is_lake(warehouse):
            raise
    with connect_writer(warehouse) as connection:
        return migrate(connection)


def make_tables(connection: duckdb.DuckDBPyConnection, *, folder: Path = MIGRATIONS) -> tuple[str, ...]:
    """Apply the migrations that are missing, in order; returns their file stems.

    Raises SchemaError, and changes nothing, when the warehouse is newer than the code; when a migration fails, those
    before it stay.
    """
    migrations = {int(path.stem.partition("_")[0]): path for path in sorted(folder.glob("*.sql"))}
    present = _present_version(connection)
    known = max(migrations, default=0)
    if present > known:
        raise SchemaError(
            f"the warehouse has schema version {present}, this Winnow knows versions up to {known}. "
            "Nothing was changed. Upgrade Winnow, or use another warehouse."
        )
    missing = [(version, path) for version, path in migrations.items() if version > present]
    with created_in_lake(connection):
        for version, path in missing:
            _apply(connection, version, path)
    return tuple(path.stem for _, path in missing)


def lay_tables(memory: duckdb.DuckDBPyConnection) -> None:
    """The same tables, without rows and comments, in an empty database in memory: where a run compares and stages.

    A process goes through the migrations once for all of them, which takes five times as long as this.
    """
    memory.execute(_table_statements())


def make_views(connection: duckdb.DuckDBPyConnection) -> None:
    """Make every view and macro anew, with comments, in one transaction."""
    with transaction(connection):
        for name in VIEW_ORDER:
            connection.execute((VIEWS / f"{name}.sql").read_text(encoding="utf-8"))


@cache
def _table_statements() -> str:
    with duckdb.connect() as memory:
        make_tables(memory)
        return "\n".join(sql for (sql,) in memory.sql("select sql from duckdb_tables()").fetchall())


def _present_version(connection: duckdb.DuckDBPyConnection) -> int:
    tables = connection.sql("select table_name from duckdb_tables() where not internal").fetchall()
    if ("schema_migrations",) not in tables:
        return 0
    return int(connection.sql("select coalesce(max(version), 0) from schema_migrations").fetchall()[0][0])


def _make(connection: duckdb.DuckDBPyConnection, version: int, path: Path) -> None:
    if _present_version(connection) >= version:  # another writer of the lake was quicker
        return
    connection.execute(_RECORD)
    statements = path.read_text(encoding="utf-8")
    if is_attached(connection):  # which packs its files as it likes, and refuses to be told
        statements = statements.replace(" using compression zstd", "")
    connection.execute(statements)
    connection.execute(
        "insert into schema_migrations values ($version, $name, now())",
        {"version": version, "name": path.stem.partition("_")[2]},
    )


def _apply(connection: duckdb.DuckDBPyConnection, version: int, path: Path) -> None:
    try:
        in_transaction(connection, lambda: _make(connection, version, path))
    except duckdb.Error as error:
        raise SchemaError(
            f"migration {path.name} did not go through and changed nothing: {first_line(error)}. "
            "Is the file a warehouse of Winnow? If so, report this."
        ) from error
