"""Label the blocks of pages for benchmarks/train_block_model.py, from reference texts."""

from __future__ import annotations

import gzip
import json
import re
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import trafilatura
from line_sheets import _site
from lxml.html import HtmlElement
from numpy.typing import NDArray
from other_scripts import SCRIPTS, blocks_in_script, in_script

from transforms.block_features import Measured, measure_blocks
from transforms.blocks import Blocks, read_blocks
from transforms.decode import decode_html

WORD = re.compile(r"\w+")
_LONG = 5
_NEIGHBOURS = 4


@dataclass(frozen=True, eq=False)
class BlockSheet:
    """The blocks of one page; `labels` is the share 0-1 of each that the reference has, -1 where unsure."""

    name: str
    site: str
    page_type: str
    title: str
    found: Blocks
    measured: Measured
    labels: NDArray[np.float64]
    words: NDArray[np.float64]
    reference: str
    script: str = ""


def read_pages(data: Path) -> Iterator[tuple[str, dict[str, str], bytes]]:
    for folder in ("wcxb-dev", "news-benchmark"):
        with gzip.open(data / folder / "truth.jsonl.gz", "rt", encoding="utf-8") as lines:
            for record in map(json.loads, lines):
                path = data / folder / "html" / f"{record['id']}.html.gz"
                yield folder, record, gzip.decompress(path.read_bytes())


def block_sheets(page: tuple[str, dict[str, str], bytes]) -> list[BlockSheet]:
    """The sheet of a page, and one of the same page in another script; none where the page has no text."""
    sheet = block_sheet(page)
    if sheet is None:
        return []
    script = SCRIPTS[zlib.crc32(sheet.name.encode()) % len(SCRIPTS)]
    found, title = blocks_in_script(sheet.found, script), in_script(sheet.title, script)
    other = replace(
        sheet, script=script, title=title, found=replace(found, blocks=()), measured=measure_blocks(found, title)
    )
    return [sheet, other]


def block_sheet(page: tuple[str, dict[str, str], bytes]) -> BlockSheet | None:
    folder, record, content = page
    tree = trafilatura.load_html(decode_html(content))
    if tree is None:
        return None
    found = read_blocks(tree)
    if not found.blocks:
        return None
    title = " ".join((tree.findtext(".//title") or "").split())
    labels, words = label_blocks(found, record["text"] or "")
    return BlockSheet(
        f"{folder}/{record['id']}", site_of(record, tree), record.get("page_type", "news"), title, found,
        measure_blocks(found, title), labels, words, record["text"] or "",
    )  # fmt: skip


def site_of(record: dict[str, str], tree: HtmlElement | None) -> str:
    """The registered domain of a page; where no address is given, of what the page says its address is."""
    said = [] if tree is None else tree.xpath("//link[@rel='canonical']/@href | //meta[@property='og:url']/@content")
    return _site(record["url"] or next((str(address) for address in said if "//" in address), record["id"]))


def label_blocks(found: Blocks, reference: str) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Share of each block's words in the reference, each part of which is taken for one block only."""
    words = WORD.findall(reference.lower())
    runs = Counter(zip(words, words[1:], words[2:], strict=False))
    joined = f" {' '.join(words)} "
    own_lines = Counter(" ".join(WORD.findall(line.lower())) for line in reference.split("\n"))
    said = [WORD.findall(block.text.lower()) for block in found.blocks]
    plain = [" ".join(one) for one in said]
    labels = np.zeros(len(said))
    is_long = np.array([len(one) >= _LONG for one in said])
    for number, one in enumerate(said):
        if is_long[number]:
            here = list(zip(one, one[1:], one[2:], strict=False))
            labels[number] = sum(run in runs for run in here) / len(here)
    same = defaultdict(list)
    for number, one in enumerate(plain):
        same[one].append(number)
    context = np.convolve(
        np.where(is_long, labels, 0) * np.array([len(one) for one in said]), np.ones(2 * _NEIGHBOURS + 1), "same"
    )
    for one, numbers in same.items():
        if not one:
            labels[numbers] = -1
            continue
        count = joined.count(f" {one} ") if len(one) < 2000 else 1
        if len(said[numbers[0]]) < _LONG:
            exact = own_lines[one]
            for number in numbers:
                before = plain[number - 1].split(" ")[-2:] if number else []
                after = plain[number + 1].split(" ")[:2] if number + 1 < len(plain) else []
                fits = any(f" {' '.join(near)} " in joined for near in ([*before, one], [one, *after]) if len(near) > 1)
                labels[number] = 1 if exact or (count and fits) else -1 if count and context[number] > 0 else 0
            count = max(exact, count if not exact else 0)
        if len(numbers) > count and labels[numbers].max() > 0:
            order = sorted(numbers, key=lambda number: -context[number])
            labels[order[max(count, 1) :]] = 0
    return labels, np.array([len(one) for one in said], np.float64)


def weight_of(sheet: BlockSheet) -> NDArray[np.float64]:
    """What each block counts: its words, as a share of the page's content, so that each page counts alike."""
    words = np.minimum(sheet.words + 0.5, 400)
    share = words / ((sheet.words + 0.5) * (sheet.labels > 0)).sum().clip(60)
    weight: NDArray[np.float64] = np.minimum(share, 3 / len(words) ** 0.5) * (sheet.labels >= 0)
    return weight


def bag(text: str, n: int) -> Counter[tuple[str, ...]]:
    words = WORD.findall(text)
    return Counter(tuple(words[i : i + n]) for i in range(max(1, len(words) - n + 1)) if words[i : i + n])


def overlap(true: Counter, pred: Counter) -> tuple[float, float]:
    if not true or not pred:
        return (1.0, 1.0) if not true and not pred else (0.0, 0.0)
    common = sum((true & pred).values())
    return common / sum(pred.values()), common / sum(true.values())


def f1(p: float, r: float) -> float:
    return 2 * p * r / (p + r) if p + r else 0.0


def scores(pairs: list[tuple[str, str, str]]) -> dict[str, float]:
    """(page type, reference, text) -> word F1 by type, shingle F1 of news."""
    groups = defaultdict(list)
    sp, sr = [], []
    for kind, true, got in pairs:
        if kind == "news":
            a, b = overlap(bag(true, 4), bag(got, 4))
            if got.strip():
                sp.append(a)
            sr.append(b)
        else:
            groups[kind].append(f1(*overlap(bag(true.lower(), 1), bag(got.lower(), 1))))
    out = {kind: float(np.mean(group)) for kind, group in sorted(groups.items())}
    if groups:
        out["all types"] = float(np.mean([s for group in groups.values() for s in group]))
    if sp:
        out["news P"], out["news R"] = float(np.mean(sp)), float(np.mean(sr))
        out["news F1"] = f1(out["news P"], out["news R"])
    return out
