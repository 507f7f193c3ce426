"""Events: how severe the records of the logs are, in which logs they are, and the top errors."""

from __future__ import annotations

from functools import partial

from meaux import charts, events
from meaux.cards.card import Chart, Table, card
from meaux.events import ByDay, TopErrors
from meaux.filters import Selection
from meaux.metrics.operations import EVENTS
from meaux.wording import sentences


@card
def severity(by_day: ByDay, selection: Selection) -> Chart:
    """Records over time by how severe they are."""
    return Chart(
        "Severity over time",
        events.over_time(by_day, selection),
        partial(charts.severities, grain=selection.drawn_grain),
        EVENTS,
        note=sentences(events.missing(by_day), events.overlooked(selection)),
    )


@card
def by_log(by_day: ByDay, selection: Selection) -> Chart:
    """The records of each log by how severe they are."""
    return Chart(
        "Events by log",
        events.by_log(by_day),
        charts.logs,
        EVENTS,
        note=events.overlooked(selection),
    )


@card
def top_errors(errors: TopErrors, by_day: ByDay, selection: Selection) -> Table:
    """The most frequent errors."""
    return Table(
        "Top errors",
        errors,
        about="Errors and what is critical, by message and source, the most frequent first.",
        note=sentences(events.missing(by_day), events.overlooked(selection)),
        empty="No error was recorded in this period." if by_day.state == "ready" else "",
    )
