"""The last step of a run: its report as a page, and as a mail."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from flows.job_settings import JobSettings
from flows.loading import RenderedReport
from flows.mail import Delivery, Sending, build_message, deliver, send_waiting
from flows.mail_settings import (
    MailChoice,
    MailSettings,
    MailSettingsError,
    read_block_settings,
    read_choice,
    read_recipients,
    read_settings,
)
from flows.outbox import release_lost
from transforms.types import WinnowError

_SENDER = "winnow@localhost"  # of a mail that nobody sends
_SEVERITIES = ("info", "warning", "critical")


def send_report(report: RenderedReport, run_id: str, settings: JobSettings) -> Sending:
    """Write the report's page, deliver its mail if it is wanted, then those that wait in the outbox.

    Wrong mail settings make a failed delivery with the reason (the mail is in the outbox), never a failed run; a page
    that cannot be written does the same.
    """
    unwritten = _try_page(Path(settings.report_path), report.page)
    outbox = Path(settings.outbox)
    lost = release_lost(outbox)
    mail, recipients, problem = _read(settings)
    problem = "; ".join(filter(None, (unwritten, problem)))
    try:
        unwanted = why_not(report, read_choice(os.environ))
    except MailSettingsError as error:
        unwanted, problem = "", "; ".join(filter(None, (problem, str(error))))
    if unwanted:
        delivery = Delivery("skipped", unwanted)
    else:
        message = build_message(
            subject=report.subject,
            html=report.html,
            text=report.text,
            sender=(mail.sender if mail else "") or _SENDER,
            recipients=recipients,
            message_id=f"<{run_id}@winnow.localhost>",
            date=datetime.now(UTC),
            images=report.images,
            files=report.files,
        )
        delivery = deliver(message, mail, outbox)
    earlier = send_waiting(mail, outbox) if mail and delivery.status in {"sent", "skipped"} else ()
    notes = [problem, delivery.detail]
    if earlier:
        notes.append(f"of earlier runs: {sum(sent.status == 'sent' for _, sent in earlier)} of {len(earlier)} sent")
    if lost:
        notes.append(f"a run ended while it sent {', '.join(str(path) for path in lost)}; not sent again")
    status = "failed" if problem else delivery.status
    return Sending(Delivery(status, "; ".join(filter(None, notes))), earlier)


def files_to_attach(environ: Mapping[str, str]) -> tuple[str, ...]:
    """Names of the files to attach; none where the settings are wrong, which `send_report` tells."""
    try:
        return read_choice(environ).attach
    except MailSettingsError:
        return ()


def why_not(report: RenderedReport, choice: MailChoice) -> str:
    """Why the settings want no mail of this run; empty where they do. A failed run is always mailed."""
    if report.is_failed:
        return ""
    if choice.when == "change" and not report.is_change:
        return "nothing changed (WINNOW_MAIL_WHEN=change)"
    if choice.severity:
        enough = _SEVERITIES[_SEVERITIES.index(choice.severity) :]
        if not report.severities.intersection(enough):
            return f"no check of {choice.severity} or worse failed (WINNOW_MAIL_SEVERITY={choice.severity})"
    return ""


def _read(settings: JobSettings) -> tuple[MailSettings | None, tuple[str, ...], str]:
    """Server, recipients, and what is wrong with the settings."""
    mail, recipients = None, settings.report_to
    try:
        mail = read_settings(os.environ) or read_block_settings()
        recipients = recipients or (mail.recipients if mail else read_recipients(os.environ))
    except WinnowError as error:
        return mail, recipients, str(error)
    return mail, recipients, ""


def write_page(path: Path, html: str) -> None:
    """Write under another name and rename, so that a reader never sees half a page. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.partial")
    try:
        partial.write_text(html, encoding="utf-8")
        partial.replace(path)
    except OSError:
        partial.unlink(missing_ok=True)
        raise


def _try_page(path: Path, html: str) -> str:
    """Write the page; returns why it could not be."""
    try:
        write_page(path, html)
    except OSError as error:
        return f"the page {path} could not be written: {error}"
    return ""
