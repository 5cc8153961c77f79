"""What Prefect shows of a run: a name and tags that tell source and count, artifacts, and events of failed checks.

Events are for automations: `winnow.run.published`, `winnow.run.failed`, and `winnow.check.failed`, one a check, with
its severity as a label, so that an automation can call somebody for critical ones alone.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

import httpx
from prefect import runtime
from prefect.artifacts import create_link_artifact, create_markdown_artifact, create_table_artifact
from prefect.client.orchestration import get_client
from prefect.events import emit_event
from prefect.exceptions import PrefectException

from flows.outcome import RunOutcome
from flows.printed import count, visible

_LOG = logging.getLogger("winnow")
MOST_TAGS = 5  # sources that become tags, the largest first
_MARKS = str.maketrans({mark: f"\\{mark}" for mark in "\\`*_{}[]()<>#+-.!|~&\"'"})


def name_run(name: str, sources: Sequence[tuple[str, int]]) -> str:
    """`clean-20261122-0931-winnow-courier.example-30-records`, or with `5-sources`, or `nothing-new`."""
    if not sources:
        return f"{name}-nothing-new"
    records = count(sum(number for _, number in sources), "record").replace(" ", "-").replace(",", "")
    of = _plain(sources[0][0]) if len(sources) == 1 else f"{len(sources)}-sources"
    return f"{name}-{of}-{records}"


@contextmanager
def unless_away(what: str) -> Iterator[None]:
    """What Prefect shows of a run is worth no run: where its server is away, or refuses, that is logged."""
    try:
        yield
    except (httpx.HTTPError, PrefectException) as error:
        _LOG.warning("Prefect could not be told %s: %s", what, error)


def tag_run(name: str, sources: Sequence[tuple[str, int]]) -> None:
    """Give the flow run its name and its sources as tags, beside the tags it has."""
    tags = [*runtime.flow_run.tags, *(f"source:{_plain(source)}" for source, _ in sources[:MOST_TAGS])]
    if sources:
        tags.append(f"sources:{len(sources)}")
    tags.append(f"records:{sum(number for _, number in sources)}")
    with unless_away("name and tags"), get_client(sync_client=True) as client:
        client.update_flow_run(UUID(str(runtime.flow_run.id)), name=name, tags=list(dict.fromkeys(tags)))


def show_run(outcome: RunOutcome, verdict: str) -> None:
    """The verdict as artifacts (counts as a table, checks in markdown, the report as a link) and as events."""
    with unless_away("the verdict"):
        _show(outcome, verdict)


def _show(outcome: RunOutcome, verdict: str) -> None:
    create_table_artifact(key="run-counts", table=_counts(outcome), description=f"Winnow run {outcome.run_name}")
    stages = [{"stage": stage, "seconds": round(seconds, 2)} for stage, seconds in outcome.stage_seconds]
    create_table_artifact(key="run-stages", table=stages, description="Where the time went")
    create_markdown_artifact(key="run-report", markdown=write_markdown(outcome, verdict))
    report = Path(outcome.report_path).resolve()
    create_link_artifact(key="run-page", link=report.as_uri(), link_text=f"Report: {verdict}")
    for check in outcome.failed_checks:
        place = f"{check.suite}.{check.column_name or ''}.{check.check_name}"
        emit_event(
            "winnow.check.failed",
            resource={
                "prefect.resource.id": f"winnow.check.{place}",
                "prefect.resource.name": place,
                "winnow.severity": check.severity,
            },
            related=[_flow_run()],
            payload={"observed": check.observed, "rows": check.unexpected_count, "sample": check.unexpected_sample},
        )
    emit_event(
        f"winnow.run.{outcome.status}",
        resource={"prefect.resource.id": f"winnow.run.{outcome.run_id}", "prefect.resource.name": outcome.run_name},
        related=[_flow_run()],
        payload={"verdict": verdict, "articles": outcome.counts.article_count, "report": str(report)},
    )


def write_markdown(outcome: RunOutcome, verdict: str) -> str:
    """The verdict and the checks that failed; names of columns and rows come from data and are escaped."""
    counts = outcome.counts
    rows = [
        f"| {check.severity}{', published anyway' if check.is_waived else ''} | "
        f"{_escape(check.suite)} | {_escape(check.column_name or '')} | "
        f"{_escape(check.check_name)} | {check.unexpected_count or 0} | {_escape(check.observed)[:300]} |"
        for check in outcome.failed_checks
    ]
    table = ["| severity | table | column | check | rows | observed |", "|---|---|---|---|---|---|", *rows]
    checks = "\n".join(table) if rows else "None."
    return (
        f"# Winnow: {_escape(verdict)}\n\n"
        f"{counts.article_count:,} articles published, {counts.duplicate_count:,} duplicates, "
        f"{counts.quarantine_count:,} quarantined, {outcome.unchanged_count:,} unchanged.\n\n"
        f"## Checks that failed\n\n{checks}\n\n"
        f"Report: {_escape(outcome.report_path)} ({outcome.report_status}: {_escape(outcome.report_detail)})\n"
    )


def _counts(outcome: RunOutcome) -> list[dict[str, object]]:
    counts = outcome.counts
    return [
        {"what": what, "count": number}
        for what, number in (
            ("records found", outcome.input_count),
            ("unchanged since an earlier run", outcome.unchanged_count),
            ("taken over from interrupted runs", outcome.resumed_count),
            ("articles published", counts.article_count),
            ("duplicates", counts.duplicate_count),
            ("quarantined", counts.quarantine_count),
            ("edits", counts.edit_count),
            ("characters removed", counts.removed_chars),
            *((f"left out: {reason}", number) for reason, number in outcome.left_out),
            *((f"files moved: {where}", number) for where, number in outcome.moved),
        )
    ]


def _flow_run() -> dict[str, str]:
    return {"prefect.resource.id": f"prefect.flow-run.{runtime.flow_run.id}", "prefect.resource.role": "flow-run"}


def _plain(source: str) -> str:
    """A source as part of a name: letters of any script, digits, dots and hyphens, at most 60."""
    kept = "".join(letter if letter.isalnum() or letter in ".-" else "-" for letter in str(visible(source)))
    return kept[:60].strip("-") or "unnamed"


def _escape(text: str) -> str:
    """Text in Markdown as it is: one line, no mark-up, no HTML, no end of a table's cell."""
    return str(visible(text)).translate(_MARKS)
