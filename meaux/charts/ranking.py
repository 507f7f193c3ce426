"""Ranking: one horizontal bar for each row, in the order of the frame."""

from __future__ import annotations

import math

import altair as alt
import pandas as pd

from meaux.charts import description, emphasis, rows
from meaux.charts.cells import name, numbers
from meaux.charts.colours import ACCENT, MUTED, safe
from meaux.charts.layered import layered
from meaux.query.metrics import Metric


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
    across = rows.across(bars["value"].min(), bars["value"].max(), bars["end"])
    base = alt.Chart(bars).encode(
        across, rows.down(bars["label"]), tooltip=_tooltip(metric, shares=shares)
    )
    picked = alt.selection_point(name="picked", fields=["label"])
    drawn = base.mark_bar(cornerRadiusEnd=3, stroke=MUTED, strokeWidth=0.5).encode(
        color=alt.Color("colour:N", scale=None, legend=None),
        opacity=emphasis.opacity(picked, 1, 0.35),
    )
    zero = alt.Chart(bars.head(1)).mark_rule(color=MUTED).encode(x=alt.XDatum(0))
    return layered(
        drawn.add_params(picked),
        rows.at_end(base),
        zero,
        height=rows.HEIGHT * len(bars),
        description=description.ranking(bars, metric),
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


def _tooltip(metric: Metric, *, shares: bool) -> list[alt.Tooltip]:
    parts = [alt.Tooltip("portion:N", title="Share")] if shares else []
    return [
        alt.Tooltip("label:N", title="title"),
        alt.Tooltip("exact:N", title=metric.label),
        *parts,
    ]
