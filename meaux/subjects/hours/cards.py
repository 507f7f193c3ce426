"""Hours: over time, by project and person, and what is odd in the entries."""

from __future__ import annotations

from functools import partial
from typing import Any

import pandas as pd

from meaux import charts
from meaux.charts.colours import BILLABLE, MUTED
from meaux.data.plan import WEEKDAYS, Plan
from meaux.data.schema.vocabulary import UNASSIGNED
from meaux.query import series
from meaux.query.filters import Selection
from meaux.query.metrics import Metric
from meaux.subjects.card import Chart, Table, card
from meaux.subjects.hours import frames as hours
from meaux.subjects.hours import timekeeping
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
from meaux.wording import sentences

BY_BILLABLE = partial(charts.stacked, label="name", series="billable", colours=BILLABLE)
"""People in order, each made of what is billable and what isn't."""
NOTHING_ODD = "No entry of the period needs a look."
NOTHING_ELSE = "No other time table has rows, or all of them hold the same hours."


@card
def trend(by_day: ByDay, ghost: Ghost, selection: Selection) -> Chart:
    """Hours over time by whether they are billable, with the compared period behind."""
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
        note="" if ghost is None else series.behind(selection),
        file=hours.beside(logged.frame, ghost),
    )


@card
def by_project(lines: ByProject) -> Chart:
    """The projects with most hours."""
    largest = hours.largest(hours.by_project(lines))
    return Chart("Hours by project", largest, project_bars, HOURS)


def project_bars(frame: pd.DataFrame, metric: Metric) -> Any:
    """Projects in order, with their shares.

    A line without a project is nobody's, or that of several.
    """
    own = frame.assign(color=frame["color"].where(frame["project"].notna(), MUTED))
    return charts.ranking(own, metric, label="name", colour="color", shares=True)


@card
def project_shares(lines: ByProject) -> Chart:
    """How all hours are divided among projects."""
    draw = partial(charts.share, label="name", colour="color", colours={UNASSIGNED: MUTED})
    return Chart("Project time distribution", hours.by_project(lines), draw, HOURS)


@card
def week(lines: ByWeekdayHour, by_day: ByDay) -> Chart:
    """Hours spread over the hours of the week in which they were worked."""
    return Chart(
        "Hours by weekday and hour",
        hours.by_weekday_hour(lines),
        partial(charts.heatmap, column="hour", row="weekday", columns=hours.CLOCK, rows=WEEKDAYS),
        HOURS,
        about="Each entry is spread over the local hours that it covers, up to its counted length.",
        note=hours.untimed(lines, by_day),
    )


@card
def members(people: People, known: Choices) -> Chart:
    """What each person worked, and what of it is billable."""
    return Chart(
        "Hours by team member",
        hours.by_person(people),
        BY_BILLABLE,
        HOURS,
        about="Hours of each person by whether they are billable, in alphabetical order.",
        note=unlisted(known, people),
    )


@card
def weeks(people: People, by_day: ByDay) -> Chart:
    """What each person worked in each week."""
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
        ),
        HOURS,
        about="Hours of each person in each week, named by its Monday; one that is not over, or "
        "not wholly in the period, is marked.",
        note=hours.left_out(people),
    )


@card
def productivity(people: People, working: Working, plan: Plan) -> Table:
    """What each person worked of what they could have, and what it was worth."""
    return Table(
        "Team productivity",
        hours.productivity(people, working),
        about="Each person's hours with what they were worth, in alphabetical order. "
        f"{UTILISATION.definition} {BILLABLE_RATIO.definition} {EFFECTIVE_RATE.definition}",
        note=sentences(hours.narrowed(people.selection), plan.said("capacity")),
        pinned="name",
    )


@card
def timesheet(people: People, by_day: ByDay) -> Table:
    """A line a person, a column a day or week, and the totals of both."""
    return Table(
        "Timesheet",
        hours.timesheet(people, by_day),
        about="Hours of each person on each day; in each week, named by its Monday, where the "
        f"period is longer than {hours.DAYS_IN_A_TIMESHEET} days.",
        unit="hours",
        pinned="name",
    )


@card
def notes(odd: Odd) -> tuple[Table, Table]:
    """What is odd in the entries, how it is treated, and the newest of them."""
    return (
        Table(
            "Data notes",
            timekeeping.notes(odd),
            about="Entries of the period that need a look, and how they are treated. An entry may "
            "stand in several lines.",
            empty=NOTHING_ODD,
        ),
        Table(
            "Entries to look at",
            timekeeping.newest(odd),
            about=f"The newest {timekeeping.NEWEST} entries of each of the data notes.",
            empty=NOTHING_ODD,
        ),
    )


@card
def other_tables(recorded: Recorded) -> Table:
    """What the database's other time tables say of the same time."""
    return Table(
        "Other time tables",
        timekeeping.other_tables(recorded),
        about="The same time as the other time tables of the database hold it; they are never "
        "added up. Which one is in use can be set in .streamlit/schema.toml.",
        note=timekeeping.widened(recorded),
        empty=NOTHING_ELSE,
    )
