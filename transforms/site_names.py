"""How a site calls itself, to tell its name in a title or an author field from the title and the authors."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

_WORD = re.compile(r"\w+")
_NOT_WORD = re.compile(r"\W+")
_HOST = re.compile(r"https?://(?:[^/?#@]*@)?([^/?#:]+)", re.IGNORECASE)
_SHORTEST_PART = 4  # of a name that counts also where it is part of a longer word: "courier" in harbourcourier.example
_SHORT_SUFFIX = 3  # the "co" of co.uk, which is not the name
_MOST_WORDS_WITH_NAME = 6
_MOST_WORDS_WITH_LABEL = 4


@dataclass(frozen=True, slots=True)
class SiteNames:
    """Names without spaces, in lower case; `label` is the one of the host: "harbourcourier"."""

    names: frozenset[str] = frozenset()
    label: str = ""


def find_site_names(names: Iterable[str], url: str) -> SiteNames:
    """From the names that a page gives its site and publisher, and its address."""
    match = _HOST.match(url)
    host = match[1].lower().removeprefix("www.") if match else ""
    labels = host.split(".")
    at = -3 if len(labels) > 2 and len(labels[-2]) <= _SHORT_SUFFIX else -2
    label = labels[at] if len(labels) >= 2 else ""
    squeezed = {_squeezed(name) for name in (*names, host)}
    return SiteNames(frozenset(squeezed - {""}), _squeezed(label))


def is_site(text: str, site: SiteNames) -> bool:
    """Whether a text is the site's name, with a word or two more at most, or no text at all."""
    words = _WORD.findall(text.lower())
    whole = "".join(words)
    if not whole or whole in site.names:
        return True
    if len(whole) >= _SHORTEST_PART and any(whole in name for name in site.names):
        return True
    if site.label in words or (len(site.label) >= _SHORTEST_PART and site.label in whole):
        return len(words) <= _MOST_WORDS_WITH_LABEL
    holds_name = any(len(name) >= _SHORTEST_PART and name in whole for name in site.names)
    return holds_name and len(words) <= _MOST_WORDS_WITH_NAME


def _squeezed(text: str) -> str:
    return _NOT_WORD.sub("", text).lower()
