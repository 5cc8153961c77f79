"""How well articles are judged, and what that costs: one table each.

    python benchmarks/judgement.py DATA

DATA is a folder with gold/seo.jsonl and gold/seeds.jsonl (`text`, `seo` 0-3, `url`) and data/wcxb-dev (html/*.html.gz
and truth.jsonl.gz). Printed: how well padded documents are told from others, by the padding score on documents that it
was not fitted to and by the published filters with the bounds of a new warehouse; the same score on the pages' HTML;
and the milliseconds of each group of signals and judgements for an article of 5 kB.
"""

from __future__ import annotations

import gzip
import json
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
from fit_seo import FOLDS, REPEATS, held_out, read_labelled
from sklearn.metrics import roc_auc_score  # type: ignore[import-untyped]  # its stubs are not among our dependencies

from transforms.language import detect_language, warm_languages
from transforms.measured_text import MeasuredText
from transforms.pipeline import clean_document, extract_document
from transforms.quality import score_quality
from transforms.seo import FLAG_FROM, score_seo_padding
from transforms.signals import measure_signals
from transforms.signals_of_detail import measure_detail
from transforms.signals_of_filters import measure_filter_signals
from transforms.signals_of_readability import measure_readability
from transforms.signals_of_repetition import measure_repetition
from transforms.types import Article, ExtractedDocument, Published, RawDocument
from warehouse.migrate import migrate

ARTICLE_CHARS = 5000
ROUNDS = 9  # the quickest counts: the machine does other things too
NOW = datetime(2026, 1, 1, tzinfo=UTC)
UNDATED = Published(None, None, "undated", None, None)
# Only id and language are read; the other columns must not be null.
ARTICLES = """
insert into articles by name
select
  article_id, article_id as input_id, article_id as document_id, language, '' as run_id, '' as source,
  'undated' as published_status, '' as text, 0 as text_chars, 0 as text_words, 0 as original_chars,
  '' as original_hash, 0 as removed_chars, 0 as removed_ratio, '' as extractor, '' as ruleset_version
from judged
"""
FILTERS = ("gopher_quality", "gopher_repetition", "c4", "fineweb")


def main(data: Path) -> None:
    documents = [
        json.loads(line)
        for name in ("seo.jsonl", "seeds.jsonl")
        for line in (data / "gold" / name).read_text(encoding="utf-8").splitlines()
    ]
    padded = np.array([document["seo"] >= 2 for document in documents])
    print_padding(data, documents, padded)
    print_on_html(data / "data" / "wcxb-dev", documents, padded)
    print_cost([document["text"] for document in documents])


def print_padding(data: Path, documents: Sequence[dict[str, str]], padded: np.ndarray) -> None:
    print(f"{len(documents)} labelled documents, {padded.sum()} padded")
    print("predictor of padded                        AUC    precision  recall  flagged")
    labelled = read_labelled(data / "gold", data / "data" / "wcxb-dev")
    logits = [held_out(labelled, seed) for seed in range(REPEATS)]
    aucs = [roc_auc_score(padded, logit) for logit in logits]
    share = np.mean([score_seo_padding(document["text"], ())[0].value >= FLAG_FROM for document in documents])
    # The bound that flags as many held-out documents as the flag does: held-out logits are not calibrated.
    flagged = [logit >= np.quantile(logit, 1 - share) for logit in logits]
    rates = np.mean([_precision_recall(flags, padded) for flags in flagged], axis=0)
    name = f"seo_padding, held out ({FOLDS} folds, {REPEATS} times)"
    _print_row(name, float(np.mean(aucs)), (float(rates[0]), float(rates[1])), float(share))
    failed = failed_filters([document["text"] for document in documents])
    for name, filters in (*((each, {each}) for each in FILTERS), ("gopher + fineweb", set(FILTERS) - {"c4"})):
        flags = np.array([not filters.isdisjoint(fails) for fails in failed])
        _print_row(f"fails {name}", roc_auc_score(padded, flags), _precision_recall(flags, padded), flags.mean())


def _print_row(name: str, auc: float, rates: tuple[float, float], share: float) -> None:
    print(f"{name:42s} {auc:.3f}  {rates[0]:.3f}      {rates[1]:.3f}   {share:.0%}")


