"""Ranking: a horizontal bar per row, in the order of the frame."""

from __future__ import annotations

import math
from collections.abc import Mapping

import altair as alt
import pandas as pd

from meaux.charts import choice, description, rows
from meaux.charts.cells import beside, dotted, numbered, perhaps, portion, read, words
from meaux.charts.colours import ACCENT, MUTED, safe
from meaux.charts.layered import layered, tooltip
from meaux.query.metrics import Metric


def ranking(  # noqa: PLR0913
    frame: pd.DataFrame,
    metric: Metric,
    *,
    label: str,
    colour: str | None = None,
    colours: Mapping[str, str] | None = None,
    shares: bool = False,
    rate: Metric | None = None,
    each: int = rows.HEIGHT,
) -> alt.LayerChart:
    """Draw the rows as bars from a zero baseline, each with its value at its end.

    Columns: `label`, the metric's name and, if `colour` names it, the bar's own colour; a label's
    colour in `colours` overrides it. With `shares`, each bar has its share of the total: the column
    `share` (a ratio) if there is one, otherwise the share of the rows shown. With `rate`, each bar
    has that metric of its row instead. A row is `each` pixels high.
    """
    given = read(frame, metric, label=label)
    if given["value"].isna().all():
        return description.blank(metric)
    portions = [""] * len(given)
    if rate:
        portions = [rate.exact(value) for value in perhaps(frame, rate.name)]
    elif shares:
        portions = _portions(frame, given["value"])
    own = zip(given["label"], words(frame, colour), strict=True)
    bars = numbered(given).assign(
        value=given["value"].fillna(0).array,
        colour=[safe((colours or {}).get(name, cell), ACCENT) for name, cell in own],
        exact=metric.exactly(given["value"]),
        portion=portions,
        end=[dotted(*both) for both in zip(metric.alike(given["value"]), portions, strict=True)],
    )
    across = rows.across(bars["value"].min(), bars["value"].max(), bars["end"])
    share = {"portion": rate.label if rate else "Share"} if rate or shares else {}
    base = alt.Chart(bars).encode(
        across, rows.down(bars["label"]), tooltip=tooltip("label", exact=metric.label, **share)
    )
    said = [beside(*both) for both in zip(bars["exact"], portions, strict=True)]
    return layered(
        _bars(base),
        rows.at_end(base),
        rows.zero(bars),
        height=each * len(bars),
        description=description.in_order(bars["label"], said, metric),
    )


def _bars(base: alt.Chart) -> alt.Chart:
    picked = alt.selection_point(name="picked", fields=["label"])
    bar = base.mark_bar(height=rows.BAND, cornerRadiusEnd=3, stroke=MUTED, strokeWidth=0.5)
    return bar.encode(
        color=alt.Color("colour:N", scale=None, legend=None),
        opacity=choice.opacity(picked, 1, 0.35),
    ).add_params(picked)


def _portions(frame: pd.DataFrame, values: pd.Series) -> list[str]:
    whole = values.sum()
    shown = values / (whole if whole > 0 else math.nan)
    parts = perhaps(frame, "share") if "share" in frame else shown
    return ["" if pd.isna(part) or part < 0 else portion(part) for part in parts]
