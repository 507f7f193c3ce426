"""Operations: how many runs succeeded, what became of mail, and how much went wrong."""

from __future__ import annotations

from functools import partial

import pandas as pd

from meaux import events as logs
from meaux import history, latency, mail, series, workflows
from meaux.answers import Answer, Rows
from meaux.figures.bag import compared, missing, unanswered
from meaux.figures.figure import Figure, daily_values
from meaux.filters import Selection
from meaux.metrics import Metric
from meaux.metrics.operations import (
    BOUNCE_RATE,
    CLICK_RATE,
    CRITICAL_EVENTS,
    DELIVERY_RATE,
    ERROR_EVENTS,
    EVENTS,
    FAILED_RUNS,
    MAIL_SENT,
    OPEN_RATE,
    QUEUE_AGE,
    QUEUE_BACKLOG,
    RUN_COST,
    RUN_P50,
    RUN_P95,
    RUNS,
    SUCCESS_RATE,
    WARNING_EVENTS,
)
from meaux.wording import sentences

RUN = ("workflow_run",)
NOTHING_ENDED = "No run of the period has ended."
NO_DURATION = "No run that has ended says how long it took."
NO_COST = "No cost was recorded, and no run says what it cost."
AGAIN = ("Opened", "Clicked")
"""What may happen to a message on several days."""
COUNTED_DAILY = "As reported: each message counts once a day."
NOT_TOLD = "Nothing tells how many messages were sent."


def runs(rows: Rows, selection: Selection) -> Figure:
    """Runs that started in the period, with those still running in the note.

    Made of `runs_by_day` and `runs_by_workflow_before`.
    """
    by_day, before = rows.runs_by_day, rows.runs_by_workflow_before
    if unanswered(by_day):
        return missing(RUNS, by_day)
    running = workflows.count(by_day.frame, "Running")
    figure = Figure(
        RUNS,
        _runs(by_day.frame),
        trend=daily_values(by_day, "runs", selection.period),
        note=f"{running:,} still running." if running else "",
    )
    return compared(figure, rows, selection, RUN, _runs, by_day, before)


def _runs(frame: pd.DataFrame) -> float:
    return float(frame["runs"].sum())


def success_rate(rows: Rows, selection: Selection) -> Figure:
    """Runs that succeeded by runs that have ended.

    Made of `runs_by_workflow` and `runs_by_workflow_before`.
    """
    now, before = rows.runs_by_workflow, rows.runs_by_workflow_before
    if unanswered(now):
        return missing(SUCCESS_RATE, now)
    rate = workflows.success_rate(now.frame)
    if rate is None:
        return Figure(SUCCESS_RATE, None, note=_lacking(now, "status") or NOTHING_ENDED)
    ended = int(workflows.ended(now.frame)["runs"].sum())
    figure = Figure(
        SUCCESS_RATE,
        rate,
        note=f"Of {ended:,} that {'has' if ended == 1 else 'have'} ended.",
    )
    return compared(figure, rows, selection, RUN, workflows.success_rate, now, before)


def failed_runs(rows: Rows, selection: Selection) -> Figure:
    """Runs that failed, with those that were cancelled in the note.

    Made of `runs_by_workflow`, `runs_by_workflow_before` and `runs_by_day`.
    """
    now, before, by_day = rows.runs_by_workflow, rows.runs_by_workflow_before, rows.runs_by_day
    if unanswered(now):
        return missing(FAILED_RUNS, now)
    if lacks := _lacking(now, "status"):
        return Figure(FAILED_RUNS, None, note=lacks)
    cancelled = workflows.count(now.frame, "Cancelled")
    days = by_day.shaped(lambda frame: frame[frame["outcome"] == "Failed"])
    figure = Figure(
        FAILED_RUNS,
        _failed(now.frame),
        trend=daily_values(days, "runs", selection.period),
        note=f"{cancelled:,} cancelled." if cancelled else "",
    )
    return compared(figure, rows, selection, RUN, _failed, now, before)


def _failed(frame: pd.DataFrame) -> float:
    return float(workflows.count(frame, "Failed"))


