"""Dates of ours and of others on the same pages, in one table: `python benchmarks/dates.py DATA [GOLD...]`

DATA is a folder of page sets, GOLD a file of texts (benchmarks/dated_pages.py describes both). Compared are

* ours: what a run stores (`fetched_at` unknown);
* htmldate and htmldate fast (`extensive_search` off), asked for the original date;
* trafilatura: the date in its metadata.

Times are of one page's dates, in milliseconds of processor time: ours from the parsed tree and the extracted text,
theirs from a parsed tree; trafilatura's is that of all its metadata. `--half odd` measures on the pages that no rule
was developed on, `--errors` lists ours that are not right. The weights were learned on the same pages:
benchmarks/fit_dates.py prints what they are worth on sites they have not seen.

    python benchmarks/dates.py ../data ../gold/dev.jsonl
"""

from __future__ import annotations

import argparse
import logging
import time
from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import htmldate
import trafilatura
from dated_pages import Dated, Tally, read_dated
from lxml.html import HtmlElement
from trafilatura import metadata

from transforms.dates_html import find_html_dates
from transforms.dates_text import find_text_dates
from transforms.decode import decode_html
from transforms.extract import NoTextError, extract
from transforms.published import judge_published
from transforms.types import Published

OURS = "ours"
Found = tuple[str, str | None, float]


def find_dates(dated: Dated) -> tuple[Dated, Published, list[Found]]:
    """What each finder says of one document, and the seconds it took."""
    now = datetime.now(UTC)
    if isinstance(dated.content, str):
        start = time.process_time()
        published = judge_published(find_text_dates(dated.content), None, now)
        return dated, published, [(OURS, published.date, time.process_time() - start)]
    html, url = decode_html(dated.content), dated.url
    try:
        page = extract(dated.raw())
        candidates, text = page.dates, page.text
    except NoTextError:
        candidates, text = (), ""
    published = judge_published(candidates, None, now)
    found = [(OURS, published.date, _seconds_of_ours(html, url, text, now))]
    others: tuple[tuple[str, Callable[[HtmlElement], str | None]], ...] = (
        ("htmldate", lambda tree: htmldate.find_date(tree, original_date=True, url=url)),
        ("htmldate fast", lambda tree: htmldate.find_date(tree, original_date=True, url=url, extensive_search=False)),
        ("trafilatura", lambda tree: metadata.extract_metadata(tree, default_url=url).date),
    )
    for name, finder in others:
        tree = trafilatura.load_html(html)
        start = time.process_time()
        date = finder(tree) if tree is not None else None
        found.append((name, date, time.process_time() - start))
    return dated, published, found


def _seconds_of_ours(html: str, url: str | None, text: str, now: datetime) -> float:
    tree = trafilatura.load_html(html)
    if tree is None:
        return 0.0
    start = time.process_time()
    judge_published((*find_html_dates(tree, url), *find_text_dates(text)), None, now)
    return time.process_time() - start


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("paths", nargs="+", type=Path)
    parser.add_argument("--half", choices=("even", "odd"), help="only pages whose address has such a checksum")
    parser.add_argument("--errors", action="store_true", help="list the documents where ours is not right")
    args = parser.parse_args()
    dated = [one for path in args.paths for one in read_dated(path) if args.half in (None, _half(one))]
    tallies: defaultdict[str, defaultdict[str, Tally]] = defaultdict(lambda: defaultdict(Tally))
    with ProcessPoolExecutor(initializer=logging.disable) as pool:
        for one, published, found in pool.map(find_dates, dated, chunksize=8):
            for name, date, seconds in found:
                tally = tallies[one.group][name]
                tally.add(one.published, date)
                tally.seconds += seconds
            if args.errors and not (published.date or "").startswith(one.published or "-"):
                print(f"{one.group} {one.key} {one.url}\n  {one.published} is true, ours is {published}")
    for group, by_name in tallies.items():
        print(group)
        for name, tally in by_name.items():
            print(f"  {name:13s} {tally.line()}  {1000 * tally.seconds / tally.documents:6.2f} ms")


def _half(dated: Dated) -> str:
    return "even" if dated.is_even else "odd"


if __name__ == "__main__":
    main()
