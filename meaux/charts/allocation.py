"""Allocation: horizontal bars of equal length, each divided into per cent of its own total."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import altair as alt
import pandas as pd

from meaux.charts import description, legend, parts, rows
from meaux.charts.layered import layered
from meaux.query.metrics import Metric

if TYPE_CHECKING:
    from collections.abc import Mapping

MARKS = [0, 0.25, 0.5, 0.75, 1]
"""The per cents on the axis."""
AXIS = 32
"""The height of the axis below the bars and of the legend's distance from them."""


def allocation(
    frame: pd.DataFrame,
    metric: Metric,
    *,
    label: str,
    series: str,
    colours: Mapping[str, str] | None = None,
) -> alt.LayerChart:
    """A bar for each label in the order of the frame, divided among the values of `series`.

    Columns: `label`, `series` (without their total), the metric's name and perhaps `key` (what
    keeps two labels of the same name apart). Per cents are of a label's values above zero; the
    others have no segment but are in its total, which stands at the end of the bar, and in its
    words. Of more than eight series the smallest become "Other".
    """
    cells = parts.cells(frame, metric, label, series)
    if cells["value"].isna().all():
        return description.blank(metric)
    order = parts.ordered(cells["series"], colours)
    segments = _segments(parts.summed(cells, "row", order), metric)
    bars = _bars(cells, segments, metric)
    texts = parts.texts(bars, segments, order, metric)
    tooltip = parts.tooltip(order)
    drawn = segments.dropna(subset="part")[["row", "series", "start", "stop"]]
    bar = parts.drawn(
        drawn.merge(texts, on="row"), _across(bars, "start"), bars["label"], order, colours, tooltip
    )
    ends = alt.Chart(bars[["row", "whole", "end"]].merge(texts, on="row")).encode(
        _across(bars, "whole"), rows.down(bars["label"]), tooltip=tooltip
    )
    return layered(
        bar,
        rows.at_end(ends, "whole"),
        height=rows.HEIGHT * len(bars) + legend.height(order) + AXIS,
        description=description.stacked(bars, segments, metric, "how each is divided, "),
    )


def _segments(sums: pd.DataFrame, metric: Metric) -> pd.DataFrame:
    """The sums with their part of the bar, its start and stop, and their words.

    The part is a ratio, missing where a sum is not above zero.
    """
    above = sums["value"].where(sums["value"] > 0)
    part = above / above.groupby(sums["row"]).transform("sum")
    stop = part.groupby(sums["row"]).cumsum()
    words = [_words(*both, metric) for both in zip(sums["value"], part, strict=True)]
    return sums.assign(part=part, start=stop - part, stop=stop, words=words)


def _words(value: float, part: float, metric: Metric) -> str:
    """`$2.00 (66.7%)`, without the per cents where there are none."""
    return metric.exact(value) + ("" if pd.isna(part) else f" ({part:.1%})")


def _bars(cells: pd.DataFrame, segments: pd.DataFrame, metric: Metric) -> pd.DataFrame:
    """One row a bar: label, total, the end of the whole bar and the words there (`end`)."""
    bars = cells.groupby("row")[["label"]].first()
    bars["total"] = segments.groupby("row")["value"].sum()
    return bars.assign(whole=1, end=[metric.short(total) for total in bars["total"]]).reset_index()


def _across(bars: pd.DataFrame, field: str) -> Any:
    """From nothing to the whole, in per cent."""
    axis = alt.Axis(values=MARKS, format=".0%", grid=True, orient="bottom")
    return rows.across(0, 1, bars["end"], field, axis)
