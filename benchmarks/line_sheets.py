"""Label the lines of pages for benchmarks/train_line_model.py: by hand-given spans, and from reference texts.

Two sorts of labels. An editor's: gold/dev.jsonl and benchmarks/line_labels.jsonl (which says of each line of a page's
rendering what it is, by number; the text comes from DATA). A reference's: a line whose three-word runs stand in the
reference text is content, one with nearly none was left out, what lies between is not learned from.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import trafilatura
from numpy.typing import NDArray
from resiliparse.extract.html2text import extract_plain_text  # type: ignore[import-not-found]

from transforms.clean import find_rule_edits
from transforms.cover import cover_lines
from transforms.decode import decode_html
from transforms.line_features import Lines, measure_lines
from transforms.line_model import has_no_say
from transforms.page import Page

LABELS = Path(__file__).with_name("line_labels.jsonl")
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, eq=False)
class Sheet:
    """The lines of one text. `labels`: 1 artifact, 0 content, -1 not learned from; `by_editor` who says so.

    For an editor's sheets: characters (white space and neutral ones aside) that the rules leave, artifact and content
    by line, what they took, and all of the document. `reference` is the reference text of a page, else empty.
    """

    name: str
    site: str
    origin: str
    text: str
    spans: NDArray[np.int64]  # start and end of each line
    lines: Lines
    labels: NDArray[np.int64]
    removed: NDArray[np.bool_]  # by the rules, a character
    can_say: NDArray[np.bool_]  # has_no_say turned round
    kinds: tuple[str, ...] = ()
    artifact: NDArray[np.int64] | None = None
    content: NDArray[np.int64] | None = None
    taken: tuple[int, int] = (0, 0)
    total: tuple[int, int] = (0, 0)
    reference: str = ""

    @property
    def by_editor(self) -> bool:
        return self.artifact is not None

    @property
    def weight(self) -> NDArray[np.float64]:
        """A line counts by its length, as the characters do that are measured."""
        found: NDArray[np.float64] = np.minimum(self.lines.column("chars"), 600) / 150 + 0.1
        return found


def read_references(data: Path) -> Iterator[tuple[str, str, str, str, str]]:
    """(folder, id, address, HTML, title and reference text in lines) of each article page."""
    for folder in ("wcxb-dev", "news-benchmark"):
        with gzip.open(data / folder / "truth.jsonl.gz", "rt", encoding="utf-8") as lines:
            for record in map(json.loads, lines):
                if record.get("page_type", "article") == "article" and record["text"]:
                    html = _html(data, f"{folder}/{record['id']}")
                    yield (
                        folder,
                        record["id"],
                        record["url"] or "",
                        html,
                        f"{record.get('title') or ''}\n{record['text']}",
                    )


def reference_sheets(given: tuple[str, str, str, str, str]) -> list[Sheet]:
    """The texts that extractors make of a page, labelled against the reference."""
    folder, name, address, html, reference = given
    texts = {
        trafilatura.extract(html, include_comments=True, favor_recall=True) or "": "recall",
        trafilatura.extract(html, include_comments=False) or "": "trafilatura",
        extract_plain_text(html, main_content=True): "resiliparse",
        extract_plain_text(html, main_content=False) if folder == "wcxb-dev" else "": "whole",
    }
    sheets = []
    for text, origin in texts.items():
        page = Page(text)
        if page.lines:
            wanted = reference if folder == "wcxb-dev" and origin in {"trafilatura", "whole"} else ""
            labels = label_by_reference(page, reference)
            body = wanted.partition("\n")[2]
            sheets.append(_sheet(name, address, origin, page, labels=labels, reference=body))
    return sheets


def label_by_reference(page: Page, reference: str) -> NDArray[np.int64]:
    """One label a line; headlines, code and repeated lines are not learned from."""
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
        if not said or has_no_say(line.text) or plain == heading or (len(said) > 3 and plain in heading):
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


def read_edited(data: Path, gold: Path) -> Iterator[dict[str, Any]]:
    """The documents that editors labelled: key, url, origin, text, artifacts and neutral as spans.

    Where an extractor of another version gives another text, the labels do not fit and the page is left out.
    """
    for line in gold.open(encoding="utf-8"):
        yield {**json.loads(line), "origin": "gold"}
    addresses = _addresses(data)
    left_out = 0
    for label in map(json.loads, LABELS.open(encoding="utf-8")):
        html = _html(data, label["page"])
        if label["rendering"] == "trafilatura":
            text = trafilatura.extract(html, include_comments=False) or ""
        else:
            text = extract_plain_text(html, main_content=True)
        if hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12] != label["text_hash"]:
            left_out += 1
            continue
        lines = Page(text).lines
        yield {
            "key": f"{label['page']} {label['rendering']}",
            "url": addresses.get(label["page"]) or label["page"],
            "origin": label["page"].partition("/")[0],
            "text": text,
            "artifacts": [(lines[a].start, lines[b].end, kind) for a, b, kind in label["artifacts"]]
            + [(lines[n].start + a, lines[n].start + b, kind) for n, a, b, kind in label["inline"]],
            "neutral": [(lines[n].start, lines[n].end, "neutral") for n in label["neutral"]],
        }
    print(f"labelled pages left out, since their text is another today: {left_out}")


def edited_sheet(record: dict[str, Any]) -> Sheet:
    """A hand-labelled document: a line is an artifact from 70 % of its characters on, content up to 20 %."""
    text, page = record["text"], Page(record["text"])
    kind_at = np.zeros(len(text), dtype=object)
    is_neutral = np.zeros(len(text), np.bool_)
    for start, end, kind in record["artifacts"]:
        kind_at[start:end] = kind
    for start, end, _ in record["neutral"]:
        is_neutral[start:end] = True
    solid = np.array([not char.isspace() for char in text], np.bool_)
    artifact = solid & (kind_at != 0)
    content = solid & (kind_at == 0) & ~is_neutral
    sheet = _sheet(record["key"], record["url"], record["origin"], page, labels=np.full(len(page.lines), -1))
    in_lines = [(artifact[start:end], content[start:end]) for start, end in sheet.spans]
    bad, good = (np.array([side[i].sum() for side in in_lines], np.int64) for i in (0, 1))
    share = bad / np.maximum(bad + good, 1)
    labels = np.where((bad + good == 0) | ((share > 0.2) & (share < 0.7)), -1, share >= 0.7).astype(np.int64)
    kept = ~sheet.removed
    left = [(artifact[start:end] & kept[start:end], content[start:end] & kept[start:end]) for start, end in sheet.spans]
    commonest = [Counter(kind_at[start:end]).most_common(1)[0][0] or "" for start, end in sheet.spans]
    return replace(
        sheet,
        labels=labels,
        kinds=tuple(kind if label == 1 else "" for kind, label in zip(commonest, labels, strict=True)),
        artifact=np.array([side[0].sum() for side in left], np.int64),
        content=np.array([side[1].sum() for side in left], np.int64),
        taken=(int((artifact & ~kept).sum()), int((content & ~kept).sum())),
        total=(int(artifact.sum()), int(content.sum())),
    )


def _sheet(
    name: str, address: str, origin: str, page: Page, *, labels: NDArray[np.int64], reference: str = ""
) -> Sheet:
    edits = find_rule_edits(page.text)
    removed = np.zeros(len(page.text), np.bool_)
    for edit in edits:
        removed[edit.start : edit.end] = True
    return Sheet(
        name,
        _site(address or name),
        origin,
        page.text,
        np.array([(line.start, line.end) for line in page.lines], np.int64).reshape(-1, 2),
        measure_lines(page, cover_lines(page, edits)),
        labels,
        removed,
        np.array([not has_no_say(line.text) for line in page.lines], np.bool_),
        reference=reference,
    )


def _html(data: Path, page: str) -> str:
    folder, _, name = page.partition("/")
    if folder == "dates":
        path = data / folder / "html" / name
        return decode_html(gzip.decompress((path if path.exists() else path.with_name(f"{name}.gz")).read_bytes()))
    return gzip.decompress((data / folder / "html" / f"{name}.html.gz").read_bytes()).decode("utf-8", "replace")


def _addresses(data: Path) -> dict[str, str]:
    found = {}
    for folder in ("wcxb-dev", "news-benchmark", "dates"):
        with gzip.open(data / folder / "truth.jsonl.gz", "rt", encoding="utf-8") as lines:
            for record in map(json.loads, lines):
                found[f"{folder}/{record.get('id') or record['file']}"] = record["url"]
    return found


def _site(address: str) -> str:
    """The last two labels of the host, three where the country sells names below a second one."""
    parts = re.sub(r"^.*?//|/.*$", "", address.lower()).split(":")[0].split(".")
    below = {"co", "com", "org", "ac", "gov", "net", "edu", "gob", "govt"}
    return ".".join(parts[-3 if len(parts[-1]) == 2 and len(parts) > 2 and parts[-2] in below else -2 :])
