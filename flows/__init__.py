"""Readers, the Prefect flow, report, email and command line.

The variables below must stand before Prefect and Great Expectations are imported anywhere. They only fill gaps: what
the user has set stays.
"""

import os

for _name, _value in (
    ("DO_NOT_TRACK", "1"),
    ("PREFECT_SERVER_ANALYTICS_ENABLED", "false"),
    ("GX_ANALYTICS_ENABLED", "false"),
    # The embedded server takes 6 to 25 s on an idle machine and far longer on a busy one; the default of 20 s fails.
    ("PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS", "600"),
):
    os.environ.setdefault(_name, _value)
