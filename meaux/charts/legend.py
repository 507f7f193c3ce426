"""Legends: the keys above a chart."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any

import altair as alt
import pandas as pd

from meaux.charts import axis
from meaux.query.metrics import Metric

LETTER = 7
SYMBOL = 30
LONGEST_ENTRY = 28
OFFSET = 22
"""The room for the title of the vertical axis, between chart and legend."""

NEAR = 8
"""The room between chart and legend without a title."""

LINE = 17
NARROW = 200
"""The width of a chart on a phone, without its names."""
BESIDE = 160
"""The room for the title beside a gradient."""
LONGEST_GRADIENT = 240
AXIS = "60"
"""The room for the labels of a vertical axis, in pixels."""
FITTING = "max(1, floor((containerSize()[0] + 0 * width - ({})) / {}))"
"""The number of columns that fit beside some room into a chart's card, if each has some pixels.

`width` is the chart's without its axes. Vega learns it only once the legend has its columns, and
after a resize would leave a legend no room for another line. Here it only has the columns counted
anew.
"""
_FITTING = re.compile(r'\{"expr": "max\(1, floor\(\(containerSize[^"]*\) / (\d+)\)\)"\}')


def on_top(
    names: Collection[str], symbol: str | None, offset: int = OFFSET, room: str = AXIS
) -> alt.Legend:
    """Make a legend above the chart, in as many columns as fit; None keeps each name's shape.

    `room` are the pixels to its left, as an expression.
    """
    return alt.Legend(
        orient="top",
        columns={"expr": FITTING.format(room, _entry(names))},
        title=None,
        symbolType=symbol or alt.Undefined,
        labelLimit=LETTER * LONGEST_ENTRY,
        offset=offset,
    )


def fixed(specification: str, width: float) -> str:
    """Return a specification as JSON whose legends have the columns that fit into a width.

    What draws a chart only once doesn't know its width when it makes the legend.
    """
    return _FITTING.sub(lambda found: str(max(1, int(width // int(found[1])))), specification)


def gradient(numbers: pd.Series, metric: Metric, beside: int = BESIDE, **how: Any) -> alt.Legend:
    """Make a legend of a gradient from low to high above the chart, beside its title."""
    return alt.Legend(
        orient="top",
        titleOrient="left",
        gradientLength={"expr": f"min({LONGEST_GRADIENT}, width - {beside})"},
        gradientThickness=10,
        labelExpr=axis.label(numbers, metric),
        tickCount=3,
        **{"offset": LINE // 2, "titleLimit": beside, **how},
    )


def sizes(numbers: pd.Series, metric: Metric, colour: str) -> alt.Legend:
    """Make a legend of a few sizes above the chart, below their title."""
    return alt.Legend(
        orient="top",
        symbolType="circle",
        symbolFillColor=colour,
        symbolStrokeWidth=0,
        titleLimit={"expr": "width"},
        labelExpr=axis.label(numbers, metric),
        tickCount=3,
    )


def _entry(names: Collection[str]) -> int:
    """Return the width of an entry in pixels."""
    return SYMBOL + LETTER * min(max(map(len, names)), LONGEST_ENTRY)


def height(names: Collection[str]) -> int:
    """Return the maximum height of the legend, which its chart has to add."""
    lines = -(-len(names) // max(1, NARROW // _entry(names)))
    return LINE * (lines + 1)


def colour(names: list[str], colours: dict[str, str], legend: alt.Legend | None) -> Any:
    """Encode each series in its colour."""
    return alt.Color(
        "series:N",
        scale=alt.Scale(domain=names, range=[colours[name] for name in names]),
        legend=legend,
    )
