"""What the block model looks at: each block of a page as a row of numbers, and the hashes of its words and names.

A row holds what the text is like (transforms/line_features.py, as for the line model), the tag and what it stands in,
links and stress, the share of the page's prose in the elements around it, and how much of the title it repeats.
Nothing here names a page, a site, a topic or a language.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from transforms.blocks import Blocks
from transforms.element_names import PLACES
from transforms.line_chars import Hashes, hashes_of
from transforms.line_features import Floats, Lines, Numbers, measure_lines
from transforms.line_net import line_inputs
from transforms.page import Page

NEAR, TOP = 4, 2  # elements around a block that are looked at: the nearest that hold more, the outermost
RANGES = NEAR + TOP + 4  # and what stands before it, after it, the whole page, the last heading
PROSE_WORDS = 12  # a block of so many words, most of them no links, is prose
_LINKED = 0.5
TAGS = tuple(
    "p div li h1 h2 h3 h4 h5 h6 td th tr dt dd pre blockquote body noscript figcaption section article header footer "  # noqa: SIM905
    "aside nav main form button other".split()
)
_TAG_NUMBER = {tag: number for number, tag in enumerate(TAGS)}


@dataclass(frozen=True, slots=True)
class Measured:
    """The blocks of a page, measured.

    `inputs` has a row a block. `lines` are the blocks as the line model measures lines. `first` and `end` are the
    RANGES of blocks that each block is seen in the light of. `element` is the number of each block's element;
    `names` are the hashes of names, element after element and then block after block, `name_counts` of them each;
    `parents` and `last` are those of the elements.
    """

    inputs: Floats
    lines: Lines
    first: Numbers
    end: Numbers
    element: Numbers
    names: Hashes
    name_counts: Numbers
    parents: Numbers
    last: Numbers


def measure_blocks(found: Blocks, title: str) -> Measured:
    """Measure the blocks of a page that has any; `title` is what its head says."""
    blocks, elements = found.blocks, found.elements
    lines = measure_lines(Page("\n".join([block.text.replace("\n", " ") for block in blocks])), np.zeros(len(blocks)))
    element = np.array([block.element for block in blocks], np.intp)
    parents = np.array([one.parent for one in elements], np.intp)
    around = _around(found, element, parents)
    names = [one.names for one in elements] + [block.names for block in blocks]
    first, end = _ranges(found, element, around)
    return Measured(
        np.column_stack([line_inputs(lines), _page_inputs(found, lines, element, around, title)]).astype(np.float32),
        lines,
        first,
        end,
        element,
        np.array([name for several in names for name in several], np.uint64),
        np.fromiter(map(len, names), np.intp, len(names)),
        parents,
        found.last,
    )


def _around(found: Blocks, element: Numbers, parents: Numbers) -> Numbers:
    """For each block the NEAR + TOP elements around it, nearest first; then the outermost, outside first."""
    first, end = found.first.tolist(), found.end.tolist()
    above, depth = [-1] * len(first), [0] * len(first)
    tops = [[0] * len(first) for _ in range(TOP)]
    for number, parent in enumerate(parents.tolist()):
        if parent < 0:
            continue
        is_same = first[parent] == first[number] and end[parent] == end[number]
        above[number] = above[parent] if is_same else parent
        depth[number] = depth[parent] if is_same else depth[parent] + 1
        for level, top in enumerate(tops, 1):
            top[number] = top[parent] if is_same or depth[number] > level else number
    wider = np.array(above, np.intp)
    wider = np.where(wider < 0, np.arange(len(wider)), wider)
    near = np.where(found.end[element] - found.first[element] > 1, element, wider[element])
    levels = [near]
    for _ in range(NEAR - 1):
        levels.append(wider[levels[-1]])
    levels += [np.array(top, np.intp)[element] for top in tops]
    return np.column_stack(levels)


def _ranges(found: Blocks, element: Numbers, around: Numbers) -> tuple[Numbers, Numbers]:
    """Half-open ranges of blocks, a row a block, as RANGES counts them; an empty one where there is nothing."""
    number = np.arange(len(element))
    places = np.array([one.places for one in found.elements], np.int64)[element]
    is_heading = (places >> PLACES.index("heading") & 1).astype(np.bool_)
    heading = np.maximum.accumulate(np.where(is_heading, number, 0))
    none, all_of = np.zeros_like(number), np.full_like(number, len(number))
    first = [found.first[around], none, number + 1, none, heading]
    end = [found.end[around], number, all_of, all_of, heading + 1]
    return np.column_stack(first), np.column_stack(end)


def _page_inputs(found: Blocks, lines: Lines, element: Numbers, around: Numbers, title: str) -> Floats:
    blocks = found.blocks
    count = len(blocks)
    chars = np.maximum(lines.column("chars"), 1).astype(np.float64)
    words = lines.column("words")
    linked = np.minimum(np.array([block.link_chars for block in blocks]) / chars, 1)
    stressed = np.minimum(np.array([block.stress_chars for block in blocks]) / chars, 1)
    links = np.array([block.links for block in blocks], np.float64)
    media = np.array([block.after_media for block in blocks], np.float64)
    fields = np.array([block.after_input for block in blocks], np.float64)
    cells = np.array([block.cells for block in blocks], np.float64)
    tags = np.array([_TAG_NUMBER.get(one.tag, len(TAGS) - 1) for one in found.elements], np.intp)
    places = np.array([one.places for one in found.elements], np.int64)
    depth = np.array(_depths([one.parent for one in found.elements]), np.float64)
    tag, place = tags[element], places[element]
    is_prose = (words >= PROSE_WORDS) & (linked < _LINKED)
    prose = np.where(is_prose, chars, 0)
    in_title, of_title = _title_shares(lines, title)
    headings = np.flatnonzero((tag >= TAGS.index("h1")) & (tag <= TAGS.index("h6")))
    is_h1 = np.cumsum(tag == TAGS.index("h1"))
    since_heading = np.arange(count) - np.maximum.accumulate(
        np.where(np.isin(np.arange(count), headings), np.arange(count), -1)
    )
    columns = [
        *(linked, linked > 0.9, stressed, stressed > 0.9, np.log1p(links), links / np.maximum(words, 1)),
        *(media, np.append(media[1:], 0), fields, np.append(fields[1:], 0), cells > 0, np.log1p(cells)),
        *(np.log1p(depth[element]) - 2, is_prose, in_title, of_title, np.cumsum(of_title > 0.7) > 0),
        *(is_h1 > 0, np.log1p(np.maximum(is_h1 - 1, 0)), np.log1p(since_heading)),
        np.eye(len(TAGS))[tag],
        (place[:, None] >> np.arange(len(PLACES))) & 1,
    ]
    columns += _repeats(lines)
    alike = _alike(found)
    columns += [alike[element], *(alike[around[:, level]] for level in range(NEAR))]
    total, page_prose = _sums(chars), _sums(prose)
    total_linked, proses = _sums(chars * linked), _sums(is_prose)
    for level in range(around.shape[1]):
        first, end = found.first[around[:, level]], found.end[around[:, level]]
        size = total[end] - total[first]
        inside = page_prose[end] - page_prose[first]
        columns += [
            *(np.log1p(end - first) / 3 - 1, np.log1p(size) / 4 - 1.5, inside / max(page_prose[-1], 1), inside / size),
            *((total_linked[end] - total_linked[first]) / size, size / total[-1]),
            *(np.log1p(proses[end] - proses[first]) / 2, (np.arange(count) - first) / np.maximum(end - first - 1, 1)),
        ]
    for share in (0.4, 0.8):
        begin, stop = _holder(found, page_prose, share)
        number = np.arange(count)
        columns += [(number >= begin) & (number < stop), number < begin, number >= stop]
    return np.column_stack(columns).astype(np.float32)


def _alike(found: Blocks) -> NDArray[np.float64]:
    """The logarithm of how many elements of the same parent have the same tag and names: cards, posts, rows."""
    keys = [(one.parent, one.tag, one.names) for one in found.elements]
    counts = Counter(keys)
    return np.log([counts[key] for key in keys])


def _repeats(lines: Lines) -> list[NDArray[np.float64]]:
    """Share of each block's words and pairs that earlier blocks have, and that later ones have."""
    count = len(lines.counts)
    line = np.repeat(np.arange(count), lines.counts)
    order = np.argsort(lines.grams, kind="stable")
    grams, owner = lines.grams[order], line[order]
    begins = np.flatnonzero(np.concatenate(([True], grams[1:] != grams[:-1]))) if len(grams) else np.zeros(0, np.intp)
    sizes = np.diff(begins, append=len(grams))
    earliest = np.repeat(owner[begins], sizes)
    latest = np.repeat(owner[begins + sizes - 1] if len(grams) else owner, sizes)
    some = np.maximum(lines.counts, 1)
    return [np.bincount(owner[hit], minlength=count) / some for hit in (earliest < owner, latest > owner)]