def run_durations(rows: Rows, selection: Selection) -> list[Figure]:
    """The median and the 95th percentile of runs that have ended.

    Made of `runs_by_workflow` and `runs_by_workflow_before`.
    """
    now, before = rows.runs_by_workflow, rows.runs_by_workflow_before
    if unanswered(now):
        return [missing(metric, now) for metric in (RUN_P50, RUN_P95)]
    measured = _duration(now.frame, 0.5) is not None
    note = workflows.unmeasured(now.frame) if measured else _no_duration(now)
    durations = {
        share: Figure(metric, _duration(now.frame, share), note=note)
        for metric, share in ((RUN_P50, 0.5), (RUN_P95, 0.95))
    }
    return [
        compared(figure, rows, selection, RUN, partial(_duration, share=share), now, before)
        for share, figure in durations.items()
    ]


def _duration(counted: pd.DataFrame, share: float) -> float | None:
    return latency.histogram(workflows.ended(counted), "runs").percentile(share)


def _no_duration(counted: Answer) -> str:
    return (
        _lacking(counted, "duration_ms", "completed") or _lacking(counted, "status") or NO_DURATION
    )


def _lacking(answer: Answer, *columns: str) -> str:
    """A sentence that names what a number needs, where all of these columns are missing."""
    return answer.lacks(*(f"workflow_run.{column}" for column in columns))


def run_cost(rows: Rows, selection: Selection) -> Figure:
    """What the workflows cost, as recorded, else as their runs say.

    Made of `workflow_costs`, `runs_by_day`, `workflow_costs_before` and `runs_by_workflow_before`.
    """
    recorded, own = rows.workflow_costs, rows.runs_by_day
    now = workflows.costs(recorded, own)
    if unanswered(now):
        return missing(RUN_COST, now)
    if now.state == "empty":
        return Figure(RUN_COST, None, note=NO_COST)
    from_table = workflows.is_recorded(recorded)
    before = rows.workflow_costs_before if from_table else rows.runs_by_workflow_before
    figure = Figure(
        RUN_COST,
        float(now.frame["run_cost"].sum()),
        trend=tuple(series.daily(now.frame, selection.period, "run_cost")["run_cost"]),
        note=workflows.own_cost(recorded, own) if from_table else "As the runs themselves say.",
    )
    tables = ["workflow_day_cost", "workflow_run"]
    return compared(figure, rows, selection, tables, _cost, now, before)


def _cost(frame: pd.DataFrame) -> float | None:
    """What was recorded, else what the runs say; None where nothing of it is known."""
    found = frame["run_cost" if "run_cost" in frame else "cost"].sum(min_count=1)
    return None if pd.isna(found) else float(found)


def mail_sent(rows: Rows, selection: Selection) -> Figure:
    """Messages sent in the period.

    Made of `reported_mail`, `counted_mail`, `distinct_mail`, `reported_mail_before` and
    `distinct_mail_before`.
    """
    now, before = _mail(rows), _mail_before(rows)
    if unanswered(now):
        return missing(MAIL_SENT, now)
    sent = _sent(now.frame) if now.state == "ready" else 0.0
    if sent is None:
        return Figure(MAIL_SENT, None, note=now.lacks("email_day.sent") or NOT_TOLD)
    each = _each_day(mail.source(rows.reported_mail, rows.counted_mail), selection)
    figure = Figure(MAIL_SENT, sent, trend=each)
    return compared(figure, rows, selection, history.MAIL, _sent, now, before)


def _sent(messages: pd.DataFrame) -> float | None:
    return mail.total(mail.wide(messages), "Sent")


def _each_day(answer: Answer, selection: Selection) -> tuple[float, ...]:
    """Messages sent on each day of the period."""
    if answer.state != "ready":
        return ()
    days = mail.wide(answer.frame)["Sent"].rename_axis("day").reset_index()
    return tuple(series.daily(days, selection.period, "Sent")["Sent"])


RATES: dict[Metric, tuple[str, str]] = {
    DELIVERY_RATE: ("Delivered", "Sent"),
    BOUNCE_RATE: ("Bounced", "Sent"),
    OPEN_RATE: ("Opened", "Delivered"),
    CLICK_RATE: ("Clicked", "Delivered"),
}
"""Each rate of mail: which state by which other one."""


