"""Dates told by their distance ("3 hours ago", "vor 2 Tagen", "3小时前"): known only with the time of the fetch.

Twelve languages. Hours and days give a day, weeks and months a month, years a year: "3 weeks ago" is rounded.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

from transforms.date_names import WrittenDate
from transforms.types import Precision

# Each unit in days with the stems that name it; a word is of the longest stem that it begins with.
_UNITS: tuple[tuple[float, str], ...] = (
    (0, "sec second sekunde secondes segundo seconden sekund секунд ثانية ثوان 秒 min minute minut minuten минут"),
    (0, "دقيقة دقائق 分 分钟 分鐘"),
    (1 / 24, "h hour hr stunde heure hora ora ore uur uren godzin час ساعة ساعات 小时 小時 時間"),
    (1, "day tag jour dia día giorn dag dni dzie дн день يوم أيام 天 日"),
    (7, "week woche semaine semana settiman weken tygodni tydzie недел أسبوع أسابيع 周 週間"),
    (30.44, "month monat mois mes mês maand miesi месяц شهر أشهر 个月 か月 ヶ月"),
    (365.25, "year jahr an año ano ann jaar jaren lat rok лет год سنة سنوات 年"),
)
_DAYS = {stem: days for days, stems in _UNITS for stem in stems.split()}
_LONGEST = max(map(len, _DAYS))
_ONE = r"(\d{1,3}|(?:an?|one|eine[mrn]|un[ae]?|uma?|een)(?=\s))"
_WORD = r"\s?([^\W\d_]{1,12})"
# All repetitions are bounded, so the time is linear in the text.
_RELATIVE = re.compile(
    rf"\b{_ONE}{_WORD}\s(?:ago|fa|geleden|temu|назад|atrás)\b|\b(?:vor|il y a|hace|há|منذ)\s{_ONE}{_WORD}\b"
    r"|(\d{1,3})\s?(秒|分钟|分鐘|分|小时|小時|時間|天|日|周|週間|个月|か月|ヶ月|年)\s?前",
    re.IGNORECASE,
)
_WEEK, _YEAR = 7, 365


def find_relative_dates(text: str, fetched_at: datetime) -> Iterator[WrittenDate]:
    """The dates that `text` told when it was fetched, with their place, in order."""
    for m in _RELATIVE.finditer(text):
        count, unit = next((m[i], m[i + 1]) for i in (1, 3, 5) if m[i])
        days = _days(unit.lower())
        if days is None:
            continue
        day = fetched_at - timedelta(days=days * (int(count) if count.isdecimal() else 1))
        precision: Precision = "day" if days < _WEEK else "month" if days < _YEAR else "year"
        length = {"day": 10, "month": 7, "year": 4}[precision]
        yield WrittenDate(m.start(), m.end(), day.date().isoformat()[:length], precision)


def _days(word: str) -> float | None:
    stems = (word[:length] for length in range(min(len(word), _LONGEST), 0, -1))
    return next((_DAYS[stem] for stem in stems if stem in _DAYS), None)
