"""The cookbook: every query of docs/queries.md runs on the samples, and finds what it says it finds."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.conftest import ROOT
from warehouse.query import run_query

_QUESTION = re.compile(r"^\d+\. ([^\n]+)\n\s+```sql\n(.*?)```", re.MULTILINE | re.DOTALL)
QUESTIONS = _QUESTION.findall((ROOT / "docs" / "queries.md").read_text(encoding="utf-8"))
_NAMES = """
select
  (select article_id from edits group by article_id order by count(*) desc, article_id limit 1),
  (select run_id from runs limit 1),
  (select source from clean_articles order by source limit 1)
"""


def test_there_are_31_questions() -> None:
    assert len(QUESTIONS) == 31
    assert len({query for _, query in QUESTIONS}) == 31


@pytest.mark.parametrize(("question", "query"), QUESTIONS, ids=[question[:40] for question, _ in QUESTIONS])
def test_every_query_answers(ran: Path, question: str, query: str) -> None:
    warehouse = ran / "winnow.duckdb"
    ((article, run, source),) = run_query(warehouse, _NAMES).rows
    names = {"ARTICLE": article, "OTHER_RUN": run, "RUN": run, "SOURCE": source}
    result = run_query(warehouse, re.sub("|".join(names), lambda found: str(names[found[0]]), query))
    assert result.columns
    assert result.rows or question.endswith("(may be empty)")
