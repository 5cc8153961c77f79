"""What the checks cost: time and memory of an audit of many staged articles, all suites, in a process of its own.

    python benchmarks/check_cost.py [ARTICLES]

stages 100,000 made-up articles by default, each with a line of the ledger, two scores of three rows and two signals,
and prints, a suite a line, checks, seconds of processor time and per 15 checks, and the largest memory of the process.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

import duckdb

_TABLES = {
    "articles": """
        select printf('%016x', n) as article_id, 'in-' || n as input_id, 'd' as document_id,
          'source-' || n % 50 as source, 'https://s.example/' || n as url, 'The harbour of the town ' || n as title,
          'en' as language, 0.9 as language_probability_ratio, date '2026-03-01' as published_on,
          'day' as published_precision, 'dated' as published_status, timestamptz '2026-03-04 09:00:00+00' as fetched_at,
          repeat('The ferry left the harbour of the town on time and that was it. ', 8) || n as text,
          length(text) as text_chars, 105 as text_words, length(text) + 5 as original_chars,
          sha256('Share' || text) as original_hash, 5 as removed_chars, 5 / (length(text) + 5) as removed_ratio
        from range($count) as r (n)""",
    "edits": """
        select printf('%016x', n) as article_id, 1 as edit_number, 0 as start_char, 5 as end_char, 'share' as kind,
          'share-line' as rule_id, 'Share' as removed_text, '' as replacement, 1.0 as probability_ratio
        from range($count) as r (n)""",
    "scores": """
        select printf('%016x', n) as article_id, score, component, 0.5 as value_ratio, weight as weight_ratio
        from range($count) as r (n), (values ('quality'), ('seo_padding')) as s (score),
          (values ('total', 1.0), ('length', 0.7), ('signs', 0.3)) as c (component, weight)""",
    "signals": """
        select printf('%016x', n) as article_id, name, value
        from range($count) as r (n), (values ('words', 105.0), ('digit_ratio', 0.1)) as s (name, value)""",
    "flags": """
        select printf('%016x', n) as article_id, 'seo-padded' as code, 'stock words' as evidence
        from range($count // 10) as r (n)""",
    "date_candidates": """
        select printf('%016x', n) as article_id, 1 as candidate_number, '2026-03-01' as date_text, 'day' as precision,
          'published' as role, 'meta' as origin, '2026-03-01' as evidence
        from range($count) as r (n)""",
    "article_signatures": """
        select printf('%016x', n) as article_id, 'source-' || n % 50 as source,
          timestamptz '2026-03-05 09:00:00+00' as seen_at
        from range($count) as r (n)""",
    "inputs": """
        select 'in-' || n as input_id, 'd' as document_id, '/in/' || n as location, '' as record_key,
          'source-' || n % 50 as source, 'https://s.example/' || n as url, 'article' as fate,
          printf('%016x', n) as article_id
        from range($count) as r (n)""",
}


def main(count: int) -> None:
    """Print the table."""
    from expectations.audit import SUITES, audit_tables  # noqa: PLC0415 - the import is not what is measured
    from expectations.staged import open_staged  # noqa: PLC0415

    with tempfile.TemporaryDirectory() as name:
        staged = Path(name)
        for table, query in _TABLES.items():
            with duckdb.connect() as memory:
                memory.execute(f"create table t as {query}", {"count": count})
                memory.table("t").write_parquet(str(staged / f"{table}.parquet"))
        print(f"{count:,} articles; at the start {_megabytes():,.0f} MB")
        print("| suite | checks | rows | seconds | of 15 checks | MB so far |\n|---|---|---|---|---|---|")
        checks = seconds = 0.0
        with open_staged(staged, date(2026, 3, 5)) as connection:
            for suite in SUITES:
                started = time.process_time()
                outcomes = audit_tables(connection, (suite,))
                took = time.process_time() - started
                rows = _rows(connection, suite.frame)
                failed = [outcome.check_id for outcome in outcomes if not outcome.is_success]
                assert not failed, failed
                checks, seconds = checks + len(outcomes), seconds + took
                _print(suite.table, len(outcomes), rows, took)
        _print("all", int(checks), 0, seconds)


def _print(name: str, checks: int, rows: int, seconds: float) -> None:
    per_15 = 15 * seconds / max(checks, 1)
    print(f"| {name} | {checks} | {rows:,} | {seconds:.1f} | {per_15:.1f} | {_megabytes():,.0f} |", flush=True)


def _rows(connection: duckdb.DuckDBPyConnection, frame: str) -> int:
    row = connection.sql(frame).aggregate("count(*)").fetchone()
    assert row is not None
    return int(row[0])


def _megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
