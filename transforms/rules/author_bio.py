"""About-the-author boxes at the end of an article."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import re2

from transforms.page import Line, Page
from transforms.rule import Block, Rule, line

_HEADING = (
    r"(?:about the (?:authors?|writer|reporter|contributor|reviewer)|(?:[üu]ber (?:den autor|die autorin)|"
    r"[àa] propos de l['’]auteur|sobre (?:el autor|la autora|o autor|a autora)|sull['’]autore|over de auteur|o autorze|"
    r"об авторе|عن الكاتب|关于作者|作者简介|著者について))[\s:：]*"
)
_MOST_LINES = 4
_TAIL_SHARE = 0.6  # an author box stands after the article, not in its first part


def find_author_boxes(page: Page, headings: Sequence[int]) -> Iterator[tuple[int, int]]:
    """The heading and the one paragraph after it (a name line before the paragraph included)."""
    lines = page.lines
    for at in headings:
        if lines[at].start < _TAIL_SHARE * len(page.text):
            continue
        end = at + 1
        while end < len(lines) and end - at < _MOST_LINES:
            end += 1
            if lines[end - 1].text.endswith((".", "。")):
                break
        for part in lines[at:end]:
            yield part.start, part.end


_TRADES = frozenset(
    "writer journalist reporter editor author columnist correspondent blogger contributor freelancer novelist reviewer "  # noqa: SIM905
    "critic photographer producer copywriter essayist poet podcaster broadcaster".split()
)
# Trades that people in the news have too: they count only where the name is new.
_OTHER_TRADES = frozenset(
    "founder co-founder cofounder professor lecturer fellow attorney lawyer partner director ceo cto president consultant "  # noqa: SIM905
    "coach therapist dietitian nutritionist physician doctor researcher analyst strategist manager specialist expert associate "
    "teacher engineer developer designer scientist economist historian student candidate advisor adviser planner marketer "
    "entrepreneur speaker owner trainer psychologist nurse veterinarian realtor broker enthusiast creator chef head "
    "intern assistant".split()
)
_AUTHOR_LINE_SHARE = 0.75
_LAST_LINES = 4
_LONGEST_AUTHOR_LINE_CHARS = 700
_COMPANY_HEADING = (
    r"(?-i:(?:About|Über|À propos de|Acerca de|Sobre|O|О компании) (?:the )?([\p{L}\d][^\s.:,?!]*)(?: [^\s.:?!]+)*:?)"
)
_COMPANY = re2.compile(_COMPANY_HEADING)
_LONGEST_COMPANY_CHARS = 80
_COMPANY_SHARE = 0.5


def find_author_lines(page: Page) -> Iterator[tuple[int, int]]:
    """Of the last lines of an article those that introduce its author: "Ana Ruiz is a travel writer based in ..."."""
    if not page.lines:
        return
    for at in page.lines[-_LAST_LINES:]:
        if at.start < _AUTHOR_LINE_SHARE * len(page.text) or len(at.text) > _LONGEST_AUTHOR_LINE_CHARS:
            continue
        name, signs = _introduced(at.text)
        # A journalist whom the story is about is rarely introduced in its very last line.
        is_plain = "author" in signs and (at is page.lines[-1] or "other" in signs or "wrote" in signs)
        if is_plain or (signs and not _is_known(name, page, at)):
            yield at.start, at.end


def _introduced(text: str) -> tuple[str, frozenset[str]]:
    """The name that a line begins with, and what it says of the person: an author's trade, another's, or what was written.

    Nothing where it does not begin with a name of two to four capitalised words.
    """
    words = text.lstrip("([*–—-• ").split()[:24]
    name = 0
    while name < len(words) and name < 5 and words[name][:1].isupper():
        name += 1
        if words[name - 1].endswith(","):
            break
    while name < len(words) and (words[name].isupper() or words[name][:1] in "(@"):  # degrees, handles
        name += 1
    if not 2 <= name <= 7 or name == len(words):
        return "", frozenset()
    rest = [word.strip(".,;:'’()").lower() for word in words[name:]]
    signs = set()
    if rest[0] in ("writes", "blogs", "reports", "covers") and rest[1:2] and rest[1] in ("about", "on", "for"):
        signs |= {"author", "wrote"}
    if (rest[0] == "has" and rest[1:2] and rest[1] in ("written", "covered", "blogged")) or rest[:3] == [
        "has",
        "been",
        "writing",
    ]:
        signs |= {"wrote"}
    if (
        rest[0] in ("is", "was")
        and rest[1:2]
        and rest[1] in ("a", "an", "the", "our", "one", "senior", "editor", "currently")
    ):
        signs |= {"author"} if any(word in _TRADES for word in rest[1:]) else set()
        signs |= {"other"} if any(word in _OTHER_TRADES for word in rest[1:]) else set()
    return " ".join(words[: min(name, 2)]).strip(",."), frozenset(signs)


_BYLINE_LINES = 6


def _is_known(name: str, page: Page, at: Line) -> bool:
    """Whether the text speaks of the person between its byline and this line; then it is a person of the story."""
    surname = name.rsplit(maxsplit=1)[-1] if name else ""
    first = page.lines[min(_BYLINE_LINES, len(page.lines) - 1)]
    return not surname or page.text.find(surname, first.start, at.start) >= 0


def find_company_boxes(page: Page, headings: Sequence[int]) -> Iterator[tuple[int, int]]:
    """ "About Ebbstone" and the paragraph below it that begins with the same name: the end of a press release."""
    for at in headings:
        heading = page.lines[at]
        if heading.start < _COMPANY_SHARE * len(page.text) or len(heading.text) > _LONGEST_COMPANY_CHARS:
            continue
        match = _COMPANY.fullmatch(heading.text)
        if at + 1 == len(page.lines) or not match:
            continue
        below = page.lines[at + 1]
        if (
            match.group(1) in below.text[:_LONGEST_COMPANY_CHARS]
            and len(below.text) > len(heading.text)
            and below.text[-1] in ".!)”"
        ):
            yield heading.start, heading.end
            yield below.start, below.end


_CONTACT_HEADING = (
    r"(?:(?:media|press|investor|company|corporate|public|news)(?: relations)? (?:contacts?|inquiries|enquiries)|contacts?(?: information| details)?|"
    r"pressekontakt|contacts? presse|contacto de prensa|contatto stampa|perscontact|kontakt dla medi[óo]w|контакты для (?:сми|прессы)|媒体联系|報道関係.*)\s*[:：]?"
)
_CONTACT_MARK = re2.compile(r"(?i)@|\+?\d[\d ().-]{6,}\d|https?:|www\.")
_CONTACT_SHARE = 0.5
_LONGEST_CONTACT_CHARS = 100
_MOST_CONTACT_LINES = 8


def find_press_contacts(page: Page, headings: Sequence[int]) -> Iterator[tuple[int, int]]:
    """ "Media contact" and the short lines below it, where one of them is an address or a telephone number."""
    lines = page.lines
    for at in headings:
        if lines[at].start < _CONTACT_SHARE * len(page.text) or len(lines[at].text) > _LONGEST_CONTACT_CHARS:
            continue
        end = at + 1
        last = at
        while end < len(lines) and end - at <= _MOST_CONTACT_LINES and len(lines[end].text) <= _LONGEST_CONTACT_CHARS:
            if _CONTACT_MARK.search(lines[end].text):
                last = end
            end += 1
        if last > at:
            for part in lines[at : last + 1]:
                yield part.start, part.end


AUTHOR_BIO: tuple[Rule, ...] = (
    Rule(
        "author-line",
        "author_bio",
        find_author_lines,
        removes=(
            "Ana Ruiz is a travel writer based in Northport. She is the author of two books about ferries.",
            "Tom Hale writes about town life for the Courier.",
        ),
        keeps=("The mayor is a writer at heart, his wife said.",),
    ),
    Rule(
        "company-box",
        "author_bio",
        Block(_COMPANY_HEADING, find_company_boxes),
        removes=("About Northport Ferries\nNorthport Ferries runs nine boats and employs 140 people.",),
        keeps=("About Northport little is known.",),
    ),
    Rule(
        "press-source",
        "author_bio",
        line(r"(?-i:SOURCE):? (?-i:\p{Lu})[^.!?]+"),
        removes=("SOURCE Northport Ferries",),
        keeps=("Source of the river and end of the road are one place.",),
    ),
    Rule(
        "author-box",
        "author_bio",
        Block(_HEADING, find_author_boxes),
        removes=("About the author", "Über den Autor"),
        keeps=("About the author little is known, except that she lived by the sea.",),
    ),
    Rule(
        "author-contact",
        "author_bio",
        line(
            r"(?:(?:contact|reach|follow|email) (?:the )?(?:reporters?|author|writer|staff writer)\b.*)",
            r".+ (?:may|can) be reached at \S+@\S+.*",
            r"(?:latest|more|all|view all|see all) (?:posts?|articles|stories) by .+",
            r"(?:media|press) contacts?\s*[:：].+",
        ),
        removes=(
            "Contact staff writer Ana Ruiz at 555-0134.",
            "Tom Hale can be reached at tom@courier.example.",
            "Latest posts by Ana Ruiz",
        ),
        keeps=(
            "The island can be reached at low tide on foot.",
            "Media contact with the crew was cut on Monday, the union said.",
        ),
    ),
    Rule(
        "press-contact",
        "author_bio",
        Block(_CONTACT_HEADING, find_press_contacts),
        removes=("Media Contact\nAna Ruiz, ana@northport.example", "Pressekontakt:\nJens Lind\n+49 30 5550100"),
        keeps=("Contact", "Contact was lost at noon."),
    ),
    Rule(
        "author-label",
        "author_bio",
        line(
            r"about (?:the )?(?:author|writer|contributor|reviewer|editor|blogger)s?|(?:view|see|show|read|visit)(?: the| all| more)* (?:author(?:['’]s)? (?:page|profile|bio|archive|posts)|(?:posts|articles|stories)(?: by (?:this author|.+))?|(?:full )?(?:bio|biography|profile)(?: .+)?)|"
            r"more (?:posts |articles |stories )?(?:by|from) (?:this author|(?:the )?author)|(?:author|contributor|editor|guest author|staff writer)(?: bio| archives?)?|meet the (?:author|writer)s?|(?:medically |expert |fact )?(?:reviewed|fact[- ]checked|edited|written|posted|authored) by:?,?|"
            r"(?:über den autor|zum autor|alle (?:artikel|beitr[äa]ge) von .+|tous (?:les|ses) articles(?: de .+)?|voir (?:tous )?ses articles|[àa] propos de l['’]auteure?|sobre (?:el|la|o|a) autora?|ver todas las entradas.*|m[áa]s de este autor|ver todos os posts.*|informazioni sull['’]autore|"
            r"tutti gli articoli di .+|alle berichten van .+|over de auteur|o autorze|wszystkie wpisy .+|все (?:записи|статьи|материалы) автора.*|об авторе|عن الكاتب|作者简介|关于作者|この記事を書いた人|著者プロフィール)",
            unless=r"[.?!]\s",
        ),
        removes=(
            "About the author",
            "View all posts by Ana Ruiz",
            "See full bio",
            "À propos de l'auteur",
            "Все записи автора",
            "作者简介",
        ),
        keeps=(
            "View all posts as guards of the pier: they stand in rows of ten. So it was said.",
            "Об авторе письма никто не слышал.",
            "Alle Beiträge zur Kasse fehlen.",
        ),
    ),
)
