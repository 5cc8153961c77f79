"""Near-duplicates of clean texts, on their own: what is signed, compared, linked, clustered and kept."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import zlib
from collections.abc import Sequence
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.template_runs import prose
from transforms import minhash, near_duplicates
from transforms.duplicate_clusters import Candidate, Member, find_clusters, gather_links
from transforms.minhash import find_shingles
from transforms.near_duplicates import LEAST_ESTIMATE, find_candidates, jaccard, shingles_of, sign_text
from transforms.template_bounds import BAND_VALUES, BANDS
from transforms.types import Flag

ARTICLE = prose(1, 12)
WORDS = ARTICLE.split()


def rewritten(share: float) -> str:
    """The article with a run of words in its middle replaced by words of another."""
    count, start = round(share * len(WORDS)), len(WORDS) // 3
    return " ".join((*WORDS[:start], *prose(99, 12).upper().split()[:count], *WORDS[start + count :]))


def scattered(share: float) -> str:
    """The article with single words replaced, evenly."""
    step = round(1 / share)
    return " ".join("otherwise" if n % step == step // 2 else word for n, word in enumerate(WORDS))


@pytest.mark.parametrize(
    ("copy", "is_linked"),
    [
        (ARTICLE.upper().replace(",", " -").replace("\n", " "), True),
        (rewritten(0.05), True),
        (rewritten(0.10), True),
        (rewritten(0.30), False),
        (scattered(0.01), True),
        (scattered(0.02), True),
        (scattered(0.10), False),
        (" ".join(WORDS[: int(0.85 * len(WORDS))]), True),  # the end cut off
        (" ".join(WORDS[: len(WORDS) // 2]), False),
        ("Our correspondent reports from the island this week. " + ARTICLE, True),
        (prose(2, 12), False),  # the same words in other sentences
        ("Die Fähre legt bei Sonnenaufgang ab, und der Kapitän grüßt den Hafen. " * 12, False),
    ],
)
def test_planted_edits(copy: str, is_linked: bool) -> None:
    one, other = sign_text(ARTICLE), sign_text(copy)
    assert one
    assert other
    pairs = find_candidates(np.array([one.signature, other.signature], dtype=np.uint32), np.array([True, False]))
    is_like = jaccard(shingles_of(ARTICLE), shingles_of(copy)) >= near_duplicates.LEAST_SIMILARITY
    assert (is_like, is_like and len(pairs[0]) == 1) == (is_linked, is_linked)


def test_similarity_is_the_share_of_shingles_in_common() -> None:
    one, other = "a b c d e f g h", "a b c d e f g x"  # abcde bcdef cdefg in common, defgh and defgx not
    assert jaccard(shingles_of(one), shingles_of(other)) == 3 / 5
    assert jaccard(shingles_of(one), shingles_of(one.upper())) == 1
    assert jaccard(shingles_of("港口办公室将关闭到三月"), shingles_of("港口办公室将关闭到三月底")) == 7 / 8


@given(st.lists(st.sampled_from("abcdé海") | st.text(max_size=50), max_size=30))
def test_shingles_are_the_different_runs_of_five_words(words: list[str]) -> None:
    hashes = [zlib.crc32(word.encode()) for word in words] or [0]
    runs = [hashes[at : at + 5] for at in range(max(len(hashes) - 4, 1))]
    numbers = set()
    for run in runs:
        mixed = sum(number * int(place) for number, place in zip(run, minhash._PLACES, strict=False)) % 2**64
        numbers.add((mixed ^ (mixed >> 32)) * int(minhash._FACTOR) % 2**64)
    assert find_shingles(words).tolist() == sorted(numbers)


@pytest.mark.parametrize(
    ("text", "flags", "is_signed"),
    [
        ("Nine words are too few to say it again.", (), False),
        ("But ten words are enough to say it once again.", (), True),
        ("Read more", (), False),
        ("", (), False),
        ("» … •", (), False),
        ("港口办公室将关闭到三月", (), True),  # a character counts as a word
        (ARTICLE, (Flag("undated", ""),), True),
        (ARTICLE, (Flag("not-an-article", "a login wall"),), False),
        (ARTICLE, (Flag("all-removed", ""),), False),
    ],
)
def test_what_holds_no_article_is_not_compared(text: str, flags: tuple[Flag, ...], is_signed: bool) -> None:
    assert (sign_text(text, flags) is not None) == is_signed


def test_the_same_words_have_the_same_hash() -> None:
    signed = {sign_text(text) for text in (ARTICLE, ARTICLE.upper(), ARTICLE.replace("\n", "  "), f"«{ARTICLE}»!")}
    assert len(signed) == 1
    assert sign_text(ARTICLE) != sign_text(f"{ARTICLE} More.")


def test_signatures_are_the_same_in_every_process() -> None:
    code = "from tests.test_near_duplicates import ARTICLE, sign_text; print(sign_text(ARTICLE))"
    printed = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONHASHSEED": "77"},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert printed.strip() == str(sign_text(ARTICLE))


# What is compared


def a_signature(base: Sequence[int], changed: int) -> list[int]:
    return [value + (place < changed) for place, value in enumerate(base)]


ROWS = st.lists(
    st.builds(
        a_signature,
        st.sampled_from([[seed * 1000 + n for n in range(BANDS * BAND_VALUES)] for seed in (1, 2)]),
        st.integers(0, BANDS * BAND_VALUES),
    ),
    max_size=12,
)


@given(ROWS, st.lists(st.booleans(), min_size=12, max_size=12))
@settings(max_examples=60)
def test_candidates_are_all_pairs_that_share_a_band(rows: list[list[int]], new: list[bool]) -> None:
    signatures = np.array(rows, dtype=np.uint32).reshape(len(rows), BANDS * BAND_VALUES)
    left, right = find_candidates(signatures, np.array(new[: len(rows)], dtype=bool))
    found = sorted(tuple(sorted(pair)) for pair in zip(left.tolist(), right.tolist(), strict=True))
    expected = []
    for one in range(len(rows)):
        for other in range(one + 1, len(rows)):
            equal = signatures[one] == signatures[other]
            shares = equal.reshape(BANDS, BAND_VALUES).all(axis=1).any()
            if shares and equal.mean() >= LEAST_ESTIMATE and (new[one] or new[other]):
                expected.append((one, other))
    assert found == expected


def test_a_crowded_band_is_compared_with_its_first_texts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(near_duplicates, "MOST_COMPARED", 3)
    left, right = find_candidates(np.full((20, 64), 7, dtype=np.uint32), np.ones(20, dtype=bool))
    pairs = {tuple(sorted(pair)) for pair in zip(left.tolist(), right.tolist(), strict=True)}
    assert pairs == {(one, other) for one in range(3) for other in range(one + 1, 20)}
    assert len(left) == len(pairs)


# Clusters


def candidate(name: str, text: int, day: int | None = None, chars: int = 100) -> Candidate:
    return Candidate(name, text, date(2026, 3, day) if day else None, chars)


def kept_for(members: list[Member]) -> dict[str, tuple[str, str, float]]:
    return {m.article_id: (m.cluster_id, m.kept_article_id, m.similarity) for m in members}


@pytest.mark.parametrize(
    ("candidates", "links", "expected"),
    [
        ([candidate("a", 1), candidate("b", 2)], [], {}),
        # The earliest date is kept, then the longest text, then the smallest id.
        (
            [candidate("a", 1, 3), candidate("b", 2, 2), candidate("c", 3)],
            [(1, 2, 0.9), (1, 3, 0.85), (2, 3, 0.8)],
            {"a": ("a", "b", 0.9), "b": ("a", "b", 1.0), "c": ("a", "b", 0.8)},
        ),
        (
            [candidate("a", 1, 3, 80), candidate("b", 2, 3, 90)],
            [(1, 2, 0.9)],
            {"a": ("a", "b", 0.9), "b": ("a", "b", 1.0)},
        ),
        ([candidate("b", 1), candidate("a", 1)], [], {"a": ("a", "a", 1.0), "b": ("a", "a", 1.0)}),
        # A chain is one cluster; its ends are not alike, so both are kept.
        (
            [candidate("a", 1, 1), candidate("b", 2, 2), candidate("c", 3, 3)],
            [(1, 2, 0.8), (2, 3, 0.9)],
            {"a": ("a", "a", 1.0), "b": ("a", "a", 0.8), "c": ("a", "c", 1.0)},
        ),
        # The middle one is the earliest: it stands for both.
        (
            [candidate("a", 1, 2), candidate("b", 2, 1), candidate("c", 3, 3)],
            [(1, 2, 0.8), (2, 3, 0.9)],
            {"a": ("a", "b", 0.8), "b": ("a", "b", 1.0), "c": ("a", "b", 0.9)},
        ),
        # Not compared, but each is so like a third that they must be like each other.
        (
            [candidate("a", 1, 1), candidate("b", 2, 3), candidate("c", 3, 2)],
            [(1, 2, 0.95), (2, 3, 0.9)],
            {"a": ("a", "a", 1.0), "b": ("a", "a", 0.95), "c": ("a", "a", 0.85)},
        ),
        # A link to a text that no candidate has (an earlier version of a page) connects nothing.
        ([candidate("a", 1), candidate("c", 3)], [(1, 2, 0.9), (2, 3, 0.9)], {}),
    ],
)
def test_clusters(
    candidates: list[Candidate],
    links: list[tuple[int, int, float]],
    expected: dict[str, tuple[str, str, float]],
) -> None:
    assert kept_for(find_clusters(candidates, gather_links(links))) == expected


@given(
    st.lists(st.builds(candidate, st.text("abcdef", min_size=3, max_size=3), st.integers(1, 8), st.integers(1, 5))),
    st.lists(st.tuples(st.integers(1, 8), st.integers(1, 8), st.sampled_from((0.8, 0.85, 0.9, 0.97)))),
    st.integers(0, 100),
)
@settings(max_examples=100)
def test_what_gives_way_is_like_what_is_kept(
    candidates: list[Candidate], pairs: list[tuple[int, int, float]], seed: int
) -> None:
    candidates = list({c.article_id: c for c in candidates}.values())
    links = list({(one, other): (one, other, s) for one, other, s in pairs if one < other}.values())
    members = find_clusters(candidates, gather_links(links))
    shuffled = random.Random(seed)
    shuffled.shuffle(candidates)
    shuffled.shuffle(links)
    assert find_clusters(candidates, gather_links(links)) == members
    text_of = {c.article_id: c.text_hash for c in candidates}
    linked = {(one, other) for one, other, _ in links} | {(other, one) for one, other, _ in links}
    kept = {m.article_id for m in members if m.article_id == m.kept_article_id}
    for member in members:
        assert member.similarity >= 0.8
        assert member.kept_article_id in kept
    for one in kept:  # nothing that is linked is kept twice
        assert not any(
            (text_of[one], text_of[other]) in linked or text_of[one] == text_of[other] for other in kept - {one}
        )
    clusters: dict[str, set[str]] = {}
    for member in members:
        clusters.setdefault(member.cluster_id, set()).add(member.article_id)
    assert all(min(articles) == name and len(articles) > 1 for name, articles in clusters.items())
