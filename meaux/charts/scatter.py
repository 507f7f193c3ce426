"""Scatter: a point for each row, with one metric per axis."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import altair as alt
import pandas as pd

from meaux.charts import axis, choice, description, legend, parts
from meaux.charts.cells import heading, names, perhaps, read, shortened
from meaux.charts.colours import ACCENT
from meaux.charts.layered import layered, tooltip
from meaux.query.metrics import Metric
from meaux.wording import counted, sentences

SIZE = 80
SHAPES = (
    "circle",
    "square",
    "diamond",
    "triangle-up",
    "cross",
    "triangle-down",
    "triangle-right",
    "triangle-left",
)
"""The shapes of series, in addition to their colours."""
MOST_NAMED = 5
"""The maximum number of points with a name."""
LONGEST_NAME = 24
LETTER = 7
SPACE = 20
"""Pixels from the middle of a point to its name, and from the name to the next mark."""
HEIGHT = 360
LINE = 18 / 220
"""The height of a name, as a share of the plot's height on a phone."""


def scatter(  # noqa: PLR0913
    frame: pd.DataFrame,
    metric: Metric,
    *,
    across: Metric,
    label: str,
    series: str | None = None,
    colours: Mapping[str, str] | None = None,
) -> alt.LayerChart:
    """Draw a point per row, the metric upwards and `across` to the right; the highest are named.

    Columns: `label`, the names of both metrics and perhaps `series`. Rows with an unknown value
    have no point; the description counts them. Up to five names are beside their points, if the
    chart is wide enough for them to touch nothing.
    """
    given = _given(frame, metric, across, label, series)
    points = given.dropna(subset=["value", "x"])
    if points.empty:
        return description.blank(metric)
    points = _worded(points.sort_values("value", ascending=False, kind="stable"), metric, across)
    order = parts.ordered(points["series"], colours)
    above = legend.on_top(order, None) if len(order) > 1 else None
    base = alt.Chart(points).encode(
        axis.along(points["x"], across, "x"),
        axis.up(points["value"], metric),
        opacity=choice.faint(0.1) if above else alt.OpacityValue(1),
        tooltip=_tooltip(metric, across, series),
    )
    drawn = base.mark_point(size=SIZE, filled=True, opacity=1).encode(
        legend.colour(order, _colours(order, colours), above), _shape(order, colours, above)
    )
    first = drawn.add_params(choice.picked()) if above else drawn
    return layered(
        first,
        _names(base),
        choice.ring(base).add_params(choice.marked(nearest=True)),
        height=HEIGHT,
        description=_said(points, metric, across, len(given) - len(points)),
    )


def _given(
    frame: pd.DataFrame, metric: Metric, across: Metric, label: str, series: str | None
) -> pd.DataFrame:
    """Return the frame as label, value, x and series."""
    given = read(frame, metric, label=label).assign(x=perhaps(frame, across.name))
    if given.empty or series is None:
        return given.assign(series=metric.label)
    return given.assign(series=parts.folded(names(frame[series]), given["value"]))


def _worded(points: pd.DataFrame, metric: Metric, across: Metric) -> pd.DataFrame:
    """Return the points, highest first, with their words and the name beside each.

    `side` is 1 if the name is on the right and -1 if on the left. `least` is the width of a chart
    that has room for it, missing if none has.
    """
    told = points.assign(
        exact=metric.exactly(points["value"]),
        along=[across.exact(value) for value in points["x"]],
        name=[shortened(label, LONGEST_NAME) for label in points["label"]],
        place=axis.part(points["x"], across),
        level=axis.part(points["value"], metric),
    ).reset_index(drop=True)
    told["side"] = (told["place"] <= 0.5) * 2 - 1  # noqa: PLR2004  the half
    told["length"] = (SPACE + LETTER * told["name"].str.len()).where(told.index < MOST_NAMED, 0)
    least = [_least(told, row) for row in told.index[:MOST_NAMED]]
    return told.assign(least=pd.Series(least).replace(math.inf, math.nan))


def _least(points: pd.DataFrame, row: int) -> float:
    """Return the minimum width at which this point's name touches no edge, point or other name."""
    own, others = points.loc[row], points.drop(row)
    ahead = (others["place"] - own["place"]) * own["side"]
    near = ((others["level"] - own["level"]).abs() < LINE) & (ahead >= 0)
    facing = others["length"].where(others["side"] != own["side"], 0)
    rooms = (own["length"] + facing[near]) / ahead[near]
    edge = own["place"] if own["side"] < 0 else 1 - own["place"]
    return float(max([own["length"] / edge, *rooms]))


def _names(base: Any) -> Any:
    """Write the names that fit."""
    return (
        base.transform_filter("isValid(datum.least) && width >= datum.least")
        .mark_text(
            align={"expr": "datum.side < 0 ? 'right' : 'left'"},
            dx={"expr": f"datum.side * {SPACE // 2}"},
            color="currentColor",
            fontSize=12,
        )
        .encode(text=alt.Text("name:N"))
    )


def _colours(order: list[str], colours: Mapping[str, str] | None) -> dict[str, str]:
    """Assign a colour to each series; a single series has the accent."""
    alone = len(order) == 1 and not colours
    return {order[0]: ACCENT} if alone else parts.coloured(order, colours)


def _shape(order: list[str], colours: Mapping[str, str] | None, above: alt.Legend | None) -> Any:
    """Encode each series in its shape; one with a fixed colour also has a fixed shape."""
    places = list(dict.fromkeys([*(colours or {}), *order]))
    shapes = [SHAPES[places.index(name) % len(SHAPES)] for name in order]
    return alt.Shape("series:N", scale=alt.Scale(domain=order, range=shapes), legend=above)


def _tooltip(metric: Metric, across: Metric, series: str | None) -> list[alt.Tooltip]:
    title = (series or "").replace("_", " ").capitalize()
    group = {"series": heading(title)} if series else {}
    return tooltip("label", exact=metric.label, along=across.label, **group)


def _said(points: pd.DataFrame, metric: Metric, across: Metric, left_out: int) -> str:
    """Describe the number of points, the highest ones, and the rows without a point."""
    items = description.named(points["label"], points["exact"] + " at " + points["along"])
    what = f"{metric.label} vs {across.label.lower()}, {counted(len(items), 'point')}"
    return sentences(
        f"{what}, the highest first: {description.listed(items)}.",
        f"Not drawn (value unknown): {left_out}." if left_out else "",
    )
