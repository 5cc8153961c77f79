"""Learn the weights of date evidence from documents with a known date: `python benchmarks/fit_dates.py DATA [GOLD]`

DATA is a folder of page sets, GOLD a file of texts (benchmarks/dated_pages.py describes both). Needs resiliparse, which
the pipeline does not. Takes three minutes on two cores.

The model is a conditional logit: each date of a document, and the answer "none of them", has as its utility the sum of
the weights of its features; the softmax of the utilities are the probabilities. All that is printed is held out: ten
folds, all documents of a registered domain in the same one. The last lines are the table of transforms/date_weights.py.

A page is up to three documents: the page; its text alone as resiliparse renders it; and the page with its own date
hidden, and all that it states for machines, which is undated and keeps the dates of its comments, teasers and events.
What says that a page is an article is kept from speaking against its being dated (`ARTICLE_FACTS`). The text is left
out where its truth cannot be told: the page has a date that the text does not show, or is of a kind that may show one
and has none.
"""

from __future__ import annotations

import argparse
import zlib
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from dated_pages import Dated, Tally, read_dated
from numpy.typing import NDArray
from resiliparse.extract.html2text import extract_plain_text
from resiliparse.parse.html import HTMLTree
from scipy.optimize import minimize  # type: ignore[import-untyped]  # its stubs are not among our dependencies
from scipy.sparse import csr_matrix  # type: ignore[import-untyped]

from transforms.date_evidence import STATED, DateEvidence, days_apart, gather_evidence, page_facts
from transforms.date_names import find_written_dates, month_comes_first
from transforms.dates_text import find_text_dates
from transforms.decode import decode_html
from transforms.extract import NoTextError, extract
from transforms.published import WeighedDate, choose_date, is_plausible, weigh
from transforms.source import registered_domain
from transforms.types import DateCandidate

Floats = NDArray[np.float64]

NOW = datetime.now(UTC)
FOLDS = 10
# On squared weights; 0.3 and 1 give the same held-out figures within four pages of 2,242.
PENALTY = 0.5
# A feature of fewer documents has no weight; one below the least weight is not worth a line.
LEAST_DOCUMENTS = 8
LEAST_WEIGHT = 0.1
THRESHOLDS = (0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5)
# Documents with a hidden date count this much: of those that show others, at 0 two in three are dated, at 0.3 one in
# three, at 0.6 one in five, and then more than a percent of the right dates is lost.
HIDDEN_WEIGHT = 0.3
HIDDEN_DAYS = 2  # as many days beside the truth are hidden too: time zones
ARTICLE_FACTS = frozenset(
    f"page-{fact}" for fact in ("typed-news", "typed-article", "og-article", "body-post", "author", "address-slug")
)
UNDATED_TYPES = frozenset({"listing", "collection", "service", "product"})


@dataclass(slots=True)
class Document:
    """The evidence of one document, its truth, and what the model that has not seen its site says."""

    group: str
    fold: int
    truth: str | None
    evidence: tuple[DateEvidence, ...]
    none: frozenset[str]
    weight: float = 1.0
    weighed: tuple[WeighedDate, ...] = ()


def documents_of(dated: Dated) -> list[Document]:
    """The page, its text, the page without its date; or the text."""
    fold = zlib.crc32(((registered_domain(dated.url) if dated.url else None) or dated.key).encode()) % FOLDS
    if isinstance(dated.content, str):
        return [_document(dated.group, fold, dated.published, find_text_dates(dated.content))]
    try:
        candidates = extract(dated.raw()).dates
    except NoTextError:
        candidates = ()
    found = [_document(dated.group, fold, dated.published, candidates)]
    if (truth := dated.published) and any(c.date.startswith(truth) for c in candidates if c.role == "published"):
        seen = [c for c in candidates if c.role == "published" and c.origin != "url" and c.origin not in STATED]
        others = [c for c in seen if not _is_near(c.date, truth)]
        hidden = _document(f"{dated.group}, date hidden", fold, None, others, page_facts(candidates))
        hidden.weight = HIDDEN_WEIGHT
        found.append(hidden)
    tree = HTMLTree.parse(decode_html(dated.content))
    text = extract_plain_text(tree, main_content=True, alt_texts=False, links=False)
    shown = {written.date for written in find_written_dates(text, month_first=month_comes_first(text))}
    if dated.published in shown or (not dated.published and dated.page_type in UNDATED_TYPES):
        found.append(_document(f"{dated.group}, text", fold, dated.published, find_text_dates(text)))
    return found


def _is_near(day: str, truth: str) -> bool:
    if len(day) == len(truth) == len("2025-03-04"):
        return days_apart(day, truth) <= HIDDEN_DAYS
    return day.startswith(truth) or truth.startswith(day)


