"""The last step of a run: its report as a page, and as a mail."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from flows.job import JobSettings
from flows.mail import Delivery, MailSettings, build_message, deliver, read_block_settings, read_settings
from flows.report import read_run_report, render_html, render_text, subject
from transforms.types import WinnowError

_NOBODY = "nobody@localhost.invalid"  # stands in the outbox file where no address was given


def send_run_report(connection: duckdb.DuckDBPyConnection, run_id: str, settings: JobSettings) -> Delivery:
    """Write the report's page and deliver its mail. Wrong mail settings are reported, they never fail a run."""
    report = read_run_report(connection, run_id)
    html, text = render_html(report), render_text(report)
    write_page(Path(settings.report_path), html)
    try:
        mail = read_settings(os.environ) or read_block_settings()
        reason = None
    except WinnowError as error:
        mail, reason = None, str(error)
    recipients = settings.report_to or (mail.recipients if mail else ()) or (_NOBODY,)
    if recipients == (_NOBODY,):
        mail = None
    message = build_message(
        subject=subject(report),
        html=html,
        text=text,
        sender=mail.sender if mail else "winnow@localhost.invalid",
        recipients=recipients,
        message_id=f"<{run_id}@winnow.invalid>",
        date=datetime.now(UTC),
    )
    delivery = deliver(message, mail, Path(settings.outbox))
    return Delivery("failed", f"{reason}; {delivery.detail}") if reason else delivery


def write_page(path: Path, html: str) -> None:
    """Write under another name and rename, so that a reader never sees half a page."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.partial")
    partial.write_text(html, encoding="utf-8")
    partial.replace(path)


__all__ = ["MailSettings", "send_run_report", "write_page"]
