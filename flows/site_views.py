"""What each page of the site shows, made of what was read: pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import groupby

from markupsafe import Markup

from flows.report import verdict
from flows.run_report import Run
from flows.site_charts import Point, Unit, draw_line
from flows.site_rows import ArticleFacts, DateFound, ListedArticle, ScorePart, SiteFacts, SourceSum, TrendPoint

MOST_LISTED = 200  # articles of a source or run on its page; all of them are in the list of articles
_BEST = 10  # sources at each end, on the overview
_CHARTS: tuple[tuple[str, Unit, str], ...] = (
    ("articles", "count", "New articles a run"),
    ("mean_quality", "score", "Mean quality of a run's new articles"),
    ("undated_ratio", "ratio", "Share without a date"),
    ("padded_ratio", "ratio", "Share flagged as padded"),
    ("removed_ratio", "ratio", "Share of the text removed"),
)


def overview_view(facts: SiteFacts) -> dict[str, object]:
    """Totals, the last run, trends, kinds, flags, and the sources at both ends."""
    judged = tuple(source for source in facts.sources if source.mean_quality is not None)
    worst = judged[max(_BEST, len(judged) - _BEST) :]
    return {
        "totals": facts.totals,
        "last": facts.runs[0] if facts.runs else None,
        "verdict": verdict(facts.runs[0]) if facts.runs else "",
        "charts": (*_run_charts(facts.runs), *_charts(facts.trend)[1:]),
        "trend": facts.trend[-20:],
        "kinds": facts.kinds,
        "most_removed_chars": max((kind.removed_chars for kind in facts.kinds), default=0),
        "flags": facts.flags,
        "best": judged[:_BEST],
        "worst": tuple(reversed(worst)),
        "runs": facts.runs[:8],
    }


def source_view(facts: SiteFacts, source: SourceSum, articles: Sequence[ListedArticle]) -> dict[str, object]:
    """One source: its history, what is taken out of it, and its articles, the worst first."""
    name = source.source
    flags = Counter(flag for article in articles for flag in article.flags)
    return {
        "source": source,
        "charts": _charts(facts.source_trends.get(name, ())),
        "trend": facts.source_trends.get(name, ())[-20:],
        "rules": facts.source_rules.get(name, ()),
        "templates": facts.source_templates.get(name, ()),
        "refused": facts.source_refused.get(name, ()),
        "flags": flags.most_common(),
        "articles": articles[:MOST_LISTED],
        "article_count": len(articles),
    }


def run_view(facts: SiteFacts, run: Run, articles: Sequence[ListedArticle]) -> dict[str, object]:
    """One run: verdict, counts, checks, what it refused, and the articles that it was the last to publish."""
    sources = Counter(article.source for article in articles)
    return {
        "run": run,
        "verdict": verdict(run),
        "checks": facts.run_checks.get(run.run_id, ()),
        "refused": facts.run_refused.get(run.run_id, ()),
        "left_out": facts.run_left_out.get(run.run_id, ()),
        "sources": sources.most_common(50),
        "source_count": len(sources),
        "flags": Counter(flag for article in articles for flag in article.flags).most_common(),
        "articles": articles[:MOST_LISTED],
        "article_count": len(articles),
    }


def article_view(facts: ArticleFacts, run_names: dict[str, str]) -> dict[str, object]:
    """One article: its pieces, and all that is known and judged of it."""
    kinds = Counter(edit.kind for edit in facts.edits if edit.removed_text.strip())
    return {
        "article": facts.article,
        "name": facts.article.title or facts.article.document_id,
        "edits": facts.edits,
        "kinds": kinds.most_common(),
        "flags": facts.flags,
        "scores": _scores(facts.scores),
        "dates": tuple((date, _is_chosen(date, facts)) for date in facts.dates),
        "signals": facts.signals,
        "duplicates": facts.duplicates,
        "run_name": run_names.get(facts.article.run_id, ""),
    }


def _scores(parts: Sequence[ScorePart]) -> list[tuple[ScorePart, tuple[ScorePart, ...]]]:
    """Each score with its components, those that count most first."""
    scores = []
    for _, group in groupby(parts, key=lambda part: part.score):
        found = tuple(group)
        total = next((part for part in found if part.component == "total"), None)
        if total:
            scores.append((total, tuple(part for part in found if part.component != "total")))
    return scores


def _is_chosen(date: DateFound, facts: ArticleFacts) -> bool:
    article = facts.article
    return (
        article.published_on is not None
        and f"{article.published_on}".startswith(date.date_text)
        and (date.origin, date.evidence) == (article.published_origin, article.published_evidence)
    )


def _charts(trend: Sequence[TrendPoint]) -> tuple[tuple[str, Markup], ...]:
    return tuple(
        (title, draw_line(title, unit, [Point(point.seen_at, getattr(point, measure)) for point in trend]))
        for measure, unit, title in _CHARTS
        if len(trend) > 1  # one dot is no history; the figures stand above
    )


def _run_charts(runs: Sequence[Run]) -> tuple[tuple[str, Markup], ...]:
    """Volumes by run, the oldest first."""
    if len(runs) < 2:
        return ()
    shown = tuple(reversed(runs))
    return tuple(
        (title, draw_line(title, "count", [Point(run.started_at, getattr(run, measure)) for run in shown]))
        for measure, title in (
            ("article_count", "Articles published a run"),
            ("quarantine_count", "Records quarantined a run"),
            ("warning_count", "Warnings a run"),
        )
    )
