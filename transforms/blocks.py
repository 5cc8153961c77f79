"""A page cut into its blocks of text, each with what the page's tree says of it: the block model looks at these.

One walk over the parsed tree, which is not changed. A block is the text of one block-level element, or of a part of it
that a line break or another block bounds; white space is as a browser shows it. Of the elements that hold blocks, it
keeps the tag, what they stand in (article, nav, figure ...), the words of their class, id and the like as hashes, and
the range of their blocks. Linear in the page, and without recursion: pages nest deeply.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from lxml import etree
from lxml.html import HtmlElement
from numpy.typing import NDArray

from transforms.element_names import NAME_CHARS, facts_of, hashed, link_names, page_names

Numbers = NDArray[np.intp]

_BLOCKS = frozenset(
    "address article aside blockquote body button caption center dd details dialog dir div dl dt fieldset figcaption "  # noqa: SIM905
    "figure footer form frameset h1 h2 h3 h4 h5 h6 header hgroup html label legend li main menu nav noscript ol p pre "
    "section summary table tbody td tfoot th thead tr ul xmp listing".split()
)
_UNSEEN = frozenset(
    "script style template svg select option datalist textarea iframe object embed video audio canvas "  # noqa: SIM905
    "title meta link map applet frame noframes progress meter rp rt annotation annotation-xml".split()
)
_IMAGES = frozenset(("img", "picture"))
_MEDIA = frozenset("img picture video iframe svg audio object embed".split())  # noqa: SIM905
_STRESS = frozenset("b strong em i u small cite mark".split())  # noqa: SIM905
_RAW = frozenset(("pre", "xmp", "listing"))
_INVISIBLE = str.maketrans("", "", "\xad\ufeff")
_BLOCK_NAMES = 16  # words of the names inside one block
_LINKS_READ = 3  # whose addresses give words, a block
_ROW_CHARS = 600  # a table row of at most so many, and one block a cell, is one block


class Element(NamedTuple):
    """An element that may hold blocks. `blocks` is the half-open range of its blocks, `parent` a number or -1."""

    tag: str
    parent: int
    places: int  # bits of PLACES, with those of all around it
    names: tuple[int, ...]  # hashes of the words of class, id, role, itemprop ...


class Block(NamedTuple):
    """One piece of text; `element` holds it. Characters of links and of stressed text count without white space."""

    text: str
    element: int
    link_chars: int = 0
    stress_chars: int = 0
    links: int = 0
    after_media: bool = False
    after_input: bool = False
    names: tuple[int, ...] = ()
    cells: int = 0  # of a table row that is one block


@dataclass(frozen=True, slots=True)
class Blocks:
    """All blocks of a page in reading order, and the elements that hold them, parents first.

    `first` and `end` are the range of blocks of each element, `last` is the number after its last inner element.
    """

    blocks: tuple[Block, ...]
    elements: tuple[Element, ...]
    first: Numbers
    end: Numbers
    last: Numbers


@dataclass(slots=True)
class _Open:
    """The text gathered since the last block edge."""

    parts: list[str] = field(default_factory=list)
    names: list[int] = field(default_factory=list)
    link_chars: int = 0
    stress_chars: int = 0
    links: int = 0


def read_blocks(tree: HtmlElement) -> Blocks:
    """The blocks of a parsed page."""
    reader = _Reader()
    if tree.tag not in _BLOCKS:  # a scrap of a page: what it says needs an element to stand in
        reader.enter_scrap(tree)
    walk = etree.iterwalk(tree, events=("start", "end", "comment", "pi"))
    for event, node in walk:
        if event == "start":
            if not reader.enter(node):
                walk.skip_subtree()
        else:
            if event == "end":
                reader.leave(node)
            if node is not tree and node.tail:
                reader.add(node.tail)
    reader.close()
    if reader.elements:
        root = reader.elements[0]
        reader.elements[0] = Element(root.tag, root.parent, root.places, root.names + page_names(tree))
    ranges = (np.array(numbers, np.intp) for numbers in (reader.first, reader.end, reader.last))
    return Blocks(tuple(reader.blocks), tuple(reader.elements), *ranges)


class _Reader:
    """The state of the walk."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.elements: list[Element] = []
        self.first: list[int] = []
        self.end: list[int] = []
        self.last: list[int] = []
        self._inside: list[int] = []  # numbers of the open elements
        self._open = _Open()
        self._in_link = self._in_stress = self._in_raw = 0
        self._after_media = self._after_input = False
        self._cells: list[int] = []

    def enter(self, node: HtmlElement) -> bool:
        """Whether to go on into an element."""
        tag = node.tag
        if tag in _UNSEEN:
            self._after_media |= tag in _MEDIA
            return False
        if tag in _BLOCKS or "-" in tag:
            self._begin(tag, node)
        elif tag == "br":
            self._break()
        elif tag == "a":
            self._begin_link(node)
        elif tag in _STRESS:
            self._in_stress += 1
        elif tag in _IMAGES or tag == "input":
            self._after_media |= tag in _IMAGES
            self._after_input |= tag == "input" and node.get("type") != "hidden"
        elif len(self._open.names) < _BLOCK_NAMES:
            self._open.names += hashed(tag, "tag=") + facts_of(node, tag)[1]
        if node.text:
            self.add(node.text)
        return True

    def _break(self) -> None:
        if self._in_raw:
            self._open.parts.append("\n")
        else:
            self._flush()

    def _begin_link(self, node: HtmlElement) -> None:
        self._in_link += 1
        self._open.links += 1
        self._open.names += facts_of(node, "a")[1]
        if self._open.links <= _LINKS_READ:
            self._open.names += link_names((node.get("href") or "")[:NAME_CHARS])

    def leave(self, node: HtmlElement) -> None:
        tag = node.tag
        if tag in _UNSEEN:
            return
        if tag in _BLOCKS or "-" in tag:
            self._finish(tag)
        elif tag == "a":
            self._in_link -= 1
        elif tag in _STRESS:
            self._in_stress -= 1

    def add(self, text: str) -> None:
        self._open.parts.append(text)
        if self._in_link or self._in_stress:
            chars = sum(map(len, text.split()))
            self._open.link_chars += chars if self._in_link else 0
            self._open.stress_chars += chars if self._in_stress else 0

    def enter_scrap(self, root: HtmlElement) -> None:
        """Open an element around a root that is none of those that hold blocks."""
        self._begin("body", root)

    def close(self) -> None:
        self._flush()
        while self._inside:
            self._finish("body")

    def _begin(self, tag: str, node: HtmlElement) -> None:
        self._flush()
        parent = self._inside[-1] if self._inside else -1
        places = self.elements[parent].places if self._inside else 0
        self._inside.append(len(self.elements))
        own, names = facts_of(node, tag)
        self.elements.append(Element(tag, parent, places | own, names))
        self.first.append(len(self.blocks))
        self.end.append(len(self.blocks))
        self.last.append(len(self.elements))
        if tag in _RAW:
            self._in_raw += 1
        elif tag == "tr":
            self._cells.append(0)
        elif tag in ("td", "th") and self._cells:
            self._cells[-1] += 1

    def _finish(self, tag: str) -> None:
        self._flush()
        number = self._inside.pop()
        if tag in _RAW:
            self._in_raw -= 1
        elif tag == "tr":
            self._join_row(number, self._cells.pop())
        self.end[number] = len(self.blocks)
        self.last[number] = len(self.elements)

    def _join_row(self, number: int, cells: int) -> None:
        """Make one block of a row of data: at most one block a cell, and short."""
        row = self.blocks[self.first[number] :]
        if not 2 <= len(row) <= cells or sum(len(block.text) for block in row) > _ROW_CHARS:
            return
        del self.blocks[self.first[number] :]
        for kept in (self.elements, self.first, self.end, self.last):
            del kept[number + 1 :]
        self.blocks.append(
            Block(
                " | ".join(block.text for block in row),
                number,
                sum(block.link_chars for block in row),
                sum(block.stress_chars for block in row),
                sum(block.links for block in row),
                row[0].after_media,
                row[0].after_input,
                tuple(name for block in row for name in block.names)[:_BLOCK_NAMES],
                cells,
            )
        )

    def _flush(self) -> None:
        """End the block that is open, if it has any text."""
        found = self._open
        if not found.parts and not found.names:
            return
        self._open = _Open()
        raw = "".join(found.parts)
        if not raw or raw.isspace():
            return
        if not raw.isascii():
            raw = raw.translate(_INVISIBLE)
        text = raw.strip("\n").rstrip() if self._in_raw else " ".join(raw.split())
        if text.strip():
            self.blocks.append(
                Block(
                    text,
                    self._inside[-1] if self._inside else 0,
                    found.link_chars,
                    found.stress_chars,
                    found.links,
                    self._after_media,
                    self._after_input,
                    tuple(found.names[:_BLOCK_NAMES]),
                )
            )
            self._after_media = self._after_input = False
