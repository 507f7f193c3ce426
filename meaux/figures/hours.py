"""Hours: how much was worked, how much of it is billable, and what an hour brings."""

from __future__ import annotations

from functools import partial

import pandas as pd

from meaux.answers import Answer, Rows
from meaux.figures.figure import Figure, compared, daily_values, missing, unanswered
from meaux.filters import Selection
from meaux.hours import (
    BILLABLE,
    NON_BILLABLE,
    UNSPECIFIED,
    WORTH_A_WORD,
    WorkingTime,
    narrowed,
)
from meaux.metrics.hours import (
    BILLABLE_RATIO,
    EFFECTIVE_RATE,
    ENTRIES,
    HOURS,
    RUNNING_TIMERS,
    UTILISATION,
)
from meaux.wording import counted, sentences

TIME = ("time_entry",)
NOT_SAID = "No hours say whether they are billable."


def total_hours(rows: Rows, selection: Selection) -> Figure:
    """Hours logged in the period; what is in no total is counted in the note.

    Made of `hours_by_day` and `hours_by_day_before`.
    """
    by_day, before = rows.hours_by_day, rows.hours_by_day_before
    if unanswered(by_day):
        return missing(HOURS, by_day)
    running = int(by_day.frame["running"].sum())
    figure = Figure(
        HOURS,
        _sum(by_day.frame, "hours"),
        trend=daily_values(by_day, "hours", selection.period),
        note=sentences(
            f"{counted(running, 'running timer')} not counted." if running else "",
            unread(by_day.frame),
        ),
    )
    hours = partial(_sum, column="hours")
    return compared(figure, rows, selection, TIME, hours, by_day, before)


def unread(by_day: pd.DataFrame) -> str:
    """A sentence that counts the entries whose length can't be read; empty for none."""
    entries = int(by_day["unread"].sum())
    if not entries:
        return ""
    has, is_ = ("has", "is") if entries == 1 else ("have", "are")
    words = counted(entries, "entry")
    return f"{words} {has} a length that can't be read and {is_} in no total."


def entries(rows: Rows, selection: Selection) -> Figure:
    """How many entries the hours are made of.

    Made of `hours_by_day` and `hours_by_day_before`.
    """
    by_day, before = rows.hours_by_day, rows.hours_by_day_before
    if unanswered(by_day):
        return missing(ENTRIES, by_day)
    count, hours = (_sum(by_day.frame, column) for column in ("entries", "hours"))
    figure = Figure(
        ENTRIES,
        count,
        trend=daily_values(by_day, "entries", selection.period),
        note=f"{hours / count * 60:,.0f} minutes each on average." if count else "",
    )
    entries = partial(_sum, column="entries")
    return compared(figure, rows, selection, TIME, entries, by_day, before)


def _sum(frame: pd.DataFrame, column: str) -> float:
    return float(frame[column].sum())


def running_timers(by_day: Answer) -> Figure:
    """How many timers of the period still run; made of `hours_by_day`."""
    if unanswered(by_day):
        return missing(RUNNING_TIMERS, by_day)
    running = int(by_day.frame["running"].sum())
    note = "In no total until they are stopped." if running else "All timers are stopped."
    return Figure(RUNNING_TIMERS, float(running), note=note)


def billable_ratio(rows: Rows, selection: Selection) -> Figure:
    """Billable hours by those that say whether they are; the others are in the note.

    Made of `hours_by_day` and `hours_by_day_before`.
    """
    now, before = rows.hours_by_day, rows.hours_by_day_before
    if unanswered(now):
        return missing(BILLABLE_RATIO, now)
    figure = Figure(BILLABLE_RATIO, _billable_part(now.frame), note=_unspecified(now))
    return compared(figure, rows, selection, TIME, _billable_part, now, before)


def _of_kind(frame: pd.DataFrame, kind: str) -> float:
    return float(frame.loc[frame["billable"] == kind, "hours"].sum())


def _billable_part(frame: pd.DataFrame) -> float | None:
    """The ratio; None where no hour says anything."""
    billable, other = (_of_kind(frame, kind) for kind in (BILLABLE, NON_BILLABLE))
    return billable / (billable + other) if billable + other > 0 else None


def _unspecified(answer: Answer) -> str:
    """A sentence on the hours that say nothing; empty for none."""
    if lacking := answer.without.get("time_entry.billable"):
        return f"This needs {lacking}."
    if _billable_part(answer.frame) is None:
        return NOT_SAID
    hours = _of_kind(answer.frame, UNSPECIFIED)
    return f"{HOURS.short(hours)} unspecified." if hours >= WORTH_A_WORD else ""


def effective_rate(rows: Rows, selection: Selection) -> Figure:
    """What an hour costs; hours without a price are left out and stand in the note.

    Made of `hours_by_day` and `hours_by_day_before`.
    """
    now, before = rows.hours_by_day, rows.hours_by_day_before
    if unanswered(now):
        return missing(EFFECTIVE_RATE, now)
    figure = Figure(EFFECTIVE_RATE, _rate(now.frame), note=_unpriced(now.frame))
    return compared(figure, rows, selection, TIME, _rate, now, before)


def _rate(frame: pd.DataFrame) -> float | None:
    """Dollars an hour; None where no hour has a price."""
    hours = frame["priced"].sum()
    return float(frame["cost"].sum() / hours) if hours > 0 else None


def _unpriced(frame: pd.DataFrame) -> str:
    """A sentence on the hours without a price; empty for none."""
    if _rate(frame) is None:
        return "No hours have a price."
    hours = float(frame["hours"].sum() - frame["priced"].sum())
    return (
        f"{HOURS.short(hours)} without a price in dollars left out."
        if hours >= WORTH_A_WORD
        else ""
    )


def utilisation(people: Answer, working: WorkingTime) -> Figure:
    """Billable hours of the people who logged time by what they could have worked.

    Made of `hours.people` and `hours.working_time`.
    """
    if unanswered(people):
        return missing(UTILISATION, people)
    named = people.frame[people.frame["person"].notna()]
    capacity = named["person"].nunique() * working.hours
    if lacking := people.without.get("time_entry.billable"):
        return Figure(UTILISATION, None, note=f"This needs {lacking}.")
    if not (named["billable"] + named["non_billable"]).sum() > 0:
        return Figure(UTILISATION, None, note=NOT_SAID)
    if not capacity > 0:
        return Figure(UTILISATION, None, note="The period has had no working day yet.")
    billable = float(named["billable"].sum())
    of = (
        f"{HOURS.short(billable)} billable of {HOURS.short(capacity)}: {_capacity(named, working)}."
    )
    note = sentences(of, narrowed(people.selection))
    return Figure(UTILISATION, billable / capacity, note=note)


def _capacity(named: pd.DataFrame, working: WorkingTime) -> str:
    """How a capacity comes about, in words."""
    people, days = named["person"].nunique(), working.days
    each = f"{working.hours_per_day:g} h"
    return (
        f"{counted(people, 'person')} who logged time, on {counted(days, 'working day')} of {each}"
    )
