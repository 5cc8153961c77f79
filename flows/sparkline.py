"""Sparklines: a row of figures as a row of blocks, for the terminal."""

from __future__ import annotations

from collections.abc import Sequence

BLOCKS = "▁▂▃▄▅▆▇█"


def sparkline(values: Sequence[float | None], *, high: float = 1.0) -> str:
    """One block a value, from 0 (lowest) to `high` and beyond (full); a dot where there is no value."""
    top = len(BLOCKS) - 1
    return "".join(
        "·" if value is None else BLOCKS[min(top, max(0, round(top * value / high)))] if high > 0 else BLOCKS[0]
        for value in values
    )
