"""A page cut into its blocks of text, each with what the page's tree says of it: the block model looks at these.

One walk over the parsed tree, which is not changed. A block is the text of one block-level element, or of a part of it
that a line break or another block bounds; white space is as a browser shows it. Of the elements that hold blocks, it
keeps the tag, what they stand in (article, nav, figure ...), the words of their class, id and the like as hashes, and
the range of their blocks. Linear in the page, and without recursion: pages nest deeply.
"""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
from lxml import etree
from lxml.html import HtmlElement
from numpy.typing import NDArray

Numbers = NDArray[np.intp]

# What an element may stand in; the bit of each is its place here.
PLACES = (
    *("article", "main", "section", "nav", "header", "footer", "aside", "form", "figure", "figcaption", "table", "list"),
    *("dl", "blockquote", "pre", "button", "label", "hidden", "dialog", "address", "details", "body-prop", "heading", "noscript"),
)
_BIT = {name: 1 << number for number, name in enumerate(PLACES)}
_TAG_PLACE = {
    **{name: _BIT[name] for name in PLACES},
    **{"ul": _BIT["list"], "ol": _BIT["list"], "menu": _BIT["list"], "legend": _BIT["label"], "summary": _BIT["details"]},
    **{f"h{level}": _BIT["heading"] for level in range(1, 7)},
}
_ROLE_PLACE = {
    **{"navigation": _BIT["nav"], "menu": _BIT["nav"], "menubar": _BIT["nav"], "complementary": _BIT["aside"]},
    **{"contentinfo": _BIT["footer"], "banner": _BIT["header"], "main": _BIT["main"], "article": _BIT["article"]},
    **{"dialog": _BIT["dialog"], "alertdialog": _BIT["dialog"], "button": _BIT["button"], "search": _BIT["form"]},
    **{"heading": _BIT["heading"], "list": _BIT["list"], "table": _BIT["table"], "form": _BIT["form"]},
}
TAGS = (
    *("p", "div", "li", "h1", "h2", "h3", "h4", "h5", "h6", "td", "th", "tr", "dt", "dd", "pre", "blockquote", "body"),
    *("noscript", "figcaption", "section", "article", "header", "footer", "aside", "nav", "main", "form", "button", "other"),
)
_BLOCKS = frozenset(
    "address article aside blockquote body button caption center dd details dialog dir div dl dt fieldset figcaption "  # noqa: SIM905
    "figure footer form frameset h1 h2 h3 h4 h5 h6 header hgroup html label legend li main menu nav noscript ol p pre section "
    "summary table tbody td tfoot th thead tr ul xmp listing".split()
)
_UNSEEN = frozenset(
    "script style template svg select option datalist textarea iframe object embed video audio canvas head "  # noqa: SIM905
    "title meta link map applet frame noframes progress meter rp rt annotation annotation-xml".split()
)
_MEDIA = frozenset("img picture video iframe svg audio object embed".split())  # noqa: SIM905
_STRESS = frozenset("b strong em i u small cite mark".split())  # noqa: SIM905
_RAW = frozenset(("pre", "xmp", "listing"))
# Attributes whose words name an element, and what their hashes are marked with.
_NAMING = {"class": "", "id": "", "role": "role=", "itemprop": "prop=", "rel": "rel="}
_NAMING |= {"data-testid": "", "data-component": "", "itemtype": ""}
_SAYING = {"og:type": "og=", "generator": "made="}
_DATA_TYPE = re.compile(r'"@type"\s{0,4}:\s{0,4}"(\w{1,40})"')
_DATA_CHARS = 100_000
_PAGE_NAMES = 40
_BODY_PROPS = frozenset(("articleBody", "text", "description", "reviewBody"))
_INVISIBLE = str.maketrans("", "", "\xad\ufeff")
_HIDDEN_STYLE = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)
_NAME = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")
_NAME_CHARS, _NAME_WORDS = 200, 12  # of one attribute
_BLOCK_NAMES = 16  # words of the names inside one block
_LINKS_READ = 3  # whose addresses give words, a block
_ROW_CHARS = 600  # a table row of at most so many, and one block a cell, is one block


