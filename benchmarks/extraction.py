"""Compare ways from HTML to the article's text, on pages with reference texts.

    python benchmarks/extraction.py DATA FOLDS [EVERY]

DATA holds wcxb-dev/ and news-benchmark/; FOLDS the models of benchmarks/train_block_model.py, each of which judges the
pages whose sites it has not seen; EVERY (1) takes one page in so many. Prints, for ours (as extracted, and cleaned by
rules and line model), trafilatura in three settings and resiliparse: word F1 by page type, shingle F1 of news pages (as
the two benchmarks define them), the segments of article pages that must stay and are kept, and that must go and are
leaked, and milliseconds of processor time a page, from the decoded page on.
"""

from __future__ import annotations

import logging
import sys
import time
import zlib
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from pathlib import Path

import numpy as np
import trafilatura
from block_sheets import read_pages, scores, site_of
from resiliparse.extract.html2text import extract_plain_text  # type: ignore[import-not-found]
from train_block_model import FOLDS

from transforms.block_model import BlockModel, block_model_from
from transforms.body import extract_body
from transforms.clean import find_edits
from transforms.decode import decode_html
from transforms.edits import apply_edits
from transforms.guard import guard_edits
from transforms.rules import COMPILED

Page = tuple[str, dict[str, str], bytes]
_PEERS: dict[str, Callable[[str], str]] = {
    "trafilatura": lambda html: trafilatura.extract(html, include_comments=False) or "",
    "trafilatura favor_precision": lambda html: (
        trafilatura.extract(html, include_comments=False, favor_precision=True) or ""
    ),
    "trafilatura fast": lambda html: trafilatura.extract(html, include_comments=False, fast=True) or "",
    "trafilatura with_metadata": lambda html: trafilatura.extract(html, with_metadata=True) or "",
    "resiliparse": lambda html: extract_plain_text(html, main_content=True),
}


def main(data: Path, folds: Path, every: int) -> None:
    logging.disable(logging.CRITICAL)
    pages = [page for number, page in enumerate(read_pages(data)) if number % every == 0]
    with ProcessPoolExecutor(2) as pool:
        found = list(pool.map(_extract_all, pages, [folds] * len(pages), chunksize=8))
    print(f"{len(pages)} pages")
    for way in found[0]:
        texts = [each[way][0] for each in found]
        figures = scores(
            [
                (page[1].get("page_type", "news"), page[1]["text"] or "", text)
                for page, text in zip(pages, texts, strict=True)
            ]
        )
        figures["kept"], figures["leaked"] = _segments(pages, texts)
        figures["ms"] = 1000 * float(np.mean([each[way][1] for each in found]))
        print(f"{way:28}" + "  ".join(f"{name} {value:.4f}" for name, value in figures.items()), flush=True)


def _segments(pages: list[Page], texts: list[str]) -> tuple[float, float]:
    """Share of the segments that must stay in an article page, and of those that must go, which its text has."""
    shares: dict[str, list[bool]] = {"with": [], "without": []}
    for (_, record, _), text in zip(pages, texts, strict=True):
        if record.get("page_type") == "article":
            plain = " ".join(text.split())
            for side, found in shares.items():
                found += [" ".join(segment.split()) in plain for segment in record[side] or ()]
    return float(np.mean(shares["with"])), float(np.mean(shares["without"]))


def _extract_all(page: Page, folds: Path) -> dict[str, tuple[str, float]]:
    """For each way the text and seconds."""
    _, record, content = page
    html = decode_html(content)
    model = _stored(folds / f"{zlib.crc32(site_of(record, trafilatura.load_html(html)).encode()) % FOLDS}.npz")
    start = time.process_time()
    tree = trafilatura.load_html(html)
    text = extract_body(tree, model).text if tree is not None else ""
    ours = time.process_time() - start
    edits, _ = guard_edits(text, find_edits(text, COMPILED, is_chosen=True))
    cleaned = time.process_time() - start
    found = {"ours": (text, ours), "ours, cleaned": (apply_edits(text, edits), cleaned)}
    for name, way in _PEERS.items():
        start = time.process_time()
        found[name] = (way(html), time.process_time() - start)
    return found


@cache
def _stored(path: Path) -> BlockModel:
    with np.load(path, allow_pickle=False) as stored:
        return block_model_from({name: stored[name] for name in stored.files})


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else 1)
