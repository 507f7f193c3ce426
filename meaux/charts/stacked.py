"""Stacked: horizontal bars of parts, one for each label."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import altair as alt
import pandas as pd

from meaux.charts import choice, description, legend, parts, rows
from meaux.charts.cells import beside, heading, keys, perhaps, portion, read
from meaux.charts.layered import layered, tooltip
from meaux.charts.lines import wide
from meaux.query.metrics import MISSING, Metric

SHARE = "Share\N{NO-BREAK SPACE}"
MARKS = [0, 0.25, 0.5, 0.75, 1]
"""The per cents on the axis of an allocation."""
AXIS = 32
"""The height of that axis below the bars and of the legend's distance from them."""


def stacked(
    frame: pd.DataFrame,
    metric: Metric,
    *,
    label: str,
    series: str,
    colours: Mapping[str, str] | None = None,
) -> alt.LayerChart:
    """Draw a bar for each label in the order of the frame, a segment for each value of `series`.

    Columns: `label`, `series` (without their total), the metric's name and perhaps `key` (a unique
    key of labels with the same name) and `share` (the label's share of a larger total; without it,
    its share of the values shown). Negative values are to the left of zero; the total is at the end
    of the bar. If there are more than eight series, the smallest become "Other".
    """
    cells = _cells(frame, metric, label, series)
    if cells["value"].isna().all():
        return description.blank(metric)
    order = parts.ordered(cells["series"], colours)
    segments = parts.stacked(parts.summed(cells, "row", order), "row")
    segments = segments.assign(words=metric.exactly(segments["value"]))
    bars = _bars(cells, segments, metric)
    shares = [MISSING if pd.isna(part) else portion(part) for part in bars["share"]]
    texts = _texts(bars, segments, order, metric).assign(share=shares)
    ends = segments["stop"].min(), segments["stop"].max()
    across = partial(rows.across, *ends, bars["end"])
    return layered(
        *_drawn(segments, bars, texts, parts.coloured(order, colours), across, "value"),
        rows.zero(bars),
        height=rows.HEIGHT * len(bars) + legend.height(order),
        description=description.stacked(bars, segments, metric),
    )


def allocation(  # noqa: PLR0913
    frame: pd.DataFrame,
    metric: Metric,
    *,
    label: str,
    series: str,
    colour: str | None = None,
    colours: Mapping[str, str] | None = None,
) -> alt.LayerChart:
    """Draw stacked bars of equal length, each divided into per cent of its own total.

    Per cents are of a label's values above zero; other values have no segment, but are in the total
    at the end of the bar and in its words. `colour` names the column with the colour of each
    series; the largest series then comes first.
    """
    cells = _cells(frame, metric, label, series)
    if cells["value"].isna().all():
        return description.blank(metric)
    colours = {**_own(frame, metric, series, colour), **(colours or {})}
    order = parts.ordered(cells["series"], colours)
    segments = _divided(parts.summed(cells, "row", order), metric)
    bars = _bars(cells, segments, metric).assign(whole=1)
    texts, inside = _texts(bars, segments, order, metric), segments.dropna(subset="part")
    axis = alt.Axis(values=MARKS, format=".0%", grid=True, orient="bottom")
    across = partial(rows.across, 0, 1, bars["end"], axis=axis)
    return layered(
        *_drawn(inside, bars, texts, parts.coloured(order, colours), across, "whole"),
        height=rows.HEIGHT * len(bars) + legend.height(order) + AXIS,
        description=description.stacked(bars, segments, metric, "split by part"),
    )


def _own(frame: pd.DataFrame, metric: Metric, series: str, colour: str | None) -> dict[str, str]:
    """Return the colour of each series, from the frame, the largest series first."""
    if colour is None:
        return {}
    found = frame.groupby(series).agg({metric.name: "sum", colour: "first"})
    own = found.sort_values(metric.name, ascending=False)[colour]
    return {str(name): str(cell) for name, cell in own.items()}


def _cells(frame: pd.DataFrame, metric: Metric, label: str, series: str) -> pd.DataFrame:
    """Return the frame as row (a number per label or `key`), label, series, value and share."""
    cells = read(frame, metric, label=label, series=series)
    if cells.empty:
        return cells
    return cells.assign(
        row=pd.factorize(keys(frame, label))[0],
        series=parts.folded(cells["series"], cells["value"]),
        share=perhaps(frame, "share"),
    )


def _divided(sums: pd.DataFrame, metric: Metric) -> pd.DataFrame:
    """Return the sums with their share of the bar, its start and stop, and their words.

    The share is a ratio, missing if a sum isn't above zero.
    """
    above = sums["value"].where(sums["value"] > 0)
    part = above / above.groupby(sums["row"]).transform("sum")
    stop = part.groupby(sums["row"]).cumsum()
    shares = ["" if pd.isna(ratio) else portion(ratio) for ratio in part]
    exact = metric.exactly(sums["value"])
    words = [beside(*both) for both in zip(exact, shares, strict=True)]
    return sums.assign(part=part, start=stop - part, stop=stop, words=words)


def _bars(cells: pd.DataFrame, segments: pd.DataFrame, metric: Metric) -> pd.DataFrame:
    """Return one row per bar: label, share, total, `end` (words) and `value` (their position)."""
    bars = cells.groupby("row")[["label", "share"]].first()
    by_row = segments.groupby("row")
    bars["total"] = by_row["value"].sum()
    right, left = by_row["stop"].max(), by_row["stop"].min()
    bars["value"] = right.where(right > 0, left)
    if bars["share"].isna().all() and bars["total"].sum() > 0:
        bars["share"] = bars["total"].where(bars["total"] >= 0) / bars["total"].sum()
    bars["end"] = metric.alike(bars["total"])
    return bars.fillna({"value": 0}).reset_index()


def _texts(
    bars: pd.DataFrame, segments: pd.DataFrame, order: list[str], metric: Metric
) -> pd.DataFrame:
    """Return the words of the tooltip for each bar: its name, its series and its total."""
    texts = wide(pd.concat([segments, bars[["row"]]]), "row", order)
    totals = metric.exactly(bars["total"])
    return texts.assign(label=bars["label"], total=totals)


def _drawn(  # noqa: PLR0913, PLR0917  a bar has that many parts
    segments: pd.DataFrame,
    bars: pd.DataFrame,
    texts: pd.DataFrame,
    colours: dict[str, str],
    across: Callable[..., Any],
    end: str,
) -> list[Any]:
    """Draw the segments with their selectable legend, and the words at the bar's end."""
    lines = {f"line{n}": heading(name) for n, name in enumerate(colours)}
    share = {"share": SHARE} if "share" in texts else {}
    said = tooltip("label", **lines, total=parts.TOTAL, **share)
    above, down = legend.on_top(colours, "square", legend.NEAR, rows.NAME), rows.down(bars["label"])
    drawn = (
        alt.Chart(segments[["row", "series", "start", "stop"]].merge(texts, on="row"))
        .mark_bar(height=rows.BAND)
        .encode(
            across("start"),
            alt.X2("stop:Q"),
            down,
            legend.colour(list(colours), colours, above),
            opacity=choice.faint(0.1),
            fillOpacity=choice.faint_fill(0.35),
            tooltip=said,
        )
        .add_params(choice.picked(), choice.marked())
    )
    ends = alt.Chart(bars[["row", end, "end"]].merge(texts, on="row"))
    return [drawn, rows.at_end(ends.encode(across(end), down, tooltip=said), end)]
