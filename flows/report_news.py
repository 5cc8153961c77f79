"""The first screen of the report: what changed since the run before, and what needs a person. Pure."""

from __future__ import annotations

from flows.printed import count, cut, duration
from flows.run_report import LostRun, Run, RunReport

GUARD = "over-removal"  # the flag of a document that was kept whole, because too much of it would have gone
_SLOWER = 2.0  # times as long as the run before, for as many records: worth a word
_MOST_NAMED = 5


def find_news(report: RunReport) -> tuple[str, ...]:
    """What went otherwise than in the run before, in sentences without a full stop; the first run has one."""
    run, before = report.run, report.previous
    if before is None:
        return ("No run began before this one" if report.ahead else "This is the first run",)
    news = [
        _step(run.article_count, before.article_count, "article", "published"),
        _step(run.quarantine_count, before.quarantine_count, "record", "quarantined"),
    ]
    fails = [check.label for check in report.check_news if check.fails_now]
    holds = [check.label for check in report.check_news if not check.fails_now]
    if before.status != run.status:
        news.append(f"The run before was {before.status}, this one {run.status}")
    if fails:
        news.append(f"Fails now and held before: {_name(fails)}")
    if holds:
        news.append(f"Holds again: {_name(holds)}")
    if run.ruleset_version != before.ruleset_version:
        news.append("Rules or program are others than in the run before")
    news += _slower(run, before)
    return tuple(news)


def find_needs(report: RunReport) -> tuple[tuple[str, str], ...]:
    """What a person should look at, the most urgent first: a sentence, and the section it is in (empty: none)."""
    run = report.run
    needs: list[tuple[str, str]] = []
    if report.problem:
        needs.append((f"The run broke off: {cut(report.problem, 300)}", ""))
    critical = sum(check.severity == "critical" for check in report.failed_checks)
    warnings = sum(check.severity == "warning" for check in report.failed_checks)
    if critical:
        needs.append((f"{count(critical, 'critical check')} failed, so nothing was published", "checks"))
    needs += [(f"{cut(lost.run_name, 80)} {_ended(lost)}", "") for lost in report.unfinished]
    if report.ahead:
        until = f"{report.ahead[0]:%Y-%m-%d %H:%M} UTC"
        runs = count(len(report.ahead), "run")
        needs.append((f"{runs} of the warehouse began in the future, up to {until}: was the clock set back?", ""))
    if warnings:
        needs.append((f"{count(warnings, 'check')} gave a warning", "checks"))
    if run.quarantine_count:
        codes = dict.fromkeys(record.code for record in report.quarantined)
        needs.append(
            (f"{count(run.quarantine_count, 'record')} could not be used ({_name(list(codes))})", "quarantine")
        )
    flags = {flag.code: flag.group_count for flag in report.flagged}
    if guarded := flags.get(GUARD):
        needs.append((f"{count(guarded, 'document')} kept whole, because too much would have been removed", "guard"))
    if doubtful := flags.get("extraction-doubtful"):
        needs.append((f"{count(doubtful, 'page')} whose text may be chosen wrongly", "flags"))
    if report.changed_sources:
        sources = list(dict.fromkeys(change.source for change in report.changed_sources))
        needs.append((f"Changed: {_name(sources)}", "changed-sources"))
    if report.new_templates:
        number = report.new_templates[0].template_count
        needs.append((f"{count(number, 'template')} took text out for the first time", "new-templates"))
    return tuple(needs)


def is_change(report: RunReport) -> bool:
    """Whether the run changed something, or went otherwise than the one before."""
    run, before = report.run, report.previous
    return (
        before is None
        or run.article_count > 0
        or (run.status, run.quarantine_count) != (before.status, before.quarantine_count)
        or bool(report.check_news or report.unfinished or report.changed_sources or report.problem)
    )


def _ended(lost: LostRun) -> str:
    if lost.problem:
        return f"published nothing; it broke off, and could not write so: {cut(lost.problem, 200)}"
    if lost.status == "published":
        return "was ended from outside after it had published, before its report was sent"
    return "was ended from outside; it published nothing, and what it had begun is done by later runs"


def _step(now: int, before: int, noun: str, done: str) -> str:
    if now == before:
        return f"{count(now, noun)} {done}, as many as before"
    more = f"{now - before:,} more" if now > before else f"{before - now:,} fewer"
    return f"{count(now, noun)} {done}, {more} than before"


def _slower(run: Run, before: Run) -> list[str]:
    new, old = run.input_count - run.unchanged_count, before.input_count - before.unchanged_count
    if not (run.seconds and before.seconds and new and old):
        return []
    if run.seconds / new <= _SLOWER * (before.seconds / old) or run.seconds <= before.seconds:
        return []
    took, took_before = duration(run.seconds), duration(before.seconds)
    return [f"Slower: {took} for {count(new, 'new record')}; before {took_before} for {old:,}"]


def _name(names: list[str]) -> str:
    shown = ", ".join(cut(name, 60) for name in names[:_MOST_NAMED])
    return f"{shown} and {len(names) - _MOST_NAMED:,} more" if len(names) > _MOST_NAMED else shown
