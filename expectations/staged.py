"""The staged Parquet files as tables of an in-memory DuckDB, for the queries that build the frames to check.

A file that is missing stands for an empty table: a run in which every record was unchanged stages nothing. The two
tables of baselines and `run_alarms` are not staged: they come of a comparison with the warehouse.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb

# The columns that the frames read, for the tables that have no file.
EMPTY_TABLES = {
    "articles": """create table articles (
        article_id varchar, input_id varchar, document_id varchar, source varchar, url varchar, title varchar,
        language varchar, language_probability_ratio double, published_on date, published_precision varchar,
        published_status varchar, fetched_at timestamptz, text varchar, text_chars bigint, text_words bigint,
        original_chars bigint, original_hash varchar, removed_chars bigint, removed_ratio double)""",
    "edits": """create table edits (
        article_id varchar, edit_number integer, start_char bigint, end_char bigint, kind varchar,
        rule_id varchar, removed_text varchar, replacement varchar,
        probability_ratio double)""",
    "signals": "create table signals (article_id varchar, name varchar, value double)",
    "article_signatures": "create table article_signatures (article_id varchar, source varchar, seen_at timestamptz)",
    "scores": """create table scores (
        article_id varchar, score varchar, component varchar, value_ratio double, weight_ratio double)""",
    "flags": "create table flags (article_id varchar, code varchar, evidence varchar)",
    "date_candidates": """create table date_candidates (
        article_id varchar, candidate_number integer, date_text varchar, precision varchar, role varchar,
        origin varchar, evidence varchar)""",
    "inputs": """create table inputs (
        input_id varchar, document_id varchar, location varchar, record_key varchar, source varchar, url varchar,
        fate varchar, article_id varchar)""",
    "quarantine": "create table quarantine (input_id varchar, location varchar, code varchar, message varchar)",
    "templates": """create table templates (
        template_id varchar, source varchar, scope varchar, fingerprint ubigint, kind varchar, masked_text varchar,
        example_text varchar, cluster_count bigint, source_cluster_count bigint, share_ratio double,
        first_seen_at timestamptz, last_seen_at timestamptz, is_sufficient boolean)""",
    "source_baselines": "create table source_baselines (source varchar, period_count bigint, article_count bigint)",
    "run_alarms": "create table run_alarms (cause varchar, what varchar, is_new boolean, is_lasting boolean)",
    "removal_baselines": """create table removal_baselines (
        source varchar, rule_id varchar, article_count bigint, usual_ratio double, deviation_ratio double)""",
}

_BY_ARTICLE = frozenset({"articles", "edits", "signals", "scores", "flags", "date_candidates"})
IN_PART = "hash(article_id) % getvariable('parts') = getvariable('part')"


def open_staged(staged: Path, run_date: date) -> duckdb.DuckDBPyConnection:
    """A connection with one view or empty table for each staged table, and `run (run_date date)` of one row.

    Raises duckdb.Error when a file is there but is not readable Parquet.
    """
    # Without a folder of its own, an in-memory database spills into the working directory.
    connection = duckdb.connect(config={"temp_directory": str(staged / "audit.spill")})
    look_at_part(connection, 0, 1)
    connection.execute("create table run as select ?::date as run_date", [run_date])
    for table, create_empty in EMPTY_TABLES.items():
        file = staged / f"{table}.parquet"
        if file.exists():
            rows = connection.read_parquet(str(file))
            (rows.filter(IN_PART) if table in _BY_ARTICLE else rows).create_view(table)
        else:
            connection.execute(create_empty)
    return connection


def look_at_part(connection: duckdb.DuckDBPyConnection, part: int, parts: int) -> None:
    """Let the views show the rows of one part of the articles, 0 to `parts` - 1, and of no other."""
    connection.execute("set variable part = ?", [part])
    connection.execute("set variable parts = ?", [parts])
