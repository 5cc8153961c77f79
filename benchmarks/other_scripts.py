"""Pages as they would look in a language that no word is known of: for training and for measuring, never for reading.

Each letter becomes another, the same everywhere: of the Latin script (another language), of a script without capitals
(as Arabic or Hindi), or a word becomes ideographs without spaces (as Chinese or Japanese). Mark-up stays as it is.
"""

from __future__ import annotations

import re
import zlib
from dataclasses import replace

from transforms.blocks import Block, Blocks

SCRIPTS = ("latin", "caseless", "wide")
_FROM = "abcdefghijklmnopqrstuvwxyz"
_LATIN = "ezcdifghokjlmnupqrstyvwxab"
_CASELESS = "ابتثجحخدذرزسشصضطظعغفقكلمنه"
_MAPS = {
    "latin": str.maketrans(_FROM + _FROM.upper(), _LATIN + _LATIN.upper()),
    "caseless": str.maketrans(_FROM + _FROM.upper(), _CASELESS * 2),
}
_WORD = re.compile(r"[^\W\d_]+")
_STOPS = str.maketrans({".": "。", ",": "，", "?": "？", "!": "！", ":": "："})
_SPACE = re.compile(r"(?<=[\u3400-\u9fff。，？！：]) (?=[\u3400-\u9fff])")


def in_script(text: str, script: str) -> str:
    """A text as it would look in another script."""
    if script != "wide":
        return text.translate(_MAPS[script])
    return _SPACE.sub("", _WORD.sub(_ideographs, text.translate(_STOPS)))


def _ideographs(word: re.Match[str]) -> str:
    value = zlib.crc32(word.group().lower().encode())
    return "".join(chr(0x4E00 + (value >> (5 * n)) % 4000) for n in range((len(word.group()) + 3) // 4))


def blocks_in_script(found: Blocks, script: str) -> Blocks:
    """The blocks of a page as they would look in another script."""
    return replace(found, blocks=tuple(_swapped(block, script) for block in found.blocks))


def _swapped(block: Block, script: str) -> Block:
    text = in_script(block.text, script)
    scale = len(text) / len(block.text)
    return block._replace(
        text=text, link_chars=round(block.link_chars * scale), stress_chars=round(block.stress_chars * scale)
    )