@dataclass(frozen=True, slots=True)
class Element:
    """An element that may hold blocks. `blocks` is the half-open range of its blocks, `parent` a number or -1."""

    tag: str
    parent: int
    places: int  # bits of PLACES, with those of all around it
    names: tuple[int, ...]  # hashes of the words of class, id, role, itemprop ...


@dataclass(frozen=True, slots=True)
class Block:
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
        reader.elements[0] = Element(root.tag, root.parent, root.places, root.names + _page_names(tree))
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
            self._after_media = self._after_media or tag in _MEDIA
            return False
        if tag in _BLOCKS or "-" in tag:
            self._begin(tag, node)
        elif tag == "br":
            if self._in_raw:
                self._open.parts.append("\n")
            else:
                self._flush()
        elif tag == "a":
            self._in_link += 1
            self._open.links += 1
            self._open.names += _facts_of(node, tag)[1]
            if self._open.links <= _LINKS_READ:
                self._open.names += _link_names(node.get("href") or "")
        elif tag in _STRESS:
            self._in_stress += 1
        elif tag in _MEDIA:
            self._after_media = True
        elif tag == "input":
            self._after_input = self._after_input or node.get("type") != "hidden"
        elif len(self._open.names) < _BLOCK_NAMES:
            self._open.names += _hashed(tag, "tag=") + _facts_of(node, tag)[1]
        if node.text:
            self.add(node.text)
        return True

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

    def close(self) -> None:
        self._flush()

    def _begin(self, tag: str, node: HtmlElement) -> None:
        self._flush()
        parent = self._inside[-1] if self._inside else -1
        places = self.elements[parent].places if self._inside else 0
        self._inside.append(len(self.elements))
        own, names = _facts_of(node, tag)
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


def _facts_of(node: HtmlElement, tag: str) -> tuple[int, tuple[int, ...]]:
    """What an element is a place of, as bits; and the hashes of the words that name it."""
    places = _TAG_PLACE.get(tag, 0)
    names: tuple[int, ...] = ()
    for attribute, value in node.items():
        if (mark := _NAMING.get(attribute)) is not None:
            names += _hashed(value[:_NAME_CHARS], mark)
        if attribute == "role":
            places |= _ROLE_PLACE.get(value.lower(), 0)
        elif attribute == "itemprop":
            places |= _BIT["body-prop"] if value in _BODY_PROPS else 0
        elif attribute == "hidden" or (attribute == "aria-hidden" and value == "true"):
            places |= _BIT["hidden"]
        elif attribute == "style" and _HIDDEN_STYLE.search(value):
            places |= _BIT["hidden"]
    return places, names


def _page_names(tree: HtmlElement) -> tuple[int, ...]:
    """Hashes of what a page says it is: the types of its data and of its previews, and what made it."""
    found: tuple[int, ...] = ()
    for script in tree.iter("script"):
        if script.get("type") == "application/ld+json" and script.text:
            types = dict.fromkeys(_DATA_TYPE.findall(script.text[:_DATA_CHARS]))
            found += tuple(name for kind in list(types)[:_NAME_WORDS] for name in _hashed(kind, "data=")[:1])
    for meta in tree.iter("meta"):
        mark = _SAYING.get(meta.get("property") or meta.get("name") or "")
        if mark and (content := meta.get("content")):
            found += _hashed(content[:_NAME_CHARS], mark)[:2]
    return found[:_PAGE_NAMES]


@lru_cache(maxsize=1 << 14)
def _hashed(value: str, mark: str) -> tuple[int, ...]:
    words = {f"{mark}{word.lower()}": None for part in value.split() for word in (part, *_NAME.findall(part))}
    return tuple(zlib.crc32(word.encode("utf-8", "surrogatepass")) for word in list(words)[:_NAME_WORDS])


@lru_cache(maxsize=1 << 12)
def _link_names(address: str) -> tuple[int, ...]:
    """Hashes of what an address is about: the words of its host and of the beginning of its path."""
    if address.startswith("#"):
        return _hashed("#", "href=")
    scheme, slashes, rest = address[:_NAME_CHARS].partition("//")
    if not slashes:
        return _hashed(scheme.partition("?")[0].replace("/", " ").replace(":", " "), "href=")[:4]
    host, _, path = rest.partition("/")
    return _hashed(f"http {host.replace('.', ' ')} {path.partition('?')[0].partition('/')[0]}", "href=")
