"""Author names out of what pages put into author fields and bylines: no addresses, labels, dates or job titles.

`split_authors` takes the value of a field that is there to hold authors; `read_byline` the visible text of an element,
in the pieces it stands in, and is stricter: what does not look like a name of a person there is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

_LABELS = (
    r"(?:(?:article|blog|post|story|text|words|recipe|report(?:ed)?|written|posted|published|authored|thread|topic|created|insights|"
    r"started|asked|submitted|contributed|geschrieben|[ée]crit|publi[ée]|escrito|publicado|scritto|pubblicato|"
    r"geschreven|skrevet|skriven|napisa[łl])\s+)?"
    r"(?:by|von|par|por|di|door|av|af|przez|from)\b(?:\s+line)?\s*[:：]?"
    r"|thread\s+starter|topic\s+starter"
    r"|(?:(?:the\s+)?(?:authors?|writers?|contributors?|byline|autor(?:in|en|es|a)?|auteurs?|verfasser(?:in)?|autore|"
    r"autori|redakteur(?:in)?|författare|forfatter|tekst|text|texto|texte|testo|автор|текст|作者|文|記者|记者|執筆|글|"
    r"الكاتب|كتب|בקלם|yazar|penulis|oleh|tác giả))\s*[:：]\s*"
    r"|автор\b|oleh\b|記者|记者"
)
_LABEL = re.compile(rf"^\W*(?:{_LABELS})\s*", re.IGNORECASE)
_OTHER_ROLE = re.compile(
    r"\b(?:review(?:ed)?|fact[- ]check(?:ed)?|checked|edit(?:ed)|photo(?:s|graph\w*|graf\w*)?|illustrat\w+|image|"
    r"translat\w+|updated|powered|sponsored|presented|foto|fotos|bild|geprüft|übersetzt|traducci[óo]n)\b",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"\w+://|www\.|\S@\S+\.\w|\w/\w+/\w|\.(?:com|org|net|html?|php)\b", re.IGNORECASE)
_BREAK = re.compile(r"\s*[|•·●∙▪►»]\s*|\s+[–—/-]\s+|\s*[\n\r\t]\s*|\s{3,}")
_AND = re.compile(r"\s*;\s*|\s+(?:and|und|et|og|och|en|&|и|и)\s+|\s*&\s*|\s*、\s*|,\s+and\s+", re.IGNORECASE)
_JOINS = re.compile(r"\W*(?:and|und|et|og|och|en|y|e|i|и)?\W*", re.IGNORECASE)
_JOINS_ON = re.compile(r"(?:,|&|\b(?:and|und|et|y))\s*$", re.IGNORECASE)
_CREDENTIAL = re.compile(r"^(?:[A-Z][A-Za-z]{0,3}\.?(?:[A-Z][A-Za-z]?\.?)*|[JS]r\.?|Esq\.?|I{2,3}|IV)$")
_JOB = re.compile(
    r"\b(?:editor\w*|writer|reporter|correspondent|journalist|columnist|contributor|director|manager|founder|co-founder|"
    r"ceo|cto|cmo|cfo|president|officer|head|lead|chief|analyst|engineer|developer|professor|lecturer|attorney|lawyer|"
    r"expert|specialist|consultant|coach|author|blogger|strategist|marketer|designer|staff|senior|university|institute|"
    r"department|team|member|representative|redakteur\w*|redaktion|rédact\w+|periodista|giornalista|redator\w*|"
    r"news|desk|associate|assistant|producer|host|nutritionist|dietitian|therapist|veterinarian)\b",
    re.IGNORECASE,
)
_DATE = re.compile(
    r"\b(?:\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|(?:19|20)\d\d\b|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mär|mai|"
    r"okt|dez|janv|févr|avr|juin|juil|août|déc|ene|abr|ago|dic)[a-zé]*\.?,?\s+\d|\d{1,2}(?:st|nd|rd|th)?\.?\s+"
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mär|mai|okt|dez|janv|févr|avr|juin|juil|août|déc|ene|abr|ago|dic)|"
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day|\d+\s*(?:min|hours?|days?|weeks?|months?|years?|ago)\b)",
    re.IGNORECASE,
)
_TAIL = re.compile(
    r"\s*(?:,?\s+(?:on|in|at|am|le|el|il|den|published|updated|posted|last\s+updated|wrote|says?|writes|is\s+an?|has)\b.*|[,(]\s*$)",
    re.IGNORECASE | re.DOTALL,
)
_NOBODY = frozenset(
    "admin administrator author authors webmaster anonymous unknown none null undefined guest user editor root site "  # noqa: SIM905
    "default wordpress wpadmin owner moderator na by n/a test superuser sysadmin redaktion redaction".split()
)
_NOT_NAMES = frozenset(
    "read more view share sign log login follow about subscribe posts all home comments comment reply contact search "  # noqa: SIM905
    "menu updated published posted min minute minutes latest news blog here this that how what why when the your our "
    "profile bio archive category tags next previous topic privacy notice article articles story photo photos image video watch listen "
    "email print save copy link facebook twitter linkedin instagram january february march april june july august "
    "september october november december jan feb mar apr jun jul aug sep sept oct nov dec today yesterday mon tue wed thu fri sat sun monday tuesday wednesday thursday friday saturday sunday".split()
)
_LONGEST_NAME_CHARS = 80
_LONGEST_FIELD_CHARS = 1_000
_MOST_NAME_WORDS = 6
_MOST_AUTHORS = 30
_PARTICLES = frozenset("de del della der den di da do dos du la le van von zu af av bin ibn al el e y of the ten ter".split())  # noqa: SIM905
_WORD = re.compile(r"\w+")


def split_authors(text: str, *, is_family_first: bool = False) -> tuple[str, ...]:
    """The names in an author field, in order, each once; none for addresses, handles and stand-ins such as "admin".

    `is_family_first`: a library's form, "Ruiz, Ana".
    """
    names: dict[str, str] = {}
    for part in _AND.split(_LABEL.sub("", " ".join(text[:_LONGEST_FIELD_CHARS].split()))):
        for name in (_turned(part),) if is_family_first else _by_comma(part):
            clean = _clean(name)
            if clean:
                names.setdefault(clean.lower(), clean)
    return tuple(names.values())[:_MOST_AUTHORS]


def read_byline(pieces: Sequence[str], *, is_marked: bool = False, least_words: int = 2) -> tuple[str, ...]:
    """The names in a byline, given as its runs of text: what follows "By", or with `is_marked` the first name there is.

    `is_marked`: the mark-up says that an author stands here, so no "By" is needed, but `least_words` words are.
    """
    names: list[str] = []
    awaits, least = is_marked, least_words
    for piece in pieces:
        text = " ".join(piece.split())
        other = _OTHER_ROLE.search(text)  # "Reviewed by", "Photo:"
        if other:
            text = text[: other.start()].strip(" .,;|(")
            if not text:
                if names:
                    break
                awaits = False
                continue
        label = _LABEL.match(text)
        if label and names:
            break
        rest = text[label.end() :] if label else text
        if label:
            awaits, least = True, 1
        if not rest.strip(" ,:|"):
            continue
        if _JOINS.fullmatch(rest):
            awaits = awaits or bool(names)
            continue
        if not awaits:
            if names:
                break
            continue
        found = [n for n in split_authors(_before_date(rest)) if looks_like_name(n) and len(n.split()) >= least]
        if not found and (names or label or not is_marked):
            if names or is_marked:
                break
            awaits = False
        names += found
        awaits = awaits and not other and (not names or _JOINS_ON.search(rest) is not None)
    return tuple(dict.fromkeys(names))


def looks_like_name(name: str) -> bool:
    """Whether a text can be the name of a person or a desk: few words, each with a capital, no label of a page."""
    words = _WORD.findall(name)
    if not words or len(words) > _MOST_NAME_WORDS or any(c.isdigit() for c in name):
        return False
    if len(name) < 3 or name.endswith(("!", "?", ":")):  # the initials of an avatar, a slogan
        return False
    if any(word.lower() in _NOT_NAMES for word in words):
        return False
    cased = [word for word in words if word.lower() != word.upper()]
    if not cased:  # scripts without capitals
        return len(name) <= 24
    big = [word for word in cased if word[0].isupper()]
    return all(word[0].isupper() or word in _PARTICLES or len(word) == 1 for word in cased) and bool(big)


def _before_date(text: str) -> str:
    date = _DATE.search(text)
    return text[: date.start()] if date else text


def _by_comma(part: str) -> Iterator[str]:
    """The names of a list; degrees stay with their name, job titles and places go."""
    pieces = [piece.strip() for piece in part.split(",")]
    name = pieces[0]
    for piece in pieces[1:]:
        if not piece:
            continue
        if _CREDENTIAL.match(piece):
            name = f"{name}, {piece}"
        elif _JOB.search(piece) or " " not in piece or " " not in name.strip():
            continue
        else:
            yield name
            name = piece
    yield name


def _turned(part: str) -> str:
    family, comma, given = part.partition(",")
    return f"{given.strip()} {family.strip()}" if comma and given.strip() else part


def _clean(name: str) -> str:
    """One name, or nothing."""
    if _ADDRESS.search(name):
        name = re.sub(r"[<(\[]?\S*(?:@\S+\.\w|://|www\.)\S*", "", name).strip()
        if not name or _ADDRESS.search(name):
            return ""
    name = _LABEL.sub("", name)
    name = next((piece for piece in _BREAK.split(name) if piece.strip()), "")
    name = _TAIL.sub("", name).strip(" ,.:;|-–—@\"'“”*>")
    if name.endswith((" Jr", " Sr", " Dr", " M.D", " Ph.D", " Inc", " Co")) or re.search(r"\b[A-Z]\.[A-Z]$", name):
        name += "."
    words = _WORD.findall(name.lower())
    if not words or len(name) > _LONGEST_NAME_CHARS or len(words) > 2 * _MOST_NAME_WORDS:
        return ""
    if "".join(words) in _NOBODY or all(word.isdigit() for word in words):
        return ""
    return name
