"""Cumulative: the running total of a month, day by day, beside another month and the budget."""

from __future__ import annotations

from datetime import date
from typing import Any

import altair as alt
import pandas as pd

from meaux.charts import axis, description, lines
from meaux.charts.cells import numbers, read
from meaux.charts.colours import ACCENT, MUTED, assigned
from meaux.query.metrics import Metric

THIS_MONTH = "This month"
LAST_MONTH = "Last month"
MONTHS = {THIS_MONTH: ACCENT, LAST_MONTH: MUTED}
LONGEST_MONTH = 31
DATED = "day_of_this_month"
"""The column of the days of this month in the data of the lines."""


def cumulative(
    frame: pd.DataFrame,
    metric: Metric,
    *,
    series: str,
    budget: float | None = None,
    month: date | None = None,
) -> alt.LayerChart:
    """Draw running totals over the days of the month, a line for each value of `series`.

    Columns: `day_of_month` (1 to 31), `series`, the metric's name (the total at the end of that
    day) and perhaps `partial` (bool: still running). `budget`: the month's. `month`: the first day
    of this month, so that its days can be annotated.
    """
    rows = _rows(frame, metric, series)
    if rows["value"].isna().all():
        return description.blank(metric)
    order = lines.in_order(list(rows["series"].unique()), MONTHS)
    limit = [] if budget is None else [budget]
    plot = lines.Lines(
        _across(),
        axis.up(pd.Series([*rows["value"], *limit]), metric, above=axis.HEADROOM),
        order,
        assigned(order, MONTHS),
        heavy=THIS_MONTH,
    )
    said = rows.assign(words=lines.so_far(rows, metric))
    texts = lines.wide(said, "at", order)
    texts = texts.assign(title=[f"Day {day}" for day in texts["at"]])
    return plot.drawn(
        plot.lines(_dated(rows, month)),
        plot.running(rows),
        plot.points(_ends(rows)),
        lines.hovered(texts, order, plot.x),
        *lines.level(budget, f"Budget {metric.short(budget)}", plot.y),
        description=description.cumulative(rows, metric, budget),
    )


def _rows(frame: pd.DataFrame, metric: Metric, series: str) -> pd.DataFrame:
    """Return the frame as at (the day of the month), series, value and partial, in order."""
    given = read(frame, metric, series=series)
    if given.empty:
        return given
    days, partial = numbers(frame["day_of_month"]), lines.partial(frame)
    rows = pd.DataFrame({"at": days, **given, "partial": partial})
    rows = rows[rows["at"].between(1, LONGEST_MONTH)].astype({"at": "int64"})
    return rows.sort_values("at", kind="stable", ignore_index=True)


def _dated(rows: pd.DataFrame, month: date | None) -> pd.DataFrame:
    """Add the days of this month: day (datetime64), missing in other months."""
    if month is None:
        return rows
    days = pd.Timestamp(month) + pd.to_timedelta(rows["at"] - 1, unit="D")
    return rows.assign(**{DATED: days.where(rows["series"] == THIS_MONTH)})


def _ends(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the last known value of each series."""
    return rows.dropna(subset="value").groupby("series", sort=False).tail(1)


def _across() -> Any:
    """Make the axis of the days of a month, always all of them."""
    ticks = alt.Axis(values=[1, 5, 10, 15, 20, 25, LONGEST_MONTH], format="d")
    scale = alt.Scale(domain=[1, LONGEST_MONTH], nice=False, zero=False)
    return alt.X("at:Q", scale=scale, axis=ticks, title="Day of the month")
