"""Events: how severe the records of the logs are, in which logs they are, and the top errors."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from meaux import charts
from meaux.charts.colours import SEVERITY
from meaux.query.filters import Selection
from meaux.subjects.card import Card, Chart, Table, card
from meaux.subjects.events import frames as events
from meaux.subjects.events.frames import ByDay, OpenPage, Projects, Start, TopErrors, Trail
from meaux.subjects.events.metrics import EVENTS
from meaux.subjects.hours.frames import Choices
from meaux.wording import sentences

NOTHING_FITS = "No record of the period fits: choose other logs, severities or words."


@card
def severity(by_day: ByDay, selection: Selection) -> Chart:
    """Records over time by how severe they are."""
    return Chart(
        "Severity over time",
        events.over_time(by_day, selection),
        partial(charts.bars, series="severity", colours=SEVERITY, grain=selection.drawn_grain),
        EVENTS,
        note=sentences(events.missing(by_day), events.overlooked(selection)),
    )


@card
def by_log(by_day: ByDay, selection: Selection) -> Chart:
    """The records of each log by how severe they are."""
    return Chart(
        "Events by log",
        events.by_log(by_day),
        partial(charts.stacked, label="log", series="severity", colours=SEVERITY),
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


@dataclass(frozen=True)
class Log(Card):
    """The open page of the log; `older` is where the next one begins, None where it is the last."""

    table: Table
    trail: Trail
    older: Start | None


@card
def log(page: OpenPage, people: Choices, projects: Projects, trail: Trail) -> Log:
    """The open page of the log, with the way to newer and to older records."""
    table = Table(
        "Log",
        events.named(page.answer, people, projects),
        about="The records of all logs, the newest first.",
        note=sentences(*page.notes, events.overlooked(trail.selection)),
        empty=NOTHING_FITS if trail.view.is_narrowed else "",
    )
    return Log(table, trail, page.older)
