"""Skip links, menus, breadcrumbs, tag lists, pagination, tickers."""

from __future__ import annotations

import re
from collections.abc import Iterator

import re2

from transforms.page import Page
from transforms.rule import Rule, line

_TICKER = re2.compile(
    r"(?i)^(?:breaking(?: news)?(?: alerts?)?|news alerts?|latest news|just in|developing(?: story)?|live updates?|trending(?: now)?)"
    r"\s*[:|»>–-]?\s+(..+)$"
)
_TICKER_LINES = 6  # a ticker stands above the article
_SMALL_WORDS = frozenset(
    [
        "a",
        "an",
        "and",
        "as",
        "at",
        "but",
        "by",
        "for",
        "from",
        "in",
        "into",
        "of",
        "off",
        "on",
        "or",
        "over",
        "the",
        "to",
        "up",
        "via",
        "vs",
        "with",
        "after",
        "amid",
    ]
)


def find_tickers(page: Page) -> Iterator[tuple[int, int]]:
    """ "Breaking News Alert Three Piers Closed": a label that runs into a headline in title case, above the article."""
    for at in page.lines[:_TICKER_LINES]:
        match = _TICKER.search(at.text)
        if match and _is_headline(match.group(1)):
            yield at.start, at.end


_CRUMB = re.compile(r"\s*[»›→]\s*|\s+[>/|]\s+")
_LONGEST_CRUMB_CHARS = 60
_LONGEST_BREADCRUMB_CHARS = 300


def find_breadcrumbs(page: Page) -> Iterator[tuple[int, int]]:
    """ "Home > News > Harbour": two steps or more from "Home", else three or more; no sentence, no figures."""
    for at in page.lines:
        if len(at.text) > _LONGEST_BREADCRUMB_CHARS or at.text.endswith((".", "!", "?", ",")):
            continue
        crumbs = [crumb for crumb in _CRUMB.split(at.text) if crumb]
        if not crumbs:  # a line of arrows
            continue
        from_home = crumbs[0].lower().removeprefix("you are here: ") in (
            "home",
            "startseite",
            "accueil",
            "inicio",
            "главная",
            "首页",
        )
        is_pointed = ">" in at.text or "›" in at.text or "»" in at.text
        if len(crumbs) < (2 if from_home else 3) or not (from_home or is_pointed):
            continue
        if all(len(crumb) <= _LONGEST_CRUMB_CHARS and not any(c.isdigit() for c in crumb) for crumb in crumbs):
            yield at.start, at.end


_TRAIL = re2.compile(r"^[^.!?|{}\d]{1,40}(?:\s*\|\s*[^.!?|{}\d]{1,40}){1,8}$")
_TRAIL_LINES = 2  # below the first lines, bars part the cells of tables


def find_section_trails(page: Page) -> Iterator[tuple[int, int]]:
    """ "Travel | Lists | Slow journeys" above the article."""
    for at in page.lines[:_TRAIL_LINES]:
        if _TRAIL.search(at.text):
            yield at.start, at.end


def _is_headline(text: str) -> bool:
    if text.endswith((".", "!", "”", '"')):
        return False
    words = [word for word in text.split() if word[:1].isalpha()]
    capitals = sum(word[0].isupper() or word.lower() in _SMALL_WORDS for word in words)
    return len(words) >= 3 and capitals >= 0.9 * len(words)


NAVIGATION: tuple[Rule, ...] = (
    Rule(
        "skip-link",
        "navigation",
        line(
            r"(?:(?:skip|jump) to (?:(?:the )?(?:main )?(?:content|navigation|footer|header|search|article|sidebar|menu|recipe|comments)|main)\s*)+",
            r"zum (?:haupt)?inhalt(?: (?:springen|wechseln))?|aller au contenu(?: principal)?|(?:saltar|ir) al contenido(?: principal)?|"
            r"(?:pular|ir) para o conte[úu]do|vai al contenuto|(?:ga naar|naar) (?:de )?(?:hoofd)?inhoud|przejd[źz] do tre[śs]ci|"
            r"перейти к (?:основному )?(?:содержимому|содержанию|контенту)|(?:انتقل|تخطى|تخطي) إلى المحتوى|跳(?:至|转到|到)(?:主要)?(?:内容|正文)|"
            r"(?:コンテンツ|本文)へ(?:スキップ|移動)",
        ),
        removes=("Skip to content", "Skip to main content", "Zum Inhalt springen", "Перейти к содержимому"),
        keeps=("Skip to the harbour and you will see the cranes.",),
    ),
    Rule(
        "news-ticker",
        "navigation",
        find_tickers,
        removes=("Breaking News Alert Council Members Step Up Review Of Pier Contracts",),
        keeps=(
            "Breaking news alerts woke the village at dawn, residents said.",
            "Breaking the ice took two days.",
        ),
    ),
    Rule(
        "section-trail",
        "navigation",
        find_section_trails,
        removes=("Travel | Lists | Slow ferries",),
        keeps=("Either | or is no choice at all. The crew wanted both.",),
    ),
    Rule(
        "page-links",
        "navigation",
        line(
            r"back to (?:top|home|blog|news|all .{2,30}|the top|homepage)|(?:main |site |toggle )?(?:menu|navigation)|home|top|search|sitemap|"
            r"breadcrumbs?|back|sections|table of contents|on this page|in this (?:article|guide|post)|contents|"
            r"(?:previous|next|older|newer|prev)(?: (?:posts?|articles?|page|entries|story))?|page \d+(?: of \d+)?|« (?:previous|older).*|"
            r"(?:random|latest) posts?|listen live|watch live|live(?: tv)?|view posts by tag|all posts|blog index",
        ),
        removes=("Back to top", "Menu", "Page 2 of 8", "Previous post"),
        keeps=("Back to the top of the hill it was an hour's walk.", "Home is where the harbour is."),
    ),
    Rule(
        "tag-list",
        "navigation",
        line(
            r"(?:tags?|tagged(?: (?:with|as|in))?|labels?|filed under|posted in|categor(?:y|ies)|topics?|keywords?|schlagw[öo]rter|stichworte|"
            r"mots[- ]cl[ée]s|[ée]tiquettes|etiquetas|categor[íi]as?|tag|tagi|теги|метки|рубрика|الوسوم|标签|关键词|タグ|カテゴリー)"
            r"\s*[:：]\s*.*",
            unless=r"[.!?]\s",
        ),
        removes=("Tags: harbour, ferries, budget", "Filed under: Local news", "Теги: порт, краны"),
        keeps=(
            "Tag: the old game is back. Children play it on the pier again.",
            "Labels fell off the crates in the rain.",
        ),
    ),
    Rule(
        "breadcrumb",
        "navigation",
        find_breadcrumbs,
        removes=("Home > News > Harbour", "Business › Ports › Northport"),
        keeps=("Home / away form decided the match, the coach said.", "The ratio fell from 3 > 2 last year."),
    ),
)
