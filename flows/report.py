"""The report of a run as one HTML page and as plain text; pure rendering of what `run_report` read.

What comes from pages is hostile: it is escaped, control characters and direction overrides are dropped, only http and
https addresses become links, and long values are cut. Mail clients hide the end of a long mail, so the page is
rendered with fewer examples until it is small enough.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence
from itertools import groupby, islice
from pathlib import Path
from typing import TypeVar

from flows import report_queries as queries
from flows.mail import Image
from flows.printed import count, make_environment
from flows.report_charts import MEASURES, show_measure
from flows.report_news import GUARD, find_needs, find_news
from flows.run_report import (
    Check,
    FlaggedArticle,
    QuarantinedRecord,
    ReportError,
    Run,
    RunReport,
    read_run_report,
)

__all__ = ["ReportError", "RunReport", "read_run_report", "render_html", "render_text", "subject", "verdict"]

MAX_BYTES = 100_000  # Gmail hides what is beyond 102 kB
# Examples of a group, characters of a value, groups and rows of a section: the next while the page is too large.
LIMITS = ((5, 240, 15), (3, 160, 12), (1, 80, 10), (1, 40, 5), (1, 30, 3))
_RUN_ID = re.compile("[^0-9A-Za-z_-]")  # what a run id never has


def subject(report: RunReport) -> str:
    """`Winnow: 1,284 articles published, 2 warnings, 1 source changed`, or that nothing was, and why."""
    return f"Winnow: {headline(report)}"


def headline(report: RunReport) -> str:
    """The verdict on the run, and what else is news: sources that changed, runs that did not end."""
    parts = [verdict(report.run)]
    if report.changed_sources:
        parts.append(f"{count(report.changed_sources[0].source_count, 'source')} changed")
    if report.unfinished:
        parts.append(f"{count(len(report.unfinished), 'earlier run')} did not end")
    return ", ".join(parts)


def render_html(report: RunReport, images: Sequence[Image] = ()) -> str:
    """One page of at most MAX_BYTES in UTF-8, without any resource from elsewhere; images as parts of the same mail."""
    return _render("report.html", report, images)


def embed_images(html: str, images: Sequence[Image]) -> str:
    """The page with its images inside it, for a file. Text of pages cannot say `src="cid:`: its quotes are escaped."""
    for image in images:
        data = base64.b64encode(image.png).decode("ascii")
        html = html.replace(f'src="cid:{image.name}"', f'src="data:image/png;base64,{data}"')
    return html


def render_text(report: RunReport) -> str:
    """The same in plain text, for mail clients without HTML and for the terminal."""
    return _render("report.txt", report).strip() + "\n"


def _render(name: str, report: RunReport, images: Sequence[Image] = ()) -> str:
    template = _ENVIRONMENT.get_template(name)
    rendered = ""
    for limits in LIMITS:
        rendered = template.render(_view(report, images, *limits))
        if len(rendered.encode()) <= MAX_BYTES:
            break
    return rendered


def verdict(run: Run) -> str:
    """`1,284 articles published, 2 warnings`: how the run ended, for subject, headline and lists."""
    if run.status == "failed":
        why = f"{count(run.critical_count, 'critical check')} failed" if run.critical_count else "the run failed"
        return f"nothing published, {why}"
    if run.status != "published":
        return f"run is {run.status}"
    parts = [f"{count(run.article_count, 'article')} published" if run.article_count else "nothing new to publish"]
    if run.critical_count:
        parts.append(f"in spite of {count(run.critical_count, 'failed critical check')}")
    if run.warning_count:
        parts.append(count(run.warning_count, "warning"))
    return ", ".join(parts)


def _tone(run: Run) -> str:
    if run.status == "failed":
        return "bad"
    return "warn" if run.warning_count or run.critical_count or run.status != "published" else "good"


def _view(report: RunReport, images: Sequence[Image], examples: int, chars: int, row_count: int) -> dict[str, object]:
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
        (queries.PREVIOUS, report.previous),
        (queries.UNFINISHED, report.unfinished),
        (queries.HISTORY, report.history),
        (queries.CHECK_NEWS, report.check_news),
        (queries.CHANGED_SOURCES, report.changed_sources),
        (queries.NEW_TEMPLATES, report.new_templates),
    )
    return {
        "run": run,
        "verdict": headline(report),
        "problem": report.problem,
        "news": find_news(report),
        "needs": find_needs(report),
        "previous": report.previous,
        "images": {image.name: image for image in images},
        "changes": report.changed_sources[:row_count],
        "change_count": report.changed_sources[0].source_count if report.changed_sources else 0,
        "new_templates": report.new_templates[:row_count],
        "template_count": report.new_templates[0].template_count if report.new_templates else 0,
        "guarded": next((group for group in _groups(report.flagged, examples, 60) if group[0] == GUARD), None),
        "tone": _tone(run),
        "new_count": max(run.input_count - run.unchanged_count, 0),
        "chars": chars,
        "failed_checks": failed[:row_count],
        "hidden_check_count": max(len(failed) - row_count, 0),
        "suites": _suites(report.checks),
        "quarantined": _groups(report.quarantined, examples, row_count),
        "flagged": [group for group in _groups(report.flagged, examples, row_count + 1) if group[0] != GUARD],
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


_ENVIRONMENT = make_environment(Path(__file__).with_name("templates"))
_ENVIRONMENT.filters |= {"measure": MEASURES.__getitem__}
_ENVIRONMENT.globals |= {"show_measure": show_measure}
