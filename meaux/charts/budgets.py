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

STEPS = [0.5, 0.8, 1]
"""The parts of a budget that are marked."""
LEAST = 1.2
MOST = 3.0
"""The part of a budget at which its bar is cut off, with an arrow, for the others to be legible."""
LABEL = f"datum.value == 0.8 && width < {rows.NARROW} ? '' : format(datum.value, '.0%')"
AXIS = 40
"""The height of the axis below the bars."""
UNKNOWN = "Unknown"
DOT = " \N{MIDDLE DOT} "
FLAT = {"yOffset": rows.BAR, "height": rows.THICK}


def budgets(frame: pd.DataFrame, metric: Metric) -> alt.LayerChart:
    """A bar for each budget, in per cent of it, over a track that ends at the whole budget.

    Columns: name, actual, budget, used (a ratio), projected (at the end of the month, may be
    missing), perhaps projected_by (what the projection is made by), and status ("Over", "At
    risk", "Watch", "On track" or "Unknown").
    """
    bars = _bars(frame, metric)
    if bars.empty:
        return description.blank(metric)
    across = _across(bars)
    down = rows.headed(len(bars))
    limited = _over(bars[bars["budget"] > 0], down)
    layers = [
        limited.mark_bar(color=MUTED, opacity=0.25, **FLAT).encode(x=across(0), x2=alt.datum(1)),
        _over(bars, down).mark_bar(**FLAT).encode(across("drawn"), _colour()),
        *(_tick(limited, across(step), step) for step in STEPS),
        _way(_over(bars.dropna(subset="ahead"), down), across),
        _diamond(_over(bars[bars["projected"] <= MOST * bars["budget"]], down), across),
        _cut(_over(bars[bars["used"] > MOST], down), across),
        *rows.heads(_over(bars, down)),
    ]
    return alt.layer(*layers).properties(
        height=rows.HEADED * len(bars) + AXIS,
        padding=PADDING,
        description=description.worded(bars, metric, "budgets"),
    )


def _bars(frame: pd.DataFrame, metric: Metric) -> pd.DataFrame:
    """One row a budget: its numbers, the places of its bar and of its projection, its words."""
    if frame.empty or "actual" not in frame:
        return pd.DataFrame()
    actual, budget = numbers(frame["actual"]), numbers(frame["budget"])
    budget = budget.where(budget > 0)
    given = numbers(frame["used"]) if "used" in frame else actual / budget
    bars = pd.DataFrame(
        {
            "label": names(frame["name"]),
            "actual": actual,
            "budget": budget,
            "used": given.where(budget.notna()).fillna(actual / budget),
            "projected": numbers(frame["projected"]) if "projected" in frame else float("nan"),
            "by": [
                "" if pd.isna(word) else f" by {name(word).lower()}"
                for word in frame.get("projected_by", [None] * len(frame))
            ],
            "status": [UNKNOWN if pd.isna(word) else name(word) for word in frame["status"]],
        }
    )
    ahead = bars["projected"] / bars["budget"]
    places = bars.assign(
        row=range(len(bars)),
        drawn=bars["used"].clip(upper=MOST),
        ahead=ahead.clip(upper=MOST),
        colour=[STANDING.get(word, STANDING[UNKNOWN]) for word in bars["status"]],
    )
    return places.assign(**_words(bars, metric))


def _words(bars: pd.DataFrame, metric: Metric) -> dict[str, list[str]]:
    """What stands above the bars, in the tooltip and in the description."""
    return {
        "long": [_above(bar, metric) for bar in bars.itertuples()],
        "brief": [_brief(bar) for bar in bars.itertuples()],
        "said": [_said(bar, metric) for bar in bars.itertuples()],
        "spent": [metric.exact(value) for value in bars["actual"]],
        "whole": [metric.exact(value) for value in bars["budget"]],
        "part": [_used(bar) or MISSING for bar in bars.itertuples()],
        "left": [metric.exact(value) for value in bars["budget"] - bars["actual"]],
        "forecast": [_ahead(bar, metric) for bar in bars.itertuples()],
    }


