"""What the line model looks at: each line of a page as a row of numbers.

A row holds what the line itself is like (length, punctuation, case, digits, stop words, the weight of its words), where
it stands, what the page is like, and the same for its neighbours. Nothing here names a page, a site or a topic.
A page whose words the model does not know is measured without them, so that shape and place alone decide there.
Cost is linear in the text: a line is looked at once, and only its first and last characters where it is long.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from transforms.page import Line, Page
from transforms.words import ENGLISH_STOP_WORDS

Floats = NDArray[np.float32]

HEAD_CHARS, TAIL_CHARS = 300, 100  # a longer line is prose, which its first sentences show
KNOWN_FROM = 0.55  # share of a page's words that the model has weights for; English pages have 0.8 and more
PROSE_WORDS = 20  # a line of so many words that ends a sentence is prose

_WORD = re.compile(r"\w+")
_DIGIT = re.compile(r"[1-9]")
_WIDE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
_OTHER_STOP_WORDS = frozenset(
    "der die das und ist nicht ein eine den dem des mit von zu auf für sich im als auch es werden wird bei nach "  # noqa: SIM905
    "le la les un une et est dans pour que qui sur par avec du au aux pas plus ce se sont il elle el los las una y en "
    "es por con para no del al lo su más como o os um uma e é da do em não com na dos se mais ao gli di che per sono "
    "è della il nel dei delle si anche het een van en op te zijn voor met niet aan er i w na z się nie do że jest od "
    "po и в не на что с по это как из у за от для но его к о".split()
)
_STOP_WORDS = frozenset(word.replace("'", "") for word in ENGLISH_STOP_WORDS) | _OTHER_STOP_WORDS | {"isn", "t", "s"}
_YOU = frozenset({"you", "your", "yours"})
_WE = frozenset({"we", "our", "us"})
_I = frozenset({"i", "my", "me"})
_ENDS = {".": 1, "。": 1, "!": 2, "！": 2, "?": 3, "？": 3, ":": 4, "：": 4, "…": 5, ",": 6, ";": 6}
_CLOSING = "\"'”’»)]」』 *_"
_MARKS = "-–—•*·►▶»→>|#"
_CODE = re.compile(r"[{}<>=;_\\/\[\]()`$]")
_PERSON = re.compile(r"^[A-Z][\w.'’-]+(?: [A-Z][\w.'’-]*){1,3}$")
_DATE = re.compile(r"\b(?:19|20)\d\d\b|\b\d{1,2}[/:.]\d{1,2}\b")

_OWN_NAMES = (
    "chars words word_chars end closed_quote you we i stop capitals upper digits commas stops quotes bars code "
    "marked url date money lower_start person repeats echoes in_first known words_sum words_mean words_top "
    "words_low"
)
_PLACE_NAMES = (
    "line_from_start line_from_end at chars_at prose_before prose_after prose_since prose_until "
    "prose_share_before gap_before gap_after run run_at run_left around_score around_prose around_chars"
)
_WHOLE_NAMES = "page_lines page_chars page_prose page_gaps page_known page_end page_marked page_score"
_BESIDE_NAMES = "chars words end stop capitals digits marked repeats words_sum words_mean date person commas"
OWN, _BESIDE = tuple(_OWN_NAMES.split()), tuple(_BESIDE_NAMES.split())
_REACH = (-3, -2, -1, 1, 2, 3)
NAMES = (*OWN, *_PLACE_NAMES.split(), *_WHOLE_NAMES.split(), *(f"{name}{by:+d}" for by in _REACH for name in _BESIDE))


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one line, lower case, numbers as zeros."""

    plain: list[str]
    grams: list[str]
    digits: int


def words_of_line(text: str) -> Words:
    """A line's words, and its grams: words, neighbouring pairs, and what it begins and ends with."""
    if len(text) > HEAD_CHARS + TAIL_CHARS:
        text = f"{text[:HEAD_CHARS]} {text[-TAIL_CHARS:]}"
    text = _DIGIT.sub("0", text.lower())
    plain = _WORD.findall(text)
    if not plain:
        return Words(plain, [text[:3]], 0)
    pairs = map(" ".join, pairwise(plain))
    return Words(plain, [*plain, *pairs, "^" + plain[0], plain[-1] + "$"], text.count("0"))


