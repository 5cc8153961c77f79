"""SEO padding: padded and plain pages apart, each trace on its own, and no trace that lowers the score."""

from __future__ import annotations

import math

import pytest

from transforms.padding import measure_padding
from transforms.seo import FLAG_FROM, INTERCEPT, RAMPS, Ramp, score_seo_padding
from transforms.types import Component, Edit

PLAIN = """The quay is shut
The harbour office closed the northern quay on 3 March and moved 14 ferries to the coal pier, a letter shows.
“We had a week to leave,” said Ilse Brandt, who had sold smoked eel there since 1998. Her stall measured 6 metres.
The mayor, Per Lindqvist, told the council that he had signed the order himself. “I was wrong,” he said on Friday.
Opposition members asked who had paid for the survey, and the clerk, Anna Moro, read out an invoice of 41,300 kronor.
The pier was built in 1911 (for coal), burned in 1944 and was rebuilt by two brothers from Karlskrona.
Brandt packed her knives into a van. She was the last to go, and she did not look back at the water.
"""

PADDED = """What Is the Best Garden Shed?
In today's world, choosing the right garden shed is essential for homeowners. Whether you're a beginner or an expert,
the best garden shed can help you enhance your outdoor experience and maximize storage options with ease and quality.
Why Choose a Garden Shed?
When it comes to garden shed solutions, there are many options. A quality garden shed offers a wide range of benefits
and ensures that your tools stay safe, making it an ideal choice for your needs and a great way to boost value.
How to Choose the Right Garden Shed
It is important to consider garden shed cost and garden shed types. With the right garden shed guide, you can explore
reliable, affordable and durable options that provide seamless storage and elevate your lifestyle. Contact us today.
Top Garden Shed Tips
Our experts help customers find the perfect garden shed services. Check out our garden shed ideas to unlock valuable
insights, streamline your projects and create a stunning space. Shop now for the best garden shed options near you.
FAQ
Final Thoughts on Garden Shed Trends
The key to success is a comprehensive garden shed plan. By choosing a trusted provider, you ensure efficient storage,
improve your budget and enjoy peace of mind. Look no further than our garden shed solutions for your needs.
"""

INSERTED = PLAIN.replace("Opposition", "Find out more about northern harbour quay closure tips.\nOpposition").replace(
    "The pier", "Find out more about northern harbour quay closure guide. The pier"
) + (
    "Find out more about northern harbour quay closure strategies.\n"
    "You can learn more about northern harbour quay closure overview.\n"
)


def component(name: str, text: str, **more: tuple[Edit, ...] | tuple[str, ...] | str) -> Component:
    score, _ = score_seo_padding(text, **{"edits": (), **more})  # type: ignore[arg-type]
    return next(each for each in score.components if each.name == name)


def test_padded_page_is_flagged_with_evidence() -> None:
    score, flag = score_seo_padding(PADDED, ())
    assert score.value > 0.9
    assert flag is not None
    assert flag.code == "seo-padded"
    assert len(flag.evidence.split("; ")) == 3


def test_plain_report_is_not_flagged() -> None:
    score, flag = score_seo_padding(PLAIN, ())
    assert score.value < 0.1
    assert flag is None


def test_pointers_to_one_target_flag_even_a_plain_report() -> None:
    score, flag = score_seo_padding(INSERTED, ())
    assert score.value >= FLAG_FROM
    assert flag is not None
    assert '4 link inserts to "northern harbour quay"' in flag.evidence


def test_pointers_to_different_targets_do_not() -> None:
    text = (
        PLAIN
        + "Find out more about ferry times.\nLearn more about the old coal pier.\nRead more about Per Lindqvist.\n"
    )
    assert score_seo_padding(text, ())[1] is None


def test_score_is_the_logistic_of_its_components() -> None:
    score, _ = score_seo_padding(PADDED, ())
    assert sum(each.weight for each in score.components) == pytest.approx(1)
    assert all(0 <= each.value <= 1 and each.evidence for each in score.components)
    assert [each.name for each in score.components] == [ramp.name for ramp in RAMPS]
    total = sum(ramp.weight for ramp in RAMPS)
    logit = INTERCEPT + total * sum(each.weight * each.value for each in score.components)
    assert score.value == pytest.approx(1 / (1 + math.exp(-logit)), abs=1e-4)


TRACES = (
    ("stock_words", "We ensure seamless, robust and comprehensive solutions. ", "5 stock words"),
    ("filler_phrases", "When it comes to boats, it is important to note that they float. ", "when it comes to 1"),
    ("key_phrase", "Buy a rubber boat. A rubber boat floats. No rubber boat sinks. ", '"rubber boat" stands 3 times'),
    ("keyword_tails", "A boat guide, the boat price and some boat tips. ", "3 keyword tails"),
    ("inserts", "Click here. Contact us. Learn more about our piers and quays. ", "3 link inserts"),
    (
        "same_target_inserts",
        "Read more about old coal pier tips. Read more about old coal pier cost. ",
        "2 link inserts",
    ),
    ("product_prices", "The small one is $40, the large one 90 €. Neither is worth it. ", "2 prices"),
    ("summary_sections", "It was long.\nKey takeaways\nIt was long.\n", "Key takeaways"),
)


