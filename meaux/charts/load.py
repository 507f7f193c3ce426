"""Load: what each row carries of a capacity of its own."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from meaux.charts import description, limits, rows
from meaux.charts.cells import names, numbers
from meaux.charts.colours import ACCENT, STANDING
from meaux.charts.layered import layered
from meaux.query.metrics import Metric

OVER = "Over"
MARKS = [0.5, 1]
"""The parts of a capacity that are labelled; the whole one has a line too."""
DIGITS = 4
"""Decimals of a ratio; what comes after them, no row is over its capacity by."""


def load(frame: pd.DataFrame, metric: Metric, *, label: str) -> alt.LayerChart:
    """A bar for each row, in per cent of its capacity, over a track that ends at the whole.

    Columns: `label`, the metric's name, `capacity` (in the metric's unit; unknown or zero is
    none) and perhaps `used` (a ratio; without it, value by capacity). What is over its capacity
    has the colour and the word for that.
    """
    bars = _bars(frame, metric, label)
    if bars.empty:
        return description.blank(metric)
    across = limits.across(bars["drawn"], MARKS, "Of the capacity")
    down = rows.headed(len(bars))
    every = _over(bars, metric, down)
    limited = _over(bars[bars["limit"] > 0], metric, down)
    return layered(
        limits.track(limited, across),
        limits.bar(every, across),
        limits.tick(limited, across, 1, heavy=True),
        limits.cut(_over(bars[bars["used"] > limits.MOST], metric, down), across),
        *rows.heads(every),
        height=rows.HEADED * len(bars) + limits.AXIS,
        description=description.worded(bars, metric, "of the capacity"),
    )


def _bars(frame: pd.DataFrame, metric: Metric, label: str) -> pd.DataFrame:
    """One row a bar: its numbers, its colour and its words."""
    if frame.empty or metric.name not in frame or numbers(frame[metric.name]).isna().all():
        return pd.DataFrame()
    bars = limits.measured(
        names(frame[label]),
        numbers(frame[metric.name]),
        numbers(frame["capacity"]),
        numbers(frame["used"]) if "used" in frame else None,
    )
    over = bars["used"].round(DIGITS) > 1
    bars = bars.assign(
        status=[OVER if is_over else "" for is_over in over],
        colour=[STANDING[OVER] if is_over else ACCENT for is_over in over],
        more="",
    )
    return limits.worded(bars, metric, "no capacity")


def _over(bars: pd.DataFrame, metric: Metric, down: Any) -> Any:
    """A chart of these rows before its mark."""
    return alt.Chart(bars).encode(down, tooltip=limits.tooltip(metric.label, "Capacity"))
