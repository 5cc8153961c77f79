"""What a change of rules would change: the edits of two rule sets on one text, compared and counted. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Literal

from transforms.clean import find_edits
from transforms.guard import guard_edits
from transforms.rule import RuleSet
from transforms.types import Edit

Direction = Literal["removed", "kept"]
CONTEXT_CHARS = 60
SAMPLE_CHARS = 200


@dataclass(frozen=True, slots=True)
class Original:
    """An article before cleaning, as the warehouse restores it."""

    article_id: str
    source: str
    text: str


@dataclass(frozen=True, slots=True, order=True)
class Change:
    """A stretch that the new rules would remove and the old ones would not, or the other way round ("kept").

    `rule` is the one that removes it: a new one for "removed", an old one for "kept". `text`, `before` and `after` are
    cut to SAMPLE_CHARS and CONTEXT_CHARS, `chars` counts all of it, in code points.
    """

    article_id: str
    start: int
    direction: Direction
    rule: str
    source: str
    chars: int
    before: str = field(compare=False)
    text: str = field(compare=False)
    after: str = field(compare=False)


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts of one group of changes, by rule or by source; `samples` are its first ones by article and place."""

    direction: Direction
    name: str
    span_count: int = 0
    char_count: int = 0
    article_count: int = 0
    samples: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class RuleDiff:
    """All of a comparison: articles looked at and changed, and the tallies, most characters first."""

    article_count: int
    changed_count: int
    by_rule: tuple[Tally, ...]
    by_source: tuple[Tally, ...]


def compare_rules(originals: Iterable[Original], old: RuleSet, new: RuleSet, samples: int) -> RuleDiff:
    """Clean each text under both rule sets, as a run would, and count what differs; order does not matter."""
    articles = changed = 0
    rules: dict[tuple[Direction, str], Tally] = {}
    sources: dict[tuple[Direction, str], Tally] = {}
    for original in originals:
        articles += 1
        changes = tuple(find_changes(original, _edits(original.text, old), _edits(original.text, new)))
        changed += bool(changes)
        _count(rules, ((c.rule, c) for c in changes), samples)
        _count(sources, ((c.source, c) for c in changes), 0)
    return RuleDiff(articles, changed, _ordered(rules.values()), _ordered(sources.values()))


def add_up(parts: Iterable[RuleDiff], samples: int) -> RuleDiff:
    """The comparison of all articles from those of its parts; a part's order does not matter."""
    articles = changed = 0
    rules: dict[tuple[Direction, str], Tally] = {}
    sources: dict[tuple[Direction, str], Tally] = {}
    for part in parts:
        articles, changed = articles + part.article_count, changed + part.changed_count
        for tallies, found in ((rules, part.by_rule), (sources, part.by_source)):
            for tally in found:
                key = (tally.direction, tally.name)
                known = tallies.get(key, Tally(tally.direction, tally.name))
                tallies[key] = _sum(known, tally, samples)
    return RuleDiff(articles, changed, _ordered(rules.values()), _ordered(sources.values()))


def find_changes(original: Original, old: tuple[Edit, ...], new: tuple[Edit, ...]) -> Iterator[Change]:
    """What only the new edits take ("removed"), then what only the old ones take ("kept"); white space aside.

    Text that both take, under whichever rule, is no change.
    """
    ways: tuple[tuple[Direction, tuple[Edit, ...], tuple[Edit, ...]], ...] = (("removed", new, old), ("kept", old, new))
    for direction, edits, others in ways:
        for rule, start, end in _only(edits, others):
            whole = original.text[start:end]
            if not whole.strip():
                continue
            yield Change(
                article_id=original.article_id,
                start=start,
                direction=direction,
                rule=rule,
                source=original.source,
                chars=end - start,
                before=original.text[max(0, start - CONTEXT_CHARS) : start],
                text=whole if len(whole) <= SAMPLE_CHARS else whole[:SAMPLE_CHARS] + "…",
                after=original.text[end : end + CONTEXT_CHARS],
            )


def _edits(text: str, rules: RuleSet) -> tuple[Edit, ...]:
    return guard_edits(text, find_edits(text, rules))[0]


def _only(edits: tuple[Edit, ...], others: tuple[Edit, ...]) -> Iterator[tuple[str, int, int]]:
    """The rule and range of each stretch that `edits` cover and `others` do not; both sorted, one pass."""
    at = 0
    for edit in edits:
        start = edit.start
        while at < len(others) and others[at].end <= start:
            at += 1
        here = at
        while here < len(others) and others[here].start < edit.end:
            if others[here].start > start:
                yield edit.rule, start, others[here].start
            start = max(start, others[here].end)
            here += 1
        if start < edit.end:
            yield edit.rule, start, edit.end


def _count(tallies: dict[tuple[Direction, str], Tally], changes: Iterable[tuple[str, Change]], samples: int) -> None:
    """Add the changes of one article."""
    seen: set[tuple[Direction, str]] = set()
    for name, change in changes:
        key = (change.direction, name)
        one = Tally(*key, 1, change.chars, int(key not in seen), (change,))
        tallies[key] = _sum(tallies.get(key, Tally(*key)), one, samples)
        seen.add(key)


def _sum(first: Tally, second: Tally, samples: int) -> Tally:
    return replace(
        first,
        span_count=first.span_count + second.span_count,
        char_count=first.char_count + second.char_count,
        article_count=first.article_count + second.article_count,
        samples=tuple(sorted((*first.samples, *second.samples))[:samples]),
    )


def _ordered(tallies: Iterable[Tally]) -> tuple[Tally, ...]:
    return tuple(sorted(tallies, key=lambda t: (t.direction == "kept", -t.char_count, t.name)))
