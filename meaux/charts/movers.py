"""Movers: what rose and what fell, as bars to both sides of zero."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from meaux.charts import description, legend, rows
from meaux.charts.cells import name, names, numbers
from meaux.charts.colours import ACCENT, BETTER, MUTED, WORSE
from meaux.charts.layered import layered
from meaux.query.metrics import Metric, relative

LEGEND = 8


def movers(frame: pd.DataFrame, metric: Metric, *, label: str) -> alt.LayerChart:
    """The change of each row as a bar: up to the right of zero, down to the left.

    Columns: `label`, the metric's name (the change itself), perhaps `share_change` (a ratio to
    the earlier value) and `word` ("new", "gone": where there is no ratio). A change for the
    better is green and one for the worse red, as the metric's `good` says: costs that rise are
    red. Sign, side and the legend above say it too.
    """
    bars = _bars(frame, metric, label)
    if bars.empty:
        return description.blank(metric)
    sides = _sides(metric)
    across = alt.X("value:Q", scale=_scale(bars), axis=None)
    base = alt.Chart(bars).encode(rows.headed(len(bars)), tooltip=_tooltip())
    drawn = (
        base.mark_bar(height=rows.THICK, yOffset=rows.BAR, cornerRadiusEnd=3)
        .encode(
            across,
            legend.colour(list(sides), sides, legend.on_top(sides, "square", LEGEND)),
            opacity=legend.faint(0.2),
        )
        .add_params(legend.picked())
    )
    zero = base.mark_tick(
        orient="vertical", height=rows.THICK + 8, yOffset=rows.BAR, thickness=1.5, color=MUTED
    ).encode(x=alt.XDatum(0))
    return layered(
        drawn,
        zero,
        *rows.heads(base),
        height=rows.HEADED * len(bars) + legend.height(sides),
        description=description.worded(bars, metric, "changes"),
    )


def _bars(frame: pd.DataFrame, metric: Metric, label: str) -> pd.DataFrame:
    """One row a bar: row, label, value, series (its side), and its words."""
    if frame.empty or metric.name not in frame or numbers(frame[metric.name]).isna().all():
        return pd.DataFrame()
    values = numbers(frame[metric.name])
    up, down = _sides(metric)
    changes = [signed(value, metric) for value in values]
    besides = _besides(frame)
    short = [signed(value, metric, short=True) for value in values]
    return pd.DataFrame(
        {
            "row": range(len(frame)),
            "label": names(frame[label]).to_list(),
            "value": values.fillna(0).to_list(),
            "series": [down if value < 0 else up for value in values],
            "exact": changes,
            "beside": besides,
            "said": [f"{a} ({b})" if b else a for a, b in zip(changes, besides, strict=True)],
            "long": [_both(a, b) for a, b in zip(changes, besides, strict=True)],
            "brief": [_both(a, b) for a, b in zip(short, besides, strict=True)],
        }
    )


def _both(change: str, beside: str) -> str:
    return f"{change} \N{MIDDLE DOT} {beside}" if beside else change


def signed(value: float, metric: Metric, *, short: bool = False) -> str:
    """The value with its sign in front, also where it is positive."""
    words = metric.short(value) if short else metric.exact(value)
    return f"+{words}" if value > 0 else words


def _besides(frame: pd.DataFrame) -> list[str]:
    """The relative change in words; where there is none, what the column `word` says."""
    nothing = [None] * len(frame)
    ratios = numbers(frame["share_change"]) if "share_change" in frame else nothing
    spoken = frame.get("word", nothing)
    return [
        relative(ratio) if pd.notna(ratio) else name(word) if pd.notna(word) else ""
        for ratio, word in zip(ratios, spoken, strict=True)
    ]


def _sides(metric: Metric) -> dict[str, str]:
    """What up and what down is called here, each in its colour."""
    up, down = ("Costs more", "Costs less") if metric.unit == "money" else ("More", "Less")
    if metric.good == "neither":
        return {up: ACCENT, down: MUTED}
    return {up: BETTER, down: WORSE} if metric.good == "up" else {up: WORSE, down: BETTER}


def _scale(bars: pd.DataFrame) -> Any:
    limits = rows.domain(bars["value"].min(), bars["value"].max())
    return alt.Scale(domain=limits, nice=False, zero=True)


def _tooltip() -> list[alt.Tooltip]:
    return [
        alt.Tooltip("label:N", title="title"),
        alt.Tooltip("exact:N", title="Change"),
        alt.Tooltip("beside:N", title="Relative"),
    ]
