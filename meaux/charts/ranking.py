"""Ranking: one horizontal bar for each row, in the order of the frame."""

from __future__ import annotations

import json
import math
from typing import Any

import altair as alt
import pandas as pd

from meaux.charts import description
from meaux.charts.axis import PADDING
from meaux.charts.cells import name, numbers
from meaux.charts.colours import ACCENT, MUTED, safe
from meaux.metrics import Metric

ROW = 30
LETTER = 7
GAP = 12
WIDEST_NAME = 150


def ranking(
    frame: pd.DataFrame,
    metric: Metric,
    *,
    label: str,
    colour: str | None = None,
    shares: bool = False,
) -> alt.LayerChart:
    """The rows as bars from a zero baseline, each with its value at its end.

    Columns: `label`, the metric's name and, where `colour` names it, the bar's own colour. With
    `shares` the part of the total is added: the column `share` (a ratio) where there is one,
    otherwise the part of the rows shown.
    """
    bars = _bars(frame, metric, label, colour, shares=shares)
    if bars.empty:
        return description.blank(metric)
    base = alt.Chart(bars).encode(
        _across(bars), _down(bars), tooltip=_tooltip(metric, shares=shares)
    )
    picked = alt.selection_point(name="picked", fields=["label"])
    drawn = base.mark_bar(cornerRadiusEnd=3, stroke=MUTED, strokeWidth=0.5).encode(
        color=alt.Color("colour:N").scale(None).legend(None),
        opacity=alt.when(picked).then(alt.value(1)).otherwise(alt.value(0.35)),
    )
    zero = alt.Chart(bars.head(1)).mark_rule(color=MUTED).encode(x=alt.datum(0))
    return alt.layer(drawn.add_params(picked), _values(base), zero).properties(
        height=ROW * len(bars), padding=PADDING, description=description.ranking(bars, metric)
    )


def _bars(
    frame: pd.DataFrame, metric: Metric, label: str, colour: str | None, *, shares: bool
) -> pd.DataFrame:
    if frame.empty or metric.name not in frame or numbers(frame[metric.name]).isna().all():
        return pd.DataFrame()
    values = numbers(frame[metric.name])
    portions = _portions(frame, values) if shares else [""] * len(frame)
    own = frame[colour] if colour in frame else [None] * len(frame)
    return pd.DataFrame(
        {
            "row": range(len(frame)),
            "label": [name(cell) for cell in frame[label]],
            "value": values.fillna(0).to_list(),
            "colour": [safe(cell, ACCENT) for cell in own],
            "exact": [metric.exact(value) for value in values],
            "portion": portions,
            "end": [
                metric.short(value) + (f" \N{MIDDLE DOT} {portion}" if portion else "")
                for value, portion in zip(values, portions, strict=True)
            ],
        }
    )


def _portions(frame: pd.DataFrame, values: pd.Series) -> list[str]:
    whole = values.sum()
    parts = (
        numbers(frame["share"]) if "share" in frame else values / (whole if whole > 0 else math.nan)
    )
    return ["" if pd.isna(part) or part < 0 else f"{part:.1%}" for part in parts]


def _across(bars: pd.DataFrame) -> Any:
    """The value axis: a zero, and room for the numbers at the bars' ends."""
    lowest, highest = min(0.0, bars["value"].min()), max(0.0, bars["value"].max())
    room = GAP + LETTER * int(bars["end"].str.len().max())
    ends = [room if lowest < 0 else 0, {"expr": f"width - {room if highest > 0 else 0}"}]
    domain = [lowest, highest] if lowest < highest else [0, 1]
    scale = alt.Scale(domain=domain, range=ends, nice=False, zero=True)
    return alt.X("value:Q").scale(scale).axis(None)


def _down(bars: pd.DataFrame) -> Any:
    """The rows by number, under their names: two rows may have the same name."""
    axis = alt.Axis(
        labelExpr=f"{json.dumps(bars['label'].to_list())}[datum.value]",
        labelLimit=WIDEST_NAME,
        labelOverlap=False,
        labelPadding=8,
        labelFontSize=12,
    )
    return alt.Y("row:O").sort(None).axis(axis).title(None)


def _values(base: alt.Chart) -> Any:
    """The numbers at the bars' ends, to the left of a negative one."""
    return base.mark_text(
        align={"expr": "datum.value < 0 ? 'right' : 'left'"},
        dx={"expr": "datum.value < 0 ? -5 : 5"},
        color="currentColor",
        fontSize=12,
    ).encode(text="end:N")


def _tooltip(metric: Metric, *, shares: bool) -> list[alt.Tooltip]:
    parts = [alt.Tooltip("portion:N", title="Share")] if shares else []
    return [
        alt.Tooltip("label:N", title="title"),
        alt.Tooltip("exact:N", title=metric.label),
        *parts,
    ]
