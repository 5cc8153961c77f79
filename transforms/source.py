"""Which source a document belongs to: what a user's rule says, else the registered domain of its address."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import re2
import tldextract

MOST_NAME_CHARS = 200
# The list of public suffixes that the package carries: no network, no cache folder.
_SUFFIXES = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)


@dataclass(frozen=True, slots=True)
class SourceRule:
    r"""Documents whose address or place `pattern` (RE2) matches whole belong to the source `name`.

    `name` may hold `\1` to `\9`, the groups of the pattern.
    """

    pattern: str
    name: str


@lru_cache(maxsize=65_536)
def registered_domain(url: str) -> str | None:
    """`bbc.co.uk` for `https://www.bbc.co.uk/news/1`; None where the address has no registered domain."""
    return _SUFFIXES(url).top_domain_under_public_suffix.lower() or None


def source_by_rule(url: str | None, location: str, rules: tuple[SourceRule, ...]) -> str | None:
    """The name that the first matching rule gives; None without one.

    A rule is held against the address without its scheme and `www.`, then against the location of the file.
    """
    places = (*((_plain(url),) if url else ()), location)
    for rule in rules:
        for place in places:
            found = compiled(rule.pattern).fullmatch(place)
            if found and (name := " ".join(found.expand(rule.name).split())):
                return name[:MOST_NAME_CHARS]
    return None


@lru_cache(maxsize=1_000)
def compiled(pattern: str) -> re2._Regexp:
    """The pattern, ready to use: case-insensitive. Raises re2.error."""
    options = re2.Options()
    options.case_sensitive = False
    options.log_errors = False
    return re2.compile(pattern, options)


def _plain(url: str) -> str:
    return url.partition("://")[2].removeprefix("www.") or url
