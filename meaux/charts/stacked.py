"""Stacked: horizontal bars made of parts, one for each label."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt
import pandas as pd

from meaux.charts import description, legend, parts, rows
from meaux.charts.colours import MUTED
from meaux.charts.layered import layered
from meaux.query.metrics import MISSING, Metric

if TYPE_CHECKING:
    from collections.abc import Mapping

SHARE = "Share\N{NO-BREAK SPACE}"


def stacked(
    frame: pd.DataFrame,
    metric: Metric,
    *,
    label: str,
    series: str,
    colours: Mapping[str, str] | None = None,
) -> alt.LayerChart:
    """A bar for each label in the order of the frame, a segment for each value of `series`.

    Columns: `label`, `series` (without their total), the metric's name and perhaps `key` (what
    keeps two labels of the same name apart) and `share` (a ratio, the label's part of a larger
    whole; without it, its part of what is shown). Negative values lie to the left of zero; the
    total stands at the end of the bar.
    """
    cells = parts.cells(frame, metric, label, series)
    if cells["value"].isna().all():
        return description.blank(metric)
    order = parts.ordered(cells["series"], colours)
    segments = parts.stacked(parts.summed(cells, "row", order), "row")
    segments = segments.assign(words=[metric.exact(value) for value in segments["value"]])
    bars = _bars(cells, segments, metric)
    lowest, highest = segments["stop"].min(), segments["stop"].max()
    texts = _texts(bars, segments, order, metric)
    tooltip = [*parts.tooltip(order), alt.Tooltip("share:N", title=SHARE)]
    drawn = parts.drawn(
        segments[["row", "series", "start", "stop"]].merge(texts, on="row"),
        rows.across(lowest, highest, bars["end"], "start"),
        bars["label"],
        order,
        colours,
        tooltip,
    )
    ends = alt.Chart(bars[["row", "value", "end"]].merge(texts, on="row")).encode(
        rows.across(lowest, highest, bars["end"]), rows.down(bars["label"]), tooltip=tooltip
    )
    zero = alt.Chart(bars.head(1)).mark_rule(color=MUTED).encode(x=alt.XDatum(0))
    return layered(
        drawn,
        rows.at_end(ends),
        zero,
        height=rows.HEIGHT * len(bars) + legend.height(order),
        description=description.stacked(bars, segments, metric),
    )


def _bars(cells: pd.DataFrame, segments: pd.DataFrame, metric: Metric) -> pd.DataFrame:
    """One row a bar: label, total, share, the place of its words (`value`) and these (`end`)."""
    bars = cells.groupby("row")[["label", "share"]].first()
    by_row = segments.groupby("row")
    bars["total"] = by_row["value"].sum()
    right, left = by_row["stop"].max(), by_row["stop"].min()
    bars["value"] = right.where(right > 0, left)
    if bars["share"].isna().all() and bars["total"].sum() > 0:
        bars["share"] = bars["total"].where(bars["total"] >= 0) / bars["total"].sum()
    bars["end"] = [metric.short(total) for total in bars["total"]]
    return bars.fillna({"value": 0}).reset_index()


def _texts(
    bars: pd.DataFrame, segments: pd.DataFrame, order: list[str], metric: Metric
) -> pd.DataFrame:
    """The words of the tooltip for each bar: its series, its total and its share."""
    shares = [MISSING if pd.isna(part) else f"{part:.1%}" for part in bars["share"]]
    return parts.texts(bars, segments, order, metric).assign(share=shares)
