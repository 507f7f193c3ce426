"""Trend: lines over local days, with the running day, the comparison period and marked days."""

from __future__ import annotations

from collections.abc import Mapping

import altair as alt
import pandas as pd

from meaux.charts import axis, description
from meaux.charts.colours import ACCENT, MUTED, assigned
from meaux.charts.lines import (
    PREVIOUS,
    Lines,
    aside,
    by_day,
    daily,
    earlier,
    hovered,
    in_order,
    marked,
    so_far,
)
from meaux.query.metrics import Metric


def trend(  # noqa: PLR0913
    frame: pd.DataFrame,
    metric: Metric,
    *,
    series: str | None = None,
    colours: Mapping[str, str] | None = None,
    grain: str = "day",
    ghost: pd.DataFrame | None = None,
    marks: pd.DataFrame | None = None,
) -> alt.LayerChart:
    """Draw the metric over days, a line for each value of the column `series`.

    Columns: `day` (datetime64, a local day; the first of its week or month), the metric's name and
    perhaps `partial` and `ongoing` (bool: partial because it is still running). `ghost`: day,
    value, actual_day (text), the comparison period moved onto these days. `marks`: day, value,
    text.
    """
    rows = daily(frame, metric, series)
    if rows["value"].isna().all():
        return description.blank(metric)
    before, noted = aside(ghost, "actual_day").assign(series=PREVIOUS), aside(marks, "text")
    plot = _plot(rows, before, metric, colours, grain)
    texts = by_day(_said(rows, before, metric), plot.names, grain, noted)
    return plot.drawn(
        plot.dotted(before),
        plot.lines(rows),
        plot.running(rows),
        plot.points(rows),
        hovered(texts, plot.names, plot.x, dated=True),
        marked(noted, plot.x, plot.y),
        description=description.trend(rows, before, noted, metric, grain),
    )


def _said(rows: pd.DataFrame, before: pd.DataFrame, metric: Metric) -> pd.DataFrame:
    """Write every value: day, series, words."""
    both = [rows.assign(words=so_far(rows, metric)), earlier(before, metric)]
    return pd.concat([part[["day", "series", "words"]] for part in both if len(part)])


def _plot(
    rows: pd.DataFrame,
    before: pd.DataFrame,
    metric: Metric,
    colours: Mapping[str, str] | None,
    grain: str,
) -> Lines:
    names = in_order(list(rows["series"].unique()), colours)
    given = assigned(names, colours) if len(names) > 1 or colours else {names[0]: ACCENT}
    drawn = pd.concat([part[["day", "value"]] for part in (rows, before) if len(part)])
    return Lines(
        axis.across(drawn["day"], grain),
        axis.up(drawn["value"], metric, above=axis.HEADROOM),
        [*names, *([PREVIOUS] if len(before) else [])],
        {**given, PREVIOUS: MUTED},
        behind=PREVIOUS,
    )
