"""Figures of hours: how many are logged, how many are billable, and what an hour costs."""

from __future__ import annotations

import pandas as pd

from meaux.query import queries
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
from meaux.wording import counted, enumerated, sentences

TIME = ("time_entry",)
NOT_SAID = "No hours are marked billable or non-billable."


def _of_kind(frame: pd.DataFrame, kind: str) -> float:
    return float(frame.loc[frame["billable"] == kind, "hours"].sum())


def _billable_part(frame: pd.DataFrame) -> float | None:
    """Return billable ÷ classified hours; None without classified hours."""
    billable, other = (_of_kind(frame, kind) for kind in (BILLABLE, NON_BILLABLE))
    return billable / (billable + other) if billable + other > 0 else None


def _rate(frame: pd.DataFrame) -> float | None:
    """Return dollars per hour; None if no hours have a price."""
    hours = frame["priced"].sum()
    return float(frame["cost"].sum() / hours) if hours > 0 else None


@figure(HOURS, total("hours"), recorded=TIME)
def total_hours(by_day: ByDay, selection: Selection) -> Reading:
    """Return the hours logged in the period; the note counts the entries left out."""
    return _logged(by_day, selection)


@figure(
    HOURS,
    total("hours"),
    recorded=TIME,
    against=queries.hours_recorded,
    more="Time tracking",
)
def hours_at_a_glance(by_day: ByDay, selection: Selection) -> Reading:
    """Do the same if nothing else on the page needs the days of the comparison period."""
    return _logged(by_day, selection)


def _logged(by_day: Answer, selection: Selection) -> Reading:
    return Reading(
        trend=daily_values(by_day, "hours", selection.period),
        note=sentences(_left_out(by_day.frame), unread(by_day.frame)),
    )


def _left_out(by_day: pd.DataFrame) -> str:
    """Return a sentence that counts the running timers and negative durations; empty for none."""
    running, negative = int(by_day["running"].sum()), int(by_day["negative"].sum())
    parts = [counted(running, "running timer")] if running else []
    if negative:
        parts.append(f"{counted(negative, 'entry')} with a negative duration")
    return f"{enumerated(parts)} left out." if parts else ""


def unread(by_day: pd.DataFrame) -> str:
    """Return a sentence that counts the entries of unreadable duration; empty for none."""
    entries = int(by_day["unread"].sum())
    if not entries:
        return ""
    has, is_ = ("has", "is") if entries == 1 else ("have", "are")
    words = counted(entries, "entry")
    return f"{words} {has} an unreadable duration and {is_} left out of hours."


@figure(ENTRIES, total("entries"), recorded=TIME)
def entries(by_day: ByDay, selection: Selection) -> Reading:
    """Return the number of entries; the note says how long they are on average."""
    count, hours = by_day.frame["entries"].sum(), by_day.frame["hours"].sum()
    return Reading(
        trend=daily_values(by_day, "entries", selection.period),
        note=f"{hours / count * 60:,.0f} min on average." if count else "",
    )


@figure(RUNNING_TIMERS)
def running_timers(by_day: ByDay) -> Reading:
    """Return how many timers that started in the period are still running."""
    running = int(by_day.frame["running"].sum())
    note = "Left out of hours until stopped." if running else "No running timers."
    return Reading(float(running), note=note)


@figure(BILLABLE_RATIO, _billable_part, recorded=TIME)
def billable_ratio(by_day: ByDay) -> Reading:
    """Return billable ÷ classified hours; the note counts the unspecified ones."""
    return Reading(note=_unspecified(by_day))


def _unspecified(answer: Answer) -> str:
    """Return a sentence that counts the unspecified hours; empty for none."""
    if lacking := answer.lacks("time_entry.billable"):
        return lacking
    if _billable_part(answer.frame) is None:
        return NOT_SAID
    hours = _of_kind(answer.frame, UNSPECIFIED)
    said = f"Left out: {HOURS.short(hours)} not marked as billable or non-billable."
    return said if hours >= WORTH_A_WORD else ""


@figure(EFFECTIVE_RATE, _rate, recorded=TIME)
def effective_rate(by_day: ByDay) -> Reading:
    """Return cost ÷ hours of the entries with a price; the note counts the other hours."""
    return Reading(note=_unpriced(by_day.frame))


def _unpriced(frame: pd.DataFrame) -> str:
    """Return a sentence that counts the hours without a price; empty for none."""
    if _rate(frame) is None:
        return "No hours have a price."
    hours = float(frame["hours"].sum() - frame["priced"].sum())
    return f"Left out: {HOURS.short(hours)} without a USD price." if hours >= WORTH_A_WORD else ""


@figure(UTILISATION)
def utilisation(people: People, working: Working) -> Reading:
    """Return billable hours ÷ capacity, for the people who logged time."""
    named = people.frame[people.frame["person"].notna()]
    capacity = named["person"].nunique() * working.hours
    if lacking := people.lacks("time_entry.billable"):
        return Unknown(note=lacking)
    if not (named["billable"] + named["non_billable"]).sum() > 0:
        return Unknown(note=NOT_SAID)
    if not capacity > 0:
        return Unknown(note="No working days in the period yet.")
    billable = float(named["billable"].sum())
    of = (
        f"{HOURS.short(billable)} billable ÷ {HOURS.short(capacity)} capacity "
        f"({_capacity(named, working)})."
    )
    return Reading(billable / capacity, note=sentences(of, narrowed(people.selection)))


def _capacity(named: pd.DataFrame, working: WorkingTime) -> str:
    """Return the factors of a capacity: people, working days and hours per day."""
    return f"{counted(named['person'].nunique(), 'person')} \N{MULTIPLICATION SIGN} {working.words}"
