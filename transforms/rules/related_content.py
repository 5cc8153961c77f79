"""Lists and teasers of other articles: a heading that says so, and the titles that follow it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from transforms.page import Line, Page
from transforms.rule import Block, Rule, line

_HEADING = (
    r"[\s\-–—•*#|»>]*(?:(?:our )?related (?:articles?|posts?|stories|content|news|links|topics?|reading|coverage|services)|"
    r"(?:recommended|suggested) (?:for you|reading|articles|stories|posts)|you (?:may|might)(?: also)? (?:like|enjoy|be interested in)|"
    r"stories you might be interested in|(?:most|top) (?:read|viewed|popular|shared|stories)|(?:popular|trending|recent|latest)"
    r"(?: (?:posts?|articles?|stories|news|now|topics))|trending|more (?:stories|news|articles|posts|coverage)|more (?:from|on|in) .{2,40}|"
    r"read next|up next|what to read next|don['’]t miss|see also|also read|in other news|editors?['’]?s?['’]? (?:picks?|choice)|"
    r"(?:next|previous) (?:article|post|story)|(?:you (?:may|might|['’]?ll)|readers) (?:also )?(?:love|like|enjoy|want to read).{0,20}|(?:more|latest|recent|popular|similar) (?:\w+ )?(?:posts?|articles?|stories|blogs?|guides|resources|"
    r"insights|topics|reads?|reading|recipes|videos|episodes|podcasts|headlines|releases|case studies|interviews|books)(?: (?:you (?:may|might|['’]ll).*|for you|in this (?:section|category|series)|(?:from|by|on|about|in) (?:the |our |this )?[^\s.,]+(?: [^\s.,]+)?))?|more great .{2,30}|"
    r"people (?:also (?:read|ask|viewed|like)|on the move)|explore (?:more|further|related.{0,20})|keep (?:reading|exploring)|continue (?:reading|exploring)|recommended(?: (?:by .{2,30}|articles?|content|stories|videos?))?|trending (?:now|stories|today|articles|topics)|hot topics|"
    r"around the web|from (?:around|across) the web|from our (?:partners|network|blog|sponsors)|promoted stories|sponsored stories|you missed|in case you missed it|latest (?:from|in|on) .{2,40}|top news|news in pictures|newsletter archive|blogroll|recent (?:comments|activity|changes)|"
    r"[äa]hnliche (?:artikel|beitr[äa]ge|themen)|mehr (?:aus|von|zu) .{2,30}|neueste (?:artikel|beitr[äa]ge)|letzte beitr[äa]ge|beliebte (?:artikel|beitr[äa]ge)|auch interessant|empfohlene? (?:artikel|beitr[äa]ge|inhalte)|"
    r"(?:[àa] d[ée]couvrir|derniers articles|articles r[ée]cents|nos derniers articles|vous aimerez aussi|[àa] lire [ée]galement|dans la m[êe]me (?:rubrique|cat[ée]gorie)|recommand[ée] pour vous)|(?:[úu]ltimas noticias|entradas recientes|m[áa]s noticias|te puede interesar|m[áa]s le[íi]das|lo [úu]ltimo|recomendados?)|"
    r"(?:[úu]ltimas not[íi]cias|posts recentes|leia (?:tamb[ée]m|mais)|relacionadas?|voc[êe] (?:tamb[ée]m )?pode gostar)|(?:articoli recenti|ultime notizie|potrebbe interessarti anche|ti potrebbe(?: anche)? interessare|i pi[ùu] letti)|(?:meer (?:over|van|uit|nieuws) ?.{0,30}|recente berichten|laatste nieuws|ook interessant|aanbevolen)|"
    r"(?:ostatnie wpisy|zobacz (?:te[żz]|tak[żz]e|r[óo]wnie[żz])|polecane|czytaj (?:te[żz]|tak[żz]e|r[óo]wnie[żz])|najnowsze (?:artyku[łl]y|wiadomo[śs]ci)|mo[żz]e ci[ęe] zainteresowa[ćc].*)|(?:последние (?:новости|записи)|другие (?:новости|материалы|статьи).{0,30}|рекомендуем|популярное|вам (?:также )?может (?:понравиться|быть интересно)|смотрите также|еще по теме)|"
    r"(?:آخر الأخبار|الأكثر قراءة|قد يعجبك أيضا?ً?|مقالات مشابهة|مواضيع متعلقة)|(?:最新文章|猜你喜欢|相关链接|更多文章|最近の投稿|新着記事|関連リンク|あわせて読みたい|ランキング)|[äa]hnliche (?:beitr[äa]ge)|das k[öo]nnte (?:sie|dich) auch interessieren|mehr zum thema|weitere artikel|meistgelesen|"
    r"articles? (?:similaires|li[ée]s|connexes)|sur le m[êe]me sujet|[àa] lire aussi|les plus lus|"
    r"(?:art[íi]culos|noticias|entradas) relacionad[oa]s|tambi[ée]n te puede interesar|lo m[áa]s le[íi]do|"
    r"(?:artigos|not[íi]cias|posts) relacionad[oa]s|veja tamb[ée]m|mais lidas|articoli correlati|leggi anche|potrebbe interessarti|"
    r"gerelateerde (?:artikelen|berichten)|lees ook|meest gelezen|podobne (?:artyku[łl]y|wpisy)|przeczytaj tak[żz]e|"
    r"(?:похожие|связанные) (?:статьи|записи|материалы|новости)|читайте также|по теме|(?:مقالات|مواضيع|أخبار) ذات صلة|اقرأ أيض[اً]+|"
    r"相关(?:文章|新闻|阅读|推荐)|推荐阅读|延伸阅读|热门文章|関連(?:記事|ニュース)|おすすめ(?:記事)?|人気記事)[\s:：»>.…]*"
)
_LONGEST_TITLE_CHARS = 140
_LONGEST_HEADING_CHARS = 80
_MOST_TITLES = 30
_SHARE_OF_TEASERS = 0.6  # below this point titles may come with teasers
_LONGEST_TEASER_WORDS = 60
_PROSE_WORDS = 25  # a shorter line with a full stop is likelier a notice or an author's line than a section


def find_related_blocks(page: Page, headings: Sequence[int]) -> Iterator[tuple[int, int]]:
    """The heading and the titles below it, up to the next prose or the end.

    A title directly above prose may be the next section's heading, so it stays.
    """
    lines = page.lines
    end = 0
    for at in headings:
        if at < end or len(lines[at].text) > _LONGEST_HEADING_CHARS:
            continue
        # Prose among titles is taken for teasers only where the page ends with them: else the article goes on.
        in_tail = lines[at].start >= _SHARE_OF_TEASERS * len(page.text)
        end = _end_of_titles(lines, at, in_tail=in_tail)
        if end < len(lines):
            end = _end_of_titles(lines, at, in_tail=False)
        reaches_prose = end < len(lines) and len(lines[end].text.split()) >= _PROSE_WORDS
        last = end - 1
        if reaches_prose and last > at and not lines[last].text.startswith(("-", "•", "*", "·")):
            last -= 1
        for title in lines[at : last + 1]:
            yield title.start, title.end


def _end_of_titles(lines: tuple[Line, ...], at: int, *, in_tail: bool) -> int:
    """The first line after the heading that is neither a title nor, near the end of a page, a title's teaser."""
    end = at + 1
    while end < len(lines) and end - at <= _MOST_TITLES:
        is_teaser = (
            in_tail
            and end > at + 1
            and _is_title(lines[end - 1])
            and len(lines[end].text.split()) <= _LONGEST_TEASER_WORDS
            and "doi:" not in lines[end].text.lower()  # a reference
        )
        if not _is_title(lines[end]) and not is_teaser:
            break
        end += 1
    return end