def failed_filters(texts: Sequence[str]) -> list[set[str]]:
    """The filters that each text fails, by the thresholds of a new warehouse."""
    languages = [detect_language(text).code for text in texts]
    rows = [
        (str(number), signal.name, signal.value)
        for number, (text, language) in enumerate(zip(texts, languages, strict=True))
        for signal in measure_signals(text, text, (), language)
    ]
    with duckdb.connect() as memory:
        migrate(memory)
        measured = pa.table(dict(zip(("article_id", "name", "value"), map(list, zip(*rows, strict=True)), strict=True)))
        memory.register("measured", measured)
        memory.execute("drop view signals; create table signals as from measured")  # as the view shows them
        memory.register("judged", pa.table({"article_id": list(map(str, range(len(texts)))), "language": languages}))
        memory.execute(ARTICLES)
        found = memory.execute("select article_id, filter from filter_verdicts where verdict = 'failed'").fetchall()
    failed: list[set[str]] = [set() for _ in texts]
    for number, name in found:
        failed[int(number)].add(name)
    return failed


def print_on_html(pages: Path, documents: Sequence[dict[str, str]], padded: np.ndarray) -> None:
    """The score as it is used, with markup and the ledger; its weights know these documents' texts."""
    with gzip.open(pages / "truth.jsonl.gz", "rt", encoding="utf-8") as lines:
        ids = {page["url"]: page["id"] for page in map(json.loads, lines)}
    known = [number for number, document in enumerate(documents) if document.get("url") and document["url"] in ids]
    from_html, from_text = [], []
    for number in known:
        url = documents[number]["url"]
        article = clean_document(_extracted(pages / "html" / f"{ids[url]}.html.gz", url), NOW)
        assert isinstance(article, Article), article
        from_html.append(next(score.value for score in article.scores if score.name == "seo_padding"))
        from_text.append(score_seo_padding(documents[number]["text"], ())[0].value)
    print(f"\n{len(known)} of them as HTML, score as shipped (fitted to the texts of these documents):")
    for name, scores in (("from text", from_text), ("from HTML", from_html)):
        precision, recall = _precision_recall(np.array(scores) >= FLAG_FROM, padded[known])
        print(
            f"  {name}: AUC {roc_auc_score(padded[known], scores):.3f}, precision {precision:.3f}, recall {recall:.3f}"
        )


def _extracted(path: Path, url: str) -> ExtractedDocument:
    raw = RawDocument(
        id=path.stem, location=str(path), record_key="", source="benchmark", url=url, fetched_at=None,
        media_type="text/html", content=gzip.decompress(path.read_bytes()), content_hash="", content_bytes=0,
        input_id=path.stem,
    )  # fmt: skip
    found = extract_document(raw)
    assert isinstance(found, ExtractedDocument), found
    return found


def print_cost(texts: Sequence[str]) -> None:
    articles = [text[:ARTICLE_CHARS] for text in texts if len(text) >= ARTICLE_CHARS][:100]
    warm_languages()
    pages = [MeasuredText(text) for text in articles]
    language = detect_language(articles[0])
    signals = [measure_signals(text, text, (), "en") for text in articles]
    scores = [score_seo_padding(text, ())[0] for text in articles]

    def quality() -> None:
        for signal, score in zip(signals, scores, strict=True):
            score_quality(signal, UNDATED, score, language, title=None, author=None)

    def each(function: Callable[..., object], *arguments: Sequence[object]) -> Callable[[], None]:
        return lambda: [function(*values) for values in zip(*arguments, strict=True)] and None

    english = ["en"] * len(articles)
    nothing: list[tuple[()]] = [()] * len(articles)
    parts = (
        ("cutting into words, lines, sentences", each(_cut, articles)),
        ("signals of published filters", each(measure_filter_signals, pages)),
        ("signals of repetition", each(measure_repetition, pages)),
        ("signals of readability", each(measure_readability, pages, english)),
        ("signals of detail", each(measure_detail, pages, english)),
        ("SEO padding, with its evidence", each(score_seo_padding, articles, nothing)),
        ("quality", quality),
    )
    print(f"\nmilliseconds an article of {ARTICLE_CHARS:,} characters, one core")
    total = 0.0
    for name, run in parts:
        milliseconds = _quickest(run) * 1000 / len(articles)
        total += milliseconds
        print(f"  {name:38s} {milliseconds:.2f}")
    print(f"  {'all':38s} {total:.2f}")


def _cut(text: str) -> None:
    """All that measures of it look at."""
    page = MeasuredText(text)
    assert page.counts is not None
    assert page.line_sentences is not None


def _quickest(run: Callable[[], None]) -> float:
    """Processor seconds of the quickest of ROUNDS runs."""
    seconds = []
    for _ in range(ROUNDS):
        start = time.process_time()
        run()
        seconds.append(time.process_time() - start)
    return min(seconds)


def _precision_recall(flagged: np.ndarray, padded: np.ndarray) -> tuple[float, float]:
    hits = float((flagged & padded).sum())
    return hits / max(float(flagged.sum()), 1.0), hits / float(padded.sum())


if __name__ == "__main__":
    main(Path(sys.argv[1]))
