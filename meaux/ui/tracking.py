"""Cards about time that need more than a line."""

from __future__ import annotations

from collections.abc import Mapping

from meaux import charts, hours, series, timekeeping
from meaux.answers import Answer, Ask, Rows
from meaux.filters import Selection
from meaux.hours import WorkingTime
from meaux.metrics.hours import BILLABLE_RATIO, EFFECTIVE_RATE, HOURS, UTILISATION
from meaux.plan import WEEKDAYS
from meaux.ui import cards
from meaux.ui.fence import section
from meaux.wording import sentences

NOTHING_ODD = "No entry of the period needs a look."
NOTHING_ELSE = "No other time table has rows, or all of them hold the same hours."


@section
def trend(rows: Rows, selection: Selection) -> None:
    """Hours over time by whether they are billable, with the compared period behind."""
    logged, ghost = hours.trend(rows.hours_by_day, selection), hours.ghost(rows, selection)
    cards.chart(
        "Hours over time",
        logged,
        charts.billable_hours,
        HOURS,
        note="" if ghost is None else series.behind(selection),
        file=hours.beside(logged.frame, ghost),
        grain=selection.drawn_grain,
        ghost=series.shadow(ghost, "hours"),
    )


@section
def week(rows: Rows) -> None:
    """Hours spread over the hours of the week in which they were worked."""
    cards.chart(
        "Hours by weekday and hour",
        hours.by_weekday_hour(rows.hours_by_weekday_hour),
        charts.heatmap,
        HOURS,
        about="Each entry is spread over the local hours that it covers, up to its counted length.",
        note=hours.untimed(rows.hours_by_weekday_hour, rows.hours_by_day),
        column="hour",
        row="weekday",
        columns=hours.CLOCK,
        rows=WEEKDAYS,
    )


@section
def members(people: Answer, note: str) -> None:
    """What each person worked, and what of it is billable; `note` says who they are."""
    cards.chart(
        "Hours by team member",
        hours.by_person(people),
        charts.billable_by_person,
        HOURS,
        about="Hours of each person by whether they are billable, in alphabetical order.",
        note=note,
    )


@section
def weeks(people: Answer, by_day: Answer) -> None:
    """What each person worked in each week."""
    weekly = hours.by_week(hours.busiest(people))
    cards.chart(
        "Hours per member per week",
        weekly,
        charts.heatmap,
        HOURS,
        about="Hours of each person in each week, named by its Monday; one that is not over, or "
        "not wholly in the period, is marked.",
        note=hours.left_out(people),
        column="week",
        row="name",
        columns=hours.columns(by_day, "week"),
        rows=list(dict.fromkeys(weekly.frame["name"])),
        partial=hours.partial_weeks(by_day),
    )


@section
def productivity(people: Answer, working: WorkingTime, unused: str) -> None:
    """What each person worked of what they could have, and what it was worth.

    `unused` says what of the declared capacity can't be used.
    """
    cards.table(
        "Team productivity",
        hours.productivity(people, working),
        about="Each person's hours with what they were worth, in alphabetical order. "
        f"{UTILISATION.definition} {BILLABLE_RATIO.definition} {EFFECTIVE_RATE.definition}",
        note=sentences(hours.narrowed(people.selection), unused),
        pinned="name",
    )


@section
def timesheet(people: Answer, by_day: Answer) -> None:
    """A line a person, a column a day or week, and the totals of both."""
    cards.table(
        "Timesheet",
        hours.timesheet(people, by_day),
        about="Hours of each person on each day; in each week, named by its Monday, where the "
        f"period is longer than {hours.DAYS_IN_A_TIMESHEET} days.",
        unit="hours",
        pinned="name",
    )


@section
def notes(odd: Answer) -> None:
    """What is odd in the entries, how it is treated, and the newest of them."""
    cards.table(
        "Data notes",
        timekeeping.notes(odd),
        about="Entries of the period that need a look, and how they are treated. An entry may "
        "stand in several lines.",
        empty=NOTHING_ODD,
    )
    cards.table(
        "Entries to look at",
        timekeeping.newest(odd),
        about=f"The newest {timekeeping.NEWEST} entries of each of the data notes.",
        empty=NOTHING_ODD,
    )


@section
def other_tables(rows: Rows, asked: Mapping[str, Ask]) -> None:
    """What the database's other time tables say of the same time."""
    cards.table(
        "Other time tables",
        timekeeping.other_tables(rows, asked),
        about="The same time as the other time tables of the database hold it; they are never "
        "added up. Which one is in use can be set in .streamlit/schema.toml.",
        note=timekeeping.widened(rows, asked),
        empty=NOTHING_ELSE,
    )
