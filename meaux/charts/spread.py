"""Spread: the parts of each whole, and how far they are from an even share."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from meaux.charts import axis, description, rows
from meaux.charts.cells import dotted, numbered, numbers, read
from meaux.charts.colours import ACCENT, MUTED
from meaux.charts.layered import layered, tooltip
from meaux.query.metrics import Metric

AXIS = 40
"""The height of the axis below the dots."""
SIZE = 110
"""The area of a dot."""
SEEN_THROUGH = 0.85
"""The opacity of a dot, so that overlapping dots are visible."""


def spread(frame: pd.DataFrame, metric: Metric, *, label: str, part: str) -> alt.LayerChart:
    """Draw a dot for each part on the line of its whole, and a mark at the even share.

    Columns: `label` (the wholes, in the order of the frame), `part` (the name of a part), the
    metric's name and `even` (in the metric's unit, one for each whole).
    """
    given = read(frame, metric, label=label, part=part)
    if given["value"].isna().all():
        return description.blank(metric)
    dots = _dots(given.assign(even=numbers(frame["even"])), metric)
    wholes = _wholes(dots, metric)
    down = rows.headed(len(wholes))
    base, heads = alt.Chart(dots).encode(down), alt.Chart(wholes).encode(down)
    across = _across(dots, metric)
    line = heads.mark_rule(color=MUTED, yOffset=rows.BAR).encode(across("low"), alt.X2("high:Q"))
    even = rows.tick(heads, color="currentColor", thickness=2).encode(across("even"))
    said = tooltip("part", exact=metric.label, evenly="Even share", label="Of")
    drawn = base.mark_circle(size=SIZE, color=ACCENT, opacity=SEEN_THROUGH, yOffset=rows.BAR)
    return layered(
        line,
        even,
        drawn.encode(across("value"), tooltip=said),
        *rows.heads(heads),
        height=rows.HEADED * len(wholes) + AXIS,
        description=description.in_order(
            wholes["label"], wholes["said"], metric, "and the even share"
        ),
    )


def _dots(given: pd.DataFrame, metric: Metric) -> pd.DataFrame:
    """Return one row per dot: row (its whole's number), label, part, value, even, its words."""
    known = numbered(given.dropna(subset="value"))
    return known.assign(
        row=pd.factorize(known["label"])[0],
        exact=metric.exactly(known["value"]),
        evenly=metric.exactly(known["even"]),
    )


def _wholes(dots: pd.DataFrame, metric: Metric) -> pd.DataFrame:
    """Return one row per whole: its ends, its even share, its heading and its description."""
    found = []
    for row, parts in dots.groupby("row"):
        top = parts.iloc[parts["value"].argmax()]
        highest, even = metric.alike([top["value"], top["even"]])
        said = [f"{p} {e}" for p, e in zip(parts["part"], parts["exact"], strict=True)]
        found.append(
            {
                "row": row,
                "label": top["label"],
                "low": parts["value"].min(),
                "high": top["value"],
                "even": top["even"],
                "long": dotted(f"{top['part']} {highest}", f"even {even}"),
                "brief": dotted(f"highest {highest}", f"even {even}"),
                "said": f"({description.listed(said)}; even {top['evenly']})",
            }
        )
    return pd.DataFrame(found)


def _across(dots: pd.DataFrame, metric: Metric) -> Any:
    """Return a function that makes the axis of a column, from zero on."""
    ends = pd.concat([dots["value"], dots["even"]])
    scale = alt.Scale(domain=rows.domain(ends.min(), ends.max()), nice=True, zero=True)
    ticks = alt.Axis(labelExpr=axis.label(ends, metric), tickCount=5, grid=False)

    def x(column: str) -> Any:
        title = f"{axis.title(ends, metric)}; line = even share"
        return alt.X(f"{column}:Q", scale=scale, axis=ticks, title=title)

    return x
