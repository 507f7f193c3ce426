"""Cards of email: messages by state, the queue, failures, and calculated vs reported totals."""

from __future__ import annotations

from functools import partial

from meaux import charts
from meaux.charts.colours import MAIL
from meaux.query.filters import Selection
from meaux.subjects.card import Chart, Table, card
from meaux.subjects.email import frames as mail
from meaux.subjects.email.frames import (
    ByTemplate,
    Counted,
    Distinct,
    EachDay,
    Failures,
    Queue,
    Reported,
)
from meaux.subjects.email.metrics import MESSAGES
from meaux.wording import sentences


@card
def over_time(each_day: EachDay, selection: Selection) -> Chart:
    """Show messages over time by state."""
    return Chart(
        "Email over time",
        mail.over_time(each_day, selection),
        partial(charts.trend, series="state", colours=MAIL, grain=selection.drawn_grain),
        MESSAGES,
        about="Messages by status. A message counts once per day for each status.",
        note=sentences(mail.origin(each_day), selection.overlooked(project=False, person=False)),
    )


@card
def by_template(messages: ByTemplate, selection: Selection) -> Chart:
    """Show the messages of each template by state."""
    return Chart(
        "Email by template",
        mail.by_template(messages),
        partial(charts.stacked, label="template", series="state", colours=MAIL),
        MESSAGES,
        note=selection.overlooked(project=True, person=False),
    )


@card
def queue(messages: Queue, selection: Selection) -> Chart:
    """Show the messages in the queue by state."""
    return Chart(
        "Queue",
        messages,
        partial(charts.ranking, label="state", colours=MAIL),
        MESSAGES,
        about="All messages in the queue table now, by status, regardless of period.",
        note=selection.overlooked(project=False, person=False),
        empty="The queue is empty.",
    )


@card
def failures(failed: Failures, selection: Selection) -> Table:
    """Show the latest failed messages."""
    return Table(
        "Latest email failures",
        failed,
        about="Latest messages that bounced, failed or led to a complaint.",
        note=selection.overlooked(project=True, person=False),
        empty="No failed messages in this period.",
    )


@card
def compared(
    reported: Reported, counted: Counted, distinct: Distinct, selection: Selection
) -> Table:
    """Compare the reported totals with those calculated from email events."""
    return Table(
        "Email: calculated vs reported",
        mail.compared(reported, counted, distinct),
        about="Reported daily totals vs totals calculated from email events, for the same days.",
        note=sentences(
            mail.disagreement(reported, counted, distinct),
            selection.overlooked(project=False, person=False),
        ),
    )
