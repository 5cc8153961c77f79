"""What a run is asked to do, and how far it is."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise

from flows.watch import DEFAULT_BOUNDS
from warehouse.records import PublishCounts


@dataclass(frozen=True, slots=True)
class JobSettings:
    """The parameters of a run.

    `workers` 0 means one a core; `runner` and `dask_address` say where they are (flows/runners.py). `report_to` empty
    means no address: the outbox; `rules` is the path of a rule file, empty for the built-in rules alone. `max_bytes`,
    `max_seconds` and `max_megabytes` bound one document: its size unpacked, its time in one step, and the memory it may
    take (flows/watch.py). `include`, `exclude` and `settle_seconds` choose files (flows/inbox.py), `columns` are pairs
    such as text=body, and files are moved below `move_to` once they are published, unless it is empty. `keep_raw`
    archives the payloads, `snapshot` publishes a copy for readers afterwards. Documents come from `paths`, or from the
    archive (`re_extract`), or from the warehouse's originals (`reclean`), or are those of the quarantine with the input
    ids `retry`. `checks` is the path of a file of checks, `publish_anyway` names checks whose critical failure does not
    stop the run.
    """

    paths: tuple[str, ...]
    warehouse: str = "winnow.duckdb"
    report_to: tuple[str, ...] = ()
    report_path: str = "report.html"
    outbox: str = "outbox"
    workers: int = 0
    max_bytes: int = 50_000_000
    max_seconds: float = DEFAULT_BOUNDS.seconds
    max_megabytes: int = DEFAULT_BOUNDS.megabytes
    langdetect_only: bool = False
    rules: str = ""
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    settle_seconds: float = 0
    columns: tuple[str, ...] = ()
    move_to: str = ""
    reclean: bool = False
    keep_raw: bool = False
    re_extract: bool = False
    snapshot: bool = False
    checks: str = ""
    publish_anyway: tuple[str, ...] = ()
    retry: tuple[str, ...] = ()
    runner: str = "auto"
    dask_address: str = ""


@dataclass
class Progress:
    """How far a run is; written by the flow, read by a progress bar, and by the report of a run that broke off.

    `resumed_count` are records that a killed run before this one had extracted.
    """

    file_count: int = 0
    read_count: int = 0
    unchanged_count: int = 0
    done_count: int = 0
    resumed_count: int = 0
    stage: str = "reading"
    counts: PublishCounts | None = None  # once it has published
    is_reported: bool = False
    left_out: Counter[str] = field(default_factory=Counter)
    _entered: list[tuple[str, float]] = field(default_factory=lambda: [("reading", time.monotonic())])

    def enter(self, stage: str) -> None:
        """Say that a stage begins."""
        self.stage = stage
        self._entered.append((stage, time.monotonic()))

    def stage_seconds(self) -> tuple[tuple[str, float], ...]:
        """How long each stage took that is over; "reading" is what passes before the flow begins."""
        return tuple((stage, end - begun) for (stage, begun), (_, end) in pairwise(self._entered))
