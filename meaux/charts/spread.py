"""Spread: how far the parts of each whole lie apart, and from an even part."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from meaux.charts import axis, description, rows
from meaux.charts.cells import names, numbers
from meaux.charts.colours import ACCENT, MUTED
from meaux.charts.layered import layered
from meaux.query.metrics import Metric

AXIS = 40
"""The height of the axis below the dots."""
SIZE = 110
"""The area of a dot."""
SEEN_THROUGH = 0.85
"""How opaque a dot is, so that two in one place are seen as two."""
DOT = " \N{MIDDLE DOT} "


def spread(frame: pd.DataFrame, metric: Metric, *, label: str, part: str) -> alt.LayerChart:
    """A dot for each part on the line of its whole, beside a mark where an even part would be.

    Columns: `label` (the wholes, in the order of the frame), `part` (the name of a part), the
    metric's name and `even` (in the metric's unit, one for each whole).
    """
    dots = _dots(frame, metric, label, part)
    if dots.empty:
        return description.blank(metric)
    wholes = _wholes(dots, metric)
    down = rows.headed(len(wholes))
    base, heads = alt.Chart(dots).encode(down), alt.Chart(wholes).encode(down)
    across = _across(dots, metric)
    line = heads.mark_rule(color=MUTED, yOffset=rows.BAR).encode(across("low"), alt.X2("high:Q"))
    even = heads.mark_tick(
        orient="vertical",
        color="currentColor",
        thickness=2,
        height=rows.THICK + 8,
        yOffset=rows.BAR,
    ).encode(across("even"))
    drawn = base.mark_circle(size=SIZE, color=ACCENT, opacity=SEEN_THROUGH, yOffset=rows.BAR)
    return layered(
        line,
        even,
        drawn.encode(across("value"), tooltip=_tooltip(metric)),
        *rows.heads(heads),
        height=rows.HEADED * len(wholes) + AXIS,
        description=description.worded(wholes, metric, "the parts of each beside an even one"),
    )


def _dots(frame: pd.DataFrame, metric: Metric, label: str, part: str) -> pd.DataFrame:
    """One row a dot: row (the number of its whole), label, part, value, even, and its words."""
    if frame.empty or metric.name not in frame:
        return pd.DataFrame()
    known = frame.assign(value=numbers(frame[metric.name])).dropna(subset="value")
    labels, values, even = names(known[label]), known["value"], numbers(known["even"])
    return pd.DataFrame(
        {
            "row": pd.factorize(labels)[0],
            "label": labels.array,
            "part": names(known[part]).array,
            "value": values.array,
            "even": even.array,
            "exact": [metric.exact(value) for value in values],
            "evenly": [metric.exact(value) for value in even],
        }
    )


def _wholes(dots: pd.DataFrame, metric: Metric) -> pd.DataFrame:
    """One row a whole: its ends, its even part, and what stands above it and in the description."""
    found = []
    for row, parts in dots.groupby("row"):
        top = parts.iloc[parts["value"].argmax()]
        highest, even = metric.short(top["value"]), metric.short(top["even"])
        said = [f"{p} {e}" for p, e in zip(parts["part"], parts["exact"], strict=True)]
        found.append(
            {
                "row": row,
                "label": top["label"],
                "low": parts["value"].min(),
                "high": top["value"],
                "even": top["even"],
                "long": f"{top['part']} {highest}{DOT}even {even}",
                "brief": f"{highest}{DOT}even {even}",
                "said": f"({description.listed(said)}; even {top['evenly']})",
            }
        )
    return pd.DataFrame(found)


def _across(dots: pd.DataFrame, metric: Metric) -> Any:
    """What makes the axis of a column, from zero on."""
    ends = pd.concat([dots["value"], dots["even"]])
    scale = alt.Scale(domain=rows.domain(ends.min(), ends.max()), nice=True, zero=True)
    ticks = alt.Axis(labelExpr=axis.label(ends, metric), tickCount=5, grid=False)

    def x(column: str) -> Any:
        title = f"{metric.column}; | is an even part"
        return alt.X(f"{column}:Q", scale=scale, axis=ticks, title=title)

    return x


def _tooltip(metric: Metric) -> list[alt.Tooltip]:
    return [
        alt.Tooltip("part:N", title="title"),
        alt.Tooltip("exact:N", title=metric.label),
        alt.Tooltip("evenly:N", title="Even part"),
        alt.Tooltip("label:N", title="Of"),
    ]
