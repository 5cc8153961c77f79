"""The main content of a parsed page: chosen by the block model, or by another way where that finds next to nothing.

The ways, as `extractor` names them:
- `blocks`: the blocks that the model takes for main content.
- `json-ld`: the article's text in the page's data, where it is much longer than what the page shows of it (a page that
  loads its text by script, or hides it behind a notice).
- `trafilatura`: where the model took less than LEAST_CHARS, what trafilatura takes with favor_recall, if that is more.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import trafilatura
from lxml.html import HtmlElement
from trafilatura.settings import Document

from transforms.assemble import assemble
from transforms.block_model import BlockModel, PageJudgement, judge_blocks
from transforms.block_rules import leave_out
from transforms.blocks import Blocks, read_blocks
from transforms.decode import replace_surrogates
from transforms.json_body import find_json_body
from transforms.page_kind import find_no_article
from transforms.types import Flag

LEAST_CHARS = 150
JSON_TIMES = 2.0  # an articleBody so many times longer than what was chosen is taken instead
# By cross-validation (docs/block_model_card.md): below this expected F1, two pages of three are below 0.8 in truth.
DOUBTFUL_F1 = 0.8
LIST_FROM = 0.7  # at this probability a page is said to be a list: nine in ten are
_SHOWN_CHARS = 3_000


@dataclass(frozen=True, slots=True)
class Body:
    """The text of a page (empty where it has none), its headings, the way that found them, and what is doubtful."""

    text: str
    headings: tuple[str, ...]
    extractor: str
    flags: tuple[Flag, ...] = ()


def extract_body(tree: HtmlElement, model: BlockModel | None = None) -> Body:
    """The main content of a page, by the model of the package or another."""
    found = read_blocks(tree)
    title = " ".join((tree.findtext(".//title") or "").split())
    judged = judge_blocks(found, title, model)
    chosen = leave_out(found, title, judged.is_content)
    text, headings = assemble(found, np.flatnonzero(chosen).tolist())
    body = Body(replace_surrogates(text), headings, "blocks")
    given = find_json_body(tree)
    if given and len(given) > JSON_TIMES * max(len(text), LEAST_CHARS):
        body = Body(replace_surrogates(given), (), "json-ld")
    elif len(text) < LEAST_CHARS:
        body = _rescued(tree, body)
    return replace(body, flags=tuple(_find_flags(tree, title, found, judged, body)))


def _find_flags(tree: HtmlElement, title: str, found: Blocks, judged: PageJudgement, body: Body) -> Iterator[Flag]:
    if flag := find_no_article(tree, title, body.text, _shown(found)):
        yield flag
    elif judged.list_probability >= LIST_FROM:
        yield Flag(
            "not-an-article", f"a list of links, goods or stories, with probability {judged.list_probability:.2f}"
        )
    if body.extractor != "blocks":
        yield Flag(
            "extraction-doubtful",
            f"the page shows next to nothing that looks like its main content; the text is from {body.extractor}",
        )
    elif judged.expected_f1 < DOUBTFUL_F1:
        unsure = int(((judged.probabilities > 0.1) & (judged.probabilities < 0.9)).sum())
        yield Flag(
            "extraction-doubtful",
            f"expected word F1 {judged.expected_f1:.2f} (doubtful below {DOUBTFUL_F1}); "
            f"{unsure} of {len(found.blocks)} blocks could be content or not",
        )


def _rescued(tree: HtmlElement, body: Body) -> Body:
    """What trafilatura finds, if that is more."""
    found = trafilatura.bare_extraction(tree, include_comments=False, favor_recall=True)
    if not isinstance(found, Document) or not found.text or len(found.text.strip()) <= len(body.text):
        return body
    headings = tuple(" ".join(map(str, head.itertext())).strip() for head in found.body.iter("head"))
    return Body(replace_surrogates(found.text), headings, "trafilatura")


def _shown(found: Blocks) -> str:
    """The beginning of what a page shows, menus and all."""
    parts: list[str] = []
    size = 0
    for block in found.blocks:
        parts.append(block.text)
        size += len(block.text)
        if size > _SHOWN_CHARS:
            break
    return "\n".join(parts)[:_SHOWN_CHARS]
