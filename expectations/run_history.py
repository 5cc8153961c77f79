# Great Expectations exports no names to type checkers, and takes a severity as text.
# mypy: disable-error-code="attr-defined,arg-type"

"""Checks of the whole run against the last ones. One frame row a cause of what is unusual: none when all is as usual.

What is unusual, and what is told already, was decided when the run was compared (warehouse/run_history.py).
"""

from __future__ import annotations

from great_expectations import expectations as gxe

KEYS = ("cause", "what")

FRAME = "select cause, what, is_new, is_lasting from run_alarms order by cause"

SUITE = (
    gxe.ExpectColumnValuesToBeInSet(
        column="is_new",
        value_set=[False],
        severity="warning",
        notes="Something is far from what the last runs gave. It is told once, and stays in open_alarms until it is "
        "over or has become usual.",
    ),
    gxe.ExpectColumnValuesToBeInSet(
        column="is_lasting",
        value_set=[False],
        severity="info",
        notes="An alarm of an earlier run that still lasts.",
    ),
)
