"""How well cleaning removes artifacts, against hand-labelled spans: `python benchmarks/cleaning.py LABELLED.jsonl...`

A labelled document is a JSON line with `text`, `artifacts` and `neutral` ([start, end, kind] in code points). Counted
are characters that are no white space; neutral ones (headline, byline) never count. Printed are precision, recall and
content lost, by kind and by rule, the documents that lose most, and the speed: for the rules alone, the line model
alone (what it takes, judging beside the rules), and both as `winnow clean` joins them, guard and all. Then the curve
over the line model's thresholds, and the ten worst misses and losses with their texts and why (worst_cases.py).

The weights were trained on gold/dev.jsonl: on it the model's figures flatter; docs/line_model_card.md has them for
documents it has not seen.

    python benchmarks/cleaning.py ../gold/dev.jsonl
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from labelled import Labelled, read_labelled
from line_table import HURT_SHARE, THRESHOLDS, Counted, print_table
from worst_cases import print_losses, print_misses

from transforms.clean import find_edits, find_rule_edits
from transforms.cover import cover_lines
from transforms.edits import apply_edits, edits_from_spans, revert_edits
from transforms.guard import guard_edits
from transforms.line_model import (
    FEWEST_LINES,
    THRESHOLD,
    find_model_spans,
    has_no_say,
    judge_page,
    load_model,
    threshold_of,
)
from transforms.page import Page
from transforms.types import Edit


@dataclass
class Tally:
    """Characters, summed over documents."""

    hit: Counter[str] = field(default_factory=Counter)  # by kind
    wanted: Counter[str] = field(default_factory=Counter)
    good: Counter[str] = field(default_factory=Counter)  # by rule
    lost: Counter[str] = field(default_factory=Counter)
    content: int = 0
    hurt: list[tuple[float, str]] = field(default_factory=list)


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


def find_all_edits(text: str) -> tuple[Edit, ...]:
    """What `winnow clean` takes, as far as one text tells: without templates."""
    return guard_edits(text, find_edits(text))[0]


WAYS = (("rules alone", find_rule_edits), ("line model alone", find_model_edits), ("as winnow cleans", find_all_edits))


def count_lines(document: Labelled) -> Counted:
    """What the rules take of a document, and what they leave line by line, with the model's probability.

    Texts that have a threshold of their own (whole pages, unknown words) are put on the scale of the others, so that
    it lies at THRESHOLD for them too.
    """
    page, edits = Page(document.text), find_rule_edits(document.text)
    labels = list(document.labels)
    total = _count(labels)
    for edit in edits:
        labels[edit.start : edit.end] = [None] * (edit.end - edit.start)
    left = _count(labels)
    probabilities = np.zeros(len(page.lines))
    if len(page.lines) >= FEWEST_LINES:
        judged = judge_page(page, cover_lines(page, edits), load_model())
        found, own = judged.probabilities, threshold_of(judged)
        scaled = np.where(found >= own, np.maximum(found, THRESHOLD), found * THRESHOLD / own)
        probabilities = np.where([has_no_say(line.text) for line in page.lines], 0, scaled)
    lines = np.array([_count(labels[line.start : line.end]) for line in page.lines], np.int64).reshape(-1, 2)
    taken = (total[0] - left[0], total[1] - left[1])
    return Counted(probabilities, lines[:, 0], lines[:, 1], taken, total)


def _count(labels: list[str | None]) -> tuple[int, int]:
    """Characters of artifacts and of content."""
    return sum(bool(label) for label in labels), labels.count("")


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
        print(f"\n{path.name}, rules and line model from each threshold on (set is {THRESHOLD}), without the guard")
        print_table([count_lines(document) for document in documents], sorted({*THRESHOLDS, THRESHOLD}))
        ledgers = [find_all_edits(document.text) for document in documents]
        print_misses(documents, ledgers)
        print_losses(documents, ledgers)


if __name__ == "__main__":
    main()
