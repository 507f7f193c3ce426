"""Budgets: what is spent of each budget, and how it stands."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from meaux.charts import description, limits, rows
from meaux.charts.cells import name, names, numbers
from meaux.charts.colours import STANDING
from meaux.charts.layered import layered
from meaux.data.plan import RISING, Thresholds
from meaux.query.metrics import MISSING, Metric

UNKNOWN = "Unknown"
TITLE = "Of the budget; \N{WHITE DIAMOND} is the projection for the end of its period"


def budgets(frame: pd.DataFrame, metric: Metric, thresholds: Thresholds) -> alt.LayerChart:
    """A bar for each budget, in per cent of it, over a track that ends at the whole budget.

    Lines stand where a budget is to be watched, at risk and over; the last one is heavier.

    Columns: name, actual, budget, used (a ratio), projected (at the end of its period, may be
    missing), perhaps projected_by (what the projection is made by), and status ("Over", "At
    risk", "Watch", "On track" or "Unknown").
    """
    bars = _bars(frame, metric, thresholds)
    if bars.empty:
        return description.blank(metric)
    over, steps = thresholds.over, sorted({getattr(thresholds, name) for name in RISING})
    across = limits.across(pd.concat([bars["drawn"], bars["ahead"]]), steps, TITLE)
    down = rows.headed(len(bars))
    limited = _over(bars[bars["limit"] > 0], down)
    layers = [
        limits.track(limited, across),
        limits.bar(_over(bars, down), across),
        *(limits.tick(limited, across, step, heavy=step == over) for step in steps),
        _way(_over(bars.dropna(subset="ahead"), down), across),
        _diamond(_over(bars[bars["projected"] <= limits.MOST * bars["limit"]], down), across),
        limits.cut(_over(bars[bars["used"] > limits.MOST], down), across),
        *rows.heads(_over(bars, down)),
    ]
    return layered(
        *layers,
        height=rows.HEADED * len(bars) + limits.AXIS,
        description=description.worded(bars, metric, "budgets"),
    )


def _bars(frame: pd.DataFrame, metric: Metric, thresholds: Thresholds) -> pd.DataFrame:
    """One row a budget: its numbers, the places of its bar and of its projection, its words."""
    if frame.empty or "actual" not in frame:
        return pd.DataFrame()
    bars = limits.measured(
        names(frame["name"]),
        numbers(frame["actual"]),
        numbers(frame["budget"]),
        numbers(frame["used"]) if "used" in frame else None,
    )
    projected = numbers(frame["projected"]).array if "projected" in frame else float("nan")
    bars = bars.assign(
        projected=projected,
        status=[UNKNOWN if pd.isna(word) else name(word) for word in frame["status"]],
    )
    by = frame["projected_by"] if "projected_by" in frame else [None] * len(frame)
    forecast = [
        MISSING if pd.isna(value) else metric.exact(value) + _by(word)
        for value, word in zip(bars["projected"], by, strict=True)
    ]
    bars = bars.assign(
        ahead=(bars["projected"] / bars["limit"]).clip(upper=limits.MOST),
        colour=[STANDING.get(word, STANDING[UNKNOWN]) for word in bars["status"]],
        forecast=forecast,
        more=["" if words == MISSING else f"projected {words}" for words in forecast],
    )
    return limits.worded(bars, metric, "no budget in dollars", thresholds.steps)


def _over(bars: pd.DataFrame, down: Any) -> Any:
    """A chart of these budgets before its mark."""
    return alt.Chart(bars).encode(
        down,
        tooltip=[
            *limits.tooltip("Actual", "Budget"),
            alt.Tooltip("forecast:N", title="Projected end"),
            alt.Tooltip("status:N", title="Status"),
        ],
    )


def _way(ahead: Any, across: Any) -> Any:
    """Dashes from the bar's end to the projection, or to the edge if that is farther."""
    way = ahead.mark_rule(strokeDash=[3, 3], strokeWidth=1.5, yOffset=rows.BAR)
    return way.encode(across("drawn"), alt.X2("ahead:Q"), limits.colour())


def _diamond(ahead: Any, across: Any) -> Any:
    """A diamond at the projection."""
    place = ahead.mark_point(shape="diamond", size=70, strokeWidth=1.5, yOffset=rows.BAR)
    return place.encode(across("ahead"), stroke=alt.StrokeValue("currentColor"))


def _by(word: object) -> str:
    """By what a projection was made: ` by forecast`."""
    return f" by {name(word).lower()}" if isinstance(word, str) else ""
