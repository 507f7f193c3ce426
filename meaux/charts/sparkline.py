"""Sparkline: the values with which `st.metric` draws the course of a number from zero."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd

from meaux.query.metrics import Metric

MOST_DAYS = 92
"""A longer course is drawn by weeks, or it would be a solid block."""
WEEK = 7
POINTS = 10
"""The fewest points of each value."""
IN_ALL = 300
"""The fewest points of a course: then one is half a pixel wide."""


def sparkline(values: Sequence[float], metric: Metric, grain: str = "day") -> list[float]:
    """Return the points of a course, each value as a step, the last one last.

    `st.metric` draws from the lowest to the highest point. So a zero comes first, too narrow to be
    seen, unless there are values on both sides of it. More than 92 days are drawn by weeks, which
    end with the last day: their sums, or for a level the last value of each. Days before the first
    whole week are left out.
    """
    course = weeks(values, metric) if grain == "day" and len(values) > MOST_DAYS else [*values]
    known = [value for value in course if not math.isnan(value)]
    if not known:
        return []
    repeated = [value for value in course for _ in range(points(len(course)))]
    return repeated if min(known) <= 0 <= max(known) else [0.0, *repeated]


def points(count: int) -> int:
    """Return the number of points per value, for this number of values."""
    return max(POINTS, IN_ALL // count)


def weeks(values: Sequence[float], metric: Metric) -> list[float]:
    """Return a value per whole week, counted back from the last day."""
    whole = pd.Series(values[len(values) % WEEK :], dtype="float64")
    grouped = whole.groupby(np.arange(len(whole)) // WEEK)
    found = grouped.sum(min_count=1) if metric.total == "sum" else grouped.last()
    return [float(value) for value in found]