def _sums(values: NDArray[np.generic]) -> NDArray[np.float64]:
    return np.concatenate(([0.0], np.cumsum(values, dtype=np.float64)))


def _depths(parents: list[int]) -> list[int]:
    depths: list[int] = []
    for parent in parents:
        depths.append(depths[parent] + 1 if parent >= 0 else 0)
    return depths


def _holder(found: Blocks, prose: NDArray[np.float64], share: float) -> tuple[int, int]:
    """The range of the smallest element that holds `share` of the page's prose, or of all blocks."""
    inside = prose[found.end] - prose[found.first]
    size = np.where(inside >= share * max(prose[-1], 1), found.end - found.first, len(found.blocks) + 1)
    smallest = int(size.argmin())
    if size[smallest] > len(found.blocks):
        return 0, len(found.blocks)
    return int(found.first[smallest]), int(found.end[smallest])


def _title_shares(lines: Lines, title: str) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Share of each block's words that the title has, and of the title's words that the block has."""
    known = hashes_of(title.split())
    count = len(lines.counts)
    if not len(known):
        return np.zeros(count), np.zeros(count)
    line = np.repeat(np.arange(count), lines.counts)
    hit = np.isin(lines.grams, known)
    shared = np.bincount(line[hit], minlength=count)
    return (
        np.minimum(shared / np.maximum(lines.column("words"), 1), 1),
        np.minimum(shared / len(known), 1),
    )
