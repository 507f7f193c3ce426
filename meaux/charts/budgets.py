"""Budgets: what is spent of each budget, and how it stands."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from meaux.charts import description, rows
from meaux.charts.axis import PADDING
from meaux.charts.cells import name, names, numbers
from meaux.charts.colours import MUTED, STANDING
from meaux.metrics import MISSING, Metric

STEPS = [1, 0.8, 0.5]
"""The parts of a budget that are marked, the most important first."""
LEAST = 1.2
MOST = 3.0
"""The part of a budget at which its bar is cut off, with an arrow, for the others to be legible."""
UNKNOWN = "Unknown"


def budgets(frame: pd.DataFrame, metric: Metric) -> alt.LayerChart:
    """A bar for each budget, in per cent of it, over a track that ends at the whole budget.

    Columns: name, actual, budget, used (a ratio), projected (at the end of the month, may be
    missing) and status ("Over", "At risk", "Watch", "On track" or "Unknown").
    """
    bars = _bars(frame, metric)
    if bars.empty:
        return description.blank(metric)
    longest = max(LEAST, bars["drawn"].max(), bars["ahead"].max())
    limits = rows.domain(bars["drawn"].min(), longest)
    across = _across(limits)
    base = alt.Chart(bars).encode(rows.headed(), tooltip=_tooltip())
    placed = base.transform_filter("isValid(datum.drawn)")
    flat = {"yOffset": rows.BAR, "height": rows.THICK}
    track = alt.Chart(bars[bars["budget"] > 0]).encode(rows.headed(), tooltip=_tooltip())
    return alt.layer(
    )
