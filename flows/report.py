"""The report of a run as one HTML page and as plain text; pure rendering of what `run_report` read.

What comes from pages is hostile: it is escaped, control characters and direction overrides are dropped, only http and
https addresses become links, and long values are cut. Mail clients hide the end of a long mail, so the page is
rendered with fewer examples until it is small enough.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from itertools import groupby, islice
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from flows import report_queries as queries
from flows.run_report import (
    Check,
    FlaggedArticle,
    QuarantinedRecord,
    ReportError,
    Run,
    RunReport,
    read_run_report,
)

__all__ = ["ReportError", "RunReport", "read_run_report", "render_html", "render_text", "subject"]

MAX_BYTES = 100_000  # Gmail hides what is beyond 102 kB
# Examples of a group, characters of a value, groups and rows of a section: the next while the page is too large.
LIMITS = ((5, 240, 15), (3, 160, 12), (1, 80, 10), (1, 40, 5))
MAX_HREF_CHARS = 300

# C0 and C1 controls, soft hyphen and zero-width characters, direction marks and overrides, line separators,
# lone surrogates, the byte order mark and noncharacters: none of them belongs in one line of a report.
_INVISIBLE = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff\ufff0-\uffff]+"
)
_RUN_ID = re.compile("[^0-9A-Za-z_-]")  # what a run id never has


def subject(report: RunReport) -> str:
    """`Winnow: 1,284 articles published, 2 warnings`, or that nothing was, and why."""
    return f"Winnow: {_verdict(report.run)}"


def render_html(report: RunReport) -> str:
    """One page of at most MAX_BYTES in UTF-8, without any resource from elsewhere."""
    return _render("report.html", report)


def render_text(report: RunReport) -> str:
    """The same in plain text, for mail clients without HTML and for the terminal."""
    return _render("report.txt", report).strip() + "\n"


def _render(name: str, report: RunReport) -> str:
    template = _ENVIRONMENT.get_template(name)
    rendered = ""
    for limits in LIMITS:
        rendered = template.render(_view(report, *limits))
        if len(rendered.encode()) <= MAX_BYTES:
            break
    return rendered


def _verdict(run: Run) -> str:
    if run.status == "failed":
        why = f"{_count(run.critical_count, 'critical check')} failed" if run.critical_count else "the run failed"
        return f"nothing published, {why}"
    if run.status != "published":
        return f"run is {run.status}"
    parts = [f"{_count(run.article_count, 'article')} published" if run.article_count else "nothing new to publish"]
    if run.critical_count:
        parts.append(f"in spite of {_count(run.critical_count, 'failed critical check')}")
    if run.warning_count:
        parts.append(_count(run.warning_count, "warning"))
    return ", ".join(parts)


def _tone(run: Run) -> str:
    if run.status == "failed":
        return "bad"
    return "warn" if run.warning_count or run.critical_count or run.status != "published" else "good"


def _view(report: RunReport, examples: int, chars: int, row_count: int) -> dict[str, object]:
    """What the templates show, with every list cut to its limit."""
    run, failed = report.run, report.failed_checks
    shown = (
        (queries.CHECKS, report.checks),
        (queries.QUARANTINE, report.quarantined),
        (queries.FLAGS, report.flagged),
        (queries.REMOVED_KINDS, report.removed_kinds),
        (queries.REMOVED_RULES, report.removed_rules),
        (queries.PUBLISHED, report.published),
        (queries.SOURCES, report.sources),
        (queries.DUPLICATES, report.duplicates),
    )
    return {
        "run": run,
        "verdict": _verdict(run),
        "tone": _tone(run),
        "new_count": max(run.input_count - run.unchanged_count, 0),
        "chars": chars,
        "failed_checks": failed[:row_count],
        "hidden_check_count": max(len(failed) - row_count, 0),
        "suites": _suites(report.checks),
        "quarantined": _groups(report.quarantined, examples, row_count),
        "flagged": _groups(report.flagged, examples, row_count),
        "removed_kinds": report.removed_kinds[:20],
        "most_removed_chars": max((kind.removed_chars for kind in report.removed_kinds), default=0),
        "removed_rules": report.removed_rules[:row_count],
        "published": report.published[:row_count],
        "sources": report.sources[:10],
        "source_count": report.sources[0].source_count if report.sources else 0,
        "duplicates": report.duplicates[:examples],
        "queries": {
            query.anchor: (query.title, query.command(_RUN_ID.sub("", run.run_id)))
            for query in (queries.RUN, *(query for query, rows in shown if rows))
        },
    }


_Example = TypeVar("_Example", QuarantinedRecord, FlaggedArticle)


def _groups(rows: tuple[_Example, ...], examples: int, group_count: int) -> list[tuple[str, int, tuple[_Example, ...]]]:
    """Code, how many there are of it, and the first examples, for each code."""
    groups = ((code, tuple(group)) for code, group in groupby(rows, key=lambda row: row.code))
    return [(code, group[0].group_count, group[:examples]) for code, group in islice(groups, group_count)]


def _suites(checks: tuple[Check, ...]) -> list[tuple[str, int, int]]:
    """Suite, checks that held, checks in all."""
    by_suite = sorted(checks, key=lambda check: check.suite)
    groups = ((suite, list(group)) for suite, group in groupby(by_suite, key=lambda check: check.suite))
    return [(suite, sum(check.is_success for check in group), len(group)) for suite, group in islice(groups, 20)]


def _visible(value: object) -> object:
    """Every value that a template prints passes here: text becomes one line of visible characters."""
    if value is None:
        return ""
    if isinstance(value, str) and not isinstance(value, Markup):
        return " ".join(_INVISIBLE.sub(" ", value).split())
    return value


def _cut(value: object, chars: int) -> str:
    text = str(_visible(value))
    return text if len(text) <= chars else text[: chars - 1].rstrip() + "…"


def _link(url: str | None) -> str | None:
    """The address when it is safe to link to, else None."""
    if not url or len(url) > MAX_HREF_CHARS or re.search(r"[\s\x00-\x20\x7f-\x9f\"'<>\\^`{|}]", url):
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in {"http", "https"} and parts.hostname else None


def _number(value: float) -> str:
    return f"{value:,}"


def _percent(ratio: float | None) -> str:
    if ratio is None:
        return "–"
    return f"{ratio:.1%}" if 0 < ratio < 0.1 else f"{ratio:.0%}"


def _score(ratio: float | None) -> str:
    return "–" if ratio is None else f"{ratio:.2f}"


def _duration(seconds: float | None) -> str:
    if seconds is None:
        return "–"
    if seconds < 60:
        return f"{seconds:.1f} s"
    return f"{int(seconds // 60)} min {int(seconds % 60)} s"


def _time(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def _keys(sample: str | None) -> str:
    """The keys of rows that broke a check, in words: `article_id 0af3, edit_number 2; ...`."""
    try:
        rows = json.loads(sample or "[]")
    except json.JSONDecodeError:
        return str(sample)
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        return str(sample)
    return "; ".join(", ".join(f"{key} {value}" for key, value in row.items()) for row in rows)


_ENVIRONMENT = Environment(
    loader=FileSystemLoader(Path(__file__).with_name("templates")),
    autoescape=select_autoescape(["html"]),
    undefined=StrictUndefined,
    finalize=_visible,
    trim_blocks=True,
    lstrip_blocks=True,
)
_ENVIRONMENT.filters |= {
    "cut": _cut,
    "link": _link,
    "number": _number,
    "percent": _percent,
    "score": _score,
    "duration": _duration,
    "time": _time,
    "count": _count,
    "keys": _keys,
}
