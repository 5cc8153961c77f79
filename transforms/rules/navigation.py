"""Skip links, menus, breadcrumbs, tag lists, pagination, tickers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

import re2

from transforms.page import Page
from transforms.rule import Block, Rule, line

_TICKER = (
    r"(?:breaking(?: news)?(?: alerts?)?|news alerts?|latest news|just in|developing(?: story)?|live updates?|trending(?: now)?)"
    r"\s*[:|»>–-]?\s+(..+)"
)
_HEADLINE_OF = re2.compile(f"(?i){_TICKER}")
_TICKER_LINES = 6  # a ticker stands above the article
_SMALL_WORDS = frozenset(
    "a an and as at but by for from in into of off on or over the to up via vs with after amid".split()  # noqa: SIM905
)


def find_tickers(page: Page, labels: Sequence[int]) -> Iterator[tuple[int, int]]:
    """ "Breaking News Alert Three Piers Closed": a label that runs into a headline in title case, above the article."""
    for at in (page.lines[n] for n in labels if n < _TICKER_LINES):
        match = _HEADLINE_OF.fullmatch(at.text)
        if match and _is_headline(match.group(1)):
            yield at.start, at.end


_CRUMB = re.compile(r"\s*[»›→]\s*|\s+[>/|]\s+")
_CRUMB_MARK = re.compile("[»›→>/|]")
_LONGEST_CRUMB_CHARS = 60
_LONGEST_BREADCRUMB_CHARS = 300


def find_breadcrumbs(page: Page, trails: Sequence[int]) -> Iterator[tuple[int, int]]:
    """The lines that are breadcrumbs, wherever they stand."""
    for at in (page.lines[n] for n in trails):
        yield at.start, at.end


def _is_breadcrumb(text: str) -> bool:
    """ "Home > News > Harbour": two steps or more from "Home", else three or more; no sentence, no figures."""
    if len(text) > _LONGEST_BREADCRUMB_CHARS or text.endswith((".", "!", "?", ",")) or not _CRUMB_MARK.search(text):
        return False
    crumbs = [crumb for crumb in _CRUMB.split(text) if crumb]
    if not crumbs:  # a line of arrows
        return False
    from_home = crumbs[0].lower().removeprefix("you are here: ") in (
        "home",
        "startseite",
        "accueil",
        "inicio",
        "главная",
        "首页",
    )
    is_pointed = ">" in text or "›" in text or "»" in text
    if len(crumbs) < (2 if from_home else 3) or not (from_home or is_pointed):
        return False
    return all(len(crumb) <= _LONGEST_CRUMB_CHARS and not any(c.isdigit() for c in crumb) for crumb in crumbs)


_TRAIL = re2.compile(r"^[^.!?|{}\d]{1,40}(?:\s*\|\s*[^.!?|{}\d]{1,40}){1,8}$")
_TRAIL_LINES = 2  # below the first lines, bars part the cells of tables


def find_section_trails(page: Page) -> Iterator[tuple[int, int]]:
    """ "Travel | Lists | Slow journeys" above the article."""
    for at in page.lines[:_TRAIL_LINES]:
        if "|" in at.text and _TRAIL.search(at.text):
            yield at.start, at.end


def _is_headline(text: str) -> bool:
    if text.endswith((".", "!", "”", '"')):
        return False
    words = [word for word in text.split() if word[:1].isalpha()]
    capitals = sum(word[0].isupper() or word.lower() in _SMALL_WORDS for word in words)
    return len(words) >= 3 and capitals >= 0.9 * len(words)


_WORD = re.compile(r"[^\W_]+")

_SECTIONS = frozenset(
    "home news sports sport business politics opinion entertainment lifestyle health tech technology science world local "  # noqa: SIM905
    "weather video videos photos podcasts podcast about contact shop blog products services pricing login support events "
    "gallery archive archives careers company resources solutions partners community docs documentation store cart account "
    "search subscribe newsletter newsletters topics categories travel food culture education money jobs magazine obituaries "
    "classifieds live menu more help faq press team portfolio testimonials donate books music movies tv games style "
    "startseite aktuelles kontakt impressum accueil actualités inicio noticias contacto contato notizie nieuws kontakty "
    "главная новости контакты 首页 新闻 ホーム ニュース".split()
)
_LEAST_MENU_LINES = 4
_LEAST_SECTIONS = 3
_MENU_LINES = 60  # menus stand above and below an article
_LONGEST_LABEL_CHARS = 28


def find_menus(page: Page, labels: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Four or more labels in a row, at the top or the bottom, of which three or more name the parts of a site."""
    # Labels in a row have numbers that are as far apart as their places among the labels.
    for _, row in groupby(enumerate(labels), lambda place: place[1] - place[0]):
        menu = [page.lines[n] for _, n in row]
        is_outside = menu[-1].number < _MENU_LINES or menu[0].number >= len(page.lines) - _MENU_LINES
        if not is_outside or len(menu) < _LEAST_MENU_LINES:
            continue
        if sum(_names_section(part.text) for part in menu) >= max(_LEAST_SECTIONS, len(menu) // 6):
            for part in menu:
                yield part.start, part.end


def _is_label(text: str) -> bool:
    return len(text) <= _LONGEST_LABEL_CHARS and text[-1].isalpha() and text.count(" ") <= 4


def _names_section(text: str) -> bool:
    words = [word for word in _WORD.findall(text.lower()) if word not in ("us", "our", "the", "all", "my")]
    return len(words) == 1 and words[0] in _SECTIONS


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
        Block(_TICKER, find_tickers),
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
            r"explore the (?:chapters|series|sections)[:]?|(?:jump|go|skip) to(?: (?:section|review|recipe|a section|comments|top|bottom|page))?|in this (?:section|story|issue|post|page|series|chapter|review|video|episode)|what['’]s (?:in|inside) this (?:article|guide|post)|(?:quick|page) (?:links|navigation)|"
            r"(?:page )?\d{1,3}(?: ?\| ?| )\d{1,3}(?:(?: ?\| ?| )(?:\d{1,3}|…|\.\.\.))* ?(?:next|last|»|›|→)+.*|(?:first|last) page|(?:next|previous) page|‹ .+|(?:view|show|hide|open|close) (?:full )?(?:table of contents|contents|toc|menu|site)|(?:all|view|more) (?:topics|categories|tags|sections)|article contents|"
            r"(?:nach oben|zur[üu]ck(?: zur [üu]bersicht| nach oben)?|startseite|inhaltsverzeichnis|inhalt|n[äa]chste seite|vorherige(?:r)? (?:seite|beitrag|artikel)|n[äa]chster (?:beitrag|artikel)|haut de page|retour(?: en haut)?|accueil|sommaire|article (?:suivant|pr[ée]c[ée]dent)|page suivante|suivant|pr[ée]c[ée]dent|"
            r"volver(?: arriba)?|inicio|[íi]ndice|siguiente|anterior|entrada (?:siguiente|anterior)|art[íi]culo (?:siguiente|anterior)|voltar(?: ao topo)?|pr[óo]xim[oa]|torna su|indice|articolo (?:successivo|precedente)|pagina successiva|terug(?: naar boven)?|inhoudsopgave|volgende|vorige|(?:do|na) g[óo]ry?|spis tre[śs]ci|nast[ęe]pn[ya]|poprzedni[a]?|"
            r"(?:наверх|назад|главная|содержание|оглавление|далее|следующая(?: запись)?|предыдущая(?: запись)?)|(?:العودة إلى الأعلى|الرئيسية|التالي|السابق|المحتويات)|(?:返回(?:顶部|首页)?|首页|目录|下一篇|上一篇|下一页|上一页|目次|トップ(?:へ戻る|に戻る|ページ)?|ホーム|次の記事|前の記事|次へ|前へ))|"
            r"(?:random|latest) posts?|listen live|watch live|live(?: tv)?|view posts by tag|all posts|blog index",
        ),
        removes=(
            "Back to top",
            "Menu",
            "Page 2 of 8",
            "Previous post",
            "1 2 3 … 8 Next",
            "Inhaltsverzeichnis",
            "Retour en haut",
            "下一篇",
        ),
        keeps=(
            "Back to the top of the hill it was an hour's walk.",
            "Home is where the harbour is.",
            "Inhalt und Form gehören zusammen.",
            "Главная улица ведёт в порт.",
        ),
    ),
    Rule(
        "tag-list",
        "navigation",
        line(
            r"(?:tags?|tagged(?: (?:with|as|in))?|labels?|filed under|posted in|categor(?:y|ies)|topics?|keywords|themenseiten|themen|mehr zum thema|schlagw[öo]rter|stichworte|"
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
        Block(_is_breadcrumb, find_breadcrumbs),
        removes=("Home > News > Harbour", "Business › Ports › Northport"),
        keeps=("Home / away form decided the match, the coach said.", "The ratio fell from 3 > 2 last year."),
    ),
    Rule(
        "menu",
        "navigation",
        Block(_is_label, find_menus),
        removes=("News\nHarbour Life\nOpinion\nAbout Us\nCareers",),
        keeps=("News\n\nThe council met.\n\nSport\n\nThe match was lost.",),
    ),
    Rule(
        "hashtags",
        "navigation",
        line(r"#[\p{L}\d_&+-]+(?:[\s,]+#[\p{L}\d_&+-]+)+"),
        removes=("#harbour #ferries #budget",),
        keeps=("#1 is the best berth in the port.",),
    ),
)
