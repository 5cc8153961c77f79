"""The flow behind the deployment `maintain`: what `winnow maintain` does, with retries and a schedule."""

from __future__ import annotations

from pathlib import Path

from prefect import flow, get_run_logger

from flows.maintain_command import maintain_and_tell


@flow(name="maintain", retries=3, retry_delay_seconds=60)
def maintain_warehouse(
    warehouse: str = "winnow.duckdb",
    quarantine_days: int | None = None,
    history_days: int | None = None,
    backup: str = "",
) -> None:
    """Verify every original, forget what is older than the given days (none: nothing), compact, back up to `backup`.

    Raises what opening the warehouse raises: it is tried again, since another run may have held it.
    """
    for line in maintain_and_tell(
        Path(warehouse),
        quarantine_days=quarantine_days,
        history_days=history_days,
        backup=Path(backup) if backup else None,
    ):
        get_run_logger().info(line)
