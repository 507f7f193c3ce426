"""Hours: how much was worked."""

from __future__ import annotations

from meaux.answers import Rows
from meaux.figures.figure import Figure, daily_values, missing, unanswered, versus, where_recorded
from meaux.filters import Selection
from meaux.metrics.hours import HOURS


def total_hours(rows: Rows, selection: Selection) -> Figure:
    """Hours logged in the period; running timers are counted in the note.

    Made of `hours_by_day` and `hours_by_day_before`.
    """
    by_day, before = rows.hours_by_day, rows.hours_by_day_before
    if unanswered(by_day):
        return missing(HOURS, by_day)
    running = int(by_day.frame["running"].sum())
    figure = Figure(
        HOURS,
        float(by_day.frame["hours"].sum()),
        float(before.frame["hours"].sum()) if before and not unanswered(before) else None,
        versus(selection),
        daily_values(by_day, "hours", selection.period),
        f"{running} running timer{'s' * (running != 1)} not counted." if running else "",
    )
    return where_recorded(figure, rows, selection.compared, ["time_entry"])
