"""How well cleaning removes artifacts, against hand-labelled spans: `python benchmarks/cleaning.py LABELLED.jsonl...`

A labelled document is a JSON line with `text`, `artifacts` and `neutral` ([start, end, kind] in code points). Counted
are characters that are no white space; neutral ones (headline, byline) never count. Printed are precision, recall and
content lost, by kind and by rule, the documents that lose most, and the speed.

Rules alone, the line model alone (what it takes, judging beside the rules), and both. The weights were trained on
gold/dev.jsonl: on it the model's figures flatter; docs/line_model_card.md has them for documents it has not seen.

    python benchmarks/cleaning.py ../gold/dev.jsonl
"""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from transforms.clean import find_edits, find_rule_edits
from transforms.cover import cover_lines
from transforms.edits import apply_edits, edits_from_spans, revert_edits
from transforms.line_model import find_model_spans
from transforms.page import Page
from transforms.types import Edit

HURT_SHARE = 0.02


@dataclass(frozen=True, slots=True)
class Labelled:
    """One document and, for each character, None (neutral or space), "" (content) or the artifact's kind."""

    key: str
    text: str
    labels: tuple[str | None, ...]


@dataclass
class Tally:
    """Characters, summed over documents."""

    hit: Counter[str] = field(default_factory=Counter)  # by kind
    wanted: Counter[str] = field(default_factory=Counter)
    good: Counter[str] = field(default_factory=Counter)  # by rule
    lost: Counter[str] = field(default_factory=Counter)
    content: int = 0
    hurt: list[tuple[float, str]] = field(default_factory=list)


def read_labelled(path: Path) -> list[Labelled]:
    """The documents of one file."""
    documents = []
    for line in path.read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        text = record["text"]
        labels: list[str | None] = ["" for _ in text]
        for start, end, _ in record["neutral"]:
            labels[start:end] = [None] * (end - start)
        for start, end, kind in record["artifacts"]:
            labels[start:end] = [kind] * (end - start)
        labels = [None if char.isspace() else label for char, label in zip(text, labels, strict=True)]
        documents.append(Labelled(str(record.get("key", len(documents))), text, tuple(labels)))
    return documents


def measure(documents: list[Labelled], find: Callable[[str], tuple[Edit, ...]]) -> Tally:
    """Run `find` over the documents; every ledger must restore its original."""
    tally = Tally()
    for document in documents:
        edits = find(document.text)
        assert revert_edits(apply_edits(document.text, edits), edits) == document.text
        tally.wanted.update(label for label in document.labels if label)
        content = sum(label == "" for label in document.labels)
        lost = 0
        for edit in edits:
            labels = document.labels[edit.start : edit.end]
            tally.hit.update(label for label in labels if label)
            taken = sum(label == "" for label in labels)
            tally.lost[edit.rule] += taken
            tally.good[edit.rule] += sum(bool(label) for label in labels)
            lost += taken
        tally.content += content
        if content and lost > HURT_SHARE * content:
            tally.hurt.append((lost / content, document.key))
    return tally


def find_model_edits(text: str) -> tuple[Edit, ...]:
    """What the line model alone takes; it knows what the rules take."""
    page = Page(text)
    return edits_from_spans(text, find_model_spans(page, cover_lines(page, find_rule_edits(text))))


WAYS = (("rules alone", find_rule_edits), ("line model alone", find_model_edits), ("as winnow cleans", find_edits))


def show(name: str, documents: list[Labelled], tally: Tally) -> None:
    """Print one tally."""
    hit, lost = sum(tally.hit.values()), sum(tally.lost.values())
    precision, recall = hit / (hit + lost or 1), hit / (sum(tally.wanted.values()) or 1)
    f1 = 2 * precision * recall / (precision + recall or 1)
    print(f"\n{name}: {len(documents)} documents")
    print(f"precision {precision:.4f} recall {recall:.4f} F1 {f1:.4f} content lost {lost / (tally.content or 1):.5f}")
    print(f"documents losing over {HURT_SHARE:.0%} of their content: {len(tally.hurt)}")
    for kind, wanted in tally.wanted.most_common():
        print(f"  {kind:16} recall {tally.hit[kind] / wanted:.3f} of {wanted}")
    print("  rule                          right     lost")
    for rule, good in tally.good.most_common():
        print(f"  {rule:28} {good:6} {tally.lost[rule]:8}")
    for share, key in sorted(tally.hurt, reverse=True)[:10]:
        print(f"  content lost {share:.3f}  {key}")


def main() -> None:
    """Measure each file given."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("labelled", type=Path, nargs="+")
    for path in parser.parse_args().labelled:
        documents = read_labelled(path)
        chars = sum(len(document.text) for document in documents)
        for name, find in WAYS:
            started = time.perf_counter()
            for document in documents:
                find(document.text)
            seconds = time.perf_counter() - started
            show(f"{path.name}, {name}", documents, measure(documents, find))
            print(f"  speed {chars / 1e6 / seconds:.2f} million characters a second")


if __name__ == "__main__":
    main()
