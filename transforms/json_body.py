"""The article's text where a page gives it as data: `articleBody` of its JSON-LD."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator

from lxml.html import HtmlElement

_TYPE = "application/ld+json"
_TAG = re.compile(r"<[^<>]{1,200}>")
_DEPTH = 8


def find_json_body(tree: HtmlElement) -> str | None:
    """The longest `articleBody` of a parsed page, as lines of text; None where there is none or it cannot be read."""
    bodies = [
        body
        for script in tree.iter("script")
        if script.get("type") == _TYPE and script.text and '"articleBody"' in script.text
        for body in _bodies(_parsed(script.text), 0)
    ]
    longest = max(bodies, key=len, default="")
    plain = html.unescape(_TAG.sub("\n", longest))
    lines = [" ".join(line.split()) for line in plain.splitlines()]
    return "\n".join(line for line in lines if line) or None


def _parsed(text: str) -> object:
    try:
        return json.loads(text, strict=False)
    except (ValueError, RecursionError):  # broken or hostile JSON is no error of the page's text
        return None


def _bodies(value: object, depth: int) -> Iterator[str]:
    if depth > _DEPTH:
        return
    if isinstance(value, list):
        for item in value:
            yield from _bodies(item, depth + 1)
    elif isinstance(value, dict):
        body = value.get("articleBody")
        if isinstance(body, str):
            yield body
        for item in value.values():
            if isinstance(item, dict | list):
                yield from _bodies(item, depth + 1)
