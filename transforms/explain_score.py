"""Why a score is what it is, in one line: the evidence of its total."""

from __future__ import annotations

from transforms.quality import explain_quality
from transforms.seo import explain_padding
from transforms.types import Score


def explain_score(score: Score) -> str:
    """What quality loses most by, or what speaks most for padding."""
    return explain_quality(score) if score.name == "quality" else explain_padding(score)
