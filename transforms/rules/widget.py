"""What a page leaves behind: loading marks, player and form labels, repeated paragraphs."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from transforms.page import Line, Page, words_of_line
from transforms.rule import Pattern, Rule, line, sentence

_SHORTEST_REPEAT_CHARS = 80  # shorter lines repeat for good reasons: refrains, table cells, labels


_STOPS = ".!?…。！？"
_TEASER_LINES = 4
_CLOSING = "\"'”’»)]"


def find_repeated_paragraphs(page: Page) -> Iterator[tuple[int, int]]:
    """One copy of a long line that stands twice: extractors take a teaser or a pull quote twice.

    Below the headline the first copy is the teaser; further down the second is the quote. Two copies in a row are the caption and
    the alternative text of one picture: both go. What stands three times or more is a note that belongs to each entry
    of a list, and stays; so do footnotes, and lines that are no sentences: the entries of plans, menus and tables
    repeat for good reasons.
    """
    long_lines = [at for at in page.lines if len(at.text) >= _SHORTEST_REPEAT_CHARS]
    copies = Counter(at.text for at in long_lines)
    if len(copies) == len(long_lines):
        return
    long_lines = [at for at in long_lines if at.text.rstrip(_CLOSING)[-1:] in _STOPS and at.text[0] not in "*†¹"]
    seen: dict[str, Line] = {}
    for at in long_lines:
        first = seen.setdefault(at.text, at)
        if first is at or copies[at.text] != 2:
            continue
        is_doubled = at.number - first.number == 1 and first.number > 0
        is_teaser = 0 < first.number < _TEASER_LINES
        if is_doubled or is_teaser:
            yield first.start, first.end
        if is_doubled or not is_teaser:
            yield at.start, at.end


_SUFFIX = re.compile(r"\s[|–—:•·»-]\s|\s?\|\s?")
_TOP_LINES = 12
_LEAST_HEADLINE_WORDS = 4
_SHORTEST_TITLE_CHARS = 12  # shorter ones are the name of a thing, which stands as a label in its own page
_HEADLINES = 4  # the headline is one of the first lines


def find_repeated_headlines(page: Page) -> Iterator[tuple[int, int]]:
    """The headline's second copy at the top, and the window title "Headline - Site" beside the headline itself.

    Where the title is known, every copy but one, wherever it stands: of 111 labelled documents with a headline, all
    nine later lines that say exactly the same are artifacts.
    """
    yield from _find_copies(page)
    first = page.first_words
    heads = {
        words: n
        for n, words in reversed(list(enumerate(first[:_HEADLINES])))
        if words.count(" ") >= _LEAST_HEADLINE_WORDS - 1
    }
    # Two different lines in a row that stand again below are entries of a table of contents.
    for words, below in pairwise(first[: _HEADLINES + 1]):
        if words != below and len(page.copies[words]) > 1 and len(page.copies[below]) > 1:
            heads.pop(words, None)
            heads.pop(below, None)
    for words, head in heads.items():
        for at in (page.lines[n] for n in page.copies[words] if head < n < _TOP_LINES):
            if at.text[0].isalnum() and at.text[-1] not in ".:;{":
                yield at.start, at.end
    for n, at in enumerate(page.lines[:_HEADLINES]):
        parts = _SUFFIX.split(at.text)
        if len(parts) > 1 and heads.get(words_of_line(" ".join(parts[:-1])), n) != n:
            yield at.start, at.end


def _find_copies(page: Page) -> Iterator[tuple[int, int]]:
    """All lines that say the title (with or without the site's name) but the first that says it alone."""
    keys = page.title_words
    if not keys or len(keys[0]) < _SHORTEST_TITLE_CHARS or " " not in keys[0]:
        return
    copies = [
        (page.lines[number], words)
        for words in dict.fromkeys(keys)
        for number in page.copies[words]
        if words and page.lines[number].text[-1] not in ".:;{"
    ]
    copies.sort(key=lambda copy: copy[0].number)
    kept = next((at for at, words in copies if words == keys[0]), copies[0][0] if copies else None)
    for at, _ in copies:
        if at is not kept:
            yield at.start, at.end


# The tests set it in a page that already holds it.
_TWICE = "The harbour office will stay closed until the end of March while the new cranes are tested and paid for."

WIDGET: tuple[Rule, ...] = (
    Rule(
        "page-leftover",
        "widget",
        line(
            r"loading(?: (?:more|comments|content))?|please wait|print(?: (?:this )?(?:page|article|print))?|close|×|\(create header\)|"
            r"no posts|feedback|(?:arrow|fill \d+|copy \d+)? ?(?:.* )?created with sketch|leaving site icon|view webcam|trackbacks|"
            r"powered by .{1,40}|listen to (?:this )?(?:article|story|post)\b.*|reader interactions|was this (?:article |page )?helpful\?.{0,30}",
            r"(?:please )?enable (?:javascript|cookies)\b.*|your browser (?:does not|doesn['’]t) support\b.*|"
            r"javascript (?:is (?:disabled|required)|must be enabled)\b.*|this (?:video|content|embed) (?:is not|cannot be|can['’]t be) (?:available|supported|displayed|shown|loaded|played)\b.*",
            r"(?:[\w -]+ created with sketch\.?\s*)+|%d bloggers? (?:like|menyukai) .*|(?:e-?mail|contact)?(?: us)?[:\s]*\[email\W+protected\]|(?:be the first to )?like (?:loading|this:)[.…]*|like loading\b.*|"
            r"(?:this|the) (?:article|post|story|page|content) is (?:more than|over|about) \w+ (?:days?|weeks?|months?|years?) old|(?:rate|rating)(?: this)? (?:article|story|post|recipe|page)|your rating:?.{0,30}|click (?:on a star )?to rate\b.*|"
            r"(?:rated )?[\d.]+ ?(?:/ ?5|out of 5)(?: stars?)?(?: (?:based on|from|\(|[-–]) ?[\d,]+.*)?|rated [\d.]+ (?:stars? )?out of .*|[\d.,]+k? (?:votes?|ratings?|reviews?)|(?:submit|send) (?:rating|review|feedback|message|form|a tip|query|request)|submit|"
            r"(?:please,? )?(?:verify|confirm) (?:that )?you are (?:a )?human\b.*|i['’]?a?m not a robot|captcha.{0,3}|(?:hi, )?what are you looking for\?|search(?: (?:for|the site|this site|here|articles|results))?[:.…]*|type (?:and|to) (?:hit enter|search).*|(?:press|hit) (?:enter|esc)(?: to (?:search|close|exit))?|no results(?: found)?|"
            r"(?:filter|sort|view|jump)(?:ed)? by:?(?: \w+)?|(?:open|close|toggle|show|hide|expand|collapse)(?: (?:the|main|mobile|site|primary|sub|child|search|all|section))* (?:menu|navigation|search|sidebar|panel|popup|modal|dialog|nav|form|table of contents|toc|submenu|comments)|"
            r"(?:read|view|open) aloud|listen(?: (?:now|to (?:this|the) (?:page|article|story)|\(?\d+ min\)?))|(?:\d+ )?(?:notifications?|items? in cart|cart \(?\d+\)?)|share icon|drop files here.{0,20}|choose file|no file chosen|(?:max\.? file size|accepted file types)\b.*|(?:\* ?)?(?:indicates )?required(?: fields?)?|ok,? got it|"
            r"copy(?: to clipboard| code| citation)?|copied!?|(?:font|text)[- ](?:size|resize)\b.*|(?:a-|a\+|aa|a)(?: (?:a-|a\+|aa|a))+|translate(?: (?:this page|to))?|select (?:a )?(?:language|country|category|page|month|option|your .{2,20})|(?:your )?(?:first|last|full|user) ?name ?\*?|(?:phone|mobile)(?: number)? ?\*|(?:e-?mail|name|message|company|subject|website|address|country) ?\*|"
            r"(?:open|sign) in app|loading\.*|reload(?: page)?|try again|(?:an )?error (?:loading|occurred)\b.*|page not found|(?:live )?chat(?: with us| now)?|(?:was|did) (?:this|you find this)(?: \w+)? (?:helpful|useful)\?.{0,30}|(?:yes|no)(?:[\s|/]+(?:yes|no))+|thanks? (?:you )?for your feedback\b.*|(?:send|give|share|leave)(?: us| \p{L}+)? feedback|"
            r"(?:wird geladen|bitte warten|seite drucken|drucken|suche[n]?|schlie[ßs]+en|lesezeit:? .{1,20}|\d+ min(?:uten)? lesezeit|artikel (?:anh[öo]ren|merken|drucken|versenden)|chargement|imprimer|fermer|rechercher|(?:temps de lecture|lecture)[: ].{1,20}|[ée]couter (?:l['’]article)?|cargando|imprimir|cerrar|buscar|tiempo de lectura:? .{1,20}|"
            r"escuchar(?: art[íi]culo)?|carregando|fechar|tempo de leitura:? .{1,20}|caricamento(?: in corso)?|stampa|chiudi|cerca|tempo di lettura:? .{1,20}|laden|zoeken|sluiten|leestijd:? .{1,20}|[łl]adowanie|drukuj|zamknij|szukaj|czas czytania:? .{1,20}|загрузка|печать|закрыть|поиск|время (?:на )?чтени[ея]:? .{1,20}|версия для печати|"
            r"جار[ٍي]? التحميل|طباعة|إغلاق|بحث|加载中|正在加载|打印|关闭|搜索|読み込み中|印刷|閉じる|検索)[.…]*",
            r"\d+ ?(?:min(?:ute)?s?)(?: read)?|reading time:? .{1,30}|estimated reading time:? .{1,30}|text size|font size",
        ),
        removes=(
            "Loading...",
            "Print this page",
            "5 min read",
            "Please enable JavaScript to view the comments",
            "Arrow Created with Sketch. Plus Created with Sketch.",
            "Please verify you are human",
            "This article is more than three years old",
            "4.8 out of 5 stars",
            "Wird geladen...",
            "Temps de lecture : 4 min",
            "加载中...",
        ),
        keeps=(
            "Loading took two hours because of the tide.",
            "Close the gate behind you, the sign says.",
            "Laden und Löschen dauert zwei Stunden.",
            "Поиск лодки длился до утра.",
            "Cerrar el puerto cuesta dinero.",
        ),
    ),
    Rule(
        "repeated-paragraph",
        "widget",
        find_repeated_paragraphs,
        removes=(_TWICE,),
        keeps=(
            "A long paragraph that stands only once is left where it is, however much it may look like a teaser of itself.",
        ),
    ),
    Rule(
        "repeated-headline",
        "widget",
        find_repeated_headlines,
        removes=(_TWICE[:-1].upper(),),
        keeps=("The harbour office", "Cranes tested - and paid for"),
    ),
    Rule(
        "form-notice",
        "widget",
        sentence(
            r"(?:please )?(?:fill (?:out|in)|complete) (?:the|this|our) (?:\w+ )?form\b[^.]*|(?:fields|questions) marked with .*|(?:one of )?our \w+ (?:\w+ )?will (?:contact|reach out to|get back to|be in touch with|call) you\b.*|we(?:['’]ll| will) (?:contact|get back to|be in touch with|respond to) you\b.*|"
            r"(?:sorry, )?(?:this|your) (?:browser|page|video|file|content|link|connection) (?:is not|isn['’]t|does not|doesn['’]t|could not|cannot|failed|has) (?:support\w*|available|be (?:loaded|found|played|displayed)|load\w*|expired|been removed)\b.*|(?:please )?(?:try again later|refresh the page|upgrade your browser)\b.*",
            unless=r"[\"“”]|\b(?:said|says|told|asked)\b",
        ),
        removes=("Please fill out the form below.", "We'll get back to you within a day.", "Please try again later."),
        keeps=(
            "The clerk asked them to fill out the form again.",
            "Your connection to the sea is in your name, she said.",
        ),
    ),
    Rule(
        "rule-line",
        "widget",
        Pattern("line", r"_+|[–—-]+"),
        removes=("____",),
        keeps=("A line of dashes (---) parts the two lists.",),
    ),
)
