"""The commands about checks and the quarantine. Heavy imports stand inside them, so that --help is quick."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from flows.exit_codes import EXIT_OK, EXIT_SOME
from flows.options import (
    MAX_BYTES,
    MAX_MEGABYTES,
    MAX_SECONDS,
    Checks,
    Columns,
    MaxMegabytes,
    MaxSeconds,
    PublishAnyway,
    Rules,
    Warehouse,
)

CHECKS_EXAMPLES = "Examples: winnow checks --failed ; winnow checks --docs docs/ --runs 20"


def show_checks(
    warehouse: Warehouse = Path("winnow.duckdb"),
    run_id: Annotated[
        str | None, typer.Option("--run", help="Id of a run, or its beginning; the last one without it.")
    ] = None,
    failed: Annotated[bool, typer.Option("--failed", help="Show only those that failed.")] = False,
    docs: Annotated[
        Path | None, typer.Option(help="Build Great Expectations' Data Docs in this folder instead.")
    ] = None,
    runs: Annotated[int, typer.Option(min=1, help="With --docs: of so many runs, the last ones.")] = 10,
    format: Annotated[str, typer.Option("--format", "-f", help="table or json.")] = "table",  # noqa: A002
) -> None:
    """Show how the data checks of a run went, with the rows that broke them, and the alarms that are open.

    Exit code 0: all held; 1: some failed; 2: wrong call.
    """
    from flows import checks_command

    if format not in ("table", "json"):
        raise typer.BadParameter(f"{format!r} is not one of table, json", param_hint="--format")
    if docs:
        print(f"Data Docs: {checks_command.write_docs(warehouse, docs, runs=runs)}")
        return
    held = checks_command.show_checks(warehouse, run_id, failed_only=failed, format=format)
    raise typer.Exit(EXIT_OK if held else EXIT_SOME)


quarantine = typer.Typer(
    name="quarantine",
    help="Look at what could not become an article, and try it again.",
    epilog="Example: winnow quarantine list --code too-large",
    no_args_is_help=True,
)
Code = Annotated[str | None, typer.Option(help="Only those with this reason.")]
OfSource = Annotated[str | None, typer.Option("--source", help="Only those of this source.")]
OfRun = Annotated[str | None, typer.Option("--run", help="Only those that this run put there.")]


@quarantine.command(name="list", epilog="Example: winnow quarantine list --code binary --source courier.example")
def quarantine_list(
    warehouse: Warehouse = Path("winnow.duckdb"),
    code: Code = None,
    source: OfSource = None,
    run_id: OfRun = None,
    format: Annotated[str, typer.Option("--format", "-f", help="table, csv or json.")] = "table",  # noqa: A002
) -> None:
    """List the records in quarantine, the latest first, and count them by reason."""
    from flows.quarantine_command import list_quarantine
    from warehouse.quarantine import Selected

    if format not in ("table", "csv", "json"):
        raise typer.BadParameter(f"{format!r} is not one of table, csv, json", param_hint="--format")
    list_quarantine(warehouse, Selected((), code, source, run_id), format)


@quarantine.command(name="show", epilog="Example: winnow quarantine show 0123456789abcdef")
def quarantine_show(
    input_id: Annotated[str, typer.Argument(help="Id of the record, or its beginning.")],
    warehouse: Warehouse = Path("winnow.duckdb"),
) -> None:
    """Show all that is known of one record: where it came from, what was wrong, what to do."""
    from flows.quarantine_command import show_quarantined

    show_quarantined(warehouse, input_id)


@quarantine.command(
    name="retry", epilog="Examples: winnow quarantine retry 0123456789abcdef ; winnow quarantine retry --code too-slow"
)
def quarantine_retry(
    ids: Annotated[list[str] | None, typer.Argument(help="Ids of records, or their beginnings.")] = None,
    warehouse: Warehouse = Path("winnow.duckdb"),
    code: Code = None,
    source: OfSource = None,
    run_id: OfRun = None,
    report_path: Annotated[Path, typer.Option("--report", help="Where the report's page is written.")] = Path(
        "report.html"
    ),
    outbox: Annotated[Path, typer.Option(help="Folder for mail that cannot be sent.")] = Path("outbox"),
    workers: Annotated[int, typer.Option(min=0, help="Worker processes; 0: one a core.")] = 0,
    max_bytes: Annotated[int, typer.Option(min=1, help="Largest document, decompressed.")] = MAX_BYTES,
    max_seconds: MaxSeconds = MAX_SECONDS,
    max_megabytes: MaxMegabytes = MAX_MEGABYTES,
    rules: Rules = None,
    columns: Columns = None,
    checks: Checks = None,
    publish_anyway: PublishAnyway = None,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Show Prefect's log.")] = False,
) -> None:
    """Run over records of the quarantine again: from where they came, else from the archive that --keep-raw makes.

    What becomes an article now leaves the quarantine; the rest stays. Files are read as in any run, with these bounds
    and columns. Exit codes as those of run.
    """
    from flows.job_settings import JobSettings
    from flows.quarantine_command import read_quarantine
    from flows.run_command import run_and_leave
    from warehouse.quarantine import Selected

    if not (ids or code or source or run_id):
        raise typer.BadParameter("name records, or choose them by --code, --source or --run", param_hint="IDS")
    chosen = Selected(tuple(ids or ()), code, source, run_id)
    found = tuple(record.input_id for record in read_quarantine(warehouse, chosen, is_writing=True))
    if not found:
        print("the quarantine has no such records; nothing to try again", file=sys.stderr)
        raise typer.Exit(EXIT_OK)
    settings = JobSettings(
        paths=(),
        warehouse=str(warehouse),
        report_path=str(report_path),
        outbox=str(outbox),
        workers=workers,
        max_bytes=max_bytes,
        max_seconds=max_seconds,
        max_megabytes=max_megabytes,
        rules=str(rules or ""),
        columns=tuple(columns or ()),
        checks=str(checks or ""),
        publish_anyway=tuple(publish_anyway or ()),
        retry=found,
    )
    run_and_leave(settings, verbose=verbose)
