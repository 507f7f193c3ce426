"""Figures of email: messages sent, their rates, and the queue."""

from __future__ import annotations

import pandas as pd

from meaux.query import series
from meaux.query.answers import Answer
from meaux.query.filters import Selection
from meaux.query.metrics import Metric
from meaux.subjects.email import frames as mail
from meaux.subjects.email.frames import EachDay, FirstMail, InAll, InAllBefore, Queue, Reported
from meaux.subjects.email.metrics import (
    BOUNCE_RATE,
    CLICK_RATE,
    DELIVERY_RATE,
    MAIL_SENT,
    OPEN_RATE,
    QUEUE_AGE,
    QUEUE_BACKLOG,
)
from meaux.subjects.figure import (
    NumberCard,
    Reading,
    Unknown,
    both_sides,
    figure,
)
from meaux.wording import sentences

NOT_TOLD = "Sent messages aren't recorded."

COUNTED_DAILY = (
    "From daily totals: a message that is opened or clicked on several days counts once on each."
)

AGAIN = ("Opened", "Clicked")
"""The states that a message can have on several days."""


@figure(MAIL_SENT)
def mail_sent(
    now: InAll, then: InAllBefore, first: FirstMail, each_day: EachDay, selection: Selection
) -> Reading:
    """Return the messages sent in the period."""
    sent = _sent(now.frame) if now.state == "ready" else 0.0
    if sent is None:
        return Unknown(note=now.lacks("email_day.sent") or NOT_TOLD)
    reading = Reading(sent, trend=_each_day(each_day, selection))
    return both_sides(reading, _sent, now, then, first, selection)


def _sent(messages: pd.DataFrame) -> float | None:
    return mail.total(mail.wide(messages), "Sent")


def _each_day(answer: Answer, selection: Selection) -> tuple[float, ...]:
    """Return the messages sent on each day of the period."""
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
"""Each rate: the state above the line, and the one below."""


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
    """Return the numbers of a rate, `Bounced: 2 of 100 sent`, or why there is none."""
    some, base = mail.parts(counts, part, whole)
    if not base > 0:
        lacking = (now.lacks(f"email_day.{state.lower()}") for state in (whole, part))
        return next(filter(None, lacking), f"No {whole.lower()} messages recorded.")
    if mail.rate(counts, part, whole) is None:
        counts_of = f"{part.lower()} ({some:,.0f}) than {whole.lower()} ({base:,.0f})"
        return f"More messages were reported {counts_of}."
    return f"{part}: {some:,.0f} of {base:,.0f} {whole.lower()}."


@figure(QUEUE_BACKLOG)
def queue_backlog(queue: Queue) -> Reading:
    """Return the waiting messages; the note tells how long the oldest has waited."""
    waiting = queue.frame[queue.frame["state"] == "Waiting"]
    failed = int(queue.frame[queue.frame["state"] == "Failed"]["messages"].sum())
    return Reading(
        float(waiting["messages"].sum()),
        note=sentences(
            _waited(queue, waiting), f"Not counted: {failed:,} failed." if failed else ""
        ),
    )


def _waited(queue: Answer, waiting: pd.DataFrame) -> str:
    """Return a sentence on how long the oldest message had waited as of the last refresh."""
    oldest = waiting["oldest"].min()
    if queue.fetched is None or pd.isna(oldest):
        return ""
    waited = (pd.Timestamp(queue.fetched.at) - oldest) / pd.Timedelta(milliseconds=1)
    return f"Oldest: waiting for {QUEUE_AGE.short(max(waited, 0))}."