def mail_rates(rows: Rows, selection: Selection) -> list[Figure]:
    """Every rate of the period, with its numbers in the note; made as `mail_sent` is."""
    now, before = _mail(rows), _mail_before(rows)
    if unanswered(now):
        return [missing(metric, now) for metric in RATES]
    return [_mail_rate(metric, rows, selection, now, before) for metric in RATES]


def _mail_rate(
    metric: Metric, rows: Rows, selection: Selection, now: Answer, before: Answer | None
) -> Figure:
    part, whole = RATES[metric]

    def rate(messages: pd.DataFrame) -> float | None:
        return mail.rate(mail.wide(messages), part, whole)

    daily = COUNTED_DAILY if now is rows.reported_mail and part in AGAIN else ""
    note = sentences(_of(now, mail.wide(now.frame), part, whole), daily)
    figure = Figure(metric, rate(now.frame), note=note)
    return compared(figure, rows, selection, history.MAIL, rate, now, before)


def _of(now: Answer, counts: pd.DataFrame, part: str, whole: str) -> str:
    """The numbers of a rate, `90 of 100 sent`, or why there is none."""
    some, base = mail.parts(counts, part, whole)
    if not base > 0:
        lacking = (now.lacks(f"email_day.{state.lower()}") for state in (whole, part))
        return next(filter(None, lacking), f"No message is known to be {whole.lower()}.")
    if mail.rate(counts, part, whole) is None:
        counts_of = f"{part.lower()} ({some:,.0f}) than {whole.lower()} ({base:,.0f})"
        return f"More messages were reported {counts_of}."
    return f"{some:,.0f} of {base:,.0f} {whole.lower()}."


def _mail(rows: Rows) -> Answer:
    return mail.source(rows.reported_mail, rows.distinct_mail)


def _mail_before(rows: Rows) -> Answer | None:
    """The same source over the compared period; None where nothing is compared."""
    before: Answer | None = getattr(rows, f"{_mail(rows).query.name}_before")
    return before


def queue_backlog(queue: Answer) -> Figure:
    """Messages that wait to be sent, and for how long the oldest has; made of `mail_queue`."""
    if unanswered(queue):
        return missing(QUEUE_BACKLOG, queue)
    waiting = queue.frame[queue.frame["state"] == "Waiting"]
    failed = int(queue.frame[queue.frame["state"] == "Failed"]["messages"].sum())
    return Figure(
        QUEUE_BACKLOG,
        float(waiting["messages"].sum()),
        note=sentences(_waited(queue, waiting), f"{failed:,} failed." if failed else ""),
    )


def _waited(queue: Answer, waiting: pd.DataFrame) -> str:
    """How long the oldest message had waited when the queue was read."""
    oldest = waiting["oldest"].min()
    if queue.fetched is None or pd.isna(oldest):
        return ""
    waited = (pd.Timestamp(queue.fetched.at) - oldest) / pd.Timedelta(milliseconds=1)
    return f"The oldest has waited for {QUEUE_AGE.short(max(waited, 0))}."


def events(rows: Rows, selection: Selection) -> Figure:
    """Records of all logs in the period; made of `events_by_day` and the same `..._before`."""
    return _records(EVENTS, rows, selection, None)


def severities(rows: Rows, selection: Selection) -> list[Figure]:
    """Critical records, errors and warnings in the period; made as `events` is."""
    metrics = {"Critical": CRITICAL_EVENTS, "Error": ERROR_EVENTS, "Warning": WARNING_EVENTS}
    return [_records(metric, rows, selection, name) for name, metric in metrics.items()]


def _records(metric: Metric, rows: Rows, selection: Selection, severity: str | None) -> Figure:
    now, before = rows.events_by_day, rows.events_by_day_before
    if unanswered(now):
        return missing(metric, now)
    if severity and (unsaid := logs.unsaid(now, severity)):
        return Figure(metric, None, note=unsaid)
    only = now if severity is None else _severe(now, severity)
    then = before if severity is None or before is None else _severe(before, severity)
    figure = Figure(
        metric,
        _events(only.frame),
        trend=daily_values(only, "events", selection.period),
    )
    return compared(figure, rows, selection, history.LOGS, _events, only, then)


def _events(frame: pd.DataFrame) -> float:
    return float(frame["events"].sum())


def _severe(answer: Answer, severity: str) -> Answer:
    return answer.shaped(lambda frame: frame[frame["severity"] == severity])
