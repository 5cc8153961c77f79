"""Signals of how much a text tells: named detail, variety of words, and how far it can be compressed. Our own.

Figures, dates, quotations and names are counted in any language; attributions ("said", "according to") only in those
of SAID, and elsewhere there is no such signal.
"""

from __future__ import annotations

import re
import zlib
from itertools import pairwise

from transforms.date_names import MONTHS
from transforms.measured_text import MeasuredText, share
from transforms.types import Signal
from transforms.words import count_quotations

SIGNALS = (
    ("digit_ratio", "share of characters that are digits, 0-1"),
    ("figures_per_1000_words", "words that begin with a digit, per 1,000 words"),
    (
        "dates_per_1000_words",
        "a month's name beside a number, or figures such as 2024-03-01 or 1.3.2024; per 1,000 words",
    ),
    ("names_per_1000_words", "runs of capitalised words after a lower-case one, per 1,000 words; cased scripts only"),
    ("quotations_per_1000_words", "opened quotations, per 1,000 words"),
    ("attributions_per_1000_words", "words of saying, per 1,000 words; languages of SAID only"),
    ("lexical_diversity_ratio", "different words / words, of the first 500 words, 0-1"),
    ("compression_ratio", "bytes after zlib (level 1) / UTF-8 bytes, of the first 64 kB; below 0.3 much is said twice"),
)
DIVERSITY_WORDS = 500  # diversity falls with length, so texts are compared on the same length
COMPRESSED_CHARS = 64_000
# Words that give a statement to somebody. Lower case, straight apostrophes.
SAID = {
    "en": "said says told according wrote writes argued announced reported reports explained stated testified added",
    "de": "sagte sagt sagten erklärte erklärt laut zufolge schrieb schreibt berichtete berichtet teilte betonte",
    "fr": "dit déclaré déclare selon affirmé affirme expliqué explique écrit annoncé indique indiqué ajouté",
    "es": "dijo dice según afirmó afirma explicó explica señaló declaró escribió anunció aseguró añadió",
    "it": "detto dice secondo spiegato spiega dichiarato scritto annunciato afferma affermato aggiunto",
    "nl": "zei zegt volgens schreef schrijft verklaarde vertelde vertelt meldt meldde aldus",
    "pt": "disse diz segundo afirmou afirma explicou explica escreveu anunciou declarou acrescentou",
}
_SAID = {language: frozenset(words.split()) for language, words in SAID.items()}
_DIGITS, _ASCII = b"0123456789", bytes(range(128))
_NUMERIC_DATE = re.compile(r"\b(?:(?:19|20)\d\d[-/.]\d\d?[-/.]\d\d?|\d\d?[-/.]\d\d?[-/.](?:19|20)\d\d)\b")
_LIKE_A_DATE = re.compile(r"\d[-/.]\d\d?[-/.]\d")  # quick to rule out


def measure_detail(page: MeasuredText, language: str | None) -> tuple[Signal, ...]:
    """The signals of SIGNALS that are defined for a language, ISO 639-1, in its order."""
    said = _SAID.get(language or "")
    attributions = () if said is None else (sum(page.counts[word] for word in said),)
    sample = page.text[:COMPRESSED_CHARS].encode(errors="replace")
    start = page.lower[:DIVERSITY_WORDS]
    begins = [word[0] for word in page.words]
    return (
        Signal("digit_ratio", share(_count_digits(page.text), len(page.text))),
        Signal("figures_per_1000_words", page.per_1000_words(sum(map(str.isdigit, begins)))),
        Signal("dates_per_1000_words", page.per_1000_words(_count_dates(page))),
        Signal("names_per_1000_words", page.per_1000_words(_count_names(begins))),
        Signal("quotations_per_1000_words", page.per_1000_words(count_quotations(page.text))),
        *(Signal("attributions_per_1000_words", page.per_1000_words(count)) for count in attributions),
        Signal("lexical_diversity_ratio", share(len(set(start)), len(start))),
        Signal("compression_ratio", min(1.0, share(len(zlib.compress(sample, 1)), len(sample)))),
    )


def _count_dates(page: MeasuredText) -> int:
    """Month names with a number directly before or after, and dates in figures."""
    lower = page.lower
    months = [] if MONTHS.keys().isdisjoint(page.counts) else [p for p, word in enumerate(lower) if word in MONTHS]
    named = sum(any(word[0].isdigit() for word in (*lower[max(0, p - 1) : p], *lower[p + 1 : p + 2])) for p in months)
    return named + (len(_NUMERIC_DATE.findall(page.text)) if _LIKE_A_DATE.search(page.text) else 0)


def _count_names(begins: list[str]) -> int:
    """Runs of capitalised words that a word in lower case comes before: what begins a sentence is no name by that."""
    return sum([before.islower() and first.isupper() for before, first in pairwise(begins)])


def _count_digits(text: str) -> int:
    """Decimal digits of any script; those of ASCII are counted in bytes, which is quick."""
    data = text.encode(errors="surrogatepass")
    count = len(data) - len(data.translate(None, _DIGITS))
    others = data.translate(None, _ASCII).decode(errors="surrogatepass")
    return count + sum(map(str.isdecimal, others))
