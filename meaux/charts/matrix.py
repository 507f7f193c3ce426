"""Matrix: a dot for each pair of row and column, sized by value."""

from __future__ import annotations

import json
from typing import Any

import altair as alt
import pandas as pd

from meaux.charts import axis, choice, description, legend, parts, rows
from meaux.charts.cells import dotted, keys, read, words
from meaux.charts.colours import ACCENT, MUTED
from meaux.charts.grid import Grid
from meaux.charts.layered import layered
from meaux.query import collation
from meaux.query.metrics import Metric

MOST_ROWS = 30
MOST_COLUMNS = 25
FEW_COLUMNS = 12
"""The maximum number of columns if the chart is narrow."""
NARROW = f"(width < {rows.NARROW})"
HEADS = 110
"""The maximum length of a column's name, in pixels."""
AROUND = HEADS + 95
"""The height of the names and the legend above the dots."""
LARGEST = 24
"""The diameter of the largest dot."""
HOLLOW = "\N{WHITE CIRCLE} none"
FAINTEST = 0.04
"""The smallest visible dot, as a share of the largest dot's area."""


def matrix(
    frame: pd.DataFrame, metric: Metric, *, label: str, column: str, word: str | None = None
) -> alt.LayerChart:
    """Draw a dot for each row of the frame, its area the value; hollow without one above zero.

    Columns: `label` (the rows, in the order of the frame) and `column` (the columns, by name), the
    metric's name (of a metric that adds up) and perhaps `word` (added to the tooltip, such as a
    role), `key` and `column_key` (unique keys of rows or columns with the same name). If there are
    more than 30 rows or 25 columns (12 if narrow), the smallest become "Other".
    """
    given = _given(frame.reset_index(drop=True), metric, label, column, word)
    if given.empty:
        return description.blank(metric)
    # 25 columns are illegible on a phone, and a chart can't scroll. So the data hold both versions,
    # and a filter on the chart's width chooses, also after a window was resized.
    wide, narrow = _grid(given, metric, MOST_COLUMNS), _grid(given, metric, FEW_COLUMNS)
    cells = pd.concat([_texts(wide).assign(narrow=False), _texts(narrow).assign(narrow=True)])
    base = (
        alt.Chart(cells)
        .transform_filter(f"datum.narrow === {NARROW}")
        .encode(_across(wide, narrow), rows.down(wide.rows, grid=True), tooltip=wide.tooltip())
    )
    hollow = base.transform_filter("!(datum.value > 0)").mark_point(
        size=30, stroke=MUTED, strokeWidth=1.5, fill="transparent", opacity=1
    )
    dots = base.transform_filter("datum.value > 0").mark_circle(opacity=1)
    colour = alt.Color("colour:N", scale=None, legend=None)
    return layered(
        hollow,
        dots.encode(_size(wide, narrow, metric), colour),
        choice.ring(base).add_params(choice.celled(nearest=True)),
        height=rows.HEIGHT * len(wide.rows) + AROUND,
        description=wide.description(_folded(given, wide)),
    )


def _given(
    frame: pd.DataFrame, metric: Metric, label: str, column: str, word: str | None
) -> pd.DataFrame:
    """Return the frame as row, column (their keys), their names, value and word."""
    given = read(frame, metric, row_name=label, column_name=column)
    if given.empty:
        return given
    return given.assign(
        row=keys(frame, label), column=keys(frame, column, "column_key"), word=words(frame, word)
    )


def _grid(given: pd.DataFrame, metric: Metric, most_columns: int) -> Grid:
    """Return the cells that have a row in the frame; unknown if all their values are."""
    row, row_names = _numbered(given, "row", MOST_ROWS)
    named = given.sort_values("column_name", key=collation.keys, kind="stable")
    column, column_names = _numbered(named, "column", most_columns)
    by_cell = given.assign(row=row, column=column).groupby(["row", "column"])
    cells = by_cell["value"].sum(min_count=1).to_frame()
    cells["word"] = by_cell["word"].agg(lambda words: ", ".join(filter(None, words.unique())))
    return Grid(cells.reset_index(), row_names, column_names, metric)


def _numbered(given: pd.DataFrame, by: str, most: int) -> tuple[pd.Series, list[str]]:
    """Return each row's number and all names; beyond `most`, the smallest become `Other`."""
    folded = parts.folded(given[by], given["value"], most)
    order = parts.ordered(folded, None)
    named = given[f"{by}_name"].groupby(folded).first()
    number = folded.map({key: n for n, key in enumerate(order)})
    return number, [key if key == parts.OTHER else named[key] for key in order]


def _folded(given: pd.DataFrame, grid: Grid) -> str:
    """Describe how many rows and columns are combined."""
    together = {
        "rows": given["row"].nunique() - len(grid.rows),
        "columns": given["column"].nunique() - len(grid.columns),
    }
    return " ".join(
        f"{parts.OTHER} = the {more + 1} smallest {what} combined."
        for what, more in together.items()
        if more
    )


def _texts(grid: Grid) -> pd.DataFrame:
    """Return the cells with their tooltips and the value for the size of their dots."""
    cells = grid.texts()
    titles = zip(cells["title"], cells["word"], strict=True)
    return cells.assign(
        title=[dotted(*both) for both in titles],
        drawn=cells["value"].clip(lower=FAINTEST * cells["value"].max()),
        colour=[MUTED if parts.OTHER in both else ACCENT for both in grid.names()],
    )


def _either(narrow: Any, wide: Any) -> str:
    """Return the expression for a narrow chart's value, otherwise a wide one's."""
    return f"({NARROW} ? {json.dumps(narrow)} : {json.dumps(wide)})"


def _across(wide: Grid, narrow: Grid) -> Any:
    """Make the axis of the columns, with their names."""
    axis = alt.Axis(
        orient="top",
        labelExpr=f"{_either(narrow.columns, wide.columns)}[datum.value]",
        labelAngle=-90,
        labelAlign="left",
        labelBaseline="middle",
        labelLimit=HEADS,
        labelOverlap=False,
        grid=True,
    )
    return alt.X("column:O", sort="ascending", axis=axis, title=None)


def _size(wide: Grid, narrow: Grid, metric: Metric) -> Any:
    """Encode the value as area, up to the largest dot that touches no neighbour."""
    tops = [grid.cells["value"].max() if _known(grid) else 1 for grid in (narrow, wide)]
    columns = _either(len(narrow.columns), len(wide.columns))
    scale = alt.Scale(
        domain=[0, {"expr": _either(*tops)}],
        range=[0, {"expr": f"pow(min({LARGEST}, 0.9 * width / {columns}), 2)"}],
    )
    above = legend.sizes(wide.cells["value"], metric, ACCENT)
    title = f"{axis.title(wide.cells['value'], metric)}; {HOLLOW}"
    return alt.Size("drawn:Q", scale=scale, legend=above, title=title)


def _known(grid: Grid) -> bool:
    return bool((grid.cells["value"] > 0).any())
