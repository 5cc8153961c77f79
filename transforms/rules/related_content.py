"""Lists and teasers of other articles: a heading that says so, and the titles that follow it."""

from __future__ import annotations

from collections.abc import Iterator

import re2

from transforms.page import Line, Page
from transforms.rule import Rule, line

_HEADING = re2.compile(
    r"(?i)^[\s\-–—•*#|»>]*(?:(?:our )?related (?:articles?|posts?|stories|content|news|links|topics?|reading|coverage|services)|"
    r"(?:recommended|suggested) (?:for you|reading|articles|stories|posts)|you (?:may|might)(?: also)? (?:like|enjoy|be interested in)|"
    r"stories you might be interested in|(?:most|top) (?:read|viewed|popular|shared|stories)|(?:popular|trending|recent|latest)"
    r"(?: (?:posts?|articles?|stories|news|now|topics))|trending|more (?:stories|news|articles|posts|coverage)|more (?:from|on|in) .{2,40}|"
    r"read next|up next|what to read next|don['’]t miss|see also|also read|further reading|in other news|editors?['’]? picks?|"
    r"(?:next|previous) (?:article|post|story)|"
    r"[äa]hnliche (?:artikel|beitr[äa]ge)|das k[öo]nnte (?:sie|dich) auch interessieren|mehr zum thema|weitere artikel|meistgelesen|"
    r"articles? (?:similaires|li[ée]s|connexes)|sur le m[êe]me sujet|[àa] lire aussi|les plus lus|"
    r"(?:art[íi]culos|noticias|entradas) relacionad[oa]s|tambi[ée]n te puede interesar|lo m[áa]s le[íi]do|"
    r"(?:artigos|not[íi]cias|posts) relacionad[oa]s|veja tamb[ée]m|mais lidas|articoli correlati|leggi anche|potrebbe interessarti|"
    r"gerelateerde (?:artikelen|berichten)|lees ook|meest gelezen|podobne (?:artyku[łl]y|wpisy)|przeczytaj tak[żz]e|"
    r"(?:похожие|связанные) (?:статьи|записи|материалы|новости)|читайте также|по теме|(?:مقالات|مواضيع|أخبار) ذات صلة|اقرأ أيض[اً]+|"
    r"相关(?:文章|新闻|阅读|推荐)|推荐阅读|延伸阅读|热门文章|関連(?:記事|ニュース)|おすすめ(?:記事)?|人気記事)[\s:：»>.…]*$"
)
_LONGEST_TITLE_CHARS = 140
_MOST_TITLES = 30
_PROSE_WORDS = 25  # a shorter line with a full stop is likelier a notice or an author's line than a section


def find_related_blocks(page: Page) -> Iterator[tuple[int, int]]:
    """The heading and the titles below it, up to the next prose or the end.

    A title directly above prose may be the next section's heading, so it stays.
    """
    lines = page.lines
    at = 0
    while at < len(lines):
        if not _HEADING.search(lines[at].text):
            at += 1
            continue
        end = at + 1
        while end < len(lines) and end - at <= _MOST_TITLES and _is_title(lines[end]):
            end += 1
        reaches_prose = end < len(lines) and len(lines[end].text.split()) >= _PROSE_WORDS
        last = end - 1
        if reaches_prose and last > at and not lines[last].text.startswith(("-", "•", "*", "·")):
            last -= 1
        for title in lines[at : last + 1]:
            yield title.start, title.end
        at = end


def _is_title(line: Line) -> bool:
    text = line.text
    return len(text) <= _LONGEST_TITLE_CHARS and not text.endswith((".", "!", ":", "。", ";")) and text.count(". ") == 0


RELATED_CONTENT: tuple[Rule, ...] = (
    Rule(
        "neighbour-post",
        "related_content",
        line(r"(?:previous|next|prev|older|newer) (?:post|article|story|entry)\s*[:：]\s*.+"),
        removes=("Previous post: How the pier was built", "Next article: Five ferries and a storm"),
        keeps=("Next post on the river path: the old mill.",),
    ),
    Rule(
        "related-block",
        "related_content",
        find_related_blocks,
        removes=(
            "Related articles",
            "You may also like",
            "Ähnliche Artikel",
            "相关文章",
        ),
        keeps=(
            "Related articles of clothing were found on the shore.",
            "Popular posts on the town board asked for a new crossing.",
        ),
    ),
)