@pytest.mark.parametrize(("name", "text", "evidence"), TRACES, ids=[trace[0] for trace in TRACES])
def test_trace_is_found_and_named(name: str, text: str, evidence: str) -> None:
    found = component(name, text)
    assert evidence in found.evidence
    assert found.value > component(name, PLAIN).value


def test_headings_count_as_queries_and_as_repetition() -> None:
    headings = ("What is a rubber boat?", "How to buy a rubber boat", "Boat prices", "Our story")
    text = "A rubber boat is a boat. This rubber boat floats, and one rubber boat is enough for the two of us."
    assert component("query_headings", text, headings=headings).evidence.startswith("2 of 4 headings")
    assert component("key_headings", text, headings=headings).evidence == "3 of 4 headings repeat a key word"
    assert "in 2 of 4 headings" in component("key_phrase", text, headings=headings).evidence


def test_title_is_one_more_heading() -> None:
    assert component("query_headings", PLAIN, title="How Much Does a Quay Cost?").evidence.startswith("1 of 2 headings")


def test_a_name_is_no_key_phrase() -> None:
    text = "Ilse Brandt sold eel. Later Ilse Brandt left, and Ilse Brandt never came back to Ilse Brandt’s old stall."
    assert component("key_phrase", text).value == 0


def test_voices_and_details_lower_their_traces() -> None:
    assert component("no_voices", PLAIN).value < component("no_voices", PADDED).value
    assert component("no_details", PLAIN).value < component("no_details", PADDED).value


def test_inserts_of_the_ledger_count_once() -> None:
    text = "The quay is shut for the winter. Learn more about the coal pier. Mehr zum Thema Hafen. It opens in May."
    known = Edit(33, 64, "promo_link", "learn-more", text[33:64])
    other = Edit(65, 86, "promo_link", "mehr-zum-thema", text[65:86])
    advert = Edit(65, 86, "advert", "house-advert", text[65:86])
    assert component("inserts", text).evidence.startswith("1 link insert ")
    assert component("inserts", text, edits=(known,)).evidence.startswith("1 link insert ")
    assert component("inserts", text, edits=(known, other)).evidence.startswith("2 link inserts")
    assert component("inserts", text, edits=(known, advert)).evidence.startswith("1 link insert ")


def test_no_ramp_lowers_the_score() -> None:
    assert all(ramp.weight >= 0 and ramp.low < ramp.high and 0 <= ramp.typical <= 1 for ramp in RAMPS)


@pytest.mark.parametrize("ramp", RAMPS, ids=[ramp.name for ramp in RAMPS])
def test_ramp(ramp: Ramp) -> None:
    middle = (ramp.low + ramp.high) / 2
    measures = (ramp.low - 1, ramp.low, middle, ramp.high, ramp.high + 1)
    assert [ramp.value(measure) for measure in measures] == pytest.approx([0, 0, 0.5, 1, 1])
    assert ramp.value(None) == ramp.typical


GERMAN = (
    "Das Hafenamt hat den nördlichen Kai geschlossen und die Fähren an den alten Kohlepier verlegt. Die Händler "
    "hatten eine Woche Zeit, und die meisten von ihnen fanden keinen anderen Liegeplatz. "
) * 3


def test_english_traces_are_not_measured_in_another_language() -> None:
    unmeasured = {trace.name for trace in measure_padding(GERMAN, (), (), None) if trace.measure is None}
    assert unmeasured == {
        "stock_words",
        "filler_phrases",
        "keyword_tails",
        "no_voices",
        "no_details",
    }
    assert score_seo_padding(GERMAN, ())[1] is None


def test_headings_are_read_in_other_languages() -> None:
    headings = ("Was kostet ein Liegeplatz", "Wie findet man ihn", "Der alte Pier")
    assert component("query_headings", GERMAN, headings=headings).evidence.startswith("2 of 3 headings")
    assert component("summary_sections", f"{GERMAN}\nFazit\n{GERMAN}").evidence == "sections that restate: Fazit"


def test_repetition_and_inserts_count_in_any_language() -> None:
    padded = "\n".join(
        f"Gartenhaus kaufen Teil {number}\nEin Gartenhaus kaufen heißt ein Gartenhaus kaufen, denn "
        f"Gartenhaus kaufen ist und bleibt das Gartenhaus kaufen für alle."
        for number in range(8)
    )
    edits = tuple(Edit(start, start + 5, "promo_link", "x", padded[start : start + 5]) for start in (0, 50, 100))
    assert score_seo_padding(padded, edits)[0].value > 2 * score_seo_padding(GERMAN, ())[0].value


@pytest.mark.parametrize("text", ["", "\n\n", "!!! ...", "😀", "一二三四五", "word"])
def test_next_to_nothing_is_not_flagged(text: str) -> None:
    assert score_seo_padding(text, ())[1] is None


def test_evidence_of_the_flag_leaves_out_what_is_typical() -> None:
    _, flag = score_seo_padding(INSERTED, ())
    assert flag is not None
    assert "stock word" not in flag.evidence
