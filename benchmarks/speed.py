"""How fast text is cleaned, whether that is linear in its length, and what it takes beside extraction.

    python benchmarks/speed.py TEXTS.jsonl... PAGES

TEXTS.jsonl gives the texts (a JSON line a document, its `text`), PAGES is a folder of HTML pages (also .gz). Printed
are, in processor time of one core:

- megabytes (UTF-8) a second over the documents as they are, each seen for the first time, and the share of each stage;
- seconds for documents of 1 kB to 10 MB made of their lines, and seconds a megabyte beside those of the 100 kB one;
- milliseconds of processor time a page for extracting and for cleaning what was extracted, ours and trafilatura's
  (with metadata);
- the largest resident memory of a process that does all of it.

Language detection is left out. Fifty lines spread over the texts are the templates.
"""

from __future__ import annotations

import argparse
import gzip
import itertools
import json
import logging
import resource
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import trafilatura

from flows.intake import Facts, Origin, make_document
from transforms.clean import find_edits, find_rule_edits
from transforms.cover import cover_lines
from transforms.decode import decode_html
from transforms.edits import apply_edits
from transforms.fingerprints import read_line
from transforms.guard import guard_edits
from transforms.line_model import find_model_spans
from transforms.outlines import outlines_of
from transforms.page import Page
from transforms.pipeline import extract_document
from transforms.rules import COMPILED
from transforms.templates import NO_TEMPLATES, Templates, find_template_spans
from transforms.types import ExtractedDocument

ROUNDS = 3
SIZES = (1_000, 10_000, 100_000, 1_000_000, 10_000_000)
BESIDE = 100_000
_TEMPLATES = 50
_WARM = 20  # documents


