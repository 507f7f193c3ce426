"""Sparkline: the course of one number as a small area from zero, without axes."""

from __future__ import annotations

import altair as alt
import numpy as np
import pandas as pd

from meaux.charts import description
from meaux.charts.cells import perhaps
from meaux.charts.colours import MUTED
from meaux.charts.layered import layered, tooltip
from meaux.query.metrics import Metric

HEIGHT = 44
MOST_DAYS = 92
"""A longer course is drawn by weeks, or it would be a solid block."""
WEEK = 7
AREA = 0.22
"""Opacity of the area below the line."""


def sparkline(frame: pd.DataFrame, metric: Metric, grain: str = "day") -> alt.LayerChart:
    """Draw the values of the metric's column in order, one per day or other grain.

    The area begins at zero; if a value is negative, at the lowest one. More than 92 days are drawn
    by weeks, which end with the last day: their sums, or for a level the last value of each. Days
    before the first whole week are left out.
    """
    values = perhaps(frame, metric.name)
    if grain == "day" and len(values) > MOST_DAYS:
        values, grain = _weeks(values, metric), "week"
    rows = _rows(values, metric)
    known = rows["value"].dropna()
    if known.empty:
        return description.blank(metric)
    low, high = min(known.min(), 0.0), max(known.max(), 0.0)
    scale = alt.Scale(domain=[low, high if high > low else 1.0], nice=False)
    across = alt.X("at:Q", axis=None, scale=alt.Scale(nice=False, zero=False))
    drawn = alt.Chart(rows)
    return layered(
        drawn.mark_area(
            color=MUTED, fillOpacity=AREA, line={"color": MUTED, "strokeWidth": 1.5}
        ).encode(across, alt.Y("value:Q", axis=None, scale=scale)),
        drawn.mark_rule(opacity=0, strokeWidth=6).encode(across, tooltip=tooltip("words")),
        description=description.course(known, metric, grain),
        height=HEIGHT,
    )


def _weeks(values: pd.Series, metric: Metric) -> pd.Series:
    """Return a value per whole week, counted back from the last day."""
    whole = values.iloc[len(values) % WEEK :].groupby(np.arange(len(values) // WEEK).repeat(WEEK))
    return whole.sum(min_count=1) if metric.total == "sum" else whole.last()


def _rows(values: pd.Series, metric: Metric) -> pd.DataFrame:
    """Return the values by their place, with the words of each: at, value, words."""
    words = [metric.short(value) for value in values]
    return pd.DataFrame({"at": range(len(values)), "value": values.to_numpy(), "words": words})
