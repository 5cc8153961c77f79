"""Quality of an article: a score 0-1 from observables, each a component with its weight and evidence.

It says how much a text looks like a complete, specific, attributed article. It does not say whether it is true. The
weights are judgements, not fitted: they are here to be read and changed. Each component rises or falls in one
direction only with what it looks at; bounds are those of the published filters that transforms/signals.py names,
where there is one.
"""

from __future__ import annotations

from transforms.types import Component, Language, Published, Score, Signal

# What Gopher drops a text from on (Rae et al. 2021, table A1). A bound moved in the warehouse moves no score.
REPETITION_BOUNDS = {
    "duplicate_line_ratio": 0.30,
    "duplicate_line_char_ratio": 0.20,
    "duplicate_paragraph_ratio": 0.30,
    "duplicate_paragraph_char_ratio": 0.20,
    "top_2gram_char_ratio": 0.20,
    "top_3gram_char_ratio": 0.18,
    "top_4gram_char_ratio": 0.16,
    "duplicate_5gram_char_ratio": 0.15,
    "duplicate_6gram_char_ratio": 0.14,
    "duplicate_7gram_char_ratio": 0.13,
    "duplicate_8gram_char_ratio": 0.12,
    "duplicate_9gram_char_ratio": 0.11,
    "duplicate_10gram_char_ratio": 0.10,
}
DETAILS = ("figures", "dates", "quotations")  # attributions are known in some languages only
DATED = {"dated": 1.0, "conflicting": 0.5, "implausible": 0.0, "undated": 0.0}


def score_quality(
    signals: tuple[Signal, ...],
    published: Published,
    seo: Score,
    language: Language,
    *,
    title: str | None,
    author: str | None,
) -> Score:
    """Score "quality": the weighted mean of its components. `signals` are those of measure_signals, all of them."""
    signal = {each.name: each.value for each in signals}
    details = sum(signal[f"{what}_per_1000_words"] for what in DETAILS)
    repetition = max(signal[name] / bound for name, bound in REPETITION_BOUNDS.items())
    components = (
        # Gopher drops below 50 words; from 400 on a text is no longer a notice.
        Component("length", _rise(signal["words"], 50, 400), 0.15, f"{signal['words']:.0f} words"),
        # FineWeb drops below 0.12; in news with headings about two lines of three end a sentence.
        Component(
            "sentences",
            _rise(signal["punctuated_line_ratio"], 0.12, 0.6),
            0.15,
            f"{signal['punctuated_line_ratio']:.0%} of the lines end a sentence",
        ),
        # FineWeb drops from 0.67 on.
        Component(
            "full_lines",
            1 - _rise(signal["short_line_ratio"], 0.2, 0.67),
            0.10,
            f"{signal['short_line_ratio']:.0%} of the lines are short",
        ),
        Component(
            "no_repetition", 1 - _rise(repetition, 0.2, 1.0), 0.10, f"repetition at {repetition:.0%} of the bound"
        ),
        # About twenty figures, dates and quotations in 1,000 words is the median of 162 labelled news and blog pages.
        Component(
            "specificity", _rise(details, 0, 20), 0.10, f"{details:.0f} figures, dates and quotations in 1,000 words"
        ),
        Component(
            "little_boilerplate",
            1 - _rise(signal["removed_ratio"], 0.05, 0.5),
            0.08,
            f"{signal['removed_ratio']:.0%} of the original was taken out",
        ),
        Component("not_padded", 1 - seo.value, 0.15, f"SEO padding {seo.value:.2f}"),
        Component("dated", DATED[published.status], 0.07, published.status),
        Component("attributed", float(bool(author)), 0.05, f"by {author}" if author else "no author"),
        Component("titled", float(bool(title)), 0.02, "has a title" if title else "no title"),
        Component(
            "language",
            language.probability if language.code else 0.0,
            0.03,
            language.code or "language undecided",
        ),
    )
    return Score("quality", round(sum(each.value * each.weight for each in components), 4), components)


def _rise(value: float, low: float, high: float) -> float:
    """0 up to `low`, 1 from `high` on, straight between."""
    return min(1.0, max(0.0, (value - low) / (high - low)))