def main() -> None:
    """Print the four tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("texts", type=Path, nargs="+")
    parser.add_argument("pages", type=Path)
    parser.add_argument("--most-pages", type=int, default=300)
    arguments = parser.parse_args()
    logging.disable(logging.CRITICAL)
    texts = [text for path in arguments.texts for text in read_texts(path)]
    warm, texts = texts[:_WARM], texts[_WARM:]
    templates = templates_of(texts)
    for text in warm:  # compiles the patterns and reads the weights
        clean(text, templates)
    show_stages(texts, templates)
    show_lengths(texts, templates)
    show_memory("after texts of up to 10 MB")
    show_pages(sorted(path for path in arguments.pages.rglob("*.htm*"))[: arguments.most_pages])
    show_memory("after the pages")


def read_texts(path: Path) -> list[str]:
    """The texts of one file."""
    return [json.loads(line)["text"] for line in path.read_text(encoding="utf-8").splitlines()]


def clean(text: str, templates: Templates) -> str:
    """All that cleaning is: rules, templates, line model, guard, ledger."""
    edits, _ = guard_edits(text, find_edits(text, COMPILED, templates))
    return apply_edits(text, edits)


def templates_of(texts: list[str]) -> Templates:
    """A source's: each line is looked up, and some are found."""
    lines = [line.text for text in texts for line in Page(text).lines]
    lines = lines[:: len(lines) // _TEMPLATES]
    units = [unit for line in lines for unit in read_line(line).units if unit.line_text is None]
    ids = {unit.text: f"{number:016x}" for number, unit in enumerate(units)}
    return Templates(ids, {}, outlines_of(unit.masked for unit in units))


def show_stages(texts: list[str], templates: Templates) -> None:
    """The documents as they are."""
    size = megabytes(texts)
    whole = _seconds(lambda: [clean(text, templates) for text in texts])
    rule_edits = [find_rule_edits(text) for text in texts]
    pages = [Page(text) for text in texts]
    covered = [cover_lines(page, edits) for page, edits in zip(pages, rule_edits, strict=True)]
    edits = [find_edits(text, COMPILED, NO_TEMPLATES) for text in texts]
    stages: dict[str, Callable[[], object]] = {
        "rules and tidying": lambda: [find_rule_edits(text) for text in texts],
        "templates": lambda: [list(find_template_spans(page, templates)) for page in pages],
        "line model": lambda: [list(find_model_spans(page, c)) for page, c in zip(pages, covered, strict=True)],
        "guard": lambda: [guard_edits(text, each) for text, each in zip(texts, edits, strict=True)],
        "ledger applied": lambda: [apply_edits(text, each) for text, each in zip(texts, edits, strict=True)],
    }
    lines = sum(len(page.lines) for page in pages)
    print(f"{len(texts)} documents, {size:.2f} MB, {lines} lines: {size / whole:.2f} MB a second")
    for name, stage in stages.items():
        seconds = _seconds(stage)
        print(f"  {name:18} {seconds / whole:5.0%}  {1e6 * seconds / lines:6.1f} microseconds a line")


def show_lengths(texts: list[str], templates: Templates) -> None:
    """One document of each size."""
    print("one document of")
    found = {}
    for size in SIZES:
        text = text_of(texts, size)
        repeats = max(1, BESIDE // size)
        found[size] = best(lambda t=text, n=repeats: [clean(t, templates) for _ in range(n)]) / repeats  # type: ignore[misc]
    for size, seconds in found.items():
        ratio = seconds / size / (found[BESIDE] / BESIDE)
        print(f"  {size:>10,} bytes  {seconds:8.4f} s  {size / 1e6 / seconds:5.2f} MB a second  {ratio:5.2f} a byte")


def show_pages(paths: list[Path]) -> None:
    """Extraction beside cleaning."""
    spent = {"ours, extracting": 0.0, "ours, cleaning": 0.0, "trafilatura with metadata": 0.0}
    for path in paths:
        content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        facts = Facts(path.name)
        raw = make_document(Origin(str(path), path.name, "speed"), facts, content, "text/html")
        start = time.process_time()
        document = extract_document(raw)
        extracted = time.process_time()
        if isinstance(document, ExtractedDocument):
            clean(document.page.text, NO_TEMPLATES)
        cleaned = time.process_time()
        trafilatura.extract(decode_html(content), with_metadata=True)
        ended = time.process_time()
        for name, seconds in zip(spent, (extracted - start, cleaned - extracted, ended - cleaned), strict=True):
            spent[name] += seconds
    print(f"{len(paths)} pages")
    for name, seconds in spent.items():
        beside = seconds / spent["trafilatura with metadata"]
        print(f"  {name:26} {1000 * seconds / len(paths):7.2f} ms a page  {beside:5.2f} of trafilatura")
    print(f"  cleaning takes {spent['ours, cleaning'] / spent['ours, extracting']:.1%} of our extracting")


def show_memory(when: str) -> None:
    """The high-water mark of this process."""
    print(f"largest resident memory {when}: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


def text_of(texts: list[str], size: int) -> str:
    """A text of about `size` bytes from lines of the documents; later copies of a line have their words turned round,
    so that a long text does not repeat itself."""
    return "\n".join(_up_to(size, _endless(texts)))


def _endless(texts: list[str]) -> Iterator[str]:
    lines = [line for text in texts for line in text.split("\n") if line.strip()]
    for copy in itertools.count():
        for line in lines:
            words = line.split()
            at = copy % len(words)
            yield " ".join((*words[at:], *words[:at]))


def _up_to(size: int, lines: Iterator[str]) -> Iterator[str]:
    left = size
    for line in lines:
        if left <= 0:
            return
        left -= len(line.encode()) + 1
        yield line


def megabytes(texts: list[str]) -> float:
    """Of UTF-8."""
    return sum(len(text.encode()) for text in texts) / 1e6


def best(work: Callable[[], object]) -> float:
    """Seconds of processor time of the fastest of ROUNDS."""
    return min(_seconds(work) for _ in range(ROUNDS))


def _seconds(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


if __name__ == "__main__":
    main()
