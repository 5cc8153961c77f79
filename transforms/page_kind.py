"""Whether a page holds an article at all: error pages, login walls, pages that need a browser, and lists of links.

Told by what the page shows and by the little text that was found in it, so that a news item about a login wall is none.
"""

from __future__ import annotations

import re2
from lxml.html import HtmlElement

from transforms.types import Flag
from transforms.words import words_of

SHORT_WORDS = 100  # an error page has no more beside its title
FEW_WORDS = 40  # a wall has hardly any text of its own; forums and shops tell of scripts and accounts beside theirs
WALL_CHARS = 1_500  # and shows little else
_HEAD_CHARS = 300
_LONG_CHARS = 4_000  # a longer text has more words than that
_ERROR = re2.compile(
    r"(?i)(?:^|\b)(?:(?:error )?40[34]\b|page (?:not|could not be|cannot be|can.t be|no longer) "
    r"(?:found|exists?|available)"
    r"|(?:page|content|article) (?:is )?(?:not available|no longer available|does ?n.t exist|has been removed)"
    r"|not found$|seite (?:wurde )?nicht gefunden|page (?:est )?introuvable|página no encontrada|pagina non trovata"
    r"|página não encontrada|pagina niet gevonden|nie znaleziono strony|sidan hittades inte|страница не найдена"
    r"|access denied|forbidden$|service unavailable|ページが見つかりません|页面不存在|找不到页面)"
)
_SCRIPT = re2.compile(
    r"(?i)(?:enable|activate|turn on|requires?|needs?|without|allow) (?:your browser.s )?java ?script|java ?script "
    r"(?:is|to be) (?:disabled|required|not enabled|enabled|turned off)|javascript (?:aktivieren|ist deaktiviert)"
    r"|activer? javascript|habilit\w+ javascript|activ\w+ javascript|включите javascript|you are not a robot"
    r"|checking your browser|verify(?:ing)? (?:that )?you are (?:a )?human|unsupported browser|browser is not supported"
)
_LOGIN = re2.compile(
    r"(?i)\b(?:log ?in|sign ?in|create (?:an|your) account|anmelden|einloggen|se connecter|connexion|accedi|entrar"
    r"|iniciar sesi[oó]n|inloggen|zaloguj|logga in)\b|войти|вход|ログイン|登录|تسجيل الدخول|로그인|giriş yap"
)


def find_no_article(tree: HtmlElement, title: str, text: str, shown: str) -> Flag | None:
    """The flag `not-an-article` with what shows it, or None.

    `text` is what was taken for the main content, `shown` the beginning of all that the page shows.
    """
    words = count_words(text) if len(text) <= _LONG_CHARS else SHORT_WORDS + 1
    if words > SHORT_WORDS:
        return None
    head = f"{title}\n{(text or shown)[:_HEAD_CHARS]}"
    if found := next((m for m in map(_ERROR.search, head.split("\n")) if m), None):
        return Flag("not-an-article", f"an error page: {found.group().strip()!r} and {words} words of text")
    if words > FEW_WORDS or len(shown) > WALL_CHARS:
        return None
    if found := _SCRIPT.search(shown):
        return Flag("not-an-article", f"the page needs a browser: {found.group()!r} and {words} words of text")
    if any(field.get("type") == "password" for field in tree.iter("input")) and (found := _LOGIN.search(shown)):
        return Flag("not-an-article", f"a login wall: a password field, {found.group()!r} and {words} words of text")
    return None


def count_words(text: str) -> int:
    """Words; two characters for one where a script puts no space between words."""
    return max(len(words_of(text)), sum(char >= "\u2e80" for char in text) // 2)
