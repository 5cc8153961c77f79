"""Dates as people write them: find every written date in a text, in many languages, with its place.

The first step of both date finders (`dates_text`, `dates_html`): this module only reads dates, it does not ask
what they mean. Every form has a year of four digits, so the years are found first and a few characters on
either side of each are read; time is linear in the text. Dates without a year are not read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import chain

from babel.dates import get_day_names, get_month_names

from transforms.types import Precision

# Languages whose abbreviated names are read too; of the others only full names ("Pro 15, 2019" is no Czech December).
LOCALES = ("en", "de", "de_AT", "es", "fr", "pt", "it", "nl", "pl", "ru", "id", "ar", "ar_LB", "ar_DZ")
LOCALES_IN_FULL = ("uk", "cs", "sv", "da", "nb", "fi", "tr", "ro", "hu", "ca", "el")
# Spellings that news sites use and CLDR has not.
_OTHER_SPELLINGS = {"sept": 9, "mrt": 3, "maerz": 3, "mrz": 3, "okt": 10, "setiembre": 9}
# Also common words: without a day ("march 2020", "mars 2020") they need the capital that makes them a month.
_ALSO_WORDS = frozenset({"may", "march", "mai", "mars", "mayo", "august", "augustus"})
_ENGLISH_SHORT = frozenset({"jan", "feb", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec"})


def _month_numbers() -> tuple[dict[str, int], frozenset[str]]:
    """Month name in lower case -> 1-12, and the names that mean a month without a day beside them.

    No name means two months (a test holds that): the languages were chosen so.
    """
    found: dict[str, int] = dict(_OTHER_SPELLINGS)
    alone = set(_ENGLISH_SHORT)
    for locale in LOCALES + LOCALES_IN_FULL:
        for width in ("wide", "abbreviated") if locale in LOCALES else ("wide",):
            for context in ("format", "stand-alone"):
                for number, name in get_month_names(width, context, locale).items():
                    key = name.lower().strip(" .")
                    if (len(key) > 2 or not key.isascii()) and not any(c.isdigit() for c in key):
                        found.setdefault(key, number)
                        if width == "wide":
                            alone.add(key)
    return found, frozenset(alone)


def _weekday_numbers() -> dict[str, int]:
    """Weekday name in lower case -> 0 (Monday) to 6."""
    found: dict[str, int] = {}
    for locale in LOCALES + LOCALES_IN_FULL:
        for width in ("wide", "abbreviated") if locale in LOCALES else ("wide",):
            for number, name in get_day_names(width, "format", locale).items():
                if len(key := name.lower().strip(" .")) > 1:
                    found.setdefault(key, number)
    return found


MONTHS, _ALONE = _month_numbers()
WEEKDAYS = _weekday_numbers()

# What must not stand before is asked last: patterns that begin with digits are found several times faster.
_YEAR = re.compile(r"(?:19|20)\d\d(?!\d)(?:(?<![\d,.$€£]\d{4})|(?<=\d[./-]\d{4})|(?<=,20\d\d))")
_SHORT_YEAR = re.compile(r"(\d\d)\.(\d\d)\.(\d\d)(?![\d.]\d|\d)(?<![\d.]\d\d\.\d\d\.\d\d)")
_LETTERS = r"[^\W\d_]"
# What stands before the year. All are tried on at most `_REACH` characters, so their cost is bounded.
_REACH = 44
_NAME = rf"({_LETTERS}{{2,12}}(?:\sال{_LETTERS}{{3,6}})?)"
_DAY_MONTH = re.compile(
    rf"(?<!\d)(\d{{1,2}})(?:st|nd|rd|th|er|ème|\.|º|ª|°|-a)?[\s/-]*(?:de\s|d[’']|of\s)?\s*{_NAME}[.,]*[\s/-]*(?:de\s+|del\s+)?$",
    re.IGNORECASE,
)
_MONTH_DAY = re.compile(rf"{_NAME}[.,]?[\s-]{{0,3}}(\d{{1,2}})(?:st|nd|rd|th)?(?:,\s*|\s+|-)$", re.IGNORECASE)
_MONTH = re.compile(rf"{_NAME}[.,]?\s{{1,3}}(?:de\s|del\s|of\s)?$", re.IGNORECASE)
_NUMBERS = re.compile(r"(?<![\d./-])(\d{1,2})(\.\s?|/|-)(\d{1,2})\2$")
# What stands after the year.
_ISO = re.compile(r"([-/.])(\d{1,2})\1(\d{1,2})(?!\d)")
_CJK = re.compile(r"\s?[年년]\s?(\d{1,2})\s?[月월](?:\s?(\d{1,2})\s?[日일号號])?")
_MONTH_AFTER = re.compile(rf"\.?\s{_NAME}\s(\d{{1,2}})(?!\d)")  # Hungarian: 2025. március 4.
_CLOCK_US = re.compile(r"[\s,|@-]{0,4}(?:at\s)?\d{1,2}(?::\d\d){1,2}\s?[ap]\.?m\b", re.IGNORECASE)
_PAIR = re.compile(r"(?<![\d/-])(\d{1,2})[/-](\d{1,2})[/-](?:19|20)\d\d(?!\d)")
_PART = re.compile(r"[/-]\d\d?[/-]")
_DOTTED = re.compile(r"\.\d\d\.\d\d")
_ENGLISH = re.compile(r"\b(?:the|and|of|to)\b")
_SAMPLE_CHARS = 5000
_OTHER_DIGITS = re.compile("[٠-٩۰-۹０-９]")
_TO_ASCII_DIGITS = {
    ord(c): str(n) for digits in ("٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹", "０１２３４５６７８９") for n, c in enumerate(digits)
}


@dataclass(frozen=True, slots=True)
class WrittenDate:
    """A date at `text[start:end]`; `date` is YYYY-MM-DD, YYYY-MM or YYYY, as long as `precision` says."""

    start: int
    end: int
    date: str
    precision: Precision


def day_date(year: int, month: int, day: int) -> str | None:
    """YYYY-MM-DD, or None when the calendar has no such day."""
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None


def _month_number(name: str) -> tuple[int, int] | None:
    """(month, characters to skip) of a name; "readDec" as a scraper glued it is December after four characters."""
    if number := MONTHS.get(name.lower()):
        return number, 0
    capitals = [i for i, c in enumerate(name) if c.isupper()]
    if capitals and (number := MONTHS.get(name[capitals[-1] :].lower())):
        return number, capitals[-1]
    return None


def _before(year: int, left: str, end: int, rest: str, month_first: bool | None) -> WrittenDate | None:
    """The date whose year `left` leads up to; `end` is the offset after that year, `rest` what follows it."""
    base = end - 4 - len(left)
    if m := _NUMBERS.search(left):
        return _numeric(year, m, base + m.start(), end, month_first=True if _CLOCK_US.match(rest) else month_first)
    if (m := _MONTH_DAY.search(left)) and (named := _month_number(m[1])):
        iso = day_date(year, named[0], int(m[2]))
        return WrittenDate(base + m.start() + named[1], end, iso, "day") if iso else None
    if (m := _DAY_MONTH.search(left)) and (named := _month_number(m[2])) and named[1] == 0:
        iso = day_date(year, named[0], int(m[1]))
        return WrittenDate(base + m.start(), end, iso, "day") if iso else None
    if (m := _MONTH.search(left)) and (named := _month_number(m[1])):
        key = m[1][named[1] :].lower()
        if key in _ALONE and (key not in _ALSO_WORDS or m[1][named[1]].isupper()):
            return WrittenDate(base + m.start() + named[1], end, f"{year}-{named[0]:02d}", "month")
    return None


def _numeric(year: int, m: re.Match[str], start: int, end: int, *, month_first: bool | None) -> WrittenDate | None:
    """03.04.2025 is day first everywhere; with slashes or dashes the order is known or the date is only its year."""
    first, second = int(m[1]), int(m[3])
    if "." in m[2] or first > 12 or first == second:
        iso = day_date(year, second, first)
    elif second > 12:
        iso = day_date(year, first, second)
    elif month_first is None:
        return WrittenDate(start, end, str(year), "year")
    else:
        iso = day_date(year, first, second) if month_first else day_date(year, second, first)
    return WrittenDate(start, end, iso, "day") if iso else None


def _after(year: int, text: str, start: int) -> WrittenDate | None:
    """The date that begins with the year at `start`."""
    if m := _ISO.match(text, start + 4):
        iso = day_date(year, int(m[2]), int(m[3]))
        return WrittenDate(start, m.end(), iso, "day") if iso else None
    if m := _CJK.match(text, start + 4):
        if m[2]:
            iso = day_date(year, int(m[1]), int(m[2]))
            return WrittenDate(start, m.end(), iso, "day") if iso else None
        return WrittenDate(start, m.end(), f"{year}-{int(m[1]):02d}", "month") if 1 <= int(m[1]) <= 12 else None
    if (m := _MONTH_AFTER.match(text, start + 4)) and (number := MONTHS.get(m[1].lower())):
        iso = day_date(year, number, int(m[2]))
        return WrittenDate(start, m.end(), iso, "day") if iso else None
    return None


def month_comes_first(text: str) -> bool | None:
    """The order of 03/04/2025 in this text: from its sure dates (25/04/2025), else day first unless it is English.

    None where English has no sure date (Britain and America write the same digits for two days), or hardly any words.
    """
    orders = {int(m[2]) > 12 for m in _PAIR.finditer(text) if (int(m[1]) > 12) != (int(m[2]) > 12)}
    if len(orders) == 1:
        return orders.pop()
    sample = text[:_SAMPLE_CHARS]
    is_english = len(_ENGLISH.findall(sample)) * 150 > len(sample)  # English has one in about 40 characters
    return None if orders or is_english or sample.count(" ") < 20 else False


def may_need_order(text: str) -> bool:
    """Whether a date in it may be like 03/04/2025; where none is, `month_first` is never asked for."""
    return _PART.search(text) is not None


def find_written_dates(text: str, *, month_first: bool | None = None) -> Iterator[WrittenDate]:
    """Every date written in `text`, those with a short year last.

    `month_first` decides 03/04/2025; with None only its year is sure, unless "5:01 pm" follows.
    """
    if not text.isascii() and _OTHER_DIGITS.search(text):
        text = text.translate(_TO_ASCII_DIGITS)
    with_short_year = _SHORT_YEAR.finditer(text) if _DOTTED.search(text) else ()
    for m in chain(_YEAR.finditer(text), with_short_year):
        if m.re is _SHORT_YEAR:
            if iso := day_date(2000 + int(m[3]), int(m[2]), int(m[1])):
                yield WrittenDate(m.start(), m.end(), iso, "day")
            continue
        start, end = m.span()
        left = text[max(0, start - _REACH) : start]
        found = _after(int(m[0]), text, start) or _before(int(m[0]), left, end, text[end : end + 16], month_first)
        if found:
            yield found
