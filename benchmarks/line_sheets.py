"""Label the lines of pages for benchmarks/train_line_model.py: from reference texts, and from hand-given spans."""

from __future__ import annotations

import gzip
import json
import re
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import trafilatura
from numpy.typing import NDArray
from resiliparse.extract.html2text import extract_plain_text  # type: ignore[import-not-found]

from transforms.clean import find_edits
from transforms.edits import apply_edits
from transforms.line_features import Words, words_of_line
from transforms.line_model import is_code
from transforms.page import Page
from transforms.rules import COMPILED

BY_HAND = 8.0  # weight of a hand-labelled line; an automatic label weighs 0.3 to 0.7
WHOLE_PAGE_SHARE = 3  # one in so many whole pages is learned from: they have ten times the lines
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, eq=False)
class Sheet:
    """The lines of one text: `labels` 1 artifact, 0 content, -1 left out; hand-labelled sheets count characters.

    `taken` is (artifact, content) characters that the pattern rules took before, `total` all of the document.
    """

    name: str
    site: str
    page: Page
    labels: NDArray[np.int64]
    weight: NDArray[np.float64]
    said: tuple[Words, ...]
    artifact: NDArray[np.int64] | None = None
    content: NDArray[np.int64] | None = None
    taken: tuple[int, int] = (0, 0)
    total: tuple[int, int] = (0, 0)
    kinds: tuple[str, ...] = ()
    is_known: bool | None = None  # False: the words are hidden, as those of an unknown language


def read_pages(data: Path) -> Iterator[tuple[str, str, str, str, bool]]:
    """(name, address, HTML, reference text, whether the whole page is learned from too) of each article page."""
    for folder in ("wcxb-dev", "news-benchmark"):
        with gzip.open(data / folder / "truth.jsonl.gz", "rt", encoding="utf-8") as lines:
            for record in map(json.loads, lines):
                if record.get("page_type", "article") != "article" or not record["text"]:
                    continue
                html = gzip.decompress((data / folder / "html" / f"{record['id']}.html.gz").read_bytes())
                whole = folder == "wcxb-dev" and zlib.crc32(record["id"].encode()) % WHOLE_PAGE_SHARE == 0
                title = record.get("title") or ""
                yield (
                    record["id"],
                    record["url"] or "",
                    html.decode("utf-8", "replace"),
                    f"{title}\n{record['text']}",
                    whole,
                )


def render(given: tuple[str, str, str, str, bool]) -> list[Sheet]:
    """The texts that extractors make of a page, after the pattern rules, labelled against the reference."""
    name, address, html, reference, whole = given
    bare = trafilatura.bare_extraction(html, url=address or None, include_comments=False, favor_precision=True)
    texts = {
        getattr(bare, "text", None) or "": 0.7,
        trafilatura.extract(html, url=address or None, include_comments=True, favor_recall=True) or "": 0.7,
        extract_plain_text(html, main_content=True): 0.7,
        extract_plain_text(html, main_content=False) if whole else "": 0.3,
    }
    sheets = []
    for text, weight in texts.items():
        page = Page(apply_edits(text, find_edits(text, COMPILED)))
        if page.lines:
            sheets.append(_sheet(name, address, page, labels(page, reference), weight))
    return sheets


def labels(page: Page, reference: str) -> NDArray[np.int64]:
    title, _, body = reference.partition("\n")
    heading = " ".join(_WORD.findall(title.lower()))
    words = _WORD.findall(body.lower())
    runs = set(zip(words, words[1:], words[2:], strict=False))
    own_lines = {" ".join(_WORD.findall(line.lower())) for line in body.split("\n")}
    joined = f" {' '.join(words)} "
    seen: Counter[str] = Counter()
    found = []
    for line in page.lines:
        said = _WORD.findall(line.text.lower())
        plain = " ".join(said)
        seen[plain] += 1
        if not said or is_code(line.text) or plain == heading or (len(said) > 3 and plain in heading):
            label = -1
        elif len(said) >= 5:
            here = list(zip(said, said[1:], said[2:], strict=False))
            share = sum(run in runs for run in here) / len(here)
            label = 0 if share >= 0.75 else 1 if share <= 0.15 else -1
        else:
            label = 0 if plain in own_lines else -1 if f" {plain} " in joined else 1
        is_again = label == 0 and seen[plain] > 1 and joined.count(f" {plain} ") < seen[plain]
        found.append(-1 if is_again else label)
    return np.array(found)


def hand_sheet(record: dict[str, Any], rules: bool) -> Sheet:
    text = record["text"]
    edits = find_edits(text, COMPILED) if rules else ()
    page = Page(apply_edits(text, edits))
    kind_at = np.zeros(len(text), dtype=object)
    for start, end, kind in record["artifacts"]:
        kind_at[start:end] = kind
    solid = np.array([not char.isspace() for char in text])
    artifact = solid & (kind_at != 0)
    content = solid & (kind_at == 0)
    for start, end, _ in record["neutral"]:
        content[start:end] = False
    kept = np.ones(len(text), dtype=bool)
    for edit in edits:
        kept[edit.start : edit.end] = False
    at = np.flatnonzero(kept)
    ranges = [at[line.start : line.end] for line in page.lines]
    hit, lost = (np.array([side[one].sum() for one in ranges], dtype=np.int64) for side in (artifact, content))
    label = np.where(hit + lost == 0, -1, hit >= 0.8 * (hit + lost)).astype(np.int64)
    sheet = _sheet(f"{record['key']} {rules}", record["url"], page, label, BY_HAND)
    return replace(
        sheet,
        artifact=hit,
        content=lost,
        taken=(int((artifact & ~kept).sum()), int((content & ~kept).sum())),
        total=(int(artifact.sum()), int(content.sum())),
        kinds=tuple(Counter(kind_at[one]).most_common(1)[0][0] or "" for one in ranges),
    )


def _sheet(name: str, address: str, page: Page, label: NDArray[np.int64], weight: float) -> Sheet:
    chars = np.array([len(line.text) for line in page.lines])
    said = tuple(words_of_line(line.text) for line in page.lines)
    return Sheet(name, _site(address or name), page, label, weight * (np.minimum(chars, 600) / 150 + 0.1), said)


def _site(address: str) -> str:
    """The last two labels of the host, three where the country sells names below a second one."""
    parts = re.sub(r"^.*?//|/.*$", "", address.lower()).split(":")[0].split(".")
    below = {"co", "com", "org", "ac", "gov", "net", "edu", "gob", "govt"}
    return ".".join(parts[-3 if len(parts[-1]) == 2 and len(parts) > 2 and parts[-2] in below else -2 :])
