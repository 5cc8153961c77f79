"""The block model: the choice it makes of probabilities, and that its weights are what they are said to be."""

from __future__ import annotations

from importlib.resources import files

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.test_blocks import blocks
from tests.test_body import news_page, tree
from transforms.block_features import measure_blocks
from transforms.block_model import block_odds, choose_blocks, judge_blocks, load_block_model
from transforms.block_trees import SURE_ODDS, is_unsure
from transforms.blocks import read_blocks


@given(st.lists(st.tuples(st.floats(0.001, 0.999), st.integers(0, 400)), min_size=1, max_size=8))
def test_no_other_choice_is_expected_to_be_better(rows: list[tuple[float, int]]) -> None:
    probabilities, words = np.array([p for p, _ in rows]), np.array([n + 0.01 for _, n in rows])
    chosen, expected = choose_blocks(probabilities, words)
    total = (probabilities * words).sum()
    for bits in range(1, 2 ** len(rows)):
        some = np.array([bits >> n & 1 for n in range(len(rows))], np.bool_)
        assert 2 * (probabilities * words)[some].sum() / (words[some].sum() + total) <= expected + 1e-9
    assert chosen.any()


@pytest.mark.parametrize(
    ("probabilities", "expected"),
    [
        ([0.99, 0.98, 0.02], [True, True, False]),  # an easy page is cut near a half
        ([0.9, 0.42, 0.9], [True, False, True]),
        ([0.3, 0.3, 0.25], [True, True, True]),  # an unclear one keeps more
        ([0.3, 0.3, 0.01], [True, True, False]),
    ],
)
def test_an_unclear_page_keeps_more(probabilities: list[float], expected: list[bool]) -> None:
    assert choose_blocks(np.array(probabilities), np.full(len(probabilities), 50.0))[0].tolist() == expected


def test_a_page_without_text_is_judged() -> None:
    judged = judge_blocks(blocks(""), "Nothing")
    assert (len(judged.probabilities), judged.expected_f1) == (0, 0.0)


def test_the_same_page_has_the_same_probabilities() -> None:
    found = read_blocks(tree(news_page("en")))
    first, second = judge_blocks(found, "Harbour"), judge_blocks(found, "Harbour")
    assert (first.probabilities == second.probabilities).all()
    assert ((first.probabilities > 0) & (first.probabilities < 1)).all()
    assert first.expected_f1 > 0.9


def test_a_page_beside_does_not_matter_to_the_trees() -> None:
    """Trees are asked of some blocks only; what they say must stand at the right ones."""
    model = load_block_model()
    seen = measure_blocks(read_blocks(tree(news_page("de"))), "")
    odds = block_odds(model, seen)
    sure = ~is_unsure(odds.astype(np.float32))
    assert len(odds) == len(seen.inputs)
    assert (np.abs(odds[sure]) >= SURE_ODDS).all()


def test_a_list_is_told_from_an_article() -> None:
    card = "<div class='card'><a href='/x'><h3>Pier shoes</h3></a><span class='price'>40.00</span></div>"
    listing = blocks("<div class='grid'>" + "".join(card.replace("shoes", f"shoes {n}") for n in range(30)) + "</div>")
    article = read_blocks(tree(news_page("en")))
    assert judge_blocks(article, "").list_probability < 0.3 < judge_blocks(listing, "").list_probability


def test_weights_are_small_and_hold_no_text() -> None:
    weights = files("transforms") / "weights" / "block_model.npz"
    assert len(weights.read_bytes()) < 5_000_000
    model = load_block_model()
    assert (np.diff(model.net.grams.astype(np.float64)) > 0).all()
    assert (np.diff(model.net.names.astype(np.float64)) > 0).all()
