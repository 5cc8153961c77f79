"""Closing what killed runs left open in Prefect: a run that nobody does any more would stay RUNNING for ever.

A deployment with a concurrency limit would even wait for it. Which runs are gone is known from their folders
(flows/run_folder.py), so none is closed that is only slow.
"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from prefect.client.orchestration import get_client
from prefect.exceptions import ObjectNotFound
from prefect.states import Crashed

from flows.prefect_record import unless_away
from warehouse.records import InterruptedRun


def close_flow_runs(runs: Iterable[InterruptedRun]) -> None:
    """Set the Prefect runs of killed runs to Crashed, where this server is there, has them, and they are not over."""
    with unless_away("which runs were killed"), get_client(sync_client=True) as client:
        for run in runs:
            if run.flow_run_id is None:
                continue
            flow_run_id = UUID(run.flow_run_id)
            try:
                state = client.read_flow_run(flow_run_id).state
            except ObjectNotFound:  # another server's
                continue
            if state is None or not state.is_final():
                client.set_flow_run_state(flow_run_id, Crashed(message="the process that ran it is gone"), force=True)
