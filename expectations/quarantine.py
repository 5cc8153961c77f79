# Great Expectations exports no names to type checkers, and takes a severity as text.
# mypy: disable-error-code="attr-defined,arg-type"

"""Checks of the staged quarantine. One frame row a record."""

from __future__ import annotations

from great_expectations import expectations as gxe

KEYS = ("input_id", "location")

FRAME = """
select
    quarantine.input_id, quarantine.location, code,
    trim(coalesce(message, '')) <> '' as has_message,
    known.input_id is not null as is_of_staged_input
from quarantine
left join (select distinct input_id from inputs where fate = 'quarantine') as known using (input_id)
"""

SUITE = (
    gxe.ExpectColumnValuesToBeUnique(
        column="input_id", severity="critical", notes="One reason a record: the first that stopped it."
    ),
    gxe.ExpectColumnValuesToBeInSet(
        column="is_of_staged_input",
        value_set=[True],
        severity="critical",
        notes="A record in quarantine is in the ledger of inputs, as quarantined.",
    ),
    gxe.ExpectColumnValuesToNotBeNull(
        column="code", severity="critical", notes="Nothing is put aside without a reason."
    ),
    gxe.ExpectColumnValuesToMatchRegex(
        column="code",
        regex="^[a-z0-9]+(-[a-z0-9]+)*$",
        severity="warning",
        notes="Reasons are counted by stable codes: words in lower case, joined by hyphens.",
    ),
    gxe.ExpectColumnValuesToBeInSet(
        column="has_message",
        value_set=[True],
        severity="warning",
        notes="A person needs to read what was wrong, which bound, and what to do.",
    ),
)
