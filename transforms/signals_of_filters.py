"""Signals of the published filters of web text: Gopher quality, C4 and FineWeb. Their bounds are in the warehouse.

Gopher: Rae et al. 2021, "Scaling Language Models", appendix A.1.1. C4: Raffel et al. 2020, "Exploring the Limits of
Transfer Learning", section 2.2. FineWeb: Penedo et al. 2024, "The FineWeb Datasets", section 3.6, and its code in
datatrove. Repetition is in transforms/signals_of_repetition.py.

Where we deviate:
- Lines are those that are not blank, without their surrounding white space. (FineWeb's are the same; the other
  papers do not say.)
- C4 takes lines out and then judges the page; here both are numbers of the text as it is, and `c4_sentences` counts
  in the lines that C4 would have left. Its list of bad words, its removal of citation marks and its search for
  repeated sentences across documents are left out.
- FineWeb's sentence marks are those of datatrove; here closing quotation marks and brackets after one are passed over.
"""

from __future__ import annotations

import re

from transforms.measured_text import MeasuredText, share
from transforms.types import Signal
from transforms.words import ends_sentence

SIGNALS = (
    ("words", "words of the text (Gopher)"),
    ("mean_word_chars", "characters a word (Gopher)"),
    ("hash_per_word_ratio", "hash marks a word (Gopher)"),
    ("ellipsis_per_word_ratio", "ellipses, of one character or three full stops, a word (Gopher)"),
    ("bullet_line_ratio", "share of lines that begin with a bullet, 0-1 (Gopher)"),
    ("ellipsis_line_ratio", "share of lines that end in an ellipsis, 0-1 (Gopher)"),
    ("alphabetic_word_ratio", "share of runs without white space that hold a letter, 0-1 (Gopher)"),
    ("english_stop_words", "how many of the, be, to, of, and, that, have, with occur, 0-8 (Gopher)"),
    ("c4_terminal_line_ratio", 'share of lines that end in . ! ? or a closing ", 0-1 (C4 takes out the others)'),
    ("c4_short_line_ratio", "share of lines of fewer than three words, 0-1 (C4 takes them out; its code has five)"),
    ("c4_javascript_lines", "lines with the word Javascript (C4 takes them out)"),
    (
        "c4_policy_lines",
        "lines with terms of use, privacy policy, cookie policy, uses cookies, ... (C4 takes them out)",
    ),
    ("c4_lorem_ipsum", 'how often "lorem ipsum" occurs (C4 drops the page)'),
    ("c4_braces", "opening curly brackets (C4 drops the page)"),
    ("c4_sentences", "sentences in the lines that C4 leaves (C4)"),
    ("punctuated_line_ratio", "share of lines that end in a sentence mark, 0-1 (FineWeb)"),
    ("short_line_ratio", "share of lines of 30 characters or fewer, 0-1 (FineWeb)"),
    ("newline_per_word_ratio", "line ends a word (FineWeb)"),
)

SHORT_LINE_CHARS = 30
C4_LINE_WORDS = 3
_BULLETS = tuple("-–—•*·▪●◦‣")
_LETTER = re.compile(r"[^\W\d_]")
_ELLIPSES = ("…", "...")
_GOPHER_STOP_WORDS = frozenset(("the", "be", "to", "of", "and", "that", "have", "with"))
_C4_ENDS = (".", "!", "?", '"', "”")
_C4_POLICY = ("terms of use", "privacy policy", "cookie policy", "uses cookies", "use of cookies", "use cookies")


def measure_filter_signals(page: MeasuredText) -> tuple[Signal, ...]:
    """The signals of SIGNALS, in its order."""
    text, words, lines = page.text, page.words, page.lines
    runs, text_lower = text.split(), text.lower()
    without_letter = sum([not _LETTER.search(run) for run in runs if not run[0].isalpha()])
    is_short = [len(line.split(None, C4_LINE_WORDS)) < C4_LINE_WORDS for line in lines]
    is_ended = [line.endswith(_C4_ENDS) for line in lines]
    is_script = is_policy = [False] * len(lines)
    if "javascript" in text_lower or any(phrase in text_lower for phrase in _C4_POLICY):
        is_script = ["javascript" in line.lower() for line in lines]
        is_policy = [any(phrase in line.lower() for phrase in _C4_POLICY) for line in lines]
    c4_lines = zip(page.line_sentences, is_ended, is_short, is_script, is_policy, strict=True)
    return (
        Signal("words", len(words)),
        Signal("mean_word_chars", share(sum(map(len, words)), len(words))),
        Signal("hash_per_word_ratio", page.per_word(text.count("#"))),
        Signal("ellipsis_per_word_ratio", page.per_word(sum(map(text.count, _ELLIPSES)))),
        Signal("bullet_line_ratio", page.per_line(sum(line.startswith(_BULLETS) for line in lines))),
        Signal("ellipsis_line_ratio", page.per_line(sum(line.endswith(_ELLIPSES) for line in lines))),
        Signal("alphabetic_word_ratio", share(len(runs) - without_letter, len(runs))),
        Signal("english_stop_words", sum(word in page.counts for word in _GOPHER_STOP_WORDS)),
        Signal("c4_terminal_line_ratio", page.per_line(sum(is_ended))),
        Signal("c4_short_line_ratio", page.per_line(sum(is_short))),
        Signal("c4_javascript_lines", sum(is_script)),
        Signal("c4_policy_lines", sum(is_policy)),
        Signal("c4_lorem_ipsum", text_lower.count("lorem ipsum")),
        Signal("c4_braces", text.count("{")),
        Signal("c4_sentences", sum(count for count, is_end, *out in c4_lines if is_end and not any(out))),
        Signal("punctuated_line_ratio", page.per_line(sum(map(ends_sentence, lines)))),
        Signal("short_line_ratio", page.per_line(sum(len(line) <= SHORT_LINE_CHARS for line in lines))),
        Signal("newline_per_word_ratio", page.per_word(text.count("\n"))),
    )
