"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Warehouse = Annotated[
    Path,
    typer.Option(
        "--warehouse",
        "-w",
        envvar="WINNOW_WAREHOUSE",
        help="DuckDB file that holds the result, or a DuckLake: ducklake:sqlite:PATH, ducklake:postgres:DSN.",
    ),
]
Rules = Annotated[Path | None, typer.Option("--rules", help="TOML file of your own rules; see docs/user_rules.md.")]
MaxSeconds = Annotated[
    float, typer.Option(min=0.1, help="Longest time for one document in one step; slower ones are quarantined.")
]
MaxMegabytes = Annotated[
    int, typer.Option(min=1, help="Most memory for one document; those that take more are quarantined.")
]
Columns = Annotated[
    list[str] | None, typer.Option(help="Names of a record's fields: text=body,url=link. Known names need none.")
]
Checks = Annotated[Path | None, typer.Option("--checks", help="TOML file of your own checks; see docs/checks.md.")]
PublishAnyway = Annotated[
    list[str] | None,
    typer.Option(help="Name of a check whose critical failure is not to stop the publish; recorded; may be repeated."),
]
MAX_BYTES, MAX_SECONDS, MAX_MEGABYTES = 50_000_000, 20.0, 1000
Include = Annotated[
    list[str] | None,
    typer.Option(help="Take these of a folder or glob, whatever their suffix; may be repeated."),
]
Exclude = Annotated[list[str] | None, typer.Option(help="Leave these out; may be repeated.")]
