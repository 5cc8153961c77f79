"""What the line model looks at: each line of a page as a row of numbers, and the hashes of its words.

A row holds what the line itself is like (length, kinds of characters, case, stop words, repetition), how much of it the
rules have taken, where it stands, and what the page is like. Nothing here names a page, a site or a topic.
Cost is linear in the text: a line is looked at once, and only its first and last characters where it is long.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from transforms.line_chars import CLASS, CLASSES, Hashes, HashTable, classes_of, hashes_of, mixed, table_of, words_in
from transforms.page import Page
from transforms.words import ENGLISH_STOP_WORDS

Floats = NDArray[np.float32]
Numbers = NDArray[np.intp]

HEAD_CHARS, TAIL_CHARS = 700, 300  # a longer line is prose, which its beginning and its end show
PROSE_WORDS = 20  # a line of so many words is a paragraph
_CHARS_AT_ONCE = 200_000  # bounds memory, to some 50 bytes a character
_MOST_GAP = 3  # line breaks between two lines; more say no more

_OTHER_STOP_WORDS = (
    "der die das und ist nicht ein eine den dem des mit von zu auf für sich im als auch es werden wird bei nach "
    "le la les un une et est dans pour que qui sur par avec du au aux pas plus ce se sont il elle el los las una y en "
    "por con para no del al lo su más como o os um uma e é da do em não com na dos mais ao gli di che per sono "
    "è della nel dei delle si anche het een van op te zijn voor met niet aan er i w z się nie że jest od "
    "po и в не на что с по это как из у за от для но его к о"
)
_LISTS = {
    "stop_words": " ".join((*(word.replace("'", "") for word in ENGLISH_STOP_WORDS), _OTHER_STOP_WORDS, "isn t s")),
    "you": "you your yours",
    "we": "we our us",
    "i": "i my me",
    "month": "january february march april may june july august september october november december "
    "jan feb mar apr jun jul aug sep sept oct nov dec",
    "tells": "said says told is was are were has had have been will would did does",
    "file": "jpg jpeg png gif webp svg html pdf www http https com",
}
OWN = (
    *("chars", "words", "word_chars", "long_words", "title", "capitals", "numbers", "first", "end", *_LISTS),
    *("repeats", "spread", "spread_long", "echo_first", "sentences", "covered", *(f"of_{name}" for name in CLASSES)),
)
_SHAPES = 5  # columns that say what the words of a line are like, from word_chars on
_AT = {name: number for number, name in enumerate(OWN)}
_CLOSES = np.isin(CLASSES, ("quote", "apostrophe", "bracket"))
_ENDS_SENTENCE = np.isin(CLASSES, ("stop", "bang", "question"))
_CONTENT_WORD_CHARS = 3  # longer words that are no stop words carry the topic
_PAIR, _PAIR_NEXT = np.uint64(3), np.uint64(0x9E3779B97F4A7C15)
_FIRST, _LAST = np.uint64(0x1234567), np.uint64(0x7654321)


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines of a page, measured.

    `own` has a row a line and the columns of OWN; `grams` are the hashes of words, neighbouring pairs, first and last
    words, line after line, `counts` of them a line; `gaps` are line breaks before each line and after the last.
    """

    own: Floats
    grams: Hashes
    counts: Numbers
    gaps: Numbers

    def column(self, name: str) -> Floats:
        """One column of `own`."""
        return self.own[:, _AT[name]]


@dataclass(frozen=True, slots=True)
class _Topic:
    """The topic words of some lines: hashes, and the line of each."""

    hashes: Hashes
    lines: Numbers


def measure_lines(page: Page, covered: Sequence[float] | NDArray[np.float64]) -> Lines:
    """Measure every line; `covered` is the share 0-1 of each line that the rules have taken."""
    lines = page.lines
    own = np.zeros((len(lines), len(OWN)), np.float32)
    texts = [line.text if len(line.text) <= HEAD_CHARS + TAIL_CHARS else _shortened(line.text) for line in lines]
    grams, counts, topics = [np.zeros(0, np.uint64)], [np.zeros(0, np.intp)], []
    start = 0
    while start < len(lines):
        end, size = start + 1, len(texts[start])
        while end < len(lines) and size + len(texts[end]) < _CHARS_AT_ONCE:
            size += len(texts[end]) + 1
            end += 1
        found, count, topic = _measure(texts[start:end], own[start:end])
        grams.append(found)
        counts.append(count)
        topics.append(_Topic(topic.hashes, topic.lines + start))
        start = end
    if lines:
        repeats = Counter(line.text for line in lines)
        own[:, _AT["chars"]] = [len(line.text) for line in lines]
        own[:, _AT["repeats"]] = [repeats[line.text] for line in lines]
        own[:, _AT["covered"]] = covered
        _measure_spread(own, topics)
    return Lines(own, np.concatenate(grams), np.concatenate(counts), _gaps(page))


def _shortened(text: str) -> str:
    return f"{text[:HEAD_CHARS]} {text[-TAIL_CHARS:]}"


def _gaps(page: Page) -> Numbers:
    """Line breaks before each line and after the last, cut at _MOST_GAP."""
    edges = [0, *(edge for line in page.lines for edge in (line.start, line.end)), len(page.text)]
    pairs = zip(edges[::2], edges[1::2], strict=True)
    return np.array([min(page.text.count("\n", start, end), _MOST_GAP) for start, end in pairs], np.intp)


