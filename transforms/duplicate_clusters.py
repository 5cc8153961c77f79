"""Clusters of near-duplicates, and which of their articles are kept: pure, of articles and links between texts.

A cluster is all that links connect, so a chain A~B~C is one cluster though A and C need not be alike. But an article
gives way only to a kept one that it is itself LEAST_SIMILARITY like: of such a chain, A and C are both kept and B gives
way. So leaving out what is not kept never loses a text of which nothing alike remains.

The result depends on the sets of articles and links alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from transforms.near_duplicates import LEAST_SIMILARITY

Links = Mapping[int, Sequence[tuple[int, float]]]  # text hash -> the texts it is linked with, and how alike they are


@dataclass(frozen=True, slots=True)
class Candidate:
    """An article to be clustered: its text by hash, and what decides whether it is kept.

    `dated` is None where the date is not credible to the day.
    """

    article_id: str
    text_hash: int
    dated: date | None
    text_chars: int


@dataclass(frozen=True, slots=True)
class Member:
    """An article in a cluster of several. `similarity` is that to the kept article, 1 for a kept one itself."""

    article_id: str
    cluster_id: str
    kept_article_id: str
    similarity: float


def gather_links(links: Iterable[tuple[int, int, float]]) -> dict[int, list[tuple[int, float]]]:
    """Each link from both of its ends."""
    gathered: dict[int, list[tuple[int, float]]] = {}
    for one, other, similarity in links:
        gathered.setdefault(one, []).append((other, similarity))
        gathered.setdefault(other, []).append((one, similarity))
    return gathered


def find_clusters(candidates: Iterable[Candidate], links: Links) -> list[Member]:
    """The members of all clusters of two or more, by article id. A cluster bears the smallest id of its articles."""
    by_text: dict[int, list[Candidate]] = {}
    for candidate in candidates:
        by_text.setdefault(candidate.text_hash, []).append(candidate)
    members: list[Member] = []
    seen: set[int] = set()
    for text in by_text:
        if text in seen:
            continue
        seen.add(text)
        waiting, cluster = [text], list[Candidate]()
        while waiting:
            reached = waiting.pop()
            cluster += by_text[reached]
            fresh = {other for other, _ in links.get(reached, ()) if other in by_text and other not in seen}
            seen |= fresh
            waiting += fresh
        if len(cluster) > 1:
            members += _members(cluster, links)
    return sorted(members, key=lambda member: member.article_id)


def _members(cluster: Sequence[Candidate], links: Links) -> list[Member]:
    cluster_id = min(candidate.article_id for candidate in cluster)
    # For each text the kept article that is most like it, and how alike: -rank, so that the earlier one wins a tie.
    nearest: dict[int, tuple[float, int, str]] = {}
    members = []
    for rank, candidate in enumerate(sorted(cluster, key=_rank)):
        text = candidate.text_hash
        similarity, _, kept = max(
            nearest.get(text, (0.0, 0, "")),
            # Distance (1 - similarity) is a metric: what is 0.95 like a text that is 0.9 like a third is at least 0.85
            # like that one. This tells of texts that were not compared because too many share a band.
            max(
                ((round(s + nearest[o][0] - 1, 6), *nearest[o][1:]) for o, s in links.get(text, ()) if o in nearest),
                default=(0.0, 0, ""),
            ),
        )
        if similarity < LEAST_SIMILARITY:
            similarity, kept = 1.0, candidate.article_id
            nearest[text] = (1.0, -rank, kept)
            for other, likeness in links.get(text, ()):
                nearest[other] = max(nearest.get(other, (0.0, 0, "")), (likeness, -rank, kept))
        members.append(Member(candidate.article_id, cluster_id, kept, similarity))
    return members


def _rank(candidate: Candidate) -> tuple[date, int, str]:
    """The earliest credible date first, then the longest text, then the smallest id."""
    return candidate.dated or date.max, -candidate.text_chars, candidate.article_id
