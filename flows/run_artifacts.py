"""What a run leaves in Prefect beside its log: counts, stages and a page, as artifacts."""

from __future__ import annotations

from prefect.artifacts import create_markdown_artifact, create_table_artifact

from flows.outcome import RunOutcome


def make_artifacts(outcome: RunOutcome) -> None:
    """Create the artifacts of the flow run under way."""
    counts = outcome.counts
    rows = [
        {"what": "records found", "count": outcome.input_count},
        {"what": "unchanged since an earlier run", "count": outcome.unchanged_count},
        {"what": "taken over from interrupted runs", "count": outcome.resumed_count},
        {"what": "articles published", "count": counts.article_count},
        {"what": "duplicates", "count": counts.duplicate_count},
        {"what": "quarantined", "count": counts.quarantine_count},
        {"what": "edits", "count": counts.edit_count},
        {"what": "characters removed", "count": counts.removed_chars},
        *({"what": f"left out: {reason}", "count": count} for reason, count in outcome.left_out),
        *({"what": f"files moved: {where}", "count": count} for where, count in outcome.moved),
    ]
    create_table_artifact(key="run-counts", table=rows, description=f"Winnow run {outcome.run_name}")
    stages = [{"stage": stage, "seconds": round(seconds, 2)} for stage, seconds in outcome.stage_seconds]
    create_table_artifact(key="run-stages", table=stages, description="Where the time went")
    checks = "\n".join(
        f"- **{c.severity}** {c.suite}: {c.check_name} {c.column_name or ''} ({c.unexpected_count or 0} rows)"
        for c in outcome.failed_checks
    )
    create_markdown_artifact(
        key="run-report",
        markdown=(
            f"# Winnow: {outcome.status}\n\n"
            f"{counts.article_count} articles published, {counts.duplicate_count} duplicates, "
            f"{counts.quarantine_count} quarantined, {outcome.unchanged_count} unchanged.\n\n"
            f"## Checks that failed\n\n{checks or 'None.'}\n\n"
            f"Report: {outcome.report_path} ({outcome.report_status}: {outcome.report_detail})\n"
        ),
    )
