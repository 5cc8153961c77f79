"""The life of an alarm: opened by the run that finds something unusual, kept while it lasts, resolved when it is over.

Any comparison with history can use it, each under its own `family`. It fills two tables of the connection:
`found_alarms (cause, measure, subject, direction, usual_value, value, evidence)`, what is unusual now, and
`compared_alarms (measure, subject)`, what could be judged at all. An open alarm that was judged and not found is over;
one that could not be judged, because there was too little to go by, stays open.
"""

from __future__ import annotations

from datetime import datetime

import duckdb

_RESOLVE = """
update alarms set resolved_run_id = $run_id, resolved_at = $at
where family = $family and resolved_at is null
  and (measure, subject) in (select (measure, subject) from compared_alarms)
  and (measure, subject, direction) not in (select (measure, subject, direction) from found_alarms)
"""
_KEEP = """
update alarms
set last_run_id = $run_id, last_seen_at = $at, usual_value = f.usual_value, value = f.value, evidence = f.evidence
from found_alarms as f
where family = $family and resolved_at is null
  and alarms.measure = f.measure and alarms.subject = f.subject and alarms.direction = f.direction
"""
_OPEN = """
insert into alarms by name
select
  left(sha256(concat_ws(chr(10), $family, measure, subject, direction, $run_id)), 16) as alarm_id, $family as family,
  cause, measure, subject, direction, usual_value, value, evidence,
  $run_id as opened_run_id, $at as opened_at, $run_id as last_run_id, $at as last_seen_at
from found_alarms
anti join (from alarms where family = $family and resolved_at is null) using (measure, subject, direction)
"""


def update_alarms(connection: duckdb.DuckDBPyConnection, family: str, run_id: str, at: datetime) -> None:
    """Resolve, keep and open the alarms of a family after a run; within the caller's transaction.

    `at` is when the run began. The tables `found_alarms` and `compared_alarms` are the caller's to fill.
    """
    for statement in (_RESOLVE, _KEEP, _OPEN):
        connection.execute(statement, {"family": family, "run_id": run_id, "at": at})
