"""Publication dates that the visible text itself shows, each with the line or clause that says so.

Every written date is found first (`date_names`), then its surroundings decide what it is. Taken: labelled dates
("Posted on ..."), bylines and date lines near the top, wire datelines, an opening "On Wednesday, January 14, 2026,",
and statements that place the writing at a day ("as of ...", "today, ...", "We stand ... on ..."). Not taken: dates of
events in running text, comments, lists of other articles, copyright years, captions. When in doubt a date is not taken:
a wrong date would hide that a text is undated.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime

from transforms.date_labels import (
    BESIDE_NAMES,
    BY_WORDS,
    MODIFIED_LABELS,
    PUBLISHED_LABELS,
    telling_words,
    without_links,
)
from transforms.date_names import WEEKDAYS, WrittenDate, find_written_dates, may_need_order, month_comes_first
from transforms.date_places import SENTENCE_REACH, Place, find_places
from transforms.dates_relative import find_relative_dates
from transforms.types import DateCandidate, DateRole

# Bounds in code points, set on labelled documents: a byline stands near the top, a date line is short.
TOP_CHARS = 1500
HEAD_CHARS = 600
LINE_CHARS = 160
HEAD_LINE_CHARS = 100
RELATIVE_CHARS = 80
_STATEMENT_CHARS = 60  # "This article was originally published on"

_SEPARATOR = re.compile(r"[|•·»‧∙●▪/()\[\]\t]|\s[-–—]+|[-–—]+\s|(?<=[^\W\d_][^\W\d_][.!?])\s|…")
_COMMENTS = re.compile(
    r"\W*(?:\d+\s)?(?:comments?|responses?|replies|discussion|kommentare?|commentaires?|comentarios?|comentários?|commenti"
    r"|reacties|komentarze|комментарии|التعليقات|评论|留言|コメント|leave a (?:reply|comment)|thoughts? on\b.*"
    r"|responses? to\b.*|kommentare? zu\b.*|(?:one|two|three) (?:comments?|thoughts?|responses?)\b.*)\W*(?:\d+\W*)?$",
    re.IGNORECASE,
)
_OTHERS = re.compile(
    r"\W*(?:related|recommended|recent|latest|more|popular|trending|similar|weitere|ähnliche|verwandte|neueste|artículos"
    r"|noticias|articles|à lire|lire aussi|leggi anche|potrebbe|artigos|notícias|lees ook|meer|zobacz|czytaj|похожие"
    r"|читайте|最新|相关|関連)\s?(?:articles?|posts?|stories|news|content|reading|from .{2,40}|beiträge|artikel"
    r"|nachrichten|relacionad[oa]s|similaires|correlati|aussi|også|też|материалы|также|文章|新闻|記事)\W*$"
    r"|\W*(?:you (?:may|might) (?:also )?(?:like|enjoy)|read (?:more|next|also)|das könnte sie auch .{3,30}|références?"
    r"|references|sources|bibliography|literatur|quellen|archives?|further reading)\W*$",
    re.IGNORECASE,
)
_SAYS = re.compile(r"\b(?:says|said|wrote|sagt|schrieb|schreibt|dit|dice|diz|пишет|replied)\W*$", re.IGNORECASE)
_NOT_A_BYLINE = re.compile(  # captions, posts of others, addresses
    r"\b(?:[Pp]hotos?|[Pp]hotograph\w*|[Pp]icture|[Ii]mage|[Ff]oto|Getty|REUTERS|Reuters|AP|AFP|EPA|Shutterstock)\b|@\w|://"
    r"|\b(?:says|said|wrote|sagt|schrieb|schreibt|dit|dice|diz|пишет|replied)\b"
)
_CLOCK = re.compile(r"\d:\d\d|\d\s?[ap]\.?m\b|\bcomments?\b", re.IGNORECASE)
_NAME_ONLY = re.compile(r"(?:[^\W\d_a-zà-ÿа-я][\w'’-]*[ ,]*){1,4}")
_LAST_CAPITAL = re.compile(r"^.*\s(?=(?:Last |First |Originally )?[A-ZА-Я][a-zа-я]+\W{0,3}(?:on\W)?$)")
_CITY = re.compile(r"[^\W\d_][\w.'’-]*(?:[ ,]+[^\W\d_][\w.'’-]*){0,5},?[ ]*(?:\(|le |den |em )?$")
_AFTER_DATELINE = re.compile(r"[ .]*(?:\)|/|\(|--|[–—―-])")
_AS_OF = re.compile(
    r"\b(?:as of(?: (?:today|now|this writing|writing))?|as at|stand:?|stand vom|à la date du|en date du|a fecha de"
    r"|a fecha del?|por estado a|na dan|według stanu na|stan na(?: dzień)?|по состоянию на|situação em|aggiornato al"
    r"|截至|حتى تاريخ),?\s*(?:\w+day,?\s*|den\s|dzień\s)?$",
    re.IGNORECASE,
)
_NOW = re.compile(r"\b(?:as of (?:now|today|this writing)|at the time of writing|right now),?\s*\(?$", re.IGNORECASE)
_OF_A_FIGURE = re.compile(r"\([^)]*$|\b(?:sources?|quellen?|fuentes?)\b", re.IGNORECASE)
_TODAY = re.compile(
    r"\b(?:today|heute|hoy|aujourd[’']hui|oggi|hoje|vandaag|dzisiaj|dziś|сегодня|اليوم|今天|今日|本日)"
    r"(?:\s(?:is|ist|es|est|è|é|jest))?[,(:\s–—-]{1,3}(?:\w+day,?\s|(?:den|dem|am)\s|le\s|\w+tag,?\s(?:den|dem)\s|el\s|em\s)?$",
    re.IGNORECASE,
)
_WE_NOW = re.compile(
    r"\b(?:we|i) (?:now )?(?:stand|are|am|find ourselves|write|face|look|remain|sit|publish|enter)\b(?! (?:going|to))"
    r"|\b(?:wir (?:stehen|sind|schreiben|befinden)|nous sommes|nous voici|estamos|siamo|wij staan|мы стоим)\b",
    re.IGNORECASE,
)
_ON = re.compile(r"\b(?:on|as of|this|am|le|el|a|em|il|op)(?: this)?,?\s(?:\w+day,?\s|\w+tag,?\s)?$", re.IGNORECASE)
_OPENING = re.compile(
    r"^\W*(?:on|am|le|el|na|il|op|in|w|в|em)?\s?(?:this\s)?(\w+),?\s?(?:den\s|dem\s|the\s)?$", re.IGNORECASE
)
_CLAUSE_END = re.compile(r"[.!?;]\s")
_COPYRIGHT_YEAR = re.compile(r"(?:©|\bcopyright)[^\w\n]{0,6}((?:19|20)\d\d)(?!\d)", re.IGNORECASE)
_GLUED = re.compile(r"([^\W\d_A-Z])([A-Z])")  # "Jane DoeUpdated on", as scrapers join lines
_COPYRIGHT = re.compile(r"©|\(c\)|copyright|all rights reserved|℗", re.IGNORECASE)


def find_text_dates(text: str, fetched_at: datetime | None = None) -> tuple[DateCandidate, ...]:
    """Date candidates of a text, in order of place. Origins, by how much they say: published-line, byline,
    date-line, dateline, head-line, opening, today, we-now, as-of, modified-line (role modified); relative ("3 hours
    ago" near the top, with the time of the fetch); copyright, a year that is no date, where there is nothing else.
    """
    order = month_comes_first(text) if may_need_order(text) else None
    found = sorted(find_written_dates(text, month_first=order), key=lambda d: d.start)
    end = _end_of_article(text) if found else 0
    told = tuple(
        replace(candidate, facts=("in-text", "text-top") if start < TOP_CHARS else ("in-text",))
        for start, candidate in _told(text, [d for d in found if d.start < end])
    )
    told = told or tuple(_relative(text[:HEAD_CHARS], fetched_at) if fetched_at else ())
    return told or tuple(replace(c, facts=("in-text",)) for c in find_copyright(text))


def _relative(head: str, fetched_at: datetime) -> Iterator[DateCandidate]:
    """Of lines near the top that are hardly more than a name and "3 hours ago"."""
    for line in head.splitlines():
        if len(line) <= RELATIVE_CHARS:
            for found in find_relative_dates(line, fetched_at):
                facts = ("in-text", "text-top")
                yield DateCandidate(found.date, found.precision, "published", "relative", line.strip(), facts)


def find_copyright(text: str) -> Iterator[DateCandidate]:
    """The first year of a copyright notice: shown to people as the only date there is, never chosen."""
    if ("©" in text or "copyr" in text.lower()) and (m := _COPYRIGHT_YEAR.search(text)):
        yield DateCandidate(m[1], "year", "published", "copyright", " ".join(m[0].split()))


def find_told_dates(text: str, found: list[WrittenDate]) -> tuple[DateCandidate, ...]:
    """Those of the dates `found` in `text`, in order of place, whose surroundings say that they are its own."""
    return tuple(candidate for _, candidate in _told(text, found))


def _told(text: str, found: list[WrittenDate]) -> Iterator[tuple[int, DateCandidate]]:
    for place in find_places(text, found):
        if candidate := _judge(place):
            yield place.start, candidate


def _judge(place: Place) -> DateCandidate | None:
    if _COPYRIGHT.search(place.line[:LINE_CHARS]):
        return None
    if candidate := _labelled(place):
        return candidate
    if place.start < TOP_CHARS and (candidate := _dateline(place) or _short_line(place) or _head_line(place)):
        return candidate
    return _sentence(place)


def _end_of_article(text: str) -> int:
    """Offset of the heading of the comments, or of the list of other articles or references: dates after it are theirs.

    A "3 Comments" above the article is a link, so the first quarter does not count.
    """
    start = 0
    for line in text.splitlines(keepends=True):
        if start > len(text) // 4 and len(line) < 80 and (_COMMENTS.match(line) or _OTHERS.match(line)):
            return start
        start += len(line)
    return len(text)


def _role(words: list[str]) -> DateRole | None:
    """The role that a label gives, whole ("last updated on") or up to a name ("posted by Jane Doe on")."""
    by = next((i for i, word in enumerate(words) if word in BY_WORDS and 0 < i >= len(words) - 7), len(words))
    phrases = {" ".join(without_links(words[:by], leading=leading)) for leading in (True, False)}
    if not phrases.isdisjoint(PUBLISHED_LABELS):
        return "published"
    return None if phrases.isdisjoint(MODIFIED_LABELS) else "modified"


def _labelled(place: Place) -> DateCandidate | None:
    """ "Published: March 3, 2025" at the start of a line or of a part of it, or with the label on the line above."""
    *parts, part = _SEPARATOR.split(_GLUED.sub(r"\1 \2", place.before[-SENTENCE_REACH:]))
    role = _role(telling_words(part)) or _role(telling_words(_LAST_CAPITAL.sub("", part)))
    evidence = place.line
    is_statement = part.lstrip().lower().startswith(("this ", "originally ", "first ")) and len(part) < _STATEMENT_CHARS
    if (
        role
        and not is_statement
        and (not _ends_here(place.after, part) or any(len(words.split()) > 8 for words in parts))
    ):
        return None
    if not role and len(place.line_before) < 60 and not without_links(telling_words(place.before)):
        role = _role(telling_words(place.line_before))
        evidence = f"{place.line_before} {place.line}"
    if not role:
        return None
    return place.candidate("published-line" if role == "published" else "modified-line", role, evidence)


def _ends_here(after: str, label: str) -> bool:
    """Whether the line says no more about the date: it ends, is separated, or goes on glued ("2024If you")."""
    rest = _SEPARATOR.split(after)[0]
    return ":" in label or after[:1].isupper() or len(without_links(telling_words(rest))) <= 6


def _short_line(place: Place) -> DateCandidate | None:
    """A line that is only a date, or a date and a name: "March 3, 2025", "By Jane Doe | 3 March 2025"."""
    if len(place.line) > LINE_CHARS or place.found.precision == "year" or _NOT_A_BYLINE.search(place.line):
        return None
    if _SAYS.search(place.line_before[-60:]) or place.is_in_range:
        return None
    left, right = _SEPARATOR.split(place.before), _SEPARATOR.split(place.after)
    own = without_links(telling_words(f"{left[-1]} {right[0]}"))
    if any(part.strip().lower().rstrip(":") in BY_WORDS for part in left[:-1]):  # "by | March 3, 2025 | News"
        return place.candidate("byline")
    others = [words for part in (*left[:-1], *right[1:]) if (words := without_links(telling_words(part)))]
    if not own and not others:
        return place.candidate("date-line")
    if others and place.after.rstrip().endswith((").", ")!", ")?")):  # a remark in brackets, at the end of a sentence
        return None
    is_byline = place.found.precision == "day" and len(others) <= 3 and all(map(_is_short, (own, *others)))
    if own[:1] and own[0] not in BY_WORDS:
        is_byline = is_byline and _is_name(place, f"{left[-1]} {right[0]}", len(own))
    elif not own and ":" in left[-1]:  # "Starts: March 3, 2025" with the label among the words taken out
        is_byline = False
    return place.candidate("byline") if is_byline else None


def _head_line(place: Place) -> DateCandidate | None:
    """A line at the top that begins with the date and goes on in names and tags: "March 3, 2025 Jane Doe News 2"."""
    is_line = place.start < HEAD_CHARS and len(place.line) <= HEAD_LINE_CHARS and not place.before.strip()
    if not is_line or place.found.precision != "day" or place.is_in_range or _NOT_A_BYLINE.search(place.line):
        return None
    after = place.after.strip()
    is_names = after[:1].isupper() or after[:1] in "|•·-–—"
    is_sentence = after.endswith((".", "!", "?", ":"))
    return place.candidate("head-line") if is_names and not is_sentence else None


def _is_short(words: list[str]) -> bool:
    return len(words) <= (8 if words and words[0] in BY_WORDS else 5)


def _is_name(place: Place, beside: str, count: int) -> bool:
    """Whether the words beside a date may be a name or a city: few, and with a clock or with capitals at the top.

    "Deadline: March 3, 2025" has a label that is not one of ours.
    """
    if count > 4 or ":" in _CLOCK.sub("", place.before):
        return False
    if _CLOCK.search(f"{place.before} {place.after}"):
        return True
    names = [word for word in beside.split() if word.lower().strip(" ,:") not in BESIDE_NAMES]
    return place.start <= HEAD_CHARS and bool(_NAME_ONLY.fullmatch(" ".join(names).strip(" ,")))


def _dateline(place: Place) -> DateCandidate | None:
    """ "LONDON, March 3, 2025 (Agency) -" at the start of a line near the top."""
    if place.found.precision != "day" or not 2 < len(place.before) <= 60:
        return None
    is_city = _CITY.match(place.before) and place.before.lstrip()[:1].isupper()
    is_set_off = place.before.rstrip(" (").endswith(",") or place.before.split(",")[0].isupper()
    goes_on = (m := _AFTER_DATELINE.match(place.after)) and len(place.after[m.end() :].split()) > 3
    is_dateline = is_city and is_set_off and goes_on
    return place.candidate("dateline") if is_dateline else None


def _sentence(place: Place) -> DateCandidate | None:
    """A clause that places the writing at a day. "As of" may speak of a past day: a much later one tells."""
    left = place.before[-SENTENCE_REACH:]
    clause = _CLAUSE_END.split(left)[-1]
    origin = None
    if place.found.precision != "day":
        is_now = place.is_last and place.found.precision == "month" and _NOW.search(left)
        return place.candidate("as-of") if is_now else None
    if _TODAY.search(left):
        origin = "today"
    elif _ON.search(clause) and _WE_NOW.search(clause):
        origin = "we-now"
    elif not place.is_last:
        origin = None
    elif _NOW.search(left) or (_AS_OF.search(left) and not _OF_A_FIGURE.search(clause)):
        origin = "as-of"
    elif place.is_first_line and (m := _OPENING.match(place.before)):
        is_that_day = WEEKDAYS.get(m[1].lower()) == date.fromisoformat(place.found.date).weekday()
        origin = "opening" if is_that_day else None
    return place.candidate(origin) if origin else None
