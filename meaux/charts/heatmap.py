"""Heatmap: a cell for each row and column, coloured by value."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from typing import Any

import altair as alt
import pandas as pd

from meaux.charts import axis, choice, description, legend
from meaux.charts.cells import name, read
from meaux.charts.colours import MUTED, SEQUENTIAL
from meaux.charts.grid import Grid, written
from meaux.charts.layered import layered
from meaux.charts.lines import PART
from meaux.charts.rows import down
from meaux.query.metrics import Metric

HEIGHT = 28
AROUND = 64
"""The height of the legend above the cells and of the axis below them."""
GAP = 0.1
"""The gap between two cells, as a share of a cell."""


def heatmap(  # noqa: PLR0913
    frame: pd.DataFrame,
    metric: Metric,
    *,
    column: str,
    row: str,
    columns: Sequence[str],
    rows: Sequence[str],
    partial: Collection[str] = (),
    head: Callable[[str], str] = name,
) -> alt.LayerChart:
    """Draw all these columns and rows as cells; a cell without a known value is hollow.

    Columns: `column` and `row` (labels out of `columns` and `rows`) and the metric's name. Values
    of the same cell are added up; the description lists the values outside the labels. `partial`
    are the columns to mark as partial; `head` writes a column's label for people.
    """
    given = read(frame, metric, column=column, row=row)
    if given["value"].isna().all():
        return description.blank(metric)
    labels = [name(label) for label in columns]
    placed = _grid(given, metric, [name(label) for label in rows], labels)
    heads = [(head(x), x in partial) for x in columns]
    grid = replace(placed, columns=[f"{x} ({PART})" if part else x for x, part in heads])
    cells = grid.texts()
    across = _across([[x, PART] if part else x for x, part in heads])
    base = alt.Chart(cells).encode(
        across, down(grid.rows, paddingInner=GAP), tooltip=grid.tooltip()
    )
    hollow = base.transform_filter("!isValid(datum.value)").mark_rect(
        cornerRadius=2, fill="transparent", stroke=MUTED, strokeOpacity=0.4
    )
    filled = base.transform_filter("isValid(datum.value)").mark_rect(cornerRadius=2)
    return layered(
        hollow,
        filled.encode(
            _colour(cells["value"], metric), opacity=choice.opacity(choice.celled(), 1, 0.35)
        ).add_params(choice.celled()),
        height=HEIGHT * len(grid.rows) + AROUND,
        description=grid.description(_outside(given, placed)),
    )


def _grid(given: pd.DataFrame, metric: Metric, rows: list[str], columns: list[str]) -> Grid:
    """Return a cell for every row and column; unknown without a known value."""
    sums = given.groupby(["row", "column"])["value"].sum(min_count=1)
    every = pd.MultiIndex.from_product([rows, columns], names=["row", "column"])
    numbered = pd.MultiIndex.from_product(
        [range(len(rows)), range(len(columns))], names=["row", "column"]
    )
    cells = sums.reindex(every).set_axis(numbered).reset_index()
    return Grid(cells, rows, columns, metric)


def _outside(given: pd.DataFrame, grid: Grid) -> str:
    """Describe the values without a cell."""
    placed = given["row"].isin(grid.rows) & given["column"].isin(grid.columns)
    left = given[~placed].dropna(subset="value")
    if left.empty:
        return ""
    return f"Not drawn: {grid.metric.exact(left['value'].sum())} outside these rows and columns."


def _across(labels: list[str | list[str]]) -> Any:
    """Make the axis of the columns, with as many labels as fit, in several lines if necessary."""
    axis = alt.Axis(
        labelExpr=written(labels), labelAngle=0, labelFlush=False, labelOverlap="parity"
    )
    scale = alt.Scale(domain=list(range(len(labels))), paddingInner=GAP)
    return alt.X("column:O", scale=scale, axis=axis, title=None)


def _colour(values: pd.Series, metric: Metric) -> Any:
    """Encode the colour from faint at zero, or at the lowest negative value, to strong."""
    low, high = min(0, values.min()), max(0, values.max())
    scale = alt.Scale(
        domain=[low, high] if low < high else [0, 1], range=[SEQUENTIAL[0], SEQUENTIAL[-1]]
    )
    return alt.Color(
        "value:Q",
        scale=scale,
        legend=legend.gradient(values, metric),
        title=axis.title(values, metric),
    )
