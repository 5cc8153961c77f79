"""Whole runs without Prefect and pools, for tests over several runs: both steps, the warehouse, in this process."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb

from flows.batch_cuts import make_batches
from flows.batches import BatchSettings, clean_batch, extract_batch
from flows.intake import Facts, Origin, Record, make_document
from flows.stored_originals import read_originals
from flows.user_rules import RuleFile
from tests.migrated import migrate
from warehouse.connect import connect_writer
from warehouse.load import publish
from warehouse.originals import stage_originals
from warehouse.records import RunRecord
from warehouse.settled import known_inputs
from warehouse.stage import consolidate
from warehouse.templates import find_templates
from warehouse.text_links import find_links

FIRST = datetime(2026, 1, 31, 9, 0, tzinfo=UTC)
RULESET = "rules-1"
INDEX = "select article_id, term, occurrences from index_postings join search_articles using (segment, article_number)"
_NOUNS = ("harbour", "ferry", "pier", "crane", "tide", "rope", "sail", "captain", "market", "lantern", "island", "gull")
_VERBS = ("crosses", "lifts", "watches", "paints", "repairs", "finds", "leaves", "follows", "carries", "sells")
_PLACES = ("at dawn", "before noon", "in the fog", "by the wall", "after the storm", "near the market", "in April")


def prose(seed: int, paragraphs: int = 3) -> str:
    """Paragraphs that no other seed gives, of our own words."""
    chosen = random.Random(seed)

    def sentence() -> str:
        clauses = [
            f"the {chosen.choice(_NOUNS)} {chosen.choice(_VERBS)} the {chosen.choice(_NOUNS)} {chosen.choice(_PLACES)}"
            for _ in range(3)
        ]
        return f"{', and '.join(clauses).capitalize()}."

    return "\n".join(" ".join(sentence() for _ in range(2)) for _ in range(paragraphs))


def document(name: str, text: str, source: str = "courier") -> Record:
    """A text as a reader gives it."""
    return make_document(Origin(f"/in/{source}/{name}.txt", f"{name}.txt", source), Facts(id=name), text, "text/plain")


def documents(texts: Sequence[str], source: str = "courier") -> tuple[Record, ...]:
    return tuple(document(f"{number:03d}", text, source) for number, text in enumerate(texts))


@dataclass(frozen=True)
class Newsroom:
    """A warehouse and the runs into it."""

    folder: Path

    @property
    def warehouse(self) -> Path:
        return self.folder / "winnow.duckdb"

    def run(
        self,
        records: Sequence[Record],
        name: str = "run-1",
        *,
        batch: int = 64,
        ruleset: str = RULESET,
        rules: str = "",
    ) -> int:
        """All steps over the records that the warehouse has not; the number of articles published.

        The number at the end of the name is the day of the run; `rules` is the text of a rule file.
        """
        staged, run = self.stage(records, name, batch=batch, ruleset=ruleset, rules=rules)
        with connect_writer(self.warehouse) as connection:
            migrate(connection)
            return publish(connection, staged, run, ()).article_count

    def stage(
        self, records: Sequence[Record], name: str, *, batch: int = 64, ruleset: str = RULESET, rules: str = ""
    ) -> tuple[Path, RunRecord]:
        """What such a run would publish."""
        now = FIRST + timedelta(days=int(name.rpartition("-")[2]))
        folder = self.folder / f"staging-{name}"
        if self.warehouse.exists():
            with connect_writer(self.warehouse) as connection:
                known = known_inputs(connection, ruleset)
            records = [record for record in records if record.input_id not in known]
        settings = BatchSettings(folder, now, ruleset, rule_file=RuleFile("rules.toml", rules) if rules else None)
        numbers = range(0, len(records), batch)
        for number in numbers:
            extract_batch(str(number), tuple(records[number : number + batch]), settings)
        find_templates(self.warehouse, folder)
        for number in numbers:
            clean_batch(str(number), settings)
        consolidate(folder / "parts", folder / "staged")
        find_links(self.warehouse, folder / "staged")
        return folder / "staged", RunRecord(name, name, now, now, ruleset, len(records))

    def reclean(self, name: str, *, ruleset: str, rules: str = "") -> int:
        """A run over the stored originals that another ruleset cleaned; the number of articles published."""
        now, folder = FIRST + timedelta(days=int(name.rpartition("-")[2])), self.folder / f"staging-{name}"
        stage_originals(self.warehouse, folder, ruleset)
        settings = BatchSettings(
            folder, now, ruleset, rule_file=RuleFile("r", rules) if rules else None, is_reclean=True
        )
        for number, records in enumerate(make_batches(read_originals(folder / "originals"))):
            extract_batch(str(number), records, settings)
        find_templates(self.warehouse, folder)
        for path in sorted((folder / "extracted").glob("*.zst")):
            clean_batch(path.name.partition(".")[0], settings)
        consolidate(folder / "parts", folder / "staged")
        find_links(self.warehouse, folder / "staged")
        with connect_writer(self.warehouse) as connection:
            return publish(connection, folder / "staged", RunRecord(name, name, now, now, ruleset, 1), ()).article_count

    def find(self, records: Sequence[Record]) -> set[str]:
        """Masked texts of the templates that a first run over these records would use; nothing is published."""
        extract_batch("0", tuple(records), BatchSettings(self.folder, FIRST, RULESET))
        find_templates(self.warehouse, self.folder)
        rows = duckdb.read_parquet(str(self.folder / "staged" / "templates.parquet")).filter("is_sufficient")
        return {str(text) for (text,) in rows.project("masked_text").fetchall()}

    def query(self, sql: str) -> list[tuple[object, ...]]:
        with duckdb.connect(self.warehouse, read_only=True) as connection:
            connection.execute("set TimeZone = 'UTC'")
            return connection.sql(sql).fetchall()

    def change(self, sql: str) -> None:
        with duckdb.connect(self.warehouse) as connection:
            connection.execute(sql)

    def templates(self, source: str = "courier") -> set[str]:
        """Masked texts of the templates in use."""
        rows = self.query(f"select masked_text from templates_by_source where is_in_use and source = '{source}'")
        return {str(text) for (text,) in rows}

    def texts(self) -> dict[str, str]:
        return {str(name): str(text) for name, text in self.query("select document_id, text from articles")}

    def tables(self, *without: str) -> dict[str, list[str]]:
        """Every row of every table but the history of runs; of the search index its sense, not its numbers."""
        skipped = {"runs", "check_results", "schema_migrations", "search_articles", "search_postings", *without}
        with duckdb.connect(self.warehouse, read_only=True) as connection:
            connection.execute("set TimeZone = 'UTC'")
            names = connection.sql("select table_name from duckdb_tables() where not internal").fetchall()
            queries = {n: f"from {n}" for (n,) in names if n not in skipped} | {"search": INDEX}
            return {n: sorted(map(repr, connection.sql(query).fetchall())) for n, query in queries.items()}
