"""Which source a document belongs to: the registered domain of its address."""

from __future__ import annotations

from functools import lru_cache

import tldextract

# The list of public suffixes that the package carries: no network, no cache folder.
_SUFFIXES = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)


@lru_cache(maxsize=65_536)
def registered_domain(url: str) -> str | None:
    """`bbc.co.uk` for `https://www.bbc.co.uk/news/1`; None where the address has no registered domain."""
    return _SUFFIXES(url).top_domain_under_public_suffix.lower() or None
