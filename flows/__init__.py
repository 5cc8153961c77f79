"""Readers, the Prefect flow, report, email and command line.

The variables below must stand before Prefect, Great Expectations and numpy are imported anywhere. They only fill
gaps: what the user has set stays.
"""

import os

for _name, _value in (
    ("DO_NOT_TRACK", "1"),
    ("PREFECT_SERVER_ANALYTICS_ENABLED", "false"),
    ("GX_ANALYTICS_ENABLED", "false"),
    # There is a worker a core. With a thread a core in each of them besides, they wait for one another: the line model
    # took three times as long in two processes on two cores. One thread also keeps sums in one order on any machine.
    ("OPENBLAS_NUM_THREADS", "1"),
    ("OMP_NUM_THREADS", "1"),
    # The embedded server takes 6 to 25 s on an idle machine and far longer on a busy one; the default of 20 s fails.
    ("PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS", "600"),
    # Started in an inbox, our processes would import a json.py that somebody put there.
    ("PYTHONSAFEPATH", "1"),
):
    os.environ.setdefault(_name, _value)
