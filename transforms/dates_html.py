"""Date candidates of a parsed page: what it states for machines, what a reader sees, and facts on where and on what.

Roles are kept apart: a page that says only when it was changed is not made to say when it was published. Dates of
comments and teasers come too, with facts that say so. Broken mark-up and broken JSON are no errors.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from lxml.html import HtmlElement

from transforms.dates_stated import find_stated_dates
from transforms.dates_visible import find_visible_dates
from transforms.types import DateCandidate


def find_html_dates(
    tree: HtmlElement, url: str | None, fetched_at: datetime | None = None
) -> tuple[DateCandidate, ...]:
    """Date candidates of a parsed page and its address, a date once by role and origin, where it stood best.

    Origins: json-ld (an article), json-ld-page, meta, url, time, microdata, visible (an element whose class says date)
    and those of `dates_text`. The first candidate carries the facts on the page besides its own.
    """
    stated, page = find_stated_dates(tree, url)
    firsts: dict[tuple[str, str, str], DateCandidate] = {}
    for candidate in (*stated, *find_visible_dates(tree, stated, fetched_at)):
        firsts.setdefault((candidate.date, candidate.role, candidate.origin), candidate)
    candidates = tuple(firsts.values())
    if not candidates:
        return ()
    first = candidates[0]
    return (replace(first, facts=(*first.facts, *(f"page-{fact}" for fact in sorted(page)))), *candidates[1:])
