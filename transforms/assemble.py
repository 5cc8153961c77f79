"""From chosen blocks to the text of a document: a line each, in the order of the page.

The layout is that of trafilatura's text, which the cleaning knows: list items begin with "- ", rows of a table are
"| a | b |", code stays as it is.
"""

from __future__ import annotations

from collections.abc import Sequence

from transforms.blocks import Block, Blocks

_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_SHOWN_CHARS = 40  # a shorter text may stand twice on a page for good reason
_GIANT_CHARS, _GIANT_SHARE = 800, 0.25  # such a text, of all that was chosen, may be the others again ...
_AGAIN_SHARE = 0.6  # ... when so much of it, in pieces of _PIECE characters, stands elsewhere
_PIECE = 16


def assemble(found: Blocks, chosen: Sequence[int]) -> tuple[str, tuple[str, ...]]:
    """The text of the chosen blocks, given by ascending number, and its headings. A long text that comes again
    (for phones and for desks) is taken once."""
    lines: list[str] = []
    headings: list[str] = []
    seen: set[str] = set()
    marked = -1  # the list item whose first block has its mark
    whole = _whole_again([found.blocks[number].text for number in chosen])
    for number in chosen:
        block = found.blocks[number]
        if block.text in whole:
            continue
        if len(block.text) >= _SHOWN_CHARS:
            if block.text in seen:
                continue
            seen.add(block.text)
        item, is_heading = _stands_in(found, block)
        if block.cells:
            lines.append(f"| {block.text} |")
        elif item >= 0 and item != marked and not is_heading:
            lines.append(f"- {block.text}")
        else:
            lines.append(block.text)
        marked = item
        if is_heading:
            headings.append(block.text)
    return "\n".join(lines), tuple(headings)


def _whole_again(texts: list[str]) -> frozenset[str]:
    """Texts that are the others again in one piece: pages carry the article a second time for scripts to read."""
    total = sum(map(len, set(texts)))
    giants = {text for text in texts if len(text) >= max(_GIANT_CHARS, _GIANT_SHARE * total)}
    if not giants:
        return frozenset()
    pieces = {text[at : at + _PIECE] for text in texts if text not in giants for at in _starts(text)}
    return frozenset(giant for giant in giants if _found_in(giant, pieces) >= _AGAIN_SHARE * len(giant))


def _starts(text: str) -> range:
    """Where the pieces of a text begin that are whole."""
    return range(0, len(text) - _PIECE + 1, _PIECE)


def _found_in(giant: str, pieces: set[str]) -> int:
    """How many characters of a text the pieces cover: linear, since all pieces are of one length."""
    at = covered = 0
    while at + _PIECE <= len(giant):
        is_piece = giant[at : at + _PIECE] in pieces
        covered += _PIECE if is_piece else 0
        at += _PIECE if is_piece else 1
    return covered


def _stands_in(found: Blocks, block: Block) -> tuple[int, bool]:
    """The list item that holds a block, or -1, and whether the block is a heading; looks a few elements up."""
    number, is_heading = block.element, False
    for _ in range(3):
        if number < 0:
            break
        tag = found.elements[number].tag
        if tag in _HEADINGS:
            is_heading = True
        if tag == "li":
            return number, is_heading
        number = found.elements[number].parent
    return -1, is_heading
