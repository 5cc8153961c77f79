"""Masking: what differs between two copies of the same furniture is put out of sight.

"Find out more about the Harbour Trust by 3 March 2025." and the same sentence with another name and date become one
text: "find out more about the @ by #". White space is folded, case is dropped, numbers, dates, addresses and names
are masked, list marks and closing punctuation are cut off. Linear in the text.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from transforms.date_names import MONTHS, WEEKDAYS
from transforms.template_bounds import MOST_NAMES_SHARE
from transforms.words import words_of

NUMBER = "#"  # a number or date
NAME = "@"  # a name, or the address of a page or mailbox
_NUMBERS = re.compile(r"\d+(?:[.,:/-]\d+)*")
MARKS = " \t-–—•*·►▶»→>|.!…。:：;,"
_ENDS = (".", "!", "?", "…", ":")
_PRONOUNS = frozenset({"I", "I'm", "I’m", "I've", "I’ve", "I'll", "I’ll", "I'd", "I’d"})
_QUOTES = "\"'“”‘’«»„()[]{}<>"
_AFTER = ".,;:!?…"
_LAST_OF_LETTERS = "\u3000"  # beyond are the characters of Chinese and Japanese
_REMEMBERED_TOKENS = 32_768
_LONGEST_KEPT_CHARS = 40  # a word; together at most some 8 MB


class Masked(NamedTuple):
    """A masked text, how many words the text has, and how many of them are left to read.

    A single letter is a unit or a list mark ("3 x 4") and not counted as left to read, where it is no Chinese or
    Japanese character.
    """

    text: str
    word_count: int
    plain_count: int

    @property
    def is_masked(self) -> bool:
        """Whether anything was put out of sight."""
        return is_masked(self.text)


class _Token(NamedTuple):
    """What matters of one word between spaces. `mask` is the one that it has in any context, or empty."""

    lower: str
    mask: str
    is_capital: bool
    is_date_word: bool
    ends_sentence: bool
    tail: str
    is_plain: bool  # never masked, whatever stands beside it
    word_count: int
    plain_count: int


def mask(text: str) -> Masked:
    """`text` as all copies of the same furniture have it; empty where nothing but marks is in it."""
    tokens = [
        _token(word) if len(word) <= _LONGEST_KEPT_CHARS else _read(word)
        for word in text.replace(NUMBER, " ").strip(MARKS).split()
    ]
    if all(token.is_plain for token in tokens[1:]) and not (tokens and tokens[0].mask):
        # Most sentences: nothing to mask, for the capital at their beginning is no name.
        lower = " ".join([token.lower for token in tokens]).strip(MARKS)
        return Masked(lower, sum([t.word_count for t in tokens]), sum([t.plain_count for t in tokens]))
    words: list[str] = []
    last = ""
    count = plain = 0
    for token, sign in zip(tokens, _masks(tokens), strict=True):
        count += token.word_count
        if not sign:
            words.append(token.lower)
            plain += token.plain_count
        elif sign == last:
            words[-1] = sign + token.tail  # a date or name of several words is one
        else:
            words.append(sign + token.tail)
        last = "" if token.ends_sentence else sign
    return Masked(" ".join(words).strip(MARKS), count, plain)


def possible_forms(word: str) -> tuple[str, ...]:
    """What a word of a text may come out as, whatever stands around it: in lower case, as a mask, or either."""
    token = _read_kept(word)
    if token.mask:
        return (token.mask,)
    return (token.lower, *((NUMBER,) if token.is_date_word else ()), *((NAME,) if token.is_capital else ()))


def is_masked(masked: str) -> bool:
    """Whether anything was put out of sight."""
    return NUMBER in masked or NAME in masked


def _masks(tokens: list[_Token]) -> list[str]:
    """The mask of each token, or nothing."""
    masks = [token.mask for token in tokens]
    if NUMBER in masks:
        for _ in range(2):  # "Monday, 3 March": the month is beside the number, then the day of the week is too
            for at, token in enumerate(tokens):
                if token.is_date_word and not masks[at] and NUMBER in masks[max(at - 1, 0) : at + 2]:
                    masks[at] = NUMBER
    names = [at for at in _names(tokens) if not masks[at]]
    if len(names) <= MOST_NAMES_SHARE * len(tokens):
        for at in names:
            masks[at] = NAME
    return masks


def _names(tokens: list[_Token]) -> list[int]:
    """Places of capitalised words; at the beginning of a sentence only where another one follows."""
    found = []
    begins = True
    for at, token in enumerate(tokens):
        if token.is_capital and (not begins or (at + 1 < len(tokens) and tokens[at + 1].is_capital)):
            found.append(at)
        begins = token.ends_sentence
    return found


def _read(word: str) -> _Token:
    core = word.strip(_QUOTES + _AFTER)
    lower = core.lower()
    if lower == core and core.isascii() and core.isalpha():  # most words of most texts, and all the rest follows
        ends = word.rstrip(_QUOTES).endswith(_ENDS)
        is_date = lower in MONTHS or lower in WEEKDAYS
        tail = word[len(word.rstrip(_AFTER)) :]
        is_long = len(core) > 1
        return _Token(word.lower(), "", False, is_date, ends, tail, True, 1, int(is_long))
    is_number = _NUMBERS.fullmatch(core) is not None
    words = words_of(word)
    is_address = "@" in core or "://" in core or lower.startswith("www.")
    is_capital = core[:1].isupper() and core not in _PRONOUNS
    return _Token(
        lower=_NUMBERS.sub(NUMBER, word).lower(),
        mask=NUMBER if is_number else NAME if is_address else "",
        is_capital=is_capital,
        is_date_word=lower in MONTHS or lower in WEEKDAYS,
        ends_sentence=not is_number and word.rstrip(_QUOTES).endswith(_ENDS),  # "12. Mai" goes on
        tail=word[len(word.rstrip(_AFTER)) :],
        is_plain=not (is_number or is_address or is_capital),
        word_count=len(words),
        plain_count=sum(not part.isdigit() and (len(part) > 1 or part > _LAST_OF_LETTERS) for part in words),
    )


_token = lru_cache(maxsize=_REMEMBERED_TOKENS)(_read)


def _read_kept(word: str) -> _Token:
    return _token(word) if len(word) <= _LONGEST_KEPT_CHARS else _read(word)
