"""Operations: how many runs succeeded, what became of mail, and how much went wrong."""

from __future__ import annotations

from functools import partial

import pandas as pd

from meaux import events as logs
from meaux import history, latency, mail, queries, series, workflows
from meaux.answers import Answer
from meaux.events import ByDay
from meaux.figures.figure import (
    NumberCard,
    Reading,
    Unknown,
    both_sides,
    daily_values,
    figure,
    total,
)
from meaux.filters import Selection
from meaux.mail import EachDay, FirstMail, InAll, InAllBefore, Queue, Reported
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
from meaux.workflows import (
    ByWorkflow,
    Costs,
    CostsBefore,
    FirstCost,
    RecordedCosts,
    RunsByDay,
)

RUN = ("workflow_run",)
NOTHING_ENDED = "No run of the period has ended."
NO_DURATION = "No run that has ended says how long it took."
NO_COST = "No cost was recorded, and no run says what it cost."
AGAIN = ("Opened", "Clicked")
"""What may happen to a message on several days."""
COUNTED_DAILY = "As reported: each message counts once a day."
NOT_TOLD = "Nothing tells how many messages were sent."


@figure(RUNS, total("runs"), recorded=RUN, against=queries.runs_by_workflow)
def runs(by_day: RunsByDay, selection: Selection) -> Reading:
    """Runs that started in the period, with those still running in the note."""
    running = workflows.count(by_day.frame, "Running")
    return Reading(
        trend=daily_values(by_day, "runs", selection.period),
        note=f"{running:,} still running." if running else "",
    )


@figure(SUCCESS_RATE, workflows.success_rate, recorded=RUN)
def success_rate(counted: ByWorkflow) -> Reading:
    """Runs that succeeded by runs that have ended."""
    if workflows.success_rate(counted.frame) is None:
        return Unknown(note=_lacking(counted, "status") or NOTHING_ENDED)
    ended = int(workflows.ended(counted.frame)["runs"].sum())
    return Reading(note=f"Of {ended:,} that {'has' if ended == 1 else 'have'} ended.")


def _failed(frame: pd.DataFrame) -> float:
    return float(workflows.count(frame, "Failed"))


@figure(FAILED_RUNS, _failed, recorded=RUN)
def failed_runs(counted: ByWorkflow, by_day: RunsByDay, selection: Selection) -> Reading:
    """Runs that failed, with those that were cancelled in the note."""
    if lacks := _lacking(counted, "status"):
        return Unknown(note=lacks)
    cancelled = workflows.count(counted.frame, "Cancelled")
    days = by_day.shaped(lambda frame: frame[frame["outcome"] == "Failed"])
    return Reading(
        trend=daily_values(days, "runs", selection.period),
        note=f"{cancelled:,} cancelled." if cancelled else "",
    )


def _run_duration(metric: Metric, share: float) -> NumberCard:
    @figure(metric, partial(_duration, share=share), recorded=RUN)
    def run_duration(counted: ByWorkflow) -> Reading:
        known = _duration(counted.frame, share) is not None
        return Reading(note=workflows.unmeasured(counted.frame) if known else _no_duration(counted))

    return run_duration


def _duration(counted: pd.DataFrame, share: float) -> float | None:
    return latency.histogram(workflows.ended(counted), "runs").percentile(share)


def _no_duration(counted: Answer) -> str:
    return (
        _lacking(counted, "duration_ms", "completed") or _lacking(counted, "status") or NO_DURATION
    )


def _lacking(answer: Answer, *columns: str) -> str:
    """A sentence that names what a number needs, where all of these columns are missing."""
    return answer.lacks(*(f"workflow_run.{column}" for column in columns))


run_durations = (_run_duration(RUN_P50, 0.5), _run_duration(RUN_P95, 0.95))
"""The median and the 95th percentile of runs that have ended."""


@figure(RUN_COST)
def run_cost(  # noqa: PLR0913, PLR0917  two sources, on two sides
    costs: Costs,
    before: CostsBefore,
    first: FirstCost,
    recorded: RecordedCosts,
    own: RunsByDay,
    selection: Selection,
) -> Reading:
    """What the workflows cost, as recorded, else as their runs say."""
    if costs.state == "empty":
        return Unknown(note=NO_COST)
    from_table = workflows.is_recorded(recorded)
    reading = Reading(
        float(costs.frame["run_cost"].sum()),
        trend=tuple(series.daily(costs.frame, selection.period, "run_cost")["run_cost"]),
        note=workflows.own_cost(recorded, own) if from_table else "As the runs themselves say.",
    )
    return both_sides(reading, _cost, costs, before, first, selection)


def _cost(frame: pd.DataFrame) -> float | None:
    """What was recorded, else what the runs say; None where nothing of it is known."""
    found = frame["run_cost" if "run_cost" in frame else "cost"].sum(min_count=1)
    return None if pd.isna(found) else float(found)


@figure(MAIL_SENT)
def mail_sent(
    now: InAll, then: InAllBefore, first: FirstMail, each_day: EachDay, selection: Selection
) -> Reading:
    """Messages sent in the period."""
    sent = _sent(now.frame) if now.state == "ready" else 0.0
    if sent is None:
        return Unknown(note=now.lacks("email_day.sent") or NOT_TOLD)
    reading = Reading(sent, trend=_each_day(each_day, selection))
    return both_sides(reading, _sent, now, then, first, selection)


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


def _mail_rate(metric: Metric) -> NumberCard:
    part, whole = RATES[metric]

    def rate(messages: pd.DataFrame) -> float | None:
        return mail.rate(mail.wide(messages), part, whole)

    @figure(metric)
    def mail_rate(
        now: InAll, then: InAllBefore, first: FirstMail, reported: Reported, selection: Selection
    ) -> Reading:
        daily = COUNTED_DAILY if now is reported and part in AGAIN else ""
        note = sentences(_of(now, mail.wide(now.frame), part, whole), daily)
        reading = Reading(rate(now.frame), note=note)
        return both_sides(reading, rate, now, then, first, selection)

    return mail_rate


mail_rates = tuple(map(_mail_rate, RATES))
"""Every rate of the period, with its numbers in the note."""


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


@figure(QUEUE_BACKLOG)
def queue_backlog(queue: Queue) -> Reading:
    """Messages that wait to be sent, and for how long the oldest has."""
    waiting = queue.frame[queue.frame["state"] == "Waiting"]
    failed = int(queue.frame[queue.frame["state"] == "Failed"]["messages"].sum())
    return Reading(
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


@figure(EVENTS, total("events"), recorded=history.LOGS)
def events(by_day: ByDay, selection: Selection) -> Reading:
    """Records of all logs in the period."""
    return Reading(trend=daily_values(by_day, "events", selection.period))


def _severe(severity: str, metric: Metric) -> NumberCard:
    def of_severity(frame: pd.DataFrame) -> pd.DataFrame:
        return frame[frame["severity"] == severity]

    def count(frame: pd.DataFrame) -> float:
        return float(of_severity(frame)["events"].sum())

    @figure(metric, count, recorded=history.LOGS)
    def severe(by_day: ByDay, selection: Selection) -> Reading:
        if unsaid := logs.unsaid(by_day, severity):
            return Unknown(note=unsaid)
        return Reading(trend=daily_values(by_day.shaped(of_severity), "events", selection.period))

    return severe


severities = (
    _severe("Critical", CRITICAL_EVENTS),
    _severe("Error", ERROR_EVENTS),
    _severe("Warning", WARNING_EVENTS),
)
"""Critical records, errors and warnings in the period."""
