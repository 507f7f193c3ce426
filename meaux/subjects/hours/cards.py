"""Cards of hours: over time, by project and person, and entries to review."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Annotated, Any

import pandas as pd

from meaux import charts
from meaux.charts.colours import BILLABLE, MUTED
from meaux.data.plan import Plan
from meaux.data.readers import WEEKDAYS
from meaux.data.schema import Binding
from meaux.data.schema.vocabulary import UNASSIGNED
from meaux.query import queries, series
from meaux.query.answers import Ask
from meaux.query.filters import Selection
from meaux.query.metrics import Metric
from meaux.query.needs import later
from meaux.query.queries import Query
from meaux.subjects.card import Chart, Download, Table, card
from meaux.subjects.hours import frames as hours
from meaux.subjects.hours import timekeeping
from meaux.subjects.hours import timesheet as timesheets
from meaux.subjects.hours.frames import (
    ByDay,
    ByProject,
    ByWeekdayHour,
    Choices,
    Ghost,
    People,
    Working,
    unlisted,
)
from meaux.subjects.hours.metrics import BILLABLE_RATIO, EFFECTIVE_RATE, HOURS, UTILISATION
from meaux.subjects.hours.timekeeping import Odd, Recorded
from meaux.subjects.rows import Opening
from meaux.wording import day_of, sentences

BY_BILLABLE = partial(charts.stacked, label="name", series="billable", colours=BILLABLE)
"""A bar per person, split by billable state."""
ROWS = Opening(HOURS.name)
PROJECT, PERSON = {"name": "project"}, {"name": "person"}
RATES = (UTILISATION, BILLABLE_RATIO, EFFECTIVE_RATE)
NOTHING_ODD = "Nothing to review in this period."
NOTHING_ELSE = "No other table of time entries has different hours."
NOT_COPIED = "The copy has only the table in use; compare the others on the source."


@card
def trend(by_day: ByDay, ghost: Ghost, selection: Selection) -> Chart:
    """Show hours over time by billable state, with the comparison period behind."""
    logged = hours.trend(by_day, selection)
    return Chart(
        "Hours over time",
        logged,
        partial(
            charts.bars,
            series="billable",
            colours=BILLABLE,
            grain=selection.drawn_grain,
            ghost=series.shadow(ghost, "hours"),
        ),
        HOURS,
        note="" if ghost is None else series.behind(selection, "Pale bars"),
        file=hours.beside(logged.frame, ghost),
        rows=ROWS,
    )


@card
def by_project(lines: ByProject) -> Chart:
    """Show the projects with most hours."""
    largest = hours.largest(hours.by_project(lines))
    return Chart("Hours by project", largest, project_bars, HOURS, rows=ROWS, picks=PROJECT)


def project_bars(frame: pd.DataFrame, metric: Metric) -> Any:
    """Draw projects in order, with their shares.

    A row without a project is grey: it is Unassigned, or all others together.
    """
    own = frame.assign(color=frame["color"].where(frame["project"].notna(), MUTED))
    return charts.ranking(own, metric, label="name", colour="color", shares=True)


@card
def project_shares(lines: ByProject) -> Chart:
    """Show each project's share of all hours."""
    draw = partial(charts.share, label="name", colour="color", colours={UNASSIGNED: MUTED})
    title, every = "Project time distribution", hours.by_project(lines)
    return Chart(title, every, draw, HOURS, rows=ROWS, picks=PROJECT)


@card
def week(lines: ByWeekdayHour, by_day: ByDay) -> Chart:
    """Show hours by weekday and hour."""
    return Chart(
        "Hours by weekday and hour",
        hours.by_weekday_hour(lines),
        partial(charts.heatmap, column="hour", row="weekday", columns=hours.CLOCK, rows=WEEKDAYS),
        HOURS,
        about="Each entry's hours are spread over the local hours that it covers.",
        note=hours.untimed(lines, by_day),
    )


@card
def members(people: People, known: Choices) -> Chart:
    """Show each person's hours by billable state."""
    return Chart(
        "Hours by team member",
        hours.by_person(people),
        BY_BILLABLE,
        HOURS,
        about="Billable, non-billable and unspecified hours per person, A to Z.",
        note=unlisted(known, people),
        rows=ROWS,
        picks=PERSON,
    )


