"""Cards of events: by severity and log, the top errors, and the log itself."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from meaux import charts
from meaux.charts.colours import SEVERITY
from meaux.query.filters import Selection
from meaux.query.paging import Start
from meaux.subjects.card import Card, Chart, Table, card
from meaux.subjects.events import frames as events
from meaux.subjects.events.frames import ByDay, OpenPage, Projects, TopErrors, Trail
from meaux.subjects.events.metrics import EVENTS
from meaux.subjects.hours.frames import Choices
from meaux.subjects.rows import Opening
from meaux.wording import sentences

ROWS = Opening(EVENTS.name)
NOTHING_FITS = "No events match. Change the logs, severities or search text."


@card
def severity(by_day: ByDay, selection: Selection) -> Chart:
    """Show events over time by severity."""
    return Chart(
        "Severity over time",
        events.over_time(by_day, selection),
        partial(charts.bars, series="severity", colours=SEVERITY, grain=selection.drawn_grain),
        EVENTS,
        note=sentences(events.missing(by_day), events.overlooked(selection)),
        rows=ROWS,
    )


@card
def by_log(by_day: ByDay, selection: Selection) -> Chart:
    """Show the events of each log by severity."""
    return Chart(
        "Events by log",
        events.by_log(by_day),
        partial(charts.stacked, label="log", series="severity", colours=SEVERITY),
        EVENTS,
        note=events.overlooked(selection),
        rows=ROWS,
    )


@card
def top_errors(errors: TopErrors, by_day: ByDay, selection: Selection) -> Table:
    """Show the most frequent errors."""
    return Table(
        "Top errors",
        errors,
        about="Errors and critical events by message and source, most frequent first.",
        note=sentences(events.missing(by_day), events.overlooked(selection)),
        empty="No errors recorded in this period." if by_day.state == "ready" else "",
    )


@dataclass(frozen=True)
class Log(Card):
    """The open page of the log; `older` is where the next one begins, None on the last page."""

    table: Table
    trail: Trail
    older: Start | None


@card
def log(page: OpenPage, people: Choices, projects: Projects, trail: Trail) -> Log:
    """Show the open page of the log, with the way to newer and older events."""
    table = Table(
        "Log",
        events.named(page.answer, people, projects),
        about="Events from all logs, latest first.",
        note=sentences(*page.notes, events.overlooked(trail.selection)),
        empty=NOTHING_FITS if trail.view.is_narrowed else "",
    )
    return Log(table, trail, page.older)
