"""Where on a page an element stands: which heading is the headline, and what kind of region lies between it and there.

The branch that an element shares with the headline says nothing; below that branch, a tag, class or id that names
comments, teasers, side columns, menus or footers tells that the element is not of the article. Facts, not verdicts:
`date_evidence` weighs them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree
from lxml.html import HtmlElement


def words(*lines: str) -> frozenset[str]:
    """The words of some lines, as a table that is easy to read."""
    return frozenset(" ".join(lines).split())


# Fact -> words of classes and ids of regions, tags that are such a region.
_REGIONS: tuple[tuple[str, frozenset[str], frozenset[str]], ...] = (
    (
        "comments",
        words(
            "comment comments commentlist commentmetadata disqus reply replies respond kommentare kommentar leserbrief",
            "leserbriefe commentaires commentaire comentarios comentario reacties komentarze review reviews guestbook",
        ),
        words(""),
    ),
    (
        "teasers",
        words(
            "related recommended recommendations teaser teasers latest recent popular trending carousel slider swiper",
            "mostread next prev previous archive archives upcoming promo more readmore similar card cards tile feed",
            "verwandte aehnliche relacionadas relacionados correlati",
        ),
        words(""),
    ),
    ("side", words("sidebar widget widgets marginalia rail secondary newsletter twitter tweet embed"), words("aside")),
    (
        "menu",
        words("nav navigation navbar menu ticker breaking topbar masthead breadcrumb breadcrumbs clock today"),
        words("nav form"),
    ),
    ("events", words("event events calendar kalender termine agenda"), words("")),
    ("footer", words("footer copyright colophon impressum"), words("footer")),
    ("list", words("list listing grid results"), words("li tr")),
    ("linked", words(""), words("a")),
    ("quoted", words("quote quoted revisions changelog"), words("blockquote pre code figure figcaption")),
)
ELSEWHERE = frozenset({"comments", "teasers", "side", "menu", "events", "footer"})
_WORD_FACTS: dict[str, str] = {word: fact for fact, names, _ in _REGIONS for word in names}
_TAG_FACTS: dict[str, str] = {tag: fact for fact, _, tags in _REGIONS for tag in tags}
_ARTICLE_WORDS = words("article post entry story")
_BLOCKS = words(
    "address article aside blockquote br dd div dl dt figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr li",
    "main nav ol p pre section table td th tr ul legend fieldset caption option",
)
_UNSEEN = words("script style noscript template svg select option button iframe textarea title")
# Code points of a line about a date, and of a heading that may be the headline.
LINE_CHARS = 160
_HEADLINE_CHARS = 12
_HEADINGS_TRIED = 40
_CARD_LEVELS = 4
_NO_FACTS: frozenset[str] = frozenset()
_SPACE = re.compile(r"\s+")
_NOT_LETTERS = re.compile(r"[^a-z]+")


_CAMEL = re.compile(r"([a-z])([A-Z])")


def name_words(names: str) -> frozenset[str]:
    """The words of a class or id, in lower case: "postDate entry-meta" is post, date, entry, meta."""
    return frozenset(_NOT_LETTERS.split(_CAMEL.sub(r"\1 \2", names).lower()))


def region_words(element: HtmlElement) -> frozenset[str]:
    """The words of an element's class and id, as name_words has them."""
    raw = f"{element.get('class') or ''} {element.get('id') or ''}"
    return _NO_FACTS if raw == " " else name_words(raw)