@card
def weeks(people: People, by_day: ByDay) -> Chart:
    """Show each person's hours per week."""
    weekly = hours.by_week(hours.busiest(people))
    return Chart(
        "Hours per member per week",
        weekly,
        partial(
            charts.heatmap,
            column="week",
            row="name",
            columns=hours.columns(by_day, "week"),
            rows=list(dict.fromkeys(weekly.frame["name"])),
            partial=hours.partial_weeks(by_day),
            head=_monday,
        ),
        HOURS,
        about="Hours per person and week, named by its Monday. Partial weeks are marked.",
        note=hours.left_out(people),
        rows=ROWS,
        picks=PERSON,
    )


def _monday(iso: str) -> str:
    return day_of(date.fromisoformat(iso), year=False)


@card
def productivity(people: People, working: Working, plan: Plan) -> Table:
    """Show each person's hours, utilisation, billable ratio and effective rate."""
    return Table(
        "Team productivity",
        hours.productivity(people, working),
        about="Hours, utilisation, billable ratio and effective rate per person, A to Z. "
        + " ".join(f"{one.label}: {one.definition}" for one in RATES),
        note=sentences(hours.narrowed(people.selection), plan.said("capacity")),
        picks=PERSON,
    )


@card
def timesheet(people: People, by_day: ByDay) -> Table:
    """Show a row per person and a column per day or week, with totals."""
    return Table(
        "Timesheet",
        hours.timesheet(people, by_day),
        about="Hours per person and day. Periods longer than "
        f"{hours.DAYS_IN_A_TIMESHEET} days have a column per week, named by its Monday.",
        unit="hours",
        pinned="name",
        picks=PERSON,
    )


@card
def timesheet_book(
    entries: Annotated[Query, later(queries.timesheet_entries)], by_day: ByDay, people: People
) -> Download | None:
    """Offer the timesheet as a workbook."""
    if not by_day.answered:
        return None
    totals = timesheets.totals(by_day, people)
    return Download(
        "Download timesheet (XLSX)",
        "A sheet per person: hours by project and day, and each entry with its note. Loaded when "
        f"you click; up to {timesheets.MOST_ENTRIES:,} entries.",
        Ask(entries, by_day.selection, limit=timesheets.MOST_ENTRIES + 1),
        lambda answer, told: timesheets.as_workbook(answer, told, totals),
        "timesheet",
        "xlsx",
    )


@card
def timesheet_entries(
    entries: Annotated[Query, later(queries.timesheet_entries)], by_day: ByDay
) -> Download | None:
    """Offer the entries of the timesheet as CSV."""
    if not by_day.answered:
        return None
    return Download(
        "Download timesheet (CSV)",
        "A row per entry: person, project, day, duration and note. Loaded when you click; up to "
        f"{timesheets.MOST_ENTRIES:,} entries.",
        Ask(entries, by_day.selection, limit=timesheets.MOST_ENTRIES + 1),
        lambda answer, _: timesheets.as_csv(answer),
        "timesheet-entries",
    )


@card
def notes(odd: Odd) -> tuple[Table, Table]:
    """Show why entries should be reviewed, and the latest of them."""
    return (
        Table(
            "Data notes",
            timekeeping.notes(odd),
            about="Time entries to review in this period, by reason, and how the totals treat "
            "them. An entry can have several reasons.",
            empty=NOTHING_ODD,
        ),
        Table(
            "Entries to review",
            timekeeping.newest(odd),
            about=f"Latest {timekeeping.NEWEST} entries for each reason.",
            empty=NOTHING_ODD,
        ),
    )


@card
def other_tables(
    by_day: ByDay, recorded: Recorded, selection: Selection, binding: Binding
) -> Table:
    """Show the hours of the database's other time tables."""
    return Table(
        "Other time tables",
        timekeeping.other_tables(by_day, recorded),
        about="Hours of the period in each table of time entries, the one in use first. Tables "
        "are never "
        "added together. Set the table to use in .streamlit/schema.toml.",
        note=timekeeping.widened(recorded, selection),
        empty=NOT_COPIED if binding.is_copy else NOTHING_ELSE,
    )
