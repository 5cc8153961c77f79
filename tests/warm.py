"""What runs import, loaded once: forkserver loads this module, and the processes of `tests.here` begin with it."""

import importlib

from flows.workers import warm_up

for name in (
    "pytest",  # the main module of a session, which a new process imports again
    "expectations.audit",
    "flows.batches",
    "flows.crash_report",
    "flows.loading",
    "flows.report",
    "flows.report_charts",
    "flows.run_report",
    "flows.watched_pool",
    "matplotlib.pyplot",
    "pyarrow.compute",
    "transforms.pipeline",
    "warehouse.load",
    "warehouse.run_history",
    "warehouse.stage",
    "warehouse.templates",
    "warehouse.text_links",
    "warehouse.user_checks",
):
    importlib.import_module(name)
warm_up()
