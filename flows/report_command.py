"""`winnow report`: a run's report once more."""

from __future__ import annotations

import sys
from pathlib import Path

from flows.loading import render_report
from flows.send_report import write_page
from transforms.types import WinnowError
from warehouse.connect import connect_reader

_LAST_RUN = "select run_id from runs where status <> 'interrupted' order by started_at desc limit 1"


def render_again(warehouse: Path, run_id: str | None, report_path: Path) -> None:
    """Write the page and print the text. Raises WinnowError where there is no such run."""
    if run_id is None:
        with connect_reader(warehouse) as connection:
            last = connection.execute(_LAST_RUN).fetchone()
        if last is None:
            raise WinnowError(f"{warehouse} has no run yet; make one with `winnow run PATH...`")
        run_id = str(last[0])
    report = render_report(warehouse, run_id)
    write_page(report_path, report.page)
    sys.stdout.write(report.text)
    sys.stdout.write(f"\nThe page is in {report_path}.\n")
