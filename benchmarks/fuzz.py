"""Fuzz what takes in other people's bytes, guided by coverage: readers, pages, the rule engine, the user's rule file.

    pip install atheris                        # Linux, CPython 3.11 to 3.13; no dependency of the project
    python benchmarks/fuzz.py readers 600      # seconds; or: pages, rules, rulefile
    python benchmarks/fuzz.py readers 600 FOLDER   # keeps what it finds new in FOLDER, and goes on from there

It ends with a stack trace and a file crash-* at the first finding. A finding becomes a case in
tests/hostile_corpus.py; docs/reliability.md says how long each ran and what it found.
"""

from __future__ import annotations

import sys
from pathlib import Path

try:
    import atheris
except ImportError:
    sys.exit("atheris is not installed; pip install atheris")

sys.path.insert(0, str(Path(__file__).parents[1]))
with atheris.instrument_imports(include=["flows", "transforms"]):
    import io
    from datetime import UTC, datetime

    from flows.sources import ReadSettings, read_stream
    from flows.user_rules import parse_rules
    from flows.workers import warm_up
    from tests.hostile_corpus import cases
    from transforms.check_rules import compile_together
    from transforms.clean import find_edits, find_rule_edits
    from transforms.edits import apply_edits, revert_edits
    from transforms.pipeline import process
    from transforms.rule import RuleError
    from transforms.rules import RULES
    from transforms.types import Quarantined, RawDocument

NOW = datetime(2026, 1, 31, tzinfo=UTC)
FORMATS = ("auto", "text", "html", "jsonl", "json", "csv", "tsv", "parquet", "warc")
BUILT_IN = tuple(rule.id for rule in RULES)
LARGEST_SEED = 4096


def fuzz_readers(data: bytes) -> None:
    """Any bytes, read as any format: records that can be stored, no exception."""
    kind = FORMATS[data[0] % len(FORMATS)] if data else "auto"
    for record in read_stream(io.BytesIO(data[1:]), "x", ReadSettings(kind, max_bytes=2000)):  # type: ignore[arg-type]
        message = record.message if isinstance(record, Quarantined) else ""
        "".join((record.id, record.record_key, record.url or "", record.source, message)).encode()


def fuzz_pages(data: bytes) -> None:
    """Any bytes as a page: an article that can be restored, or a reason that is no error of ours."""
    for record in read_stream(io.BytesIO(data), "x", ReadSettings("html")):
        if isinstance(record, RawDocument):
            result = process(record, NOW)
            if isinstance(result, Quarantined):
                assert result.code != "processing-error", result.message
            else:
                assert revert_edits(result.text, result.edits) == result.original
                "".join((result.original, result.title or "", result.author or "", result.url or "")).encode()


def fuzz_rules(data: bytes) -> None:
    """Any text: the ledger restores it, and cleaning by rules what they have cleaned changes nothing."""
    text = data.decode("utf-8", "replace")
    edits = find_edits(text)
    assert revert_edits(apply_edits(text, edits), edits) == text
    clean = apply_edits(text, find_rule_edits(text))
    again = find_rule_edits(clean)
    assert again == (), (clean, again)


def fuzz_rule_file(data: bytes) -> None:
    """Any text as a rule file: rules that can be used, or RuleError."""
    try:
        rules, _ = parse_rules(data.decode("utf-8", "replace"), built_in=BUILT_IN)
        compile_together(rules)
    except RuleError as error:
        str(error).encode("utf-8", "backslashreplace")


RULE_FILE = b"""[[rule]]
id = "harbour-ticker"
kind = "navigation"
scope = "line"
pattern = "(?:markets|weather) live:.*"
removes = ["Markets live: ferry shares up"]
keeps = ["Markets live on trust, he said."]
[switch_off]
rules = ["page-leftover"]
[[source]]
source = "courier"
host = "courier.example"
"""


def _seeds(target: str) -> list[bytes]:
    small = [case for case in cases() if len(case.content) <= LARGEST_SEED]
    if target == "rulefile":
        return [RULE_FILE]
    if target == "rules":
        return [example.encode() for rule in RULES for example in (*rule.removes, *rule.keeps)]
    if target == "pages":
        return [case.content for case in small if case.path.endswith("html")]
    suffixes = {kind: number for number, kind in enumerate(FORMATS)}
    return [bytes([suffixes.get(case.path.rpartition(".")[2], 0)]) + case.content for case in small]


TARGETS = {"readers": fuzz_readers, "pages": fuzz_pages, "rules": fuzz_rules, "rulefile": fuzz_rule_file}


def main() -> None:
    """Seed the folder, and fuzz for the seconds given."""
    target, seconds, *rest = sys.argv[1:]
    folder = Path(rest[0] if rest else f"fuzz-{target}")
    folder.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(_seeds(target)):
        (folder / f"seed-{number:04d}").write_bytes(seed)
    warm_up()
    options = [
        f"-max_total_time={seconds}",
        "-max_len=4096",
        "-timeout=30",
        "-rss_limit_mb=4000",
        "-print_final_stats=1",
    ]
    atheris.Setup([sys.argv[0], *options, f"-artifact_prefix={folder}-", str(folder)], TARGETS[target])
    atheris.Fuzz()


if __name__ == "__main__":
    main()
