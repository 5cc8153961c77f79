"""Quality of an article: a score 0-1 from observables, each a component with its weight and evidence.

It says how much a text looks like a complete, specific, attributed article. It does not say whether it is true. The
weights are judgements, not fitted: they are here to be read and changed. Each component rises or falls in one
direction only with what it looks at; bounds are those of the published filters that transforms/signals.py names,
where there is one.
"""

from __future__ import annotations

from dataclasses import dataclass

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
LEAST_LOSS = 0.005  # what rounds to nothing is not told
DATED = {"dated": 1.0, "conflicting": 0.5, "implausible": 0.0, "undated": 0.0}


@dataclass(frozen=True, slots=True)
class Part:
    """One component: its weight, what it looks at, where that gives 0 and where 1 (straight between), and why there."""

    name: str
    weight: float
    what: str
    zero_at: float = 0.0
    one_at: float = 1.0
    why: str = ""

    def rate(self, measure: float, evidence: str) -> Component:
        """The component for a measure."""
        value = (measure - self.zero_at) / (self.one_at - self.zero_at)
        return Component(self.name, min(1.0, max(0.0, value)), self.weight, evidence)


LENGTH = Part("length", 0.15, "words", 50, 400, "Gopher drops below 50; from 400 on a text is no longer a notice")
SENTENCES = Part(
    *("sentences", 0.15, "share of lines that end a sentence", 0.12, 0.6),
    why="FineWeb drops below 0.12; in news with headings about two lines of three end a sentence",
)
FULL_LINES = Part("full_lines", 0.10, "share of short lines", 0.67, 0.2, "FineWeb drops from 0.67 on")
NO_REPETITION = Part(
    *("no_repetition", 0.10, "the worst of Gopher's repetition signals, as a share of its bound", 1.0, 0.2),
    why="Gopher drops from its bound on",
)
SPECIFICITY = Part(
    *("specificity", 0.10, "figures, dates and quotations in 1,000 words", 0, 20),
    why="about twenty is the median of 162 labelled news and blog pages",
)
LITTLE_BOILERPLATE = Part(
    *("little_boilerplate", 0.08, "share of the original that was taken out", 0.5, 0.05),
    why="beyond half, little of the page was article",
)
NOT_PADDED = Part("not_padded", 0.15, "the score seo_padding", 1, 0, "docs/seo_model_card.md")
IS_DATED = Part(
    *("dated", 0.07, "dated 1, conflicting 0.5, implausible and undated 0"), why="readers need it, and few fake it"
)
ATTRIBUTED = Part("attributed", 0.05, "an author is named", why="some good sources name none, so it weighs little")
TITLED = Part("titled", 0.02, "there is a title", why="nearly every page has one")
IN_A_LANGUAGE = Part("language", 0.03, "probability of the language", why="what no detector knows is seldom prose")
PARTS = (
    *(LENGTH, SENTENCES, FULL_LINES, NO_REPETITION, SPECIFICITY, LITTLE_BOILERPLATE, NOT_PADDED, IS_DATED),
    *(ATTRIBUTED, TITLED, IN_A_LANGUAGE),
)


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
    ended, short, removed = (signal[name] for name in ("punctuated_line_ratio", "short_line_ratio", "removed_ratio"))
    date = f"{published.status}: {published.date}" if published.date else published.status
    known = f"{language.code}, probability {language.probability:.2f}" if language.code else "language undecided"
    components = (
        LENGTH.rate(signal["words"], f"{signal['words']:.0f} words"),
        SENTENCES.rate(ended, f"{ended:.0%} of the lines end a sentence"),
        FULL_LINES.rate(short, f"{short:.0%} of the lines are short"),
        NO_REPETITION.rate(repetition, f"repetition at {repetition:.0%} of the bound"),
        SPECIFICITY.rate(details, f"{details:.0f} figures, dates and quotations in 1,000 words"),
        LITTLE_BOILERPLATE.rate(removed, f"{removed:.0%} of the original was taken out"),
        NOT_PADDED.rate(seo.value, f"SEO padding {seo.value:.2f}"),
        IS_DATED.rate(DATED[published.status], date),
        ATTRIBUTED.rate(float(bool(author)), f"by {author}" if author else "no author"),
        TITLED.rate(float(bool(title)), "has a title" if title else "no title"),
        IN_A_LANGUAGE.rate(language.probability if language.code else 0.0, known),
    )
    return Score("quality", round(sum(each.value * each.weight for each in components), 4), components)


def explain_quality(score: Score, most: int = 3) -> str:
    """What the score loses most by, in words: "0.15 lost by length (12 words); 0.07 lost by dated (undated)"."""
    lost = sorted(score.components, key=lambda part: (part.value - 1) * part.weight)
    reasons = (
        f"{(1 - part.value) * part.weight:.2f} lost by {part.name} ({part.evidence})"
        for part in lost[:most]
        if (1 - part.value) * part.weight >= LEAST_LOSS
    )
    return "; ".join(reasons) or "nothing is lost"
