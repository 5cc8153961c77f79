"""Writes the README's table of rules: `python -m tests.rule_table`."""

from pathlib import Path

from transforms.rule import Pattern
from transforms.rules import RULES

README = Path(__file__).parents[1] / "README.md"
BEGIN, END = "<!-- rules: made by python -m tests.rule_table -->", "<!-- end of rules -->"


def render_table() -> str:
    """A row a rule: its kind, id, scope and one example of what it removes."""
    rows = ["| kind | rule | looks at | removes, for example |", "|---|---|---|---|"]
    for rule in RULES:
        scope = rule.look.scope if isinstance(rule.look, Pattern) else "context"
        example = rule.removes[0].replace("\n", " / ").replace("|", "\\|")
        rows.append(f"| {rule.kind} | `{rule.id}` | {scope} | {example} |")
    return "\n".join(rows)


def with_table(readme: str) -> str:
    """The README with its table made anew."""
    before, _, rest = readme.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{render_table()}\n{END}{after}"


if __name__ == "__main__":
    README.write_text(with_table(README.read_text(encoding="utf-8")), encoding="utf-8")
