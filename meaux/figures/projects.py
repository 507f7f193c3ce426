"""Projects: how many there are."""

from __future__ import annotations

import pandas as pd

from meaux import series
from meaux.answers import Answer, Rows
from meaux.figures.bag import compared, missing, of_today, unanswered
from meaux.figures.figure import Figure
from meaux.filters import Period, Selection
from meaux.filters.period import DAY, EARLIEST
from meaux.metrics.projects import ACTIVITY, STALE_PROJECTS, TOTAL_PROJECTS
from meaux.projects import standing
from meaux.wording import counted


def total_projects(rows: Rows, selection: Selection) -> Figure:
    """How many projects there are, and how many of them there were before the period.

    Made of `projects_by_status` and `projects_by_creation`.
    """
    by_status, by_creation = rows.projects_by_status, rows.projects_by_creation
    if unanswered(by_status):
        return missing(TOTAL_PROJECTS, by_status)
    now = float(standing(by_status.frame)["projects"].sum())
    archived = int(by_status.frame["projects"].sum() - now)
    note = f"{archived:,} archived not counted." if archived else ""
    if unanswered(by_creation) or by_status.frame.empty:
        return Figure(TOTAL_PROJECTS, now, note=note)
    created = standing(by_creation.frame).groupby("day")["projects"].sum()
    added = created[created.index >= pd.Timestamp(selection.period.start)]
    shown = series.since_recorded(selection.period, by_creation.frame)
    days = pd.DatetimeIndex(list(shown), dtype="datetime64[s]")
    grown = added.reindex(days, fill_value=0).astype("float64").cumsum() + now - float(added.sum())
    if selection.period.start <= EARLIEST:
        return Figure(TOTAL_PROJECTS, now, trend=tuple(grown), note=note)
    figure = Figure(
        TOTAL_PROJECTS,
        now,
        now - float(added.sum()),
        f"vs {Period(selection.period.start - DAY, selection.period.start)}",
        tuple(grown),
        note,
    )
    return of_today(figure, selection)


def activity(rows: Rows, selection: Selection) -> Figure:
    """How much happened in the projects, against the compared period.

    Made of `activity_by_project` and `activity_by_project_before`.
    """
    now, before = rows.activity_by_project, rows.activity_by_project_before
    if unanswered(now):
        return missing(ACTIVITY, now)
    figure = Figure(ACTIVITY, _activity(now.frame))
    return compared(figure, rows, selection, ["activity"], _activity, now, before)


def _activity(frame: pd.DataFrame) -> float:
    return float(frame["activity"].sum())


def stale_projects(stale: Answer, days: int) -> Figure:
    """How many projects under way had no activity in the last days."""
    if unanswered(stale):
        return missing(STALE_PROJECTS, stale)
    note = f"Under way, without activity in {counted(days, 'day')}."
    return Figure(STALE_PROJECTS, float(len(stale.frame)), note=note)
