"""Figures of projects: how many there are, their activity, and the stale ones."""

from __future__ import annotations

import pandas as pd

from meaux.data.plan import Plan
from meaux.query import series
from meaux.query.filters import Period, Selection
from meaux.query.filters.period import DAY, EARLIEST
from meaux.subjects.figure import Reading, figure, of_today, total
from meaux.subjects.projects.frames import (
    ActivityByProject,
    ByCreation,
    ByStatus,
    Stale,
    quiet_days,
    unarchived,
)
from meaux.subjects.projects.metrics import ACTIVITY, STALE_PROJECTS, TOTAL_PROJECTS
from meaux.wording import counted


@figure(TOTAL_PROJECTS, more="Project analytics")
def total_projects(by_status: ByStatus, by_creation: ByCreation, selection: Selection) -> Reading:
    """Return how many projects there are, compared with the day before the period."""
    now = float(unarchived(by_status.frame)["projects"].sum())
    archived = int(by_status.frame["projects"].sum() - now)
    note = f"{archived:,} archived left out." if archived else ""
    if not by_creation.answered or by_status.frame.empty:
        return Reading(now, note=note)
    created = unarchived(by_creation.frame).groupby("day")["projects"].sum()
    added = created[created.index >= pd.Timestamp(selection.period.start)]
    shown = series.since_recorded(selection.period, by_creation.frame)
    days = pd.DatetimeIndex(list(shown), dtype="datetime64[s]")
    grown = added.reindex(days, fill_value=0).astype("float64").cumsum() + now - float(added.sum())
    if selection.period.start <= EARLIEST:
        return Reading(now, trend=tuple(grown), note=note)
    reading = Reading(
        now,
        now - float(added.sum()),
        f"vs {Period(selection.period.start - DAY, selection.period.start)}",
        tuple(grown),
        note,
    )
    return of_today(reading, selection)


@figure(ACTIVITY, total("activity"), recorded=["activity"])
def activity(_by_project: ActivityByProject) -> Reading:
    """Return the activity in the projects, and in the comparison period."""
    return Reading()


@figure(STALE_PROJECTS)
def stale_projects(stale: Stale, plan: Plan) -> Reading:
    """Return how many active or in-progress projects had no recent activity."""
    note = f"Active or in progress, no activity for {counted(quiet_days(plan), 'day')}."
    return Reading(float(len(stale.frame)), note=note)