def _document(
    group: str, fold: int, truth: str | None, candidates: Sequence[DateCandidate], page: frozenset[str] | None = None
) -> Document:
    plausible = [c for c in candidates if is_plausible(c, None, NOW)]
    evidence, none = gather_evidence(plausible, page_facts(candidates) if page is None else page)
    return Document(group, fold, truth, evidence, none)


def feature_names(documents: Sequence[Document]) -> list[str]:
    """Features of enough documents, in alphabetical order."""
    counts: Counter[str] = Counter()
    for document in documents:
        if document.evidence:
            counts.update(document.none.union(*(e.features for e in document.evidence)))
    return sorted(name for name, count in counts.items() if count >= LEAST_DOCUMENTS)


def fit(documents: Sequence[Document], names: Sequence[str]) -> dict[str, float]:
    """The weights that make the truth of the documents most probable."""
    index = {name: i for i, name in enumerate(names)}
    rows: list[list[int]] = []
    starts: list[int] = []
    true_rows: list[int] = []
    counts: list[float] = []
    for document in documents:
        if not document.evidence:
            continue
        starts.append(len(rows))
        counts.append(document.weight)
        true_rows.append(len(rows))
        rows.append([index[name] for name in document.none if name in index])
        for evidence in document.evidence:
            if document.truth and evidence.date.startswith(document.truth):
                true_rows[-1] = len(rows)
            rows.append([index[name] for name in evidence.features if name in index])
    ends = np.cumsum([0, *map(len, rows)])
    columns = np.concatenate([np.array(row, dtype=np.int64) for row in rows])
    x = csr_matrix((np.ones(len(columns)), columns, ends), shape=(len(rows), len(names)))
    document_of_row = np.repeat(np.arange(len(starts)), np.diff([*starts, len(rows)]))
    count = np.array(counts)
    is_true = np.zeros(len(rows))
    is_true[true_rows] = 1

    def loss(weights: Floats) -> tuple[float, Floats]:
        utility = x @ weights
        highest = np.maximum.reduceat(utility, starts)
        share = np.exp(utility - highest[document_of_row])
        total = np.add.reduceat(share, starts)
        value = (count * (np.log(total) + highest - utility[true_rows])).sum() + PENALTY * (weights**2).sum()
        slope = (share / total[document_of_row] - is_true) * count[document_of_row]
        return float(value), x.T @ slope + 2 * PENALTY * weights

    bounds = [_bounds(name) for name in names]
    start = np.zeros(len(names))
    weights = minimize(loss, start, jac=True, bounds=bounds, method="L-BFGS-B", options={"maxiter": 300}).x
    return dict(zip(names, map(float, weights), strict=True))


def _bounds(name: str) -> tuple[float | None, float | None]:
    if name in ARTICLE_FACTS:  # for "none of them"
        return None, 0.0
    return (0.0, None) if name.removeprefix("unseen:") in ARTICLE_FACTS else (None, None)


def print_held_out(documents: Sequence[Document]) -> None:
    """Counts by group and threshold, and how often a probability was right."""
    for group in sorted({document.group for document in documents}):
        print(group)
        for threshold in THRESHOLDS:
            tally = Tally()
            for document in documents:
                if document.group == group:
                    chosen = choose_date(document.weighed, threshold)
                    tally.add(document.truth, chosen.date if chosen else None)
            print(f"  from {threshold:.2f}: {tally.line()}")
    print("probability, how often right, of how many documents with a date to be found or not")
    firsts = [(d.weighed[0], d.truth) for d in documents if d.weighed and d.weight == 1]
    for low in np.arange(0.0, 1.0, 0.1):
        inside = [(one, truth) for one, truth in firsts if low <= one.probability < low + 0.1 + 1e-9]
        if inside:
            right = sum(bool(truth) and one.date.startswith(str(truth)) for one, truth in inside)
            mean = sum(one.probability for one, _ in inside) / len(inside)
            print(f"  {low:.1f}-{low + 0.1:.1f} (mean {mean:.2f}): {right / len(inside):.2f} of {len(inside)}")


def main() -> None:
    """Fit, measure held out, print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("paths", nargs="+", type=Path)
    dated = [one for path in parser.parse_args().paths for one in read_dated(path)]
    with ProcessPoolExecutor() as pool:
        documents = [document for found in pool.map(documents_of, dated, chunksize=16) for document in found]
    names = feature_names(documents)
    for fold in range(FOLDS):
        weights = fit([d for d in documents if d.fold != fold], names)
        for document in documents:
            if document.fold == fold:
                document.weighed = weigh(document.evidence, document.none, weights)
    print(f"{len(documents)} documents, {len(names)} features; held out, {FOLDS} folds by domain")
    print_held_out(documents)
    print("WEIGHTS: dict[str, float] = {")
    for name, weight in fit(documents, names).items():
        if abs(weight) >= LEAST_WEIGHT:
            print(f'    "{name}": {weight:.2f},')
    print("}")


if __name__ == "__main__":
    main()
