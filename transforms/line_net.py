"""The first half of the line model: a small network that reads the lines of a page one beside the other.

Each line becomes a vector (its measures, and the sum of its words' vectors); the page's mean and the means of what
stands before and after are added; three convolutions, each reaching twice as far, let a line see its neighbours. Out
come log-odds that an editor would call it an artifact, that a reference text leaves it out, and the likeliest kind.
Plain numpy: all lines of a page at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from transforms.line_chars import CLASSES, Hashes, HashTable, table_of
from transforms.line_features import PROSE_WORDS, Floats, Lines, Numbers, moved

EDITOR, REFERENCE = 0, 1  # the columns of the log-odds
DILATIONS = (1, 2, 4)
_ROWS_AT_ONCE = 2_048
_ONE_OF_CLASSES = np.eye(len(CLASSES), dtype=np.float32)


@dataclass(frozen=True)
class Net:
    """The weights. `grams` are the known hashes, sorted; `vectors` has their rows; `layers` the rest by name."""

    grams: Hashes
    vectors: Floats
    layers: dict[str, Floats]

    @cached_property
    def table(self) -> HashTable:
        """Where each of the known hashes stands."""
        return table_of(self.grams)


def line_inputs(lines: Lines) -> Floats:
    """One row a line: its measures on scales near one, and its place."""
    get = lines.column
    chars, words = get("chars"), get("words")
    count = len(chars)
    number = np.arange(count)
    is_prose = words >= PROSE_WORDS
    before: Numbers = np.cumsum(is_prose) - is_prose
    after = is_prose.sum() - before - is_prose
    classes = lines.own[:, -len(CLASSES) :]
    share = classes / np.maximum(classes.sum(axis=1, keepdims=True), 1)
    total = max(float(chars.sum()), 1.0)
    columns = (
        *(np.log1p(chars) / 4 - 1, np.log1p(words) / 3 - 0.7, is_prose, words <= 3, get("word_chars") / 6 - 0.8),
        *(get("long_words"), get("title"), get("capitals"), get("stop_words")),
        *(get("you") * 5, get("we") * 5, get("i") * 5, get("month") * 3, get("tells") * 4, get("file") * 4),
        *(np.minimum(get("repeats") - 1, 3), get("spread"), get("spread_long"), get("echo_first")),
        *(get("numbers") * 2, np.log1p(get("sentences"))),
        *(np.log1p(number) / 3 - 0.7, np.log1p(count - 1 - number) / 3 - 0.7, number / max(count, 1) - 0.5),
        *(np.cumsum(chars) / total - 0.5, np.log1p(before) / 2, np.log1p(after) / 2, before == 0, after == 0),
        *(np.full(count, np.log1p(count) / 4 - 1), np.full(count, is_prose.mean())),
        np.full(count, (chars * is_prose).sum() / total),
        *(get("covered"), get("covered") > 0.5, lines.gaps[:-1] - 1, lines.gaps[1:] - 1),
        *(np.full(count, (lines.gaps[1:-1] > 1).mean() if count > 1 else 0),),
    )
    edges = (_ONE_OF_CLASSES.take(get(edge).astype(np.intp), axis=0) for edge in ("first", "end"))
    return np.concatenate((np.array(columns, np.float32).T, np.sqrt(share) * 2, *edges), axis=1)


def read_lines(net: Net, lines: Lines, inputs: Floats) -> tuple[Floats, Floats, float]:
    """Log-odds a line, columns EDITOR and REFERENCE; its score for each kind; the share 0-1 of known grams."""
    w = net.layers
    count = len(inputs)
    words, known_ratio = _word_vectors(net, lines)
    h = np.empty((count, len(w["inp.bias"])), np.float32)
    for part in _parts(count):
        length = np.sqrt((words[part] ** 2).sum(axis=1, keepdims=True))
        seen = np.concatenate([inputs[part], words[part], length], axis=1)
        h[part] = _relu(seen @ w["inp.weight"] + w["inp.bias"])
    sums = np.cumsum(h, axis=0)
    order = np.arange(1, count + 1, dtype=np.float32)[:, None]
    page = (sums[-1:] / count) @ w["page.weight"]
    for part in _parts(count):
        before = (sums[part] - h[part]) / np.maximum(order[part] - 1, 1)
        after = (sums[-1] - sums[part]) / np.maximum(count - order[part], 1)
        around = page + before @ w["pre.weight"] + after @ w["post.weight"]
        h[part] += _relu(around + h[part] @ w["mid.weight"] + w["mid.bias"])
    for number, reach in enumerate(DILATIONS):
        beside = moved(h, (-reach, 0, reach), 0)
        for part in _parts(count):
            seen = np.concatenate([rows[part] for rows in beside], axis=1)
            h[part] += _relu(seen @ w[f"convs.{number}.weight"] + w[f"convs.{number}.bias"])
    return h @ w["out.weight"] + w["out.bias"], h @ w["kind.weight"] + w["kind.bias"], known_ratio


def _word_vectors(net: Net, lines: Lines) -> tuple[Floats, float]:
    """The sum of the vectors of each line's known grams, over the root of their number; the share of known grams."""
    count = len(lines.counts)
    out = np.zeros((count, net.vectors.shape[1]), np.float32)
    ends = lines.counts.cumsum()
    known_count = 0
    for part in _parts(count):
        grams = lines.grams[ends[part.start] - lines.counts[part.start] : ends[part.stop - 1]]
        at, is_known = net.table.find(grams)
        line = np.repeat(np.arange(part.stop - part.start), lines.counts[part])[is_known]
        if not len(line):
            continue
        known_count += len(line)
        per_line = np.bincount(line, minlength=part.stop - part.start)
        has_known = per_line > 0
        counts = per_line[has_known]
        sums = np.add.reduceat(net.vectors.take(at[is_known], axis=0), counts.cumsum() - counts, axis=0)
        out[part][has_known] = sums / np.sqrt(counts)[:, None]
    return out, known_count / max(len(lines.grams), 1)


def _parts(count: int) -> Iterator[slice]:
    """The rows of a long page, some at a time: what is made of them on the way stays small, and near the processor."""
    for start in range(0, count, _ROWS_AT_ONCE):
        yield slice(start, min(start + _ROWS_AT_ONCE, count))


def _relu(values: Floats) -> Floats:
    return np.maximum(values, 0, out=values)