class Regions:
    """The facts of elements of one page, each ancestor looked at once."""

    def __init__(self, tree: HtmlElement) -> None:
        self.headline = find_headline(tree)
        start = tree if self.headline is None else self.headline
        self._line = (start, *start.iterancestors())
        self._path = {element: levels for levels, element in enumerate(self._line)}
        self._in_article: set[HtmlElement | None] = set()  # within the article that holds the headline
        self._facts: dict[HtmlElement, frozenset[str]] = {}
        self._tops: dict[HtmlElement, HtmlElement | None] = {}  # the branch off that line that an element is on
        self._names: dict[HtmlElement, frozenset[str]] = {}
        self._texts: dict[HtmlElement, str | None] = {}
        articles = [levels for levels, element in enumerate(self._line) if self._is_article(element)]
        self._in_article.update(self._line[: max(articles, default=-1) + 1])

    def names(self, element: HtmlElement) -> frozenset[str]:
        """The words of an element's class and id."""
        found = self._names.get(element)
        if found is None:
            found = self._names[element] = region_words(element)
        return found

    def facts(self, element: HtmlElement) -> frozenset[str]:
        """What the regions around an element are, up to where they hold the headline too."""
        chain: list[HtmlElement] = []
        at: HtmlElement | None = element
        while at is not None and at not in self._facts and at not in self._path:
            chain.append(at)
            at = at.getparent()
        known = _NO_FACTS if at is None or at in self._path else self._facts[at]
        top = None if not chain else chain[-1] if at is None or at in self._path else self._tops[at]
        if at in self._in_article:
            self._in_article.update(chain)
        for below in reversed(chain):
            self._tops[below] = top
            own = {_WORD_FACTS[word] for word in self.names(below) & _WORD_FACTS.keys()}
            if (fact := _TAG_FACTS.get(below.tag)) is not None:
                own.add(fact)
            if self._is_article(below):
                own.add("article")
            if "footer" in own and ("article" in known or below in self._in_article):  # an article's own
                own.remove("footer")
            known = self._facts[below] = known | own if own else known
        return known

    def line(self, element: HtmlElement) -> str | None:
        """The visible text inside an element where it is short enough for a line or two, else None."""
        if element not in self._texts:
            text, is_whole = _joined(element, LINE_CHARS)
            self._texts[element] = text if is_whole and len(text) <= LINE_CHARS else None
        return self._texts[element]

    def holds_headline(self, element: HtmlElement) -> bool:
        """Whether an element is the headline or one of its ancestors."""
        return element in self._path

    def _is_article(self, element: HtmlElement) -> bool:
        if element.tag in ("body", "html"):  # their classes are of the page
            return False
        return element.tag == "article" or not _ARTICLE_WORDS.isdisjoint(self.names(element))

    def meeting(self, element: HtmlElement) -> tuple[int, bool]:
        """Levels from the headline up to the first ancestor it shares with an element; whether that comes after it."""
        self.facts(element)
        below = self._tops.get(element)
        at = element if below is None else below.getparent()
        if at is None:
            return len(self._line), True
        levels = self._path[at]
        if below is None or self.headline is None or levels == 0:
            return levels, True
        return levels, at.index(below) > at.index(self._line[levels - 1])

    def is_card(self, element: HtmlElement) -> bool:
        """Whether an element is near a heading of its own that links elsewhere: a teaser for another page."""
        at: HtmlElement | None = element
        for _ in range(_CARD_LEVELS):
            if at is None or at in self._path:
                return False
            heading = next(at.iter("h1", "h2", "h3", "h4", "h5"), None)
            if heading is not None:
                return next(heading.iter("a"), None) is not None or heading.getparent().tag == "a"
            at = at.getparent()
        return False


def find_headline(tree: HtmlElement) -> HtmlElement | None:
    """The heading that the title of the page repeats, else the first h1 of some length."""
    title = _squeezed(tree.findtext(".//title") or "")
    first = None
    for number, heading in enumerate(tree.iter("h1", "h2", "h3")):
        if number == _HEADINGS_TRIED:
            break
        text = visible_text(heading, 400)
        if len(text) > _HEADLINE_CHARS or (heading.tag == "h1" and len(text) > 4):
            if _squeezed(text) in title:
                return heading
            if first is None and heading.tag == "h1":
                first = heading
    return first


def _squeezed(text: str) -> str:
    return re.sub(r"\W+", "", text).lower() or "\0"


def visible_text(element: HtmlElement, limit: int) -> str:
    """The visible text inside an element, a line for each block, cut soon after `limit` code points."""
    return _joined(element, limit)[0]


def _joined(element: HtmlElement, limit: int) -> tuple[str, bool]:
    """The lines of an element up to a limit, and whether that is all of it."""
    if len(element) == 0:
        return _SPACE.sub(" ", element.text or "").strip(), True
    parts: list[str] = []
    size = 0
    for piece in _pieces(element):
        if piece == "\n":
            if parts and parts[-1] != "\n":
                parts.append(piece)
        elif text := _SPACE.sub(" ", piece):
            if text == " " and (not parts or parts[-1][-1].isspace()):
                continue
            parts.append(text)
            size += len(text)
            if size > limit:
                return "".join(parts).strip(), False
    return "".join(parts).strip(), True


def _pieces(element: HtmlElement) -> Iterator[str]:
    """Runs of text in document order, with a line break at the edges of blocks. No recursion: pages nest deeply."""
    walk = etree.iterwalk(element, events=("start", "end", "comment", "pi"))
    for event, node in walk:
        is_unseen = event == "start" and node.tag in _UNSEEN
        if is_unseen:
            walk.skip_subtree()
        if event in ("start", "end") and node.tag in _BLOCKS:
            yield "\n"
        if event == "start" and not is_unseen and node.text:
            yield node.text
        if event != "start" and node is not element and node.tail:
            yield node.tail
