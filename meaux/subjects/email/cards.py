"""Email: what became of messages, what waits, and whether reports and events agree."""

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
    """Messages over time by what happened to them."""
    return Chart(
        "Email over time",
        mail.over_time(each_day, selection),
        partial(charts.trend, series="state", colours=MAIL, grain=selection.drawn_grain),
        MESSAGES,
        about="Messages by what happened to them, each counted once a day for each thing.",
        note=sentences(mail.origin(each_day), selection.overlooked(project=False, person=False)),
    )


@card
def by_template(messages: ByTemplate, selection: Selection) -> Chart:
    """The messages of each template by what became of them."""
    return Chart(
        "Email by template",
        mail.by_template(messages),
        partial(charts.stacked, label="template", series="state", colours=MAIL),
        MESSAGES,
        note=selection.overlooked(project=True, person=False),
    )


@card
def queue(messages: Queue, selection: Selection) -> Chart:
    """The messages of the queue by how far they are."""
    return Chart(
        "Queue",
        messages,
        partial(charts.ranking, label="state", colours=MAIL),
        MESSAGES,
        about="The messages of the queue now, whatever the period.",
        note=selection.overlooked(project=False, person=False),
        empty="The queue is empty.",
    )


@card
def failures(failed: Failures, selection: Selection) -> Table:
    """The messages that failed last."""
    return Table(
        "Latest email failures",
        failed,
        about="The newest messages that bounced, failed or were complained about.",
        note=selection.overlooked(project=True, person=False),
        empty="No message failed in this period.",
    )


@card
def compared(
    reported: Reported, counted: Counted, distinct: Distinct, selection: Selection
) -> Table:
    """What the database reports beside what the events of messages tell."""
    return Table(
        "Counted and reported email",
        mail.compared(reported, counted, distinct),
        about="What the database reports for each day beside what the events of the messages "
        "tell of the same days.",
        note=sentences(
            mail.disagreement(reported, counted, distinct),
            selection.overlooked(project=False, person=False),
        ),
    )
