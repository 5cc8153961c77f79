"""Titles and authors of pages beside trafilatura's, against references: python benchmarks/metadata.py DATA

DATA is a folder with `truth.jsonl.gz` (id, url, page_type, title, author; null where there is none) and
`html/<id>.html.gz`. Rules were made on the development half of the sites; the other half tells what they are worth.
Exact: the same text, white space aside. Words: the same words in lower case; of authors, the same names in any order.
An author that the reference does not have counts against precision. Time is that of the processor, the tree given.
"""

from __future__ import annotations

import gzip
import json
import re
import sys
import time
import unicodedata
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import trafilatura
from lxml.html import HtmlElement

from transforms.decode import decode_html
from transforms.metadata import read_metadata
from transforms.parse import parse_page
from transforms.source import registered_domain

Facts = tuple[str | None, str | None]  # title, authors
Reader = Callable[[HtmlElement, str | None], Facts]
_FIELDS = ("title", "author")
_BETWEEN_NAMES = re.compile(r"[;,&]|\s(?:and|und|et|y)\s")


@dataclass(frozen=True, slots=True)
class Case:
    """One page: is it of the half that rules were made on, what kind of page, what is true, what each reader says."""

    is_development: bool
    kind: str
    truth: Facts
    ours: Facts
    theirs: Facts


def main(folder: Path) -> None:
    """Print the table, by half and for articles alone."""
    seconds = {"ours": 0.0, "theirs": 0.0}
    cases = list(read_cases(folder, seconds))
    groups: tuple[tuple[str, Callable[[Case], bool]], ...] = (
        ("all pages", lambda _: True),
        ("development half", lambda case: case.is_development),
        ("other half", lambda case: not case.is_development),
        ("other half, articles", lambda case: not case.is_development and case.kind == "article"),
    )
    print(f"{'pages':22} {'field':7} {'reader':12} {'exact P':>8} {'exact R':>8} {'words P':>8} {'words R':>8}")
    for name, belongs in groups:
        group = [case for case in cases if belongs(case)]
        for at, field in enumerate(_FIELDS):
            for reader, said in (("ours", [c.ours for c in group]), ("trafilatura", [c.theirs for c in group])):
                pairs = [(case.truth[at], facts[at]) for case, facts in zip(group, said, strict=True)]
                figures = " ".join(f"{figure:8.3f}" for figure in measure(field, pairs))
                print(f"{name + f' ({len(group)})':22} {field:7} {reader:12} {figures}")
    per_page = {name: 1000 * total / max(len(cases), 1) for name, total in seconds.items()}
    print(f"milliseconds a page: ours {per_page['ours']:.2f}, trafilatura {per_page['theirs']:.2f}")


def read_cases(folder: Path, seconds: dict[str, float]) -> Iterator[Case]:
    """Every page of the data, read by both; adds the time each took to `seconds`."""
    with gzip.open(folder / "truth.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            truth = json.loads(line)
            html = decode_html(gzip.decompress((folder / "html" / f"{truth['id']}.html.gz").read_bytes()))
            url = truth["url"] or None
            site = (registered_domain(url) if url else None) or truth["id"]
            yield Case(
                zlib.crc32(site.encode()) % 2 == 0,
                truth["page_type"],
                (truth["title"], truth["author"]),
                _timed(_read_ours, html, url, "ours", seconds),
                _timed(_read_theirs, html, url, "theirs", seconds),
            )


def measure(field: str, pairs: Iterable[tuple[str | None, str | None]]) -> tuple[float, float, float, float]:
    """Precision and recall of (true, said) pairs: exact, then by words."""
    true = said = exact = same = 0
    for want, got in pairs:
        true += bool(want)
        said += bool(got)
        if want and got:
            exact += want.split() == got.split()
            same += _names(want) == _names(got) if field == "author" else _words(want) == _words(got)
    return exact / max(said, 1), exact / max(true, 1), same / max(said, 1), same / max(true, 1)


def _read_ours(tree: HtmlElement, url: str | None) -> Facts:
    found = read_metadata(tree, url)
    return found.title, found.author


def _read_theirs(tree: HtmlElement, url: str | None) -> Facts:
    try:
        found = trafilatura.extract_metadata(tree, default_url=url)
    except (AttributeError, KeyError, TypeError, ValueError):  # as its JSON-LD reader raises on unexpected shapes
        return None, None
    return found.title, found.author


def _timed(read: Reader, html: str, url: str | None, name: str, seconds: dict[str, float]) -> Facts:
    tree = parse_page(html)  # each its own: theirs changes the tree
    if tree is None:
        return None, None
    start = time.process_time()
    facts = read(tree, url)
    seconds[name] += time.process_time() - start
    return facts


def _words(text: str) -> tuple[str, ...]:
    return tuple(re.findall(r"\w+", unicodedata.normalize("NFKC", text).casefold()))


def _names(text: str) -> frozenset[tuple[str, ...]]:
    return frozenset(words for name in _BETWEEN_NAMES.split(text) if (words := _words(name)))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
