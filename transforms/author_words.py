"""Words of author fields and bylines: what introduces a name, what ends it, and what is none; in several languages."""

from __future__ import annotations

import re

_BEFORE_BY = (
    "article blog post story text words recipe report reported written posted published authored created insights "
    "started asked submitted contributed thread topic geschrieben écrit publié escrito publicado scritto pubblicato "
    "geschreven skrevet skriven napisał"
)
_BY = "by from von par por di door av af przez"
_ROLES = (
    "author authors writer writers contributor contributors byline autor autorin autoren autores autora auteur auteurs "
    "verfasser verfasserin autore autori redakteur redakteurin författare forfatter tekst text texto texte testo "
    "yazar penulis автор авторы текст 作者 文 記者 记者 執筆 글 الكاتب כתב"
)
_ALONE = ("thread starter", "topic starter", "автор", "oleh", "記者", "记者")
_MONTHS = (
    "jan feb mar apr may jun jul aug sep oct nov dec mär mai okt dez janv févr avr juin juil août déc ene abr ago dic"
)
_JOBS = (
    r"editor\w* writer reporter correspondent journalist columnist contributor director manager founder co-founder ceo "
    r"cto cmo cfo president officer head lead chief analyst engineer developer professor lecturer attorney lawyer "
    r"expert specialist consultant coach author blogger strategist marketer designer staff senior university institute "
    r"department team member representative redakteur\w* redaktion rédact\w+ periodista giornalista redator\w* news "
    r"desk associate assistant producer host nutritionist dietitian therapist veterinarian"
)
_OTHERS = (
    r"review review(?:ed) fact[- ]check(?:ed)? checked edited photos? photograph\w* fotograf\w* illustrat\w+ image "
    r"translat\w+ updated powered sponsored presented fotos? bild geprüft übersetzt traducci[óo]n"
)


def _any(words: str) -> str:
    return "|".join(words.split())


# "By", "Written by", "Autor:", at the start of a text.
LABEL = re.compile(
    rf"\W*(?:(?:(?:{_any(_BEFORE_BY)})\s+)?(?:{_any(_BY)})\b\s*[:：]?"
    rf"|(?:the\s+)?(?:{_any(_ROLES)})\s*[:：]|(?:{'|'.join(_ALONE)})(?!\w)\s*[:：]?)\s*",
    re.IGNORECASE,
)
# Those that are also the beginning of names: "Von Ruiz", "Di Marco".
NAME_LIKE = frozenset(_BY.split()) - {"by", "from"}
# Somebody else is named: "Reviewed by", "Photo:".
OTHER_ROLE = re.compile(rf"\b(?:{_any(_OTHERS)})\b", re.IGNORECASE)
JOB = re.compile(rf"\b(?:{_any(_JOBS)})\b", re.IGNORECASE)
# "MD", "Ph.D.", "Jr.": stays with the name before it.
CREDENTIAL = re.compile(r"(?:[A-Z][A-Za-z]{0,4}\.?(?:[A-Z][A-Za-z]?\.?)*|[JS]r\.?|Esq\.?|I{2,3}|IV)")
# A date, an age ("3 days ago") or a reading time.
DATE = re.compile(
    rf"\b(?:\d{{1,2}}[./-]\d{{1,2}}[./-]\d{{2,4}}|(?:19|20)\d\d|(?:{_any(_MONTHS)})[a-zé]*\.?,?\s+\d"
    rf"|\d{{1,2}}(?:st|nd|rd|th)?\.?\s+(?:{_any(_MONTHS)})|(?:mon|tues|wednes|thurs|fri|satur|sun)day"
    r"|\d+\s*(?:min|hours?|days?|weeks?|months?|years?|ago)\b)",
    re.IGNORECASE,
)
ADDRESS = re.compile(r"\w+://|www\.|\S@\S+\.\w|\w/\w+/\w|\.(?:com|org|net|html?|php)\b", re.IGNORECASE)
# What follows a name in the same text: "on March 3", "in Opinion", "is a writer".
TAIL = re.compile(
    r",?\s(?:on|in|at|am|le|el|il|den|published|updated|posted|last\s+updated|wrote|says?|writes|is\s+an?|has)\b.*",
    re.IGNORECASE | re.DOTALL,
)
# Stand-ins that name nobody.
NOBODY = frozenset(
    "admin administrator author authors webmaster anonymous unknown none null undefined guest user editor root site "  # noqa: SIM905
    "default wordpress wpadmin owner moderator na test superuser sysadmin redaktion redaction".split()
)
# Words of pages, not of names.
PAGE_WORDS = frozenset(
    "read more view share sign log login follow about subscribe posts all home comments comment reply contact search "  # noqa: SIM905
    "menu updated published posted min minute minutes latest news blog here this that how what why when your our "
    "profile bio archive category tags next previous topic privacy notice article articles story photo photos image "
    "video watch listen email print save copy link facebook twitter linkedin instagram today yesterday mon tue wed thu "
    "fri sat sun monday tuesday wednesday thursday friday saturday sunday january february march april june july "
    "august september october november december jan feb mar apr jun jul aug sep sept oct nov dec".split()
)
# In lower case within a name.
PARTICLES = frozenset(
    "de del della der den di da do dos du la le van von zu af av bin ibn al el e y of the ten ter".split()  # noqa: SIM905
)
