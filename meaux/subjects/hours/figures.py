"""Hours: how much was worked, how much of it is billable, and what an hour brings."""

from __future__ import annotations

import pandas as pd

from meaux.query.answers import Answer
from meaux.query.filters import Selection
from meaux.subjects.figure import Reading, Unknown, daily_values, figure, total
from meaux.subjects.hours.frames import (
    BILLABLE,
    NON_BILLABLE,
    UNSPECIFIED,
    WORTH_A_WORD,
    ByDay,
    People,
    Working,
    WorkingTime,
    narrowed,
)
from meaux.subjects.hours.metrics import (
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


def _of_kind(frame: pd.DataFrame, kind: str) -> float:
    return float(frame.loc[frame["billable"] == kind, "hours"].sum())


def _billable_part(frame: pd.DataFrame) -> float | None:
    """The ratio; None where no hour says anything."""
    billable, other = (_of_kind(frame, kind) for kind in (BILLABLE, NON_BILLABLE))
    return billable / (billable + other) if billable + other > 0 else None


def _rate(frame: pd.DataFrame) -> float | None:
    """Dollars an hour; None where no hour has a price."""
    hours = frame["priced"].sum()
    return float(frame["cost"].sum() / hours) if hours > 0 else None


@figure(HOURS, total("hours"), recorded=TIME, more="Time tracking")
def total_hours(by_day: ByDay, selection: Selection) -> Reading:
    """Hours logged in the period; what is in no total is counted in the note."""
    running = int(by_day.frame["running"].sum())
    return Reading(
        trend=daily_values(by_day, "hours", selection.period),
        note=sentences(
            f"{counted(running, 'running timer')} not counted." if running else "",
            unread(by_day.frame),
        ),
    )


def unread(by_day: pd.DataFrame) -> str:
    """A sentence that counts the entries whose length can't be read; empty for none."""
    entries = int(by_day["unread"].sum())
    if not entries:
        return ""
    has, is_ = ("has", "is") if entries == 1 else ("have", "are")
    words = counted(entries, "entry")
    return f"{words} {has} a length that can't be read and {is_} in no total."


@figure(ENTRIES, total("entries"), recorded=TIME)
def entries(by_day: ByDay, selection: Selection) -> Reading:
    """How many entries the hours are made of."""
    count, hours = by_day.frame["entries"].sum(), by_day.frame["hours"].sum()
    return Reading(
        trend=daily_values(by_day, "entries", selection.period),
        note=f"{hours / count * 60:,.0f} minutes each on average." if count else "",
    )


@figure(RUNNING_TIMERS)
def running_timers(by_day: ByDay) -> Reading:
    """How many timers of the period still run."""
    running = int(by_day.frame["running"].sum())
    note = "In no total until they are stopped." if running else "All timers are stopped."
    return Reading(float(running), note=note)


@figure(BILLABLE_RATIO, _billable_part, recorded=TIME)
def billable_ratio(by_day: ByDay) -> Reading:
    """Billable hours by those that say whether they are; the others are in the note."""
    return Reading(note=_unspecified(by_day))


def _unspecified(answer: Answer) -> str:
    """A sentence on the hours that say nothing; empty for none."""
    if lacking := answer.without.get("time_entry.billable"):
        return f"This needs {lacking}."
    if _billable_part(answer.frame) is None:
        return NOT_SAID
    hours = _of_kind(answer.frame, UNSPECIFIED)
    return f"{HOURS.short(hours)} unspecified." if hours >= WORTH_A_WORD else ""


@figure(EFFECTIVE_RATE, _rate, recorded=TIME)
def effective_rate(by_day: ByDay) -> Reading:
    """What an hour costs; hours without a price are left out and stand in the note."""
    return Reading(note=_unpriced(by_day.frame))


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


@figure(UTILISATION)
def utilisation(people: People, working: Working) -> Reading:
    """Billable hours of the people who logged time by what they could have worked."""
    named = people.frame[people.frame["person"].notna()]
    capacity = named["person"].nunique() * working.hours
    if lacking := people.without.get("time_entry.billable"):
        return Unknown(note=f"This needs {lacking}.")
    if not (named["billable"] + named["non_billable"]).sum() > 0:
        return Unknown(note=NOT_SAID)
    if not capacity > 0:
        return Unknown(note="The period has had no working day yet.")
    billable = float(named["billable"].sum())
    of = (
        f"{HOURS.short(billable)} billable of {HOURS.short(capacity)}: {_capacity(named, working)}."
    )
    return Reading(billable / capacity, note=sentences(of, narrowed(people.selection)))


def _capacity(named: pd.DataFrame, working: WorkingTime) -> str:
    """How a capacity comes about, in words."""
    people, days = named["person"].nunique(), working.days
    each = f"{working.hours_per_day:g} h"
    return (
        f"{counted(people, 'person')} who logged time, on {counted(days, 'working day')} of {each}"
    )