def measure_lines(
    page: Page, words: Sequence[Words], weights: Mapping[str, float], *, is_known: bool | None = None
) -> Floats:
    """One row a line, columns as in `NAMES`. `is_known` overrides the judgement whether the model knows the words."""
    lines = page.lines
    if not lines:
        return np.zeros((0, len(NAMES)), dtype=np.float32)
    get = weights.get
    hits = [[w for w in map(get, line.grams) if w is not None] for line in words]
    known = [sum(map(weights.__contains__, line.plain)) for line in words]
    page_known = _share(known, words)
    if not (page_known >= KNOWN_FROM if is_known is None else is_known):
        hits, known, page_known = [[] for _ in hits], [0] * len(known), 0.0
    repeats = Counter(line.text for line in lines)
    spread = dict(Counter(word for line in words if len(line.plain) >= PROSE_WORDS for word in set(line.plain)))
    first = {word for line in words[:2] for word in line.plain if len(word) > 3}
    own = np.array(
        [
            _own(line, said, hit, know, repeats, spread, first)
            for line, said, hit, know in zip(lines, words, hits, known, strict=True)
        ],
        dtype=np.float32,
    )
    return _with_place(page, own, page_known)


def is_known_page(words: Sequence[Words], weights: Mapping[str, float]) -> bool:
    """Whether the model has weights for enough of a page's words to judge by them."""
    return _share([sum(map(weights.__contains__, line.plain)) for line in words], words) >= KNOWN_FROM


def _share(known: Sequence[int], words: Sequence[Words]) -> float:
    return sum(known) / max(1, sum(len(line.plain) for line in words))


def _own(  # noqa: PLR0917 (called once a line: keywords would cost)
    line: Line,
    said: Words,
    hits: list[float],
    known: int,
    repeats: Counter[str],
    spread: dict[str, int],
    first: set[str],
) -> tuple[float, ...]:
    text = line.text if len(line.text) <= HEAD_CHARS else line.text[:HEAD_CHARS]
    plain = said.plain
    count = len(plain) or 1
    bare = line.text[-12:].rstrip(_CLOSING)
    content = [word for word in plain if len(word) > 3 and word not in _STOP_WORDS]
    of_content = len(content) or 1
    is_long = len(plain) >= PROSE_WORDS
    ascii_text = text.isascii()
    wide = 0 if ascii_text else len(_WIDE.findall(text))
    is_title = sum(map(str.istitle, text.split()[:40])) / min(count, 40)
    total = sum(hits)
    return (
        len(line.text),
        len(plain) + wide / 2,
        len(text) / count,
        _ENDS.get(bare[-1:], 0),
        line.text[-1] in '"”»',
        not _YOU.isdisjoint(plain),
        not _WE.isdisjoint(plain),
        not _I.isdisjoint(plain),
        sum(map(_STOP_WORDS.__contains__, plain)) / count,
        is_title,
        text.isupper(),
        said.digits / len(text),
        text.count(",") + text.count("，") + text.count("、"),
        text.count(". ") + text.count("? ") + text.count("! ") + text.count("。"),
        text.count('"') + text.count("“") + text.count("«"),
        text.count("|") + text.count("•") + text.count("·") + text.count("»") + text.count("›"),
        len(_CODE.findall(text)) / len(text),
        1 if text[0] in _MARKS else 2 if text[0].isdigit() else 0,
        "://" in text or "www." in text or "@" in text or ".com" in text,
        said.digits > 0 and _DATE.search(text) is not None,
        "$" in text or "€" in text or "£" in text or "%" in text,
        text[0].islower(),
        len(plain) <= 5 and _PERSON.match(text) is not None,
        repeats[line.text],
        sum([spread.get(word, 0) > is_long for word in content]) / of_content,
        sum(map(first.__contains__, content)) / of_content,
        known / count,
        total,
        total / (len(hits) or 1),
        max(hits, default=0.0),
        min(hits, default=0.0),
    )


