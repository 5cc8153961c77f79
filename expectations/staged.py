"""The staged Parquet files as tables of an in-memory DuckDB, for the queries that build the frames to check.

A file that is missing stands for an empty table: a run in which every record was unchanged stages nothing. The two
tables of baselines are not staged but read from the warehouse: what is usual for the sources of the run.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb

# The columns that the frames read, for the tables that have no file.
EMPTY_TABLES = {
    "articles": """create table articles (
        article_id varchar, input_id varchar, source varchar, language varchar,
        published_on date, published_status varchar, text varchar, text_chars bigint,
        original_chars bigint, original_hash varchar, removed_chars bigint, removed_ratio double)""",
    "edits": """create table edits (
        article_id varchar, edit_number integer, start_char bigint, end_char bigint, kind varchar,
        rule_id varchar, removed_text varchar, replacement varchar,
        probability_ratio double)""",
    "scores": """create table scores (
        article_id varchar, score varchar, component varchar, value_ratio double, weight_ratio double)""",
    "flags": "create table flags (article_id varchar, code varchar, evidence varchar)",
    "date_candidates": """create table date_candidates (
        article_id varchar, candidate_number integer, date_text varchar, precision varchar, role varchar,
        origin varchar, evidence varchar)""",
    "inputs": "create table inputs (input_id varchar, fate varchar, article_id varchar)",
    "quarantine": "create table quarantine (input_id varchar)",
    "templates": """create table templates (
        template_id varchar, source varchar, scope varchar, fingerprint ubigint, kind varchar, masked_text varchar,
        example_text varchar, cluster_count bigint, source_cluster_count bigint, share_ratio double,
        first_seen_at timestamptz, last_seen_at timestamptz, is_sufficient boolean)""",
    "source_baselines": "create table source_baselines (source varchar, period_count bigint, article_count bigint)",
    "removal_baselines": """create table removal_baselines (
        source varchar, rule_id varchar, article_count bigint, usual_ratio double, deviation_ratio double)""",
}


def open_staged(staged: Path, run_date: date) -> duckdb.DuckDBPyConnection:
    """A connection with one view or empty table for each staged table, and `run (run_date date)` of one row.

    Raises duckdb.Error when a file is there but is not readable Parquet.
    """
    # Without a folder of its own, an in-memory database spills into the working directory.
    connection = duckdb.connect(config={"temp_directory": str(staged / "audit.spill")})
    connection.execute("create table run as select ?::date as run_date", [run_date])
    for table, create_empty in EMPTY_TABLES.items():
        file = staged / f"{table}.parquet"
        if file.exists():
            connection.read_parquet(str(file)).create_view(table)
        else:
            connection.execute(create_empty)
    return connection
