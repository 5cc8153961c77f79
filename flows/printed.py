"""How values are printed in the report, the mail and the site. What comes from pages is hostile.

It is escaped by the templates; here control characters and direction overrides are dropped, only http and https
addresses become links, and long values are cut.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

MAX_HREF_CHARS = 300

# C0 and C1 controls, soft hyphen and zero-width characters, direction marks and overrides, line separators,
# lone surrogates, the byte order mark and noncharacters: none of them belongs in one line of a report.
_INVISIBLE = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff\ufff0-\uffff]+"
)


def visible(value: object) -> object:
    """Every value that a template prints passes here: text becomes one line of visible characters."""
    if value is None:
        return ""
    if isinstance(value, str) and not isinstance(value, Markup):
        if value.isascii() and value.isprintable() and "  " not in value:
            return value.strip()
        return " ".join(_INVISIBLE.sub(" ", value).split())
    return value


def visible_lines(text: str) -> str:
    """Text of a page with its lines and tabs, without what cannot be seen; still to be escaped."""
    return _INVISIBLE.sub(lambda found: "".join(c for c in found[0] if c in "\n\t"), text)


def cut(value: object, chars: int) -> str:
    text = str(visible(value))
    return text if len(text) <= chars else text[: chars - 1].rstrip() + "…"


def link(url: str | None) -> str | None:
    """The address when it is safe to link to, else None."""
    if not url or len(url) > MAX_HREF_CHARS or re.search(r"[\s\x00-\x20\x7f-\x9f\"'<>\\^`{|}]", url):
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in {"http", "https"} and parts.hostname else None


def number(value: float) -> str:
    return f"{value:,}"


def percent(ratio: float | None) -> str:
    if ratio is None:
        return "–"
    return f"{ratio:.1%}" if 0 < ratio < 0.1 else f"{ratio:.0%}"


def score(ratio: float | None) -> str:
    return "–" if ratio is None else f"{ratio:.2f}"


def duration(seconds: float | None) -> str:
    if seconds is None:
        return "–"
    if seconds < 60:
        return f"{seconds:.1f} s"
    return f"{int(seconds // 60)} min {int(seconds % 60)} s"


def time(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def broken_rows(sample: str | None) -> list[tuple[str, str]]:
    """The rows that broke a check, in words (`article_id 0af3, edit_number 2`), each with its article or ""."""
    try:
        rows = json.loads(sample or "[]")
    except json.JSONDecodeError:
        return [(str(sample), "")]
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        return [(str(sample), "")]
    return [(", ".join(f"{key} {value}" for key, value in row.items()), str(row.get("article_id", ""))) for row in rows]


def keys(sample: str | None) -> str:
    """The rows that broke a check in one line: `article_id 0af3, edit_number 2; ...`."""
    return "; ".join(words for words, _ in broken_rows(sample))


def make_environment(folder: Path) -> Environment:
    """The templates of a folder, with these functions as filters; every value printed passes `visible`."""
    environment = Environment(
        loader=FileSystemLoader(folder),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        finalize=visible,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "cut": cut,
        "link": link,
        "number": number,
        "percent": percent,
        "score": score,
        "duration": duration,
        "time": time,
        "count": count,
        "keys": keys,
        "broken_rows": broken_rows,
    }
    return environment