def _is_title(line: Line) -> bool:
    text = line.text
    return len(text) <= _LONGEST_TITLE_CHARS and not text.endswith((".", "!", ":", "。", ";")) and text.count(". ") == 0


RELATED_CONTENT: tuple[Rule, ...] = (
    Rule(
        "neighbour-post",
        "related_content",
        line(r"(?:previous|next|prev|older|newer) (?:post|article|story|entry)\s*[:：]\s*.+"),
        removes=("Previous post: How the pier was built", "Next article: Five ferries and a storm"),
        keeps=("Next post on the river path: the old mill.", "Nächster Hafen auf der Reise war Bremen."),
    ),
    Rule(
        "related-block",
        "related_content",
        Block(_HEADING, find_related_blocks),
        removes=(
            "Related articles",
            "You may also like",
            "Ähnliche Artikel",
            "相关文章",
            "Vous aimerez aussi",
            "Ostatnie wpisy",
            "Последние новости",
            "最近の投稿",
        ),
        keeps=(
            "Related articles of clothing were found on the shore.",
            "Popular posts on the town board asked for a new crossing.",
            "Последние новости из порта дошли ночью.",
            "Vous aimerez aussi la soupe du port.",
        ),
    ),
    Rule(
        "related-bar",
        "related_content",
        line(
            r"(?:more|related|see also|also|read|popular|trending|latest)\b[^|.!?]*(?::| include) [^|]+(?: \| [^|]+)+"
        ),
        removes=("More ports: Northport | Ebbstone | The long pier",),
        keeps=("More ports means more cranes | more noise.",),
    ),
)
