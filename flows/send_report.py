"""The last step of a run: its report as a page, and as a mail."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

from flows.job import JobSettings
from flows.loading import RenderedReport
from flows.mail import Delivery, build_message, deliver, read_block_settings, read_recipients, read_settings
from transforms.types import WinnowError

_SENDER = "winnow@localhost"  # of a mail that nobody sends


def send_report(report: RenderedReport, run_id: str, settings: JobSettings) -> Delivery:
    """Write the report's page and deliver its mail.

    Wrong mail settings make a failed delivery with the reason (the mail is in the outbox), never a failed run.
    """
    write_page(Path(settings.report_path), report.html)
    mail, recipients, problem = None, settings.report_to, None
    try:
        mail = read_settings(os.environ) or read_block_settings()
        recipients = recipients or (mail.recipients if mail else read_recipients(os.environ))
    except WinnowError as error:
        problem = str(error)
    message = build_message(
        subject=report.subject,
        html=report.html,
        text=report.text,
        sender=(mail.sender if mail else "") or _SENDER,
        recipients=recipients,
        message_id=f"<{run_id}@winnow.localhost>",
        date=datetime.now(UTC),
    )
    delivery = deliver(message, mail, Path(settings.outbox))
    return Delivery("failed", f"{problem}; {delivery.detail}") if problem else delivery


def write_page(path: Path, html: str) -> None:
    """Write under another name and rename, so that a reader never sees half a page."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.partial")
    partial.write_text(html, encoding="utf-8")
    partial.replace(path)