def _used(bar: Any) -> str:
    """The part of the budget that is used; empty where there is none."""
    return "" if pd.isna(bar.used) else f"{bar.used:,.0%}"


def _brief(bar: Any) -> str:
    """`96% . At risk`, `no budget . Unknown`."""
    used = _used(bar) if bar.budget > 0 else "no budget"
    return DOT.join(filter(None, [used, bar.status]))


def _above(bar: Any, metric: Metric) -> str:
    """`$2,412 of $2,500 . 96% . At risk`."""
    of = f" of {metric.short(bar.budget)}" if bar.budget > 0 else ""
    return f"{metric.short(bar.actual)}{of}{DOT}{_brief(bar)}"


def _ahead(bar: Any, metric: Metric) -> str:
    """`$2,412.00 by forecast`."""
    return MISSING if pd.isna(bar.projected) else metric.exact(bar.projected) + bar.by


def _said(bar: Any, metric: Metric) -> str:
    amount = metric.exact(bar.actual)
    of = f" of {metric.exact(bar.budget)}" if bar.budget > 0 else ", no budget"
    ahead = "" if pd.isna(bar.projected) else f"projected {_ahead(bar, metric)}"
    return f"{amount}{of} ({', '.join(filter(None, [_used(bar), bar.status, ahead]))})"


def _over(bars: pd.DataFrame, down: Any) -> Any:
    """A chart of these budgets before its mark."""
    return alt.Chart(bars).encode(
        down,
        tooltip=[
            alt.Tooltip("label:N", title="title"),
            alt.Tooltip("spent:N", title="Actual"),
            alt.Tooltip("whole:N", title="Budget"),
            alt.Tooltip("part:N", title="Used"),
            alt.Tooltip("left:N", title="Remaining"),
            alt.Tooltip("forecast:N", title="Projected month end"),
            alt.Tooltip("status:N", title="Status"),
        ],
    )


def _across(bars: pd.DataFrame) -> Any:
    """What makes the axis of a column or of one place: per cent of the budget."""
    drawn = bars[["drawn", "ahead"]].max().max()
    limits = rows.domain(bars["drawn"].min(), max(LEAST, drawn if pd.notna(drawn) else 0))
    scale = alt.Scale(domain=limits, nice=False, zero=True)
    axis = alt.Axis(
        values=[0, *STEPS], labelExpr=LABEL, labelOverlap="greedy", grid=False, ticks=False
    )
    title = "Of the budget; \N{WHITE DIAMOND} is the projection for the end of the month"

    def x(place: str | float) -> Any:
        column = alt.X(f"{place}:Q") if isinstance(place, str) else alt.XDatum(place)
        return column.scale(scale).axis(axis).title(title)

    return x


def _colour() -> Any:
    return alt.Color("colour:N").scale(None).legend(None)


def _tick(limited: Any, x: Any, step: float) -> Any:
    """A line across the bars at a part of the budget, the whole one heavier."""
    return limited.mark_tick(
        orient="vertical",
        color="currentColor",
        opacity=0.9 if step == 1 else 0.45,
        thickness=2 if step == 1 else 1,
        height=rows.THICK + (6 if step == 1 else 0),
        yOffset=rows.BAR,
    ).encode(x=x)


def _way(ahead: Any, across: Any) -> Any:
    """Dashes from the bar's end to the projection, or to the edge if that is farther."""
    way = ahead.mark_rule(strokeDash=[3, 3], strokeWidth=1.5, yOffset=rows.BAR)
    return way.encode(across("drawn"), alt.X2("ahead:Q"), _colour())


def _diamond(ahead: Any, across: Any) -> Any:
    """A diamond at the projection."""
    place = ahead.mark_point(shape="diamond", size=70, strokeWidth=1.5, yOffset=rows.BAR)
    return place.encode(across("ahead"), stroke=alt.value("currentColor"))


def _cut(cut: Any, across: Any) -> Any:
    """An arrow at the end of a bar that is longer than drawn."""
    return cut.mark_text(
        text="\N{BLACK RIGHT-POINTING TRIANGLE}", align="right", yOffset=rows.BAR, fontSize=11
    ).encode(across("drawn"), color=alt.value("#ffffff"))