def _with_place(page: Page, own: Floats, page_known: float) -> Floats:
    def column(name: str) -> Floats:
        return own[:, OWN.index(name)]

    count = len(own)
    number = np.arange(count)
    chars, words, end, score = column("chars"), column("words"), column("end"), column("words_mean")
    ends = (end >= 1) & (end <= 3)
    prose = (words >= PROSE_WORDS) & ends
    prose_chars = np.where(prose, chars, 0)
    before: NDArray[np.intp] = np.cumsum(prose) - prose
    since = number - np.maximum.accumulate(np.concatenate(([-50], np.where(prose, number, -50)[:-1])))
    until = np.minimum.accumulate(np.where(prose, number, count + 50)[::-1])[::-1]
    until = np.concatenate((until[1:], [count + 50])) - number
    starts = np.array([line.start for line in page.lines] + [len(page.text)])
    stops = np.array([0] + [line.end for line in page.lines])
    gaps = np.minimum(starts - stops, 4)
    is_break = (words >= 12) & ends
    block = np.cumsum(is_break)
    first_of = np.searchsorted(block, block, side="left")
    after = np.searchsorted(block, block, side="right")
    place = (
        np.minimum(number, 60),
        np.minimum(count - 1 - number, 60),
        number / count,
        (np.cumsum(chars) - chars) / chars.sum(),
        np.minimum(before, 30),
        np.minimum(prose.sum() - before - prose, 30),
        np.minimum(since, 50),
        np.minimum(until, 50),
        (np.cumsum(prose_chars) - prose_chars) / max(1, prose_chars.sum()),
        gaps[:-1],
        gaps[1:],
        np.minimum(after - first_of, 60),
        np.minimum(number - first_of, 40),
        np.minimum(after - number, 40),
        _around(np.clip(score, -4, 4), 4),
        _around(prose, 5),
        _around(np.minimum(chars, 300), 4),
    )
    whole = (
        min(count, 400),
        min(chars.sum(), 40_000),
        prose_chars.sum() / chars.sum(),
        (gaps > 1).mean(),
        page_known,
        ends.mean(),
        (column("marked") == 1).mean(),
        score.mean(),
    )
    beside = own[:, [OWN.index(name) for name in _BESIDE]]
    return np.column_stack(
        [own, *place, np.broadcast_to(np.array(whole), (count, len(whole))), *(shifted(beside, by) for by in _REACH)]
    ).astype(np.float32)


def shifted(rows: Floats, by: int) -> Floats:
    """Row i holds row i + by; -9 stands for lines before the first and after the last."""
    out = np.full_like(rows, -9)
    if by < 0:
        out[-by:] = rows[:by]
    else:
        out[: max(0, len(rows) - by)] = rows[by:]
    return out


def _around(values: NDArray[np.generic], reach: int) -> Floats:
    """Mean over a window of `reach` lines to both sides, the line itself left out."""
    total = np.concatenate(([0.0], np.cumsum(values, dtype=np.float64)))
    number = np.arange(len(values))
    low, high = np.maximum(number - reach, 0), np.minimum(number + reach + 1, len(values))
    means: NDArray[np.float64] = (total[high] - total[low] - values) / np.maximum(high - low - 1, 1)
    return means.astype(np.float32)


def near(margins: NDArray[np.float64]) -> Floats:
    """What the second trees know beside a line's own row: the log-odds from the first, of the line and around it."""
    rows = np.asarray(margins, dtype=np.float32)[:, None]
    odds = 1 / (1 + np.exp(-rows[:, 0]))
    beside = [shifted(rows, by) for by in (-4, -3, -2, -1, 1, 2, 3, 4)]
    around = (_around(odds, 3), _around(odds, 8), _around(rows[:, 0], 5), np.full(len(rows), odds.mean()))
    return np.column_stack([rows, *beside, *around, _around(np.maximum(odds - 0.5, 0), 5)]).astype(np.float32)
