"""Author names out of what pages put into author fields and bylines: no addresses, labels, dates or job titles.

`split_authors` takes the value of a field that is there to hold authors; `read_byline` the visible text of an element,
in the pieces it stands in, and is stricter: what does not look like a name there is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from transforms.author_words import (
    ADDRESS,
    CREDENTIAL,
    DATE,
    JOB,
    LABEL,
    NAME_LIKE,
    NOBODY,
    OTHER_ROLE,
    PAGE_WORDS,
    PARTICLES,
    TAIL,
)

_AND = re.compile(r"\s*[;、]\s*|,?\s+(?:and|und|et|og|och|en|и)\s+|\s*&\s*", re.IGNORECASE)
_JOINED = re.compile(r"\W*(?:and|und|et|og|och|en|y|e|i|и)?\W*", re.IGNORECASE)
_GOES_ON = re.compile(r"(?:[,&]|\b(?:and|und|et|y))\s*$", re.IGNORECASE)
_BREAK = re.compile(r"\s*[|•·●∙▪►»]\s*|\s[–—/-]\s")
_ADDRESS_WORD = re.compile(r"[<(\[]?\S*(?:@\S+\.\w|://|www\.)\S*")
_ABBREVIATED = re.compile(r"(?:\s(?:Jr|Sr|Dr|M\.D|Ph\.D|Inc|Co)|\b[A-Z]\.[A-Z])$")
_WORD = re.compile(r"\w+")
_AROUND = " ,.:;|-–—@\"'“”*>("
_LONGEST_FIELD_CHARS = 1_000
_LONGEST_NAME_CHARS = 80
_LONGEST_NAME_WITHOUT_CASE_CHARS = 24
_SHORTEST_NAME_CHARS = 3  # shorter ones are the initials of an avatar
_MOST_NAME_WORDS = 6
_MOST_AUTHORS = 30


def split_authors(text: str, *, is_family_first: bool = False) -> tuple[str, ...]:
    """The names in an author field, in order, each once; none for addresses, handles and stand-ins such as "admin".

    `is_family_first`: a library's form, "Ruiz, Ana".
    """
    line = " ".join(text[:_LONGEST_FIELD_CHARS].split())
    names: dict[str, str] = {}
    for part in _AND.split(_without_label(line)):
        for name in (_turned(part),) if is_family_first else _by_comma(part):
            if clean := _clean(name):
                names.setdefault(clean.lower(), clean)
    return tuple(names.values())[:_MOST_AUTHORS]


def read_byline(pieces: Sequence[str], *, is_marked: bool = False, least_words: int = 2) -> tuple[str, ...]:
    """The names in a byline, given as its runs of text: what follows "By", or with `is_marked` the first name there is.

    `is_marked`: the mark-up says that an author stands here, so no "By" is needed, but `least_words` words are.
    """
    names: list[str] = []
    awaits, least = is_marked, least_words
    for piece in pieces:
        text, is_last = _own_part(" ".join(piece.split()))
        rest = _without_label(text)
        is_labelled = len(rest) < len(text)
        if names and (is_labelled or not text):
            break
        if is_labelled:
            awaits, least = True, 1
        if _JOINED.fullmatch(rest):  # a label alone, a comma, "and"
            awaits = (awaits or bool(names)) and not is_last
            continue
        if awaits:
            found = [name for name in split_authors(_before_date(rest)) if _is_name(name, least)]
            if names and not found:
                break
            names += found
            awaits = not is_last and (_GOES_ON.search(rest) is not None if names else is_marked)
        elif names:
            break
    return tuple(dict.fromkeys(names))


def looks_like_name(name: str) -> bool:
    """Whether a text can be the name of a person or a desk: few words, each with a capital, no label of a page."""
    words = _WORD.findall(name)
    if not 0 < len(words) <= _MOST_NAME_WORDS or any(c.isdigit() for c in name):
        return False
    if name[-1] in "!?:" or any(word.lower() in PAGE_WORDS for word in words):
        return False
    cased = [word for word in words if word.lower() != word.upper()]
    if not cased:  # scripts without capitals
        return 1 < len(name) <= _LONGEST_NAME_WITHOUT_CASE_CHARS
    if len(name) < _SHORTEST_NAME_CHARS:
        return False
    is_capital = [word[0].isupper() for word in cased]
    return any(is_capital) and all(
        capital or word in PARTICLES or len(word) == 1 for capital, word in zip(is_capital, cased, strict=True)
    )


def _is_name(name: str, least_words: int) -> bool:
    return looks_like_name(name) and len(name.split()) >= least_words


def _own_part(text: str) -> tuple[str, bool]:
    """A text up to where it names somebody else ("Reviewed by ..."), and whether it does."""
    other = OTHER_ROLE.search(text)
    return (text[: other.start()].strip(" .,;|("), True) if other else (text, False)


def _without_label(text: str) -> str:
    label = LABEL.match(text)
    if label is None:
        return text
    rest = text[label.end() :]
    return text if label.group().strip().lower() in NAME_LIKE and " " not in rest else rest


def _before_date(text: str) -> str:
    date = DATE.search(text)
    return text[: date.start()] if date else text


def _by_comma(part: str) -> Iterator[str]:
    """The names of a list; degrees stay with their name, job titles and places go."""
    name, *others = (piece.strip() for piece in part.split(","))
    for piece in others:
        if CREDENTIAL.fullmatch(piece):
            name = f"{name}, {piece}"
        elif " " in piece and " " in name and not JOB.search(piece):
            yield name
            name = piece
    yield name


def _turned(part: str) -> str:
    family, _, given = part.partition(",")
    return f"{given.strip()} {family.strip()}".strip()


def _clean(name: str) -> str:
    """One name, or nothing."""
    if ADDRESS.search(name):
        name = _ADDRESS_WORD.sub("", name)
        if ADDRESS.search(name):
            return ""
    name = next((piece for piece in _BREAK.split(_without_label(name.strip())) if piece.strip()), "")
    name = TAIL.sub("", name).strip(_AROUND)
    if _ABBREVIATED.search(name):
        name += "."
    words = _WORD.findall(name.lower())
    if not words or len(name) > _LONGEST_NAME_CHARS or len(words) > 2 * _MOST_NAME_WORDS:
        return ""
    return "" if "".join(words) in NOBODY or all(word.isdigit() for word in words) else name