@cache
def _listed() -> tuple[HashTable, NDArray[np.float64]]:
    """All words of the lists, and for each list (row) which of them are in it; the last column is for other words."""
    lists = [hashes_of(words.split()) for words in _LISTS.values()]
    words = np.unique(np.concatenate(lists))
    is_in = np.zeros((len(lists), len(words) + 1))
    for row, listed in zip(is_in, lists, strict=True):
        row[np.searchsorted(words, listed)] = 1
    return table_of(words), is_in


def _measure(texts: list[str], own: Floats) -> tuple[Hashes, Numbers, _Topic]:
    """Fill the rows of some lines; their grams, how many each has, and their topic words."""
    count = len(texts)
    lengths = np.fromiter(map(len, texts), np.intp, count)
    stops = np.cumsum(lengths + 1) - 1
    begins = stops - lengths
    classes, points = classes_of("\n".join(texts) + "\n")
    line = np.repeat(np.arange(count), lengths + 1)
    of_class = np.bincount(line * len(CLASSES) + classes, minlength=count * len(CLASSES)).reshape(count, -1)
    of_class[:, CLASS["space"]] -= 1
    own[:, _AT["of_other"] :] = of_class

    starts, ends, hashes = words_in(points)
    at, chars = line[starts], ends - starts
    per_line = np.bincount(at, minlength=count)
    own[:, _AT["words"]] = per_line + of_class[:, CLASS["wide"]] / 2
    first = classes[starts]
    is_upper = first == CLASS["upper"]
    # The mean of each row over the words of a line; the columns of `own` stand in this order.
    of_words = np.empty((_SHAPES + len(_LISTS), len(starts)))
    of_words[0] = chars
    of_words[1] = chars > 6
    of_words[2] = is_upper
    of_words[3] = is_upper & (classes[ends - 1] == CLASS["upper"]) & (chars > 1)
    of_words[4] = first == CLASS["digit"]
    table, is_in = _listed()
    place, is_listed = table.find(hashes)
    np.take(is_in, np.where(is_listed, place, -1), axis=1, out=of_words[_SHAPES:], mode="wrap")
    if len(starts):
        has_words = per_line > 0
        words = per_line[has_words]
        means = (np.add.reduceat(of_words, np.cumsum(words) - words, axis=1) / words).T
        own[has_words, _AT["word_chars"] : _AT["word_chars"] + _SHAPES] = means[:, :_SHAPES]
        own[has_words, _AT["stop_words"] : _AT["stop_words"] + len(_LISTS)] = means[:, _SHAPES:]
    own[:, _AT["first"]] = classes[begins]
    last = classes[stops - 1]
    own[:, _AT["end"]] = np.where(_CLOSES.take(last), classes[np.maximum(stops - 2, begins)], last)
    ends_sentence = _ENDS_SENTENCE.take(classes)
    ends_sentence[:-1] &= classes[1:] == CLASS["space"]
    own[:, _AT["sentences"]] = np.bincount(line[ends_sentence], minlength=count)

    is_topic = (of_words[_SHAPES] == 0) & (chars > _CONTENT_WORD_CHARS)
    grams, counts = _grams(hashes, at, count)
    return grams, counts, _Topic(hashes[is_topic], at[is_topic])


def _grams(hashes: Hashes, at: Numbers, count: int) -> tuple[Hashes, Numbers]:
    """Words, pairs of neighbours, the first and the last word of each line, in the order of lines."""
    if not len(hashes):
        return hashes, np.zeros(count, np.intp)
    is_same = at[1:] == at[:-1]
    pair, between = np.flatnonzero(is_same), np.flatnonzero(~is_same)
    first, last = np.append(0, between + 1), np.append(between, len(at) - 1)
    grams = np.concatenate(
        (
            hashes,
            mixed(hashes[pair] * _PAIR + hashes[pair + 1] * _PAIR_NEXT),
            mixed(hashes[first] + _FIRST),
            mixed(hashes[last] + _LAST),
        )
    )
    lines = np.concatenate((at, at[pair], at[first], at[last]))
    return grams.take(lines.argsort(kind="stable")), np.bincount(lines, minlength=count)


def _measure_spread(own: Floats, topics: list[_Topic]) -> None:
    """How many of a line's topic words stand in other lines too, in other paragraphs, and in the first two lines."""
    hashes = np.concatenate([topic.hashes for topic in topics])
    at = np.concatenate([topic.lines for topic in topics])
    if not len(hashes):
        return
    count = len(own)
    some = np.maximum(np.bincount(at, minlength=count), 1)
    words, number = np.unique(hashes, return_inverse=True)
    is_paragraph = own[:, _AT["words"]] >= PROSE_WORDS
    once = np.sort(number * count + at)  # each word once a line
    once = once[np.append(True, once[1:] != once[:-1])]
    in_lines = np.bincount(once // count, minlength=len(words))
    in_paragraphs = np.bincount(once // count, weights=is_paragraph[once % count], minlength=len(words))
    is_early = np.zeros(len(words), np.bool_)
    is_early[number[at < 2]] = True
    for name, value in (
        ("spread", in_lines[number] > 1),
        ("spread_long", in_paragraphs[number] > is_paragraph[at]),
        ("echo_first", is_early[number]),
    ):
        own[:, _AT[name]] = np.bincount(at, weights=value, minlength=count) / some


def moved(rows: Floats, reach: Sequence[int], outside: float) -> list[Floats]:
    """For each step of `reach` the rows by which row i holds row i + step.

    `outside` stands for lines before the first and after the last.
    """
    most = max(abs(step) for step in reach)
    wide = np.full((len(rows) + 2 * most, *rows.shape[1:]), outside, rows.dtype)
    wide[most : most + len(rows)] = rows
    return [wide[most + step : most + step + len(rows)] for step in reach]
