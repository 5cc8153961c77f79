"""`winnow site`: the warehouse as pages for people."""

from __future__ import annotations

import time
from pathlib import Path

from flows.report_site import build_site


def build_and_show(warehouse: Path, folder: Path, *, most_articles: int | None, workers: int) -> None:
    """Build the site and say where it is. Raises what `build_site` raises."""
    began = time.monotonic()
    site = build_site(warehouse, folder, most_articles=most_articles, workers=workers)
    print(
        f"{folder / 'index.html'}: {site.articles:,} articles, {site.sources:,} sources, {site.runs:,} runs "
        f"in {time.monotonic() - began:.1f} s"
    )
    if site.articles_without_page:
        print(f"{site.articles_without_page:,} articles stand in the lists without a page (--articles {most_articles})")
