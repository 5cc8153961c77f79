"""Writes the tables of docs/signals.md: `python -m tests.signal_table`."""

from pathlib import Path

import duckdb

from transforms.quality import PARTS
from transforms.signals import SIGNALS
from warehouse.migrate import migrate

DOCUMENT = Path(__file__).parents[1] / "docs" / "signals.md"
_BOUNDS = """
select
  measure,
  string_agg(
    concat(filter, ' ', fails_when, ' ', format('{:g}', bound), if(languages = 'any', '', ' (' || languages || ')')),
    ', ' order by filter, fails_when
  )
from thresholds
group by measure
"""


def render_signals() -> str:
    """A row a signal: its name, what it is, and the bounds of a new warehouse from which an article fails."""
    with duckdb.connect() as memory:
        migrate(memory)
        bounds = dict(memory.execute(_BOUNDS).fetchall())
    rows = ["| signal | what | fails when |", "|---|---|---|"]
    rows += [f"| `{name}` | {what} | {bounds.get(name, '')} |" for name, what in SIGNALS]
    return "\n".join(rows)


def render_quality() -> str:
    """A row a component of the quality score: its name, weight, what it looks at, its bounds and their reason."""
    rows = ["| component | weight | looks at | 0 at | 1 at | why |", "|---|---|---|---|---|---|"]
    rows += [
        f"| `{part.name}` | {part.weight:.2f} | {part.what} | {part.zero_at:g} | {part.one_at:g} | {part.why} |"
        for part in PARTS
    ]
    return "\n".join(rows)


def with_tables(document: str) -> str:
    """The document with its tables made anew."""
    for name, table in (("signals", render_signals()), ("quality", render_quality())):
        begin, end = f"<!-- {name}: made by python -m tests.signal_table -->", f"<!-- end of {name} -->"
        before, _, rest = document.partition(begin)
        _, _, after = rest.partition(end)
        document = f"{before}{begin}\n{table}\n{end}{after}"
    return document


if __name__ == "__main__":
    DOCUMENT.write_text(with_tables(DOCUMENT.read_text(encoding="utf-8")), encoding="utf-8")
