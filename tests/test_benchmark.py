"""What `benchmarks/cleaning.py` says of labelled documents, on one of our own whose figures are known."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PROSE = (
    "The harbour office will stay closed until the end of March while the new cranes are tested.",
    "Its clerks work from the old customs house, where the tide tables hang beside the door.",
    "Nobody on the pier had heard of the plan before the council met on Monday evening.",
)
INSIDE = "Ask our crew about berths any day."  # of a sort that no rule knows, inside a paragraph
TEXT = "\n".join((f"{PROSE[0]} {INSIDE}", PROSE[1], "Share this article", PROSE[2], "Leave a Reply"))


def span(part: str, kind: str) -> list[object]:
    return [TEXT.index(part), TEXT.index(part) + len(part), kind]


@pytest.mark.slow
def test_figures_curve_worst_misses_and_losses(tmp_path: Path) -> None:
    labelled = tmp_path / "own.jsonl"
    # The share button counts as content here, so that there is a loss.
    artifacts = [span(INSIDE, "advert"), span("Leave a Reply", "comment_prompt")]
    labelled.write_text(json.dumps({"key": "pier", "text": TEXT, "artifacts": artifacts, "neutral": []}))
    done = subprocess.run(
        [sys.executable, "benchmarks/cleaning.py", str(labelled)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    printed = done.stdout
    wanted, found, lost = 28 + 11, 11, 16  # characters that are no white space
    content = sum(len("".join(part.split())) for part in (*PROSE, "Share this article"))
    for way in ("rules alone", "as winnow cleans"):
        assert (
            f"own.jsonl, {way}: 1 documents\nprecision {found / (found + lost):.4f} recall {found / wanted:.4f}"
            in printed
        )
    row = f"{found / (found + lost):.3f}      {found / wanted:.3f}   {lost / content:.4f}        1.000"
    assert re.search(rf"^  0\.92 +{re.escape(row)}$", printed, re.MULTILINE)
    assert re.search(rf"^  rules +{re.escape(row)}$", printed, re.MULTILINE)
    start = TEXT.index(INSIDE)
    miss = f"28 pier advert [{start}, {start + len(INSIDE)}): no rule; parts of lines, which only rules take: 1"
    assert f"{miss}\n         {INSIDE}\n" in printed
    start = TEXT.index("Share this")
    assert re.search(rf"16 pier share \[{start}, {start + 18}\): [a-z-]+\n         Share this article\n", printed)
