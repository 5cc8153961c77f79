"""The report site: static pages of a warehouse that work from a folder, without a server and without the network.

Pages are built beside the folder and put in its place whole, so that a reader never sees half a site. What is read is
the warehouse's snapshot, or a private copy: building takes long, and a reader of the warehouse would keep runs out.
Article pages are rendered by worker processes, each with its own connection.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import tempfile
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from jinja2 import Environment

from flows.printed import make_environment, visible
from flows.site_charts import draw_bar, draw_line
from flows.site_marks import mark_original
from flows.site_rows import ArticleFacts, ListedArticle, SiteFacts, by_source, choose_articles, read_articles, read_site
from flows.site_views import article_view, overview_view, run_view, source_view
from flows.workers import default_workers, make_workers
from transforms.types import WinnowError
from warehouse.connect import connect_reader
from warehouse.snapshot import copy_warehouse, snapshot_of

MARKER = "winnow-site.json"  # what makes a folder one that may be replaced
ARTICLES_A_TASK = 250
_TEMPLATES = Path(__file__).with_name("templates") / "site"
_ASSETS = ("site.css", "site.js")


class SiteError(WinnowError):
    """The folder cannot take the site."""


@dataclass(frozen=True, slots=True)
class Site:
    """What was built: pages by what they show."""

    folder: Path
    articles: int
    articles_without_page: int
    sources: int
    runs: int


def build_site(warehouse: Path, folder: Path, *, most_articles: int | None = None, workers: int = 0) -> Site:
    """Build the site of a warehouse in `folder`, replacing one that is there.

    `most_articles` bounds the article pages: those that need a person first have one, the others stand in lists alone.
    Raises SiteError where the folder holds something else than a site, and what opening the warehouse raises.
    """
    _check_folder(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}.") as made:
        new = Path(made) / "site"
        site = _write_site(_still(warehouse, Path(made)), new, folder, most_articles, workers)
        _put_in_place(new, folder, Path(made) / "old")
    return site


def page_of(key: str) -> str:
    """The file name of a page: readable, and another one for each key, whatever the key is made of."""
    if re.fullmatch("[0-9a-f]{16,64}", key):
        return f"{key}.html"
    readable = re.sub("[^a-z0-9]+", "-", key.lower())[:60].strip("-")
    return f"{readable}-{hashlib.sha256(key.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}.html"


def _check_folder(folder: Path) -> None:
    if folder.exists() and not folder.is_dir():
        raise SiteError(f"{folder} is a file; name a folder for the site")
    if folder.is_dir() and any(folder.iterdir()) and not (folder / MARKER).is_file():
        raise SiteError(
            f"{folder} has files and no {MARKER}, so it is no site of ours to be replaced; name a new or empty folder"
        )


def _still(warehouse: Path, made: Path) -> Path:
    """A warehouse that no run changes or waits for: its snapshot where there is one, else a copy in `made`."""
    snapshot = snapshot_of(warehouse)
    if snapshot.is_file():
        return snapshot
    copy = made / "warehouse"
    copy_warehouse(warehouse, copy)
    return copy


def _write_site(warehouse: Path, new: Path, folder: Path, most_articles: int | None, workers: int) -> Site:
    for name in ("article", "source", "run"):
        (new / name).mkdir(parents=True)
    for name in _ASSETS:
        shutil.copyfile(_TEMPLATES / name, new / name)
    with connect_reader(warehouse) as connection:
        facts = read_site(connection)
        ids = choose_articles(connection, 2**62 if most_articles is None else most_articles)
    count = min(workers or default_workers(), max(1, len(ids) // ARTICLES_A_TASK))
    tasks = [tuple(ids[at : at + ARTICLES_A_TASK]) for at in range(0, len(ids), ARTICLES_A_TASK)]
    names = {run.run_id: run.run_name for run in facts.runs}
    pool = make_workers(count, warm=False) if count > 1 else None
    try:
        waiting = [pool.submit(write_articles, warehouse, new, task, names) for task in tasks] if pool else []
        _write_lists(facts, new, frozenset(ids))
        for task in tasks if pool is None else ():
            write_articles(warehouse, new, task, names)
        for future in waiting:
            future.result()
    finally:
        _close(pool)
    built = {"made_by": "winnow site", "made_at": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}", "articles": len(ids)}
    (new / MARKER).write_text(json.dumps(built) + "\n", encoding="utf-8")
    without_page = len({article.article_id for article in facts.articles}.difference(ids))
    return Site(folder, len(ids), without_page, len(facts.sources), len(facts.runs))


def _close(pool: ProcessPoolExecutor | None) -> None:
    if pool:
        pool.shutdown(wait=True, cancel_futures=True)


def _put_in_place(new: Path, folder: Path, old: Path) -> None:
    """Two renames; where the second fails, the old site comes back."""
    try:
        if folder.exists():
            folder.rename(old)
        new.rename(folder)
    except OSError as error:
        if old.exists():
            old.rename(folder)
        raise SiteError(
            f"{folder}: the site cannot be put there: {error.strerror or error}. "
            "Name a folder below one that you may write to"
        ) from error


def _write_lists(facts: SiteFacts, new: Path, with_page: frozenset[str]) -> None:
    """Every page but those of articles, and the data of the list of articles."""
    articles = by_source(facts.articles)
    _write(new / "index.html", "overview.html", overview_view(facts), with_page)
    _write(new / "articles.html", "articles.html", {"total": len(facts.articles)}, with_page)
    _write(new / "sources.html", "sources.html", {"sources": facts.sources}, with_page)
    _write(new / "runs.html", "runs.html", {"runs": facts.runs}, with_page)
    for source in facts.sources:
        view = source_view(facts, source, articles.get(source.source, ()))
        _write(new / "source" / page_of(source.source), "source.html", view, with_page)
    by_run: dict[str, list[ListedArticle]] = {}
    for article in facts.articles:
        by_run.setdefault(article.run_id, []).append(article)
    for run in facts.runs:
        view = run_view(facts, run, by_run.get(run.run_id, []))
        _write(new / "run" / page_of(run.run_id), "run.html", view, with_page)
    (new / "articles.js").write_text(_article_data(facts.articles, with_page), encoding="ascii")


def write_articles(warehouse: Path, new: Path, ids: Sequence[str], run_names: dict[str, str]) -> None:
    """The pages of these articles; what a worker process does."""
    with connect_reader(warehouse) as connection:
        articles = read_articles(connection, ids)
    for facts in articles:
        page = new / "article" / page_of(facts.article.article_id)
        page.write_text(_render_article(facts, run_names), encoding="utf-8")


def _render_article(facts: ArticleFacts, run_names: dict[str, str]) -> str:
    view = article_view(facts, run_names)
    return _environment().get_template("article.html").render(root="../", section="articles", **view)


def _write(path: Path, template: str, view: dict[str, object], with_page: frozenset[str]) -> None:
    nested = path.parent.name in {"source", "run"}
    section = {"overview.html": "overview", "run.html": "runs", "source.html": "sources"}.get(template, path.stem)
    text = (
        _environment()
        .get_template(template)
        .render(root="../" if nested else "", section=section, with_page=with_page, **view)
    )
    path.write_text(text, encoding="utf-8")


def _article_data(articles: Sequence[ListedArticle], with_page: frozenset[str]) -> str:
    """The list of articles as a script, since pages of a folder may not fetch: names once, then a row an article.

    Text is data here and is set as text by the page's script; `<` is escaped all the same.
    """
    sources = sorted({article.source for article in articles})
    places = {source: number for number, source in enumerate(sources)}
    rows = [
        [
            page_of(article.article_id) if article.article_id in with_page else "",
            str(visible(article.title))[:200],
            places[article.source],
            str(article.published_on or ""),
            article.published_status,
            article.language or "",
            None if article.quality is None else round(article.quality, 2),
            None if article.seo_padding is None else round(article.seo_padding, 2),
            article.text_words,
            round(article.removed_ratio, 3),
            article.flags,
            article.run_id,
        ]
        for article in articles
    ]
    named = [[str(visible(source)), page_of(source)] for source in sources]
    data = json.dumps({"sources": named, "rows": rows}, ensure_ascii=True, separators=(",", ":"), allow_nan=False)
    return f"window.winnow = {data.replace('<', chr(92) + 'u003c')};\n"


@cache
def _environment() -> Environment:
    environment = make_environment(_TEMPLATES)
    environment.filters |= {"page": page_of}
    environment.globals |= {"draw_line": draw_line, "draw_bar": draw_bar, "mark_original": mark_original}
    return environment
